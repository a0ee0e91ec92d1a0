#include "quote.h"

bool bill_make(cli *c, bill *b)
{
    tc_error error = {0};
    *b = (bill){.style = number_style_of(c->pricing.level)};
    if (!order_request(c, &b->order, true) || !order_resolve(c, &b->order)) return false;
    tc_status status = tc_explain(&b->cost, b->lines, &b->count, &error, c->book, &b->order.trade, &c->pricing);
    if (status == TC_OK) return true;
    error.status = status;
    complain_error(c, exit_status_of(status), &error, NULL);
    return false;
}

const char *rounding_word(tc_rounding mode)
{
#define AS_WORD(name, word) word,
    static const char *const words[] = {TC_ROUNDINGS(AS_WORD)};
#undef AS_WORD
    return (unsigned)mode < TC_ROUNDING_COUNT ? words[mode] : "";
}

tc_text line_money(char *room, tc_money amount)
{
    return (tc_text){room, amount.nanos ? number_write(room, amount.nanos, NANO_DECIMALS, 0) : 0};
}

tc_text line_rate(char *room, tc_rate rate)
{
    return (tc_text){room, rate.picos ? number_rate(room, rate) : 0};
}

/* JSON. */

static void rounding_json(json *j, const tc_line *line)
{
    char text[NUMBER_SIZE];
    bool rounded = line->to.nanos != 0;
    json_open(j, "rounding", '{');
    json_text(j, "to", line_money(text, line->to));
    json_string(j, "mode", rounded ? rounding_word(line->mode) : "");
    json_string(j, "at", rounded ? line->at : "");
    json_close(j, '}');
}

static void source_json(json *j, const tc_rule_info *rule)
{
    json_open(j, "source", '{');
    json_string(j, "ref", rule->ref);
    json_string(j, "url", rule->url);
    json_string(j, "status", rule->status);
    json_close(j, '}');
}

static void reasons_json(json *j, const tc_rule_info *rule)
{
    char date[TC_DATE_TEXT_SIZE];
    json_string(j, "formula", rule->formula);
    json_string(j, "per", rule->per);
    tc_date_format(date, rule->from);
    json_string(j, "from", date);
    json_string(j, "note", rule->note);
    json_string(j, "reason", rule->reason);
}

static void line_json(const cli *c, json *j, const bill *b, const tc_line *line, bool reasons)
{
    char text[NUMBER_SIZE];
    bool known = b->cost.known >> line->charge & 1;
    tc_rule_info rule = tc_book_rule(c->book, line->rule);
    json_open(j, NULL, '{');
    json_string(j, "charge", tc_charge_name(line->charge));
    json_string(j, "part", line->part);
    json_string(j, "printed_as", line->printed_as);
    json_string(j, "base", line->base);
    json_text(j, "base_amount", line_money(text, line->base_amount));
    json_text(j, "rate", line_rate(text, line->rate));
    json_text(j, "flat", line_money(text, line->flat));
    json_text(j, "exact", (tc_text){text, known ? number_write(text, line->exact.nanos, NANO_DECIMALS, 0) : 0});
    json_text(j, "amount", (tc_text){text, known ? number_money(text, line->amount.nanos, b->style) : 0});
    rounding_json(j, line);
    json_string(j, "rule", rule.id);
    source_json(j, &rule);
    if (reasons) reasons_json(j, &rule);
    json_close(j, '}');
}

static void flags_json(json *j, uint32_t flags)
{
    json_open(j, "flags", '[');
    for (unsigned bit = 0; bit < TC_FLAG_COUNT; bit++)
        if (flags >> bit & 1) json_string(j, NULL, tc_flag_word(bit));
    json_close(j, ']');
}

void bill_json(cli *c, const bill *b, bool reasons)
{
    json j = {.to = &c->out.text, .indent = c->format == FORMAT_JSON};
    json_open(&j, NULL, '{');
    request_json(&j, &b->order.request);
    resolved_json(c, &j, &b->order.trade);
    json_open(&j, "charges", '{');
    amounts_json(&j, &b->cost, b->style);
    json_close(&j, '}');
    json_open(&j, "lines", '[');
    for (size_t i = 0; i < b->count; i++) line_json(c, &j, b, &b->lines[i], reasons);
    json_close(&j, ']');
    flags_json(&j, b->cost.flags);
    json_open(&j, "book", '{');
    json_string(&j, "digest", tc_book_digest(c->book));
    json_close(&j, '}');
    json_close(&j, '}');
}

/* One row. */

static void bill_row(cli *c, const bill *b)
{
    enum { COLUMNS = ORDER_COLUMNS + 1 + AMOUNT_COUNT + 1 };
    sheet_column columns[COLUMNS];
    sheet s;
    char price[NUMBER_SIZE];
    memcpy(columns, order_columns, ORDER_COLUMNS * sizeof *columns);
    columns[ORDER_COLUMNS] = (sheet_column){"price", true};
    for (size_t i = 0; i < AMOUNT_COUNT; i++) columns[ORDER_COLUMNS + 1 + i] = amount_column(i);
    columns[COLUMNS - 1] = (sheet_column){"flags", false};
    sheet_open(&s, &c->out, c->format, columns, COLUMNS);
    sheet_order(c, &s, &b->order.trade);
    sheet_text(&s, decimal_text(price, b->order.trade.price.micros));
    sheet_cost(&s, &b->cost, b->style);
    sheet_flags(&s, b->cost.flags);
    sheet_end_row(&s);
    sheet_close(&s);
}

/* The bill for people. */

static void bill_title(const cli *c, tc_buffer *to, const bill *b)
{
    const tc_trade *t = &b->order.trade;
    char date[TC_DATE_TEXT_SIZE], quantity[NUMBER_SIZE], price[NUMBER_SIZE], value[NUMBER_SIZE];
    tc_text units = decimal_text(quantity, t->quantity.micros);
    size_t value_size = number_rupees(value, (wide)t->turnover.micros * 1000);
    size_t price_size = number_write(price, t->price.micros, MICRO_DECIMALS, PAISA_DECIMALS);
    tc_text symbol = b->order.request.field[TC_F_SYMBOL];
    tc_date_format(date, t->date);
    buffer_print(to, "%s (%s), %s\n", tc_book_broker(c->book, t->broker).name, plan_id(c, t), date);
    buffer_print(to, "%s %.*s x Rs %.*s%s%.*s, %s %s, %s: Rs %.*s\n\n", tc_word(TC_SEL_SIDE, t->sel[TC_SEL_SIDE]),
                 (int)units.size, units.data, (int)price_size, price, symbol.size ? " of " : "", (int)symbol.size,
                 symbol.data, tc_word(TC_SEL_EXCHANGE, t->sel[TC_SEL_EXCHANGE]),
                 tc_word(TC_SEL_INSTRUMENT, t->sel[TC_SEL_INSTRUMENT]), tc_word(TC_SEL_PRODUCT, t->sel[TC_SEL_PRODUCT]),
                 (int)value_size, value);
}

/* How a line came about, in a few words: 0.025% of turnover. */
static void line_basis(const cli *c, tc_buffer *to, const bill *b, const tc_line *line)
{
    char text[NUMBER_SIZE];
    if (!(b->cost.known >> line->charge & 1)) {
        buffer_print(to, "unknown: %s", tc_book_rule(c->book, line->rule).reason);
    } else if (line->rate.picos) {
        buffer_print(to, "%.*s of %s", (int)number_percent(text, line->rate), text, line->base);
    } else if (line->flat.nanos) {
        tc_text flat = line_money(text, line->flat);
        buffer_print(to, "Rs %.*s flat", (int)flat.size, flat.data);
    }
}

static const char *line_label(const tc_line *line)
{
    if (*line->part) return line->part;
    return *line->printed_as ? line->printed_as : tc_charge_name(line->charge);
}

/* Digits behind the point, the point included. */
static size_t decimals_of(tc_text number)
{
    const char *point = number.size ? memchr(number.data, '.', number.size) : NULL;
    return point ? (size_t)(number.data + number.size - point) : 0;
}

struct bill_row {
    const char *label;
    char digits[NUMBER_SIZE];
    size_t size;
    tc_buffer basis;
};

/* The lines, then the two sums. */
static size_t bill_rows(const cli *c, const bill *b, struct bill_row *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < b->count; i++) {
        const tc_line *line = &b->lines[i];
        struct bill_row *row = &rows[count++];
        bool known = b->cost.known >> line->charge & 1;
        row->label = line_label(line);
        row->size = known ? number_money(row->digits, line->amount.nanos, b->style) : 0;
        line_basis(c, &row->basis, b, line);
    }
    for (size_t i = 0; i < AMOUNT_COUNT; i++) {
        if (amount_charge(i) >= 0 || !i) continue;
        struct bill_row *row = &rows[count++];
        row->label = amount_name(i);
        row->size = amount_text_of_cost(row->digits, &b->cost, i, b->style);
        if (!tc_cost_complete(&b->cost)) buffer_string(&row->basis, "unknown, as a line is");
    }
    return count;
}

/* Spaces behind the digits bring the points of a column under each other. */
static void bill_lines(cli *c, const bill *b)
{
    static const sheet_column columns[] = {{"charge", false}, {"rupees", true}, {"", false}};
    enum { ROWS_MAX = TC_LINES_MAX + 2 };
    struct bill_row rows[ROWS_MAX] = {0};
    size_t decimals = 0, count = bill_rows(c, b, rows);
    sheet s;
    for (size_t i = 0; i < count; i++) {
        size_t own = decimals_of((tc_text){rows[i].digits, rows[i].size});
        if (own > decimals) decimals = own;
    }
    sheet_open(&s, &c->out, FORMAT_TABLE, columns, 3);
    for (size_t i = 0; i < count; i++) {
        struct bill_row *row = &rows[i];
        size_t pad = decimals - decimals_of((tc_text){row->digits, row->size});
        if (row->size) memset(row->digits + row->size, ' ', pad);
        sheet_string(&s, row->label);
        sheet_text(&s, (tc_text){row->digits, row->size ? row->size + pad : 0});
        sheet_text(&s, (tc_text){row->basis.data, row->basis.size});
        sheet_end_row(&s);
        tc_buffer_free(&row->basis);
    }
    sheet_close(&s);
}

static bool receives(const tc_trade *trade)
{
    if (trade->sel[TC_SEL_EVENT] == TC_EXERCISE) return true;
    return trade->sel[TC_SEL_EVENT] != TC_ASSIGNMENT && trade->sel[TC_SEL_SIDE] == TC_SELL;
}

/* What the costs come to, in the terms traders think in. A future's turnover
 * is not paid, hence no sum to pay there. */
static void bill_terms(tc_buffer *to, const bill *b)
{
    const tc_trade *t = &b->order.trade;
    if (!tc_cost_complete(&b->cost) || !t->turnover.micros) return;
    char points[NUMBER_SIZE], price[NUMBER_SIZE], net[NUMBER_SIZE];
    wide turnover = (wide)t->turnover.micros * 1000, total = b->cost.total.nanos;
    wide after = receives(t) ? turnover - total : turnover + total;
    wide hundredths = (total * 1000000 + turnover / 2) / turnover;
    wide units = t->quantity.micros, unit = (after * 10 + units / 2) / units; /* Rs 1e-4 */
    buffer_print(to, "costs %.*s basis points of turnover", (int)number_write(points, hundredths, 2, 2), points);
    if (t->sel[TC_SEL_EVENT] == TC_TRADE)
        buffer_print(to, "; average price after charges Rs %.*s", (int)number_write(price, unit, 4, 2), price);
    buffer_char(to, '\n');
    if (t->sel[TC_SEL_INSTRUMENT] == TC_FUTURE) return;
    buffer_print(to, "you %s Rs %.*s in all\n", receives(t) ? "receive" : "pay", (int)number_rupees(net, after), net);
}

void flags_meaning(tc_buffer *to, uint32_t flags)
{
    for (unsigned bit = 0; bit < TC_FLAG_COUNT; bit++)
        if (flags >> bit & 1) buffer_print(to, "%s: %s\n", tc_flag_word(bit), tc_flag_meaning(bit));
}

void run_quote(cli *c)
{
    bill b;
    if (!bill_make(c, &b)) return;
    switch (c->format) {
    case FORMAT_TABLE:
        bill_title(c, &c->out.text, &b);
        bill_lines(c, &b);
        buffer_char(&c->out.text, '\n');
        bill_terms(&c->out.text, &b);
        flags_meaning(&c->out.text, b.cost.flags);
        break;
    case FORMAT_CSV:
        bill_row(c, &b);
        break;
    default:
        bill_json(c, &b, false);
        break;
    }
}
