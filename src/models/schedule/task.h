/* task.h - what the solvers of schedules share: their bounds, and the cost of one slice. */
#ifndef TC_SCHEDULE_TASK_H
#define TC_SCHEDULE_TASK_H

#include <math.h>

#include "tradecost/schedule.h"

/* A number and the domain that it must be in; the last of a list has no name. */
typedef struct {
    const char *name;
    double value, low, high;
    bool low_open;
} tc_bound;

tc_status tc_bounds_check(tc_error *error, const tc_bound *bounds);
tc_status tc_schedule_check_task(tc_error *error, const tc_schedule_task *task);
tc_status tc_schedule_check_market(tc_error *error, const tc_schedule_market *market, const tc_schedule_task *task);

static inline double tc_interval(const tc_schedule_task *task)
{
    return task->duration / (double)task->slices;
}

/* The drift by which waiting gains: a seller's is the price's own, a buyer's its mirror. */
static inline double tc_gain_of_waiting(const tc_schedule_market *market)
{
    return -market->side * market->alpha;
}

/* The temporary cost of each share of a slice of `quantity` shares, epsilon left out. */
static inline double tc_temporary(const tc_schedule_market *market, double quantity, double tau)
{
    double rate = fabs(quantity) / tau;
    double size = market->exponent == 1 ? rate : rate > 0 ? pow(rate, market->exponent) : 0;
    return market->eta * copysign(size, quantity);
}

/* The whole number that a quotient is but for the error of its division, else itself. */
static inline double tc_settle(double quotient)
{
    double nearest = round(quotient);
    return fabs(quotient - nearest) <= 1e-9 + 4e-16 * fabs(nearest) ? nearest : quotient;
}

/* charge.c: the day, from that of arrival on, in which a slice begins; and the DP
 * charge of a day that does `quantity` at an average price, with its flags. */
double tc_day_of(const tc_slice_terms *terms, double start);
tc_status tc_day_dp(tc_money *dp, uint32_t *flags, tc_error *error, const tc_slice_terms *terms, double quantity, double price);

#endif
