#include "calibrate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/chart.h"
#include "report/page.h"

static void put_paragraph(void *context, const char *line)
{
    tc_page_paragraph(context, line);
}

static void put_parameters(tc_buffer *to, const tc_calibrated *found)
{
    static const char *const header[] = {"parameter", "unit", "value", "se", "low", "high", "bias", "note"};
    enum { COLUMNS = sizeof header / sizeof *header };
    char numbers[TC_INPUTS_MAX][5][40];
    tc_text cells[TC_INPUTS_MAX * COLUMNS];
    for (size_t i = 0; i < found->parameter_count; i++) {
        const tc_calibrated_parameter *p = &found->parameter[i];
        const double value[] = {p->value, p->se, p->low, p->high, p->bias};
        tc_text *row = cells + i * COLUMNS;
        row[0] = tc_text_of(p->name);
        row[1] = tc_text_of(p->unit);
        for (int k = 0; k < 5; k++) {
            int size = isfinite(value[k]) ? snprintf(numbers[i][k], sizeof numbers[i][k], "%.*g", k == 4 ? 2 : 5, value[k]) : 0;
            row[2 + k] = (tc_text){numbers[i][k], (size_t)size};
        }
        row[7] = tc_text_of(p->fixed ? p->reason : p->at_bound ? "at its bound" : "");
    }
    tc_page_table(to, header, COLUMNS, cells, found->parameter_count);
}

static void draw(tc_buffer *to, const tc_chart *chart, const char *caption)
{
    tc_buffer svg = {0};
    tc_chart_draw(&svg, chart);
    if (svg.failed) no_memory();
    tc_page_figure(to, &svg, caption);
    tc_buffer_free(&svg);
}

/* Means with error bars of two standard errors, and what the model says. */
typedef struct {
    double x[TC_BINS_MAX], observed[TC_BINS_MAX], low[TC_BINS_MAX], high[TC_BINS_MAX], predicted[TC_BINS_MAX];
    size_t count;
} curve;

static curve curve_of(const tc_bin *bin, size_t count)
{
    curve c = {.count = count};
    for (size_t i = 0; i < count; i++) {
        c.x[i] = bin[i].x, c.observed[i] = bin[i].observed, c.predicted[i] = bin[i].predicted;
        c.low[i] = bin[i].observed - 2 * bin[i].se, c.high[i] = bin[i].observed + 2 * bin[i].se;
    }
    return c;
}

static void draw_fit(tc_buffer *to, const tc_calibrated *found)
{
    curve c = curve_of(found->bin, found->bin_count);
    size_t positive = 0;
    for (size_t i = 0; i < c.count; i++) {
        positive += c.observed[i] > 0;
        if (c.low[i] <= 0) c.low[i] = c.observed[i] / 100; /* an error bar that reaches 0 has no place on a log axis */
    }
    const tc_chart_series series[] = {
        {.name = "mean cost, two standard errors", .mark = TC_CHART_POINTS, .x = c.x, .y = c.observed, .count = c.count,
         .low = c.low, .high = c.high},
        {.name = "model", .mark = TC_CHART_LINE, .x = c.x, .y = c.predicted, .count = c.count}};
    char caption[160];
    snprintf(caption, sizeof caption, "%zu of %zu bins have a mean above 0 and are shown; the fit used every order.", positive,
             c.count);
    draw(to, &(tc_chart){.title = "Cost against size", .x_label = "Q/V", .y_label = "cost, daily volatilities", .series = series,
                         .series_count = 2, .x_log = true, .y_log = true}, caption);
}

static void draw_calibration(tc_buffer *to, const tc_calibrated *found)
{
    curve c = curve_of(found->curve, found->curve_count);
    const tc_chart_series series[] = {
        {.name = "mean cost, two standard errors", .mark = TC_CHART_POINTS, .x = c.x, .y = c.observed, .count = c.count,
         .low = c.low, .high = c.high},
        {.name = "as predicted", .mark = TC_CHART_LINE, .x = c.x, .y = c.x, .count = c.count}};
    draw(to, &(tc_chart){.title = "Calibration", .x_label = "predicted, bps", .y_label = "observed, bps", .series = series,
                         .series_count = 2}, NULL);
}

static void draw_residuals(tc_buffer *to, const tc_calibrated *found)
{
    curve c = curve_of(found->bin, found->bin_count);
    double zero[TC_BINS_MAX] = {0};
    for (size_t i = 0; i < c.count; i++) c.observed[i] -= c.predicted[i], c.low[i] -= c.predicted[i], c.high[i] -= c.predicted[i];
    const tc_chart_series series[] = {
        {.name = "observed less model", .mark = TC_CHART_POINTS, .x = c.x, .y = c.observed, .count = c.count, .low = c.low,
         .high = c.high},
        {.mark = TC_CHART_LINE, .x = c.x, .y = zero, .count = c.count}};
    draw(to, &(tc_chart){.title = "Residuals against size", .x_label = "Q/V", .y_label = "daily volatilities", .series = series,
                         .series_count = 2, .x_log = true}, NULL);
}

static void draw_z(tc_buffer *to, const tc_calibrated *found)
{
    tc_buffer svg = {0};
    tc_chart_histogram(&svg, "Residuals in units of timing risk", "z", found->z, found->orders);
    if (svg.failed) no_memory();
    tc_page_figure(to, &svg, "With timing risk alone these would be normal with sd 1.");
    tc_buffer_free(&svg);
}

static void draw_profile(tc_buffer *to, const tc_calibrated *found)
{
    double limit[TC_PROFILE_POINTS];
    const char *name = found->parameter[found->profile_of].name;
    if (!found->profile_count) return;
    for (size_t i = 0; i < found->profile_count; i++) limit[i] = 3.841458820694124; /* 95 % of chi-square with one degree */
    const tc_chart_series series[] = {
        {.name = "rise of the loss", .mark = TC_CHART_LINE, .x = found->profile_at, .y = found->profile_rise,
         .count = found->profile_count},
        {.name = "rejected above, at 5 %", .mark = TC_CHART_LINE, .x = found->profile_at, .y = limit,
         .count = found->profile_count}};
    draw(to, &(tc_chart){.title = "Profile", .x_label = name, .y_label = "squared standard errors", .series = series,
                         .series_count = 2},
         "All other parameters refitted at each point: a flat profile is a parameter that the data do not tell.");
}

void put_calibrated_page(tc_buffer *to, const tc_calibrated *found)
{
    char title[120];
    snprintf(title, sizeof title, "Calibration of %s", found->parameters.model->name);
    tc_page_begin(to, title);
    put_parameters(to, found);
    calibrated_lines(found, put_paragraph, to);
    draw_fit(to, found);
    draw_residuals(to, found);
    draw_z(to, found);
    draw_calibration(to, found);
    draw_profile(to, found);
    tc_page_heading(to, "Data");
    tc_page_paragraph(to, "SHA-256 of the orders:");
    tc_page_paragraph(to, found->parameters.digest);
    tc_page_end(to);
    if (to->failed) no_memory();
}
