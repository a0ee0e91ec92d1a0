/* ticks.h - quotes, trades and bars from CSV, as fast as they can be read.
 *
 * The header says what is what (ticks.c has the names). A time is a column with
 * date and time of day, one beside a column of dates, or whole seconds, milli-,
 * micro- or nanoseconds since 1970; without a zone it is Indian. A billion rows
 * take the memory of one: they lie in the reader's own block. No cell is quoted. */
#ifndef TC_ANALYSIS_TICKS_H
#define TC_ANALYSIS_TICKS_H

#include "market/series.h"
#include "text/csv.h"

typedef enum { TC_QUOTES, TC_TRADES, TC_BARS } tc_tick_kind;

enum { TC_TICK_VALUES = 8 };

/* One row. Texts live until the next call; empty where the file has no such column. */
typedef struct {
    int64_t time;    /* microseconds since 1970 UTC; of a bar of a whole day its midnight in India */
    bool whole_day;  /* a bar without a time of day */
    tc_text symbol, series;
    uint32_t line;
    tc_status status;  /* not TC_OK: refused, for what stands in column `field` */
    const char *field;
    union { /* NAN: an empty cell, or no such column */
        double value[TC_TICK_VALUES];
        struct { double bid, ask, bid_quantity, ask_quantity; };
        struct { double price, quantity; };
        struct { double open, high, low, close, volume, turnover, average, previous_close; };
    };
} tc_tick_row;

typedef struct tc_ticks tc_ticks;

/* Reads the header. TC_BAD_FORMAT (a column is missing: `field`), TC_IO, TC_LIMIT, TC_NO_MEMORY. */
tc_status tc_ticks_open(tc_ticks **ticks, tc_error *error, tc_tick_kind kind, tc_read_fn *read, void *context);
void tc_ticks_close(tc_ticks *ticks); /* NULL is a no-op */
bool tc_ticks_has_symbol(const tc_ticks *ticks);

/* The next row, valid until the next call; NULL after the last. TC_IO, and TC_LIMIT (a
 * line above 64 KiB), end the file. */
tc_status tc_ticks_next(tc_ticks *ticks, const tc_tick_row **row, tc_error *error);

#endif
