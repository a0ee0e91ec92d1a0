/* number.h - exact numbers as text: amounts, turnover, prices and their 128-bit sums. */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "tradecost/price.h"

__extension__ typedef __int128 wide;

enum { NUMBER_SIZE = 64, NANO_DECIMALS = 9, MICRO_DECIMALS = 6, PAISA_DECIMALS = 2 };

/* Writes units x 10^-scale, with `decimals_min` to `scale` decimals and no
 * further trailing zeros; `to` has room for NUMBER_SIZE bytes and is not
 * terminated. Returns the length. */
size_t number_write(char *to, wide units, unsigned scale, unsigned decimals_min);

/* How a level prints its amounts: exact as short as it can be, api as the
 * broker computed it but never below paise, note in paise. */
typedef struct {
    bool rounded; /* half-up to paise first */
    unsigned decimals_min;
} number_style;

number_style number_style_of(tc_level level);

/* An amount of nano-rupees, or micro-rupees, in a level's style. */
size_t number_money(char *to, wide nanos, number_style style);
size_t number_turnover(char *to, wide micros, number_style style);

/* The same for people: Indian grouping and two decimals, 2,50,505.00. */
size_t number_rupees(char *to, wide nanos);

/* A double in as few digits (at most 17) as read back as the same; nothing for NAN. */
size_t number_real(char *to, double value);

/* A rate: 0.0003, or 0.1249/365 where no decimal exists. */
size_t number_rate(char *to, tc_rate rate);
/* The same in per cent, for people: 0.03%, 12.49%/365. */
size_t number_percent(char *to, tc_rate rate);

#endif
