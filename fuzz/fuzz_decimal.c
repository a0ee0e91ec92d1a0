/* Decimal text, read at every scale, against a slow reader that keeps the digits as text; what is read is written and read back. */
#include <stdlib.h>
#include <string.h>

#include "tradecost/money.h"

/* The same by schoolbook rules: digits with the point moved `scale` places, compared as text with the largest int64. */
static tc_status slow_parse(int64_t *units, const char *text, size_t size, unsigned scale)
{
    char digits[4200] = "", *at = digits;
    size_t from = size && (*text == '-' || *text == '+'), count = 0;
    const char *point = memchr(text, '.', size);
    size_t end = point ? (size_t)(point - text) : size, decimals = point ? size - end - 1 : 0;
    for (size_t i = from; i < size; i++) {
        if (i == end) continue;
        if (text[i] < '0' || text[i] > '9') return TC_BAD_NUMBER;
        if (i > end + scale && text[i] != '0') return TC_BAD_NUMBER;
        if (i <= end + scale) *at++ = text[i];
        count++;
    }
    if (!count) return TC_BAD_NUMBER;
    for (; decimals < scale; decimals++) *at++ = '0';
    *at = '\0';
    for (at = digits; *at == '0' && at[1]; at++) {}
    if (strlen(at) > 19 || (strlen(at) == 19 && strcmp(at, "9223372036854775807") > 0)) return TC_OVERFLOW;
    *units = (int64_t)strtoull(at, NULL, 10) * (size && *text == '-' ? -1 : 1);
    return TC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 1 || size > 4096) return 0;
    unsigned scale = bytes[0] % 13;
    const char *text = (const char *)bytes + 1;
    int64_t fast = 1, slow = 1, again = 1;
    char written[TC_DECIMAL_SIZE];
    tc_status status = tc_decimal_parse(&fast, text, --size, scale);
    if (status != slow_parse(&slow, text, size, scale) || fast != slow) abort();
    if (status != TC_OK && fast != 1) abort();
    for (unsigned least = 0; status == TC_OK && least <= scale; least++) {
        size_t length = tc_decimal_format(written, fast, scale, least);
        if (length >= sizeof written || written[length] || strlen(written) != length) abort();
        if (tc_decimal_parse(&again, written, length, scale) != TC_OK || again != fast) abort();
    }
    return 0;
}
