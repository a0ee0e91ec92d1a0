#include "registry.h"

/* Kyle and Obizhaeva 2016, "Market microstructure invariance", Econometrica 84(4):
 * with W = price x volume x volatility, what a day's trading risks, impact scales
 * as sigma W^(1/3) X/V and the spread as sigma W^(-1/3). A prior for carrying what is
 * known of one share over to another; the coefficients must be given. */
enum { Q, V, SIGMA, PRICE, IMPACT, SPREAD };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [V] = {"v", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [IMPACT] = {"impact", "rupees^(-1/3)", "coefficient of the impact", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [SPREAD] = {"spread", "rupees^(1/3)", "coefficient of the spread, which is shown and not charged", TC_ROLE_PARAMETER, NAN,
                .domain = TC_ABOVE(0), .optional = true},
};

enum { ACTIVITY, SPREAD_COST, COST };
static const tc_model_step steps[] = {
    [ACTIVITY] = {"w", "rupees", false}, [SPREAD_COST] = {"spread_bps", "bps", false}, [COST] = {"cost_bps", "bps", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double w = in[PRICE] * in[V] * in[SIGMA], root = cbrt(w);
    result->step[ACTIVITY] = w;
    result->step[SPREAD_COST] = in[SPREAD] * in[SIGMA] / root * TC_BPS;
    result->step[COST] = result->bps = in[IMPACT] * in[SIGMA] * root * (in[Q] / in[V]) * TC_BPS;
    return TC_OK;
}

const tc_model tc_model_kyle_obizhaeva = {
    .name = "kyle-obizhaeva", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "impact sigma W^(1/3) Q/V by invariance, W being price x volume x volatility",
    .source = "Kyle and Obizhaeva 2016, Econometrica 84(4):1345-1404",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
