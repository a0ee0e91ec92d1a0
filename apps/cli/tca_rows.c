#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tca.h"

enum { COLUMNS_MAX = 128, NAME_SIZE = 40 };

const char *benchmark_name(size_t mark)
{
#define AS_NAME(id, name, meaning) name,
    static const char *const names[] = {BENCHMARKS(AS_NAME)};
#undef AS_NAME
    return names[mark];
}

void tca_flags_text(tc_buffer *to, uint32_t flags)
{
#define AS_WORD(id, word, meaning) word,
    static const char *const words[] = {TCA_FLAGS(AS_WORD)};
#undef AS_WORD
    to->size = 0;
    for (unsigned bit = 0; bit < TCA_FLAG_COUNT; bit++)
        if (flags >> bit & 1) buffer_print(to, "%s%s", to->size ? " " : "", words[bit]);
}

void tca_missing_text(tc_buffer *to, const tca_order *o)
{
    to->size = 0;
    for (size_t m = 0; m < MARK_COUNT; m++)
        if (!tc_is_known(o->mark[m])) buffer_print(to, "%s%s", to->size ? " " : "", benchmark_name(m));
    if (o->count && o->valued && !(o->loss.known & 1u << TC_SHORTFALL_SPREAD)) buffer_print(to, "%smid", to->size ? " " : "");
}

static tc_text text_from(const tc_buffer *from)
{
    return (tc_text){from->data, from->size};
}

/* --- Where cells go: a sheet, or JSON with numbers that are numbers. --- */

struct sink {
    cli *c;
    sheet sheet;
    json json;
    const struct column *columns;
    size_t count, next;
    bool is_json;
};

/* What a row is of; keys of a group, or an order. */
struct subject {
    const tca_run *r;
    const tca_order *order;
    const tca_figures *figures;
    const tc_text *keys;
    tc_buffer *scratch;
};

typedef void cell_fn(struct sink *to, const struct subject *of, size_t index);

struct column {
    char name[NAME_SIZE];
    cell_fn *put;
    size_t index;
    bool text;
};

static const char *next_name(struct sink *to)
{
    return to->columns[to->next++].name;
}

static void put_text(struct sink *to, tc_text text)
{
    const char *name = next_name(to);
    if (!to->is_json) sheet_text(&to->sheet, text);
    else if (text.size) json_text(&to->json, name, text);
    else json_null(&to->json, name);
}

static void put_count(struct sink *to, uint64_t count)
{
    const char *name = next_name(to);
    if (to->is_json) json_count(&to->json, name, count);
    else sheet_count(&to->sheet, count);
}

static void put_real(struct sink *to, double value)
{
    enum { SHOWN = 4 };
    const char *name = next_name(to);
    char text[NUMBER_SIZE];
    if (to->is_json) {
        json_real(&to->json, name, value);
    } else if (to->sheet.format == FORMAT_TABLE && tc_is_known(value)) {
        sheet_plain(&to->sheet, text, (size_t)snprintf(text, sizeof text, "%.*f", value > 1e4 || value < -1e4 ? 2 : SHOWN, value));
    } else {
        sheet_real(&to->sheet, value);
    }
}

/* Exact, with the paise at least. */
static void put_money(struct sink *to, bool known, wide nanos)
{
    char text[NUMBER_SIZE];
    put_text(to, (tc_text){text, known ? number_write(text, nanos, NANO_DECIMALS, PAISA_DECIMALS) : 0});
}

static void put_decimal(struct sink *to, int64_t micros)
{
    char text[NUMBER_SIZE];
    put_text(to, (tc_text){text, number_write(text, micros, MICRO_DECIMALS, 0)});
}

/* --- Cells. --- */

static void put_key(struct sink *to, const struct subject *of, size_t index)
{
    put_text(to, of->keys[index]);
}

static void put_instant(struct sink *to, const struct subject *of, size_t index)
{
    char text[TC_MOMENT_TEXT_SIZE];
    const int64_t times[] = {of->order->decision_time, of->order->arrival_time, of->order->last_time};
    int64_t time = times[index];
    if (time == TC_TIME_UNKNOWN) {
        put_text(to, (tc_text){0});
        return;
    }
    int64_t day = tc_day_of_time(time);
    const tc_moment moment = {.has_date = true, .has_time = true, .date = {(int32_t)day},
                              .micros = time + TC_IST_MICROS - day * TC_DAY_MICROS};
    put_text(to, (tc_text){text, tc_moment_format(text, &moment)});
}

static void put_quantity(struct sink *to, const struct subject *of, size_t filled)
{
    int64_t sum = 0;
    for (size_t i = of->order->first; i < of->order->first + of->order->count; i++) sum += of->r->fills[i].quantity.micros;
    put_decimal(to, filled ? sum : of->order->decided.micros);
}

static void put_orders(struct sink *to, const struct subject *of, size_t index)
{
    const uint64_t counts[] = {of->figures->orders, of->figures->fills, of->figures->incomplete, of->figures->errors,
                               of->figures->outside_spread, of->figures->outside_day};
    put_count(to, counts[index]);
}

static void put_turnover(struct sink *to, const struct subject *of, size_t paper)
{
    put_money(to, true, (paper ? of->figures->paper_micros : of->figures->turnover_micros) * 1000);
}

static void put_average(struct sink *to, const struct subject *of, size_t index)
{
    (void)index;
    put_real(to, of->order->valued ? of->order->loss.average : NAN);
}

static void put_mark(struct sink *to, const struct subject *of, size_t mark)
{
    put_real(to, of->order->mark[mark]);
}

static double bps_of(double cost, double value)
{
    return value > 0 ? cost / value * 1e4 : NAN;
}

static void put_mark_bps(struct sink *to, const struct subject *of, size_t mark)
{
    put_real(to, bps_of(of->figures->mark_cost[mark], of->figures->mark_value[mark]));
}

static void put_performance(struct sink *to, const struct subject *of, size_t index)
{
    (void)index;
    put_real(to, of->figures->performance / of->figures->performance_weight);
}

static void put_part(struct sink *to, const struct subject *of, size_t part)
{
    put_money(to, of->figures->parts >> part & 1, of->figures->part_nanos[part]);
}

static wide execution_nanos(const tca_figures *f)
{
    return f->part_nanos[TC_SHORTFALL_SPREAD] + f->part_nanos[TC_SHORTFALL_IMPACT] + f->part_nanos[TC_SHORTFALL_TIMING] +
           f->part_nanos[TC_SHORTFALL_UNSPLIT];
}

static void put_execution(struct sink *to, const struct subject *of, size_t index)
{
    (void)index;
    put_money(to, of->figures->parts != 0, execution_nanos(of->figures));
}

static void put_charge(struct sink *to, const struct subject *of, size_t charge)
{
    bool known = !of->order || !(of->figures->unknown_charges >> charge & 1);
    put_money(to, known, of->figures->charge_nanos[charge]);
}

static bool complete(const struct subject *of)
{
    return !of->order || !of->figures->incomplete;
}

static void put_charges(struct sink *to, const struct subject *of, size_t index)
{
    (void)index;
    put_money(to, !of->order || !of->figures->unknown_charges, of->figures->charges_nanos);
}

static void put_total(struct sink *to, const struct subject *of, size_t index)
{
    (void)index;
    put_money(to, complete(of), of->figures->total_nanos);
}

static void put_paper_bps(struct sink *to, bool known, wide nanos, const tca_figures *f)
{
    put_real(to, known ? bps_of((double)nanos / 1e9, (double)f->paper_micros / 1e6) : NAN);
}

static void put_part_bps(struct sink *to, const struct subject *of, size_t part)
{
    put_paper_bps(to, of->figures->parts >> part & 1, of->figures->part_nanos[part], of->figures);
}

enum { SUM_EXECUTION, SUM_CHARGES, SUM_TOTAL };

static void put_sum_bps(struct sink *to, const struct subject *of, size_t which)
{
    const tca_figures *f = of->figures;
    if (which == SUM_EXECUTION) put_paper_bps(to, f->parts != 0, execution_nanos(f), f);
    else if (which == SUM_CHARGES) put_paper_bps(to, !of->order || !f->unknown_charges, f->charges_nanos, f);
    else put_paper_bps(to, complete(of), f->total_nanos, f);
}

static void put_markout(struct sink *to, const struct subject *of, size_t k)
{
    put_real(to, bps_of(of->figures->markout_cost[k], of->figures->markout_value[k]));
}

enum { MODEL_REALISED, MODEL_EXPECTED, MODEL_SD, MODEL_Z };

static void put_expected(struct sink *to, const struct subject *of, size_t which)
{
    const tca_figures *f = of->figures;
    double sd = f->variance > 0 ? sqrt(f->variance) : NAN;
    if (which == MODEL_Z) put_real(to, (f->realised - f->expected) / sd);
    else if (which == MODEL_REALISED && of->order) put_real(to, of->order->realised);
    else put_real(to, bps_of(which == MODEL_REALISED ? f->realised : which == MODEL_EXPECTED ? f->expected : sd, f->expected_value));
}

enum { WORDS_FLAGS, WORDS_MISSING, WORDS_ERROR };

static void put_words(struct sink *to, const struct subject *of, size_t which)
{
    if (which == WORDS_ERROR) {
        put_text(to, of->order->error);
        return;
    }
    if (which == WORDS_FLAGS) tca_flags_text(of->scratch, of->order->flags);
    else tca_missing_text(of->scratch, of->order);
    put_text(to, text_from(of->scratch));
}

/* --- Columns. --- */

struct columns {
    struct column list[COLUMNS_MAX];
    size_t count;
};

static void add(struct columns *to, cell_fn *put, size_t index, const char *name, const char *suffix)
{
    struct column *c = &to->list[to->count++];
    *c = (struct column){.put = put, .index = index, .text = put == put_key || put == put_instant || put == put_words};
    snprintf(c->name, sizeof c->name, "%.24s%.12s", name, suffix);
}

static void add_figures(struct columns *to, const tca_run *r, bool of_order)
{
    char name[NAME_SIZE];
    for (size_t m = 0; m < MARK_COUNT; m++) {
        if (of_order) add(to, put_mark, m, benchmark_name(m), "_price");
        add(to, put_mark_bps, m, benchmark_name(m), "_bps");
    }
    add(to, put_performance, 0, "rpm", "");
    for (size_t p = 0; p < TC_SHORTFALL_COUNT; p++) add(to, put_part, p, tc_shortfall_part_name((tc_shortfall_part)p), "");
    for (size_t c = 0; c < TC_CHARGE_COUNT; c++) add(to, put_charge, c, tc_charge_name((tc_charge)c), "");
    add(to, put_execution, 0, "execution", "");
    add(to, put_charges, 0, "charges", "");
    add(to, put_total, 0, "total", "");
    for (size_t p = 0; p < TC_SHORTFALL_COUNT; p++) add(to, put_part_bps, p, tc_shortfall_part_name((tc_shortfall_part)p), "_bps");
    add(to, put_sum_bps, SUM_EXECUTION, "execution_bps", "");
    add(to, put_sum_bps, SUM_CHARGES, "charges_bps", "");
    add(to, put_sum_bps, SUM_TOTAL, "total_bps", "");
    for (size_t k = 0; k < r->options.lag_count; k++) {
        snprintf(name, sizeof name, "markout_%s", r->options.lags[k].name);
        add(to, put_markout, k, name, "_bps");
    }
    add(to, put_expected, MODEL_REALISED, "realised_bps", "");
    add(to, put_expected, MODEL_EXPECTED, "expected_bps", "");
    add(to, put_expected, MODEL_SD, "expected_sd_bps", "");
    add(to, put_expected, MODEL_Z, "z", "");
    add(to, put_orders, 4, "outside_spread", "");
    add(to, put_orders, 5, "outside_day", "");
}

/* An order's own keys, in this order. */
static const char *const order_keys[] = {"order_id", "date", "client", "broker", "exchange", "segment", "symbol", "side", "product"};
enum { ORDER_KEYS = sizeof order_keys / sizeof *order_keys };

static void order_columns_of(struct columns *to, const tca_run *r)
{
    for (size_t i = 0; i < ORDER_KEYS; i++) add(to, put_key, i, order_keys[i], "");
    add(to, put_instant, 0, "decision_time", "");
    add(to, put_instant, 1, "arrival_time", "");
    add(to, put_instant, 2, "last_time", "");
    add(to, put_quantity, 0, "quantity", "");
    add(to, put_quantity, 1, "filled", "");
    add(to, put_orders, 1, "fills", "");
    add(to, put_turnover, 0, "turnover", "");
    add(to, put_turnover, 1, "paper", "");
    add(to, put_average, 0, "average_price", "");
    add_figures(to, r, true);
    add(to, put_words, WORDS_FLAGS, "flags", "");
    add(to, put_words, WORDS_MISSING, "missing", "");
    add(to, put_words, WORDS_ERROR, "error", "");
}

/* A table is for looking at: of orders and of groups it ends alike. */
static void add_losses(struct columns *to)
{
    add(to, put_part, TC_SHORTFALL_DELAY, "delay", "");
    add(to, put_execution, 0, "execution", "");
    add(to, put_part, TC_SHORTFALL_OPPORTUNITY, "opportunity", "");
    add(to, put_charges, 0, "charges", "");
    add(to, put_total, 0, "total", "");
    add(to, put_sum_bps, SUM_TOTAL, "total_bps", "");
}

static void order_table_columns(struct columns *to)
{
    static const size_t keys[] = {0, 1, 6, 7};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) add(to, put_key, keys[i], order_keys[keys[i]], "");
    add(to, put_quantity, 1, "filled", "");
    add(to, put_average, 0, "average_price", "");
    add(to, put_mark_bps, MARK_ARRIVAL, "arrival_bps", "");
    add(to, put_mark_bps, MARK_VWAP, "vwap_bps", "");
    add_losses(to);
    add(to, put_words, WORDS_FLAGS, "flags", "");
}

static void group_columns(struct columns *to, const tca_run *r)
{
    bool table = r->c->format == FORMAT_TABLE;
    for (size_t i = 0; i < r->key_count; i++) {
        char name[NAME_SIZE];
        snprintf(name, sizeof name, "%.*s", (int)r->keys[i].name.size, r->keys[i].name.data);
        add(to, put_key, i, name, "");
    }
    add(to, put_orders, 0, "orders", "");
    add(to, put_orders, 1, "fills", "");
    add(to, put_turnover, 0, "turnover", "");
    if (!table) add(to, put_turnover, 1, "paper", "");
    if (!table) add_figures(to, r, false);
    if (table) {
        add(to, put_mark_bps, MARK_ARRIVAL, "arrival_bps", "");
        add(to, put_mark_bps, MARK_DAY_VWAP, "day_vwap_bps", "");
        add_losses(to);
    }
    add(to, put_orders, 2, "incomplete", "");
    add(to, put_orders, 3, "errors", "");
}

/* --- Rows. --- */

static void open_sink(struct sink *to, cli *c, const struct columns *columns, sheet_column *sheet_columns)
{
    *to = (struct sink){.c = c, .columns = columns->list, .count = columns->count,
                        .is_json = c->format == FORMAT_JSON || c->format == FORMAT_NDJSON};
    if (to->is_json) {
        to->json = (json){.to = &c->out.text, .indent = c->format == FORMAT_JSON};
        if (c->format == FORMAT_JSON) json_open(&to->json, NULL, '[');
        return;
    }
    for (size_t i = 0; i < columns->count; i++) sheet_columns[i] = (sheet_column){columns->list[i].name, !columns->list[i].text};
    sheet_open(&to->sheet, &c->out, c->format, sheet_columns, columns->count);
}

static void put_subject(struct sink *to, const struct subject *of)
{
    to->next = 0;
    if (to->is_json) json_open(&to->json, NULL, '{');
    for (size_t i = 0; i < to->count; i++) to->columns[i].put(to, of, to->columns[i].index);
    if (to->is_json) json_close(&to->json, '}');
    else sheet_end_row(&to->sheet);
    output_some(&to->c->out);
}

static void close_sink(struct sink *to)
{
    if (!to->is_json) sheet_close(&to->sheet);
    else if (to->c->format == FORMAT_JSON) json_close(&to->json, ']');
}

static void put_orders_rows(tca_run *r)
{
    struct columns columns = {.count = 0};
    sheet_column sheet_columns[COLUMNS_MAX];
    struct sink to;
    tc_buffer scratch = {0};
    arena texts = {0};
    if (r->c->format == FORMAT_TABLE) order_table_columns(&columns);
    else order_columns_of(&columns, r);
    open_sink(&to, r->c, &columns, sheet_columns);
    for (size_t i = 0; i < r->order_count; i++) {
        const tca_order *o = &r->orders[i];
        tca_figures figures = {0};
        tc_text keys[ORDER_KEYS];
        tca_figures_add(&figures, r, o);
        arena_reset(&texts);
        for (size_t k = 0; k < ORDER_KEYS; k++) keys[k] = arena_text(&texts, tca_word_of(o, tc_text_of(order_keys[k])));
        put_subject(&to, &(struct subject){r, o, &figures, keys, &scratch});
    }
    close_sink(&to);
    arena_free(&texts);
    tc_buffer_free(&scratch);
}

/* --- Groups. --- */

struct group {
    tc_text keys[TCA_KEYS_MAX];
    size_t key_count;
    size_t order;
};

static int compare_texts(tc_text a, tc_text b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    for (size_t i = 0; i < x->key_count; i++) {
        int order = compare_texts(x->keys[i], y->keys[i]);
        if (order) return order;
    }
    return (x->order > y->order) - (x->order < y->order);
}

static bool same_group(const struct group *a, const struct group *b)
{
    for (size_t i = 0; i < a->key_count; i++)
        if (!text_equal(a->keys[i], b->keys[i])) return false;
    return true;
}

static void put_group_rows(tca_run *r)
{
    struct columns columns = {.count = 0};
    sheet_column sheet_columns[COLUMNS_MAX];
    struct sink to;
    size_t count = r->key_count;
    arena texts = {0};
    struct group *groups = need_memory(NULL, r->order_count, sizeof *groups);
    for (size_t i = 0; i < r->order_count; i++) {
        groups[i] = (struct group){.key_count = count, .order = i};
        for (size_t k = 0; k < count; k++) groups[i].keys[k] = arena_text(&texts, tca_key_text(r, &r->orders[i], k));
    }
    if (r->order_count) qsort(groups, r->order_count, sizeof *groups, compare_groups);
    group_columns(&columns, r);
    open_sink(&to, r->c, &columns, sheet_columns);
    for (size_t i = 0; i < r->order_count;) {
        tca_figures figures = {0};
        size_t first = i;
        for (; i < r->order_count && same_group(&groups[first], &groups[i]); i++) tca_figures_add(&figures, r, &r->orders[groups[i].order]);
        put_subject(&to, &(struct subject){r, NULL, &figures, groups[first].keys, NULL});
    }
    close_sink(&to);
    arena_free(&texts);
    free(groups);
}

void tca_rows(tca_run *r)
{
    if (r->key_count) put_group_rows(r);
    else put_orders_rows(r);
}
