#include <math.h>

#include "chart.h"
#include "frame.h"
#include "text/values.h"

enum { ROW_HEIGHT = 26, NAME_LIMIT = 22, TOP = 52, KEY_HEIGHT = 44, TURNED_HEIGHT = 84 };

typedef struct {
    double red, green, blue;
} color;

static color between(color a, color b, double share)
{
    return (color){a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
}

/* Numbers of one sign grow from pale to dark; of both, they part from a pale
 * nought into blue below and red above. */
typedef struct {
    double low, high; /* of the colours */
    bool both;
} scale;

static const color pale = {241, 245, 249}, middle = {91, 147, 199}, deep = {18, 54, 99}, warm = {176, 58, 20}, half_warm = {236, 151, 96};

static double share_of(double value, double low, double high)
{
    double size = fmax(fabs(low), fabs(high)); /* scaled first, so that no difference overflows */
    return size > 0 && high > low ? (value / size - low / size) / (high / size - low / size) : 0.5;
}

static color color_at(const scale *s, double value)
{
    if (!s->both) {
        double share = fmin(fmax(share_of(value, s->low, s->high), 0), 1);
        return share < 0.5 ? between(pale, middle, share * 2) : between(middle, deep, share * 2 - 1);
    }
    double share = fmin(fabs(value) / s->high, 1);
    color half = value < 0 ? middle : half_warm, full = value < 0 ? deep : warm;
    return share < 0.5 ? between(pale, half, share * 2) : between(half, full, share * 2 - 1);
}

static bool is_dark(color c)
{
    return 0.299 * c.red + 0.587 * c.green + 0.114 * c.blue < 140;
}

static scale scale_of(const double *value, size_t count)
{
    scale s = {INFINITY, -INFINITY, false};
    for (size_t i = 0; i < count; i++)
        if (isfinite(value[i])) s.low = fmin(s.low, value[i]), s.high = fmax(s.high, value[i]);
    s.both = s.low < 0 && s.high > 0;
    if (s.both) s.high = fmax(-s.low, s.high), s.low = -s.high;
    return s;
}

typedef struct {
    double left, top, width, height; /* of the first cell */
    size_t rows, columns;
} grid;

static void put_number(tc_buffer *to, const tc_svg_place *place, double value)
{
    tc_buffer label = {0};
    tc_svg_number(&label, value);
    tc_svg_text(to, place, (tc_text){label.data, label.size});
    to->failed = to->failed || label.failed;
    tc_buffer_free(&label);
}

static void draw_cells(tc_buffer *svg, const grid *g, const scale *s, const double *value)
{
    bool written = g->width >= 44;
    for (size_t i = 0; i < g->rows * g->columns; i++) {
        if (!isfinite(value[i])) continue;
        double x = g->left + (double)(i % g->columns) * g->width, y = g->top + (double)(i / g->columns) * g->height;
        color c = color_at(s, value[i]);
        tc_svg_print(svg, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"rgb(%.0f,%.0f,%.0f)\"/>\n", x + 0.5, y + 0.5,
                     fmax(g->width - 1, 0.5), g->height - 1, c.red, c.green, c.blue);
        /* Not "ink": a cell keeps its colour on a dark screen, and so must its number. */
        if (written)
            put_number(svg, &(tc_svg_place){x + g->width / 2, y + g->height / 2 + 4, "middle", is_dark(c) ? "white" : "black", 0, 0}, value[i]);
    }
}

static void draw_row_names(tc_buffer *svg, const grid *g, const char *const *name)
{
    for (size_t i = 0; i < g->rows; i++)
        tc_svg_text(svg, &(tc_svg_place){g->left - 8, g->top + ((double)i + 0.5) * g->height + 4, "end", "soft", 0, NAME_LIMIT}, tc_text_of(name[i]));
}

static void draw_column_names(tc_buffer *svg, const grid *g, const char *const *name, bool turned)
{
    double bottom = g->top + (double)g->rows * g->height;
    size_t stride = (size_t)fmax(ceil(TC_FONT * 1.4 / g->width), 1);
    for (size_t i = 0; i < g->columns; i += stride) {
        double x = g->left + ((double)i + 0.5) * g->width;
        tc_svg_place place = {x, bottom + 18, "middle", "soft", 0, 0};
        if (turned) place = (tc_svg_place){x + 4, bottom + 14, "end", "soft", -35, 16};
        tc_svg_text(svg, &place, tc_text_of(name[i]));
    }
}

/* The colours in a bar, with the numbers at its ends. */
static void draw_key(tc_buffer *svg, const scale *s, double right, double y)
{
    enum { STEPS = 24, STEP = 6 };
    double left = right - STEPS * STEP - 60;
    if (s->low > s->high) return;
    for (int i = 0; i < STEPS; i++) {
        double share = (i + 0.5) / STEPS;
        color c = color_at(s, s->low * (1 - share) + s->high * share);
        tc_svg_print(svg, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"10\" fill=\"rgb(%.0f,%.0f,%.0f)\"/>", left + i * STEP, y - 9, STEP + (i + 1 < STEPS ? 0.6 : 0.0),
                     c.red, c.green, c.blue);
    }
    tc_svg_print(svg, "\n");
    put_number(svg, &(tc_svg_place){left - 6, y, "end", "soft", 0, 0}, s->low);
    put_number(svg, &(tc_svg_place){left + STEPS * STEP + 6, y, "start", "soft", 0, 0}, s->high);
}

static double widest_name(const char *const *name, size_t count, size_t limit)
{
    double widest = 0;
    for (size_t i = 0; i < count; i++) widest = fmax(widest, tc_svg_width(tc_text_of(name[i])));
    return fmin(widest, 0.56 * TC_FONT * (double)limit);
}

void tc_chart_heat_map(tc_buffer *svg, const char *title, const char *const *row_name, size_t rows, const char *const *column_name,
                       size_t columns, const double *value)
{
    grid g = {fmax(widest_name(row_name, rows, NAME_LIMIT) + 24, 40), title ? TOP : 16, 0, ROW_HEIGHT, rows, columns};
    g.width = (TC_CHART_WIDTH - 20 - g.left) / (double)(columns ? columns : 1);
    bool turned = widest_name(column_name, columns, 1000) > g.width - 4;
    double bottom = g.top + (double)(rows ? rows : 1) * g.height + (turned ? TURNED_HEIGHT : 24);
    scale s = scale_of(value, rows * columns);
    tc_svg_begin(svg, TC_CHART_WIDTH, bottom + KEY_HEIGHT, title);
    draw_row_names(svg, &g, row_name);
    draw_cells(svg, &g, &s, value);
    draw_column_names(svg, &g, column_name, turned);
    draw_key(svg, &s, TC_CHART_WIDTH - 20, bottom + KEY_HEIGHT - 18);
    if (s.low > s.high)
        tc_svg_text(svg, &(tc_svg_place){TC_CHART_WIDTH / 2, g.top + 18, "middle", "soft", 0, 0}, tc_text_of("no data"));
    tc_svg_end(svg);
}
