/* sorter.h - records put in order of two numbers, on disk beyond a given memory.
 *
 * Add all, then take them in order. What does not fit in memory is sorted in
 * runs, which wait in one unnamed temporary file and are merged on the way out.
 * A full disk ends the program with status 4. */
#ifndef CLI_SORTER_H
#define CLI_SORTER_H

#include "memory.h"

typedef struct {
    int64_t major;
    uint64_t minor;
} sort_key;

typedef struct sorter sorter;

sorter *sorter_new(size_t memory_max);
void sorter_free(sorter *s); /* NULL is a no-op */
void sorter_add(sorter *s, sort_key key, tc_text record);
/* The next record in order, lent until the next call; false after the last. */
bool sorter_next(sorter *s, tc_text *record);

/* An unnamed file in TMPDIR, or a failure that ends the program. */
int temporary_file(void);
void temporary_write(int file, const char *data, size_t size);

#endif
