/* duplicates.h - fills that a trade date has already had. */
#ifndef CLI_DUPLICATES_H
#define CLI_DUPLICATES_H

#include "tradecost/price.h"

/* The fills of one date by (client, exchange, segment, fill_id, side). All-zero
 * is an empty set. */
typedef struct {
    struct seen *slots;
    size_t room, count;
} duplicates;

typedef enum { FILL_NEW, FILL_REPEATED, FILL_CONTRADICTED } repetition;

/* Whether `fill` was there before, with equal or other values; a new one is
 * kept by reference until the set is reset. A fill without id is always new. */
repetition duplicates_add(duplicates *set, const tc_fill *fill);
void duplicates_reset(duplicates *set);
void duplicates_free(duplicates *set);

#endif
