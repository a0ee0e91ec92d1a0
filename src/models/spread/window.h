/* window.h - what the estimators of a spread work on: logarithms of some bars in a row, and means over what is known. */
#ifndef TC_MODELS_SPREAD_WINDOW_H
#define TC_MODELS_SPREAD_WINDOW_H

#include <math.h>

#include "tradecost/spread.h"

enum { TC_WINDOW_COLUMNS = 8 };

/* Logarithms; NAN where missing, NULL where no such column is. m is the middle of high and low. */
typedef struct {
    const double *o, *h, *l, *c, *m;
    size_t count;
    double *room; /* TC_WINDOW_COLUMNS x count to work in */
} tc_window;

static inline double *tc_column(const tc_window *window, size_t place)
{
    return window->room + place * window->count;
}

/* The sum of what is not NAN, and how many that is. The rounding of each
 * addition is kept (Knuth's two-sum), so that windows of any length are right to the last digits. */
double tc_sum_known(const double *value, size_t count, size_t *known);

/* NAN of nothing. */
static inline double tc_mean_known(const double *value, size_t count)
{
    size_t known;
    double sum = tc_sum_known(value, count, &known);
    return sum / (double)known;
}

/* Row i - 1 of the columns below is about bars i - 1 and i: there is one row fewer than bars. */

/* tau: whether a bar traded anew, 1 or 0; NAN if its range or the close before
 * is missing. Without any closes a range says yes, and no range says nothing. */
void tc_fill_traded(double *tau, const tc_window *window);

/* How often tau goes with a price off the high, plus how often off the low: of
 * opens, or of closes before. `work` is a column to overwrite. */
double tc_open_apart(const tc_window *window, const double *tau, double *work);
double tc_close_apart(const tc_window *window, const double *tau, double *work);

/* The estimators: they set s2 or spread, and what else they know; what they leave NAN is undefined. */
void tc_edge(tc_spread_estimate *estimate, const tc_window *window);
void tc_open_high_low_close(tc_spread_estimate *estimate, const tc_window *window);
void tc_close_high_low_open(tc_spread_estimate *estimate, const tc_window *window);
void tc_open_high_low(tc_spread_estimate *estimate, const tc_window *window);
void tc_close_high_low(tc_spread_estimate *estimate, const tc_window *window);
void tc_roll(tc_spread_estimate *estimate, const tc_window *window);
void tc_corwin_schultz(tc_spread_estimate *estimate, const tc_window *window);
void tc_corwin_schultz_2(tc_spread_estimate *estimate, const tc_window *window);
void tc_abdi_ranaldo(tc_spread_estimate *estimate, const tc_window *window);
void tc_abdi_ranaldo_2(tc_spread_estimate *estimate, const tc_window *window);

#endif
