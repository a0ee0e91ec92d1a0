#include <stdbool.h>
#include <string.h>

#include "tradecost/money.h"

static bool push_digit(int64_t *units, char digit)
{
    return !__builtin_mul_overflow(*units, 10, units) &&
           !__builtin_add_overflow(*units, digit - '0', units);
}

tc_status tc_decimal_parse(int64_t *units, const char *text, size_t size, unsigned scale)
{
    const char *end = text + size;
    bool negative = size && *text == '-';
    if (size && (*text == '-' || *text == '+')) text++;

    int64_t value = 0;
    unsigned decimals = 0, digits = 0;
    bool fits = true, past_point = false;
    for (; text < end; text++) {
        if (*text == '.' && !past_point) {
            past_point = true;
            continue;
        }
        if (*text < '0' || *text > '9') return TC_BAD_NUMBER;
        digits++;
        if (past_point && decimals == scale) {
            if (*text != '0') return TC_BAD_NUMBER;
            continue;
        }
        decimals += past_point;
        fits = fits && push_digit(&value, *text);
    }
    if (!digits) return TC_BAD_NUMBER;
    for (; decimals < scale; decimals++) fits = fits && push_digit(&value, '0');
    if (!fits) return TC_OVERFLOW;
    *units = negative ? -value : value;
    return TC_OK;
}

size_t tc_decimal_format(char text[TC_DECIMAL_SIZE], int64_t units, unsigned scale,
                         unsigned decimals_min)
{
    char reversed[TC_DECIMAL_SIZE];
    uint64_t rest = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
    unsigned decimals = scale;
    while (decimals > decimals_min && rest % 10 == 0) {
        rest /= 10;
        decimals--;
    }
    size_t size = 0;
    for (unsigned i = 0; i < decimals; i++, rest /= 10) reversed[size++] = (char)('0' + rest % 10);
    if (decimals) reversed[size++] = '.';
    do reversed[size++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (units < 0) reversed[size++] = '-';
    for (size_t i = 0; i < size; i++) text[i] = reversed[size - 1 - i];
    text[size] = '\0';
    return size;
}
