/* axis.h - from numbers to places on an axis, with round ticks. */
#ifndef TC_REPORT_AXIS_H
#define TC_REPORT_AXIS_H

#include <stdbool.h>

#include "text/buffer.h"

enum { TC_TICKS_MAX = 64 };

/* Numbers beyond this (on a logarithmic axis, below its inverse too) are drawn at it, so that differences stay finite. */
#define TC_AXIS_LIMIT 1e300

typedef struct {
    double low, high; /* low < high, finite; above 0 where logarithmic */
    bool log;
    double tick[TC_TICKS_MAX];
    size_t ticks;
    int exponent;     /* labels are in units of 10^exponent; 0: plain */
    unsigned decimals;
    bool decades;     /* logarithmic, and every tick is a power of ten */
} tc_axis;

/* What an axis must show: begin with tc_range_empty(), then each number. */
typedef struct {
    double low, high;
    bool log;
} tc_range;

tc_range tc_range_of(bool log);
/* Whether a number can stand on the axis at all: finite, above 0 where logarithmic. */
bool tc_range_takes(const tc_range *range, double value);
/* Widens the range; what it cannot take is left out. */
void tc_range_add(tc_range *range, double value);
bool tc_range_is_empty(const tc_range *range);

/* About `wanted` ticks at 1, 2, 2.5 or 5 times a power of ten. `whole`: the ends move out to ticks. */
void tc_axis_fit(tc_axis *axis, const tc_range *range, unsigned wanted, bool whole);

/* 0 at the low end, 1 at the high one; clamped. */
double tc_axis_place(const tc_axis *axis, double value);

/* The number as its tick's label: plain digits, no grouping (1,50,000 and 150,000 are both somebody's habit). */
void tc_axis_label(tc_buffer *to, const tc_axis *axis, double value);
/* The unit of the labels where they are not plain, such as x10^6 in superscript; else nothing. */
void tc_axis_unit(tc_buffer *to, const tc_axis *axis);

#endif
