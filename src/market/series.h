/* series.h - the past of a market: bars and ticks, oldest first. */
#ifndef TC_MARKET_SERIES_H
#define TC_MARKET_SERIES_H

#include "tradecost/market.h"

/* One session. Prices in rupees, NAN where unknown. */
typedef struct {
    tc_date date;
    double open, high, low, close, previous_close;
    double volume, value;   /* shares, rupees */
    double trades, delivered; /* count, shares */
    double factor;          /* multiply the prices (divide the volume) by it to compare with the newest bar: corporate actions */
    uint16_t minutes;       /* of the session; 375 in full; 0: unknown, taken for full */
} tc_daily_bar;

/* A window of days does not reach over a longer silence: what was before is another time's. */
enum { TC_GAP_DAYS_MAX = 30 };

/* A bar of some minutes. `time` is its START, in microseconds since 1970 UTC,
 * whatever the file's own convention was. */
typedef struct {
    int64_t time;
    uint32_t seconds;
    double open, high, low, close, volume; /* volume NAN: unknown */
} tc_bar;

typedef struct {
    int64_t time;
    double bid, ask, bid_quantity, ask_quantity;
} tc_quote_tick;

typedef struct {
    int64_t time;
    double price, quantity;
} tc_trade_tick;

#endif
