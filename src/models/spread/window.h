/* window.h - what the estimators of a spread work on: logarithms of some bars in a row, and means over what is known. */
#ifndef TC_MODELS_SPREAD_WINDOW_H
#define TC_MODELS_SPREAD_WINDOW_H

#include <math.h>
#include <stdint.h>

#include "tradecost/spread.h"

enum { TC_WINDOW_COLUMNS = 4 };

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

/* Two numbers in one register: every processor of note has those. */
typedef double tc_pair __attribute__((vector_size(16)));
typedef int64_t tc_masks __attribute__((vector_size(16)));

typedef struct {
    tc_pair sum, lost; /* lost: what rounding took from the sum (Knuth's two-sum) */
    tc_masks known;    /* counted downwards */
} tc_pair_sum;

/* The sum of what is not NAN, and how many that is; all-zero is none. Windows of
 * any length are right to the last digits. */
typedef struct {
    tc_pair_sum part[2];
} tc_sum;

void tc_sum_take(tc_sum *sum, const double *value, size_t count);
double tc_sum_of(const tc_sum *sum, size_t *known);

/* NAN of nothing. */
static inline double tc_mean_of(const tc_sum *of)
{
    size_t known;
    double sum = tc_sum_of(of, &known);
    return sum / (double)known;
}

static inline double tc_sum_known(const double *value, size_t count, size_t *known)
{
    tc_sum sum = {0};
    tc_sum_take(&sum, value, count);
    return tc_sum_of(&sum, known);
}

static inline double tc_mean_known(const double *value, size_t count)
{
    tc_sum sum = {0};
    tc_sum_take(&sum, value, count);
    return tc_mean_of(&sum);
}

/* Whether each is above 0 and finite, or NAN. */
bool tc_are_prices(const double *value, size_t count);

/* A row is about a bar and the one before: row i of a window about its bars i
 * and i + 1, so that there is one row fewer than bars. */

/* tau of some rows: whether a bar traded anew, 1 or 0; NAN if its range or the
 * close before is missing. Without any closes a range says yes, and no range says nothing. */
void tc_fill_traded(double *tau, const tc_window *window, size_t from, size_t rows);
/* tau where a price and an end of its range differ, 0 where not; NAN where one of the three is missing. */
void tc_fill_apart(double *to, const double *tau, const double *price, const double *end, size_t rows);

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
