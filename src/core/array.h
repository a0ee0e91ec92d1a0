/* array.h - one growable array, typed by a macro.
 *
 *   TC_ARRAY(struct rule) rules = {0};
 *   struct rule *rule = tc_array_push(&rules, sizeof *rule);   // NULL: no memory
 *
 * Elements are zeroed when pushed, padding included, so that a book's bytes
 * (and its digest) depend on its content alone. Pushing may move the data. */
#ifndef TC_CORE_ARRAY_H
#define TC_CORE_ARRAY_H

#include <stddef.h>
#include <stdint.h>

#define TC_ARRAY(type)            \
    struct {                      \
        type *data;               \
        uint32_t count, capacity; \
    }

/* `array` is any TC_ARRAY whose elements have `size` bytes. */
void *tc_array_push(void *array, size_t size);
/* Room for `count` elements in all, or NULL and the array as it was. */
void *tc_array_reserve(void *array, size_t size, uint32_t count);
void tc_array_free(void *array);

#endif
