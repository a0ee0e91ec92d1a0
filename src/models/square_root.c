#include "registry.h"

/* I_peak = Y sigma (Q/V)^delta; the average fill pays I_peak/(1 + delta), if the
 * impact at partial volume follows the same law. Toth et al. 2011, "Anomalous
 * price impact and the critical nature of liquidity", Phys. Rev. X 1:021006,
 * eq. (1), with delta 0.5; Y is of order one and no source gives it for India. */
enum { Q, V, SIGMA, Y, DELTA, PRICE };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [V] = {"v", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [Y] = {"y", "1", "prefactor", TC_ROLE_PARAMETER, 1, .domain = TC_ABOVE(0)},
    [DELTA] = {"delta", "1", "exponent", TC_ROLE_PARAMETER, 0.5, .domain = {0, 1, true, false}},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { PARTICIPATION, PEAK, COST };
static const tc_model_step steps[] = {
    [PARTICIPATION] = {"q_over_v", "1", false}, [PEAK] = {"peak_bps", "bps", false}, [COST] = {"cost_bps", "bps", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    result->step[PARTICIPATION] = in[Q] / in[V];
    result->step[PEAK] = in[Y] * in[SIGMA] * pow(in[Q] / in[V], in[DELTA]) * TC_BPS;
    result->step[COST] = result->bps = result->step[PEAK] / (1 + in[DELTA]);
    return TC_OK;
}

static void slopes(double *slope, const double *in, const tc_model_result *result)
{
    double share = result->step[PARTICIPATION], cost = result->bps;
    slope[Y] = cost / in[Y];
    slope[DELTA] = share > 0 ? cost * (log(share) - 1 / (1 + in[DELTA])) : 0;
}

const tc_model tc_model_square_root = {
    .name = "square-root", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "peak impact Y sigma (Q/V)^delta, of which the average fill pays 1/(1 + delta)",
    .source = "Toth et al. 2011, Phys. Rev. X 1:021006, eq. (1); doi:10.1103/PhysRevX.1.021006",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate, .slopes = slopes};
