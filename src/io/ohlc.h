/* ohlc.h - bars from a CSV file with columns open, high, low and close.
 *
 * The header says where they are, in any case; other columns are left alone.
 * A cell that is empty, NA or NaN is missing. Rows are in order of time. */
#ifndef TC_IO_OHLC_H
#define TC_IO_OHLC_H

#include <stdbool.h>

#include "tradecost/spread.h"
#include "tradecost/trade.h"

typedef struct {
    tc_ohlc bars;         /* a column that the file does not have is NULL */
    const char *time_name; /* the header of the column date, time, datetime, timestamp or day, as written; NULL: there is none, or it was not asked for */
    size_t refused;       /* rows: they are there, with every price missing */
    struct tc_ohlc_room *room;
} tc_ohlc_file;

/* What is wrong with a row: TC_BAD_ROW (cells), TC_BAD_NUMBER, TC_BAD_MARKET (a
 * price not above 0, high below low); line, row and field are set. */
typedef void tc_ohlc_refuse(void *context, tc_status status, const tc_error *error);

/* Reads the whole file ("-": standard input; gzip is unpacked), with the texts
 * of its time column if `timed`. Errors: TC_IO, TC_BAD_FORMAT (no header, none of
 * the columns, one of them twice), TC_LIMIT (100,000,000 rows), TC_NO_MEMORY. */
tc_status tc_ohlc_read(tc_ohlc_file *file, tc_error *error, const char *path, bool timed, tc_ohlc_refuse *refuse, void *context);
void tc_ohlc_free(tc_ohlc_file *file); /* all-zero is a no-op */

/* What stands in the time column of a row (from 0). */
tc_text tc_ohlc_time(const tc_ohlc_file *file, size_t row);

#endif
