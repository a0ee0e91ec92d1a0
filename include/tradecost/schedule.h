/* schedule.h - how an order is best spread over time, and what that then costs.
 *
 * Units are absolute: rupees, shares, trading days. An order of X shares is worked
 * in N slices of tau = T/N; slice j = 1..N is sent at the beginning of its interval,
 * t_{j-1}, and x_j shares remain after it. Costs are positive when they hurt;
 * all are against the mid at arrival. Nothing here keeps state: any number of
 * threads. Functions that need memory give it back before they return.
 *
 * Sources: Almgren and Chriss 2000, "Optimal execution of portfolio transactions",
 * J. Risk 3(2):5-39 (AC below); Obizhaeva and Wang 2013, J. Fin. Markets 16:1-32;
 * Gatheral 2010, "No-dynamic-arbitrage and market impact", Quant. Fin. 10:749-759. */
#ifndef TRADECOST_SCHEDULE_H
#define TRADECOST_SCHEDULE_H

#include "market.h"
#include "price.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    TC_SLICES_MAX = 10000,
    TC_SLICES_TRANSIENT_MAX = 2000, /* where impact decays and risk or drift counts: a dense system of that size */
    TC_BASKET_MAX = 200
};

/* Standard deviations to the 95 % value at risk, as AC print it. */
#define TC_VAR_95 1.645

/* What is to be done. */
typedef struct {
    double quantity; /* X > 0, shares */
    double duration; /* T > 0, trading days */
    size_t slices;   /* N, 1 to TC_SLICES_MAX */
    double lambda;   /* risk aversion, 1/rupee; 0: none; below 0: risk is sought */
} tc_schedule_task;

/* What trading does to the price, and what the price does by itself. Trading n
 * shares in an interval costs each of them
 *     epsilon + eta (n/tau)^exponent                  temporary: only this slice (AC eq. 7)
 *     gamma x all traded before                       permanent (AC eq. 6)
 *     sum of kernel[j - i] n_i over earlier slices i, and kernel[0] n/2   transient
 * so that the transient part of a schedule costs n'Kn/2 (Obizhaeva-Wang:
 * kernel[k] = permanent + kappa e^(-rho k tau); a propagator: any G(k tau)). */
typedef struct {
    double price;         /* mid at arrival, above 0 */
    int side;             /* +1 buy, -1 sell */
    double sigma;         /* of the price: rupees a share per sqrt(day), >= 0 */
    double alpha;         /* its drift: rupees a share a day, rising above 0 */
    double epsilon;       /* half the spread: rupees a share, >= 0 */
    double gamma;         /* (rupees a share) a share, >= 0 */
    double eta;           /* rupees a share at 1 share a day, >= 0 */
    double exponent;      /* of the rate of trading, above 0; AC: 1 */
    const double *kernel; /* task->slices numbers, (rupees a share) a share; borrowed; NULL: none */
} tc_schedule_market;

/* One slice as it is expected to go. */
typedef struct {
    double start, end;    /* days since arrival */
    double quantity;      /* below 0: the wrong way, which a drift or an odd kernel can ask for */
    double holding;       /* what remains after it */
    double price;         /* expected price of its shares */
    double expected_cost; /* rupees against the mid at arrival */
} tc_slice;

typedef struct {
    double spread, temporary, permanent, transient, drift; /* rupees */
    double expected;       /* E: their sum */
    double variance;       /* V = sigma^2 sum of tau x_j^2, j = 1..N: AC's, as if slices were done at once. It
                            * depends on N: at N = 5 it may be half of the limit. Say N with it, or use: */
    double variance_even;  /* V with each slice done evenly over its interval: sum of tau (a^2 + ab + b^2)/3 */
} tc_schedule_cost;

/* E + z sqrt(V). */
double tc_schedule_var(double expected, double variance, double z);

/* What `quantity` (N numbers, done in full or not: what stays undone is neither
 * cost nor risk) costs, and how each slice goes (`slices`: room for N, or NULL).
 * TC_OUT_OF_DOMAIN (a number outside its domain; the price driven to 0). */
tc_status tc_schedule_evaluate(tc_schedule_cost *cost, tc_slice *slices, tc_error *error, const tc_schedule_market *market,
                               const tc_schedule_task *task, const double *quantity);

/* The schedule of least E + lambda V: AC's closed form (eq. 17, with drift 26;
 * sines for lambda < 0), with a kernel the solution of one linear system. `*kappa` (or
 * NULL) is AC's, 1/day: of the sines where lambda < 0; NAN with a kernel.
 * TC_OUT_OF_DOMAIN (also eta - gamma tau/2 <= 0; exponent other than 1: only
 * tc_schedule_exact() can), TC_NO_SOLUTION (lambda < 0 so far that kappa T >= pi, a
 * kernel under which round trips earn money), TC_LIMIT, TC_NO_MEMORY, TC_OVERFLOW. */
tc_status tc_schedule_optimal(double *quantity, double *kappa, tc_error *error, const tc_schedule_market *market,
                              const tc_schedule_task *task);

/* The lambda (of its task nothing is used) whose optimum has the least E + z sqrt(V)
 * (AC section 3.4), V by the sum over the task's N; INFINITY: selling all at once has. As
 * tc_schedule_optimal(). */
tc_status tc_schedule_least_var(double *lambda, tc_error *error, const tc_schedule_market *market, const tc_schedule_task *task,
                                double z);

/* `count` risk aversions that show the frontier: 0 (the naive schedule), then
 * rising by equal ratios from one that hardly matters to a hundredfold of
 * tc_schedule_least_var(), which stands in place of the one nearest to it. */
tc_status tc_schedule_lambdas(double *lambda, size_t count, tc_error *error, const tc_schedule_market *market,
                              const tc_schedule_task *task);

/* Equal slices, and exponential and power kernels for `kernel` above, `count` values:
 * permanent + kappa e^(-rho k tau), and kappa (1 + k tau/scale)^-decay. */
void tc_schedule_twap(double *quantity, const tc_schedule_task *task);
void tc_kernel_exponential(double *kernel, size_t count, double permanent, double kappa, double rho, double tau);
void tc_kernel_power(double *kernel, size_t count, double kappa, double decay, double scale, double tau);

/* The market's own trading, as far as it can be foreseen. */
typedef struct {
    double adv;           /* of the others, shares a day, above 0; NAN: unknown, which matters with a bound */
    tc_curve curve;       /* of one session; count 0: unknown */
    double minute;        /* of the session at which the order begins, 0 to TC_SESSION_MINUTES */
    double participation; /* most of all volume, own included: in (0, 1); NAN: no bound */
} tc_schedule_volume;

/* Fills of equal size, in proportion to the market's volume, or at the given share
 * of it, none above `participation`; what a slice may not do later ones make up for.
 * `*unfilled` is what the time does not suffice for. TC_MARKET_MISSING
 * (volume_curve, adv), TC_VALUE_NEEDED (a rate without `participation`), TC_BAD_MARKET (a curve that does not rise from 0 to 1), TC_OUT_OF_DOMAIN. */
typedef enum { TC_FOLLOW_TIME, TC_FOLLOW_VOLUME, TC_FOLLOW_RATE } tc_schedule_follow;
tc_status tc_schedule_by_volume(double *quantity, double *unfilled, tc_error *error, tc_schedule_follow what,
                                const tc_schedule_task *task, const tc_schedule_volume *volume);

/* Whole multiples of `lot` that sum to what `quantity` sums to (itself brought to
 * the nearest multiple), by largest remainder; of equal ones the earlier is raised. */
void tc_schedule_round(double *quantity, size_t slices, double lot);

/* What a slice is charged: the order's own tariff, through tc_quote(). */
typedef struct {
    const tc_book *book;
    const tc_trade *trade; /* the order as resolved; quantity and price are the slice's */
    bool without_dp;
    double tick;           /* charges are taken on a price rounded against the order to it; 0: to the micro-rupee */
    double lot;            /* above 0; shares */
    double freeze;         /* the largest order; 0: any. A larger slice is several orders */
    double elapsed;        /* of the first session at arrival, 0 to 1: when the next day begins */
} tc_slice_terms;

/* The price that charges are taken on: a buyer pays the tick above, a seller gets the
 * one below, but never none. */
double tc_slice_price(const tc_slice_terms *terms, double price, bool buys);

/* The charges of one slice, DP left out, and its orders. The level is exact: the
 * rounding of a note depends on the whole day. Errors of tc_quote();
 * TC_NO_TARIFF where a charge is unknown; TC_OUT_OF_DOMAIN (no such price or quantity). */
tc_status tc_slice_charge(tc_cost *cost, size_t *orders, tc_error *error, const tc_slice_terms *terms, double quantity, double price);

/* Those of all slices (`each`, `orders`: room for `count`, or NULL) and of the order, where
 * DP is charged once for every day on which it sells: in each day's first slice that does. */
tc_status tc_schedule_charge(tc_cost *total, tc_cost *each, size_t *orders, tc_error *error, const tc_slice_terms *terms,
                             const tc_slice *slices, size_t count);

/* The schedule of least E + lambda V + explicit charges in whole lots, exactly, by
 * dynamic programming from the last slice back. State: slice, shares left (whole
 * multiples of `step`, and the whole order), and where it spans days and DP is
 * charged whether this day has sold. In every state each number of lots from none
 * to all is tried, with the charges of just that order at the price it is expected
 * to get; the wrong way is never tried. Of equal ones the earlier trade is taken.
 * Time N K^2/2, memory 4 N K bytes, for K = X/step (twice that with DP over days).
 * Errors: as above, and TC_LIMIT if N K^2/2 is above TC_EXACT_WORK_MAX or N K above
 * TC_EXACT_STATES_MAX (a larger `step` makes it coarser), TC_OUT_OF_DOMAIN (X no
 * multiple of the lot, step no multiple of it, the trade's side not the market's, a kernel: that
 * cost has no such state), TC_NO_SOLUTION (over several days, a DP charge that depends on the quantity). */
#define TC_EXACT_WORK_MAX 4e9
#define TC_EXACT_STATES_MAX 3e7
typedef struct {
    double objective; /* E + lambda V + charges */
    double step;      /* as used */
    uint64_t states, tried, quotes;
} tc_exact_report;
tc_status tc_schedule_exact(double *quantity, tc_exact_report *report, tc_error *error, const tc_schedule_market *market,
                            const tc_schedule_task *task, const tc_slice_terms *terms, double step);

/* Several securities at once (AC appendix A). Matrices are count x count, row by
 * row, symmetric. A position to be sold is above 0, one to be bought below. */
typedef struct {
    size_t count;             /* 1 to TC_BASKET_MAX */
    const double *quantity;
    const double *covariance; /* of the price moves, rupees squared a day */
    const double *gamma, *eta;
    const double *epsilon;    /* count */
} tc_basket;

/* The holdings of least E + lambda V: (N + 1) x count, a time a row, from `quantity` to 0. A
 * holding may change its sign on the way: a hedge for the others. Of `task` the quantity
 * is not used. TC_OUT_OF_DOMAIN (eta - gamma tau/2 not positive definite; the
 * covariance not positive semidefinite or a matrix not symmetric), TC_NO_SOLUTION (as above), TC_LIMIT, TC_NO_MEMORY. */
tc_status tc_basket_optimal(double *holding, tc_error *error, const tc_basket *basket, const tc_schedule_task *task);

/* What holdings cost; epsilon is paid on every trade's size. `transient` and `drift` are 0. */
tc_status tc_basket_evaluate(tc_schedule_cost *cost, tc_error *error, const tc_basket *basket, const tc_schedule_task *task,
                             const double *holding);

#ifdef __cplusplus
}
#endif
#endif
