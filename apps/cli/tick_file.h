/* tick_file.h - a file of ticks of one security, in order of time. */
#ifndef CLI_TICK_FILE_H
#define CLI_TICK_FILE_H

#include "analysis/ticks.h"
#include "spread.h"
#include "text/input.h"

enum { TICK_SYMBOL_SIZE = 65 };

typedef struct {
    const char *path;
    tc_input input;
    bool is_open;
    tc_ticks *ticks;
    refusals *refused;             /* NULL: another reader of the same file says it */
    tc_text wanted;                /* --symbol; empty: whichever, but one only */
    char symbol[TICK_SYMBOL_SIZE]; /* the one met first */
    int64_t last;
    uint64_t rows;                 /* of the security */
    tc_quote_tick *chunk;
} tick_file;

/* Of the security that --symbol names; false: said why. */
bool tick_file_begin(tick_file *f, cli *c, const char *path, refusals *refused);
tc_status tick_file_open(tick_file *f, tc_error *error, tc_tick_kind kind);
void tick_file_close(tick_file *f); /* of one never opened too */

/* The next row of the security that says something; NULL after the last. A book
 * that is crossed comes too, with its status: it makes the one before it past.
 * TC_BAD_MARKET: a time goes back. TC_VALUE_NEEDED: there are several securities. */
tc_status tick_file_next(tick_file *f, const tc_tick_row **row, tc_error *error);

/* A tc_quote_source of a tick_file: `context` is one. */
tc_status tick_file_quotes(void *context, const tc_quote_tick **tick, size_t *count, tc_error *error);

#endif
