/* duplicates.h - fills that a trade date has already had. */
#ifndef CLI_DUPLICATES_H
#define CLI_DUPLICATES_H

#include "tradebook.h"

/* The fills of one date by (client, exchange, segment, fill_id, side), as places
 * among the date's rows. All-zero is an empty set. */
typedef struct {
    struct seen *slots;
    size_t room, count;
} duplicates;

typedef enum { FILL_NEW, FILL_REPEATED, FILL_CONTRADICTED } repetition;

/* Whether the fill of row `place` stands in an earlier row, with equal or with
 * other values. A fill without id is always new. */
repetition duplicates_add(duplicates *set, const trade_row *rows, size_t place);
void duplicates_reset(duplicates *set);
void duplicates_free(duplicates *set);

#endif
