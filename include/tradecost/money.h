/* money.h - exact amounts, turnover, rates and quantities.
 *
 * A charge is a whole number of nano-rupees, a turnover a whole number of
 * micro-rupees, each in its own struct so that the compiler keeps them apart.
 * No float crosses this interface; decimal text is read digit by digit. */
#ifndef TRADECOST_MONEY_H
#define TRADECOST_MONEY_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TC_NANOS_PER_RUPEE INT64_C(1000000000)
#define TC_MICROS_PER_RUPEE INT64_C(1000000)
#define TC_NANOS_PER_PAISA INT64_C(10000000)

/* Largest price (Rs 1e9) and quantity (1e12), in micros; text beyond is refused. */
#define TC_PRICE_MICROS_MAX INT64_C(1000000000000000)
#define TC_QUANTITY_MICROS_MAX INT64_C(1000000000000000000)

typedef struct { int64_t nanos; } tc_money;     /* a charge: Rs 1e-9 */
typedef struct { int64_t micros; } tc_turnover; /* quantity x price: Rs 1e-6 */
typedef struct { int64_t micros; } tc_price;    /* rupees a unit, 1e-6 */
typedef struct { int64_t micros; } tc_quantity; /* units, 1e-6 */

/* A rate: picos / 1e12 / divisor. The divisor is 1 but for ratios that have no
 * finite decimal, such as 12.49 % a year over 365 days. */
typedef struct {
    int64_t picos;
    int32_t divisor;
} tc_rate;

/* Every rounding in the library names one of these at the call. Amounts are
 * never negative, so half-up is away from zero too. */
#define TC_ROUNDINGS(X) \
    X(TC_HALF_UP, "half-up") X(TC_HALF_EVEN, "half-even") X(TC_DOWN, "down") X(TC_UP, "up")
#define TC_AS_ENUM(name, text) name,
typedef enum { TC_ROUNDINGS(TC_AS_ENUM) TC_ROUNDING_COUNT } tc_rounding;
#undef TC_AS_ENUM

/* Sums; TC_OVERFLOW leaves `*sum` alone. */
tc_status tc_money_add(tc_money *sum, tc_money amount);
tc_status tc_turnover_add(tc_turnover *sum, tc_turnover turnover);

/* quantity x price, rounded half-up to 1e-6 once. TC_OVERFLOW beyond int64. */
tc_status tc_turnover_of(tc_turnover *turnover, tc_quantity quantity, tc_price price);

/* `amount` rounded to a multiple of `to` (above 0): Rs 1, a paisa, ... */
tc_status tc_money_round(tc_money *rounded, tc_money amount, tc_money to, tc_rounding mode);

/* Reads `[+-]digits[.digits]` of exactly `size` bytes into units of 10^-scale
 * (scale 0 to 12). More decimals than `scale` are refused unless they are
 * zeros; so are empty text, spaces, exponents and grouping.
 * TC_BAD_NUMBER or TC_OVERFLOW. */
tc_status tc_decimal_parse(int64_t *units, const char *text, size_t size, unsigned scale);

#define TC_DECIMAL_SIZE 24

/* Writes units x 10^-scale with at least `decimals_min` decimals and no further
 * trailing zeros; `decimals_min` <= `scale`. Returns the length written,
 * without the terminating NUL. */
size_t tc_decimal_format(char text[TC_DECIMAL_SIZE], int64_t units, unsigned scale,
                         unsigned decimals_min);

#ifdef __cplusplus
}
#endif
#endif
