#include <math.h>
#include <stdio.h>

#include "estimate.h"
#include "quote.h"

/* Tables for people: an order with the parts of its cost, or a basket with a row an order. */

static void real_cell(sheet *s, double value, const char *unknown)
{
    char text[NUMBER_SIZE];
    int size = snprintf(text, sizeof text, "%.2f", value);
    if (isnan(value)) sheet_string(s, unknown);
    else sheet_text(s, (tc_text){text, (size_t)size});
}

static void rupee_cell(sheet *s, wide nanos)
{
    char text[NUMBER_SIZE];
    sheet_text(s, (tc_text){text, number_rupees(text, nanos)});
}

static void table_line(sheet *s, const char *name, wide nanos, double bps, double se, double sd, const char *model, const char *why)
{
    sheet_string(s, name);
    rupee_cell(s, nanos);
    real_cell(s, bps, "");
    real_cell(s, se, "unknown");
    real_cell(s, sd, ""); /* a model that does not tell adds nothing */
    sheet_string(s, model);
    sheet_string(s, why);
    sheet_end_row(s);
}

static void table_charges(sheet *s, const tc_estimated *cost)
{
    double value = value_of(cost);
    for (int i = 0; i < TC_CHARGE_COUNT; i++) {
        wide nanos = cost->charges.charge[i].nanos;
        bool known = cost->charges.known >> i & 1;
        if (known && nanos) table_line(s, tc_charge_name((tc_charge)i), nanos, (double)nanos / 1e9 / value * 1e4, 0, 0, "tariff", "");
        if (known) continue;
        sheet_string(s, tc_charge_name((tc_charge)i));
        while (s->next < s->columns) sheet_string(s, s->next == 1 ? "unknown" : "");
        sheet_end_row(s);
    }
}

static void table_part(sheet *s, const char *name, const tc_component *part)
{
    if (part->model) {
        table_line(s, name, part->rupees.nanos, part->bps, part->se, part->sd, part->model->name, part->why);
        return;
    }
    sheet_string(s, name);
    while (s->next < 5) sheet_string(s, "");
    sheet_string(s, "none");
    sheet_string(s, part->why);
    sheet_end_row(s);
}

static void table_title(estimate_view *v, const estimated_order *o)
{
    tc_buffer *to = &v->c->out.text;
    const tc_trade *t = &o->trade;
    char date[TC_DATE_TEXT_SIZE], units[NUMBER_SIZE], price[NUMBER_SIZE], value[NUMBER_SIZE], time[TC_MOMENT_TEXT_SIZE];
    tc_text quantity = decimal_text(units, o->cost.quantity.micros), symbol = o->request.field[TC_F_SYMBOL];
    size_t price_size = number_write(price, t->price.micros, MICRO_DECIMALS, PAISA_DECIMALS);
    size_t value_size = number_rupees(value, (wide)t->price.micros * o->cost.quantity.micros / 1000);
    tc_date_format(date, t->date);
    time_text(time, o->market.time);
    buffer_print(to, "%s (%s), %s\n", tc_book_broker(v->c->book, t->broker).name, plan_id(v->c, t), date);
    buffer_print(to, "%s %.*s x Rs %.*s at arrival%s%.*s, %s %s, %s: Rs %.*s\n", tc_word(TC_SEL_SIDE, t->sel[TC_SEL_SIDE]),
                 (int)quantity.size, quantity.data, (int)price_size, price, symbol.size ? " of " : "", (int)symbol.size, symbol.data,
                 tc_word(TC_SEL_EXCHANGE, t->sel[TC_SEL_EXCHANGE]), tc_word(TC_SEL_INSTRUMENT, t->sel[TC_SEL_INSTRUMENT]),
                 tc_word(TC_SEL_PRODUCT, t->sel[TC_SEL_PRODUCT]), (int)value_size, value);
    buffer_print(to, "market from %s%s%s\n\n", o->market.source, *time ? ", " : "", time);
}

static void table_ending(estimate_view *v, const estimated_order *o)
{
    tc_buffer *to = &v->c->out.text;
    const tc_estimated *cost = &o->cost;
    const char *interval = interval_of(cost->se, cost->sd);
    char left[NUMBER_SIZE];
    tc_text rest = decimal_text(left, cost->unfilled.micros);
    buffer_print(to, "\nexpected execution price Rs %.4f", cost->execution);
    if (!isnan(cost->duration)) buffer_print(to, ", over %.4g trading days at %.4g %% of the volume", cost->duration, cost->participation * 100);
    buffer_char(to, '\n');
    if (interval && !isnan(cost->expected_bps))
        buffer_print(to, "in 9 of 10 cases between %.2f and %.2f bps (Rs %.2f and %.2f), by %s\n", cost->quantile[TC_QUANTILE_05],
                     cost->quantile[TC_QUANTILE_95], rupees_of(cost, cost->quantile[TC_QUANTILE_05]),
                     rupees_of(cost, cost->quantile[TC_QUANTILE_95]), interval);
    if (cost->unfilled.micros) buffer_print(to, "unfilled: %.*s\n", (int)rest.size, rest.data);
    for (unsigned bit = 0; bit < TC_EF_COUNT; bit++)
        if (cost->flags >> bit & 1) buffer_print(to, "%s: %s\n", tc_estimate_flag_word(bit), tc_estimate_flag_meaning(bit));
    for (unsigned bit = 0; bit < TC_MF_COUNT; bit++)
        if (o->market.flags >> bit & 1) buffer_print(to, "%s: %s\n", market_flag_word(bit), market_flag_meaning(bit));
    flags_meaning(to, cost->charges.flags);
}

static void order_table(estimate_view *v, const estimated_order *o)
{
    static const sheet_column columns[] = {{"cost", false}, {"rupees", true}, {"bps", true}, {"se bps", true},
                                           {"sd bps", true}, {"by", false}, {"why", false}};
    const tc_estimated *cost = &o->cost;
    sheet s;
    table_title(v, o);
    sheet_open(&s, &v->c->out, FORMAT_TABLE, columns, sizeof columns / sizeof *columns);
    table_charges(&s, cost);
    for (int i = 0; i < TC_PART_COUNT; i++) table_part(&s, tc_part_name((tc_part)i), &cost->part[i]);
    table_line(&s, "expected", cost->expected.nanos, cost->expected_bps, cost->se, cost->sd, isnan(cost->sd) ? "sd unknown" : "", isnan(cost->expected_bps) ? "unknown, as a charge is" : "");
    sheet_close(&s);
    table_ending(v, o);
}

/* A basket for people: what an order is, its costs in bps, and the rupees that it comes to. */
static const sheet_column basket_columns[] = {
    {"row", true}, {"symbol", false}, {"side", false}, {"quantity", true}, {"price", true}, {"charges", true}, {"spread", true},
    {"slippage", true}, {"impact", true}, {"delay", true}, {"expected", true}, {"se", true}, {"sd", true}, {"rupees", true}, {"error", false}};
enum { BASKET_COLUMNS = sizeof basket_columns / sizeof *basket_columns };

static void basket_row(sheet *s, const estimated_order *o)
{
    char text[NUMBER_SIZE];
    const tc_estimated *cost = &o->cost;
    tc_buffer error = {0};
    sheet_count(s, o->row);
    sheet_text(s, o->request.field[TC_F_SYMBOL]);
    sheet_text(s, o->request.field[TC_F_SIDE]);
    sheet_text(s, o->request.field[TC_F_QUANTITY]);
    sheet_text(s, o->status ? o->request.field[TC_F_PRICE] : decimal_text(text, o->trade.price.micros));
    if (!o->status) {
        real_cell(s, cost->charges_bps, "unknown");
        for (int i = 0; i < TC_PART_TIMING; i++) real_cell(s, cost->part[i].bps, "");
        real_cell(s, cost->expected_bps, "unknown");
        real_cell(s, cost->se, "unknown");
        real_cell(s, cost->sd, "unknown");
        rupee_cell(s, cost->expected.nanos);
    }
    while (s->next + 1 < BASKET_COLUMNS) sheet_string(s, "");
    refusal_text(&error, o->status, o->error.message);
    sheet_text(s, (tc_text){error.data, o->status ? error.size : 0});
    sheet_end_row(s);
    tc_buffer_free(&error);
}

static void basket_table_total(sheet *s, const basket_total *total)
{
    const outlook o = basket_outlook(total);
    double bps = 1e4 / o.value;
    sheet_string(s, "total");
    while (s->next < 5) sheet_string(s, "");
    real_cell(s, total->complete ? (double)total->charges.total_nanos / 1e9 * bps : NAN, "unknown");
    for (int i = 0; i < TC_PART_TIMING; i++) real_cell(s, (double)total->part_nanos[i] / 1e9 * bps, "");
    real_cell(s, o.expected * bps, "unknown");
    real_cell(s, o.se * bps, "unknown");
    real_cell(s, o.sd * bps, "unknown");
    rupee_cell(s, total->expected_nanos);
    sheet_string(s, "");
    sheet_end_row(s);
}

static void begin_nothing(estimate_view *v)
{
    (void)v;
}

static void end_nothing(estimate_view *v, const basket_total *total)
{
    (void)v, (void)total;
}

const estimate_way as_table = {begin_nothing, order_table, end_nothing};

static void begin_basket(estimate_view *v)
{
    sheet_open(&v->sheet, &v->c->out, FORMAT_TABLE, basket_columns, BASKET_COLUMNS);
}

static void add_to_basket(estimate_view *v, const estimated_order *o)
{
    basket_row(&v->sheet, o);
}

static void end_basket(estimate_view *v, const basket_total *total)
{
    basket_table_total(&v->sheet, total);
    sheet_close(&v->sheet);
}

const estimate_way as_basket_table = {begin_basket, add_to_basket, end_basket};
