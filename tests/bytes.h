/* bytes.h - bytes in memory, read as a file is (a tc_read_fn): as many as are
 * asked for, or never more than `step` at a time, so that every row is split somewhere. */
#ifndef TESTS_BYTES_H
#define TESTS_BYTES_H

#include <stddef.h>
#include <string.h>

typedef struct {
    const void *at;
    size_t left, step; /* step 0: no limit */
} byte_source;

static inline ptrdiff_t source_read(void *context, void *to, size_t size)
{
    byte_source *from = context;
    size_t part = from->left < size ? from->left : size;
    if (from->step && part > from->step) part = from->step;
    if (!part) return 0; /* there may be no bytes at all to point to */
    memcpy(to, from->at, part);
    from->at = (const char *)from->at + part;
    from->left -= part;
    return (ptrdiff_t)part;
}

#endif
