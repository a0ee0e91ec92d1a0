#include "registry.h"

/* Lean's MarketImpactSlippageModel: Almgren et al. 2005 at its free fit, with the
 * latency of one fill as the time of trading, two draws of noise, and the whole
 * times a uniform draw. Here the draws are inputs, at their means. The time of
 * trading is so short (3e-6 of a day) that the rate is huge: no forecast. */
enum { QUANTITY, PRICE, ADV, SIGMA, THETA, LATENCY, IMPACT_TIME, SESSION, ALPHA, BETA, GAMMA, ETA, DELTA,
       DRAW, NOISE_PERMANENT, NOISE_TEMPORARY };

static const tc_model_input inputs[] = {
    [QUANTITY] = {"quantity", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [PRICE] = {"price", "rupees", "last price", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [ADV] = {"adv", "shares a day", "mean volume of the last 10 days", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [THETA] = {"theta", "shares", "shares outstanding; unknown: no adjustment for turnover", TC_ROLE_SHARES_OUTSTANDING, NAN,
               .domain = TC_ABOVE(0), .optional = true},
    [LATENCY] = {"latency", "seconds", "from order to fill", TC_ROLE_SETTING, 0.075, .domain = TC_ABOVE(0)},
    [IMPACT_TIME] = {"impact_time", "seconds", "from fill to equilibrium", TC_ROLE_SETTING, 1800, .domain = TC_ABOVE(0)},
    [SESSION] = {"session", "seconds", "of a trading day: 22500 on NSE", TC_ROLE_SETTING, 22500, .domain = TC_ABOVE(0)},
    [ALPHA] = {"alpha", "1", "exponent of the permanent impact", TC_ROLE_PARAMETER, 0.891, .domain = TC_ABOVE(0)},
    [BETA] = {"beta", "1", "exponent of the temporary impact", TC_ROLE_PARAMETER, 0.6, .domain = TC_ABOVE(0)},
    [GAMMA] = {"gamma", "1", "permanent impact", TC_ROLE_PARAMETER, 0.314, .domain = TC_AT_LEAST(0)},
    [ETA] = {"eta", "1", "temporary impact", TC_ROLE_PARAMETER, 0.142, .domain = TC_AT_LEAST(0)},
    [DELTA] = {"delta", "1", "exponent of the inverse turnover", TC_ROLE_PARAMETER, 0.267, .domain = TC_AT_LEAST(0)},
    [DRAW] = {"u", "1", "the uniform draw", TC_ROLE_SETTING, 0.5, .domain = TC_WITHIN(0, 1)},
    [NOISE_PERMANENT] = {"noise_permanent", "1", "a normal draw", TC_ROLE_SETTING, 0, .domain = TC_ANY},
    [NOISE_TEMPORARY] = {"noise_temporary", "1", "a normal draw", TC_ROLE_SETTING, 0, .domain = TC_ANY},
};

enum { T_E, RATE, PERMANENT, TEMPORARY, REALISED };
static const tc_model_step steps[] = {
    [T_E] = {"t_e", "days", false}, [RATE] = {"nu", "of the day's volume, a day", false}, [PERMANENT] = {"permanent_bps", "bps", false},
    [TEMPORARY] = {"temporary_bps", "bps", false}, [REALISED] = {"realised_bps", "bps", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double t = in[LATENCY] / in[SESSION], rate = in[QUANTITY] / t / in[ADV];
    double noise = in[SIGMA] * sqrt(t + in[IMPACT_TIME] / in[SESSION]);
    double turnover = tc_is_known(in[THETA]) ? pow(in[THETA] / in[ADV], in[DELTA]) : 1;
    double permanent = in[SIGMA] * t * in[GAMMA] * pow(rate, in[ALPHA]) * turnover + in[NOISE_PERMANENT] * noise;
    double temporary = in[SIGMA] * in[ETA] * pow(rate, in[BETA]) + in[NOISE_TEMPORARY] * noise;
    double realised = temporary + permanent / 2;
    result->step[T_E] = t;
    result->step[RATE] = rate;
    result->step[PERMANENT] = permanent * TC_BPS;
    result->step[TEMPORARY] = temporary * TC_BPS;
    result->step[REALISED] = realised * TC_BPS;
    result->price = fmin(fmax(realised * in[DRAW], 0), 1) * in[PRICE];
    return TC_OK;
}

const tc_model tc_model_lean_market_impact = {
    .name = "lean-market-impact", .version = 1, .kind = TC_SLIPPAGE_MODEL, .contains = TC_CONTAINS_IMPACT,
    .summary = "Lean's market-impact slippage with its draws as inputs, for comparison",
    .source = "QuantConnect/Lean, Common/Orders/Slippage/MarketImpactSlippageModel.cs",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
