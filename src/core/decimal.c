#include <stdbool.h>
#include <string.h>

#include "tradecost/money.h"

static const int64_t powers[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
    INT64_C(10000000000), INT64_C(100000000000), INT64_C(1000000000000)};

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
    bool fits = true, past_point = false, zeros = false;
    for (; text < end; text++) {
        if (*text == '.' && !past_point) {
            past_point = true;
            continue;
        }
        if (*text < '0' || *text > '9') return TC_BAD_NUMBER;
        if (past_point && decimals == scale) {
            if (*text != '0') return TC_BAD_NUMBER;
            zeros = true;
            continue;
        }
        decimals += past_point;
        if (++digits <= 18) value = value * 10 + (*text - '0'); /* 18 digits always fit */
        else fits = fits && push_digit(&value, *text);
    }
    if (!digits && !zeros) return TC_BAD_NUMBER;
    if (!fits || __builtin_mul_overflow(value, powers[scale - decimals], &value)) return TC_OVERFLOW;
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
