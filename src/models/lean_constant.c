#include "registry.h"

/* Lean's ConstantSlippageModel: price x percent. With 0.0001 it is its
 * AlphaStreamsSlippageModel for shares. */
enum { QUANTITY, PRICE, PERCENT };

static const tc_model_input inputs[] = {
    [QUANTITY] = {"quantity", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
    [PRICE] = {"price", "rupees", "last price", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [PERCENT] = {"percent", "fraction", "slippage: a fraction, whatever its name", TC_ROLE_PARAMETER, NAN, .domain = TC_WITHIN(0, 1)},
};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    result->price = in[PRICE] * in[PERCENT];
    return TC_OK;
}

const tc_model tc_model_lean_constant = {
    .name = "lean-constant", .version = 1, .kind = TC_SLIPPAGE_MODEL,
    .summary = "Lean's constant slippage, for comparison",
    .source = "QuantConnect/Lean, Common/Orders/Slippage/ConstantSlippageModel.cs",
    TC_INPUTS(inputs), .evaluate = evaluate};
