#include <math.h>
#include <stdlib.h>

#include "chart.h"
#include "frame.h"
#include "text/values.h"

/* Costs add in one colour, gains in another, the total stands in a third. */
enum { COST_INK = 1, GAIN_INK = 2, TOTAL_INK = 0 };
#define BAR_SHARE 0.64

typedef struct {
    double from, to;
    int ink;
    bool known;
} step;

static step step_to(double from, double value)
{
    bool known = isfinite(value);
    return (step){from, known ? from + value : from, value < 0 ? GAIN_INK : COST_INK, known};
}

static void put_value(const tc_frame *frame, const step *s, double x, double value)
{
    bool below = s->known && value < 0;
    double y = below ? fmax(tc_frame_y(frame, s->from), tc_frame_y(frame, s->to)) + 14
                     : fmin(tc_frame_y(frame, s->from), tc_frame_y(frame, s->to)) - 5;
    tc_buffer label = {0};
    if (s->known) tc_svg_number(&label, value);
    else tc_svg_print(&label, "unknown");
    tc_svg_text(frame->to, &(tc_svg_place){x, y, "middle", "ink", 0, 0}, (tc_text){label.data, label.size});
    frame->to->failed = frame->to->failed || label.failed;
    tc_buffer_free(&label);
}

/* The bar, and a thin line that carries its end to the next one. */
static void put_step(const tc_frame *frame, const step *s, size_t at, bool last)
{
    double pitch = (frame->right - frame->left) / (frame->x.high - frame->x.low), x = tc_frame_x(frame, (double)at);
    double width = fmin(pitch * BAR_SHARE, 90), from = tc_frame_y(frame, s->from), to = tc_frame_y(frame, s->to);
    tc_svg_print(frame->to, "<g class=\"k%d\" color=\"%s\"><rect fill=\"currentColor\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></g>\n",
                 s->ink, tc_inks[s->ink].light, x - width / 2, fmin(from, to), width, fmax(fabs(from - to), s->known ? 1 : 0));
    if (!last)
        tc_svg_print(frame->to, "<path class=\"axis\" stroke=\"#6b7683\" stroke-dasharray=\"2 2\" d=\"M%.1f %.1fH%.1f\"/>\n", x + width / 2, to,
                     x + pitch - width / 2);
}

static void draw_steps(tc_frame *frame, const step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) put_step(frame, &steps[i], i, i + 1 == count);
    tc_frame_base(frame);
    for (size_t i = 0; i < count; i++)
        put_value(frame, &steps[i], tc_frame_x(frame, (double)i), steps[i].to - steps[i].from);
}

static void draw_waterfall(tc_frame *frame, const char *y_label, const char *const *names, const step *steps, size_t count)
{
    tc_range x = tc_range_of(false), y = tc_range_of(false);
    tc_range_add(&x, -0.5), tc_range_add(&x, (double)count - 0.5), tc_range_add(&y, 0);
    for (size_t i = 0; i < count; i++) tc_range_add(&y, steps[i].from), tc_range_add(&y, steps[i].to);
    tc_axis_fit(&frame->x, &x, 8, false);
    tc_axis_fit(&frame->y, &y, 5, true);
    tc_frame_draw(frame, &(tc_frame_words){NULL, y_label, names, count}, TC_CHART_WIDTH, TC_CHART_HEIGHT);
    draw_steps(frame, steps, count);
}

void tc_chart_waterfall(tc_buffer *svg, const char *title, const char *y_label, const char *const *name, const double *value, size_t count)
{
    step *steps = malloc((count + 1) * sizeof *steps);
    const char **names = malloc((count + 1) * sizeof *names);
    tc_frame frame = {.to = svg, .top = title ? 72 : 44};
    double sum = 0;
    bool complete = true;
    tc_svg_begin(svg, TC_CHART_WIDTH, TC_CHART_HEIGHT, title);
    if (steps && names) {
        for (size_t i = 0; i < count; i++) {
            steps[i] = step_to(sum, value[i]);
            names[i] = name[i];
            sum = steps[i].to;
            complete = complete && steps[i].known;
        }
        steps[count] = (step){0, sum, TOTAL_INK, true};
        names[count] = complete ? "total" : "known total";
        draw_waterfall(&frame, y_label, names, steps, count + 1);
    } else {
        svg->failed = true;
    }
    tc_svg_end(svg);
    free(steps);
    free(names);
}
