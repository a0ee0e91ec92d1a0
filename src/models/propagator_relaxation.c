#include "registry.h"

/* Gatheral 2010, "No-dynamic-arbitrage and market impact", Quant. Finance 10(7):
 * trading at a constant rate for T under a kernel t^-gamma moves the price by
 * (t/T)^(1-gamma) of its peak, and afterwards it relaxes to u^(1-gamma) -
 * (u-1)^(1-gamma), u = t/T. The average fill pays 1/(2-gamma) of the peak. Such a
 * market leaves round trips without profit only if gamma >= 2 - log2(3) and, where
 * impact is a power delta of the rate, gamma + delta >= 1. */
enum { GAMMA, U, DELTA, PEAK_BPS, PRICE };

static const tc_model_input inputs[] = {
    [GAMMA] = {"gamma", "1", "exponent of the kernel's decay", TC_ROLE_PARAMETER, NAN, .domain = TC_BETWEEN(0, 1)},
    [U] = {"u", "1", "time since the first trade over the duration of trading", TC_ROLE_SETTING, 1, .domain = TC_AT_LEAST(0)},
    [DELTA] = {"delta", "1", "exponent of the impact in the rate; 1 - gamma makes the square-root law's kin", TC_ROLE_PARAMETER, NAN,
               .domain = {0, 1, true, false}, .optional = true},
    [PEAK_BPS] = {"peak_bps", "bps", "impact at the end of trading", TC_ROLE_SETTING, NAN, .domain = TC_ANY, .optional = true},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { NOW, AVERAGE, NO_ARBITRAGE, COST };
static const tc_model_step steps[] = {
    [NOW] = {"impact_over_peak", "1", false}, [AVERAGE] = {"average_over_peak", "1", false},
    [NO_ARBITRAGE] = {"no_arbitrage", "1: yes", false}, [COST] = {"cost_bps", "bps", false}};

/* 2 - log2(3), Gatheral 2010, section 5. */
static const double gamma_least = 0.41503749927884381855;

static double impact_over_peak(double gamma, double u)
{
    double left = 1 - gamma;
    if (u <= 1) return pow(u, left);
    return -pow(u, left) * expm1(left * log1p(-1 / u)); /* the difference of two near powers */
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    bool linear_enough = !tc_is_known(in[DELTA]) || in[GAMMA] + in[DELTA] >= 1;
    result->step[NOW] = impact_over_peak(in[GAMMA], in[U]);
    result->step[AVERAGE] = 1 / (2 - in[GAMMA]);
    result->step[NO_ARBITRAGE] = in[GAMMA] >= gamma_least && linear_enough;
    result->step[COST] = result->bps = in[PEAK_BPS] * result->step[AVERAGE];
    return TC_OK;
}

const tc_model tc_model_propagator_relaxation = {
    .name = "propagator-relaxation", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "how impact grows while trading evenly and fades afterwards, under a kernel t^-gamma",
    .source = "Gatheral 2010, Quant. Finance 10(7):749-759",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
