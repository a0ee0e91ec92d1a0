#include "models/registry.h"
#include "optimal.h"

/* Transient linear impact: a trade moves the price by G(0) a share at once and by
 * G(k tau) after k intervals. G(t) is g0 e^(-rho t) or g0 (1 + t)^-gamma; both are
 * positive definite, fall and are convex, so that the best trades all go one way
 * (Alfonsi, Schied and Slynko 2012). That holds for impact linear in the rate: an
 * exponential decay allows no other (Gatheral 2010), and a power law below
 * 2 - log2(3) is flagged as one that would not bear another. */
enum { X, N, RHO, TAU, GAMMA, G0, PRICE };
enum { TRADES_MAX = 2000 };

static const tc_model_input inputs[] = {
    [X] = {"x", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [N] = {"n", "1", "trades, tau apart", TC_ROLE_SETTING, NAN, .domain = TC_WITHIN(1, TRADES_MAX)},
    [RHO] = {"rho", "1/day", "rate of an exponential decay; or give gamma", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0), .optional = true},
    [TAU] = {"tau", "days", "between trades; with gamma in units of the kernel's own time, 1 if not given", TC_ROLE_SETTING, NAN,
             .domain = TC_ABOVE(0), .optional = true},
    [GAMMA] = {"gamma", "1", "exponent of a power-law decay; or give rho", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0), .optional = true},
    [G0] = {"g0", "rupees a share, a share", "impact at once; 1: costs are in units of it", TC_ROLE_PARAMETER, 1, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { COST, TWAP, CONDITION, SLOW, TRADES };
static const tc_model_step steps[] = {
    [COST] = {"cost", "rupees", false}, [TWAP] = {"twap_cost", "rupees", false}, [CONDITION] = {"condition", "1", false},
    [SLOW] = {"below_gamma_star", "1: yes", false}, [TRADES] = {"q", "shares", true}};

static const double gamma_star = 0.41503749927884381855; /* 2 - log2(3), Gatheral 2010, section 5 */

static tc_status one_kernel(tc_error *error, const double *in)
{
    bool rho = tc_is_known(in[RHO]), gamma = tc_is_known(in[GAMMA]);
    if (rho && gamma) return tc_fail(error, TC_OUT_OF_DOMAIN, "gamma", "rho and gamma are two kernels; give one");
    if (!rho && !gamma) return tc_fail(error, TC_VALUE_NEEDED, "rho", "rho, or gamma, is needed");
    if (rho && !tc_is_known(in[TAU])) return tc_fail(error, TC_VALUE_NEEDED, "tau", "tau is needed with rho");
    return TC_OK;
}

static tc_status solve_power_law(tc_propagator_solution *best, double *trades, tc_error *error, const double *in, size_t count)
{
    double kernel[TRADES_MAX], work[TRADES_MAX], own[TRADES_MAX], tau = tc_is_known(in[TAU]) ? in[TAU] : 1;
    for (size_t k = 0; k < count; k++) kernel[k] = exp(-in[GAMMA] * log1p((double)k * tau));
    return tc_propagator_solve(best, trades ? trades : own, work, error, &(tc_propagator_problem){in[X], count, kernel});
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    tc_propagator_solution best;
    tc_status status = tc_whole(error, &inputs[N], in[N]);
    size_t count = (size_t)in[N];
    double *trades = NULL;
    if (!status) status = one_kernel(error, in);
    if (!status) trades = tc_series_take(room, count, &status, error);
    if (status) return status;
    if (tc_is_known(in[RHO])) status = tc_propagator_exponential(&best, trades, error, in[X], count, in[RHO] * in[TAU]);
    else status = solve_power_law(&best, trades, error, in, count);
    if (status) return status;
    result->step[COST] = result->rupees = in[G0] * best.optimal;
    result->step[TWAP] = in[G0] * best.twap;
    result->step[CONDITION] = best.condition;
    result->step[SLOW] = tc_is_known(in[GAMMA]) && in[GAMMA] < gamma_star;
    result->series[TRADES].value = trades;
    result->series[TRADES].count = trades ? count : 0;
    return TC_OK;
}

const tc_model tc_model_propagator = {
    .name = "propagator", .version = 1, .kind = TC_SCHEDULE_MODEL,
    .summary = "best trades where impact is linear and fades by an exponential or a power law",
    .source = "Gatheral 2010, Quant. Finance 10(7):749-759; Alfonsi, Schied and Slynko 2012, SIAM J. Financial Math. 3",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
