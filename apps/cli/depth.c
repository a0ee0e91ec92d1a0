#include "depth.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Decimal digits only: strtod would also take words, hexadecimal and leading spaces. */
bool real_read(cli *c, const char *name, const char *text, double *value)
{
    char *end;
    errno = 0;
    *value = strtod(text, &end);
    bool digits = *text && strspn(text, "+-.0123456789eE") == strlen(text);
    if (digits && !*end && isfinite(*value) && errno != ERANGE) return true;
    complain(c, EXIT_USAGE, "%s: bad number: \"%s\"", name, text);
    return false;
}

/* PRICExQUANTITY at `text`; what stands behind it, or NULL. */
static const char *read_level(const char *text, tc_depth *level)
{
    char *end;
    level->price = strtod(text, &end);
    if (end == text || *end != 'x') return NULL;
    text = end + 1;
    level->quantity = strtod(text, &end);
    bool sound = end != text && (!*end || *end == ',') && isfinite(level->price) && isfinite(level->quantity);
    return sound ? end + (*end == ',' && end[1]) : NULL;
}

bool depth_read(cli *c, const char *name, const char *text, tc_depth *level, uint8_t *count)
{
    const char *next = text;
    for (*count = 0; *next; ++*count) {
        if (*count == TC_DEPTH_MAX) {
            complain(c, EXIT_USAGE, "%s: more than %d levels", name, TC_DEPTH_MAX);
            return false;
        }
        next = read_level(next, &level[*count]);
        if (next && *next != ',') continue;
        complain(c, EXIT_USAGE, "%s: not PRICExQUANTITY,...: \"%s\"", name, text);
        return false;
    }
    if (*count) return true;
    complain(c, EXIT_USAGE, "%s: the book is empty", name);
    return false;
}

void depth_write(tc_buffer *to, const tc_depth *level, size_t count)
{
    char text[NUMBER_SIZE];
    for (size_t i = 0; i < count; i++) {
        if (i) buffer_char(to, ',');
        buffer_add(to, text, number_real(text, level[i].price));
        buffer_char(to, 'x');
        buffer_add(to, text, number_real(text, level[i].quantity));
    }
}
