/* market.h - the conditions of a market at a moment.
 *
 * Implicit costs are estimates: here numbers are doubles, in rupees, shares and
 * trading days. What is not known is NAN, and a model that needs it says
 * `market data missing`, with the field's name; nothing here has a default. */
#ifndef TRADECOST_MARKET_H
#define TRADECOST_MARKET_H

#include <stdbool.h>

#include "trade.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Name, unit, meaning. Quantities are in units of the quoted price. */
#define TC_MARKET_FIELDS(X)                                                                        \
    X(TC_M_BID, "bid", "rupees", "best bid")                                                       \
    X(TC_M_ASK, "ask", "rupees", "best offer")                                                     \
    X(TC_M_BID_QUANTITY, "bid_quantity", "shares", "quantity at the best bid")                     \
    X(TC_M_ASK_QUANTITY, "ask_quantity", "shares", "quantity at the best offer")                   \
    X(TC_M_LAST, "last", "rupees", "price of the last trade")                                      \
    X(TC_M_OPEN, "open", "rupees", "first price of the day")                                       \
    X(TC_M_HIGH, "high", "rupees", "highest price of the day so far")                              \
    X(TC_M_LOW, "low", "rupees", "lowest price of the day so far")                                 \
    X(TC_M_PREVIOUS_CLOSE, "previous_close", "rupees", "close of the session before, adjusted")    \
    X(TC_M_VOLUME, "volume", "shares", "traded so far today")                                      \
    X(TC_M_ADV, "adv", "shares a day", "average daily volume before today")                        \
    X(TC_M_VOLATILITY, "volatility", "a day", "standard deviation of daily returns, a fraction")   \
    X(TC_M_SPREAD, "spread", "fraction", "relative spread, where no bid and ask is known")         \
    X(TC_M_SHARES_OUTSTANDING, "shares_outstanding", "shares", "issued, or of the free float")     \
    X(TC_M_TICK, "tick", "rupees", "price step")                                                   \
    X(TC_M_LOT, "lot", "shares", "lot size")                                                       \
    X(TC_M_FREEZE, "freeze", "shares", "largest quantity of one order")                            \
    X(TC_M_LOWER_CIRCUIT, "lower_circuit", "rupees", "lowest price that the exchange takes today") \
    X(TC_M_UPPER_CIRCUIT, "upper_circuit", "rupees", "highest price that the exchange takes today")
#define TC_AS_ENUM(name, word, unit, meaning) name,
typedef enum { TC_MARKET_FIELDS(TC_AS_ENUM) TC_M_COUNT } tc_market_field;
#undef TC_AS_ENUM

#define TC_SESSIONS(X)                                                                       \
    X(TC_SESSION_UNKNOWN, "unknown") X(TC_SESSION_PRE_OPEN, "pre-open")                      \
    X(TC_SESSION_CONTINUOUS, "continuous") X(TC_SESSION_CLOSING, "closing")                  \
    X(TC_SESSION_CLOSED, "closed")
#define TC_AS_ENUM(name, word) name,
typedef enum { TC_SESSIONS(TC_AS_ENUM) TC_SESSION_COUNT } tc_session;
#undef TC_AS_ENUM

/* Remarks on how a market was come by. */
#define TC_MARKET_FLAGS(X)                                                              \
    X(TC_MF_ADJUSTED, "adjusted", "prices before a corporate action were rescaled")     \
    X(TC_MF_SHORT_SESSIONS, "short-sessions", "sessions under 375 minutes were left out") \
    X(TC_MF_ESTIMATED_SPREAD, "estimated-spread", "the spread is estimated, not quoted") \
    X(TC_MF_TICK_FLOOR, "tick-floor", "the spread was raised to one tick")              \
    X(TC_MF_STALE, "stale", "no quote or trade for the last minute")                    \
    X(TC_MF_SIMULATED, "simulated", "drawn by a random process")
#define TC_AS_ENUM(name, word, meaning) name##_BIT,
enum { TC_MARKET_FLAGS(TC_AS_ENUM) TC_MF_COUNT };
#undef TC_AS_ENUM
#define TC_AS_ENUM(name, word, meaning) name = 1 << name##_BIT,
typedef enum { TC_MARKET_FLAGS(TC_AS_ENUM) } tc_market_flag;
#undef TC_AS_ENUM

/* A regular session of NSE and BSE: 09:15 to 15:30 IST. */
enum { TC_SESSION_OPENS_MINUTE = 9 * 60 + 15, TC_SESSION_MINUTES = 375, TC_DEPTH_MAX = 20 };

/* One price level of a book. */
typedef struct {
    double price, quantity;
} tc_depth;

/* How a day's volume or variance is spread over its session: cumulative
 * fractions at equally spaced times, from point[0] = 0 at the open to
 * point[count - 1] = 1 at the close, never falling. */
typedef struct {
    const double *point;
    size_t count;
} tc_curve;

typedef struct {
    double value[TC_M_COUNT];             /* NAN: unknown */
    uint16_t adv_days, volatility_days;   /* sessions behind ADV and volatility; 0: not told */
    uint8_t bid_levels, ask_levels;       /* of the book, best first; 0: unknown */
    tc_depth bid[TC_DEPTH_MAX], ask[TC_DEPTH_MAX];
    tc_curve volume_curve, variance_curve; /* borrowed; count 0: unknown */
    tc_session session;
    int64_t time;                         /* microseconds since 1970 UTC; INT64_MIN: unknown */
    uint32_t flags;
    char source[96];                      /* who says so, for provenance */
} tc_market;

/* Everything unknown. */
void tc_market_clear(tc_market *market);

/* NULL beyond the lists. The find functions answer -1 for what is none. */
const char *tc_market_name(tc_market_field field);
const char *tc_market_unit(tc_market_field field);
int tc_market_find(tc_text name);
const char *tc_session_name(tc_session session);

static inline bool tc_is_known(double value)
{
    return value == value;
}

/* (bid + ask) / 2, and (ask - bid); NAN where either side is unknown. */
double tc_market_mid(const tc_market *market);
double tc_market_spread(const tc_market *market);

/* Whether it contradicts itself: a price or quantity that is not finite or
 * below 0, a crossed or locked book, levels out of order, ADV, volatility, tick or
 * lot 0, a curve that falls. TC_BAD_MARKET, with the field. */
tc_status tc_market_check(const tc_market *market, tc_error *error);

/* The value, or TC_MARKET_MISSING with the field's name. */
tc_status tc_market_need(double *value, tc_error *error, const tc_market *market, tc_market_field field);

/* The fraction of the day's volume or variance done by `minute` of the session
 * (0 to TC_SESSION_MINUTES, clamped), by linear interpolation; NAN if unknown. */
double tc_curve_at(tc_curve curve, double minute);

#ifdef __cplusplus
}
#endif
#endif
