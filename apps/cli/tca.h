/* tca.h - orders after the trade, as the files of `tradecost tca` share them.
 *
 * Fills and orders are read (tca_orders.c), the market around them is asked in
 * one pass (tca_market.c), each order is worked out (tca_value.c), and rows,
 * groups (tca_rows.c) or a page (tca_page.c) are made of them. */
#ifndef CLI_TCA_H
#define CLI_TCA_H

#include "analysis/tape.h"
#include "cli.h"
#include "tradebook.h"
#include "tradecost/estimate.h"
#include "tradecost/tca.h"

/* Prices to compare the average with. name, what it is. */
#define BENCHMARKS(X)                                                                                       \
    X(MARK_DECISION, "decision", "the price when it was decided: given, else the mid or last trade then")   \
    X(MARK_ARRIVAL, "arrival", "the mid (else last trade) when the order arrived")                          \
    X(MARK_PREVIOUS_CLOSE, "previous_close", "close of the session before arrival, adjusted")               \
    X(MARK_OPEN, "open", "open of the day of arrival")                                                      \
    X(MARK_CLOSE, "close", "close of the day of the last fill")                                             \
    X(MARK_DAY_VWAP, "day_vwap", "value over volume of the days it traded on")                              \
    X(MARK_VWAP, "vwap", "value over volume of the market from arrival to the end of the order")            \
    X(MARK_TWAP, "twap", "mean of the mid (else last trade) over that time, each as long as it stood")      \
    X(MARK_PWP, "pwp", "vwap of the first quantity / participation shares from arrival on")
#define AS_ENUM(id, name, meaning) id,
typedef enum { BENCHMARKS(AS_ENUM) MARK_COUNT } benchmark;
#undef AS_ENUM
const char *benchmark_name(size_t mark);

/* Remarks on an order: a closed list, docs/tca.md says it too. */
#define TCA_FLAGS(X)                                                                                        \
    X(TCA_ARRIVAL_ASSUMED, "arrival-assumed", "no time of arrival: that of the first fill")                 \
    X(TCA_ARRIVAL_OF_DECISION, "arrival-of-decision", "no price at arrival: execution is against the decision price, delay inside it") \
    X(TCA_ARRIVAL_OF_FILL, "arrival-of-fill", "no price at arrival or decision: that of the first fill")    \
    X(TCA_ARRIVAL_OF_TRADE, "arrival-of-trade", "no quote at arrival: the last trade or bar before it")     \
    X(TCA_NO_DECISION, "no-decision", "no decision price: delay is not known, the total is against arrival") \
    X(TCA_END_OF_CLOSE, "end-of-close", "what was not filled is valued at the close")                       \
    X(TCA_CLOSE_OF_LAST, "close-of-last", "no daily bar: the close is the day's last trade or bar")         \
    X(TCA_FROM_BARS, "from-bars", "interval benchmarks are of whole bars that overlap the interval")        \
    X(TCA_OWN_EXCEEDS, "own-exceeds-market", "own trades are more than the market's: they cannot be taken out") \
    X(TCA_CORPORATE_ACTION, "corporate-action", "prices of another day were rescaled for a corporate action") \
    X(TCA_PARTIAL, "partial", "part of the order was not filled")                                           \
    X(TCA_NEVER_FILLED, "never-filled", "nothing of the order was filled")                                  \
    X(TCA_MANY_DAYS, "many-days", "the order was filled on several days")                                   \
    X(TCA_NO_TIME, "no-time", "fills without a time of day: only daily benchmarks")                         \
    X(TCA_OUTSIDE_SPREAD, "outside-spread", "a fill above the offer or below the bid")                      \
    X(TCA_OUTSIDE_DAY, "outside-day", "a fill above the high or below the low of its day")                  \
    X(TCA_OUTLIER, "outlier", "its cost stands more than 5 robust standard deviations from the median")     \
    X(TCA_UNCALIBRATED, "uncalibrated", "expected by parameters that nobody fitted")                        \
    X(TCA_INCOMPLETE, "incomplete", "a charge or a part of the shortfall is not known")
#define AS_ENUM(id, word, meaning) id##_BIT,
enum { TCA_FLAGS(AS_ENUM) TCA_FLAG_COUNT };
#undef AS_ENUM
#define AS_ENUM(id, word, meaning) id = 1 << id##_BIT,
enum { TCA_FLAGS(AS_ENUM) };
#undef AS_ENUM

enum { LAGS_MAX = 8, NO_PLACE = -1, TCA_KEYS_MAX = 6 };

/* What to group by: a key of every order, or a column of the files. */
typedef struct {
    tc_text name;
    bool built_in;
    int column;    /* of the file of orders; NO_PLACE: none */
} tca_key;

/* A time after a fill at which the market is looked at again. */
typedef struct {
    int64_t micros;
    char name[16]; /* as given: 10s, 5m */
} lag;

typedef struct {
    lag lags[LAGS_MAX];
    size_t lag_count;
    int64_t impact_lag, quote_lag; /* microseconds */
    double participation;          /* of PWP */
    bool exclude_own;
    tc_impact_rule impact_rule;
    const tc_model *model;         /* of the expected cost; NULL: none */
    tc_parameters *parameters;     /* of that model, as they were fitted; NULL: its standards */
} tca_options;

typedef struct {
    uint32_t order, line, file;
    int64_t time; /* microseconds since 1970 UTC, or TC_TIME_UNKNOWN */
    tc_date date;
    tc_quantity quantity;
    tc_price price;
    long sight;   /* the first of its sights: its mid, its mids after each lag, and after the lag of the impact; NO_PLACE: no time */
} tca_fill;

typedef struct {
    /* What is known of it. */
    tc_text key;            /* what tells it from all others */
    tc_text id, client, broker, exchange, symbol, isin;
    tc_text own[TCA_KEYS_MAX]; /* of the keys that are columns of the files: of the order, else of its first fill */
    const char *segment, *product;
    uint8_t side;
    bool listed;            /* stands in the file of orders */
    uint32_t line;          /* there */
    int64_t decision_time, arrival_time, end_time; /* as given, then as assumed */
    tc_quantity decided;    /* 0: what was filled */
    tc_mark decision, arrival, end; /* as given, then as found */
    tc_trade trade;         /* of its first fill */
    cost_sum charges;
    size_t first, count;    /* its fills, once they are in order */
    tc_date from, to;       /* days of its first and last fill */
    int64_t last_time;
    size_t security;
    long sight, stretch;    /* see tca_market.c; NO_PLACE: none */
    tc_text error;          /* the first complaint */
    /* What came out. */
    double mark[MARK_COUNT], performance;
    double markout[LAGS_MAX]; /* what the fills would have cost at the mid then: sum q M+; NAN: not of all */
    bool valued;            /* loss is known */
    tc_shortfall loss;
    uint32_t outside_spread, outside_day;
    double expected, expected_sd, realised; /* bps of the arrival price */
    uint32_t flags;
} tca_order;

typedef struct tca_market tca_market;

typedef struct {
    cli *c;
    tca_options options;
    tca_key keys[TCA_KEYS_MAX];
    size_t key_count;
    tca_order *orders;
    size_t order_count, order_room;
    tca_fill *fills;
    size_t fill_count, fill_room;
    const char **files;     /* of fills */
    tca_market *market;
    uint64_t unexpected;    /* orders for which the model of the expected cost has no answer */
    char why[300]; /* of the first */
    arena texts;
} tca_run;

/* Notes what is wrong with an order: said at its place, kept in its row; exit status 1. */
void tca_complain(tca_run *r, tca_order *o, const char *file, uint32_t line, tc_status status, const char *text, ...) TC_PRINTF(6, 7);

/* tca_orders.c: the orders of --orders and the fills of the tradebooks, put in order. False: said why. */
bool tca_read(tca_run *r);

/* tca_market.c: what the market did around them. False: said why. */
bool tca_ask_market(tca_run *r);
void tca_market_free(tca_market *market);
const tc_sight *tca_sight(const tca_run *r, const tca_order *o, long sight);
/* Whether its security has any quotes at all. */
bool tca_quoted(const tca_run *r, const tca_order *o);
const tc_stretch *tca_stretch(const tca_run *r, const tca_order *o);
/* The day, or NULL. `*of_last`: made of trades or bars. */
const tc_daily_bar *tca_day(const tca_run *r, const tca_order *o, tc_date date, bool *of_last);
/* The market as known when the order arrived, for models. */
void tca_conditions(const tca_run *r, const tca_order *o, tc_market *market);

/* The sights of an order; those of its fills follow by tca_fill.sight. */
enum { SIGHT_DECISION, SIGHT_ARRIVAL, SIGHT_LAST, SIGHT_END, ORDER_SIGHTS };

/* tca_value.c: every order worked out. */
void tca_value(tca_run *r);

/* Figures that add up: of one order, or of many. */
typedef struct {
    uint64_t orders, fills, incomplete, errors, outside_spread, outside_day;
    wide turnover_micros, paper_micros;
    double mark_cost[MARK_COUNT], mark_value[MARK_COUNT]; /* s F (average - benchmark), F benchmark; rupees */
    double markout_cost[LAGS_MAX], markout_value[LAGS_MAX];
    double performance, performance_weight;
    wide part_nanos[TC_SHORTFALL_COUNT], charge_nanos[TC_CHARGE_COUNT], charges_nanos, total_nanos;
    uint16_t parts, unknown_charges; /* bits: known of some order, unknown of some */
    double realised, expected, variance, expected_value; /* rupees; of orders with an expectation */
} tca_figures;
void tca_figures_add(tca_figures *to, const tca_run *r, const tca_order *o);

/* tca_keys.c: the names of --by, parted by commas; false: said why. */
bool tca_read_keys(tca_run *r);
/* Says which of them is no column of any file; false: some is not. `has` tells whether the tradebooks have it. */
bool tca_check_keys(tca_run *r, bool (*has)(const void *context, tc_text name), const void *context);
/* What an order is grouped by under key number `key`; lives until the next call. */
tc_text tca_key_text(const tca_run *r, const tca_order *o, size_t key);
/* The same for a key of every order: "date", "symbol", ... */
tc_text tca_word_of(const tca_order *o, tc_text name);

/* tca_rows.c, tca_page.c */
void tca_rows(tca_run *r);
void tca_page(tca_run *r);
void tca_flags_text(tc_buffer *to, uint32_t flags);
void tca_missing_text(tc_buffer *to, const tca_order *o);

#endif
