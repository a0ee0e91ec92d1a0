#include "registry.h"

/* Lean's VolumeShareSlippageModel: price x impact x min(Q/volume, limit)^2; a bar
 * without volume costs as much as the limit. */
enum { QUANTITY, PRICE, VOLUME, LIMIT, IMPACT };

static const tc_model_input inputs[] = {
    [QUANTITY] = {"quantity", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [PRICE] = {"price", "rupees", "last price", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [VOLUME] = {"volume", "shares", "of the bar", TC_ROLE_SETTING, NAN, .domain = TC_AT_LEAST(0)},
    [LIMIT] = {"volume_limit", "1", "largest share of the bar that counts", TC_ROLE_SETTING, 0.025, .domain = TC_ABOVE(0)},
    [IMPACT] = {"price_impact", "1", "at the whole volume of the bar", TC_ROLE_PARAMETER, 0.1, .domain = TC_AT_LEAST(0)},
};

enum { SHARE };
static const tc_model_step steps[] = {[SHARE] = {"volume_share", "1", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double share = in[VOLUME] > 0 ? fmin(in[QUANTITY] / in[VOLUME], in[LIMIT]) : in[LIMIT];
    result->step[SHARE] = share;
    result->price = in[PRICE] * in[IMPACT] * share * share;
    return TC_OK;
}

const tc_model tc_model_lean_volume_share = {
    .name = "lean-volume-share", .version = 1, .kind = TC_SLIPPAGE_MODEL, .contains = TC_CONTAINS_IMPACT,
    .summary = "Lean's quadratic impact of the share of a bar, for comparison",
    .source = "QuantConnect/Lean, Common/Orders/Slippage/VolumeShareSlippageModel.cs",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
