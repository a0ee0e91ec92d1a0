#include "number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
    "9899";

static const uint64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
                                  1000000000, 10000000000, 100000000000, 1000000000000};

static char *put_pair(char *to, uint32_t value)
{
    memcpy(to, pairs + value * 2, 2);
    return to + 2;
}

/* Digits of `value` that end before `end`; returns where they begin. */
static char *digits_before(char *end, uint64_t value)
{
    for (; value >= 100; value /= 100) put_pair(end -= 2, (uint32_t)(value % 100));
    if (value >= 10) {
        put_pair(end -= 2, (uint32_t)value);
        return end;
    }
    *--end = (char)('0' + value);
    return end;
}

static size_t whole_write(char *to, uint64_t value)
{
    if (value < 10) {
        *to = (char)('0' + value);
        return 1;
    }
    char digits[20];
    char *begin = digits_before(digits + sizeof digits, value);
    size_t size = (size_t)(digits + sizeof digits - begin);
    memcpy(to, begin, size);
    return size;
}

/* All nine, leading zeros too: the commonest of fractions. */
static void put_nine(char *to, uint32_t value)
{
    uint32_t high = value % 100000000 / 10000, low = value % 10000;
    *to++ = (char)('0' + value / 100000000);
    to = put_pair(to, high / 100);
    to = put_pair(to, high % 100);
    to = put_pair(to, low / 100);
    put_pair(to, low % 100);
}

/* `fraction` has at most `scale` digits; its trailing zeros beyond `decimals_min` are left out. */
static size_t fraction_write(char *to, uint64_t fraction, unsigned scale, unsigned decimals_min)
{
    char *end = to + 1 + scale;
    if (scale == NANO_DECIMALS) {
        put_nine(to + 1, (uint32_t)fraction);
    } else {
        memset(to + 1, '0', scale);
        if (fraction) digits_before(end, fraction);
    }
    while (end > to + 1 + decimals_min && end[-1] == '0') end--;
    *to = '.';
    return end == to + 1 ? 0 : (size_t)(end - to);
}

static size_t narrow_write(char *to, uint64_t units, unsigned scale, unsigned decimals_min)
{
    uint64_t whole, fraction;
    /* Constant divisors for the scales of every row. */
    if (scale == NANO_DECIMALS) whole = units / 1000000000, fraction = units % 1000000000;
    else if (scale == MICRO_DECIMALS) whole = units / 1000000, fraction = units % 1000000;
    else whole = units / powers[scale], fraction = units % powers[scale];
    size_t size = whole_write(to, whole);
    if (!fraction && !decimals_min) return size;
    return size + fraction_write(to + size, fraction, scale, decimals_min);
}

/* Beyond 64 bits the whole part is written in two halves of 18 digits. */
static size_t wide_write(char *to, unsigned __int128 units, unsigned scale, unsigned decimals_min)
{
    const uint64_t half = UINT64_C(1000000000000000000);
    unsigned __int128 whole = units / powers[scale];
    size_t size;
    if (whole < half) {
        size = whole_write(to, (uint64_t)whole);
    } else {
        size = whole_write(to, (uint64_t)(whole / half));
        memset(to + size, '0', 18);
        digits_before(to + size + 18, (uint64_t)(whole % half));
        size += 18;
    }
    return size + fraction_write(to + size, (uint64_t)(units % powers[scale]), scale, decimals_min);
}

size_t number_write(char *to, wide units, unsigned scale, unsigned decimals_min)
{
    size_t sign = units < 0;
    unsigned __int128 size = units < 0 ? -(unsigned __int128)units : (unsigned __int128)units;
    if (sign) *to = '-';
    if (size <= UINT64_MAX) return sign + narrow_write(to + sign, (uint64_t)size, scale, decimals_min);
    return sign + wide_write(to + sign, size, scale, decimals_min);
}

number_style number_style_of(tc_level level)
{
    if (level == TC_NOTE) return (number_style){true, PAISA_DECIMALS};
    return (number_style){false, level == TC_API_LEVEL ? PAISA_DECIMALS : 0};
}

/* Half-up, away from zero for what a client receives and pays alike. */
static wide in_paise(wide units, wide units_per_paisa)
{
    wide half = units_per_paisa / 2;
    return (units < 0 ? units - half : units + half) / units_per_paisa;
}

size_t number_money(char *to, wide nanos, number_style style)
{
    if (!style.rounded) return number_write(to, nanos, NANO_DECIMALS, style.decimals_min);
    return number_write(to, in_paise(nanos, TC_NANOS_PER_PAISA), PAISA_DECIMALS, PAISA_DECIMALS);
}

size_t number_turnover(char *to, wide micros, number_style style)
{
    if (!style.rounded) return number_write(to, micros, MICRO_DECIMALS, style.decimals_min);
    return number_write(to, in_paise(micros, TC_MICROS_PER_RUPEE / 100), PAISA_DECIMALS, PAISA_DECIMALS);
}

/* Groups of two beyond the last three: 12,34,567.00. */
size_t number_rupees(char *to, wide nanos)
{
    char plain[NUMBER_SIZE];
    size_t size = number_write(plain, in_paise(nanos, TC_NANOS_PER_PAISA), PAISA_DECIMALS, PAISA_DECIMALS);
    size_t sign = *plain == '-', whole = size - sign - 3, out = 0;
    if (sign) to[out++] = '-';
    for (size_t i = 0; i < whole; i++) {
        size_t left = whole - i;
        if (i && left >= 3 && (left - 3) % 2 == 0) to[out++] = ',';
        to[out++] = plain[sign + i];
    }
    memcpy(to + out, plain + size - 3, 3);
    return out + 3;
}

size_t number_real(char *to, double value)
{
    size_t size = 0;
    if (isnan(value)) return 0;
    for (int digits = 15; digits <= 17; digits++) {
        size = (size_t)snprintf(to, NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(to, NULL) == value) break;
    }
    return size;
}

static size_t divisor_write(char *to, tc_rate rate)
{
    return rate.divisor > 1 ? (size_t)snprintf(to, 16, "/%d", (int)rate.divisor) : 0;
}

size_t number_rate(char *to, tc_rate rate)
{
    size_t size = number_write(to, rate.picos, 12, 0);
    return size + divisor_write(to + size, rate);
}

size_t number_percent(char *to, tc_rate rate)
{
    size_t size = number_write(to, rate.picos, 10, 0);
    to[size++] = '%';
    return size + divisor_write(to + size, rate);
}
