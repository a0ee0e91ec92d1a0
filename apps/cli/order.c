#include "order.h"

#include <stdio.h>

static bool is_event_of_holder(const tc_request *request)
{
    tc_text event = request->field[TC_F_EVENT];
    uint8_t number = event.size ? tc_word_find(TC_SEL_EVENT, event) : TC_TRADE;
    return number == TC_EXERCISE || number == TC_ASSIGNMENT;
}

bool order_given(cli *c, const tc_request *request, const tc_field *needed, size_t count)
{
    tc_buffer missing = {0};
    for (size_t i = 0; i < count; i++) {
        tc_field field = needed[i];
        if (request->field[field].size) continue;
        if (field == TC_F_SIDE && is_event_of_holder(request)) continue;
        buffer_print(&missing, "%s--%s", missing.size ? ", " : "", field_option(field));
    }
    bool complete = !missing.size;
    buffer_char(&missing, '\0');
    if (!complete) complain(c, EXIT_USAGE, "needs %s; see tradecost %s --help", missing.data, c->command->name);
    tc_buffer_free(&missing);
    return complete;
}

bool order_request(cli *c, order *o, bool broker_needed)
{
    *o = (order){.request = c->args.order};
    o->request.field[TC_F_BROKER] = c->context.defaults.field[TC_F_BROKER];
    static const tc_field needed[] = {TC_F_BROKER, TC_F_EXCHANGE, TC_F_SIDE, TC_F_QUANTITY, TC_F_PRICE};
    size_t without = broker_needed ? 0 : 1;
    if (!order_given(c, &o->request, needed + without, sizeof needed / sizeof *needed - without)) return false;
    return instruments_fill(c, &o->request, &o->instrument);
}

struct plan_list {
    const tc_book *book;
    uint16_t broker;
};

static const char *plan_at(const void *context, size_t index)
{
    const struct plan_list *list = context;
    for (size_t plan = 0; plan < tc_book_plan_count(list->book); plan++) {
        tc_plan_info info = tc_book_plan(list->book, plan);
        if (info.broker == list->broker && !index--) return info.id;
    }
    return NULL;
}

/* What may have been meant by a word that is in no list. */
static const char *likely_word(const cli *c, const tc_request *request, tc_field field)
{
    if (field == TC_F_PLAN) {
        const struct plan_list list = {c->book, tc_book_find_broker(c->book, request->field[TC_F_BROKER], NULL)};
        return nearest(request->field[field], plan_at, &list);
    }
    return field_words(field) ? nearest_word(request->field[field], field_words(field)) : NULL;
}

static void refuse_order(cli *c, const tc_request *request, const tc_error *error)
{
    /* What an option would have said is missing from the command line itself. */
    int status = error->status == TC_VALUE_NEEDED ? EXIT_USAGE : exit_status_of(error->status);
    int field = tc_field_find(tc_text_of(error->field));
    const char *like = NULL;
    if (field >= 0 && error->status == TC_UNKNOWN_WORD) like = likely_word(c, request, (tc_field)field);
    complain_error(c, status, error, like);
}

bool order_resolve(cli *c, order *o)
{
    tc_error error = {0};
    tc_context context = {.today = c->context.today};
    tc_status status = tc_resolve(&o->trade, &error, c->book, &o->request, &context);
    if (status == TC_OK) return true;
    error.status = status;
    refuse_order(c, &o->request, &error);
    return false;
}

const sheet_column order_columns[ORDER_COLUMNS] = {
    {"broker", false}, {"plan", false}, {"date", false}, {"exchange", false}, {"segment", false},
    {"instrument", false}, {"product", false}, {"side", false}, {"quantity", true},
};

tc_text decimal_text(char *room, int64_t micros)
{
    return (tc_text){room, number_write(room, micros, MICRO_DECIMALS, 0)};
}

const char *broker_id(const cli *c, const tc_trade *trade)
{
    return tc_book_broker(c->book, trade->broker).id;
}

const char *plan_id(const cli *c, const tc_trade *trade)
{
    return tc_book_plan(c->book, trade->plan).id;
}

void sheet_order(cli *c, sheet *s, const tc_trade *trade)
{
    static const tc_selector words[] = {TC_SEL_EXCHANGE, TC_SEL_SEGMENT, TC_SEL_INSTRUMENT, TC_SEL_PRODUCT,
                                        TC_SEL_SIDE};
    char date[TC_DATE_TEXT_SIZE], quantity[NUMBER_SIZE];
    tc_date_format(date, trade->date);
    sheet_string(s, broker_id(c, trade));
    sheet_string(s, plan_id(c, trade));
    sheet_string(s, date);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) sheet_string(s, tc_word(words[i], trade->sel[words[i]]));
    sheet_text(s, decimal_text(quantity, trade->quantity.micros));
}

const char *product_word(uint8_t product)
{
    return product == TC_MIXED ? "mixed" : tc_word(TC_SEL_PRODUCT, product);
}

void refusal_text(tc_buffer *to, tc_status status, const char *message)
{
    buffer_print(to, "%s%s%s", tc_status_code(status), *message ? ": " : "", message);
}

/* JSON. */

void request_json(json *j, const tc_request *request)
{
    json_open(j, "request", '{');
    for (int field = 0; field < TC_FIELD_COUNT; field++)
        if (request->field[field].size) json_text(j, tc_field_name((tc_field)field), request->field[field]);
    json_close(j, '}');
}

static const char *selector_word(const cli *c, tc_selector selector, uint8_t number)
{
    switch (selector) {
    case TC_SEL_SERIES: return tc_book_series(c->book, number);
    case TC_SEL_UNDERLYING: return tc_book_underlying(c->book, number);
    default: return tc_word(selector, number);
    }
}

void resolved_json(const cli *c, json *j, const tc_trade *trade)
{
    /* What a trade is called by: kind, leg, netting and the like are the book's own affair. */
    static const tc_selector told[] = {
        TC_SEL_EXCHANGE, TC_SEL_SEGMENT, TC_SEL_INSTRUMENT, TC_SEL_CLASS, TC_SEL_PRODUCT, TC_SEL_SIDE,
        TC_SEL_EVENT, TC_SEL_OPTION_TYPE, TC_SEL_CHANNEL, TC_SEL_SERIES, TC_SEL_UNDERLYING, TC_SEL_STATE,
        TC_SEL_HOLDER, TC_SEL_DEPOSITORY};
    static const char *const levels[] = {
#define AS_WORD(name, word) word,
        TC_LEVELS(AS_WORD)
#undef AS_WORD
    };
    char text[NUMBER_SIZE], date[TC_DATE_TEXT_SIZE];
    tc_date_format(date, trade->date);
    json_open(j, "resolved", '{');
    json_string(j, "broker", broker_id(c, trade));
    json_string(j, "plan", plan_id(c, trade));
    json_string(j, "date", date);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        json_string(j, tc_selector_name(told[i]), selector_word(c, told[i], trade->sel[told[i]]));
    json_text(j, "quantity", decimal_text(text, trade->quantity.micros));
    json_text(j, "price", decimal_text(text, trade->price.micros));
    if (trade->strike.micros) json_text(j, "strike", decimal_text(text, trade->strike.micros));
    json_string(j, "level", levels[c->pricing.level]);
    json_string(j, "dp", c->pricing.without_dp ? "off" : "on");
    json_close(j, '}');
}

void amounts_json(json *j, const tc_cost *cost, number_style style)
{
    char text[NUMBER_SIZE];
    for (size_t i = 0; i < AMOUNT_COUNT; i++)
        json_text(j, amount_name(i), (tc_text){text, amount_text_of_cost(text, cost, i, style)});
}
