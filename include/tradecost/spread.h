/* spread.h - bid-ask spreads estimated from open, high, low and close.
 *
 * Where no quotes are known, the way prices bounce between bid and offer tells
 * how far the two are apart. A spread is a fraction of the price, 0.01 = 1 %.
 * The estimates of one short window are noisy and may come out negative: average
 * signed ones over windows or names before reading them. They assume that prices
 * were adjusted for splits. All work on logarithms; missing prices are NAN and
 * each mean is taken over what is known. */
#ifndef TRADECOST_SPREAD_H
#define TRADECOST_SPREAD_H

#include <stdbool.h>

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Name, word, columns it needs (TC_NEEDS_), bars it needs at least, source. In
 * formulas suffix 1 is the bar before, m = (h + l)/2, and tau is 1 where the bar
 * traded anew (h != l or l != c1). po and pc are how often tau goes with an open,
 * or a close before it, off the high plus how often off the low. */
enum { TC_NEEDS_OPEN = 1, TC_NEEDS_HIGH = 2, TC_NEEDS_LOW = 4, TC_NEEDS_CLOSE = 8, TC_NEEDS_RANGE = 6, TC_NEEDS_ALL = 15 };

#define TC_SPREAD_ESTIMATORS(X)                                                                                       \
    /* OHLC, CHLO, OHL and CHL weighted by the inverse of their variances */                                          \
    X(TC_EDGE, "edge", TC_NEEDS_ALL, 3, "Ardia, Guidotti and Kroencke 2024, J. Fin. Economics 161:103916")            \
    /* s2 = -8/po (E[(m-o)(o-c1)] - E[m-o] E[tau (o-c1)]/E[tau]) */                                                   \
    X(TC_OHLC, "ohlc", TC_NEEDS_ALL, 3, "Ardia, Guidotti and Kroencke 2024, open-high-low-close")                     \
    /* s2 = -8/pc (E[(o-c1)(c1-m1)] - E[o-c1] E[tau (c1-m1)]/E[tau]) */                                               \
    X(TC_CHLO, "chlo", TC_NEEDS_ALL, 3, "Ardia, Guidotti and Kroencke 2024, close-high-low-open")                     \
    /* s2 = -8/po (E[(m-o)(o-m1)] - E[m-o] E[tau (o-m1)]/E[tau]); without closes tau is 1 where h != l, else unknown */ \
    X(TC_OHL, "ohl", TC_NEEDS_OPEN | TC_NEEDS_RANGE, 3, "Ardia, Guidotti and Kroencke 2024, open-high-low")           \
    /* s2 = -8/pc (E[(m-c1)(c1-m1)] - E[m-c1] E[tau (c1-m1)]/E[tau]) */                                               \
    X(TC_CHL, "chl", TC_NEEDS_RANGE | TC_NEEDS_CLOSE, 3, "Ardia, Guidotti and Kroencke 2024, close-high-low")         \
    /* s2 = -4 cov(dc, dc1), the covariance over the n pairs that are known, divided by n - 1 */                      \
    X(TC_ROLL, "roll", TC_NEEDS_CLOSE, 4, "Roll 1984, J. Finance 39:1127-1139")                              \
    /* mean of 2 (e^a - 1)/(1 + e^a), eq. (14) and (18), days after a gap moved back by it */                         \
    X(TC_CORWIN_SCHULTZ, "corwin-schultz", TC_NEEDS_RANGE | TC_NEEDS_CLOSE, 2, "Corwin and Schultz 2012, J. Finance 67:719-760") \
    /* the same with negative two-day estimates set to 0 */                                                           \
    X(TC_CORWIN_SCHULTZ_2, "corwin-schultz-2", TC_NEEDS_RANGE | TC_NEEDS_CLOSE, 2, "Corwin and Schultz 2012, negative ones set to 0") \
    /* root of the mean of 4 (c1 - m1)(c1 - m) */                                                                     \
    X(TC_ABDI_RANALDO, "abdi-ranaldo", TC_NEEDS_RANGE | TC_NEEDS_CLOSE, 2, "Abdi and Ranaldo 2017, Rev. Fin. Studies 30:4437-4480") \
    /* mean of the roots, negative ones set to 0 */                                                                   \
    X(TC_ABDI_RANALDO_2, "abdi-ranaldo-2", TC_NEEDS_RANGE | TC_NEEDS_CLOSE, 2, "Abdi and Ranaldo 2017, negative ones set to 0")
#define TC_AS_ENUM(name, word, needs, least, source) name,
typedef enum { TC_SPREAD_ESTIMATORS(TC_AS_ENUM) TC_SPREAD_ESTIMATOR_COUNT } tc_spread_estimator;
#undef TC_AS_ENUM

/* Bars in order of time, borrowed. Above 0, NAN where missing; NULL: no such column. */
typedef struct {
    const double *open, *high, *low, *close;
    size_t count;
} tc_ohlc;

typedef struct {
    double spread; /* a fraction; below 0 only where signed ones were asked for */
    double s2;     /* the squared spread behind it, with its sign; NAN for corwin-schultz and abdi-ranaldo-2, which average spreads */
    double pt, po, pc;         /* E[tau] and the frequencies above; NAN where not used */
    double e1, e2, v1, v2;     /* edge: means and variances of its two moments; else NAN */
} tc_spread_estimate;

/* NULL, 0 beyond the list; -1: none of that name. */
const char *tc_spread_estimator_name(tc_spread_estimator estimator);
const char *tc_spread_estimator_source(tc_spread_estimator estimator);
unsigned tc_spread_estimator_needs(tc_spread_estimator estimator);
int tc_spread_estimator_find(const char *name, size_t size);

/* Over all bars. Any number of threads. Errors: TC_VALUE_NEEDED (a column is
 * not there), TC_BAD_MARKET (a price that is not above 0 and finite, a high
 * below its low; `row` counts from 1), TC_NO_SOLUTION (too few bars, or prices
 * that do not move enough), TC_NO_MEMORY. */
tc_status tc_spread_of(tc_spread_estimate *estimate, tc_error *error, tc_spread_estimator estimator, const tc_ohlc *bars,
                       bool is_signed);

/* spread[i] of the `window` bars that end with bar i, the same to the last bit as
 * tc_spread_of() of those alone; NAN where that has none, and for the first
 * window - 1. Each window is worked out anew: time grows with count x window.
 * Errors as above, but for TC_NO_SOLUTION; TC_OUT_OF_DOMAIN (`window` is below
 * what the estimator needs). */
tc_status tc_spread_rolling(double *spread, tc_error *error, tc_spread_estimator estimator, const tc_ohlc *bars, size_t window,
                            bool is_signed);

#ifdef __cplusplus
}
#endif
#endif
