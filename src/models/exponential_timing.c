#include "registry.h"

/* The risk of the schedule that is optimal for a linear impact, in continuous time:
 * what is left to trade falls as sinh(kappa (T - t))/sinh(kappa T), and its variance is
 * sigma^2 (sinh 2z - 2z)/(4 kappa sinh^2 z), z = kappa T: the limit of Almgren and
 * Chriss 2000, J. Risk 3(2), eq. (20). kappa 0 is the straight line, sigma^2 T/3. */
enum { SIGMA, T, KAPPA, PRICE, Q };

static const tc_model_input inputs[] = {
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [T] = {"t", "trading days", "time over which the order is worked", TC_ROLE_DURATION, NAN, .domain = TC_ABOVE(0)},
    [KAPPA] = {"kappa", "a day", "urgency: sqrt(lambda sigma^2/eta)", TC_ROLE_SETTING, NAN, .domain = TC_AT_LEAST(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { FACTOR, SD, SD_RUPEES };
static const tc_model_step steps[] = {
    [FACTOR] = {"variance_days", "days", false}, [SD] = {"sd_bps", "bps", false}, [SD_RUPEES] = {"sd_rupees", "rupees", false}};

/* (sinh 2z - 2z)/(4 z sinh^2 z), without overflow where z is large and without
 * cancellation where it is small: there both series are cut behind z^6. */
static double share_of_variance(double z)
{
    if (z < 0.05) {
        double y = z * z;
        return (1 + y / 5 + 2 * y * y / 105 + y * y * y / 945) / (1 + y / 3 + 2 * y * y / 45 + y * y * y / 315) / 3;
    }
    double decay = exp(-2 * z);
    return (-expm1(-4 * z) / 2 - 2 * z * decay) / (z * (1 - decay) * (1 - decay));
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    result->step[FACTOR] = in[T] * share_of_variance(in[KAPPA] * in[T]);
    result->step[SD] = result->sd = in[SIGMA] * sqrt(result->step[FACTOR]) * TC_BPS;
    result->step[SD_RUPEES] = result->sd / TC_BPS * in[PRICE] * in[Q];
    result->bps = 0; /* risk, not cost */
    result->se = 0;
    return TC_OK;
}

const tc_model tc_model_exponential_timing = {
    .name = "exponential-timing", .version = 1, .kind = TC_TIMING_MODEL,
    .summary = "risk of the schedule of Almgren and Chriss with urgency kappa",
    .source = "Almgren, Chriss 2000, J. Risk 3(2):5-39, eq. (20), continuous limit",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
