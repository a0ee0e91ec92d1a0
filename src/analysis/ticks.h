/* ticks.h - quotes, trades and bars from CSV, as fast as they can be read.
 *
 * The header says what is what (names below); a time is a column `time` (with its
 * date, or beside a column `date`) or whole seconds, milli-, micro- or nanoseconds
 * since 1970. A time without zone is Indian. A million rows or a billion take the
 * same memory: rows lie in the reader's own block of 256 KiB. No quoted cells. */
#ifndef TC_ANALYSIS_TICKS_H
#define TC_ANALYSIS_TICKS_H

#include "market/series.h"
#include "text/csv.h"

typedef enum { TC_QUOTES, TC_TRADES, TC_BARS } tc_tick_kind;

/* One row; `symbol` is empty where the file has no such column, and lives until the next call. */
typedef struct {
    int64_t time;
    tc_date date;           /* of a bar without a time of day: then it is a whole day's */
    bool daily;
    tc_text symbol;
    uint64_t line;
    tc_status status;       /* not TC_OK: refused, `field` says for what */
    const char *field;
    union {
        double value[10];   /* NAN: an empty cell or no such column */
        struct { double bid, ask, bid_quantity, ask_quantity; };
        struct { double price, quantity; };
        struct { double open, high, low, close, volume, turnover, previous_close; };
    };
} tc_tick_row;

typedef struct tc_ticks tc_ticks;

/* `seconds`: of a bar; 0: told by the file's own steps. `time_is_end`: bars are labelled by their end.
 * TC_BAD_FORMAT (no header with the columns of this kind: says which is missing), TC_IO, TC_NO_MEMORY. */
tc_status tc_ticks_open(tc_ticks **ticks, tc_error *error, tc_tick_kind kind, tc_read_fn *read, void *context);
void tc_ticks_close(tc_ticks *ticks); /* NULL is a no-op */
bool tc_ticks_has_symbol(const tc_ticks *ticks);

/* The next row; `*row` is NULL after the last. TC_IO, TC_LIMIT (a line above 64 KiB) end the file. */
tc_status tc_ticks_next(tc_ticks *ticks, const tc_tick_row **row, tc_error *error);

#endif
