/* tables.h - what the store keeps, as data: a row a table, from which come its
 * SQL, its order and what an import compares. */
#ifndef TC_MARKET_STORE_TABLES_H
#define TC_MARKET_STORE_TABLES_H

#include "market/series.h"

/* Columns of numbers; NULL in the store is NAN here. */
#define TC_DAILY_COLUMNS(X)                                                                           \
    X(DAILY_OPEN, "open") X(DAILY_HIGH, "high") X(DAILY_LOW, "low") X(DAILY_CLOSE, "close")           \
    X(DAILY_LAST, "last") X(DAILY_PREVIOUS, "previous") X(DAILY_VOLUME, "volume") X(DAILY_VALUE, "value") \
    X(DAILY_TRADES, "trades") X(DAILY_DELIVERED, "delivered") X(DAILY_SETTLE, "settle")               \
    X(DAILY_OPEN_INTEREST, "open_interest") X(DAILY_LOT, "lot")
#define TC_BAR_COLUMNS(X) \
    X(BAR_OPEN, "open") X(BAR_HIGH, "high") X(BAR_LOW, "low") X(BAR_CLOSE, "close") X(BAR_VOLUME, "volume")
#define TC_QUOTE_COLUMNS(X) \
    X(QUOTE_BID, "bid") X(QUOTE_ASK, "ask") X(QUOTE_BID_QUANTITY, "bid_quantity") X(QUOTE_ASK_QUANTITY, "ask_quantity")
#define TC_TRADE_COLUMNS(X) X(TRADE_PRICE, "price") X(TRADE_QUANTITY, "quantity")
/* NSE's CMVOLT: volatilities are of a day, but for the last. */
#define TC_VOLATILITY_COLUMNS(X)                                                                   \
    X(VOLATILITY_CLOSE, "close") X(VOLATILITY_PREVIOUS_CLOSE, "previous") X(VOLATILITY_RETURN, "log_return") \
    X(VOLATILITY_BEFORE, "before") X(VOLATILITY_DAILY, "daily") X(VOLATILITY_ANNUAL, "annual")
#define TC_INSTRUMENT_COLUMNS(X) X(INSTRUMENT_TICK, "tick") X(INSTRUMENT_LOT, "lot") X(INSTRUMENT_FREEZE, "freeze_quantity")
/* What prices before the day are multiplied with to compare with later ones: 0.5 for a split of one into two. */
#define TC_ACTION_COLUMNS(X) X(ACTION_FACTOR, "factor")

#define TC_AS_ENUM(name, column) name,
enum { TC_DAILY_COLUMNS(TC_AS_ENUM) DAILY_COUNT };
enum { TC_BAR_COLUMNS(TC_AS_ENUM) BAR_COUNT };
enum { TC_QUOTE_COLUMNS(TC_AS_ENUM) QUOTE_COUNT };
enum { TC_TRADE_COLUMNS(TC_AS_ENUM) TRADE_COUNT };
enum { TC_VOLATILITY_COLUMNS(TC_AS_ENUM) VOLATILITY_COUNT };
enum { TC_INSTRUMENT_COLUMNS(TC_AS_ENUM) INSTRUMENT_COUNT };
enum { TC_ACTION_COLUMNS(TC_AS_ENUM) ACTION_COUNT };
#undef TC_AS_ENUM

enum { TC_COLUMNS_MAX = DAILY_COUNT };

typedef enum {
    TABLE_DAILY, TABLE_BAR, TABLE_QUOTE, TABLE_TRADE, TABLE_VOLATILITY, TABLE_INSTRUMENT, TABLE_ACTION, TABLE_COUNT
} tc_table_id;

/* Rows lie in the order of their key: (day, listing), for days come one after the
 * other; or (listing, time, third), for ticks are read by the listing. */
typedef struct {
    const char *name;
    bool daily;        /* rows are of a day, else of an instant */
    const char *third; /* what tells two rows of one listing and instant apart; NULL: nothing */
    const char *const *column;
    size_t columns;
} tc_table;

extern const tc_table tc_tables[TABLE_COUNT];

enum { TC_SQL_SIZE = 1024 };
/* INSERT ... ON CONFLICT DO UPDATE; parameters: the key, then the columns. */
void tc_table_upsert(char sql[TC_SQL_SIZE], const tc_table *table);
/* Key behind the lead and columns, of a lead ($1) whose second is from $2 to $3, in order. */
void tc_table_select(char sql[TC_SQL_SIZE], const tc_table *table);

/* In order. @ stands for what a database must be told so that it keeps rows in the order of their keys. */
extern const char *const tc_migrations[];
extern const size_t tc_migration_count;

#endif
