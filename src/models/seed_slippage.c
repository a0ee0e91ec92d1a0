#include "seed.h"

/* SlippageEstimator: 0.8 times the sum of delay, size and condition. */
enum { QUANTITY, PRICE, VOLATILITY, BID, ASK, BID_SIZE, ASK_SIZE, VOLUME, DELAY, ORDER_TYPE, TIMING, SHARE };

static const tc_model_input inputs[] = {
    [QUANTITY] = TC_SEED_QUANTITY, [PRICE] = TC_SEED_PRICE, [VOLATILITY] = TC_SEED_VOLATILITY, [BID] = TC_SEED_BID, [ASK] = TC_SEED_ASK,
    [BID_SIZE] = TC_SEED_BID_SIZE, [ASK_SIZE] = TC_SEED_ASK_SIZE, [VOLUME] = TC_SEED_VOLUME, [DELAY] = TC_SEED_DELAY,
    [ORDER_TYPE] = TC_SEED_ORDER_TYPE, [TIMING] = TC_SEED_TIMING,
    [SHARE] = {"correlation_adjustment", "1", "share of the sum that is kept", TC_ROLE_PARAMETER, 0.8, .domain = TC_WITHIN(0, 1)}};

enum { OF_DELAY, OF_SIZE, OF_CONDITION };
static const tc_model_step steps[] = {
    [OF_DELAY] = {"delay_slip", "rupees", false}, [OF_SIZE] = {"size_slip", "rupees", false}, [OF_CONDITION] = {"cond_slip", "rupees", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    tc_seed_order order = {in[QUANTITY], in[PRICE], in[VOLATILITY], in[BID], in[ASK], in[BID_SIZE], in[ASK_SIZE], in[VOLUME],
                           in[DELAY], (int)in[ORDER_TYPE], (int)in[TIMING]};
    tc_status status = tc_seed_check_book(error, in[BID], in[ASK]);
    if (status) return status;
    result->step[OF_DELAY] = tc_seed_delay(&order, 0);
    result->step[OF_SIZE] = tc_seed_size(&order, 0.5);
    result->step[OF_CONDITION] = tc_seed_condition(&order, 5);
    result->rupees = in[SHARE] * (result->step[OF_DELAY] + result->step[OF_SIZE] + result->step[OF_CONDITION]);
    return TC_OK;
}

const tc_model tc_model_seed_slippage = {
    .name = "seed-slippage", .version = 1, .kind = TC_SLIPPAGE_MODEL, .contains = TC_CONTAINS_SPREAD,
    .summary = "the reference system's slippage: 0.8 times the sum of delay, size and condition",
    .source = TC_SEED_SOURCE "/slippage/slippage_estimator.py",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
