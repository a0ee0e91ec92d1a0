/* rowstore.h - rows of a reader as bytes and back, so that they can be sorted on disk. */
#ifndef CLI_ROWSTORE_H
#define CLI_ROWSTORE_H

#include "io/reader.h"
#include "memory.h"

/* Appends a row; everything that tc_row holds but the charges. */
void row_store(tc_buffer *to, const tc_row *row);

/* The row again; its texts point into `record`, its cells into `*cells`, which
 * grows as needed and is freed by the caller. */
void row_load(tc_row *row, tc_text **cells, size_t *room, tc_text record);

#endif
