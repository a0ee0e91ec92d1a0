#include <math.h>
#include <stdio.h>

#include "estimate.h"

static void put_words(tc_buffer *to, uint32_t flags, unsigned count, const char *(*word)(unsigned))
{
    for (unsigned bit = 0; bit < count; bit++) {
        if (!(flags >> bit & 1)) continue;
        if (to->size) buffer_char(to, ' ');
        buffer_string(to, word(bit));
    }
}

/* Of the estimate, of its market, of its charges. */
static void all_flags(tc_buffer *to, const estimated_order *o)
{
    put_words(to, o->cost.flags, TC_EF_COUNT, tc_estimate_flag_word);
    put_words(to, o->market.flags, TC_MF_COUNT, market_flag_word);
    put_words(to, o->cost.charges.flags, TC_FLAG_COUNT, tc_flag_word);
}

/* Rupees of a real number, to the paisa: more digits would only seem to know. */
static tc_text real_rupees(char *room, double rupees)
{
    if (isnan(rupees)) return (tc_text){room, 0};
    return (tc_text){room, (size_t)snprintf(room, NUMBER_SIZE, "%.2f", rupees + 0.0)};
}

static const tc_market_field shown[] = {TC_M_BID, TC_M_ASK, TC_M_SPREAD, TC_M_TICK, TC_M_ADV, TC_M_VOLATILITY};
enum { SHOWN = sizeof shown / sizeof *shown, COLUMNS_MAX = 96 };

/* Columns are named once, by the same walk that fills them: `s` NULL names, else cells are put. */
struct walker {
    sheet *s;
    sheet_column column[COLUMNS_MAX];
    size_t count;
    char names[COLUMNS_MAX][24];
};

static bool naming(struct walker *w, const char *name, const char *suffix, bool right)
{
    if (w->s) return false;
    snprintf(w->names[w->count], sizeof *w->names, "%s%s", name, suffix);
    w->column[w->count] = (sheet_column){w->names[w->count], right};
    w->count++;
    return true;
}

static void put_text(struct walker *w, const char *name, tc_text text)
{
    if (!naming(w, name, "", false)) sheet_text(w->s, text);
}

static void put_real(struct walker *w, const char *name, const char *suffix, double value)
{
    if (!naming(w, name, suffix, true)) sheet_real(w->s, value);
}

static void put_money(struct walker *w, const char *name, wide nanos, bool known)
{
    char text[NUMBER_SIZE];
    tc_text amount = money_text(text, nanos);
    if (!naming(w, name, "", true)) sheet_plain(w->s, amount.data, known ? amount.size : 0);
}

/* A real amount and its bps. */
static void put_both(struct walker *w, const char *name, double rupees, double bps)
{
    char text[NUMBER_SIZE];
    tc_text amount = real_rupees(text, rupees);
    if (!naming(w, name, "", true)) sheet_plain(w->s, amount.data, amount.size);
    put_real(w, name, "_bps", bps);
}

static void put_order(estimate_view *v, struct walker *w, const estimated_order *o)
{
    char price[NUMBER_SIZE];
    put_text(w, "symbol", o->request.field[TC_F_SYMBOL]);
    if (w->s) sheet_order(v->c, w->s, &o->trade);
    for (size_t i = 0; i < ORDER_COLUMNS && !w->s; i++) w->column[w->count++] = order_columns[i];
    put_text(w, "price", decimal_text(price, o->trade.price.micros));
    put_text(w, "unfilled", decimal_text(price, o->cost.unfilled.micros));
}

static void put_market(struct walker *w, const estimated_order *o)
{
    char time[TC_MOMENT_TEXT_SIZE];
    for (size_t i = 0; i < SHOWN; i++)
        put_real(w, shown[i] == TC_M_SPREAD ? "relative_spread" : tc_market_name(shown[i]), "", o->market.value[shown[i]]);
    time_text(time, o->market.time);
    put_text(w, "market_time", tc_text_of(time));
    put_text(w, "market_source", tc_text_of(o->market.source));
}

static void put_costs(estimate_view *v, struct walker *w, const tc_estimated *cost)
{
    if (w->s) sheet_cost(w->s, &cost->charges, v->style);
    for (size_t i = 0; i < AMOUNT_COUNT && !w->s; i++) w->column[w->count++] = amount_column(i);
    put_real(w, "charges", "_bps", cost->charges_bps);
    for (int i = 0; i < TC_PART_TIMING; i++) {
        const tc_component *part = &cost->part[i];
        put_money(w, tc_part_name((tc_part)i), part->rupees.nanos, part->model);
        put_real(w, tc_part_name((tc_part)i), "_bps", part->bps);
    }
    put_both(w, "timing_sd", rupees_of(cost, cost->part[TC_PART_TIMING].sd), cost->part[TC_PART_TIMING].sd);
    put_money(w, "expected", cost->expected.nanos, !isnan(cost->expected_bps));
    put_real(w, "expected", "_bps", cost->expected_bps);
    put_both(w, "se", rupees_of(cost, cost->se), cost->se);
    put_both(w, "sd", rupees_of(cost, cost->sd), cost->sd);
    for (int q = 0; q < TC_QUANTILE_COUNT; q++) put_both(w, quantile_names[q], rupees_of(cost, cost->quantile[q]), cost->quantile[q]);
}

static void put_reasons(struct walker *w, const estimated_order *o)
{
    const tc_estimated *cost = &o->cost;
    put_real(w, "execution_price", "", cost->execution);
    put_real(w, "duration", "", cost->duration);
    put_real(w, "participation", "", cost->participation);
    for (int i = 0; i < TC_PART_COUNT; i++) {
        char name[24];
        snprintf(name, sizeof name, "%s_model", tc_part_name((tc_part)i));
        put_text(w, name, tc_text_of(cost->part[i].model ? cost->part[i].model->name : ""));
    }
    tc_buffer words = {0};
    if (w->s) all_flags(&words, o);
    put_text(w, "flags", (tc_text){words.data, words.size});
    tc_buffer_free(&words);
}

static void put_row_number(estimate_view *v, struct walker *w, const char *number)
{
    if (v->basket) put_text(w, "row", tc_text_of(number));
}

static void put_row(estimate_view *v, struct walker *w, const estimated_order *o)
{
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)o->row);
    put_row_number(v, w, number);
    put_order(v, w, o);
    put_market(w, o);
    put_costs(v, w, &o->cost);
    put_reasons(w, o);
    put_text(w, "error", (tc_text){0});
    if (w->s) sheet_end_row(w->s);
}

/* A row without result: what it asked for, and why there is none. */
static void put_refusal(sheet *s, const estimated_order *o)
{
    static const tc_field asked[ORDER_COLUMNS] = {TC_F_BROKER, TC_F_PLAN, TC_F_DATE, TC_F_EXCHANGE, TC_F_SEGMENT,
                                                  TC_F_INSTRUMENT, TC_F_PRODUCT, TC_F_SIDE, TC_F_QUANTITY};
    tc_buffer text = {0};
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)o->row);
    sheet_string(s, number);
    sheet_text(s, o->request.field[TC_F_SYMBOL]);
    for (size_t i = 0; i < ORDER_COLUMNS; i++) sheet_text(s, o->request.field[asked[i]]);
    while (s->next + 1 < s->columns) sheet_plain(s, "", 0);
    refusal_text(&text, o->status, o->error.message);
    sheet_text(s, (tc_text){text.data, text.size});
    sheet_end_row(s);
    tc_buffer_free(&text);
}

/* What stands before a row's costs: its number and symbol, the order, its price and what is unfilled, the market. */
enum { COLUMNS_BEFORE_COSTS = 2 + ORDER_COLUMNS + 2 + SHOWN + 2 };

/* The sums as an order of the whole basket, of which only sums are told. */
static void put_total(estimate_view *v, struct walker *w, const basket_total *total)
{
    sheet *s = w->s;
    const outlook o = basket_outlook(total);
    double charges = total->complete ? (double)total->charges.total_nanos / 1e9 : NAN;
    sheet_string(s, "total");
    while (s->next < COLUMNS_BEFORE_COSTS) sheet_plain(s, "", 0);
    sheet_cost_sum(s, &total->charges, v->style);
    put_real(w, "", "", charges / o.value * 1e4);
    for (int i = 0; i < TC_PART_TIMING; i++) {
        put_money(w, "", total->part_nanos[i], true);
        put_real(w, "", "", (double)total->part_nanos[i] / 1e9 / o.value * 1e4);
    }
    sheet_plain(s, "", 0);
    sheet_plain(s, "", 0);
    put_money(w, "", total->expected_nanos, total->complete);
    put_real(w, "", "", o.expected / o.value * 1e4);
    put_both(w, "", o.se, o.se / o.value * 1e4);
    put_both(w, "", o.sd, o.sd / o.value * 1e4);
    for (int q = 0; q < TC_QUANTILE_COUNT; q++) put_both(w, "", o.quantile[q], o.quantile[q] / o.value * 1e4);
    while (s->next < s->columns) sheet_plain(s, "", 0);
    sheet_end_row(s);
}

static void begin(estimate_view *v)
{
    static struct walker names;
    static const estimated_order nothing;
    put_row(v, &names, &nothing);
    sheet_open(&v->sheet, &v->c->out, FORMAT_CSV, names.column, names.count);
}

static void add(estimate_view *v, const estimated_order *o)
{
    struct walker cells;
    cells.s = &v->sheet;
    if (o->status) put_refusal(&v->sheet, o);
    else put_row(v, &cells, o);
}

static void end(estimate_view *v, const basket_total *total)
{
    struct walker cells;
    cells.s = &v->sheet;
    if (total) put_total(v, &cells, total);
    sheet_close(&v->sheet);
}

const estimate_way as_rows = {begin, add, end};
