#include "registry.h"

/* Frazzini, Israel and Moskowitz 2018, "Trading Costs", SSRN 3229719: a regression
 * of one manager's costs in bps, with its coefficients as a secondary source has
 * them; that source gives neither an intercept nor the errors. DTV is the order in
 * percent of the daily volume. */
enum { Q, ADV, SIDE, BETA, INDEX_RETURN, MARKET_CAP, IDIO_VOL, VIX, INTERCEPT, B_INDEX, B_CAP, B_DTV, B_ROOT, B_IDIO, B_VIX, PRICE };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [ADV] = {"adv", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIDE] = {"side", "+1 or -1", "+1: buy, -1: sell", TC_ROLE_SIDE, NAN, .domain = TC_WITHIN(-1, 1)},
    [BETA] = {"beta", "1", "of the share to the index", TC_ROLE_SETTING, NAN, .domain = TC_ANY},
    [INDEX_RETURN] = {"index_return", "bps", "of the index while trading", TC_ROLE_SETTING, NAN, .domain = TC_ANY},
    [MARKET_CAP] = {"market_cap", "billion dollars", "market value of the company", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [IDIO_VOL] = {"idio_vol", "percent a year", "volatility that the index does not explain", TC_ROLE_SETTING, NAN, .domain = TC_AT_LEAST(0)},
    [VIX] = {"vix", "percent a year", "implied volatility of the index", TC_ROLE_SETTING, NAN, .domain = TC_AT_LEAST(0)},
    [INTERCEPT] = {"intercept", "bps", "not given by the source", TC_ROLE_PARAMETER, 0, .domain = TC_ANY},
    [B_INDEX] = {"b_index", "1", "of side x beta x index_return", TC_ROLE_PARAMETER, 0.3, .domain = TC_ANY},
    [B_CAP] = {"b_cap", "bps", "of ln(market_cap)", TC_ROLE_PARAMETER, -0.2, .domain = TC_ANY},
    [B_DTV] = {"b_dtv", "bps", "of DTV", TC_ROLE_PARAMETER, 0.35, .domain = TC_ANY},
    [B_ROOT] = {"b_root", "bps", "of the root of DTV", TC_ROLE_PARAMETER, 9.32, .domain = TC_ANY},
    [B_IDIO] = {"b_idio", "bps", "of idio_vol", TC_ROLE_PARAMETER, 0.32, .domain = TC_ANY},
    [B_VIX] = {"b_vix", "bps", "of vix", TC_ROLE_PARAMETER, 0.13, .domain = TC_ANY},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { DTV, SIZE, MARKET, COMPANY, COST };
static const tc_model_step steps[] = {
    [DTV] = {"dtv_percent", "percent", false}, [SIZE] = {"size_bps", "bps", false}, [MARKET] = {"market_bps", "bps", false},
    [COMPANY] = {"company_bps", "bps", false}, [COST] = {"cost_bps", "bps", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    if (fabs(in[SIDE]) != 1) return tc_fail(error, TC_OUT_OF_DOMAIN, "side", "side is %g; it is 1 or -1", in[SIDE]);
    double dtv = in[Q] / in[ADV] * 100;
    result->step[DTV] = dtv;
    result->step[SIZE] = in[B_DTV] * dtv + in[B_ROOT] * sqrt(dtv);
    result->step[MARKET] = in[B_INDEX] * in[SIDE] * in[BETA] * in[INDEX_RETURN] + in[B_VIX] * in[VIX];
    result->step[COMPANY] = in[B_CAP] * log(in[MARKET_CAP]) + in[B_IDIO] * in[IDIO_VOL];
    result->step[COST] = result->bps = in[INTERCEPT] + result->step[SIZE] + result->step[MARKET] + result->step[COMPANY];
    return TC_OK;
}

const tc_model tc_model_frazzini_israel_moskowitz = {
    .name = "frazzini-israel-moskowitz", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "regression of one manager's costs on size, market and company; no intercept is known",
    .source = "Frazzini, Israel and Moskowitz 2018, SSRN 3229719, by a secondary source",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
