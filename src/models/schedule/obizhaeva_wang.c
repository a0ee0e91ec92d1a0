#include "models/registry.h"
#include "optimal.h"

/* Obizhaeva and Wang 2013, "Optimal trading strategy and supply/demand dynamics",
 * J. Fin. Markets 16:1-32: a book of q shares a rupee that refills at rate rho; of
 * the whole impact 1/q a share, lambda stays. Best is a block, an even rate, and a
 * block; with aversion to risk a larger first block and a rate that falls. With `n`,
 * holdings at n + 1 times, and without aversion the best n trades, which are fewer
 * than the continuous ones and cost a little more. */
enum { X, T, RHO, DEPTH, LAMBDA, N, SIGMA, A, PRICE };

static const tc_model_input inputs[] = {
    [X] = {"x", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [T] = {"t", "days", "time until all is traded", TC_ROLE_DURATION, NAN, .domain = TC_ABOVE(0)},
    [RHO] = {"rho", "1/day", "how fast the book refills", TC_ROLE_PARAMETER, NAN, .domain = TC_AT_LEAST(0)},
    [DEPTH] = {"q", "shares a rupee", "depth of the book", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [LAMBDA] = {"lambda", "rupees a share, a share", "permanent impact, below 1/q", TC_ROLE_PARAMETER, NAN, .domain = TC_AT_LEAST(0)},
    [N] = {"n", "1", "trades, the first at 0 and the last at t", TC_ROLE_SETTING, NAN,
           .domain = TC_WITHIN(2, TC_SERIES_MAX), .optional = true},
    [SIGMA] = {"sigma", "rupees a share per sqrt(day)", "volatility, in rupees; for the risk", TC_ROLE_RUPEE_VOLATILITY, NAN,
               .domain = TC_ABOVE(0), .optional = true},
    [A] = {"a", "1/rupee", "risk aversion: the expected cost plus a/2 times its variance is made least", TC_ROLE_SETTING, 0,
           .domain = TC_AT_LEAST(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { KAPPA, FIRST, RATE, LAST, OPTIMAL, TWAP, IMMEDIATE, VARIANCE, DISCRETE, HOLDINGS, TRADES };
static const tc_model_step steps[] = {
    [KAPPA] = {"kappa", "rupees a share, a share", false},
    [FIRST] = {"x0", "shares", false},
    [RATE] = {"rate", "shares a day", false},
    [LAST] = {"xT", "shares", false},
    [OPTIMAL] = {"cost_optimal", "rupees", false},
    [TWAP] = {"cost_twap", "rupees", false},
    [IMMEDIATE] = {"cost_immediate", "rupees", false},
    [VARIANCE] = {"v", "rupees squared", false},
    [DISCRETE] = {"cost_discrete", "rupees", false},
    [HOLDINGS] = {"holdings", "shares", true},
    [TRADES] = {"trades", "shares", true},
};

/* n trades under the same book are those under an exponential propagator. */
static tc_status discretise(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    tc_propagator_solution best;
    tc_status status;
    size_t count = (size_t)in[N];
    double decay = in[RHO] * in[T] / (in[N] - 1);
    if (!(decay > 0)) return tc_fail(error, TC_OUT_OF_DOMAIN, "rho", "a book that never refills has no best trades; leave n out");
    double *trades = tc_series_take(room, count, &status, error);
    if (!status) status = tc_propagator_exponential(&best, trades, error, in[X], count, decay);
    if (status) return status;
    result->step[DISCRETE] = in[LAMBDA] * in[X] * in[X] / 2 + result->step[KAPPA] * best.optimal;
    result->series[TRADES].value = trades;
    result->series[TRADES].count = trades ? count : 0;
    return TC_OK;
}

static tc_status solve(tc_ow_solution *best, tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    tc_status status = TC_OK;
    size_t count = tc_is_known(in[N]) ? (size_t)in[N] : 0;
    double *holdings = NULL;
    if (count) status = tc_whole(error, &inputs[N], in[N]);
    if (count && !status) holdings = tc_series_take(room, count + 1, &status, error);
    if (status) return status;
    double sigma = tc_is_known(in[SIGMA]) ? in[SIGMA] : 0;
    status = tc_ow_solve(best, holdings, count, error, &(tc_ow_problem){in[X], in[T], in[RHO], in[DEPTH], in[LAMBDA], sigma, in[A]});
    result->series[HOLDINGS].value = holdings;
    result->series[HOLDINGS].count = holdings ? count + 1 : 0;
    return status;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    tc_ow_solution best;
    if (in[LAMBDA] * in[DEPTH] >= 1)
        return tc_fail(error, TC_OUT_OF_DOMAIN, "lambda", "lambda is %g, not below 1/q, %g, which is the whole impact", in[LAMBDA], 1 / in[DEPTH]);
    if (in[A] > 0 && !tc_is_known(in[SIGMA])) return tc_fail(error, TC_VALUE_NEEDED, "sigma", "sigma is needed with a");
    tc_status status = solve(&best, result, error, in, room);
    if (status) return status;
    result->step[KAPPA] = best.kappa;
    result->step[FIRST] = best.first;
    result->step[RATE] = best.rate;
    result->step[LAST] = best.last;
    result->step[OPTIMAL] = result->rupees = best.optimal;
    result->step[TWAP] = best.twap;
    result->step[IMMEDIATE] = best.immediate;
    if (tc_is_known(in[SIGMA])) {
        result->step[VARIANCE] = best.variance;
        result->sd = sqrt(best.variance) / in[X] / in[PRICE] * TC_BPS;
    }
    return tc_is_known(in[N]) && in[A] == 0 ? discretise(result, error, in, room) : TC_OK;
}

const tc_model tc_model_obizhaeva_wang = {
    .name = "obizhaeva-wang", .version = 1, .kind = TC_SCHEDULE_MODEL,
    .summary = "best schedule in a book that refills: a block, an even rate, a block",
    .source = "Obizhaeva and Wang 2013, J. Fin. Markets 16:1-32",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
