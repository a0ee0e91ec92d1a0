/* amounts.h - the thirteen amounts of a cost, as columns, and their 128-bit sums. */
#ifndef CLI_AMOUNTS_H
#define CLI_AMOUNTS_H

#include "output.h"
#include "tradecost/price.h"

/* Column names in the order of the contract: turnover, the charges but for DP,
 * note_total, dp_charge, total. */
enum { AMOUNT_COUNT = TC_CHARGE_COUNT + 3 };
const char *amount_name(size_t amount);
sheet_column amount_column(size_t amount);
/* The charge that an amount is; -1 for turnover and the totals. */
int amount_charge(size_t amount);

/* Sums over any number of fills; all-zero is the sum of none. */
typedef struct {
    wide turnover_micros;
    wide charge_nanos[TC_CHARGE_COUNT];
    wide note_total_nanos, total_nanos;
    uint16_t unknown; /* bit a charge: some fill's was not known */
    uint32_t flags;
} cost_sum;

void cost_sum_add(cost_sum *sum, const tc_cost *cost);
static inline bool cost_sum_complete(const cost_sum *sum)
{
    return !sum->unknown;
}

/* Amount number `amount` as text (room for NUMBER_SIZE); 0: unknown. */
size_t amount_text(char *to, const cost_sum *sum, size_t amount, number_style style);
size_t amount_text_of_cost(char *to, const tc_cost *cost, size_t amount, number_style style);

/* All thirteen as cells. */
void sheet_cost(sheet *s, const tc_cost *cost, number_style style);
void sheet_cost_sum(sheet *s, const cost_sum *sum, number_style style);
void sheet_no_amounts(sheet *s);

/* The flags as words parted by spaces, in the order of the closed list. */
void sheet_flags(sheet *s, uint32_t flags);
void flags_text(tc_buffer *to, uint32_t flags);

#endif
