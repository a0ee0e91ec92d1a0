#include "seed.h"

/* DelaySlippageModel: a standard deviation of the price over the delay, booked as if
 * it were an expected cost, by a New York day of 23,400 s. */
enum { QUANTITY, PRICE, VOLATILITY, DELAY, DRIFT };

static const tc_model_input inputs[] = {
    [QUANTITY] = TC_SEED_QUANTITY, [PRICE] = TC_SEED_PRICE, [VOLATILITY] = TC_SEED_VOLATILITY, [DELAY] = TC_SEED_DELAY,
    [DRIFT] = {"drift", "fraction a second", "of the price; its sign does not matter", TC_ROLE_PARAMETER, 0, .domain = TC_ANY}};

double tc_seed_delay(const tc_seed_order *order, double drift)
{
    double delay = order->delay > 0 ? order->delay : 1; /* none and 0 are one second there */
    return (order->volatility * sqrt(delay / 23400) + fabs(drift * delay)) * order->quantity * order->price;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    tc_seed_order order = {.quantity = in[QUANTITY], .price = in[PRICE], .volatility = in[VOLATILITY], .delay = in[DELAY]};
    result->rupees = tc_seed_delay(&order, in[DRIFT]);
    return TC_OK;
}

const tc_model tc_model_seed_delay_slippage = {
    .name = "seed-delay-slippage", .version = 1, .kind = TC_SLIPPAGE_MODEL,
    .summary = "the reference system's slippage of delay: a standard deviation booked as a cost",
    .source = TC_SEED_SOURCE "/slippage/delay_slippage.py",
    TC_INPUTS(inputs), .evaluate = evaluate};
