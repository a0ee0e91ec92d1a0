/* response.h - what trades do to the price, in the time of trades: the memory of
 * their signs, the response of the mid, and the kernel that explains it.
 *
 * Trade t has the sign s_t (+1: a buyer began it, -1 a seller) and meets the mid
 * p_t that stood just before it; r_t = p_(t+1) - p_t is what it moved. All moments
 * are sums over pairs of one day, divided by the number of all trades: no lag
 * crosses a day, and with this divisor (not that of pairs) the matrix of C(i - j)
 * can have no negative eigenvalue. They are moments about zero, as the models
 * below have no constant; to take the mean of long-memory signs away would bend C.
 *
 * Transient impact, TIM1 (Bouchaud, Gefen, Potters and Wyart 2004, Quant. Finance
 * 4:176-190): r_t = sum_(n >= 0) g(n) s_(t-n), whence S(l) = sum_n C(l - n) g(n).
 * TIM2 has a kernel each for trades that change the mid and those that do not;
 * HDIM2 also lets nothing but the former move it (Eisler, Bouchaud and Kockelkoren
 * 2012, Quant. Finance 12:1395-1419; Patzelt and Bouchaud 2018, Phys. Rev. E 97).
 * Allocates only where said; any number of threads. */
#ifndef TC_MODELS_RESPONSE_H
#define TC_MODELS_RESPONSE_H

#include <stdbool.h>

#include "tradecost/status.h"

/* Adds sum_t a(t + l) b(t) to sum[lags + l], l = -lags ... lags, over one day. */
void tc_lag_sums(double *sum, const double *a, const double *b, size_t count, size_t lags);

/* E[a(t + l) b(t)] for l = -lags ... lags, over days one behind the other:
 * day d ends before day_end[d]. With a = b = s it is C, with a = r, b = s it is S. */
void tc_lag_moments(double *moment, const double *a, const double *b, const size_t *day_end, size_t days, size_t lags);

/* R(l) = E[(p_(t+l) - p_t) s_t] from S, both for l = -lags ... lags: R(0) = 0. */
void tc_bare_response(double *bare, const double *differential, size_t lags);

/* G(l) = g(0) + ... + g(l - 1), for l = 0 ... count - 1: G(0) = 0. */
void tc_kernel_integrate(double *bare, const double *differential, size_t count);

/* sum_n kernel(n) s(t - n): with g it is the returns of TIM1, with G of prices. */
void tc_propagate(double *out, const double *sign, size_t count, const double *kernel, size_t kernel_count);

/* The kernels of trades that leave the mid and of those that change it. */
typedef struct {
    const double *unchanged, *changed;
    size_t count;
} tc_kernel_pair;

/* Returns under TIM2 and HDIM2 of trades of which some change the mid. */
void tc_tim2(double *move, const double *sign, const bool *changes, size_t count, tc_kernel_pair kernel);
void tc_hdim2(double *move, const double *sign, const bool *changes, size_t count, tc_kernel_pair kernel);

/* g(0 ... count - 1) from C and S at lags 0 ... count - 1: Levinson's recursion,
 * count^2 operations. `work` has room for count. TC_NOT_IDENTIFIED: C(i - j) is
 * singular, such as where all signs are alike and their mean was taken away, or 0. */
tc_status tc_tim1_calibrate(double *kernel, double *work, tc_error *error, const double *covariance, const double *response,
                            size_t count);

/* Moments of s(n) = s where the mid stays and 0 elsewhere, and s(c) = s - s(n). */
typedef struct {
    const double *unchanged, *changed;           /* C at lags 0 ... count - 1 of s(n), of s(c) */
    const double *mixed;                         /* E[s(c)_(t+l) s(n)_t], l = -(count - 1) ... count - 1 */
    const double *to_unchanged, *to_changed;     /* S at lags 0 ... count - 1 of r against s(n), against s(c) */
    size_t count;
} tc_tim2_moments;

/* Both kernels of TIM2 by Cholesky; allocates 4 count^2 numbers. TC_NOT_IDENTIFIED
 * (one of the kinds is missing, or the two cannot be told apart), TC_NO_MEMORY. */
tc_status tc_tim2_calibrate(double *unchanged, double *changed, tc_error *error, const tc_tim2_moments *moments);

#endif
