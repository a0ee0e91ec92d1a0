#include "zipline.h"

/* zipline's VolatilityVolumeShare for futures: eta sigma sqrt(fill/ADV) of the mid of
 * the bar's high and low, divided by 10,000 as if sigma were in bps; it is a decimal,
 * so the impact is next to nothing. Reproduced as it is. */
enum { QUANTITY, HIGH, LOW, VOLUME, ADV, SIGMA, LIMIT, ETA };

static const tc_model_input inputs[] = {
    [QUANTITY] = {"quantity", "contracts", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [HIGH] = {"high", "rupees", "of the bar", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [LOW] = {"low", "rupees", "of the bar", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [VOLUME] = {"volume", "contracts", "of the bar", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [ADV] = {"adv", "contracts a day", "mean volume of the last 20 days", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(year)", "volatility of 20 daily returns times the root of 252, a fraction", TC_ROLE_ANNUAL_VOLATILITY, NAN,
               .domain = TC_ABOVE(0)},
    [LIMIT] = {"volume_limit", "1", "largest share of the bar", TC_ROLE_SETTING, 0.05, .domain = TC_ABOVE(0)},
    [ETA] = {"eta", "1", "scale; by root symbol in the framework, this where it has none", TC_ROLE_PARAMETER, 0.049018143225019836,
             .domain = TC_AT_LEAST(0)},
};

enum { FILL, UNFILLED, MID, IMPACT };
static const tc_model_step steps[] = {
    [FILL] = {"fill", "contracts", false}, [UNFILLED] = {"unfilled", "contracts", false}, [MID] = {"mid", "rupees", false},
    [IMPACT] = {"impact", "bps, by the framework's reckoning", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    double fill;
    if (in[LOW] > in[HIGH]) return tc_fail(error, TC_OUT_OF_DOMAIN, "low", "low %g is above high %g", in[LOW], in[HIGH]);
    tc_status status = tc_zipline_fill(&fill, error, &(tc_zipline_bar){in[QUANTITY], in[VOLUME], 0, in[LIMIT], false});
    if (status) return status;
    result->step[FILL] = fill;
    result->step[UNFILLED] = in[QUANTITY] - fill;
    result->step[MID] = (in[HIGH] + in[LOW]) / 2;
    result->step[IMPACT] = result->bps = in[ETA] * in[SIGMA] * sqrt(fill / in[ADV]);
    result->price = result->step[MID] * result->bps / TC_BPS;
    result->rupees = result->price * fill;
    return TC_OK;
}

const tc_model tc_model_zipline_volatility_volume_share = {
    .name = "zipline-volatility-volume-share", .version = 1, .kind = TC_SLIPPAGE_MODEL, .contains = TC_CONTAINS_IMPACT,
    .summary = "zipline's impact of futures, for comparison; its scale is off by ten thousand",
    .source = "stefan-jansen/zipline-reloaded, src/zipline/finance/slippage.py, VolatilityVolumeShare",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
