/* orders.h - executed orders with the conditions they met: what models are fitted to. */
#ifndef TC_MODELS_FIT_ORDERS_H
#define TC_MODELS_FIT_ORDERS_H

#include "text/csv.h"
#include "tradecost/market.h"

/* Columns with numbers: name, unit, meaning, lowest (never itself), highest, whether a row needs it.
 * `adv`, `volatility`, `spread` and `arrival_price` may come from a store instead. */
#define TC_FIT_COLUMNS(X)                                                                                   \
    X(TC_X_QUANTITY, "quantity", "shares", "executed, all fills together", 0, INFINITY, true)                    \
    X(TC_X_EXECUTION_PRICE, "execution_price", "rupees", "average price of the fills", 0, INFINITY, true)        \
    X(TC_X_ARRIVAL_PRICE, "arrival_price", "rupees", "mid when the order arrived", 0, INFINITY, true)            \
    X(TC_X_ADV, "adv", "shares a day", "average daily volume before the day", 0, INFINITY, true)                 \
    X(TC_X_VOLATILITY, "volatility", "per sqrt(day)", "of daily returns before the day, a fraction", 0, INFINITY, true) \
    X(TC_X_DURATION, "duration", "trading days", "from arrival to the last fill", 0, INFINITY, false)            \
    X(TC_X_SPREAD, "spread", "fraction", "quoted at arrival, relative to the mid", -1e-300, 1, false)            \
    X(TC_X_PARTICIPATION, "participation", "fraction", "own share of all volume meanwhile", 0, 1, false)         \
    X(TC_X_POST_PRICE, "post_price", "rupees", "mid when the impact has relaxed", 0, INFINITY, false)            \
    X(TC_X_POST_DURATION, "post_duration", "trading days", "from arrival to post_price", 0, INFINITY, false)     \
    X(TC_X_SHARES_OUTSTANDING, "shares_outstanding", "shares", "issued, or of the free float", 0, INFINITY, false)
#define TC_AS_ENUM(name, word, unit, meaning, low, high, needed) name,
typedef enum { TC_FIT_COLUMNS(TC_AS_ENUM) TC_X_COUNT } tc_fit_column;
#undef TC_AS_ENUM

typedef struct {
    uint32_t line;           /* of the file, where it begins */
    tc_date date;
    int64_t time;            /* of arrival or the first fill, microseconds since 1970 UTC; INT64_MIN: unknown */
    tc_text exchange, symbol, isin, series; /* in the list's memory; exchange, ISIN and series may be empty */
    uint32_t security;       /* numbers the symbols, in their order */
    int side;                /* +1 buy, -1 sell */
    double value[TC_X_COUNT]; /* NAN: not given */
} tc_fit_order;

typedef struct {
    tc_fit_order *order; /* in the order of the file */
    size_t count;
    size_t refused;     /* rows that were no orders; said one by one */
    size_t fills;       /* rows that were added up; 0: a row an order */
    char digest[65];    /* SHA-256 of the file's bytes */
    void *memory;
} tc_fit_orders;

const char *tc_fit_column_name(tc_fit_column column);

/* Reads orders, a row each, or fills: a file with the columns order_id and price and no execution_price, whose rows
 * of one (date, order_id, symbol, side) are added up; then duration, where it is not given, is from the first
 * fill's time to the last one's. Columns are found by name, in any order; `date` or `time`, `symbol` and `side` are needed.
 * A row that cannot be read is told to `refuse` (with its line) and left out. `may_miss`: bits of columns
 * that are filled later. TC_BAD_FORMAT (a column missing), TC_LIMIT, TC_IO, TC_NO_MEMORY. */
typedef void tc_refuse_fn(void *context, const tc_error *why);
tc_status tc_fit_orders_read(tc_fit_orders *list, tc_error *error, tc_read_fn *read, void *from, uint32_t may_miss,
                           tc_refuse_fn *refuse, void *context);
void tc_fit_orders_free(tc_fit_orders *list);

/* What a row still lacks after it was filled up; TC_MARKET_MISSING with the column, or TC_OK. */
tc_status tc_fit_order_check(const tc_fit_order *order, tc_error *error);

#endif
