#include "registry.h"

/* cost = alpha sigma Q/V: what is left of Kyle 1985 when lambda is scaled by
 * volatility and volume, so that alpha has no unit. The only form of permanent
 * impact that leaves no round trip a profit (Huberman and Stanzl 2004). Below a
 * Q/V of about 1e-3 impact is linear, above it nearer to a square root (Bucci et
 * al. 2019, arXiv:1811.05230). No source gives an alpha that holds elsewhere. */
enum { Q, V, SIGMA, ALPHA, PRICE };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [V] = {"v", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [ALPHA] = {"alpha", "1", "cost of trading a day's volume, in daily volatilities", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { PARTICIPATION, COST };
static const tc_model_step steps[] = {[PARTICIPATION] = {"q_over_v", "1", false}, [COST] = {"cost_bps", "bps", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    result->step[PARTICIPATION] = in[Q] / in[V];
    result->step[COST] = result->bps = in[ALPHA] * in[SIGMA] * (in[Q] / in[V]) * TC_BPS;
    return TC_OK;
}

static void slopes(double *slope, const double *in, const tc_model_result *result)
{
    slope[ALPHA] = result->bps / in[ALPHA];
}

const tc_model tc_model_linear = {
    .name = "linear", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "cost alpha sigma Q/V, in proportion to the share of a day's volume",
    .source = "Kyle 1985, Econometrica 53(6):1315-1335, scaled by volatility and volume",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate, .slopes = slopes};
