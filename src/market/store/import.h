/* import.h - files into the store. */
#ifndef TC_MARKET_STORE_IMPORT_H
#define TC_MARKET_STORE_IMPORT_H

#include "parse.h"
#include "store.h"

typedef struct {
    const char *format; /* NULL: none recognised */
    const char *table;
    bool has_days;
    tc_date first, last;
    uint64_t rows, added, changed, same, refused; /* rows is the sum of the others; same: they told nothing new */
    tc_bar_time bar_time;
    uint32_t bar_seconds;
} tc_import_report;

typedef void tc_refused_fn(void *context, uint32_t line, const char *message);

/* Everything of one file, in one transaction: all rows but the refused ones, or none. A row that the store has already is the
 * same or changed; a number that the file does not have leaves the store's as it is. Of two rows of one key in a file
 * the first counts, a second that differs is refused. The report is filled in any case. Errors as tc_parse() and as the
 * store: TC_LOCKED, TC_IO, TC_BAD_FORMAT, TC_NO_MEMORY; TC_LIMIT: ticks of one security so far out of order that equal
 * times cannot be told apart. */
tc_status tc_store_import(tc_store *store, tc_import_report *report, tc_error *error, tc_read_fn *read, void *context,
                          const tc_parse_options *options, tc_refused_fn *refused, void *refused_context);

#endif
