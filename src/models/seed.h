/* seed.h - what the models of the reference system share: the Python project
 * 1998prakhargupta/AI-ML-Based-Stock-Price-Prediction at d247f21, directory
 * src/trading/transaction_costs. They are here to compare with, faults included
 * (docs/models.md lists them). Its fallbacks for missing market data (a million
 * shares a day, 1.26 % volatility) are not: what is missing is said to be. */
#ifndef TC_MODELS_SEED_H
#define TC_MODELS_SEED_H

#include "registry.h"

#define TC_SEED_SOURCE "1998prakhargupta/AI-ML-Based-Stock-Price-Prediction d247f21, src/trading/transaction_costs"

/* Inputs that several of them take, under the reference system's own names. */
#define TC_SEED_QUANTITY {"quantity", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)}
#define TC_SEED_PRICE {"price", "rupees", "of the order", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)}
#define TC_SEED_ADV {"adv", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)}
#define TC_SEED_VOLATILITY \
    {"daily_vol", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)}
#define TC_SEED_BID {"bid", "rupees", "best bid", TC_ROLE_BID, NAN, .domain = TC_ABOVE(0)}
#define TC_SEED_ASK {"ask", "rupees", "best offer", TC_ROLE_ASK, NAN, .domain = TC_ABOVE(0)}
#define TC_SEED_BID_SIZE \
    {"bid_size", "shares", "quantity at the best bid", TC_ROLE_BID_QUANTITY, NAN, .domain = TC_ABOVE(0), .optional = true}
#define TC_SEED_ASK_SIZE \
    {"ask_size", "shares", "quantity at the best offer", TC_ROLE_ASK_QUANTITY, NAN, .domain = TC_ABOVE(0), .optional = true}
#define TC_SEED_VOLUME \
    {"volume", "shares", "so far today, where no sizes are known", TC_ROLE_VOLUME, NAN, .domain = TC_AT_LEAST(0), .optional = true}
#define TC_SEED_DELAY \
    {"delay_s", "seconds", "from decision to order; 1 where it is not given", TC_ROLE_DELAY, NAN, .domain = TC_AT_LEAST(0), .optional = true}
#define TC_SEED_ORDER_TYPE \
    {"order_type", "word", "kind of order", TC_ROLE_SETTING, 0, .domain = TC_WITHIN(0, 4), .words = "market limit stop stop-limit trailing-stop"}
#define TC_SEED_TIMING \
    {"timing", "word", "when it is sent", TC_ROLE_SETTING, 0, .domain = TC_WITHIN(0, 2), .words = "market-hours pre-market after-hours"}

enum { TC_SEED_MARKET_HOURS, TC_SEED_PRE_MARKET, TC_SEED_AFTER_HOURS };

/* TC_OUT_OF_DOMAIN where the offer is below the bid. */
static inline tc_status tc_seed_check_book(tc_error *error, double bid, double ask)
{
    if (bid <= ask) return TC_OK;
    return tc_fail(error, TC_OUT_OF_DOMAIN, "ask", "ask %g is below bid %g", ask, bid);
}

/* Prices have six decimals at most; what a difference of doubles has beyond is noise. */
static inline double tc_seed_spread(double bid, double ask)
{
    return rint((ask - bid) * 1e6) / 1e6;
}

typedef struct {
    double quantity, price, volatility, bid, ask, bid_size, ask_size, volume, delay;
    int order_type, timing;
} tc_seed_order;

/* Rupees, as the parts of the reference system's slippage estimator; each model's file has its own. */
double tc_seed_delay(const tc_seed_order *order, double drift);
double tc_seed_size(const tc_seed_order *order, double exponent);
double tc_seed_condition(const tc_seed_order *order, double base_bps);

#endif
