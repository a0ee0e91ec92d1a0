#include "spread_floor.h"

/* ln(S/P) = b0 + b1 ln(V P) + b2 ln(sigma) + b3 ln(P) + b4 tick/P: a
 * cross-section in the manner of Stoll 2000, "Friction", J. Finance
 * 55(4):1479-1514. Coefficients belong to the market and years they were fitted
 * on, so all that enter must be given; a coefficient of 0 leaves its term out. */
enum { V, SIGMA, PRICE, B0, B1, B2, B3, B4, TICK, Q };

static const tc_model_input inputs[] = {
    [V] = {"v", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [B0] = {"b0", "1", "constant", TC_ROLE_PARAMETER, NAN, .domain = TC_ANY},
    [B1] = {"b1", "1", "elasticity in rupees traded a day", TC_ROLE_PARAMETER, NAN, .domain = TC_ANY},
    [B2] = {"b2", "1", "elasticity in volatility", TC_ROLE_PARAMETER, NAN, .domain = TC_ANY},
    [B3] = {"b3", "1", "elasticity in price", TC_ROLE_PARAMETER, NAN, .domain = TC_ANY},
    [B4] = {"b4", "1", "of tick/price", TC_ROLE_PARAMETER, NAN, .domain = TC_ANY},
    [TICK] = {"tick", "rupees", "price step", TC_ROLE_TICK, NAN, .domain = TC_ABOVE(0)},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { LOG, SPREAD };
static const tc_model_step steps[] = {[LOG] = {"log_spread", "1", false}, [SPREAD] = {"spread_bps", "bps", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    result->step[LOG] = in[B0] + in[B1] * log(in[V] * in[PRICE]) + in[B2] * log(in[SIGMA]) + in[B3] * log(in[PRICE]) +
                        in[B4] * in[TICK] / in[PRICE];
    result->step[SPREAD] = exp(result->step[LOG]) * TC_BPS;
    if (!(result->step[SPREAD] <= 2 * TC_BPS))
        return tc_fail(error, TC_OUT_OF_DOMAIN, "b0", "a relative spread of %g: the coefficients are of another market", result->step[SPREAD] / TC_BPS);
    result->bps = result->step[SPREAD] / 2;
    return TC_OK;
}

const tc_model tc_model_log_linear_spread = {
    .name = "log-linear-spread", .version = 1, .kind = TC_SPREAD_MODEL,
    .summary = "half of exp(b0 + b1 ln(rupees a day) + b2 ln(sigma) + b3 ln(price) + b4 tick/price)",
    .source = "in the manner of Stoll 2000, J. Finance 55(4):1479-1514",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
