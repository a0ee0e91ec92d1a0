#include "registry.h"

/* A desk's rule as a public lecture gives it (J.P. Morgan, June 2016, by way of
 * Quantopian's "Market Impact Models"): I = alpha PoV^beta vol^gamma bps, of which
 * omega passes and is weighed 2 PoV/(1 + PoV); a part of the spread on top. The
 * lecture's text has omega 0.931, alpha 168.5, beta 0.1064, gamma 0.9233; its code,
 * which prints 3.96 and 7.02 bps, the standards below. */
enum { POV, VOL, SPREAD, OMEGA, ALPHA, BETA, GAMMA, SPREAD_SHARE, PRICE };

static const tc_model_input inputs[] = {
    [POV] = {"pov", "fraction", "own share of all volume", TC_ROLE_PARTICIPATION, NAN, .domain = TC_BETWEEN(0, 1)},
    [VOL] = {"vol", "per sqrt(year)", "annual volatility, a fraction", TC_ROLE_ANNUAL_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [SPREAD] = {"spread", "fraction", "whole spread over mid: 0.0005 is 5 bps", TC_ROLE_SPREAD, NAN, .domain = TC_AT_LEAST(0)},
    [OMEGA] = {"omega", "1", "share of the impact that passes", TC_ROLE_PARAMETER, 0.92, .domain = TC_WITHIN(0, 1)},
    [ALPHA] = {"alpha", "bps", "scale", TC_ROLE_PARAMETER, 350, .domain = TC_ABOVE(0)},
    [BETA] = {"beta", "1", "exponent of the participation", TC_ROLE_PARAMETER, 0.37, .domain = TC_AT_LEAST(0)},
    [GAMMA] = {"gamma", "1", "exponent of the volatility", TC_ROLE_PARAMETER, 1.05, .domain = TC_AT_LEAST(0)},
    [SPREAD_SHARE] = {"spread_fraction", "1", "share of the spread that is paid; 0 where the spread is counted elsewhere", TC_ROLE_SETTING,
                      0.5, .domain = TC_WITHIN(0, 1)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { WHOLE, TEMPORARY, PERMANENT, CROSSING, COST };
static const tc_model_step steps[] = {
    [WHOLE] = {"impact_bps", "bps", false}, [TEMPORARY] = {"temporary_bps", "bps", false}, [PERMANENT] = {"permanent_bps", "bps", false},
    [CROSSING] = {"spread_bps", "bps", false}, [COST] = {"cost_bps", "bps", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double impact = in[ALPHA] * pow(in[POV], in[BETA]) * pow(in[VOL], in[GAMMA]);
    result->step[WHOLE] = impact;
    result->step[TEMPORARY] = impact * in[OMEGA] * 2 * in[POV] / (1 + in[POV]);
    result->step[PERMANENT] = (1 - in[OMEGA]) * impact;
    if (in[SPREAD_SHARE] == 0) result->contains = 0;
    result->step[CROSSING] = in[SPREAD_SHARE] * in[SPREAD] * TC_BPS;
    result->step[COST] = result->bps = result->step[TEMPORARY] + result->step[PERMANENT] + result->step[CROSSING];
    return TC_OK;
}

const tc_model tc_model_jpm = {
    .name = "jpm", .version = 1, .kind = TC_IMPACT_MODEL, .contains = TC_CONTAINS_SPREAD,
    .summary = "a desk's rule of participation, annual volatility and a part of the spread",
    .source = "J.P. Morgan, as in Quantopian's lecture Market Impact Models",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
