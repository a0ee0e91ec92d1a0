/* chart.h - charts as SVG that stands alone: no script, no font, no link.
 *
 * A chart is described, then drawn into a buffer. Points that are NAN are left
 * out; ticks are round numbers; colours are told apart in black and white too. */
#ifndef TC_REPORT_CHART_H
#define TC_REPORT_CHART_H

#include <stdbool.h>

#include "text/buffer.h"

typedef enum { TC_CHART_LINE, TC_CHART_STEP, TC_CHART_POINTS, TC_CHART_BARS } tc_chart_mark;

typedef struct {
    const char *name; /* in the legend; NULL: none */
    tc_chart_mark mark;
    const double *x, *y;
    size_t count;
    const double *low, *high; /* error bars, or NULL */
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

/* Counts of `value` in equal bins between its 0.5 and 99.5 percentiles, outliers in the last ones. */
void tc_chart_histogram(tc_buffer *svg, const char *title, const char *x_label, const double *value, size_t count);

/* Named steps that add up: each bar begins where the one before ends; the last is the sum. */
void tc_chart_waterfall(tc_buffer *svg, const char *title, const char *y_label, const char *const *name,
                        const double *value, size_t count);

/* rows x columns of numbers as colours; `value` row by row, NAN left blank. */
void tc_chart_heat_map(tc_buffer *svg, const char *title, const char *const *row_name, size_t rows,
                       const char *const *column_name, size_t columns, const double *value);

#endif
