/* spread.h - the two halves of the command `spread`: bars, and quotes with trades. */
#ifndef CLI_SPREAD_H
#define CLI_SPREAD_H

#include "cli.h"

enum { REFUSED_SHOWN = 20 }; /* refused rows are said one by one up to this */

/* The rows of a file that are refused, as they are met. */
typedef struct {
    cli *c;
    const char *path;
    uint64_t refused;
} refusals;

void refuse_row(void *refusals, tc_status status, const tc_error *error);
/* How many more there were, and what became of them. */
void refuse_rest(const refusals *r, uint64_t rows, const char *taken);

/* A time up to that of a session, in microseconds; false: said why. */
bool option_span(cli *c, option_id id, const char *name, const char *standard, int64_t *micros);

/* --quotes and --trades. */
void spread_of_trades(cli *c);

#endif
