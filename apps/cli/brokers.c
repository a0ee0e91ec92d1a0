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

static const sheet_column columns[] = {
    {"broker", false}, {"name", false}, {"plan", false}, {"default", false}, {"open", false},
    {"from", false}, {"until", false}, {"aliases", false}, {"fixed_fee", false}, {"unknown", false},
    {"rules", true},
};

/* Coverage: the rules that a plan sees on a day, and the charges that some of them leave unknown. */
static size_t coverage(cli *c, tc_buffer *unknown, uint16_t plan, tc_date date)
{
    uint32_t named = 0;
    size_t rules = 0;
    for (size_t i = 0; i < tc_book_rule_count(c->book); i++) {
        tc_rule_info rule = tc_book_rule(c->book, i);
        if (rule.charge < 0 || !in_force(rule.from, rule.until, date) || !tc_book_rule_in_plan(c->book, i, plan)) continue;
        rules++;
        if (strcmp(rule.kind, "unknown") || named >> rule.charge & 1) continue;
        named |= 1u << rule.charge;
        buffer_print(unknown, "%s%s", unknown->size ? " " : "", tc_charge_name((tc_charge)rule.charge));
    }
    return rules;
}

static void put_plan(cli *c, sheet *s, uint16_t number, tc_date date)
{
    tc_buffer text = {0};
    tc_plan_info plan = tc_book_plan(c->book, number);
    tc_broker_info broker = tc_book_broker(c->book, plan.broker);
    sheet_string(s, broker.id);
    sheet_string(s, broker.name);
    sheet_string(s, plan.id);
    sheet_string(s, in_force(plan.default_from, plan.default_until, date) ? "yes" : "no");
    sheet_string(s, plan.open && in_force(plan.from, plan.until, date) ? "yes" : "no");
    sheet_date(s, plan.from);
    sheet_date(s, plan.until);
    sheet_string(s, broker.aliases);
    fixed_fees_text(&text, c->book, number);
    sheet_text(s, (tc_text){text.data, text.size});
    text.size = 0;
    size_t rules = coverage(c, &text, number, date);
    sheet_text(s, (tc_text){text.data, text.size});
    sheet_count(s, rules);
    sheet_end_row(s);
    tc_buffer_free(&text);
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
