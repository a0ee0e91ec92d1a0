#include "bookview.h"

void fixed_fees_text(tc_buffer *to, const tc_book *book, size_t plan)
{
    char amount[NUMBER_SIZE];
    for (size_t i = 0; i < tc_book_plan(book, plan).fixed_count; i++) {
        tc_fixed_fee fee = tc_book_fixed_fee(book, plan, i);
        size_t size = number_write(amount, fee.amount.nanos, NANO_DECIMALS, 0);
        buffer_print(to, "%s%s %.*s/%s%s", i ? "; " : "", fee.name, (int)size, amount, fee.every,
                     fee.plus_gst ? "+gst" : "");
    }
}

void rule_in_words(tc_buffer *to, const tc_rule_info *rule)
{
    static const char *const renderings[][2] = {{"note", "how a bill rounds it"}, {"api", "how an api rounds it"}};
    for (size_t i = 0; i < sizeof renderings / sizeof *renderings; i++)
        if (!strcmp(rule->kind, renderings[i][0])) {
            buffer_string(to, renderings[i][1]);
            return;
        }
    if (strcmp(rule->kind, "amount") || !*rule->formula) {
        buffer_print(to, "%s%s%s", rule->kind, *rule->reason ? ": " : "", rule->reason);
        return;
    }
    /* A fill is what everything is charged on unless it is said; `each` says it already. */
    bool says_level = !strcmp(rule->per, "fill") || strstr(rule->formula, " each ");
    buffer_print(to, "%s%s%s", rule->formula, says_level ? "" : ", per ", says_level ? "" : rule->per);
}

bool request_date(cli *c, tc_date *date)
{
    tc_text text = c->args.order.field[TC_F_DATE];
    *date = c->context.today;
    return !text.size || option_date(c, "--date", text, date);
}

bool request_broker(cli *c, uint16_t *broker)
{
    tc_text name = c->args.order.field[TC_F_BROKER];
    const char *like = NULL;
    *broker = TC_NONE;
    if (!name.size) return true;
    *broker = tc_book_find_broker(c->book, name, &like);
    if (*broker != TC_NONE) return true;
    complain(c, EXIT_USAGE, "--broker: unknown broker \"%.*s\"; did you mean %s?", (int)name.size, name.data, like);
    return false;
}

bool in_force(tc_date from, tc_date until, tc_date date)
{
    return from.day <= date.day && date.day < until.day;
}

void sheet_date(sheet *s, tc_date date)
{
    char text[TC_DATE_TEXT_SIZE];
    tc_date_format(text, date);
    bool open_end = date.day >= TC_DATE_MAX || date.day <= TC_DATE_MIN;
    sheet_plain(s, text, open_end ? 0 : sizeof text - 1);
}

/* Coverage: what a plan answers to one plain order of each kind. */
static const struct sample {
    const char *exchange, *instrument, *class, *product, *side;
} samples[] = {
    {"NSE", "share", "", "delivery", "buy"},          {"NSE", "share", "", "delivery", "sell"},
    {"NSE", "share", "", "intraday", "sell"},         {"BSE", "share", "", "delivery", "buy"},
    {"NFO", "future", "index", "carryforward", "sell"}, {"NFO", "option", "index", "carryforward", "sell"},
    {"CDS", "future", "currency", "carryforward", "sell"}, {"CDS", "option", "currency", "carryforward", "sell"},
    {"MCX", "future", "commodity-nonagri", "carryforward", "sell"},
};

static bool ask(const cli *c, const struct sample *sample, uint16_t plan, tc_date date, tc_trade *trade, tc_cost *cost)
{
    char day[TC_DATE_TEXT_SIZE];
    const struct {
        tc_field field;
        const char *text;
    } said[] = {{TC_F_DATE, day}, {TC_F_BROKER, "custom"}, {TC_F_STATE, "KA"}, {TC_F_EXCHANGE, sample->exchange},
                {TC_F_INSTRUMENT, sample->instrument}, {TC_F_CLASS, sample->class}, {TC_F_PRODUCT, sample->product},
                {TC_F_SIDE, sample->side}, {TC_F_QUANTITY, "100"}, {TC_F_PRICE, "100"}};
    tc_request request = {0};
    const tc_options options = {.level = TC_EXACT};
    tc_date_format(day, date);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) request.field[said[i].field] = tc_text_of(said[i].text);
    if (tc_resolve(trade, NULL, c->book, &request, &(tc_context){0}) != TC_OK) return false;
    trade->plan = plan;
    trade->broker = tc_book_plan(c->book, plan).broker;
    return tc_quote(cost, NULL, c->book, trade, &options) == TC_OK;
}

static void add_word(tc_buffer *words, const char *word)
{
    tc_text last = {words->data, words->size};
    size_t size = strlen(word);
    bool again = last.size >= size && !memcmp(last.data + last.size - size, word, size);
    if (!again) buffer_print(words, "%s%s", words->size ? " " : "", word);
}

/* The segments a plan has a tariff for, and the charges that it then leaves unknown. */
static void coverage(const cli *c, uint16_t plan, tc_date date, tc_buffer *segments, tc_buffer *unknown)
{
    uint32_t named = 0;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        tc_trade trade;
        tc_cost cost;
        if (!ask(c, &samples[i], plan, date, &trade, &cost)) continue;
        add_word(segments, tc_word(TC_SEL_SEGMENT, trade.sel[TC_SEL_SEGMENT]));
        for (int charge = 0; charge < TC_CHARGE_COUNT; charge++) {
            if ((cost.known | named) >> charge & 1) continue;
            named |= 1u << charge;
            add_word(unknown, tc_charge_name((tc_charge)charge));
        }
    }
}

static const sheet_column columns[] = {
    {"broker", false}, {"name", false}, {"plan", false}, {"default", false}, {"open", false},
    {"from", false}, {"until", false}, {"coverage", false}, {"unknown", false}, {"fixed_fee", false},
    {"aliases", false},
};

static void put_plan(cli *c, sheet *s, uint16_t number, tc_date date)
{
    tc_buffer fees = {0}, segments = {0}, unknown = {0};
    tc_plan_info plan = tc_book_plan(c->book, number);
    tc_broker_info broker = tc_book_broker(c->book, plan.broker);
    coverage(c, number, date, &segments, &unknown);
    fixed_fees_text(&fees, c->book, number);
    sheet_string(s, broker.id);
    sheet_string(s, broker.name);
    sheet_string(s, plan.id);
    sheet_string(s, in_force(plan.default_from, plan.default_until, date) ? "yes" : "no");
    sheet_string(s, plan.open && in_force(plan.from, plan.until, date) ? "yes" : "no");
    sheet_date(s, plan.from);
    sheet_date(s, plan.until);
    sheet_text(s, (tc_text){segments.data, segments.size});
    sheet_text(s, (tc_text){unknown.data, unknown.size});
    sheet_text(s, (tc_text){fees.data, fees.size});
    sheet_string(s, broker.aliases);
    sheet_end_row(s);
    tc_buffer_free(&fees);
    tc_buffer_free(&segments);
    tc_buffer_free(&unknown);
}

void run_brokers(cli *c)
{
    tc_date date;
    uint16_t broker;
    sheet s;
    if (!request_date(c, &date) || !request_broker(c, &broker)) return;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    for (size_t plan = 0; plan < tc_book_plan_count(c->book); plan++)
        if (broker == TC_NONE || tc_book_plan(c->book, plan).broker == broker) put_plan(c, &s, (uint16_t)plan, date);
    sheet_close(&s);
}
