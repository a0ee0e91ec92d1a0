/* optimal.h - optimal execution where a closed form (or one linear system) gives
 * it: Almgren-Chriss, Obizhaeva-Wang, and a transient impact of any kernel.
 *
 * Plain functions over structs and lent arrays: nothing is allocated, no state is
 * kept, any number of threads. Every problem is symmetric in side, so quantities
 * are above 0; a drift is that of the price times the sign of the position
 * (selling into a rising price: above 0; buying into it: below). */
#ifndef TC_SCHEDULE_OPTIMAL_H
#define TC_SCHEDULE_OPTIMAL_H

#include <stdbool.h>
#include <stddef.h>

#include "tradecost/status.h"

/* Neumaier's sum: the rounding errors of the additions are added up apart. */
typedef struct {
    double sum, lost;
} tc_sum;

void tc_sum_add(tc_sum *to, double value);
static inline double tc_sum_of(tc_sum sum) { return sum.sum + sum.lost; }

/* Almgren and Chriss 2000, "Optimal execution of portfolio transactions", J. Risk
 * 3(2):5-39. Absolute units: rupees a share, shares, trading days. */
typedef struct {
    double quantity;      /* X > 0 */
    double duration;      /* T > 0, trading days */
    size_t count;         /* N >= 1 intervals of T/N */
    double sigma;         /* rupees a share per sqrt(day), >= 0 */
    double gamma;         /* permanent impact, (rupees a share) a share */
    double eta;           /* temporary impact, (rupees a share) per (share a day) */
    double epsilon;       /* fixed cost of trading, rupees a share: half the spread */
    double lambda;        /* risk aversion, 1/rupee; 0: none, below 0: risk is sought */
    double alpha;         /* drift, rupees a share a day */
} tc_ac_problem;

typedef struct {
    double eta_tilde;     /* eta - gamma tau/2 */
    double kappa;         /* 1/day; with `imaginary` its modulus */
    double theta;         /* 1/kappa, days in which the holding falls to 1/e; infinite without risk aversion */
    double static_holding; /* what a drift makes worth holding, eq. (25); NAN if it is unbounded: lambda or sigma 0 */
    double expected;      /* E of the cost, rupees: the direct sum of eq. (8) */
    double variance;      /* V of the cost, rupees squared: sigma^2 sum of tau x_j^2, j from 1 to N */
    bool imaginary;       /* lambda below 0: sines instead of hyperbolic sines */
} tc_ac_solution;

/* `holdings` has room for count + 1 (x_0 = X ... x_N = 0), `trades` for count;
 * either may be NULL. Errors: TC_OUT_OF_DOMAIN (a number is not finite or outside
 * its domain, or eta_tilde <= 0, which has no minimum), TC_NO_SOLUTION (lambda
 * below 0 with kappa T >= pi: the more risk the better, without bound). */
tc_status tc_ac_solve(tc_ac_solution *solution, double *holdings, double *trades, tc_error *error, const tc_ac_problem *problem);

/* E and V of any holdings (count + 1 of them, from X to 0), by the same sums; eps
 * is paid on the trades' sizes, so a schedule that turns round pays it twice. */
void tc_ac_cost(double *expected, double *variance, const tc_ac_problem *problem, const double *holdings);

/* sinh(k u)/sinh(k w) for 0 <= u <= w; it neither overflows nor cancels. */
double tc_sinh_ratio(double k, double u, double w);

/* Obizhaeva and Wang 2013, "Optimal trading strategy and supply/demand dynamics",
 * J. Fin. Markets 16:1-32: a block-shaped book that refills at rate rho. */
typedef struct {
    double quantity;      /* X0 > 0, shares */
    double duration;      /* T > 0, trading days */
    double resilience;    /* rho >= 0, 1/day */
    double depth;         /* q > 0, shares a rupee */
    double permanent;     /* lambda in [0, 1/q), rupees a share, a share */
    double sigma;         /* rupees a share per sqrt(day), >= 0; 0: V is not asked for */
    double aversion;      /* a >= 0, 1/rupee: E + a V/2 is made least */
} tc_ow_problem;

typedef struct {
    double kappa;         /* 1/q - lambda: the part of the impact that passes */
    double first, last;   /* x_0 and x_T, the two blocks, shares */
    double rate;          /* between them, shares a day: even without aversion, else its mean */
    double optimal, twap, immediate; /* expected net cost of each, rupees: over mid and half-spread */
    double variance;      /* of the optimum's, rupees squared: sigma^2 times the integral of X^2 */
} tc_ow_solution;

/* `holdings` has room for count + 1: X at j T/count, behind the first block and
 * before the last; NULL with count 0. TC_OUT_OF_DOMAIN; TC_LIMIT: with aversion,
 * rho T is above TC_OW_DECAYS_MAX. */
enum { TC_OW_DECAYS_MAX = 10000 };
tc_status tc_ow_solve(tc_ow_solution *solution, double *holdings, size_t count, tc_error *error, const tc_ow_problem *problem);

/* Transient linear impact: trading q_i at time i tau moves the price by q_i G(0)
 * at once and q_i G(k tau) after k intervals; cost q'Mq/2, M_ij = G(|i - j| tau). */
typedef struct {
    double quantity;      /* X > 0 */
    size_t count;         /* n >= 1 trades */
    const double *kernel; /* G(0), G(tau) ... G((n - 1) tau), lent; G(0) > 0 */
} tc_propagator_problem;

typedef struct {
    double optimal, twap; /* cost in units of quantity^2 x kernel */
    double condition;     /* least prediction error over G(0), in (0, 1]: small means M is nearly singular */
    bool one_sided;       /* no trade of the optimum goes the wrong way */
} tc_propagator_solution;

/* The q that costs least: X M^-1 1/(1'M^-1 1). `trades` and `work` have room for
 * count; neither may be NULL. Levinson's recursion, count^2 operations.
 * Errors: TC_OUT_OF_DOMAIN; TC_NO_SOLUTION if M is not positive definite (round
 * trips would earn money: no such impact can be) or too nearly singular to solve. */
tc_status tc_propagator_solve(tc_propagator_solution *solution, double *trades, double *work, tc_error *error,
                              const tc_propagator_problem *problem);

/* The same for the exponential kernel G(k tau) = e^(-decay k), G(0) = 1, in closed
 * form; decay = rho tau > 0. `trades` may be NULL. TC_OUT_OF_DOMAIN. */
tc_status tc_propagator_exponential(tc_propagator_solution *solution, double *trades, tc_error *error, double quantity,
                                    size_t count, double decay);

#endif
