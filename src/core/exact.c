#include "exact.h"

/* Non-negative only, which lets each rounding be one comparison. The remainder
 * is compared with what is left of the divisor, so that nothing is doubled and
 * nothing overflows. */
static tc_atto divide(tc_atto numerator, tc_atto divisor, tc_rounding mode)
{
    tc_atto quotient = numerator / divisor;
    tc_atto remainder = numerator % divisor;
    tc_atto missing = divisor - remainder;
    switch (mode) {
    case TC_HALF_UP:   return quotient + (remainder >= missing);
    case TC_HALF_EVEN: return quotient + (remainder > missing || (remainder == missing && (quotient & 1)));
    case TC_UP:        return quotient + (remainder > 0);
    case TC_DOWN:
    case TC_ROUNDING_COUNT: break;
    }
    return quotient;
}

tc_status tc_atto_ratio(tc_atto *result, tc_atto a, int64_t b, int64_t divisor, tc_rounding mode)
{
    tc_atto product;
    if (!tc_atto_mul(&product, a, b)) return TC_OVERFLOW;
    *result = divide(product, divisor, mode);
    return TC_OK;
}

tc_status tc_atto_round(int64_t *units, tc_atto amount, tc_atto quantum, tc_rounding mode)
{
    if (amount < 0) return TC_OVERFLOW;
    tc_atto quotient = divide(amount, quantum, mode);
    if (quotient > INT64_MAX) return TC_OVERFLOW;
    *units = (int64_t)quotient;
    return TC_OK;
}

/* Long multiplication by the bits of b, highest first, reduced at each step: the
 * product itself may need 256 bits, its parts never do. */
static tc_atto share_by_bits(tc_atto *remainder, tc_atto a, tc_atto b, tc_atto divisor)
{
    tc_atto whole = a / divisor, part = a % divisor, quotient = 0, rest = 0;
    for (int bit = 126; bit >= 0; bit--) {
        quotient *= 2;
        rest *= 2;
        if (b >> bit & 1) {
            quotient += whole;
            rest += part;
        }
        while (rest >= divisor) {
            rest -= divisor;
            quotient++;
        }
    }
    *remainder = rest;
    return quotient;
}

tc_atto tc_atto_share(tc_atto *remainder, tc_atto a, tc_atto b, tc_atto divisor)
{
    tc_atto product;
    if (!tc_atto_mul(&product, a, b)) return share_by_bits(remainder, a, b, divisor);
    *remainder = product % divisor;
    return product / divisor;
}
