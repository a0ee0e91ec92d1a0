/* inside.h - what the files of the store share: the open store, its queries, and
 * which rows of it are one security. */
#ifndef TC_MARKET_STORE_INSIDE_H
#define TC_MARKET_STORE_INSIDE_H

#include <math.h>

#include "core/array.h"
#include "db.h"
#include "store.h"
#include "tables.h"

#define MICROS_A_MINUTE INT64_C(60000000)
#define MICROS_A_DAY INT64_C(86400000000)
#define MICROS_OF_ZONE INT64_C(19800000000) /* India is UTC + 05:30 */

/* Every question the store asks, prepared when first asked. */
#define QUERIES(X)                                                                                                        \
    X(ASK_SYMBOL, "SELECT id, exchange, symbol, series, code FROM listing WHERE symbol = $1 AND first <= $2")             \
    X(ASK_CODE, "SELECT id, exchange, symbol, series, code FROM listing WHERE code = $1 AND first <= $2")                 \
    X(ASK_ISIN, "SELECT l.id, l.exchange, l.symbol, l.series, l.code FROM identity i CROSS JOIN listing l"                        \
                " WHERE i.isin = $1 AND i.first <= $2 AND l.id = i.listing")                                              \
    X(ASK_IDENTITIES, "SELECT isin, first FROM identity WHERE listing = $1 AND first <= $2 ORDER BY first")               \
    X(ASK_DAYS, "SELECT d.day, s.covered, d.open, d.high, d.low, d.close, d.last, d.previous, d.volume, d.value, d.trades," \
                " d.delivered, d.lot FROM session s CROSS JOIN daily d WHERE s.exchange = $1 AND s.day >= $2 AND s.day < $3" \
                " AND d.day = s.day AND d.listing = $4 ORDER BY s.day DESC LIMIT $5")                                     \
    X(ASK_SESSION_BEFORE, "SELECT max(day) FROM session WHERE exchange = $1 AND day < $2")                                \
    X(ASK_BREAKS, "SELECT count(*), sum(CASE WHEN abs(b.previous - a.close) > $3 * a.close THEN 1 ELSE 0 END)"            \
                  " FROM daily a CROSS JOIN daily b CROSS JOIN listing l WHERE a.day = $1 AND b.day = $2"                 \
                  " AND b.listing = a.listing AND l.id = a.listing AND l.exchange = $4 AND b.previous > 0")               \
    X(ASK_BARS, "SELECT time, seconds, open, high, low, close, volume FROM bar"                                           \
                " WHERE listing = $1 AND time >= $2 AND time < $3 ORDER BY time, seconds")                                \
    X(ASK_QUOTES, "SELECT time, bid, ask, bid_quantity, ask_quantity FROM quote"                                          \
                  " WHERE listing = $1 AND time >= $2 AND time < $3 ORDER BY time, number")                               \
    X(ASK_TRADES, "SELECT time, price, quantity FROM trade"                                                               \
                  " WHERE listing = $1 AND time >= $2 AND time < $3 ORDER BY time, number")                               \
    X(ASK_LAST_QUOTE, "SELECT time, bid, ask, bid_quantity, ask_quantity FROM quote"                                      \
                      " WHERE listing = $1 AND time >= $2 AND time <= $3 ORDER BY time DESC, number DESC LIMIT 1")        \
    X(ASK_LAST_DAY, "SELECT d.day FROM session s CROSS JOIN daily d WHERE s.exchange = $1 AND d.day = s.day"              \
                    " AND d.listing = $2 ORDER BY s.day DESC LIMIT 1")                                                    \
    X(ASK_LAST_BAR_TIME, "SELECT max(time + seconds * 1000000) FROM bar WHERE listing = $1"                               \
                         " AND time >= (SELECT max(time) FROM bar WHERE listing = $1)")                                   \
    X(ASK_LAST_BAR_BEFORE, "SELECT max(time) FROM bar WHERE listing = $1 AND time < $2")                                  \
    X(ASK_LAST_QUOTE_TIME, "SELECT max(time) FROM quote WHERE listing = $1")                                              \
    X(ASK_LAST_TRADE_TIME, "SELECT max(time) FROM trade WHERE listing = $1")                                              \
    X(ASK_INSTRUMENT, "SELECT tick, lot, freeze_quantity FROM instrument WHERE listing = $1 AND day <= $2 ORDER BY day DESC LIMIT 1") \
    X(ASK_ACTIONS, "SELECT day, factor FROM corporate_action WHERE listing = $1 AND day >= $2 AND day <= $3")             \
    X(ASK_VOLATILITY, "SELECT day, daily, annual FROM volatility WHERE listing = $1 AND day < $2 ORDER BY day DESC LIMIT 1") \
    X(ASK_LISTED, "SELECT id, exchange, symbol, series FROM listing ORDER BY id")                                         \
    X(COUNT_DAYS, "SELECT listing, count(*), min(day), max(day) FROM daily GROUP BY listing")                             \
    X(COUNT_BARS, "SELECT listing, count(*), min(time), max(time) FROM bar GROUP BY listing")                             \
    X(COUNT_QUOTES, "SELECT listing, count(*), min(time), max(time) FROM quote GROUP BY listing")                         \
    X(COUNT_TRADES, "SELECT listing, count(*), min(time), max(time) FROM trade GROUP BY listing")                         \
    X(ASK_LISTING, "SELECT id, first, code FROM listing WHERE symbol = $1 AND exchange = $2 AND series = $3")             \
    X(ASK_TOP_LISTING, "SELECT max(id) FROM listing")                                                                     \
    X(ADD_LISTING, "INSERT INTO listing (id, exchange, symbol, series, code, first) VALUES ($1, $2, $3, $4, $5, $6)")     \
    X(SET_LISTING, "UPDATE listing SET first = $2, code = $3 WHERE id = $1")                                              \
    X(ASK_IDENTITY, "SELECT first FROM identity WHERE isin = $1 AND listing = $2")                                        \
    X(ADD_IDENTITY, "INSERT INTO identity (isin, listing, first) VALUES ($1, $2, $3) ON CONFLICT (isin, listing)"         \
                    " DO UPDATE SET first = excluded.first")                                                              \
    X(ASK_SESSION, "SELECT covered FROM session WHERE exchange = $1 AND day = $2")                                        \
    X(ADD_SESSION, "INSERT INTO session (exchange, day, covered) VALUES ($1, $2, $3) ON CONFLICT (exchange, day)"         \
                   " DO UPDATE SET covered = excluded.covered")
#define AS_ENUM(id, sql) id,
typedef enum { QUERIES(AS_ENUM) QUERY_COUNT } query_id;
#undef AS_ENUM

struct tc_store {
    const tc_db_kind *kind;
    tc_db *db;
    bool read_only;
    tc_query *query[QUERY_COUNT];
    TC_ARRAY(tc_daily_bar) days;
    TC_ARRAY(tc_bar) bars;
    TC_ARRAY(tc_quote_tick) quotes;
    TC_ARRAY(tc_trade_tick) trades;
    double volume_curve[TC_SESSION_MINUTES + 1], variance_curve[TC_SESSION_MINUTES + 1];
};

/* Asks with these parameters; rows come from tc_store_next(). */
tc_status tc_store_ask(tc_store *store, tc_error *error, query_id id, const tc_db_value *value, size_t count);
/* The next row of that question; NULL after the last. */
tc_status tc_store_next(tc_store *store, tc_error *error, query_id id, const tc_db_value **row);
/* Asks, and answers with the first row: NULL if there is none. Its texts live until the question is asked again. */
tc_status tc_store_first(tc_store *store, tc_error *error, query_id id, const tc_db_value **row, const tc_db_value *value, size_t count);

static inline tc_db_value db_integer(int64_t integer) { return (tc_db_value){TC_DB_INTEGER, .integer = integer}; }
static inline tc_db_value db_real(double real)
{
    return tc_is_known(real) ? (tc_db_value){TC_DB_REAL, .real = real} : (tc_db_value){.type = TC_DB_NULL};
}
static inline tc_db_value db_text(tc_text text) { return (tc_db_value){TC_DB_TEXT, .text = text}; }
static inline double as_real(tc_db_value v)
{
    return v.type == TC_DB_REAL ? v.real : v.type == TC_DB_INTEGER ? (double)v.integer : NAN;
}
static inline int64_t as_integer(tc_db_value v, int64_t none) { return v.type == TC_DB_INTEGER ? v.integer : none; }

static inline tc_date date_of(int64_t time)
{
    int64_t micros = time + MICROS_OF_ZONE;
    return (tc_date){(int32_t)((micros >= 0 ? micros : micros - MICROS_A_DAY + 1) / MICROS_A_DAY)};
}
static inline int64_t start_of(tc_date date) { return date.day * MICROS_A_DAY - MICROS_OF_ZONE; }

/* The listings whose rows are one security, each from one day to before another: a share under its former symbols, and in
 * the series of normal trading that it was moved through. The first is the one asked for. */
enum { MEMBERS_MAX = 16, NAME_SIZE = 24, SYMBOL_SIZE = 65 };
typedef struct {
    int64_t listing;
    int32_t from, until; /* days */
    uint8_t rank;        /* of two rows of one day the lower one counts */
} member;

typedef struct {
    char exchange[NAME_SIZE], symbol[SYMBOL_SIZE], series[NAME_SIZE], code[NAME_SIZE];
    bool equity;  /* no derivative */
    bool inferred; /* a share or fund in normal trading: corporate actions are inferred from its prices */
    size_t count;
    member member[MEMBERS_MAX];
} security;

/* As known at the end of `day`. TC_MARKET_MISSING: there is no such security. */
tc_status tc_store_find(tc_store *store, security *found, tc_error *error, const tc_security *which, tc_date day);

/* The rows of a security in days before `until`, newest last, at most `most`; into store->days, with factors. */
typedef struct {
    double lot;     /* of the last day that told; else NAN */
    double pending; /* what corporate actions behind the newest row, up to `until` itself, make of earlier prices; else 1 */
} days_extra;
tc_status tc_store_read_days(tc_store *store, days_extra *extra, tc_error *error, const security *found, tc_date until, size_t most);
tc_status tc_store_read_bars(tc_store *store, const security *found, tc_error *error, int64_t from, int64_t to);
tc_status tc_store_read_trades(tc_store *store, const security *which, tc_error *error, int64_t from, int64_t to);

/* Series in which one share trades normally, the usual one first; -1: not one of them. */
int tc_series_rank(tc_text exchange, tc_text series);
bool tc_series_is_derivative(tc_text series);

#endif
