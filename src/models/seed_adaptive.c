#include "seed.h"

/* AdaptiveImpactModel: the square root with its scale multiplied by steps of
 * volatility, time of day and spread. */
enum { QUANTITY, PRICE, ADV, VOLATILITY, BID, ASK, TIME, TIMING, ALPHA };

static const tc_model_input inputs[] = {
    [QUANTITY] = TC_SEED_QUANTITY, [PRICE] = TC_SEED_PRICE, [ADV] = TC_SEED_ADV, [VOLATILITY] = TC_SEED_VOLATILITY,
    [BID] = TC_SEED_BID, [ASK] = TC_SEED_ASK,
    [TIME] = {"time", "hh:mm", "time of day, IST", TC_ROLE_MINUTE, NAN, .domain = {0, 1440, false, true}},
    [TIMING] = TC_SEED_TIMING,
    [ALPHA] = {"alpha", "1", "scale before it adapts", TC_ROLE_PARAMETER, 0.2, .domain = TC_ABOVE(0)}};

enum { PARTICIPATION, VOLATILITY_FACTOR, TIME_FACTOR, SPREAD_FACTOR, ADAPTED };
static const tc_model_step steps[] = {
    [PARTICIPATION] = {"participation", "1", false}, [VOLATILITY_FACTOR] = {"volatility_factor", "1", false},
    [TIME_FACTOR] = {"time_factor", "1", false}, [SPREAD_FACTOR] = {"spread_factor", "1", false}, [ADAPTED] = {"adaptive_alpha", "1", false}};

/* From `above` upwards, exclusive, the factor; the last step takes the rest. */
typedef struct {
    double above, factor;
} step_factor;

static double factor_of(const step_factor *steps_of, double value)
{
    while (!(value > steps_of->above)) steps_of++;
    return steps_of->factor;
}

static double volatility_factor(double volatility)
{
    static const step_factor by[] = {{0.03, 1.5}, {0.02, 1.2}, {0.01, 1.0}, {-INFINITY, 0.8}};
    return factor_of(by, volatility);
}

static double spread_factor(double relative)
{
    static const step_factor by[] = {{0.01, 1.4}, {0.005, 1.2}, {0.002, 1.0}, {-INFINITY, 0.9}};
    return factor_of(by, relative);
}

#define AT(hour, minute) ((hour) * 60 + (minute))

/* Before the open and after the close of market hours it is 1, unless the order says so. */
static double time_factor(double minute, int timing)
{
    static const struct {
        int until;
        double factor;
    } by[] = {{AT(9, 15), 1}, {AT(10, 0), 1.5}, {AT(11, 30), 1.2}, {AT(14, 0), 1.0}, {AT(15, 0), 1.1}};
    if (timing == TC_SEED_PRE_MARKET) return 2.0;
    if (timing == TC_SEED_AFTER_HOURS) return 1.8;
    for (size_t i = 0; i < TC_COUNT_OF(by); i++)
        if (minute < by[i].until) return by[i].factor;
    return minute <= AT(15, 30) ? 1.4 : 1;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    tc_status status = tc_seed_check_book(error, in[BID], in[ASK]);
    if (status) return status;
    double alpha = in[ALPHA];
    result->step[PARTICIPATION] = fmin(in[QUANTITY] / in[ADV], 0.5);
    alpha *= result->step[VOLATILITY_FACTOR] = volatility_factor(in[VOLATILITY]);
    alpha *= result->step[TIME_FACTOR] = time_factor(in[TIME], (int)in[TIMING]);
    alpha *= result->step[SPREAD_FACTOR] = spread_factor(tc_seed_spread(in[BID], in[ASK]) / ((in[BID] + in[ASK]) / 2));
    result->step[ADAPTED] = alpha;
    result->rupees = alpha * sqrt(result->step[PARTICIPATION]) * in[VOLATILITY] * in[QUANTITY] * in[PRICE];
    return TC_OK;
}

const tc_model tc_model_seed_adaptive = {
    .name = "seed-adaptive", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "the reference system's adaptive impact: a square root scaled by volatility, time of day and spread",
    .source = TC_SEED_SOURCE "/market_impact/adaptive_model.py",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
