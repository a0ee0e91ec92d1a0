#include "kernel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/chart.h"
#include "report/page.h"

static void put_paragraph(void *context, const char *line)
{
    tc_page_paragraph(context, line);
}

static void put_parameters(tc_buffer *to, const tc_kernel *k)
{
    static const char *const header[] = {"parameter", "meaning", "unit", "value", "se", "note"};
    enum { COLUMNS = sizeof header / sizeof *header };
    char numbers[TC_K_COUNT][2][40];
    tc_text cells[TC_K_COUNT * COLUMNS];
    for (int p = 0; p < TC_K_COUNT; p++) {
        const tc_kernel_estimate *e = &k->parameter[p];
        const double value[] = {e->value, e->se};
        tc_text *row = cells + p * COLUMNS;
        row[0] = tc_text_of(tc_kernel_parameter_name((tc_kernel_parameter)p));
        row[1] = tc_text_of(tc_kernel_parameter_meaning((tc_kernel_parameter)p));
        row[2] = tc_text_of(tc_kernel_parameter_unit((tc_kernel_parameter)p));
        for (int i = 0; i < 2; i++) {
            int size = isfinite(value[i]) ? snprintf(numbers[p][i], sizeof numbers[p][i], "%.5g", value[i]) : 0;
            row[3 + i] = (tc_text){numbers[p][i], (size_t)size};
        }
        row[5] = tc_text_of(*e->reason ? e->reason : e->at_bound ? "at its bound" : "");
    }
    tc_page_table(to, header, COLUMNS, cells, TC_K_COUNT);
}

/* A curve with error bars of two standard errors, and what was fitted to it, from lag `from` on. */
typedef struct {
    size_t count;
    double *lag, *low, *high, *fitted;
} drawing;

static drawing drawing_of(const tc_kernel *k)
{
    size_t count = k->options.lags + 1;
    double *room = need_memory(NULL, 4 * count, sizeof *room);
    drawing d = {count, room, room + count, room + 2 * count, room + 3 * count};
    for (size_t l = 0; l < count; l++) d.lag[l] = (double)l;
    return d;
}

static void bars_of(drawing *d, const tc_kernel_curve *curve)
{
    for (size_t l = 0; l < d->count; l++) {
        d->low[l] = curve->value[l] - 2 * curve->se[l];
        d->high[l] = curve->value[l] + 2 * curve->se[l];
    }
}

static void draw(tc_buffer *to, const tc_chart *chart, const char *caption)
{
    tc_buffer svg = {0};
    tc_chart_draw(&svg, chart);
    if (svg.failed) no_memory();
    tc_page_figure(to, &svg, caption);
    tc_buffer_free(&svg);
}

static void draw_signs(tc_buffer *to, const tc_kernel *k, drawing *d)
{
    double c0 = k->parameter[TC_K_C0].value, gamma = k->parameter[TC_K_GAMMA].value;
    bars_of(d, &k->covariance);
    for (size_t l = 1; l < d->count; l++) {
        d->fitted[l] = c0 * pow(d->lag[l], -gamma);
        if (d->low[l] <= 0) d->low[l] = k->covariance.value[l] / 100; /* an error bar that reaches 0 has no place on a log axis */
    }
    const tc_chart_series series[] = {
        {.name = "covariance, two standard errors", .mark = TC_CHART_POINTS, .x = d->lag + 1, .y = k->covariance.value + 1,
         .count = d->count - 1, .low = d->low + 1, .high = d->high + 1},
        {.name = "c0 l^-gamma", .mark = TC_CHART_LINE, .x = d->lag + 1, .y = d->fitted + 1, .count = d->count - 1}};
    draw(to, &(tc_chart){.title = "Memory of signs", .x_label = "lag, trades", .y_label = "sign covariance", .series = series,
                         .series_count = 2, .x_log = true, .y_log = true}, "Lags where it is not above 0 are left out here; the fit used them.");
}

static void draw_response(tc_buffer *to, const tc_kernel *k, drawing *d)
{
    bars_of(d, &k->response);
    const tc_chart_series series[] = {
        {.name = "after a trade, two standard errors", .mark = TC_CHART_POINTS, .x = d->lag, .y = k->response.value, .count = d->count,
         .low = d->low, .high = d->high},
        {.name = "before it", .mark = TC_CHART_LINE, .x = d->lag, .y = k->before, .count = d->count}};
    draw(to, &(tc_chart){.title = "Response of the mid", .x_label = "lag, trades", .y_label = "bps", .series = series, .series_count = 2},
         "Before it: how far the mid then was from where it is at the trade, which is what trades follow.");
}

static void draw_kernel(tc_buffer *to, const tc_kernel *k, drawing *d)
{
    const tc_kernel_estimate *p = k->parameter;
    bool kinds = !isnan(k->explained_by_kinds);
    bars_of(d, &k->kernel);
    for (size_t l = 1; l < d->count; l++)
        d->fitted[l] = p[TC_K_GAMMA0].value * pow(p[TC_K_L0].value * p[TC_K_L0].value + d->lag[l] * d->lag[l], -p[TC_K_BETA].value / 2);
    const tc_chart_series series[] = {
        {.name = "kernel, two standard errors", .mark = TC_CHART_POINTS, .x = d->lag + 1, .y = k->kernel.value + 1, .count = d->count - 1,
         .low = d->low + 1, .high = d->high + 1},
        {.name = "gamma0/(l0^2 + l^2)^(beta/2)", .mark = TC_CHART_LINE, .x = d->lag + 1, .y = d->fitted + 1, .count = d->count - 1},
        {.name = "trades that change the mid", .mark = TC_CHART_LINE, .x = d->lag + 1, .y = k->changed + 1, .count = d->count - 1},
        {.name = "trades that do not", .mark = TC_CHART_LINE, .x = d->lag + 1, .y = k->unchanged + 1, .count = d->count - 1}};
    draw(to, &(tc_chart){.title = "Kernel of impact", .x_label = "lag, trades", .y_label = "bps", .series = series,
                         .series_count = kinds ? 4 : 2, .x_log = true},
         "What one trade has moved the mid so many trades later, by itself.");
}

void put_kernel_page(tc_buffer *to, const calibrated_kernel *found)
{
    drawing d = drawing_of(&found->kernel);
    tc_page_begin(to, "Propagator");
    put_parameters(to, &found->kernel);
    kernel_lines(found, put_paragraph, to);
    draw_kernel(to, &found->kernel, &d);
    draw_response(to, &found->kernel, &d);
    draw_signs(to, &found->kernel, &d);
    tc_page_end(to);
    free(d.lag);
    if (to->failed) no_memory();
}
