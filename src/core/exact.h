/* exact.h - 128-bit products and the one place where numbers are rounded.
 *
 * While a charge is computed it is an exact whole number of atto-rupees
 * (1e-18): a turnover in micros times a rate in picos is one without rounding.
 * Sums over a note stay in this form and are rounded once, where a rule says. */
#ifndef TC_CORE_EXACT_H
#define TC_CORE_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#include "tradecost/money.h"

__extension__ typedef __int128 tc_atto;

#define TC_ATTOS_PER_NANO INT64_C(1000000000)
#define TC_ATTOS_PER_MICRO INT64_C(1000000000000)

static inline bool tc_atto_add(tc_atto *sum, tc_atto amount)
{
    return !__builtin_add_overflow(*sum, amount, sum);
}

static inline bool tc_atto_mul(tc_atto *product, tc_atto a, tc_atto b)
{
    if (a == (int64_t)a && b == (int64_t)b) { /* nearly always, and without a call */
        *product = (tc_atto)(int64_t)a * (int64_t)b;
        return true;
    }
    return !__builtin_mul_overflow(a, b, product);
}

/* a x b / divisor, rounded as named. All non-negative, divisor above 0. */
tc_status tc_atto_ratio(tc_atto *result, tc_atto a, int64_t b, int64_t divisor, tc_rounding mode);

/* floor(a x b / divisor) and what is left, exact whatever the product: all
 * non-negative, b <= divisor < 2^126. */
tc_atto tc_atto_share(tc_atto *remainder, tc_atto a, tc_atto b, tc_atto divisor);

/* `amount` in units of `quantum` attos, rounded once. The quotient must fit int64. */
tc_status tc_atto_round(int64_t *units, tc_atto amount, tc_atto quantum, tc_rounding mode);

/* The commonest rounding, attos to nanos half-up, without a 128-bit division
 * for amounts below Rs 9,444: floor(x / 1e9) is floor(floor(x / 2^9) / 5^9). */
static inline tc_status tc_atto_to_money(tc_money *money, tc_atto amount)
{
    tc_atto half_added = amount + TC_ATTOS_PER_NANO / 2;
    if (half_added >= 0 && half_added < (tc_atto)1 << 73) {
        money->nanos = (int64_t)((uint64_t)(half_added >> 9) / 1953125u);
        return TC_OK;
    }
    return tc_atto_round(&money->nanos, amount, TC_ATTOS_PER_NANO, TC_HALF_UP);
}

static inline tc_atto tc_atto_of_money(tc_money money)
{
    return (tc_atto)money.nanos * TC_ATTOS_PER_NANO;
}

#endif
