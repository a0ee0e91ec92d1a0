/* store.h - the store of past conditions: a SQLite file, or PostgreSQL by URL.
 *
 * What is asked as of a time never sees anything later. Reading hands out arrays
 * that live until the next call on the same store. One thread at a time; any
 * number of processes (writers wait up to five seconds, then TC_LOCKED). */
#ifndef TC_MARKET_STORE_STORE_H
#define TC_MARKET_STORE_STORE_H

#include "market/provider.h"
#include "market/series.h"

typedef struct tc_store tc_store;

/* `where`: a path, or postgresql://...; NULL: $XDG_DATA_HOME (else ~/.local/share)/tradecost/market.db.
 * Creates and migrates unless `read_only`. TC_IO, TC_LOCKED, TC_BAD_FORMAT (no store, or of a later version). */
tc_status tc_store_open(tc_store **store, tc_error *error, const char *where, bool read_only);
void tc_store_close(tc_store *store); /* NULL is a no-op */

typedef struct {
    unsigned adv_days;          /* 0: 20 */
    bool with_short_sessions;   /* count sessions under 375 minutes too */
    bool with_today;            /* daily figures of the day of `at` itself: not as-of; for analysis after the close */
} tc_store_options;

/* Conditions as known at `at` (microseconds since 1970 UTC; TC_NOW: the end of what there is): the last quote,
 * trade and bar of that day up to then, ADV and volatility of the sessions before that day, tick, lot, curves.
 * TC_MARKET_MISSING: the security is unknown, or nothing of it before `at`. */
tc_status tc_store_market(tc_store *store, tc_market *market, tc_error *error, const tc_security *which, int64_t at,
                          const tc_store_options *options);

/* The last `most` sessions before `until` (TC_DATE_MAX: all), with factors to the newest of them. */
tc_status tc_store_days(tc_store *store, const tc_daily_bar **bars, size_t *count, tc_error *error,
                        const tc_security *which, tc_date until, size_t most);

/* What lies in [from, to), oldest first; count 0 where nothing is. */
tc_status tc_store_bars(tc_store *store, const tc_bar **bars, size_t *count, tc_error *error,
                        const tc_security *which, int64_t from, int64_t to);
tc_status tc_store_quotes(tc_store *store, const tc_quote_tick **quotes, size_t *count, tc_error *error,
                          const tc_security *which, int64_t from, int64_t to);
tc_status tc_store_trades(tc_store *store, const tc_trade_tick **trades, size_t *count, tc_error *error,
                          const tc_security *which, int64_t from, int64_t to);

/* NSE's own volatility (CMVOLT, an EWMA with lambda 0.995) of the last day before that of `at`: of a day and of a year (x sqrt(365)),
 * fractions; NAN, and `*day` TC_DATE_MIN, where there is none. */
tc_status tc_store_volatility(tc_store *store, tc_date *day, double *daily, double *annual, tc_error *error,
                              const tc_security *which, int64_t at);

/* What is in the store of one name: how many days, bars, quotes and trades, and from when to when. */
typedef struct {
    char exchange[24], symbol[68], series[24];
    uint64_t days, bars, quotes, trades;
    tc_date first, last;
} tc_store_entry;

/* Every name, in order. `entries` is the caller's to free(). */
tc_status tc_store_list(tc_store *store, tc_store_entry **entries, size_t *count, tc_error *error);

#endif
