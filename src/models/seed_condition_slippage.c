#include "seed.h"

/* ConditionSlippageModel: 5 bps times factors of volatility, spread, order type and
 * timing; a delay adds 100 % a minute, where its comment says 1 %. */
enum { QUANTITY, PRICE, VOLATILITY, BID, ASK, DELAY, ORDER_TYPE, TIMING, BASE };

static const tc_model_input inputs[] = {
    [QUANTITY] = TC_SEED_QUANTITY, [PRICE] = TC_SEED_PRICE, [VOLATILITY] = TC_SEED_VOLATILITY, [BID] = TC_SEED_BID, [ASK] = TC_SEED_ASK,
    [DELAY] = TC_SEED_DELAY, [ORDER_TYPE] = TC_SEED_ORDER_TYPE, [TIMING] = TC_SEED_TIMING,
    [BASE] = {"base", "bps", "before the factors", TC_ROLE_PARAMETER, 5, .domain = TC_AT_LEAST(0)}};

static double clamp(double value, double low, double high)
{
    return fmax(low, fmin(value, high));
}

/* The reference divides the spread by the last price; the mid stands in for it here. */
double tc_seed_condition(const tc_seed_order *order, double base_bps)
{
    static const double of_type[] = {1.0, 0.3, 1.2, 0.8, 1.1};
    double relative = tc_seed_spread(order->bid, order->ask) / ((order->bid + order->ask) / 2);
    double volatility = clamp(1 + (order->volatility / 0.015 - 1) * 2, 0.5, 5);
    double liquidity = clamp(1 + (relative / 0.001 - 1) * 1.5, 0.8, 3);
    double timing = order->timing == TC_SEED_MARKET_HOURS ? 1 : 1.3;
    if (order->delay > 0) timing *= fmin(1 + order->delay / 60, 2);
    return base_bps / TC_BPS * volatility * liquidity * of_type[order->order_type] * timing * order->quantity * order->price;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    tc_seed_order order = {.quantity = in[QUANTITY], .price = in[PRICE], .volatility = in[VOLATILITY], .bid = in[BID], .ask = in[ASK],
                           .delay = in[DELAY], .order_type = (int)in[ORDER_TYPE], .timing = (int)in[TIMING]};
    tc_status status = tc_seed_check_book(error, in[BID], in[ASK]);
    if (status) return status;
    result->rupees = tc_seed_condition(&order, in[BASE]);
    return TC_OK;
}

const tc_model tc_model_seed_condition_slippage = {
    .name = "seed-condition-slippage", .version = 1, .kind = TC_SLIPPAGE_MODEL,
    .summary = "the reference system's slippage of conditions: 5 bps times factors",
    .source = TC_SEED_SOURCE "/slippage/condition_slippage.py",
    TC_INPUTS(inputs), .evaluate = evaluate};
