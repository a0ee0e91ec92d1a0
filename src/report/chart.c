#include "chart.h"

#include <math.h>
#include <stdlib.h>

#include "frame.h"
#include "text/values.h"

enum { LEGEND_ROW = 20, TITLE_HEIGHT = 40, MARKS = 4 };
#define BAR_SHARE 0.78 /* of the distance between places that bars fill */

static double or_standard(unsigned pixels, unsigned standard)
{
    return pixels ? pixels : standard;
}

static const tc_ink *ink_of(size_t series)
{
    return &tc_inks[series % TC_INKS];
}

/* The group that a series is drawn in; everything within takes its colour. */
static void open_group(tc_buffer *to, size_t series)
{
    tc_svg_print(to, "<g class=\"k%zu\" color=\"%s\">\n", series % TC_INKS, ink_of(series)->light);
}

/* A small shape of its own for each series, filled or hollow. */
static void put_mark(tc_buffer *to, size_t series, double x, double y, double size)
{
    const char *paint = series % TC_INKS < MARKS ? "fill=\"currentColor\" fill-opacity=\"0.75\""
                                                 : "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"";
    switch (series % MARKS) {
    case 0:
        tc_svg_print(to, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" %s/>", x, y, size, paint);
        break;
    case 1:
        tc_svg_print(to, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" %s/>", x - size, y - size, 2 * size, 2 * size, paint);
        break;
    case 2:
        tc_svg_print(to, "<path d=\"M%.1f %.1fl%.1f %.1fh%.1fz\" %s/>", x, y - 1.2 * size, 1.2 * size, 2.1 * size, -2.4 * size, paint);
        break;
    default:
        tc_svg_print(to, "<path d=\"M%.1f %.1fl%.1f %.1fl%.1f %.1fl%.1f %.1fz\" %s/>", x, y - 1.3 * size, 1.3 * size, 1.3 * size,
                     -1.3 * size, 1.3 * size, -1.3 * size, -1.3 * size, paint);
        break;
    }
}

/* Ranges of what is drawn. */

static bool is_drawn(const tc_chart *chart, const tc_chart_series *series, size_t i)
{
    tc_range x = tc_range_of(chart->x_log), y = tc_range_of(chart->y_log);
    return tc_range_takes(&x, series->x[i]) && tc_range_takes(&y, series->y[i]);
}

static void add_series(tc_range *x, tc_range *y, const tc_chart *chart, const tc_chart_series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        if (!is_drawn(chart, series, i)) continue;
        tc_range_add(x, series->x[i]);
        tc_range_add(y, series->y[i]);
        if (series->low) tc_range_add(y, series->low[i]);
        if (series->high) tc_range_add(y, series->high[i]);
    }
    if (series->mark == TC_CHART_BARS && !tc_range_is_empty(y)) tc_range_add(y, 0);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The least distance between the places of bars; 1 where there is only one. */
static double bar_pitch(const tc_chart *chart)
{
    size_t count = 0, room = 0;
    for (size_t s = 0; s < chart->series_count; s++)
        if (chart->series[s].mark == TC_CHART_BARS) room += chart->series[s].count;
    double *place = room ? malloc(room * sizeof *place) : NULL, pitch = INFINITY;
    if (!place) return 1;
    for (size_t s = 0; s < chart->series_count; s++) {
        const tc_chart_series *series = &chart->series[s];
        for (size_t i = 0; series->mark == TC_CHART_BARS && i < series->count; i++)
            if (is_drawn(chart, series, i)) place[count++] = fmin(fmax(series->x[i], -TC_AXIS_LIMIT), TC_AXIS_LIMIT);
    }
    qsort(place, count, sizeof *place, by_value);
    for (size_t i = 1; i < count; i++)
        if (place[i] > place[i - 1]) pitch = fmin(pitch, place[i] - place[i - 1]);
    free(place);
    return isfinite(pitch) ? pitch : 1;
}

static size_t count_bars(const tc_chart *chart)
{
    size_t bars = 0;
    for (size_t s = 0; s < chart->series_count; s++) bars += chart->series[s].mark == TC_CHART_BARS;
    return bars;
}

static bool has_points(const tc_chart *chart)
{
    for (size_t s = 0; s < chart->series_count; s++)
        if (chart->series[s].mark == TC_CHART_POINTS) return true;
    return false;
}

/* Bars and names need half a step on either side, points a little air. */
static void add_margins(tc_range *x, const tc_chart *chart, double pitch)
{
    if (chart->x_names && !chart->x_log) {
        tc_range_add(x, -0.5);
        tc_range_add(x, (double)chart->x_name_count - 0.5);
    }
    if (tc_range_is_empty(x) || chart->x_names) return;
    double low = x->low, high = x->high, air = has_points(chart) ? 0.02 : 0;
    if (chart->x_log) {
        double factor = exp(air * (log(high) - log(low)));
        tc_range_add(x, low / factor);
        tc_range_add(x, high * factor);
        return;
    }
    double margin = fmax(count_bars(chart) ? pitch / 2 : 0, air * (high - low));
    tc_range_add(x, low - margin);
    tc_range_add(x, high + margin);
}

static void fit_axes(tc_frame *frame, const tc_chart *chart, double pitch, double width, double height)
{
    tc_range x = tc_range_of(chart->x_log), y = tc_range_of(chart->y_log);
    for (size_t s = 0; s < chart->series_count; s++) add_series(&x, &y, chart, &chart->series[s]);
    add_margins(&x, chart, pitch);
    tc_axis_fit(&frame->x, &x, (unsigned)fmin(fmax(width / 90, 2), 16), false);
    tc_axis_fit(&frame->y, &y, (unsigned)fmin(fmax(height / 70, 2), 16), true);
}

/* Lines. Of the points that fall into one column of pixels the first, the lowest, the highest and the last are enough. */

typedef struct {
    double x, first, low, high, last;
    bool any;
} pixel_column;

static void put_column(tc_buffer *to, const pixel_column *column, bool *drawing)
{
    double x = column->x;
    if (*drawing) tc_svg_print(to, "L%.1f %.1f", x, column->first);
    else tc_svg_print(to, "M%.1f %.1fh0", x, column->first); /* a round cap makes a dot even of a lone point */
    if (column->low < column->first || column->low < column->last) tc_svg_print(to, "V%.1f", column->low);
    if (column->high > column->first || column->high > column->last) tc_svg_print(to, "V%.1f", column->high);
    if (column->last != column->first || column->low != column->high) tc_svg_print(to, "V%.1f", column->last);
    *drawing = true;
}

static void draw_path(const tc_frame *frame, const tc_chart *chart, const tc_chart_series *series, bool merged)
{
    bool drawing = false;
    pixel_column column = {0};
    for (size_t i = 0; i < series->count; i++) {
        bool drawn = is_drawn(chart, series, i);
        double x = drawn ? tc_frame_x(frame, series->x[i]) : 0, y = drawn ? tc_frame_y(frame, series->y[i]) : 0;
        bool same = drawn && merged && column.any && floor(x) == floor(column.x);
        if (same) {
            column.low = fmin(column.low, y), column.high = fmax(column.high, y), column.last = y;
            continue;
        }
        if (column.any) put_column(frame->to, &column, &drawing);
        if (drawn && drawing && series->mark == TC_CHART_STEP) tc_svg_print(frame->to, "H%.1f", x);
        if (!drawn) drawing = false;
        column = (pixel_column){x, y, y, y, y, drawn};
    }
    if (column.any) put_column(frame->to, &column, &drawing);
}

static void draw_line(const tc_frame *frame, const tc_chart *chart, size_t s)
{
    const tc_chart_series *series = &chart->series[s];
    bool merged = (double)series->count > 4 * (frame->right - frame->left);
    tc_svg_print(frame->to, "<path fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" "
                            "stroke-linejoin=\"round\" stroke-dasharray=\"%s\" d=\"", *ink_of(s)->dash ? ink_of(s)->dash : "none");
    draw_path(frame, chart, series, merged);
    tc_svg_print(frame->to, "\"/>\n");
}

/* One mark a pixel is all that can be seen: `seen` has a bit for each. */
static bool first_at(unsigned char *seen, const tc_frame *frame, double x, double y)
{
    size_t columns = (size_t)(frame->right - frame->left) + 1;
    size_t at = (size_t)(y - frame->top) * columns + (size_t)(x - frame->left);
    unsigned char bit = (unsigned char)(1u << (at & 7));
    if (seen[at >> 3] & bit) return false;
    seen[at >> 3] |= bit;
    return true;
}

static void draw_points(const tc_frame *frame, const tc_chart *chart, size_t s)
{
    const tc_chart_series *series = &chart->series[s];
    size_t pixels = ((size_t)(frame->right - frame->left) + 2) * ((size_t)(frame->bottom - frame->top) + 2);
    unsigned char *seen = calloc(pixels / 8 + 1, 1);
    double size = series->count > 400 ? 2 : 3.5;
    if (!seen) frame->to->failed = true;
    for (size_t i = 0; seen && i < series->count; i++) {
        if (!is_drawn(chart, series, i)) continue;
        double x = tc_frame_x(frame, series->x[i]), y = tc_frame_y(frame, series->y[i]);
        if (first_at(seen, frame, x, y)) put_mark(frame->to, s, x, y, size);
    }
    tc_svg_print(frame->to, "\n");
    free(seen);
}

/* Bars of several series stand side by side. */
typedef struct {
    double width, shift; /* pixels; from the place to the bar's middle */
} bar_place;

static bar_place place_bars(const tc_frame *frame, const tc_chart *chart, size_t s, double pitch)
{
    size_t bars = count_bars(chart), before = 0;
    for (size_t i = 0; i < s; i++) before += chart->series[i].mark == TC_CHART_BARS;
    double step = frame->x.log ? (frame->right - frame->left) / 40 : pitch / (frame->x.high - frame->x.low) * (frame->right - frame->left);
    double width = fmax(fmin(step * BAR_SHARE, 120) / (double)bars, 0.5);
    return (bar_place){width, ((double)before - ((double)bars - 1) / 2) * width};
}

static void draw_bars(const tc_frame *frame, const tc_chart *chart, size_t s, bar_place bar)
{
    const tc_chart_series *series = &chart->series[s];
    double foot = tc_frame_foot(frame);
    for (size_t i = 0; i < series->count; i++) {
        if (!is_drawn(chart, series, i)) continue;
        double x = tc_frame_x(frame, series->x[i]) + bar.shift, y = tc_frame_y(frame, series->y[i]);
        tc_svg_print(frame->to, "<rect fill=\"currentColor\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", x - bar.width / 2,
                     fmin(y, foot), bar.width, fabs(foot - y));
    }
    tc_svg_print(frame->to, "\n");
}

/* Error bars are drawn in ink over bars, so that they stand out from them. */
static void draw_errors(const tc_frame *frame, const tc_chart *chart, size_t s, double shift)
{
    const tc_chart_series *series = &chart->series[s];
    bool bars = series->mark == TC_CHART_BARS;
    if (!series->low || !series->high) return;
    tc_svg_print(frame->to, "<g class=\"%s\" fill=\"%s\">\n", bars ? "ink" : "", bars ? "#1b1f24" : "currentColor");
    for (size_t i = 0; i < series->count; i++) {
        bool known = is_drawn(chart, series, i) && !isnan(series->low[i]) && !isnan(series->high[i]);
        if (!known) continue;
        double x = tc_frame_x(frame, series->x[i]) + shift;
        double low = tc_frame_y(frame, series->low[i]), high = tc_frame_y(frame, series->high[i]);
        tc_svg_print(frame->to, "<path d=\"M%.1f %.1fh1.4v%.1fh-1.4zm-3.3 -0.7h8v1.4h-8zm0 %.1fh8v1.4h-8z\"/>", x - 0.7, high, low - high, low - high);
    }
    tc_svg_print(frame->to, "</g>\n");
}

static void draw_series(const tc_frame *frame, const tc_chart *chart, size_t s, double pitch)
{
    bar_place bar = {0, 0};
    open_group(frame->to, s);
    switch (chart->series[s].mark) {
    case TC_CHART_BARS:
        bar = place_bars(frame, chart, s, pitch);
        draw_bars(frame, chart, s, bar);
        break;
    case TC_CHART_POINTS:
        draw_points(frame, chart, s);
        break;
    default:
        draw_line(frame, chart, s);
        break;
    }
    draw_errors(frame, chart, s, bar.shift);
    tc_svg_print(frame->to, "</g>\n");
}

/* The legend, in as many rows as it takes. */

static void put_key(tc_buffer *to, const tc_chart *chart, size_t s, double x, double y)
{
    open_group(to, s);
    if (chart->series[s].mark == TC_CHART_BARS)
        tc_svg_print(to, "<rect fill=\"currentColor\" x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"12\"/>", x + 6, y - 10);
    else if (chart->series[s].mark == TC_CHART_POINTS)
        put_mark(to, s, x + 12, y - 4, 4);
    else
        tc_svg_print(to, "<path fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"%s\" d=\"M%.1f %.1fh24\"/>",
                     *ink_of(s)->dash ? ink_of(s)->dash : "none", x, y - 4);
    tc_svg_print(to, "</g>\n");
}

/* Returns the height taken; draws only where `to` is given. */
static double legend(tc_buffer *to, const tc_chart *chart, double top, double width)
{
    enum { KEY = 32, GAP = 18, LIMIT = 48 };
    double x = 16, y = top;
    bool any = false;
    for (size_t s = 0; s < chart->series_count; s++) {
        const char *name = chart->series[s].name;
        if (!name) continue;
        double size = KEY + fmin(tc_svg_width(tc_text_of(name)), 0.56 * TC_FONT * LIMIT) + GAP;
        if (any && x + size > width) x = 16, y += LEGEND_ROW;
        if (to) put_key(to, chart, s, x, y + 14);
        if (to) tc_svg_text(to, &(tc_svg_place){x + KEY, y + 14, "start", "ink", 0, LIMIT}, tc_text_of(name));
        x += size;
        any = true;
    }
    return any ? y - top + LEGEND_ROW + 4 : 0;
}

static bool is_empty(const tc_chart *chart)
{
    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].count; i++)
            if (is_drawn(chart, &chart->series[s], i)) return false;
    return true;
}

void tc_chart_draw(tc_buffer *svg, const tc_chart *chart)
{
    double width = or_standard(chart->width, TC_CHART_WIDTH), height = or_standard(chart->height, TC_CHART_HEIGHT);
    double top = chart->title ? TITLE_HEIGHT : 12, pitch = chart->x_names ? 1 : bar_pitch(chart);
    tc_frame_words words = {chart->x_label, chart->y_label, chart->x_names, chart->x_name_count};
    tc_frame frame = {.to = svg};
    tc_svg_begin(svg, width, height, chart->title);
    fit_axes(&frame, chart, pitch, width, height);
    frame.top = top + legend(svg, chart, top, width) + (chart->y_label || frame.y.exponent ? 34 : 12);
    tc_frame_draw(&frame, &words, width, height);
    for (size_t s = 0; s < chart->series_count; s++) draw_series(&frame, chart, s, pitch);
    tc_frame_base(&frame);
    if (is_empty(chart)) tc_frame_empty(&frame);
    tc_svg_end(svg);
}
