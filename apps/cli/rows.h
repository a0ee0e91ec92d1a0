/* rows.h - the rows of several files as one stream in the order of their dates.
 *
 * Rows keep the order of the input within a date. Where dates go back, all rows
 * are first put in order of (date, row) on disk. A file that cannot be read
 * further ends the program. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "cli.h"
#include "io/reader.h"

#define NO_DATE ((tc_date){TC_DATE_MIN - 1})

/* The row in hand, after rows_next(). */
typedef struct {
    tc_row row;
    uint64_t number; /* over all files, from 1 */
    size_t file;     /* from 0 */
} placed_row;

typedef struct row_stream row_stream;

/* Opens every file; NULL: said why. `broker_needed`: a file must name one where
 * no option does. */
row_stream *rows_open(cli *c, const char *const *paths, size_t count, bool broker_needed);
void rows_close(row_stream *r); /* NULL is a no-op */

/* The next row, which lives until the next call; NULL after the last. */
placed_row *rows_next(row_stream *r);
/* The trade date of a row, whatever else may be wrong with it; NO_DATE if it
 * does not tell. */
tc_date rows_date(row_stream *r, const tc_row *row);

/* Whether rows come in another order than in the files. */
bool rows_sorted(const row_stream *r);

size_t rows_file_count(const row_stream *r);
const char *rows_file_name(const row_stream *r, size_t file);
const char *rows_file_broker(const row_stream *r, size_t file); /* of an export, or "" */
const tc_text *rows_file_columns(const row_stream *r, size_t file, size_t *count);

#endif
