#include "models/registry.h"
#include "optimal.h"

/* Almgren and Chriss 2000, "Optimal execution of portfolio transactions", J. Risk
 * 3(2):5-39, in its absolute units. The reported V is the paper's sum over x_1 to
 * x_N, which halves the risk at N = 5; N of 50 or more is near the continuous one. */
enum { X, T, N, SIGMA, GAMMA, ETA, EPSILON, LAMBDA, ALPHA, PRICE };

static const tc_model_input inputs[] = {
    [X] = {"x", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [T] = {"t", "days", "time until all is traded", TC_ROLE_DURATION, NAN, .domain = TC_ABOVE(0)},
    [N] = {"n", "1", "equal intervals of it", TC_ROLE_SETTING, NAN, .domain = TC_WITHIN(1, TC_SERIES_MAX)},
    [SIGMA] = {"sigma", "rupees a share per sqrt(day)", "volatility, in rupees", TC_ROLE_RUPEE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [GAMMA] = {"gamma", "rupees a share, a share", "permanent impact", TC_ROLE_PARAMETER, NAN, .domain = TC_AT_LEAST(0)},
    [ETA] = {"eta", "rupees a share, a share a day", "temporary impact", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [EPSILON] = {"epsilon", "rupees a share", "fixed cost: half the spread, where it is not counted elsewhere", TC_ROLE_PARAMETER, NAN,
                 .domain = TC_AT_LEAST(0)},
    [LAMBDA] = {"lambda", "1/rupee", "risk aversion; 0: none; below 0: risk is sought", TC_ROLE_SETTING, NAN, .domain = TC_ANY},
    [ALPHA] = {"alpha", "rupees a share a day", "drift of the price in favour of waiting", TC_ROLE_PARAMETER, 0, .domain = TC_ANY},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { ETA_TILDE, KAPPA, IMAGINARY, THETA, XBAR, E, VARIANCE, RISK, VAR95, HOLDINGS, TRADES };
static const tc_model_step steps[] = {
    [ETA_TILDE] = {"eta_tilde", "rupees a share, a share a day", false},
    [KAPPA] = {"kappa", "1/day", false},
    [IMAGINARY] = {"kappa_imaginary", "1: yes", false},
    [THETA] = {"theta", "days", false},
    [XBAR] = {"xbar", "shares", false},
    [E] = {"e", "rupees", false},
    [VARIANCE] = {"v", "rupees squared", false},
    [RISK] = {"sqrt_v", "rupees", false},
    [VAR95] = {"var95", "rupees", false},
    [HOLDINGS] = {"holdings", "shares", true},
    [TRADES] = {"trades", "shares", true},
};

#define NORMAL_95 1.645 /* as the paper rounds it */

static tc_status take(tc_model_result *result, double **to, tc_error *error, tc_series_room *room, int step, size_t count)
{
    tc_status status;
    *to = tc_series_take(room, count, &status, error);
    result->series[step].value = *to;
    result->series[step].count = *to ? count : 0;
    return status;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    tc_ac_solution solution;
    double *holdings, *trades;
    size_t count = (size_t)in[N];
    tc_status status = tc_whole(error, &inputs[N], in[N]);
    if (!status) status = take(result, &holdings, error, room, HOLDINGS, count + 1);
    if (!status) status = take(result, &trades, error, room, TRADES, count);
    if (status) return status;
    tc_ac_problem problem = {in[X], in[T], count, in[SIGMA], in[GAMMA], in[ETA], in[EPSILON], in[LAMBDA], in[ALPHA]};
    status = tc_ac_solve(&solution, holdings, trades, error, &problem);
    if (status) return status;
    result->step[ETA_TILDE] = solution.eta_tilde;
    result->step[KAPPA] = solution.kappa;
    result->step[IMAGINARY] = solution.imaginary;
    result->step[THETA] = solution.theta;
    result->step[XBAR] = solution.static_holding;
    result->step[E] = result->rupees = solution.expected;
    result->step[VARIANCE] = solution.variance;
    result->step[RISK] = sqrt(solution.variance);
    result->step[VAR95] = solution.expected + NORMAL_95 * result->step[RISK];
    result->sd = result->step[RISK] / in[X] / in[PRICE] * TC_BPS;
    return TC_OK;
}

const tc_model tc_model_almgren_chriss = {
    .name = "almgren-chriss", .version = 1, .kind = TC_SCHEDULE_MODEL,
    .summary = "best schedule where impact is linear: expected cost against its variance",
    .source = "Almgren and Chriss 2000, J. Risk 3(2):5-39",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
