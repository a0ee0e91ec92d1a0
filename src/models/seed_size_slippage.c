#include "seed.h"

/* SizeSlippageModel: half the spread times the root of the order's size over a typical
 * one; the half-spread is thus charged again beside any spread model. */
enum { QUANTITY, BID, ASK, BID_SIZE, ASK_SIZE, VOLUME, EXPONENT, PRICE };

static const tc_model_input inputs[] = {
    [QUANTITY] = TC_SEED_QUANTITY, [BID] = TC_SEED_BID, [ASK] = TC_SEED_ASK, [BID_SIZE] = TC_SEED_BID_SIZE, [ASK_SIZE] = TC_SEED_ASK_SIZE,
    [VOLUME] = TC_SEED_VOLUME,
    [EXPONENT] = {"size_coefficient", "1", "exponent of the size", TC_ROLE_PARAMETER, 0.5, .domain = TC_AT_LEAST(0)},
    [PRICE] = {"price", "rupees", "of the order; for the cost in bps", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true}};

static double typical_size(const tc_seed_order *order)
{
    double size = 1000;
    if (tc_is_known(order->bid_size) && tc_is_known(order->ask_size)) size = (order->bid_size + order->ask_size) / 2;
    else if (order->volume > 0) size = floor(order->volume / 100);
    return fmax(size, 100);
}

double tc_seed_size(const tc_seed_order *order, double exponent)
{
    double factor = fmin(order->quantity / typical_size(order), 10);
    return tc_seed_spread(order->bid, order->ask) / 2 * pow(factor, exponent) * order->quantity;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    tc_seed_order order = {.quantity = in[QUANTITY], .bid = in[BID], .ask = in[ASK], .bid_size = in[BID_SIZE], .ask_size = in[ASK_SIZE],
                           .volume = in[VOLUME]};
    tc_status status = tc_seed_check_book(error, in[BID], in[ASK]);
    if (status) return status;
    result->rupees = tc_seed_size(&order, in[EXPONENT]);
    return TC_OK;
}

const tc_model tc_model_seed_size_slippage = {
    .name = "seed-size-slippage", .version = 1, .kind = TC_SLIPPAGE_MODEL, .contains = TC_CONTAINS_SPREAD,
    .summary = "the reference system's slippage of size: half the spread times a root of size",
    .source = TC_SEED_SOURCE "/slippage/size_slippage.py",
    TC_INPUTS(inputs), .evaluate = evaluate};
