#include "registry.h"

/* Almgren, Thum, Hauptmann and Li 2005, "Direct estimation of equity market
 * impact", Risk 18(7):57-62. Permanent I = gamma sigma T |X/(VT)|^alpha
 * (Theta/V)^delta, temporary K = eta sigma |X/(VT)|^beta; the average fill pays
 * J = I/2 + K. The exponents 1, 3/5 and 1/4 are theirs after a free fit gave 0.891,
 * 0.600 and 0.267; gamma = 0.314 +- 0.041 and eta = 0.142 +- 0.0062 with them.
 * United States 2001-2003, orders of about 0.25 % to 10 % of a day's volume. */
enum { X, V, THETA, SIGMA, T, PRICE, GAMMA, ETA, ALPHA, BETA, DELTA };

static const tc_model_input inputs[] = {
    [X] = {"x", "shares", "order quantity; its sign is the side, and does not change the cost", TC_ROLE_QUANTITY, NAN, .domain = TC_ANY},
    [V] = {"v", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [THETA] = {"theta", "shares", "shares outstanding", TC_ROLE_SHARES_OUTSTANDING, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [T] = {"t", "days of volume", "time taken, in which t days' average volume is traded", TC_ROLE_DURATION, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [GAMMA] = {"gamma", "1", "permanent impact", TC_ROLE_PARAMETER, 0.314, 0.041, .domain = TC_ABOVE(0)},
    [ETA] = {"eta", "1", "temporary impact", TC_ROLE_PARAMETER, 0.142, 0.0062, .domain = TC_ABOVE(0)},
    [ALPHA] = {"alpha", "1", "exponent of the permanent impact in the rate", TC_ROLE_PARAMETER, 1, .domain = TC_ABOVE(0)},
    [BETA] = {"beta", "1", "exponent of the temporary impact in the rate", TC_ROLE_PARAMETER, 0.6, .domain = TC_ABOVE(0)},
    [DELTA] = {"delta", "1", "exponent of the permanent impact in the inverse turnover", TC_ROLE_PARAMETER, 0.25, .domain = TC_AT_LEAST(0)},
};

enum { RATE, PERMANENT, TEMPORARY, COST };
static const tc_model_step steps[] = {
    [RATE] = {"rate", "of the day's volume, a day", false}, [PERMANENT] = {"permanent_bps", "bps", false},
    [TEMPORARY] = {"temporary_bps", "bps", false}, [COST] = {"cost_bps", "bps", false}};

/* pow() is the whole cost of this model: where the exponent is the paper's, a product or two roots do. */
static double power(double x, double exponent)
{
    if (exponent == 1) return x;
    if (exponent == 0.25) return sqrt(sqrt(x));
    return pow(x, exponent);
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double rate = fabs(in[X]) / (in[V] * in[T]), sigma = in[SIGMA] * TC_BPS;
    result->step[RATE] = rate;
    result->step[PERMANENT] = in[GAMMA] * sigma * in[T] * power(rate, in[ALPHA]) * power(in[THETA] / in[V], in[DELTA]);
    result->step[TEMPORARY] = in[ETA] * sigma * power(rate, in[BETA]);
    result->step[COST] = result->bps = result->step[PERMANENT] / 2 + result->step[TEMPORARY];
    return TC_OK;
}

static void slopes(double *slope, const double *in, const tc_model_result *result)
{
    double half = result->step[PERMANENT] / 2, temporary = result->step[TEMPORARY], rate = result->step[RATE];
    slope[GAMMA] = half / in[GAMMA];
    slope[ETA] = temporary / in[ETA];
    slope[ALPHA] = rate > 0 ? half * log(rate) : 0;
    slope[BETA] = rate > 0 ? temporary * log(rate) : 0;
    slope[DELTA] = half * log(in[THETA] / in[V]);
}

const tc_model tc_model_almgren2005 = {
    .name = "almgren2005", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "half the permanent impact plus a temporary impact of the rate to the power 3/5",
    .source = "Almgren, Thum, Hauptmann and Li 2005, Risk 18(7):57-62",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate, .slopes = slopes};
