#include "optimal.h"
#include "task.h"

/* Schedules that follow the clock or the market, without a thought of risk. */

void tc_schedule_twap(double *quantity, const tc_schedule_task *task)
{
    for (size_t j = 0; j < task->slices; j++) quantity[j] = task->quantity / (double)task->slices;
}

static tc_status check_volume(tc_error *error, tc_schedule_follow what, const tc_schedule_volume *v)
{
    bool bounded = tc_is_known(v->participation), curve_needed = what != TC_FOLLOW_TIME || bounded;
    const tc_bound bounds[] = {{"minute", v->minute, 0, TC_SESSION_MINUTES, false},
                               {bounded && tc_is_known(v->adv) ? "adv" : NULL, v->adv, 0, INFINITY, true},
                               {0}};
    tc_status status = tc_bounds_check(error, bounds);
    if (status) return status;
    if (what == TC_FOLLOW_RATE && !bounded) return tc_fail(error, TC_VALUE_NEEDED, "participation", "a rate to keep to is needed");
    if (bounded && !(v->participation > 0 && v->participation < 1))
        return tc_fail(error, TC_OUT_OF_DOMAIN, "participation", "participation is %.15g, not in (0, 1)", v->participation);
    if (bounded && !tc_is_known(v->adv)) return tc_fail(error, TC_MARKET_MISSING, "adv", "adv");
    if (curve_needed && !v->curve.count) return tc_fail(error, TC_MARKET_MISSING, "volume_curve", "volume_curve");
    tc_market market;
    tc_market_clear(&market);
    market.volume_curve = v->curve;
    return tc_market_check(&market, error);
}

/* The others' volume from the first session's open to `days` later; only its shape counts where nothing bounds the order. */
static double volume_until(const tc_schedule_volume *v, double days)
{
    double whole = floor(days), a_day = tc_is_known(v->participation) ? v->adv : 1;
    return a_day * (whole + tc_curve_at(v->curve, (days - whole) * TC_SESSION_MINUTES));
}

static double volume_of(const tc_schedule_volume *v, const tc_schedule_task *task, size_t j)
{
    double from = v->minute / TC_SESSION_MINUTES, tau = tc_interval(task);
    return volume_until(v, from + tau * (double)(j + 1)) - volume_until(v, from + tau * (double)j);
}

/* What a slice would do if nothing held it back. */
static double wish(tc_schedule_follow what, const tc_schedule_task *task, double share_of_volume)
{
    switch (what) {
    case TC_FOLLOW_TIME: return task->quantity / (double)task->slices;
    case TC_FOLLOW_VOLUME: return task->quantity * share_of_volume;
    case TC_FOLLOW_RATE: break;
    }
    return INFINITY;
}

tc_status tc_schedule_by_volume(double *quantity, double *unfilled, tc_error *error, tc_schedule_follow what,
                                const tc_schedule_task *task, const tc_schedule_volume *v)
{
    tc_status status = tc_schedule_check_task(error, task);
    if (!status) status = check_volume(error, what, v);
    if (status) return status;
    bool bounded = tc_is_known(v->participation), by_volume = what != TC_FOLLOW_TIME || bounded;
    double from = v->minute / TC_SESSION_MINUTES;
    double all = by_volume ? volume_until(v, from + task->duration) - volume_until(v, from) : 0;
    if (what == TC_FOLLOW_VOLUME && !(all > 0)) return tc_fail(error, TC_NO_SOLUTION, "volume_curve", "nothing is traded in that time");
    double owed = 0, left = task->quantity;
    for (size_t j = 0; j < task->slices; j++) {
        double volume = by_volume ? volume_of(v, task, j) : 0;
        double most = bounded ? volume * v->participation / (1 - v->participation) : INFINITY;
        owed = fmin(left, owed + wish(what, task, all > 0 ? volume / all : 0));
        quantity[j] = fmin(owed, most);
        owed -= quantity[j];
        left = fmax(left - quantity[j], 0);
    }
    /* What remains of a whole order by rounding alone belongs to its last slice. */
    if (left <= 1e-9 * task->quantity) quantity[task->slices - 1] += left, left = 0;
    *unfilled = left;
    return TC_OK;
}

void tc_kernel_exponential(double *kernel, size_t count, double permanent, double kappa, double rho, double tau)
{
    for (size_t k = 0; k < count; k++) kernel[k] = permanent + kappa * exp(-rho * tau * (double)k);
}

void tc_kernel_power(double *kernel, size_t count, double kappa, double decay, double scale, double tau)
{
    for (size_t k = 0; k < count; k++) kernel[k] = kappa * pow(1 + tau * (double)k / scale, -decay);
}
