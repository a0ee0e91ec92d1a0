#include "registry.h"

/* Walks a book level by level: exact for the book as it stands. NSE calls the
 * result impact cost: (average - ideal)/ideal, ideal being the mid. The half-spread
 * is inside it, and so is all the price moves while the order eats into the book. */
enum { Q, SIDE };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [SIDE] = {"side", "+1 or -1", "+1: buy, -1: sell", TC_ROLE_SIDE, NAN, .domain = TC_WITHIN(-1, 1)},
};

enum { MID, TOUCH, AVERAGE, LEVELS, FILLED, UNFILLED, VS_MID, VS_TOUCH, IMPACT_COST };
static const tc_model_step steps[] = {
    [MID] = {"mid", "rupees", false}, [TOUCH] = {"touch", "rupees", false}, [AVERAGE] = {"average", "rupees", false},
    [LEVELS] = {"levels", "count", false}, [FILLED] = {"filled", "shares", false}, [UNFILLED] = {"unfilled", "shares", false},
    [VS_MID] = {"vs_mid_bps", "bps of mid", false}, [VS_TOUCH] = {"vs_touch_bps", "bps of touch", false},
    [IMPACT_COST] = {"impact_cost", "% of mid", false}};

/* Answers what the average fill pays beyond the touch, never below 0. */
static double walk(tc_model_result *result, const tc_depth *level, size_t count, double quantity)
{
    double left = quantity, beyond = 0; /* paid beyond the touch: small numbers keep their digits */
    size_t used = 0;
    for (; used < count && left > 0; used++) {
        double taken = fmin(left, level[used].quantity);
        beyond += taken * (level[used].price - level[0].price);
        left -= taken;
    }
    result->step[LEVELS] = (double)used;
    result->step[UNFILLED] = left;
    result->step[FILLED] = quantity - left;
    result->step[TOUCH] = level[0].price;
    beyond /= quantity - left;
    result->step[AVERAGE] = level[0].price + beyond;
    return fabs(beyond);
}

static tc_status evaluate_on(tc_model_result *result, tc_error *error, const double *in, const tc_market *market, tc_series_room *room)
{
    (void)room;
    bool buys = in[SIDE] > 0;
    if (in[SIDE] != 1 && in[SIDE] != -1) return tc_fail(error, TC_OUT_OF_DOMAIN, "side", "side is %.15g, neither 1 nor -1", in[SIDE]);
    if (!market || !market->bid_levels) return tc_fail(error, TC_MARKET_MISSING, "bids", "bids");
    if (!market->ask_levels) return tc_fail(error, TC_MARKET_MISSING, "asks", "asks");
    double mid = result->step[MID] = (market->bid[0].price + market->ask[0].price) / 2;
    double beyond = walk(result, buys ? market->ask : market->bid, buys ? market->ask_levels : market->bid_levels, in[Q]);
    if (!(result->step[FILLED] > 0)) return tc_fail(error, TC_BAD_MARKET, buys ? "asks" : "bids", "the book is empty: no quantity in %s", buys ? "asks" : "bids");
    result->price = fabs(result->step[TOUCH] - mid) + beyond;
    result->bps = result->step[VS_MID] = result->price / mid * TC_BPS;
    result->rupees = result->price * result->step[FILLED];
    result->step[VS_TOUCH] = beyond / result->step[TOUCH] * TC_BPS;
    result->step[IMPACT_COST] = result->price / mid * 100;
    result->se = 0; /* observed */
    return TC_OK;
}

const tc_model tc_model_book_walk = {
    .name = "book-walk", .version = 1, .kind = TC_SLIPPAGE_MODEL, .contains = TC_CONTAINS_SPREAD | TC_CONTAINS_IMPACT, .takes_book = true,
    .summary = "average price of an order sent into a known book, against mid and touch; NSE's impact cost",
    .source = "definition; NSE Indices, methodology, impact cost",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate_on = evaluate_on};
