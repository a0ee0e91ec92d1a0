#include "seed.h"

/* SquareRootImpactModel: alpha sqrt(min(Q/ADV, 0.5)) volatility. */
enum { QUANTITY, PRICE, ADV, VOLATILITY, ALPHA };

static const tc_model_input inputs[] = {
    [QUANTITY] = TC_SEED_QUANTITY, [PRICE] = TC_SEED_PRICE, [ADV] = TC_SEED_ADV, [VOLATILITY] = TC_SEED_VOLATILITY,
    [ALPHA] = {"alpha", "1", "scale", TC_ROLE_PARAMETER, 0.3, .domain = TC_ABOVE(0)}};

enum { PARTICIPATION };
static const tc_model_step steps[] = {[PARTICIPATION] = {"participation", "1", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    result->step[PARTICIPATION] = fmin(in[QUANTITY] / in[ADV], 0.5);
    result->rupees = in[ALPHA] * sqrt(result->step[PARTICIPATION]) * in[VOLATILITY] * in[QUANTITY] * in[PRICE];
    return TC_OK;
}

const tc_model tc_model_seed_square_root = {
    .name = "seed-square-root", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "the reference system's square-root impact",
    .source = TC_SEED_SOURCE "/market_impact/sqrt_model.py",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
