#include "tradecost/money.h"

#include "exact.h"

tc_status tc_money_add(tc_money *sum, tc_money amount)
{
    int64_t nanos;
    if (__builtin_add_overflow(sum->nanos, amount.nanos, &nanos)) return TC_OVERFLOW;
    sum->nanos = nanos;
    return TC_OK;
}

tc_status tc_turnover_add(tc_turnover *sum, tc_turnover turnover)
{
    int64_t micros;
    if (__builtin_add_overflow(sum->micros, turnover.micros, &micros)) return TC_OVERFLOW;
    sum->micros = micros;
    return TC_OK;
}

tc_status tc_turnover_of(tc_turnover *turnover, tc_quantity quantity, tc_price price)
{
    if (quantity.micros < 0 || price.micros < 0) return TC_BAD_VALUE;
    uint64_t product;
    if (!__builtin_mul_overflow((uint64_t)quantity.micros, (uint64_t)price.micros, &product) &&
        product <= INT64_MAX) {
        turnover->micros = (int64_t)((product + 500000) / 1000000);
        return TC_OK;
    }
    return tc_atto_round(&turnover->micros, (tc_atto)quantity.micros * price.micros, 1000000, TC_HALF_UP);
}

tc_status tc_money_round(tc_money *rounded, tc_money amount, tc_money to, tc_rounding mode)
{
    int64_t steps, nanos;
    if (to.nanos <= 0 || amount.nanos < 0) return TC_BAD_VALUE;
    tc_status status = tc_atto_round(&steps, amount.nanos, to.nanos, mode);
    if (status != TC_OK) return status;
    if (__builtin_mul_overflow(steps, to.nanos, &nanos)) return TC_OVERFLOW;
    rounded->nanos = nanos;
    return TC_OK;
}
