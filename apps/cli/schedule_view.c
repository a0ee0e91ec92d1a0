#include "schedule.h"

#include <math.h>
#include <stdio.h>

/* Remarks on a schedule. */

enum { SLICES_ENOUGH = 50 };

size_t remarks_of(remark_of *to, const scheduling *s, const worked *w)
{
    size_t count = 0;
    bool by_rule = !strategy_is_transient(s->strategy) && (!s->given[SET_GAMMA] || !s->given[SET_ETA]);
    if (by_rule) to[count++] = (remark_of){"uncalibrated", "gamma or eta is a rule of thumb (Almgren and Chriss 2000, section 4) that nobody has fitted here"};
    if (s->task.slices < SLICES_ENOUGH) to[count++] = (remark_of){"few-slices", "sd is Almgren and Chriss's sum over few slices and falls short: sd_even does not"};
    if (w->unfilled > 0) to[count++] = (remark_of){"unfilled", "part of the order is not done in that time, and is neither in cost nor in risk"};
    if (s->strategy == STRATEGY_EXACT && s->step > s->terms.lot) to[count++] = (remark_of){"coarse", "slices are whole steps, not lots, as asked"};
    if (isinf(w->lambda)) to[count++] = (remark_of){"at-once", "the least value at risk is that of all at once"};
    if (!s->priced) to[count++] = (remark_of){"no-charges", "no broker: explicit charges are unknown"};
    return count;
}

static void put_flags(tc_buffer *to, const scheduling *s, const worked *w, uint32_t flags)
{
    remark_of remarks[REMARKS_MAX];
    size_t count = remarks_of(remarks, s, w);
    for (size_t i = 0; i < count; i++) buffer_print(to, "%s%s", to->size ? " " : "", remarks[i].word);
    if (flags && to->size) buffer_char(to, ' ');
    flags_text(to, flags);
}

sums sums_of(const scheduling *s, const worked *w, double lambda)
{
    sums sum = {.expected = w->cost.expected, .sd = sqrt(w->cost.variance), .sd_even = sqrt(w->cost.variance_even),
                .var = tc_schedule_var(w->cost.expected, w->cost.variance, TC_VAR_95), .charges = NAN};
    if (w->charged) sum.charges = (double)w->charges.total.nanos / TC_NANOS_PER_RUPEE;
    sum.total = sum.expected + sum.charges;
    double value = s->market.price * (s->task.quantity - w->unfilled);
    sum.cost_bps = sum.expected / value * 1e4;
    sum.total_bps = sum.total / value * 1e4;
    sum.objective = sum.expected + (isfinite(lambda) ? lambda * w->cost.variance : NAN) + (s->priced ? sum.charges : 0);
    return sum;
}

/* Rows. For people two decimals do. */

enum { ANY_SIZE = -1 }; /* for decimals: six digits, wherever they begin */

static void put_number(sheet *s, double value, int decimals)
{
    char text[NUMBER_SIZE];
    if (s->format != FORMAT_TABLE || isnan(value)) sheet_real(s, value);
    else if (decimals == ANY_SIZE) sheet_plain(s, text, (size_t)snprintf(text, sizeof text, "%.6g", value));
    else sheet_plain(s, text, (size_t)snprintf(text, sizeof text, "%.*f", decimals, value));
}

const sheet_column slice_columns[] = {{"slice", true},    {"start", true}, {"end", true},           {"quantity", true}, {"holding", true},
                                             {"price", true}, {"limit", true}, {"expected_cost", true}, {"orders", true}};
_Static_assert(sizeof slice_columns / sizeof *slice_columns == SLICE_COLUMNS, "a name each");

double limit_of(const scheduling *s, const tc_slice *slice)
{
    if (slice->quantity == 0 || s->terms.tick == 0) return NAN;
    return tc_slice_price(&s->terms, slice->price, (s->market.side > 0) == (slice->quantity > 0));
}

static void put_slice(const scheduling *s, const worked *w, sheet *to, size_t j)
{
    const tc_slice *slice = &w->slices[j];
    sheet_count(to, j + 1);
    put_number(to, slice->start, 6);
    put_number(to, slice->end, 6);
    put_number(to, slice->quantity, 0);
    put_number(to, slice->holding + w->unfilled, 0);
    put_number(to, slice->price, 4);
    put_number(to, limit_of(s, slice), 2);
    put_number(to, slice->expected_cost, 2);
    if (w->charged) sheet_count(to, w->orders[j]);
    else sheet_string(to, "");
}

/* Every amount of every slice. */
static void slice_rows(const scheduling *s, const worked *w)
{
    enum { COLUMNS = SLICE_COLUMNS + AMOUNT_COUNT + 1 };
    sheet_column columns[COLUMNS];
    sheet to;
    tc_buffer flags = {0};
    number_style style = number_style_of(TC_EXACT);
    memcpy(columns, slice_columns, sizeof slice_columns);
    for (size_t i = 0; i < AMOUNT_COUNT; i++) columns[SLICE_COLUMNS + i] = amount_column(i);
    columns[COLUMNS - 1] = (sheet_column){"flags", false};
    sheet_open(&to, &s->c->out, s->c->format, columns, COLUMNS);
    for (size_t j = 0; j < s->task.slices; j++) {
        flags.size = 0;
        put_slice(s, w, &to, j);
        if (w->charged) sheet_cost(&to, &w->each[j], style);
        else sheet_no_amounts(&to);
        put_flags(&flags, s, w, w->charged ? w->each[j].flags : 0);
        sheet_text(&to, (tc_text){flags.data, flags.size});
        sheet_end_row(&to);
    }
    sheet_close(&to);
    tc_buffer_free(&flags);
}

static void slice_table(const scheduling *s, const worked *w)
{
    sheet_column columns[SLICE_COLUMNS + 1];
    char text[NUMBER_SIZE];
    sheet to;
    memcpy(columns, slice_columns, sizeof slice_columns);
    columns[SLICE_COLUMNS] = (sheet_column){"charges", true};
    sheet_open(&to, &s->c->out, FORMAT_TABLE, columns, SLICE_COLUMNS + 1);
    for (size_t j = 0; j < s->task.slices; j++) {
        put_slice(s, w, &to, j);
        if (w->charged) sheet_plain(&to, text, number_write(text, (w->each[j].total.nanos + 5000000) / 10000000, 2, 2));
        else sheet_string(&to, "");
        sheet_end_row(&to);
    }
    sheet_close(&to);
}

const sheet_column sum_columns[] = {{"schedule", false}, {"orders", true},  {"expected_cost", true}, {"sd", true},      {"sd_even", true},
                                           {"var95", true},     {"charges", true}, {"total", true},         {"cost_bps", true}, {"objective", true}, {"unfilled", true}};
_Static_assert(sizeof sum_columns / sizeof *sum_columns == SUM_COLUMNS, "a name each");

static void put_sums(const scheduling *s, sheet *to, const worked *w, double lambda)
{
    sums sum = sums_of(s, w, lambda);
    sheet_string(to, w->name);
    if (w->charged) sheet_count(to, w->order_count);
    else sheet_string(to, "");
    const double values[] = {sum.expected, sum.sd, sum.sd_even, sum.var, sum.charges, sum.total, sum.cost_bps, sum.objective};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) put_number(to, values[i], 2);
    put_number(to, w->unfilled, 0);
    sheet_end_row(to);
}

static void sum_table(const scheduling *s, const worked *best, const worked *others, size_t count)
{
    sheet to;
    sheet_open(&to, &s->c->out, FORMAT_TABLE, sum_columns, SUM_COLUMNS);
    put_sums(s, &to, best, best->lambda);
    for (size_t i = 0; i < count; i++) put_sums(s, &to, &others[i], best->lambda);
    sheet_close(&to);
}

void put_title(tc_buffer *to, const scheduling *s)
{
    tc_text symbol = s->order.request.field[TC_F_SYMBOL];
    buffer_print(to, "%s %.15g%s%.*s at Rs %.15g: %s, %zu slice%s in %.6g day%s", s->market.side > 0 ? "buy" : "sell", s->task.quantity,
                 symbol.size ? " " : "", (int)symbol.size, symbol.size ? symbol.data : "", s->market.price, strategy_name(s->strategy),
                 s->task.slices, s->task.slices == 1 ? "" : "s", s->task.duration, s->task.duration == 1 ? "" : "s");
}

void put_weights(tc_buffer *to, const scheduling *s, const worked *w)
{
    if (!strategy_is_best(s->strategy)) return;
    buffer_print(to, "lambda %.6g a rupee%s", w->lambda, s->least_var ? " (of the least 95% value at risk)" : "");
    if (!isnan(w->kappa)) buffer_print(to, ", kappa %.6g a day", w->kappa);
    buffer_char(to, '\n');
}

static void show_table(const scheduling *s, const worked *best, const worked *others, size_t count)
{
    tc_buffer *to = &s->c->out.text;
    remark_of remarks[REMARKS_MAX];
    size_t remark_count = remarks_of(remarks, s, best);
    put_title(to, s);
    buffer_char(to, '\n');
    put_weights(to, s, best);
    buffer_char(to, '\n');
    slice_table(s, best);
    buffer_char(to, '\n');
    sum_table(s, best, others, count);
    buffer_print(to, "\nsd, var95: N = %zu slices done at once; sd_even: each done evenly over its time\n", s->task.slices);
    for (size_t i = 0; i < remark_count; i++) buffer_print(to, "%s: %s\n", remarks[i].word, remarks[i].meaning);
    for (unsigned bit = 0; bit < TC_FLAG_COUNT && best->charged; bit++)
        if (best->charges.flags >> bit & 1) buffer_print(to, "%s: %s\n", tc_flag_word(bit), tc_flag_meaning(bit));
}

/* JSON. */

static void settings_json(json *j, const scheduling *s)
{
    json_open(j, "settings", '{');
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (isnan(s->value[i])) continue;
        json_open(j, setting_name((setting)i), '{');
        json_real(j, "value", s->value[i]);
        json_string(j, "unit", setting_unit((setting)i));
        json_string(j, "from", s->given[i] ? "given" : strategy_is_transient(s->strategy) && (i == SET_GAMMA || i == SET_ETA) ? "none" : setting_rule((setting)i));
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void task_json(json *j, const scheduling *s, const worked *w)
{
    json_open(j, "task", '{');
    json_real(j, "quantity", s->task.quantity);
    json_real(j, "duration", s->task.duration);
    json_count(j, "slices", s->task.slices);
    json_real(j, "lambda", w->lambda);
    json_real(j, "kappa", w->kappa);
    json_real(j, "lot", s->terms.lot);
    json_real(j, "tick", s->terms.tick > 0 ? s->terms.tick : NAN);
    json_real(j, "freeze", s->terms.freeze > 0 ? s->terms.freeze : NAN);
    json_real(j, "step", s->strategy != STRATEGY_EXACT ? NAN : s->step > 0 ? s->step : s->terms.lot);
    json_close(j, '}');
}

static void charges_json(json *j, const tc_cost *cost, bool known)
{
    if (!known) {
        json_null(j, "charges");
        return;
    }
    json_open(j, "charges", '{');
    amounts_json(j, cost, number_style_of(TC_EXACT));
    json_close(j, '}');
}

static void slice_json(json *j, const scheduling *s, const worked *w, size_t i)
{
    const tc_slice *slice = &w->slices[i];
    json_open(j, NULL, '{');
    json_count(j, "slice", i + 1);
    json_real(j, "start", slice->start);
    json_real(j, "end", slice->end);
    json_real(j, "quantity", slice->quantity);
    json_real(j, "holding", slice->holding + w->unfilled);
    json_real(j, "price", slice->price);
    json_real(j, "limit", limit_of(s, slice));
    json_real(j, "expected_cost", slice->expected_cost);
    if (w->charged) json_count(j, "orders", w->orders[i]);
    else json_null(j, "orders");
    charges_json(j, &w->each[i], w->charged);
    json_close(j, '}');
}

static void slices_json(json *j, const scheduling *s, const worked *w)
{
    json_open(j, "slices", '[');
    for (size_t i = 0; i < s->task.slices; i++) slice_json(j, s, w, i);
    json_close(j, ']');
}

/* A slice a line. */
static void show_lines(const scheduling *s, const worked *w)
{
    json j = {.to = &s->c->out.text};
    for (size_t i = 0; i < s->task.slices; i++) slice_json(&j, s, w, i);
}

static void parts_json(json *j, const tc_schedule_cost *cost)
{
    json_open(j, "parts", '{');
    json_real(j, "spread", cost->spread);
    json_real(j, "temporary", cost->temporary);
    json_real(j, "permanent", cost->permanent);
    json_real(j, "transient", cost->transient);
    json_real(j, "drift", cost->drift);
    json_close(j, '}');
}

static void sums_json(json *j, const char *key, const scheduling *s, const worked *w, double lambda)
{
    sums sum = sums_of(s, w, lambda);
    json_open(j, key, '{');
    json_string(j, "schedule", w->name);
    if (w->charged) json_count(j, "orders", w->order_count);
    else json_null(j, "orders");
    json_real(j, "expected_cost", sum.expected);
    parts_json(j, &w->cost);
    json_real(j, "variance", w->cost.variance);
    json_real(j, "sd", sum.sd);
    json_real(j, "sd_even", sum.sd_even);
    json_real(j, "var95", sum.var);
    charges_json(j, &w->charges, w->charged);
    json_real(j, "total", sum.total);
    json_real(j, "cost_bps", sum.cost_bps);
    json_real(j, "total_bps", sum.total_bps);
    json_real(j, "objective", sum.objective);
    json_real(j, "unfilled", w->unfilled);
    json_close(j, '}');
}

static void flags_json(json *j, const scheduling *s, const worked *w)
{
    remark_of remarks[REMARKS_MAX];
    size_t count = remarks_of(remarks, s, w);
    json_open(j, "flags", '[');
    for (size_t i = 0; i < count; i++) json_string(j, NULL, remarks[i].word);
    for (unsigned bit = 0; bit < TC_FLAG_COUNT && w->charged; bit++)
        if (w->charges.flags >> bit & 1) json_string(j, NULL, tc_flag_word(bit));
    json_close(j, ']');
}

static void show_json(const scheduling *s, const worked *best, const worked *others, size_t count)
{
    json j = {.to = &s->c->out.text, .indent = true};
    json_open(&j, NULL, '{');
    json_string(&j, "strategy", strategy_name(s->strategy));
    request_json(&j, &s->order.request);
    if (s->priced) resolved_json(s->c, &j, &s->order.trade);
    task_json(&j, s, best);
    settings_json(&j, s);
    slices_json(&j, s, best);
    sums_json(&j, "summary", s, best, best->lambda);
    json_open(&j, "comparison", '[');
    for (size_t i = 0; i < count; i++) sums_json(&j, NULL, s, &others[i], best->lambda);
    json_close(&j, ']');
    flags_json(&j, s, best);
    json_open(&j, "book", '{');
    json_string(&j, "digest", tc_book_digest(s->c->book));
    json_close(&j, '}');
    json_close(&j, '}');
}

static void put_svg(const scheduling *s, tc_buffer *svg)
{
    if (svg->failed) no_memory();
    buffer_add(&s->c->out.text, svg->data, svg->size);
    buffer_char(&s->c->out.text, '\n');
    tc_buffer_free(svg);
}

void show_schedule(const scheduling *s, const worked *best, const worked *others, size_t count, const frontier *f)
{
    tc_buffer svg = {0};
    switch (s->c->format) {
    case FORMAT_TABLE: show_table(s, best, others, count); break;
    case FORMAT_JSON: show_json(s, best, others, count); break;
    case FORMAT_NDJSON: show_lines(s, best); break;
    case FORMAT_HTML: show_page(s, best, others, count, f); break;
    case FORMAT_SVG:
        draw_holdings(&svg, s, best, others, count);
        put_svg(s, &svg);
        break;
    default: slice_rows(s, best); break;
    }
}

/* The frontier. */

static void frontier_json(const scheduling *s, const frontier *f)
{
    bool lines = s->c->format == FORMAT_NDJSON;
    json j = {.to = &s->c->out.text, .indent = !lines};
    if (!lines) json_open(&j, NULL, '[');
    for (size_t i = 0; i < f->count; i++) {
        const worked *w = &f->point[i];
        sums sum = sums_of(s, w, w->lambda);
        json_open(&j, NULL, '{');
        json_real(&j, "lambda", w->lambda);
        json_real(&j, "kappa", w->kappa);
        json_real(&j, "expected_cost", sum.expected);
        json_real(&j, "sd", sum.sd);
        json_real(&j, "var95", sum.var);
        json_real(&j, "sd_even", sum.sd_even);
        json_count(&j, "slices", s->task.slices);
        json_real(&j, "charges", sum.charges);
        json_real(&j, "total", sum.total);
        json_close(&j, '}');
    }
    if (!lines) json_close(&j, ']');
}

static void frontier_rows(const scheduling *s, const frontier *f)
{
    static const sheet_column columns[] = {{"lambda", true}, {"kappa", true}, {"expected_cost", true}, {"sd", true}, {"var95", true},
                                           {"sd_even", true}, {"slices", true}, {"charges", true}, {"total", true}};
    sheet to;
    sheet_open(&to, &s->c->out, s->c->format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < f->count; i++) {
        sums sum = sums_of(s, &f->point[i], f->point[i].lambda);
        put_number(&to, f->point[i].lambda, ANY_SIZE);
        put_number(&to, f->point[i].kappa, ANY_SIZE);
        put_number(&to, sum.expected, 2);
        put_number(&to, sum.sd, 2);
        put_number(&to, sum.var, 2);
        put_number(&to, sum.sd_even, 2);
        sheet_count(&to, s->task.slices);
        put_number(&to, sum.charges, 2);
        put_number(&to, sum.total, 2);
        sheet_end_row(&to);
    }
    sheet_close(&to);
}

void show_frontier(const scheduling *s, const frontier *f)
{
    tc_buffer svg = {0};
    switch (s->c->format) {
    case FORMAT_JSON:
    case FORMAT_NDJSON: frontier_json(s, f); break;
    case FORMAT_SVG:
        draw_frontier(&svg, s, f, NULL, NULL, 0);
        put_svg(s, &svg);
        break;
    default: frontier_rows(s, f); break;
    }
}
