/* buffer.h - bytes that grow. All-zero is an empty buffer.
 *
 * A failed allocation is remembered instead of returned: write everything, then
 * look at `failed` once. After a failure further writes do nothing. */
#ifndef TC_TEXT_BUFFER_H
#define TC_TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
    char *data;
    size_t size, room;
    bool failed;
} tc_buffer;

void tc_buffer_free(tc_buffer *buffer);

/* Makes room for `more` bytes after `size`; false (and `failed`) without memory. */
bool tc_buffer_grow(tc_buffer *buffer, size_t more);

static inline bool tc_buffer_reserve(tc_buffer *buffer, size_t more)
{
    return buffer->room - buffer->size >= more || tc_buffer_grow(buffer, more);
}

static inline void tc_buffer_put(tc_buffer *buffer, const char *bytes, size_t size)
{
    if (!size || !tc_buffer_reserve(buffer, size)) return;
    memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
}

static inline void tc_buffer_put_byte(tc_buffer *buffer, char byte)
{
    if (tc_buffer_reserve(buffer, 1)) buffer->data[buffer->size++] = byte;
}

#endif
