#include "registry.h"

/* Almgren 2003, "Optimal execution with nonlinear impact functions and
 * trading-enhanced risk", Appl. Math. Finance 10:1-18: temporary impact eta v^k,
 * no permanent impact, no deadline. T* = (k eta X^(k-1)/(lambda sigma^2))^(1/(k+1));
 * x(t) = X [1 + (1-k)/(1+k) t/T*]^(-(1+k)/(1-k)), for k = 1 X e^(-t/T*); E and V by
 * integrating along it. */
enum { X, K, ETA, SIGMA, LAMBDA, T, N, PRICE };

static const tc_model_input inputs[] = {
    [X] = {"x", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [K] = {"k", "1", "exponent of the temporary impact in the rate", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [ETA] = {"eta", "rupees a share at one share a day", "temporary impact", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "rupees a share per sqrt(day)", "volatility, in rupees", TC_ROLE_RUPEE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [LAMBDA] = {"lambda", "1/rupee", "risk aversion", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [T] = {"t", "days", "show holdings until then", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0), .optional = true},
    [N] = {"n", "1", "at so many equally spaced times", TC_ROLE_SETTING, 10, .domain = TC_WITHIN(1, TC_SERIES_MAX)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { T_STAR, T_MAX, E, VARIANCE, RISK, HOLDINGS };
static const tc_model_step steps[] = {
    [T_STAR] = {"t_star", "days", false}, [T_MAX] = {"t_max", "days", false}, [E] = {"e", "rupees", false},
    [VARIANCE] = {"v", "rupees squared", false}, [RISK] = {"sqrt_v", "rupees", false}, [HOLDINGS] = {"holdings", "shares", true}};

/* x(t)/X at t = s T*. With c = (1-k)/(1+k) it is (1 + c s)^(-1/c): by log1p no
 * digits are lost as k nears 1, and past the end of trading it is 0. */
static double share_left(double k, double s)
{
    double c = (1 - k) / (1 + k);
    if (c == 0) return exp(-s);
    return 1 + c * s > 0 ? exp(-log1p(c * s) / c) : 0;
}

static tc_status fill_holdings(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    tc_status status;
    size_t count = (size_t)in[N] + 1;
    if (!tc_is_known(in[T])) return TC_OK;
    double *at = tc_series_take(room, count, &status, error);
    if (!at) return status;
    for (size_t i = 0; i < count; i++) at[i] = in[X] * share_left(in[K], in[T] * (double)i / in[N] / result->step[T_STAR]);
    result->series[HOLDINGS].value = at;
    result->series[HOLDINGS].count = count;
    return TC_OK;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    double k = in[K], share = (k + 1) / (3 * k + 1), risk = in[LAMBDA] * in[SIGMA] * in[SIGMA];
    double t_star = pow(k * in[ETA] * pow(in[X], k - 1) / risk, 1 / (k + 1));
    tc_status status = tc_whole(error, &inputs[N], in[N]);
    if (status) return status;
    if (!(t_star > 0) || isinf(t_star)) return tc_fail(error, TC_OVERFLOW, "", "the time of trading does not fit into a double");
    result->step[T_STAR] = t_star;
    result->step[T_MAX] = k > 1 ? t_star * (k + 1) / (k - 1) : INFINITY;
    result->step[E] = result->rupees = in[ETA] * pow(in[X], k + 1) * pow(t_star, -k) * share;
    result->step[VARIANCE] = in[SIGMA] * in[SIGMA] * in[X] * in[X] * t_star * share;
    result->step[RISK] = sqrt(result->step[VARIANCE]);
    result->sd = result->step[RISK] / in[X] / in[PRICE] * TC_BPS;
    return fill_holdings(result, error, in, room);
}

const tc_model tc_model_almgren2003 = {
    .name = "almgren2003", .version = 1, .kind = TC_SCHEDULE_MODEL,
    .summary = "best schedule without a deadline, where impact is a power of the rate",
    .source = "Almgren 2003, Appl. Math. Finance 10:1-18",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
