/* csv.h - comma-separated values (RFC 4180), read as a stream and written into
 * a buffer.
 *
 * The reader copies nothing: cells point into its own buffer, where quoted ones
 * are unescaped in place. Memory is bounded by the longest row it accepts. A
 * quote opens a quoted cell only as its first byte; elsewhere it is a byte like
 * any other. Rows end at LF or CR LF, cells may hold line ends in quotes. */
#ifndef TC_TEXT_CSV_H
#define TC_TEXT_CSV_H

#include <stdbool.h>

#include "buffer.h"
#include "tradecost/trade.h"

#define TC_CSV_ROW_MAX ((size_t)1 << 20)
#define TC_CSV_CELLS_MAX 512

/* As read(2): the bytes read, 0 at the end, -1 with errno on failure. */
typedef ptrdiff_t tc_read_fn(void *context, void *bytes, size_t size);

typedef struct tc_csv tc_csv;

/* One row, valid until the next call. An empty line is one empty cell. */
typedef struct {
    const tc_text *cells;
    size_t count;
    uint32_t line; /* of the file, where the row begins */
} tc_csv_row;

/* TC_NO_MEMORY. `context` is handed to `read` and not owned. */
tc_status tc_csv_new(tc_csv **csv, tc_read_fn *read, void *context);
void tc_csv_free(tc_csv *csv); /* NULL is a no-op */

/* The next row; `*end` is true after the last one. TC_BAD_ROW: this row has a
 * NUL byte, or text after a closing quote, or a quote that is never closed;
 * `row->line` is set and the next call goes on behind it. TC_BAD_FORMAT (not
 * UTF-8), TC_LIMIT (a row above 1 MiB or 512 cells), TC_IO and TC_NO_MEMORY
 * end the file: the next call answers the same. */
tc_status tc_csv_next(tc_csv *csv, tc_csv_row *row, bool *end, tc_error *error);

/* Writing: every cell of a row with tc_csv_put(), then tc_csv_end_row(). Cells
 * are quoted only where they must be. */
void tc_csv_put(tc_buffer *out, tc_text cell);
void tc_csv_end_row(tc_buffer *out);

#endif
