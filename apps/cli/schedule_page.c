#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/chart.h"
#include "report/page.h"
#include "schedule.h"

/* Pictures. */

/* Holdings against time: count + 1 points. */
static void holdings_of(double *x, double *y, const scheduling *s, const worked *w)
{
    x[0] = 0;
    y[0] = s->task.quantity;
    for (size_t j = 0; j < s->task.slices; j++) x[j + 1] = w->slices[j].end, y[j + 1] = w->slices[j].holding + w->unfilled;
}

void draw_holdings(tc_buffer *svg, const scheduling *s, const worked *best, const worked *others, size_t count)
{
    enum { SERIES_MAX = 4 };
    size_t points = s->task.slices + 1, used = 0;
    double *place = need_memory(NULL, 2 * points * SERIES_MAX, sizeof *place);
    tc_chart_series series[SERIES_MAX];
    for (size_t i = 0; i <= count && used < SERIES_MAX; i++) {
        const worked *w = i ? &others[i - 1] : best;
        double *x = place + 2 * points * used, *y = x + points;
        if (!strcmp(w->name, "before-rounding")) continue;
        holdings_of(x, y, s, w);
        series[used++] = (tc_chart_series){.name = w->name, .mark = TC_CHART_LINE, .x = x, .y = y, .count = points};
    }
    const tc_chart chart = {.title = "Shares left", .x_label = "trading days since arrival", .y_label = "shares", .series = series, .series_count = used};
    tc_chart_draw(svg, &chart);
    free(place);
}

void draw_frontier(tc_buffer *svg, const scheduling *s, const frontier *f, const worked *best, const worked *others, size_t count)
{
    enum { SERIES_MAX = 5 };
    char label[96];
    size_t used = 1;
    double *place = need_memory(NULL, 2 * f->count + 2 * SERIES_MAX, sizeof *place), *x = place, *y = place + f->count, *one = y + f->count;
    tc_chart_series series[SERIES_MAX] = {{.name = "frontier", .mark = TC_CHART_LINE, .x = x, .y = y, .count = f->count}};
    for (size_t i = 0; i < f->count; i++) x[i] = sqrt(f->point[i].cost.variance), y[i] = f->point[i].cost.expected;
    for (size_t i = best ? 0 : count + 1; i <= count && used < SERIES_MAX; i++) {
        const worked *w = i ? &others[i - 1] : best;
        if (!strcmp(w->name, "before-rounding") || !strcmp(w->name, "at-once")) continue;
        double *point = one + 2 * used;
        point[0] = sqrt(w->cost.variance), point[1] = w->cost.expected;
        series[used++] = (tc_chart_series){.name = w->name, .mark = TC_CHART_POINTS, .x = point, .y = point + 1, .count = 1};
    }
    snprintf(label, sizeof label, "standard deviation of the cost, rupees (N = %zu slices)", s->task.slices);
    const tc_chart chart = {.title = "Cost against risk", .x_label = label, .y_label = "expected cost, rupees", .series = series, .series_count = used};
    tc_chart_draw(svg, &chart);
    free(place);
}

/* The page. */

/* Cells of a table, their texts one after another in a buffer. */
typedef struct {
    tc_buffer text;
    size_t *end, count, room;
} cell_list;

static void add_cell(cell_list *list, const char *format, ...) TC_PRINTF(2, 3);
static void add_cell(cell_list *list, const char *format, ...)
{
    char text[160];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    buffer_string(&list->text, text);
    NEED_ROOM(list->end, list->count, list->room);
    list->end[list->count++] = list->text.size;
}

static void add_number(cell_list *list, double value, int decimals)
{
    if (isnan(value)) add_cell(list, "%s", "");
    else add_cell(list, "%.*f", decimals, value);
}

static void put_cells(tc_buffer *to, const char *const *header, size_t columns, cell_list *list)
{
    tc_text *cells = need_memory(NULL, list->count, sizeof *cells);
    for (size_t i = 0; i < list->count; i++) {
        size_t from = i ? list->end[i - 1] : 0;
        cells[i] = (tc_text){list->text.data + from, list->end[i] - from};
    }
    tc_page_table(to, header, columns, cells, list->count / columns);
    free(cells);
    free(list->end);
    tc_buffer_free(&list->text);
}

static void page_sums(tc_buffer *to, const scheduling *s, const worked *best, const worked *others, size_t count)
{
    const char *header[SUM_COLUMNS];
    cell_list cells = {0};
    for (size_t i = 0; i < SUM_COLUMNS; i++) header[i] = sum_columns[i].name;
    for (size_t i = 0; i <= count; i++) {
        const worked *w = i ? &others[i - 1] : best;
        sums sum = sums_of(s, w, best->lambda);
        const double values[] = {sum.expected, sum.sd, sum.sd_even, sum.var, sum.charges, sum.total, sum.cost_bps, sum.objective};
        add_cell(&cells, "%s", w->name);
        add_number(&cells, w->charged ? (double)w->order_count : NAN, 0);
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) add_number(&cells, values[k], 2);
        add_number(&cells, w->unfilled, 0);
    }
    put_cells(to, header, SUM_COLUMNS, &cells);
}

static void page_slices(tc_buffer *to, const scheduling *s, const worked *w)
{
    const char *header[SLICE_COLUMNS + 1];
    cell_list cells = {0};
    for (size_t i = 0; i < SLICE_COLUMNS; i++) header[i] = slice_columns[i].name;
    header[SLICE_COLUMNS] = "charges";
    for (size_t j = 0; j < s->task.slices; j++) {
        const tc_slice *slice = &w->slices[j];
        add_cell(&cells, "%zu", j + 1);
        add_number(&cells, slice->start, 6);
        add_number(&cells, slice->end, 6);
        add_number(&cells, slice->quantity, 0);
        add_number(&cells, slice->holding + w->unfilled, 0);
        add_number(&cells, slice->price, 4);
        add_number(&cells, limit_of(s, slice), 2);
        add_number(&cells, slice->expected_cost, 2);
        add_number(&cells, w->charged ? (double)w->orders[j] : NAN, 0);
        add_number(&cells, w->charged ? (double)w->each[j].total.nanos / 1e9 : NAN, 2);
    }
    put_cells(to, header, SLICE_COLUMNS + 1, &cells);
}

static void page_settings(tc_buffer *to, const scheduling *s)
{
    static const char *const header[] = {"setting", "value", "unit", "from"};
    cell_list cells = {0};
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (isnan(s->value[i])) continue;
        add_cell(&cells, "%s", setting_name((setting)i));
        add_cell(&cells, "%.6g", s->value[i]);
        add_cell(&cells, "%s", setting_unit((setting)i));
        add_cell(&cells, "%s", s->given[i] ? "given" : setting_rule((setting)i));
    }
    put_cells(to, header, sizeof header / sizeof *header, &cells);
}

static void page_tiles(tc_buffer *to, const scheduling *s, const worked *w)
{
    char text[5][48];
    sums sum = sums_of(s, w, w->lambda);
    const double values[] = {sum.expected, sum.sd_even, sum.charges, sum.total, w->charged ? sum.total_bps : sum.cost_bps};
    for (size_t i = 0; i < 5; i++) snprintf(text[i], sizeof text[i], isnan(values[i]) ? "unknown" : "%.2f", values[i]);
    const tc_page_tile tiles[] = {{"Expected cost", text[0], "rupees: spread, impact, drift"},
                                  {"Standard deviation", text[1], "rupees, slices done evenly"},
                                  {"Explicit charges", text[2], w->charged ? "rupees" : "no broker given"},
                                  {"Cost and charges", text[3], "rupees, expected"},
                                  {"In basis points", text[4], w->charged ? "of the value at arrival" : "of the value at arrival, without charges"}};
    tc_page_tiles(to, tiles, sizeof tiles / sizeof *tiles);
}

static void page_remarks(tc_buffer *to, const scheduling *s, const worked *w)
{
    remark_of remarks[REMARKS_MAX];
    size_t count = remarks_of(remarks, s, w);
    char text[400];
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%s: %s.", remarks[i].word, remarks[i].meaning);
        tc_page_paragraph(to, text);
    }
}

static void page_paragraph(tc_buffer *to, tc_buffer *text)
{
    while (text->size && text->data[text->size - 1] == '\n') text->size--;
    buffer_char(text, '\0');
    if (text->size > 1) tc_page_paragraph(to, text->data);
    tc_buffer_free(text);
}

void show_page(const scheduling *s, const worked *best, const worked *others, size_t count, const frontier *f)
{
    tc_buffer *to = &s->c->out.text, title = {0}, weights = {0}, svg = {0};
    put_title(&title, s);
    buffer_char(&title, '\0');
    tc_page_begin(to, title.data);
    put_weights(&weights, s, best);
    page_paragraph(to, &weights);
    page_tiles(to, s, best);
    page_remarks(to, s, best);
    draw_holdings(&svg, s, best, others, count);
    tc_page_figure(to, &svg, "Shares left after each slice.");
    svg.size = 0;
    if (f->count) {
        draw_frontier(&svg, s, f, best, others, count);
        tc_page_figure(to, &svg, "Expected cost and risk of the best schedule at each risk aversion; charges left out.");
    }
    tc_page_heading(to, "What it is held against");
    page_sums(to, s, best, others, count);
    tc_page_heading(to, "Slices");
    page_slices(to, s, best);
    tc_page_heading(to, "What it rests on");
    page_settings(to, s);
    tc_page_end(to);
    tc_buffer_free(&svg);
    tc_buffer_free(&title);
}
