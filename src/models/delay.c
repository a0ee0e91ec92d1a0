#include "registry.h"

/* What the price does between the decision and the first fill. The mean is drift,
 * or a forecast alpha that decays while one waits; a random walk's own movement is
 * risk, told as sd and never added to the cost. */
enum { DELAY, SIGMA, SIDE, DRIFT, ALPHA, TAU, PRICE, Q };

static const tc_model_input inputs[] = {
    [DELAY] = {"delay", "seconds", "from the decision to the first fill", TC_ROLE_DELAY, NAN, .domain = TC_AT_LEAST(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [SIDE] = {"side", "+1 or -1", "+1: buy, -1: sell", TC_ROLE_SIDE, 1, .domain = TC_WITHIN(-1, 1)},
    [DRIFT] = {"drift", "a day", "expected return, a fraction; 0: none is expected", TC_ROLE_PARAMETER, 0, .domain = TC_ANY},
    [ALPHA] = {"alpha", "fraction", "forecast return that is lost as one waits", TC_ROLE_PARAMETER, NAN, .domain = TC_ANY, .optional = true},
    [TAU] = {"tau", "seconds", "time in which alpha decays by a factor e", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0), .optional = true},
    [PRICE] = {"price", "rupees", "price at the decision", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { DAYS, DRIFT_COST, ALPHA_COST };
static const tc_model_step steps[] = {
    [DAYS] = {"delay_days", "trading days", false}, [DRIFT_COST] = {"drift_bps", "bps", false}, [ALPHA_COST] = {"alpha_bps", "bps", false}};

enum { SECONDS_A_DAY = TC_SESSION_MINUTES * 60 };

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    bool decays = tc_is_known(in[ALPHA]);
    if (decays != tc_is_known(in[TAU])) return tc_fail(error, TC_OUT_OF_DOMAIN, "alpha", "alpha and tau go together");
    result->step[DAYS] = in[DELAY] / SECONDS_A_DAY;
    result->step[DRIFT_COST] = in[SIDE] * in[DRIFT] * result->step[DAYS] * TC_BPS;
    result->step[ALPHA_COST] = decays ? in[SIDE] * in[ALPHA] * -expm1(-in[DELAY] / in[TAU]) * TC_BPS : 0;
    result->bps = result->step[DRIFT_COST] + result->step[ALPHA_COST];
    result->sd = in[SIGMA] * sqrt(result->step[DAYS]) * TC_BPS;
    if (in[DRIFT] == 0 && !decays) result->se = 0; /* no drift is an assumption, not a fit */
    return TC_OK;
}

const tc_model tc_model_delay = {
    .name = "delay", .version = 1, .kind = TC_SLIPPAGE_MODEL,
    .summary = "drift and decaying alpha while one waits; the price's own movement is risk",
    .source = "random walk with drift, a trading day of 22,500 seconds",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
