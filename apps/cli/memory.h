/* memory.h - growing memory of the command line: buffers and arenas.
 *
 * A command that runs out of memory has nothing better to do than to say so and
 * leave with status 4, hence nothing here returns a failure. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "text/values.h"
#include "text/buffer.h"
#include "tradecost/trade.h"

_Noreturn void no_memory(void);
void *need_memory(void *old, size_t count, size_t size);

/* Makes room for one more element of an array that doubles as it grows. */
#define NEED_ROOM(array, count, room)                                              \
    do {                                                                           \
        if ((count) == (room)) {                                                   \
            (room) = (room) ? (room) * 2 : 16;                                     \
            (array) = need_memory((array), (room), sizeof *(array));               \
        }                                                                          \
    } while (0)

/* Room for `extra` bytes beyond the end of a buffer. */
static inline char *buffer_need(tc_buffer *b, size_t extra)
{
    if (!tc_buffer_reserve(b, extra)) no_memory();
    return b->data + b->size;
}

static inline void buffer_add(tc_buffer *b, const char *data, size_t size)
{
    char *to = buffer_need(b, size);
    if (size) memcpy(to, data, size);
    b->size += size;
}

static inline void buffer_char(tc_buffer *b, char c)
{
    *buffer_need(b, 1) = c;
    b->size++;
}

static inline void buffer_string(tc_buffer *b, const char *string)
{
    buffer_add(b, string, strlen(string));
}

void buffer_print(tc_buffer *b, const char *text, ...) TC_PRINTF(2, 3);

/* Memory that never moves and is given up all at once: the texts of one trade
 * date. All-zero is an empty arena; a reset keeps its blocks for the next. */
typedef struct arena_block arena_block;
typedef struct {
    arena_block *first, *current;
    char *next;
    size_t left;
} arena;

char *arena_grow(arena *a, size_t size);
void arena_reset(arena *a);
void arena_free(arena *a);

static inline char *arena_take(arena *a, size_t size)
{
    if (a->left < size) return arena_grow(a, size);
    char *taken = a->next;
    a->next += size;
    a->left -= size;
    return taken;
}

static inline tc_text arena_text(arena *a, tc_text text)
{
    if (!text.size) return (tc_text){0};
    char *copy = arena_take(a, text.size);
    memcpy(copy, text.data, text.size);
    return (tc_text){copy, text.size};
}

static inline bool text_equal(tc_text a, tc_text b)
{
    return a.size == b.size && (!a.size || !memcmp(a.data, b.data, a.size));
}

/* The last bytes of a text as one word, by loads of fixed size. */
static inline uint64_t text_tail(const char *bytes, size_t size)
{
    uint64_t word = 0;
    uint32_t first, last;
    if (size >= sizeof first) {
        memcpy(&first, bytes, sizeof first);
        memcpy(&last, bytes + size - sizeof last, sizeof last);
        return (uint64_t)first << 32 | last;
    }
    while (size) word = word << 8 | (unsigned char)bytes[--size];
    return word;
}

/* Eight bytes at a time; for tables of this process only. */
static inline uint64_t text_hash(uint64_t seed, const void *data, size_t size)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    const char *bytes = data;
    uint64_t word, hash = (seed ^ size) * odd;
    for (; size >= sizeof word; bytes += sizeof word, size -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    hash = (hash ^ text_tail(bytes, size)) * odd;
    return (hash ^ hash >> 32) * odd;
}

#endif
