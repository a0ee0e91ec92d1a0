#include "zipline.h"

/* zipline's VolumeShareSlippage: price x impact x share^2, where the share counts
 * every fill of the bar and stops at the limit. */
enum { QUANTITY, PRICE, VOLUME, FILLED, LIMIT, IMPACT };

static const tc_model_input inputs[] = {
    [QUANTITY] = {"quantity", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "close of the bar", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [VOLUME] = {"volume", "shares", "of the bar", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [FILLED] = {"filled", "shares", "of the bar by other orders before", TC_ROLE_SETTING, 0, .domain = TC_AT_LEAST(0)},
    [LIMIT] = {"volume_limit", "1", "largest share of the bar", TC_ROLE_SETTING, 0.025, .domain = TC_ABOVE(0)},
    [IMPACT] = {"price_impact", "1", "at the whole volume of the bar", TC_ROLE_PARAMETER, 0.1, .domain = TC_AT_LEAST(0)},
};

enum { FILL, UNFILLED, SHARE };
static const tc_model_step steps[] = {
    [FILL] = {"fill", "shares", false}, [UNFILLED] = {"unfilled", "shares", false}, [SHARE] = {"volume_share", "1", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    double fill;
    tc_status status = tc_zipline_fill(&fill, error, &(tc_zipline_bar){in[QUANTITY], in[VOLUME], in[FILLED], in[LIMIT], false});
    if (status) return status;
    double share = fmin((in[FILLED] + fill) / in[VOLUME], in[LIMIT]);
    result->step[FILL] = fill;
    result->step[UNFILLED] = in[QUANTITY] - fill;
    result->step[SHARE] = share;
    result->price = share * share * in[IMPACT] * in[PRICE];
    result->rupees = result->price * fill;
    return TC_OK;
}

const tc_model tc_model_zipline_volume_share = {
    .name = "zipline-volume-share", .version = 1, .kind = TC_SLIPPAGE_MODEL, .contains = TC_CONTAINS_IMPACT,
    .summary = "zipline's quadratic impact of the share of a bar, for comparison",
    .source = "stefan-jansen/zipline-reloaded, src/zipline/finance/slippage.py, VolumeShareSlippage",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
