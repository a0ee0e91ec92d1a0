#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/chart.h"
#include "report/page.h"
#include "tca.h"

enum { HOURS = 24, SYMBOLS_SHOWN = 20, ORDERS_SHOWN = 15, TEXT_SIZE = 48, POINTS_MAX = 5000 };

/* Sums of one key, and their charts. */
struct slice {
    tc_text key;
    tca_figures figures;
};

struct page {
    tca_run *r;
    tc_buffer *to;
    tca_figures all;
    struct slice *symbols; /* by what they cost, dearest first */
    size_t symbol_count;
    arena texts;
};

/* --- Numbers as people read them. --- */

static tc_text shown(struct page *p, const char *text)
{
    return arena_text(&p->texts, tc_text_of(text));
}

static tc_text rupees_text(struct page *p, wide nanos)
{
    char text[NUMBER_SIZE];
    return arena_text(&p->texts, (tc_text){text, number_rupees(text, nanos)});
}

static tc_text bps_text(struct page *p, double bps)
{
    char text[TEXT_SIZE];
    if (!tc_is_known(bps)) return (tc_text){0};
    snprintf(text, sizeof text, "%.2f", bps);
    return shown(p, text);
}

static tc_text count_text(struct page *p, uint64_t count)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text, "%llu", (unsigned long long)count);
    return shown(p, text);
}

static double bps_of(double cost, double value)
{
    return value > 0 ? cost / value * 1e4 : NAN;
}

static double total_bps(const tca_figures *f)
{
    return bps_of((double)f->total_nanos / 1e9, (double)f->paper_micros / 1e6);
}

static double order_bps(const tca_run *r, const tca_order *o)
{
    tca_figures f = {0};
    tca_figures_add(&f, r, o);
    return f.incomplete ? NAN : total_bps(&f);
}

static wide execution_nanos(const tca_figures *f)
{
    return f->part_nanos[TC_SHORTFALL_SPREAD] + f->part_nanos[TC_SHORTFALL_IMPACT] + f->part_nanos[TC_SHORTFALL_TIMING] +
           f->part_nanos[TC_SHORTFALL_UNSPLIT];
}

/* --- Sums by symbol. --- */

static int by_key(const void *a, const void *b)
{
    const tca_order *x = *(tca_order *const *)a, *y = *(tca_order *const *)b;
    size_t common = x->symbol.size < y->symbol.size ? x->symbol.size : y->symbol.size;
    int order = common ? memcmp(x->symbol.data, y->symbol.data, common) : 0;
    return order ? order : (x->symbol.size > y->symbol.size) - (x->symbol.size < y->symbol.size);
}

static int by_cost(const void *a, const void *b)
{
    wide x = ((const struct slice *)a)->figures.total_nanos, y = ((const struct slice *)b)->figures.total_nanos;
    return (x < y) - (x > y);
}

static void sum_symbols(struct page *p)
{
    size_t count = p->r->order_count;
    tca_order **orders = need_memory(NULL, count, sizeof *orders);
    p->symbols = need_memory(NULL, count, sizeof *p->symbols);
    for (size_t i = 0; i < count; i++) orders[i] = &p->r->orders[i];
    if (count) qsort(orders, count, sizeof(tca_order *), by_key);
    for (size_t i = 0; i < count; i++) {
        if (!p->symbol_count || !text_equal(p->symbols[p->symbol_count - 1].key, orders[i]->symbol))
            p->symbols[p->symbol_count++] = (struct slice){.key = orders[i]->symbol};
        tca_figures_add(&p->symbols[p->symbol_count - 1].figures, p->r, orders[i]);
    }
    if (p->symbol_count) qsort(p->symbols, p->symbol_count, sizeof *p->symbols, by_cost);
    free(orders);
}

/* --- What stands on the page. --- */

static void put_tiles(struct page *p)
{
    char text[6][NUMBER_SIZE], remark[4][TEXT_SIZE];
    const tca_figures *f = &p->all;
    const wide nanos[] = {f->total_nanos, f->charges_nanos, execution_nanos(f),
                          f->part_nanos[TC_SHORTFALL_DELAY] + f->part_nanos[TC_SHORTFALL_OPPORTUNITY]};
    static const char *const names[] = {"Total cost", "Charges and taxes", "Execution", "Delay and opportunity"};
    tc_page_tile tile[6];
    for (size_t i = 0; i < 4; i++) {
        text[i][number_rupees(text[i], nanos[i])] = '\0';
        double bps = bps_of((double)nanos[i] / 1e9, (double)f->paper_micros / 1e6);
        snprintf(remark[i], sizeof remark[i], tc_is_known(bps) ? "%.2f bps of what was decided" : " ", bps);
        tile[i] = (tc_page_tile){names[i], text[i], remark[i]};
    }
    snprintf(text[4], sizeof text[4], "%llu", (unsigned long long)f->orders);
    tile[4] = (tc_page_tile){"Orders", text[4], NULL};
    text[5][number_rupees(text[5], f->turnover_micros * 1000)] = '\0';
    tile[5] = (tc_page_tile){"Traded value", text[5], NULL};
    tc_page_tiles(p->to, tile, sizeof tile / sizeof *tile);
}

static void put_figure(struct page *p, tc_buffer *svg, const char *caption)
{
    tc_page_figure(p->to, svg, caption);
    tc_buffer_free(svg);
}

/* Every part and every charge that is not nil, as steps up to the total. */
static void put_waterfall(struct page *p)
{
    const char *name[TC_SHORTFALL_COUNT + TC_CHARGE_COUNT];
    double value[TC_SHORTFALL_COUNT + TC_CHARGE_COUNT];
    size_t count = 0;
    tc_buffer svg = {0};
    for (size_t i = 0; i < TC_SHORTFALL_COUNT; i++) {
        if (!p->all.part_nanos[i]) continue;
        name[count] = tc_shortfall_part_name((tc_shortfall_part)i);
        value[count++] = (double)p->all.part_nanos[i] / 1e9;
    }
    for (size_t i = 0; i < TC_CHARGE_COUNT; i++) {
        if (!p->all.charge_nanos[i]) continue;
        name[count] = tc_charge_name((tc_charge)i);
        value[count++] = (double)p->all.charge_nanos[i] / 1e9;
    }
    tc_chart_waterfall(&svg, "Where the money went", "rupees", name, value, count);
    put_figure(p, &svg, "The parts of the implementation shortfall and every charge of the contract notes add up to the total.");
}

static void put_distribution(struct page *p)
{
    tc_buffer svg = {0};
    double *bps = need_memory(NULL, p->r->order_count, sizeof *bps);
    for (size_t i = 0; i < p->r->order_count; i++) bps[i] = order_bps(p->r, &p->r->orders[i]);
    tc_chart_histogram(&svg, "Cost of the orders", "basis points of what was decided, charges included", bps, p->r->order_count);
    put_figure(p, &svg, NULL);
    free(bps);
}

static int hour_of(const tca_order *o)
{
    if (o->arrival_time == TC_TIME_UNKNOWN) return NO_PLACE;
    int64_t of_day = o->arrival_time + TC_IST_MICROS - tc_day_of_time(o->arrival_time) * TC_DAY_MICROS;
    return (int)(of_day / INT64_C(3600000000));
}

/* Hours from the first to the last in which something arrived. */
struct hours {
    int first, count;
    char text[HOURS][8];
    const char *name[HOURS];
};

static struct hours *hours_of(const struct page *p, struct hours *h)
{
    int last = NO_PLACE;
    h->first = HOURS;
    for (size_t i = 0; i < p->r->order_count; i++) {
        int hour = hour_of(&p->r->orders[i]);
        if (hour == NO_PLACE) continue;
        if (hour < h->first) h->first = hour;
        if (hour > last) last = hour;
    }
    h->count = last == NO_PLACE ? 0 : last - h->first + 1;
    for (int i = 0; i < h->count; i++) {
        snprintf(h->text[i], sizeof h->text[i], "%02d:00", (h->first + i) % HOURS);
        h->name[i] = h->text[i];
    }
    return h;
}

static void put_time_of_day(struct page *p, const struct hours *h)
{
    tca_figures by_hour[HOURS] = {0};
    double x[HOURS], y[HOURS];
    tc_buffer svg = {0};
    for (size_t i = 0; i < p->r->order_count; i++) {
        int hour = hour_of(&p->r->orders[i]);
        if (hour != NO_PLACE) tca_figures_add(&by_hour[hour - h->first], p->r, &p->r->orders[i]);
    }
    for (int i = 0; i < h->count; i++) {
        x[i] = i;
        y[i] = total_bps(&by_hour[i]);
    }
    const tc_chart_series series = {.mark = TC_CHART_BARS, .x = x, .y = y, .count = (size_t)h->count};
    const tc_chart chart = {.title = "Time of day", .x_label = "hour of arrival, India", .y_label = "basis points, weighted by value",
                            .series = &series, .series_count = 1, .x_names = h->name, .x_name_count = (size_t)h->count};
    tc_chart_draw(&svg, &chart);
    put_figure(p, &svg, NULL);
}

static void put_scatter(struct page *p)
{
    size_t every = p->r->order_count / POINTS_MAX + 1, count = 0;
    double *x = need_memory(NULL, p->r->order_count / every + 1, 2 * sizeof *x), *y = x + p->r->order_count / every + 1;
    tc_buffer svg = {0};
    for (size_t i = 0; i < p->r->order_count; i += every, count++) {
        const tca_order *o = &p->r->orders[i];
        x[count] = o->valued ? (double)o->loss.paper.micros / 1e6 : NAN;
        y[count] = order_bps(p->r, o);
    }
    const tc_chart_series series = {.mark = TC_CHART_POINTS, .x = x, .y = y, .count = count};
    const tc_chart chart = {.title = "Cost against size", .x_label = "rupees decided", .y_label = "basis points", .x_log = true,
                            .series = &series, .series_count = 1};
    char caption[TEXT_SIZE];
    snprintf(caption, sizeof caption, "Every %zuth order.", every);
    tc_chart_draw(&svg, &chart);
    put_figure(p, &svg, every > 1 ? caption : NULL);
    free(x);
}

/* The symbols that cost most, either way, by hour of arrival. */
static void put_heat_map(struct page *p, const struct hours *h)
{
    size_t rows = p->symbol_count < SYMBOLS_SHOWN ? p->symbol_count : SYMBOLS_SHOWN, columns = (size_t)h->count;
    tca_figures *cell = need_memory(NULL, rows * columns, sizeof *cell);
    double *value = need_memory(NULL, rows * columns, sizeof *value);
    const char *name[SYMBOLS_SHOWN];
    tc_buffer svg = {0};
    memset(cell, 0, rows * columns * sizeof *cell);
    for (size_t s = 0; s < rows; s++) {
        char *text = arena_take(&p->texts, p->symbols[s].key.size + 1);
        if (p->symbols[s].key.size) memcpy(text, p->symbols[s].key.data, p->symbols[s].key.size);
        text[p->symbols[s].key.size] = '\0';
        name[s] = text;
    }
    for (size_t i = 0; i < p->r->order_count; i++) {
        const tca_order *o = &p->r->orders[i];
        int hour = hour_of(o);
        for (size_t s = 0; hour != NO_PLACE && s < rows; s++)
            if (text_equal(p->symbols[s].key, o->symbol)) tca_figures_add(&cell[s * columns + (size_t)(hour - h->first)], p->r, o);
    }
    for (size_t i = 0; i < rows * columns; i++) value[i] = cell[i].orders ? total_bps(&cell[i]) : NAN;
    tc_chart_heat_map(&svg, "Basis points by symbol and hour", name, rows, h->name, columns, value);
    put_figure(p, &svg, p->symbol_count > rows ? "The symbols that cost most." : NULL);
    free(value);
    free(cell);
}

/* --- Tables. --- */

struct table {
    struct page *page;
    tc_text *cells;
    size_t count, room;
};

static void put_cell(struct table *t, tc_text text)
{
    NEED_ROOM(t->cells, t->count, t->room);
    t->cells[t->count++] = text;
}

static void put_table(struct table *t, const char *const *header, size_t columns)
{
    tc_page_table(t->page->to, header, columns, t->cells, t->count / columns);
    free(t->cells);
}

static void put_benchmarks(struct page *p)
{
#define AS_MEANING(id, name, meaning) meaning,
    static const char *const meanings[] = {BENCHMARKS(AS_MEANING)};
#undef AS_MEANING
    static const char *const header[] = {"benchmark", "bps", "rupees", "what it is"};
    struct table t = {.page = p};
    for (size_t m = 0; m < MARK_COUNT; m++) {
        if (!(p->all.mark_value[m] > 0)) continue;
        put_cell(&t, tc_text_of(benchmark_name(m)));
        put_cell(&t, bps_text(p, bps_of(p->all.mark_cost[m], p->all.mark_value[m])));
        put_cell(&t, rupees_text(p, (wide)llround(p->all.mark_cost[m] * 100) * 10000000));
        put_cell(&t, tc_text_of(meanings[m]));
    }
    tc_page_heading(p->to, "Against benchmarks");
    put_table(&t, header, sizeof header / sizeof *header);
}

static void put_markouts(struct page *p)
{
    double x[LAGS_MAX], y[LAGS_MAX];
    const char *name[LAGS_MAX];
    size_t count = p->r->options.lag_count, known = 0;
    tc_buffer svg = {0};
    for (size_t k = 0; k < count; k++) {
        x[k] = (double)k;
        y[k] = bps_of(p->all.markout_cost[k], p->all.markout_value[k]);
        name[k] = p->r->options.lags[k].name;
        known += tc_is_known(y[k]);
    }
    if (!known) return;
    const tc_chart_series series = {.mark = TC_CHART_BARS, .x = x, .y = y, .count = count};
    const tc_chart chart = {.title = "Mark-outs", .x_label = "time after the fill", .y_label = "basis points",
                            .series = &series, .series_count = 1, .x_names = name, .x_name_count = count};
    tc_chart_draw(&svg, &chart);
    put_figure(p, &svg, "What the fills cost against the mid a while later: above 0 the market came back, below 0 it went on.");
}

static void put_by_symbol(struct page *p)
{
    static const char *const header[] = {"symbol", "orders", "traded, rupees", "execution", "charges", "total, rupees", "bps"};
    struct table t = {.page = p};
    size_t rows = p->symbol_count < SYMBOLS_SHOWN ? p->symbol_count : SYMBOLS_SHOWN;
    for (size_t s = 0; s < rows; s++) {
        const tca_figures *f = &p->symbols[s].figures;
        put_cell(&t, p->symbols[s].key);
        put_cell(&t, count_text(p, f->orders));
        put_cell(&t, rupees_text(p, f->turnover_micros * 1000));
        put_cell(&t, rupees_text(p, execution_nanos(f)));
        put_cell(&t, rupees_text(p, f->charges_nanos));
        put_cell(&t, rupees_text(p, f->total_nanos));
        put_cell(&t, bps_text(p, total_bps(f)));
    }
    tc_page_heading(p->to, p->symbol_count > rows ? "By symbol: the dearest" : "By symbol");
    put_table(&t, header, sizeof header / sizeof *header);
}

static int dearer(const void *a, const void *b)
{
    const tca_order *x = *(tca_order *const *)a, *y = *(tca_order *const *)b;
    wide cost = (wide)x->loss.total.nanos + x->charges.total_nanos, other = (wide)y->loss.total.nanos + y->charges.total_nanos;
    return (cost < other) - (cost > other);
}

static void put_dearest(struct page *p)
{
    static const char *const header[] = {"order", "day", "symbol", "side", "total, rupees", "bps", "flags"};
    struct table t = {.page = p};
    size_t count = p->r->order_count, rows = count < ORDERS_SHOWN ? count : ORDERS_SHOWN;
    tca_order **orders = need_memory(NULL, count, sizeof *orders);
    tc_buffer flags = {0};
    for (size_t i = 0; i < count; i++) orders[i] = &p->r->orders[i];
    if (count) qsort(orders, count, sizeof(tca_order *), dearer);
    for (size_t i = 0; i < rows; i++) {
        const tca_order *o = orders[i];
        put_cell(&t, o->id);
        put_cell(&t, arena_text(&p->texts, tca_word_of(o, tc_text_of("date"))));
        put_cell(&t, o->symbol);
        put_cell(&t, tc_text_of(tc_word(TC_SEL_SIDE, o->side)));
        put_cell(&t, rupees_text(p, (wide)o->loss.total.nanos + o->charges.total_nanos));
        put_cell(&t, bps_text(p, order_bps(p->r, o)));
        tca_flags_text(&flags, o->flags);
        put_cell(&t, arena_text(&p->texts, (tc_text){flags.data, flags.size}));
    }
    tc_page_heading(p->to, "The dearest orders");
    put_table(&t, header, sizeof header / sizeof *header);
    tc_buffer_free(&flags);
    free(orders);
}

static void put_expected(struct page *p)
{
    char text[200];
    const tca_figures *f = &p->all;
    if (!(f->expected_value > 0)) return;
    double sd = sqrt(f->variance);
    tc_page_heading(p->to, "Expected and realised");
    snprintf(text, sizeof text, "The model %s expected %.2f bps of execution cost; realised were %.2f bps, z = %.2f.",
             p->r->options.model->name, bps_of(f->expected, f->expected_value), bps_of(f->realised, f->expected_value),
             (f->realised - f->expected) / sd);
    tc_page_paragraph(p->to, text);
}

/* What the reader must know before believing a number. */
static void put_remarks(struct page *p)
{
#define AS_WORD(id, word, meaning) word,
#define AS_MEANING(id, word, meaning) meaning,
    static const char *const words[] = {TCA_FLAGS(AS_WORD)}, *const meanings[] = {TCA_FLAGS(AS_MEANING)};
#undef AS_WORD
#undef AS_MEANING
    static const char *const header[] = {"orders", "flag", "what it means"};
    struct table t = {.page = p};
    for (unsigned bit = 0; bit < TCA_FLAG_COUNT; bit++) {
        uint64_t count = 0;
        for (size_t i = 0; i < p->r->order_count; i++) count += p->r->orders[i].flags >> bit & 1;
        if (!count) continue;
        put_cell(&t, count_text(p, count));
        put_cell(&t, tc_text_of(words[bit]));
        put_cell(&t, tc_text_of(meanings[bit]));
    }
    if (!t.count) return;
    tc_page_heading(p->to, "Remarks");
    put_table(&t, header, sizeof header / sizeof *header);
}

static void put_charts(struct page *p)
{
    struct hours hours;
    hours_of(p, &hours);
    put_waterfall(p);
    put_distribution(p);
    if (hours.count) put_time_of_day(p, &hours);
    put_scatter(p);
    put_markouts(p);
    if (hours.count && p->symbol_count > 1) put_heat_map(p, &hours);
}

void tca_page(tca_run *r)
{
    struct page p = {.r = r, .to = &r->c->out.text};
    for (size_t i = 0; i < r->order_count; i++) tca_figures_add(&p.all, r, &r->orders[i]);
    sum_symbols(&p);
    tc_page_begin(p.to, "Transaction cost analysis");
    put_tiles(&p);
    tc_page_paragraph(p.to, "Costs are positive when they hurt. Basis points of the shortfall are of what was decided, "
                            "at the decision price; those of a benchmark are of the benchmark.");
    put_charts(&p);
    put_benchmarks(&p);
    put_expected(&p);
    put_by_symbol(&p);
    put_dearest(&p);
    put_remarks(&p);
    tc_page_end(p.to);
    if (p.to->failed) no_memory();
    arena_free(&p.texts);
    free(p.symbols);
}
