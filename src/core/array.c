#include "array.h"

#include <stdlib.h>
#include <string.h>

typedef TC_ARRAY(void) any_array;

void *tc_array_reserve(void *array, size_t size, uint32_t count)
{
    any_array *any = array;
    if (count <= any->capacity) return any->data;
    void *data = realloc(any->data, size * count);
    if (!data) return NULL;
    any->data = data;
    any->capacity = count;
    return data;
}

void *tc_array_push(void *array, size_t size)
{
    any_array *any = array;
    if (any->count == any->capacity) {
        uint32_t wanted = any->capacity < 16 ? 16 : any->capacity > UINT32_MAX / 2 ? UINT32_MAX : any->capacity * 2;
        if (any->count == UINT32_MAX || !tc_array_reserve(array, size, wanted)) return NULL;
    }
    return memset((char *)any->data + size * any->count++, 0, size);
}

void tc_array_free(void *array)
{
    any_array *any = array;
    free(any->data);
    memset(any, 0, sizeof *any);
}
