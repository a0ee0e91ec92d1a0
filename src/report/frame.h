/* frame.h - the plot area of a chart: two axes, their ticks and labels, and the way from numbers to pixels. */
#ifndef TC_REPORT_FRAME_H
#define TC_REPORT_FRAME_H

#include "axis.h"
#include "svg.h"

typedef struct {
    tc_buffer *to;
    double left, top, right, bottom;
    tc_axis x, y;
} tc_frame;

/* What is written around the plot. */
typedef struct {
    const char *x_label, *y_label;
    const char *const *x_names; /* of x = 0, 1, 2..., or NULL: numbers */
    size_t x_name_count;
} tc_frame_words;

/* Fits the plot between `top` and the drawing's lower edge, with room for the labels, and draws grid and labels. */
void tc_frame_draw(tc_frame *frame, const tc_frame_words *words, double width, double height);
/* The line where y is 0, or the lower edge: drawn over what stands on it. */
void tc_frame_base(const tc_frame *frame);

double tc_frame_x(const tc_frame *frame, double value);
double tc_frame_y(const tc_frame *frame, double value);
/* Where bars begin: 0, or the lower edge where there is no 0. */
double tc_frame_foot(const tc_frame *frame);

/* In the middle of an empty plot. */
void tc_frame_empty(const tc_frame *frame);

#endif
