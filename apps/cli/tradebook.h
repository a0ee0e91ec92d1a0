/* tradebook.h - tradebooks as trade dates: what price, note, compare,
 * reconcile and tariff impact read.
 *
 * One trade date is in memory at a time, its rows in the order of the input. */
#ifndef CLI_TRADEBOOK_H
#define CLI_TRADEBOOK_H

#include "rows.h"

/* One row once it is understood. Texts live until the next date is asked for. */
typedef struct {
    uint64_t number;  /* over all files, from 1 */
    tc_status status; /* TC_OK: `fill` is a trade; TC_DUPLICATE; or why it is refused */
    tc_text message;  /* of a refusal: `code: message` */
    tc_text kept;     /* what the command kept of the row */
    tc_fill fill;     /* of a trade or a duplicate only */
    size_t answer;    /* of a trade: its place in the answer of day_price() */
    uint32_t line;
    uint32_t file;
} trade_row;

typedef struct {
    tc_date date;
    trade_row *rows;
    size_t count, room, trades;
    arena texts;
} trade_day;

typedef struct tradebook tradebook;

typedef struct {
    tc_text as_of;   /* price every trade as if on this date; empty: its own */
    bool any_broker; /* which broker does not matter (compare names them all) */
    /* What to keep of a row beyond its trade; may be NULL. `file` numbers the files from 0. */
    tc_text (*keep)(void *context, arena *texts, const tc_row *row, size_t file);
    void *context;
} tradebook_options;

/* Opens every file; NULL: said why. */
tradebook *tradebook_open(cli *c, const char *const *paths, size_t count, const tradebook_options *options);
void tradebook_close(tradebook *book);

/* The files behind it. */
const row_stream *tradebook_rows(const tradebook *book);

/* The next trade date, or NULL after the last. */
trade_day *tradebook_next(tradebook *book);

/* A day to price with; out of memory ends the program. */
tc_day *new_day(const cli *c);

/* What could have been otherwise; a zero field leaves things as they are. */
typedef struct {
    bool other_plan;
    uint16_t plan;
    uint8_t product; /* of shares and their like */
    tc_date date;    /* the tariff of this day */
    bool exact;      /* level exact */
} variation;

/* Prices the trades of a day, as they are (`as` NULL; what is refused is then
 * complained of) or varied. The answers, by trade_row.answer, live until `day`
 * is used again. */
const tc_fill_cost *day_price(tradebook *book, tc_day *day, const trade_day *trades, const variation *as);

#endif
