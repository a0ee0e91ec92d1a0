#include "registry.h"

/* Qlib's backtest exchange: the square of the share of the bar's value, times
 * impact_cost, is added to the fee's rate; where the bar's volume is unknown the
 * rate is impact_cost itself; the whole is at least min_cost. */
enum { QUANTITY, PRICE, VOLUME, IMPACT, FEE, LEAST };

static const tc_model_input inputs[] = {
    [QUANTITY] = {"quantity", "shares", "filled in the bar", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "of the deal", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [VOLUME] = {"volume", "shares", "of the bar", TC_ROLE_SETTING, NAN, .domain = TC_AT_LEAST(0), .optional = true},
    [IMPACT] = {"impact_cost", "1", "rate at the whole volume of the bar", TC_ROLE_PARAMETER, NAN, .domain = TC_AT_LEAST(0)},
    [FEE] = {"fee", "1", "the framework's own fee rate, on top", TC_ROLE_SETTING, 0, .domain = TC_AT_LEAST(0)},
    [LEAST] = {"min_cost", "rupees", "least cost of a deal", TC_ROLE_SETTING, 0, .domain = TC_AT_LEAST(0)},
};

enum { SHARE, RATE };
static const tc_model_step steps[] = {[SHARE] = {"volume_share", "1", false}, [RATE] = {"cost_rate", "1", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double share = in[VOLUME] > 0 ? in[QUANTITY] / in[VOLUME] : NAN;
    double rate = in[FEE] + in[IMPACT] * (tc_is_known(share) ? share * share : 1);
    result->step[SHARE] = share;
    result->step[RATE] = rate;
    result->rupees = fmax(in[QUANTITY] * in[PRICE] * rate, in[LEAST]);
    return TC_OK;
}

const tc_model tc_model_qlib = {
    .name = "qlib", .version = 1, .kind = TC_SLIPPAGE_MODEL, .contains = TC_CONTAINS_IMPACT,
    .summary = "Qlib's quadratic impact of the share of a bar, for comparison",
    .source = "microsoft/qlib, qlib/backtest/exchange.py",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
