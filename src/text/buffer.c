#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>

void tc_buffer_free(tc_buffer *buffer)
{
    free(buffer->data);
    *buffer = (tc_buffer){0};
}

bool tc_buffer_grow(tc_buffer *buffer, size_t more)
{
    enum { FIRST_ROOM = 256 };
    if (buffer->failed || more > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4) {
        buffer->failed = true;
        return false;
    }
    size_t room = buffer->room ? buffer->room : FIRST_ROOM;
    while (room - buffer->size < more) room *= 2;
    char *data = realloc(buffer->data, room);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->room = room;
    return true;
}
