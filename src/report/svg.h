/* svg.h - what every chart is made of: text that is escaped, numbers, the frame of a drawing. */
#ifndef TC_REPORT_SVG_H
#define TC_REPORT_SVG_H

#include "text/buffer.h"
#include "tradecost/trade.h"

/* Colours by place: `light` on paper, `dark` on a dark screen. Neighbours differ in brightness, and in `dash`. */
typedef struct {
    const char *light, *dark, *dash;
} tc_ink;

enum { TC_INKS = 8, TC_CHART_WIDTH = 720, TC_CHART_HEIGHT = 400, TC_FONT = 12 };
extern const tc_ink tc_inks[TC_INKS];

/* Markup and numbers of our own; text of others goes through tc_svg_text(). */
void tc_svg_print(tc_buffer *to, const char *format, ...) TC_PRINTF(2, 3);

/* The opening tag, paper and title. */
void tc_svg_begin(tc_buffer *to, double width, double height, const char *title);
void tc_svg_end(tc_buffer *to);

/* Where a text stands: `anchor` is start, middle or end; `turn` in degrees around its place. */
typedef struct {
    double x, y;
    const char *anchor, *style; /* style: ink, soft, or on colours white, black */
    double turn;
    unsigned characters;        /* longer texts end in an ellipsis; 0: all of it */
} tc_svg_place;

void tc_svg_text(tc_buffer *to, const tc_svg_place *place, tc_text text);

/* What a text will take, by the mean width of a letter: good enough for margins. */
double tc_svg_width(tc_text text);

/* The length in characters, of which `limit` bytes are within the first `characters`. */
size_t tc_characters(tc_text text, size_t characters, size_t *bytes);

/* A number of three significant digits, for labels of values. */
void tc_svg_number(tc_buffer *to, double value);

#endif
