/* reader.h - tradebooks of every kind, one row at a time.
 *
 * A reader recognises a file by its content (never by its name), finds the
 * header, and maps each row onto the canonical columns. Memory is bounded by
 * the longest row it accepts (1 MiB), whatever the size of the file. */
#ifndef TC_IO_READER_H
#define TC_IO_READER_H

#include <stdbool.h>

#include "tradecost/book.h"

typedef struct tc_reader tc_reader;

/* One row. Texts are borrowed from the reader until the next call. */
typedef struct {
    uint64_t number;       /* data row, 1-based: what users are told; both sides of a line share it */
    uint32_t line;         /* line of the file (row of the sheet) it begins on */
    const tc_text *cells;  /* as in the file, in the order of tc_reader_columns() */
    size_t cell_count;
    tc_request request;    /* the same, mapped to canonical fields */
    bool order_unknown;    /* one line stands for several orders (aggregated export) */
    bool charges_only;     /* no trade: charges of an order or a day (only when asked for) */
    tc_text charge[TC_CHARGE_COUNT]; /* charges that the export itself prints, for reconciling */
    uint16_t charge_covers[TC_CHARGE_COUNT]; /* bit a charge: what each of them contains */
    tc_status status;      /* not TC_OK: the row is refused and `error` says why */
    tc_error error;
} tc_row;

/* Opens a file ("-": standard input). Errors: TC_IO, TC_BAD_FORMAT (not a table,
 * required columns missing), TC_LIMIT (row, cell, sheet or ratio too large). */
tc_status tc_reader_open(tc_reader **reader, tc_error *error, const char *path);

/* How to open a file; all-zero is what tc_reader_open() does. */
typedef struct {
    const tc_request *given; /* columns that options supply are not required; NULL: none */
    bool charges;            /* yield charges_only rows, and accept bills */
} tc_reader_options;
tc_status tc_reader_open_with(tc_reader **reader, tc_error *error, const char *path,
                              const tc_reader_options *options);
/* From an opened input (input.h), which the reader takes over and closes in any case. */
struct tc_input;
tc_status tc_reader_open_input(tc_reader **reader, tc_error *error, struct tc_input *input,
                               const tc_reader_options *options);
void tc_reader_close(tc_reader *reader); /* NULL is a no-op */

const char *tc_reader_format(const tc_reader *reader); /* "canonical", "zerodha-csv", ... */
const char *tc_reader_broker(const tc_reader *reader); /* the export's broker id, or "" */
const tc_text *tc_reader_columns(const tc_reader *reader, size_t *count);
/* Whether the file gives the field, by a column or by what its columns say. */
bool tc_reader_has(const tc_reader *reader, tc_field field);
uint64_t tc_reader_bytes(const tc_reader *reader);      /* read so far, for progress */
uint64_t tc_reader_bytes_total(const tc_reader *reader); /* 0: not known */
/* Rows left out on purpose: reversing entries, orders that never traded, lines
 * with an order's brokerage. Blank lines, headings and footers do not count. */
uint64_t tc_reader_skipped(const tc_reader *reader);

/* The next row. `*end` is true after the last one. A refused row is TC_OK with
 * row->status set; TC_IO and TC_LIMIT end the file. */
tc_status tc_reader_next(tc_reader *reader, tc_row *row, bool *end, tc_error *error);

#endif
