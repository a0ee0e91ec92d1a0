#include "frame.h"

#include <math.h>

#include "text/values.h"

enum { RIGHT_MARGIN = 20, LABEL_GAP = 8, NAME_LIMIT = 18, TURNED_SLOPE = 35 };

double tc_frame_x(const tc_frame *frame, double value)
{
    return frame->left + tc_axis_place(&frame->x, value) * (frame->right - frame->left);
}

double tc_frame_y(const tc_frame *frame, double value)
{
    return frame->bottom - tc_axis_place(&frame->y, value) * (frame->bottom - frame->top);
}

double tc_frame_foot(const tc_frame *frame)
{
    return frame->y.log || frame->y.low > 0 || frame->y.high < 0 ? frame->bottom : tc_frame_y(frame, 0);
}

static double widest_label(const tc_axis *axis)
{
    double widest = 0;
    for (size_t i = 0; i < axis->ticks; i++) {
        tc_buffer label = {0};
        tc_axis_label(&label, axis, axis->tick[i]);
        widest = fmax(widest, tc_svg_width((tc_text){label.data, label.size}));
        tc_buffer_free(&label);
    }
    return widest;
}

static void put_label(tc_buffer *to, const tc_svg_place *place, const tc_axis *axis, double value)
{
    tc_buffer label = {0};
    tc_axis_label(&label, axis, value);
    tc_svg_text(to, place, (tc_text){label.data, label.size});
    to->failed = to->failed || label.failed;
    tc_buffer_free(&label);
}

/* The name of an axis, with the power of ten that its labels leave out. */
static void put_name(tc_buffer *to, const tc_svg_place *place, const char *name, const tc_axis *axis)
{
    tc_buffer label = {0};
    if (name) tc_buffer_put(&label, name, strlen(name));
    if (name && axis->exponent) tc_buffer_put(&label, ", ", 2);
    tc_axis_unit(&label, axis);
    if (label.size) tc_svg_text(to, place, (tc_text){label.data, label.size});
    to->failed = to->failed || label.failed;
    tc_buffer_free(&label);
}

static void draw_line(tc_buffer *to, const char *style, double x1, double y1, double x2, double y2)
{
    bool grid = !strcmp(style, "grid");
    tc_svg_print(to, "<line class=\"%s\" stroke=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", style,
                 grid ? "#e4e8ec" : "#6b7683", x1, y1, x2, y2);
}

/* Between powers of ten, faint lines whose crowding says that the axis is logarithmic. */
static void draw_decades(const tc_frame *frame, const tc_axis *axis, bool across)
{
    if (!axis->decades || axis->ticks > 9) return;
    tc_svg_print(frame->to, "<g opacity=\"0.45\">\n");
    for (size_t i = 0; i <= axis->ticks; i++)
        for (int m = 2; m <= 9; m++) {
            double value = i < axis->ticks ? axis->tick[i] * m : axis->tick[0] / 10 * m;
            if (value <= axis->low || value >= axis->high) continue;
            double y = tc_frame_y(frame, value), x = tc_frame_x(frame, value);
            if (across) draw_line(frame->to, "grid", frame->left, y, frame->right, y);
            else draw_line(frame->to, "grid", x, frame->top, x, frame->bottom);
        }
    tc_svg_print(frame->to, "</g>\n");
}

static void draw_y(const tc_frame *frame)
{
    draw_decades(frame, &frame->y, true);
    for (size_t i = 0; i < frame->y.ticks; i++) {
        double y = tc_frame_y(frame, frame->y.tick[i]);
        draw_line(frame->to, "grid", frame->left, y, frame->right, y);
        put_label(frame->to, &(tc_svg_place){frame->left - LABEL_GAP, y + 4, "end", "soft", 0, 0}, &frame->y, frame->y.tick[i]);
    }
}

static void draw_x_numbers(const tc_frame *frame)
{
    draw_decades(frame, &frame->x, false);
    for (size_t i = 0; i < frame->x.ticks; i++) {
        double x = tc_frame_x(frame, frame->x.tick[i]);
        if (frame->x.decades) draw_line(frame->to, "grid", x, frame->top, x, frame->bottom);
        draw_line(frame->to, "axis", x, frame->bottom, x, frame->bottom + 4);
        put_label(frame->to, &(tc_svg_place){x, frame->bottom + 18, "middle", "soft", 0, 0}, &frame->x, frame->x.tick[i]);
    }
}

typedef struct {
    size_t stride; /* every how many names is written */
    bool turned;
    double height;
} name_plan;

/* Names stand upright where they fit, else turned, and where even that is too narrow only some of them. */
static name_plan plan_names(const tc_frame_words *words, double room)
{
    double widest = 0, each = room / (double)words->x_name_count;
    for (size_t i = 0; i < words->x_name_count; i++) widest = fmax(widest, tc_svg_width(tc_text_of(words->x_names[i])));
    name_plan plan = {1, widest > each - 6, 18};
    if (!plan.turned) return plan;
    widest = fmin(widest, 0.56 * TC_FONT * NAME_LIMIT);
    plan.height = 14 + widest * sin(TURNED_SLOPE * 3.14159265358979 / 180);
    plan.stride = (size_t)ceil(TC_FONT * 1.6 / each);
    return plan;
}

static void draw_x_names(const tc_frame *frame, const tc_frame_words *words, name_plan plan)
{
    for (size_t i = 0; i < words->x_name_count; i += plan.stride) {
        tc_svg_place place = {tc_frame_x(frame, (double)i), frame->bottom + 18, "middle", "soft", 0, 0};
        if (plan.turned) place = (tc_svg_place){place.x + 4, frame->bottom + 14, "end", "soft", -TURNED_SLOPE, NAME_LIMIT};
        tc_svg_text(frame->to, &place, tc_text_of(words->x_names[i]));
    }
}

void tc_frame_draw(tc_frame *frame, const tc_frame_words *words, double width, double height)
{
    bool named = words->x_names && words->x_name_count;
    bool labelled = words->x_label || frame->x.exponent;
    name_plan plan = {1, false, 18};
    frame->left = fmax(fmin(widest_label(&frame->y) + LABEL_GAP + 12, width / 3), 28);
    frame->right = width - RIGHT_MARGIN;
    if (named) plan = plan_names(words, frame->right - frame->left);
    if (plan.turned) frame->left = fmax(frame->left, plan.height);
    frame->bottom = height - plan.height - 8 - (labelled ? 20 : 0);
    if (frame->bottom < frame->top + 20) frame->bottom = frame->top + 20;
    put_name(frame->to, &(tc_svg_place){16, frame->top - 16, "start", "soft", 0, 0}, words->y_label, &frame->y);
    draw_y(frame);
    if (named) draw_x_names(frame, words, plan);
    else draw_x_numbers(frame);
    put_name(frame->to, &(tc_svg_place){frame->right, height - 10, "end", "soft", 0, 0}, words->x_label, &frame->x);
}

void tc_frame_base(const tc_frame *frame)
{
    double y = tc_frame_foot(frame);
    draw_line(frame->to, "axis", frame->left, y, frame->right, y);
    if (y < frame->bottom) draw_line(frame->to, "grid", frame->left, frame->bottom, frame->right, frame->bottom);
}

void tc_frame_empty(const tc_frame *frame)
{
    tc_svg_place place = {(frame->left + frame->right) / 2, (frame->top + frame->bottom) / 2, "middle", "soft", 0, 0};
    tc_svg_text(frame->to, &place, tc_text_of("no data"));
}
