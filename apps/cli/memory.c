#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

void no_memory(void)
{
    die(EXIT_FAILED, "no memory");
}

void *need_memory(void *old, size_t count, size_t size)
{
    size_t bytes;
    void *memory = __builtin_mul_overflow(count, size, &bytes) ? NULL : realloc(old, bytes ? bytes : 1);
    if (!memory) no_memory();
    return memory;
}

void buffer_print(tc_buffer *b, const char *text, ...)
{
    va_list list, again;
    va_start(list, text);
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, text, list);
    va_end(list);
    if (size > 0) {
        vsnprintf(buffer_need(b, (size_t)size + 1), (size_t)size + 1, text, again);
        b->size += (size_t)size;
    }
    va_end(again);
}

struct arena_block {
    arena_block *next;
    size_t room;
};

enum { BLOCK_ROOM = 1 << 20 };

static void use_block(arena *a, arena_block *block)
{
    a->current = block;
    a->next = (char *)(block + 1);
    a->left = block->room;
}

/* Blocks kept from an earlier date are used again, the short ones passed over. */
char *arena_grow(arena *a, size_t size)
{
    arena_block **link = a->current ? &a->current->next : &a->first;
    if (!*link || (*link)->room < size) {
        size_t room = size > BLOCK_ROOM ? size : BLOCK_ROOM;
        arena_block *block = need_memory(NULL, 1, sizeof *block + room);
        block->next = *link;
        block->room = room;
        *link = block;
    }
    use_block(a, *link);
    return arena_take(a, size);
}

void arena_reset(arena *a)
{
    if (a->first) use_block(a, a->first);
}

void arena_free(arena *a)
{
    while (a->first) {
        arena_block *next = a->first->next;
        free(a->first);
        a->first = next;
    }
    *a = (arena){0};
}
