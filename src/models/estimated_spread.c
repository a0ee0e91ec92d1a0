#include "spread_floor.h"

/* Half of a relative spread that somebody estimated from prices (EDGE, Roll,
 * Corwin-Schultz...; see `tradecost spread`), raised to the tick where it is
 * known: no quote can be narrower. */
enum { SPREAD, PRICE, TICK, ERROR, Q };

static const tc_model_input inputs[] = {
    [SPREAD] = {"spread", "fraction", "relative spread, ask - bid over mid", TC_ROLE_SPREAD, NAN, .domain = TC_WITHIN(0, 2)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [TICK] = {"tick", "rupees", "price step", TC_ROLE_TICK, NAN, .domain = TC_ABOVE(0), .optional = true},
    [ERROR] = {"spread_se", "fraction", "standard error of `spread`", TC_ROLE_PARAMETER, NAN, .domain = TC_AT_LEAST(0), .optional = true},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { RAW, FLOORED };
static const tc_model_step steps[] = {
    [RAW] = {"spread_rupees", "rupees", false}, [FLOORED] = {"floored_rupees", "rupees", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    result->step[RAW] = in[SPREAD] * in[PRICE];
    result->step[FLOORED] = tc_spread_floored(result->step[RAW], in[TICK]);
    tc_spread_half(result, result->step[FLOORED], in[PRICE]);
    result->se = in[ERROR] / 2 * TC_BPS;
    return TC_OK;
}

const tc_model tc_model_estimated_spread = {
    .name = "estimated-spread", .version = 1, .kind = TC_SPREAD_MODEL,
    .summary = "half of a given relative spread, at least one tick where that is known",
    .source = "definition; estimators: Ardia, Guidotti, Kroencke 2024, J. Financial Economics 161:103916",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
