#include "tick_size.h"

#include <math.h>

/* NSE circular of 2024-05-24 (a paisa below Rs 250, from 2024-06-10); notices of
 * Fyers and Angel One, 2025-03-17 (the bands from 2025-04-15). "Below 250" leaves
 * 250 itself out; "above 1,000 and up to 5,000" leaves 1,000 in the band before. */
static const struct band {
    int32_t from; /* day */
    double below, up_to, tick; /* the band's end: not itself in it, or in it; the other is 0 */
} bands[] = {
    {20193, 250, 0, 0.01}, {20193, 0, 1000, 0.05}, {20193, 0, 5000, 0.10}, {20193, 0, 10000, 0.50},
    {20193, 0, 20000, 1}, {20193, 0, INFINITY, 5},                                /* 2025-04-15 */
    {19884, 250, 0, 0.01}, {19884, 0, INFINITY, 0.05},                            /* 2024-06-10 */
    {TC_DATE_MIN, 0, INFINITY, 0.05},
};

double tc_tick_size(tc_date date, double price)
{
    if (!(price > 0 && price < INFINITY)) return NAN;
    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++)
        if (date.day >= bands[i].from && (price < bands[i].below || price <= bands[i].up_to)) return bands[i].tick;
    return NAN;
}
