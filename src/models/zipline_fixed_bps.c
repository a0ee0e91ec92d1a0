#include "zipline.h"

/* zipline's FixedBasisPointsSlippage: so many bps, and a cap on the share of a bar. */
enum { QUANTITY, PRICE, VOLUME, FILLED, LIMIT, BASIS_POINTS };

static const tc_model_input inputs[] = {
    [QUANTITY] = {"quantity", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "close of the bar", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [VOLUME] = {"volume", "shares", "of the bar", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [FILLED] = {"filled", "shares", "of the bar by other orders before", TC_ROLE_SETTING, 0, .domain = TC_AT_LEAST(0)},
    [LIMIT] = {"volume_limit", "1", "largest share of the bar", TC_ROLE_SETTING, 0.1, .domain = TC_ABOVE(0)},
    [BASIS_POINTS] = {"basis_points", "bps", "slippage", TC_ROLE_PARAMETER, 5, .domain = TC_AT_LEAST(0)},
};

enum { FILL, UNFILLED };
static const tc_model_step steps[] = {[FILL] = {"fill", "shares", false}, [UNFILLED] = {"unfilled", "shares", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    double fill;
    tc_status status = tc_zipline_fill(&fill, error, &(tc_zipline_bar){in[QUANTITY], in[VOLUME], in[FILLED], in[LIMIT], true});
    if (status) return status;
    result->step[FILL] = fill;
    result->step[UNFILLED] = in[QUANTITY] - fill;
    result->price = in[PRICE] * (in[BASIS_POINTS] / TC_BPS);
    result->rupees = result->price * fill;
    return TC_OK;
}

const tc_model tc_model_zipline_fixed_bps = {
    .name = "zipline-fixed-bps", .version = 1, .kind = TC_SLIPPAGE_MODEL,
    .summary = "zipline's default slippage: fixed bps and a cap on the share of a bar, for comparison",
    .source = "stefan-jansen/zipline-reloaded, src/zipline/finance/slippage.py, FixedBasisPointsSlippage",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
