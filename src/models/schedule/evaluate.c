#include "optimal.h"
#include "task.h"

tc_status tc_bounds_check(tc_error *error, const tc_bound *bounds)
{
    for (const tc_bound *b = bounds; b->name; b++) {
        bool above = b->low_open ? b->value > b->low : b->value >= b->low;
        if (isfinite(b->value) && above && b->value <= b->high) continue;
        return tc_fail(error, TC_OUT_OF_DOMAIN, b->name, "%s is %.15g, not in %c%g, %g%c", b->name, b->value, b->low_open ? '(' : '[',
                       b->low, b->high, isfinite(b->high) ? ']' : ')');
    }
    return TC_OK;
}

tc_status tc_schedule_check_task(tc_error *error, const tc_schedule_task *t)
{
    const tc_bound bounds[] = {{"quantity", t->quantity, 0, INFINITY, true},
                               {"duration", t->duration, 0, INFINITY, true},
                               {"slices", (double)t->slices, 1, TC_SLICES_MAX, false},
                               {"lambda", t->lambda, -INFINITY, INFINITY, true},
                               {0}};
    return tc_bounds_check(error, bounds);
}

tc_status tc_schedule_check_market(tc_error *error, const tc_schedule_market *m, const tc_schedule_task *t)
{
    const tc_bound bounds[] = {{"price", m->price, 0, INFINITY, true},      {"side", m->side, -1, 1, false},
                               {"sigma", m->sigma, 0, INFINITY, false},     {"alpha", m->alpha, -INFINITY, INFINITY, true},
                               {"epsilon", m->epsilon, 0, INFINITY, false}, {"gamma", m->gamma, 0, INFINITY, false},
                               {"eta", m->eta, 0, INFINITY, false},         {"exponent", m->exponent, 0, INFINITY, true},
                               {0}};
    tc_status status = tc_bounds_check(error, bounds);
    if (!status && m->side == 0) return tc_fail(error, TC_OUT_OF_DOMAIN, "side", "side is neither +1 (buy) nor -1 (sell)");
    for (size_t k = 0; !status && m->kernel && k < t->slices; k++)
        if (!isfinite(m->kernel[k]))
            return tc_fail(error, TC_OUT_OF_DOMAIN, "kernel", "the kernel is %g after %zu intervals", m->kernel[k], k);
    return status;
}

double tc_schedule_var(double expected, double variance, double z)
{
    return expected + z * sqrt(variance);
}

/* By how much earlier slices still move the price at slice `j`, and half of its own move. */
static double transient_move(const double *kernel, const double *quantity, size_t j)
{
    double move = kernel[0] * quantity[j] / 2;
    for (size_t i = 0; i < j; i++) move += kernel[j - i] * quantity[i];
    return move;
}

/* Sums of the parts of a cost, in the order of tc_schedule_cost. */
typedef struct {
    tc_sum spread, temporary, permanent, transient, drift, variance, even;
} cost_sums;

static void add_risk(cost_sums *sums, const tc_schedule_market *m, double tau, double before, double after)
{
    double scale = m->sigma * m->sigma * tau;
    tc_sum_add(&sums->variance, scale * after * after);
    tc_sum_add(&sums->even, scale * (before * before + before * after + after * after) / 3);
}

/* Slice j's cost is its shares times how much worse than the mid at arrival each is. */
static double add_slice(cost_sums *sums, const tc_schedule_market *m, double tau, const double *quantity, size_t j, double traded)
{
    double n = quantity[j];
    double spread = m->epsilon * fabs(n), temporary = n * tc_temporary(m, n, tau), permanent = n * m->gamma * traded;
    double transient = m->kernel ? n * transient_move(m->kernel, quantity, j) : 0;
    double drift = -tc_gain_of_waiting(m) * tau * (double)j * n;
    tc_sum_add(&sums->spread, spread);
    tc_sum_add(&sums->temporary, temporary);
    tc_sum_add(&sums->permanent, permanent);
    tc_sum_add(&sums->transient, transient);
    tc_sum_add(&sums->drift, drift);
    return spread + temporary + permanent + transient + drift;
}

static void close_sums(tc_schedule_cost *cost, const cost_sums *sums)
{
    tc_sum expected = {0};
    cost->spread = tc_sum_of(sums->spread);
    cost->temporary = tc_sum_of(sums->temporary);
    cost->permanent = tc_sum_of(sums->permanent);
    cost->transient = tc_sum_of(sums->transient);
    cost->drift = tc_sum_of(sums->drift);
    cost->variance = tc_sum_of(sums->variance);
    cost->variance_even = tc_sum_of(sums->even);
    tc_sum_add(&expected, cost->spread);
    tc_sum_add(&expected, cost->temporary);
    tc_sum_add(&expected, cost->permanent);
    tc_sum_add(&expected, cost->transient);
    tc_sum_add(&expected, cost->drift);
    cost->expected = tc_sum_of(expected);
}

static double sum_of(const double *quantity, size_t slices)
{
    tc_sum sum = {0};
    for (size_t j = 0; j < slices; j++) tc_sum_add(&sum, quantity[j]);
    return tc_sum_of(sum);
}

tc_status tc_schedule_evaluate(tc_schedule_cost *cost, tc_slice *slices, tc_error *error, const tc_schedule_market *m,
                               const tc_schedule_task *task, const double *quantity)
{
    tc_status status = tc_schedule_check_task(error, task);
    if (!status) status = tc_schedule_check_market(error, m, task);
    if (status) return status;
    double tau = tc_interval(task), whole = sum_of(quantity, task->slices), before = whole;
    cost_sums sums = {0};
    tc_sum traded = {0};
    for (size_t j = 0; j < task->slices; j++) {
        double n = quantity[j];
        double paid = add_slice(&sums, m, tau, quantity, j, tc_sum_of(traded));
        tc_sum_add(&traded, n);
        double after = j + 1 == task->slices ? 0 : whole - tc_sum_of(traded);
        add_risk(&sums, m, tau, before, after);
        double price = n != 0 ? m->price + m->side * paid / n : NAN;
        if (price <= 0) return tc_fail(error, TC_OUT_OF_DOMAIN, "price", "slice %zu would drive the price to %.6g", j + 1, price);
        if (slices) slices[j] = (tc_slice){tau * (double)j, tau * (double)(j + 1), n, after, price, paid};
        before = after;
    }
    close_sums(cost, &sums);
    if (!isfinite(cost->expected) || !isfinite(cost->variance)) return tc_fail(error, TC_OVERFLOW, "", "the cost does not fit into a double");
    return TC_OK;
}
