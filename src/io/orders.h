/* orders.h - orders as they were decided, for analysis after the trade.
 *
 * CSV by header: order_id, side, symbol, quantity, and of time, decision_time,
 * decision_price, exchange, end_time what is known; also arrival_price and
 * end_price, where another than this program's market says them. Times need
 * their date; without a zone they are Indian. */
#ifndef TC_IO_ORDERS_H
#define TC_IO_ORDERS_H

#include <stdbool.h>

#include "tradecost/trade.h"

#define TC_ORDER_COLUMNS(X)                                                              \
    X(TC_O_ID, "order_id", true) X(TC_O_TIME, "time", false)                             \
    X(TC_O_DECISION_TIME, "decision_time", false)                                        \
    X(TC_O_DECISION_PRICE, "decision_price", false) X(TC_O_SIDE, "side", true)           \
    X(TC_O_SYMBOL, "symbol", true) X(TC_O_EXCHANGE, "exchange", false)                   \
    X(TC_O_QUANTITY, "quantity", true) X(TC_O_END_TIME, "end_time", false)               \
    X(TC_O_ARRIVAL_PRICE, "arrival_price", false) X(TC_O_END_PRICE, "end_price", false)  \
    X(TC_O_CLIENT, "client", false)
#define TC_AS_ENUM(name, column, needed) name,
typedef enum { TC_ORDER_COLUMNS(TC_AS_ENUM) TC_ORDER_COLUMN_COUNT } tc_order_column;
#undef TC_AS_ENUM

/* One order. Texts are borrowed until the next call. Times are microseconds since
 * 1970 UTC, TC_TIME_UNKNOWN where nothing is said; a price of 0 is not said. */
typedef struct {
    uint32_t line;
    tc_status status; /* not TC_OK: the row is refused and `error` says why */
    tc_error error;
    tc_text order_id, symbol, exchange, client; /* symbol and exchange in upper case */
    const tc_text *cells; /* all of the row, as many as the header has; of an accepted row */
    uint8_t side;
    int64_t time, decision_time, end_time;
    tc_price decision_price, arrival_price, end_price;
    tc_quantity quantity;
} tc_order_row;

typedef struct tc_orders tc_orders;

/* TC_IO, TC_BAD_FORMAT (a required column is missing, or there twice), TC_LIMIT, TC_NO_MEMORY. */
tc_status tc_orders_open(tc_orders **orders, tc_error *error, const char *path);
/* The place of a column, ours or another, by its name in any case; -1: none. */
int tc_orders_column(const tc_orders *orders, tc_text name);
void tc_orders_close(tc_orders *orders); /* NULL is a no-op */

/* The next order; `*end` is true after the last. A refused row is TC_OK with
 * row->status set: TC_VALUE_NEEDED, TC_BAD_NUMBER, TC_BAD_VALUE (not above 0),
 * TC_BAD_DATE, TC_UNKNOWN_WORD, TC_CONTRADICTION (decided after it arrived, ended
 * before), TC_BAD_ROW. TC_IO, TC_LIMIT and TC_BAD_FORMAT end the file. */
tc_status tc_orders_next(tc_orders *orders, tc_order_row *row, bool *end, tc_error *error);

#endif
