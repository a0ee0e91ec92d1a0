#include <math.h>
#include <stdlib.h>

#include "chart.h"
#include "frame.h"
#include "text/values.h"

enum { BINS_MIN = 8, BINS_MAX = 60 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The finite ones in order; NULL: no memory, or none. */
static double *sorted_finite(tc_buffer *svg, const double *value, size_t count, size_t *kept)
{
    double *sorted = malloc((count ? count : 1) * sizeof *sorted);
    *kept = 0;
    if (!sorted) svg->failed = true;
    for (size_t i = 0; sorted && i < count; i++)
        if (isfinite(value[i])) sorted[(*kept)++] = fmin(fmax(value[i], -TC_AXIS_LIMIT), TC_AXIS_LIMIT);
    if (sorted) qsort(sorted, *kept, sizeof *sorted, by_value);
    return sorted;
}

/* Between the neighbours where the place falls between them. */
static double quantile(const double *sorted, size_t count, double p)
{
    double place = p * (double)(count - 1);
    size_t below = (size_t)place, above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

typedef struct {
    double low, width;
    size_t bins;
    double middle[BINS_MAX], members[BINS_MAX];
} bins;

/* As wide as Freedman and Diaconis advise (1981): twice the distance of the quartiles over the cube root of the count. */
static void choose_bins(bins *b, const double *sorted, size_t count)
{
    double low = quantile(sorted, count, 0.005), high = quantile(sorted, count, 0.995);
    if (!(high > low)) high = low + fmax(fabs(low), 1) / 10, low -= fmax(fabs(low), 1) / 10;
    double wanted = 2 * (quantile(sorted, count, 0.75) - quantile(sorted, count, 0.25)) / cbrt((double)count);
    double number = wanted > 0 ? ceil((high - low) / wanted) : sqrt((double)count);
    b->bins = (size_t)fmin(fmax(number, BINS_MIN), BINS_MAX);
    b->low = low;
    b->width = (high - low) / (double)b->bins;
}

static void fill_bins(bins *b, const double *sorted, size_t count)
{
    for (size_t i = 0; i < b->bins; i++) b->middle[i] = b->low + ((double)i + 0.5) * b->width, b->members[i] = 0;
    for (size_t i = 0; i < count; i++) {
        double place = floor((sorted[i] - b->low) / b->width);
        b->members[(size_t)fmin(fmax(place, 0), (double)(b->bins - 1))]++;
    }
}

static size_t count_outside(const bins *b, const double *sorted, size_t count)
{
    double high = b->low + b->width * (double)b->bins * (1 + 1e-12);
    size_t outside = 0;
    for (size_t i = 0; i < count; i++) outside += sorted[i] < b->low || sorted[i] > high;
    return outside;
}

static void draw_bins(const tc_frame *frame, const bins *b)
{
    tc_svg_print(frame->to, "<g class=\"k0\" color=\"%s\">\n", tc_inks[0].light);
    for (size_t i = 0; i < b->bins; i++) {
        double left = tc_frame_x(frame, b->low + (double)i * b->width), right = tc_frame_x(frame, b->low + (double)(i + 1) * b->width);
        double y = tc_frame_y(frame, b->members[i]);
        if (b->members[i] > 0)
            tc_svg_print(frame->to, "<rect fill=\"currentColor\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", left + 0.5, y,
                         fmax(right - left - 1, 0.5), frame->bottom - y);
    }
    tc_svg_print(frame->to, "\n</g>\n");
}

static void draw_median(const tc_frame *frame, double median)
{
    double x = tc_frame_x(frame, median);
    bool right = x > (frame->left + frame->right) / 2;
    tc_buffer label = {0};
    tc_svg_print(&label, "median ");
    tc_svg_number(&label, median);
    tc_svg_print(frame->to, "<g class=\"k1\" color=\"%s\"><path stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"6 4\" "
                            "d=\"M%.1f %.1fV%.1f\"/></g>\n", tc_inks[1].light, x, frame->top - 6, frame->bottom);
    tc_svg_text(frame->to, &(tc_svg_place){x + (right ? -6 : 6), frame->top - 2, right ? "end" : "start", "ink", 0, 0},
                (tc_text){label.data, label.size});
    frame->to->failed = frame->to->failed || label.failed;
    tc_buffer_free(&label);
}

/* How many there are, and how many of them only the outermost bars know. */
static void draw_count(const tc_frame *frame, size_t count, size_t outside)
{
    char text[120];
    tc_buffer words = {text, 0, sizeof text, false};
    tc_svg_print(&words, "%zu value%s", count, count == 1 ? "" : "s");
    if (outside) tc_svg_print(&words, ", %zu beyond the ends counted in the outermost bars", outside);
    tc_svg_text(frame->to, &(tc_svg_place){frame->right, TC_FONT + 42, "end", "soft", 0, 0}, (tc_text){text, words.size});
}

static void draw_histogram(tc_frame *frame, const char *x_label, const double *sorted, size_t count)
{
    bins b = {0, 1, 0, {0}, {0}};
    tc_range x = tc_range_of(false), y = tc_range_of(false);
    if (count) choose_bins(&b, sorted, count), fill_bins(&b, sorted, count);
    if (count) tc_range_add(&x, b.low), tc_range_add(&x, b.low + b.width * (double)b.bins);
    tc_range_add(&y, 0);
    for (size_t i = 0; i < b.bins; i++) tc_range_add(&y, b.members[i]);
    tc_axis_fit(&frame->x, &x, 8, false);
    tc_axis_fit(&frame->y, &y, (unsigned)fmin(fmax(y.high, 1), 5), true); /* counts are whole */
    tc_frame_draw(frame, &(tc_frame_words){x_label, "count", NULL, 0}, TC_CHART_WIDTH, TC_CHART_HEIGHT);
    draw_bins(frame, &b);
    tc_frame_base(frame);
    if (!count) {
        tc_frame_empty(frame);
        return;
    }
    draw_median(frame, quantile(sorted, count, 0.5));
    draw_count(frame, count, count_outside(&b, sorted, count));
}

void tc_chart_histogram(tc_buffer *svg, const char *title, const char *x_label, const double *value, size_t count)
{
    size_t kept;
    double *sorted = sorted_finite(svg, value, count, &kept);
    tc_frame frame = {.to = svg, .top = 90};
    tc_svg_begin(svg, TC_CHART_WIDTH, TC_CHART_HEIGHT, title);
    draw_histogram(&frame, x_label, sorted, sorted ? kept : 0);
    tc_svg_end(svg);
    free(sorted);
}
