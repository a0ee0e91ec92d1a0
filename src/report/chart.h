/* chart.h - charts as SVG that stands alone: no script, no font, no link.
 *
 * A chart is described, then drawn into a buffer (`svg->failed`: no memory).
 * Points that are NAN, infinite, or not above 0 on a logarithmic axis are left
 * out and interrupt a line; without any the chart says "no data". Numbers beyond
 * 1e300 are drawn there. Ticks are round numbers; series differ in brightness,
 * dash and shape, so that they are told apart in black and white too. Texts may
 * hold anything: they are escaped. A dark screen gets dark charts. */
#ifndef TC_REPORT_CHART_H
#define TC_REPORT_CHART_H

#include <stdbool.h>

#include "text/buffer.h"

/* A step holds its value until the next x. */
typedef enum { TC_CHART_LINE, TC_CHART_STEP, TC_CHART_POINTS, TC_CHART_BARS } tc_chart_mark;

typedef struct {
    const char *name; /* in the legend; NULL: none */
    tc_chart_mark mark;
    const double *x, *y;
    size_t count;
    const double *low, *high; /* error bars from low[i] to high[i], or both NULL; NAN: none there */
} tc_chart_series;

typedef struct {
    const char *title, *x_label, *y_label;
    const tc_chart_series *series;
    size_t series_count;
    bool x_log, y_log;
    const char *const *x_names; /* names of x = 0, 1, 2... (bars), or NULL */
    size_t x_name_count;
    unsigned width, height;     /* pixels; 0: 720 by 400 */
} tc_chart;

void tc_chart_draw(tc_buffer *svg, const tc_chart *chart);

/* Counts of `value` in equal bins between its 0.5 and 99.5 percentiles, outliers
 * in the last ones, with the median marked and the number of values and outliers said. */
void tc_chart_histogram(tc_buffer *svg, const char *title, const char *x_label, const double *value, size_t count);

/* Named steps that add up: each bar begins where the one before ends. Behind
 * the `count` steps stands their sum, "total", which is not among them; a step
 * that is NAN is written "unknown" and the sum is then the "known total". */
void tc_chart_waterfall(tc_buffer *svg, const char *title, const char *y_label, const char *const *name,
                        const double *value, size_t count);

/* rows x columns of numbers as colours, and written where there is room; `value`
 * row by row, NAN left blank. Below 0 is blue and above 0 red where both occur. */
void tc_chart_heat_map(tc_buffer *svg, const char *title, const char *const *row_name, size_t rows,
                       const char *const *column_name, size_t columns, const double *value);

#endif
