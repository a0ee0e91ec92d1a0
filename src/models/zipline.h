/* zipline.h - how much of an order zipline fills in one bar. */
#ifndef TC_MODELS_ZIPLINE_H
#define TC_MODELS_ZIPLINE_H

#include "registry.h"

typedef struct {
    double quantity; /* of the order */
    double volume;   /* of the bar */
    double filled;   /* of the bar already, by other orders */
    double limit;    /* largest share of the bar */
    bool whole_cap;  /* limit x volume is cut to whole shares first */
} tc_zipline_bar;

/* The fill in whole shares. TC_NO_SOLUTION: none is left for this order in this bar. */
static inline tc_status tc_zipline_fill(double *fill, tc_error *error, const tc_zipline_bar *bar)
{
    double cap = bar->limit * bar->volume;
    double left = (bar->whole_cap ? floor(cap) : cap) - bar->filled;
    *fill = floor(fmin(left, bar->quantity));
    if (*fill >= 1) return TC_OK;
    return tc_fail(error, TC_NO_SOLUTION, "volume", "nothing is filled: %g of the bar's %g shares are left", fmax(left, 0), bar->volume);
}

#endif
