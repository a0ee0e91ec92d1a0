#include "registry.h"

/* How far the average price of an order worked evenly over T days may end up from
 * its expectation: sigma sqrt(T/3). In N slices of which the first is sent at the end
 * of its interval: sigma sqrt(T (1 - 1/N)(1 - 1/(2N))/3), Almgren and Chriss 2000,
 * "Optimal execution of portfolio transactions", J. Risk 3(2), eq. (11). Where the day's
 * variance curve and the minute of the start are known, time runs as the variance does. */
enum { SIGMA, T, N, MINUTE, PRICE, Q };

static const tc_model_input inputs[] = {
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [T] = {"t", "trading days", "time over which the order is worked", TC_ROLE_DURATION, NAN, .domain = TC_ABOVE(0)},
    [N] = {"n", "count", "slices; 0: so many that it does not matter", TC_ROLE_SETTING, 0, .domain = TC_AT_LEAST(0)},
    [MINUTE] = {"minute", "hh:mm", "of the start", TC_ROLE_MINUTE, NAN, .domain = {0, 1440, false, true}, .optional = true},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { FACTOR, SD, SD_RUPEES };
static const tc_model_step steps[] = {
    [FACTOR] = {"variance_days", "days", false}, [SD] = {"sd_bps", "bps", false}, [SD_RUPEES] = {"sd_rupees", "rupees", false}};

enum { CURVE_DAYS = 10 }; /* over more days than these the shape of one does not matter */

/* The integral of (1 - u)^2 over the variance done, u being the part of the way:
 * exact, for both are straight between two points of the curve. */
static double along_curve(tc_curve curve, double start, double days)
{
    double step = (double)TC_SESSION_MINUTES / (double)(curve.count - 1), way = days * TC_SESSION_MINUTES;
    double end = start + way, at = start, sum = 0;
    size_t segments = curve.count - 1;
    for (size_t k = (size_t)(start / step); at < end; k++) {
        double next = fmin((double)(k + 1) * step, end);
        double rate = (curve.point[k % segments + 1] - curve.point[k % segments]) / step;
        double left = 1 - (at - start) / way, then = 1 - (next - start) / way;
        sum += rate * way * (left * left * left - then * then * then) / 3;
        at = next;
    }
    return sum;
}

static double variance_days(const double *in, const tc_market *market)
{
    double n = in[N];
    if (n > 0) return in[T] * (1 - 1 / n) * (1 - 1 / (2 * n)) / 3;
    if (!market || !market->variance_curve.count || !tc_is_known(in[MINUTE]) || in[T] > CURVE_DAYS) return in[T] / 3;
    return along_curve(market->variance_curve, fmin(fmax(in[MINUTE] - TC_SESSION_OPENS_MINUTE, 0), TC_SESSION_MINUTES), in[T]);
}

static tc_status evaluate_on(tc_model_result *result, tc_error *error, const double *in, const tc_market *market, tc_series_room *room)
{
    (void)room;
    if (in[N] != floor(in[N])) return tc_fail(error, TC_OUT_OF_DOMAIN, "n", "%g slices", in[N]);
    result->step[FACTOR] = variance_days(in, market);
    result->step[SD] = result->sd = in[SIGMA] * sqrt(result->step[FACTOR]) * TC_BPS;
    result->step[SD_RUPEES] = result->sd / TC_BPS * in[PRICE] * in[Q];
    result->bps = 0; /* risk, not cost */
    result->se = 0;
    return TC_OK;
}

const tc_model tc_model_timing_risk = {
    .name = "timing-risk", .version = 1, .kind = TC_TIMING_MODEL,
    .summary = "sigma sqrt(T/3), of an order worked evenly; in N slices; along a variance curve",
    .source = "Almgren, Chriss 2000, J. Risk 3(2):5-39, eq. (11)",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate_on = evaluate_on};
