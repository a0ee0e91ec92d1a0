#include "registry.h"

/* Zarinelli, Treccani, Farmer and Lillo 2015, "Beyond the square root", Market
 * Microstructure and Liquidity 1(2), arXiv:1412.2152: peak impact over volatility is
 * a log10(1 + b Q/V), which fits five decades of Q/V. The average fill pays the mean
 * of the same curve, if impact at partial volume follows it. Their a and b are of
 * their sample and must be given. */
enum { Q, V, SIGMA, A, B, PRICE };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [V] = {"v", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction; 1 where a is not per volatility", TC_ROLE_VOLATILITY, NAN,
               .domain = TC_ABOVE(0)},
    [A] = {"a", "1", "scale", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [B] = {"b", "1", "how soon it saturates", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { PARTICIPATION, PEAK, COST };
static const tc_model_step steps[] = {
    [PARTICIPATION] = {"q_over_v", "1", false}, [PEAK] = {"peak_bps", "bps", false}, [COST] = {"cost_bps", "bps", false}};

static const double ln10 = 2.30258509299404568402;

/* The mean of ln(1 + u) for u from 0 to z: ((1 + z) ln(1 + z) - z)/z, and for small z
 * its series z/2 - z^2/6 + z^3/12 - ..., where the two terms would cancel. */
static double mean_log(double z)
{
    double power = z, sum = 0, term = z / 2;
    if (z >= 0.1) return ((1 + z) * log1p(z) - z) / z;
    for (int k = 2; fabs(term) > 1e-18 * z; k++) {
        sum += term;
        power *= -z;
        term = power / (k * (k + 1.0));
    }
    return sum;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double share = in[Q] / in[V], scale = in[A] * in[SIGMA] / ln10 * TC_BPS;
    result->step[PARTICIPATION] = share;
    result->step[PEAK] = scale * log1p(in[B] * share);
    result->step[COST] = result->bps = scale * mean_log(in[B] * share);
    return TC_OK;
}

const tc_model tc_model_log_saturating = {
    .name = "log-saturating", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "peak impact sigma a log10(1 + b Q/V), of which the average fill pays the mean",
    .source = "Zarinelli et al. 2015, arXiv:1412.2152",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
