#include <stdlib.h>

#include "models/matrix.h"
#include "optimal.h"
#include "task.h"

static tc_status check(tc_error *error, const tc_schedule_market *m, const tc_schedule_task *t)
{
    tc_status status = tc_schedule_check_task(error, t);
    if (!status) status = tc_schedule_check_market(error, m, t);
    if (status || m->exponent == 1 || m->eta == 0) return status;
    return tc_fail(error, TC_OUT_OF_DOMAIN, "exponent", "exponent is %g: only at 1 is there a closed form; an exact schedule needs none", m->exponent);
}

static tc_status solve_almgren_chriss(double *quantity, double *kappa, tc_error *error, const tc_schedule_market *m,
                                      const tc_schedule_task *t)
{
    const tc_ac_problem problem = {.quantity = t->quantity, .duration = t->duration, .count = t->slices, .sigma = m->sigma,
                                   .gamma = m->gamma, .eta = m->eta, .epsilon = m->epsilon, .lambda = t->lambda,
                                   .alpha = tc_gain_of_waiting(m)};
    tc_ac_solution solution;
    tc_status status = tc_ac_solve(&solution, NULL, quantity, error, &problem);
    if (!status && kappa) *kappa = solution.kappa;
    return status;
}

/* The cost of a schedule q is q'Aq/2 + b'q and what no q changes, where
 * A = K + (2 eta/tau - gamma) I + 2 lambda sigma^2 tau L'L, x = X - Lq, L the sums so far:
 * (L'L)_ik = N - max(i, k), and so L'1 = N - i, counted from 0. */
static void fill_system(double *a, double *b, const tc_schedule_market *m, const tc_schedule_task *t)
{
    double tau = tc_interval(t), risk = 2 * t->lambda * m->sigma * m->sigma * tau, gain = tc_gain_of_waiting(m) * tau;
    size_t n = t->slices;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k <= i; k++) a[i * n + k] = m->kernel[i - k] + risk * (double)(n - i);
        a[i * n + i] += 2 * m->eta / tau - m->gamma;
        b[i] = (gain - risk * t->quantity) * (double)(n - i);
    }
}

/* q = A^-1 (mu 1 - b), mu such that q sums to X. `b` is spoiled. */
static void solve_system(double *quantity, const double *a, double *b, const tc_schedule_task *t)
{
    tc_sum ones = {0}, bias = {0};
    size_t n = t->slices;
    for (size_t i = 0; i < n; i++) quantity[i] = 1;
    tc_cholesky_solve(quantity, a, n);
    tc_cholesky_solve(b, a, n);
    for (size_t i = 0; i < n; i++) tc_sum_add(&ones, quantity[i]), tc_sum_add(&bias, b[i]);
    double mu = (t->quantity + tc_sum_of(bias)) / tc_sum_of(ones);
    for (size_t i = 0; i < n; i++) quantity[i] = mu * quantity[i] - b[i];
}

static tc_status solve_dense(double *quantity, tc_error *error, const tc_schedule_market *m, const tc_schedule_task *t)
{
    size_t n = t->slices;
    if (n > TC_SLICES_TRANSIENT_MAX)
        return tc_fail(error, TC_LIMIT, "slices", "%zu slices of decaying impact; at most %d", n, TC_SLICES_TRANSIENT_MAX);
    double *a = malloc((n + 1) * n * sizeof *a), *b = a + n * n;
    if (!a) return tc_fail(error, TC_NO_MEMORY, "", "no memory for %zu slices", n);
    fill_system(a, b, m, t);
    bool solvable = tc_cholesky(a, n);
    if (solvable) solve_system(quantity, a, b, t);
    free(a);
    if (solvable) return TC_OK;
    return tc_fail(error, TC_NO_SOLUTION, "kernel", "cost and risk are not positive definite over %zu slices: a round trip would earn money", n);
}

/* Without risk, drift or temporary impact the system is Toeplitz, and quick. */
static tc_status solve_toeplitz(double *quantity, tc_error *error, const tc_schedule_market *m, const tc_schedule_task *t)
{
    const tc_propagator_problem problem = {t->quantity, t->slices, m->kernel};
    tc_propagator_solution solution;
    double *work = malloc(t->slices * sizeof *work);
    if (!work) return tc_fail(error, TC_NO_MEMORY, "", "no memory for %zu slices", t->slices);
    tc_status status = tc_propagator_solve(&solution, quantity, work, error, &problem);
    free(work);
    return status;
}

/* Numbers too far apart for doubles show in a sum that is not the order's. */
static tc_status check_sum(tc_error *error, const double *quantity, const tc_schedule_task *t)
{
    double sum = 0, size = 0;
    for (size_t j = 0; j < t->slices; j++) sum += quantity[j], size += fabs(quantity[j]);
    if (fabs(sum - t->quantity) <= 1e-7 * size && isfinite(size)) return TC_OK;
    return tc_fail(error, TC_NO_SOLUTION, "quantity", "the numbers lie too far apart: slices add up to %.15g, not %.15g", sum, t->quantity);
}

tc_status tc_schedule_optimal(double *quantity, double *kappa, tc_error *error, const tc_schedule_market *m, const tc_schedule_task *t)
{
    tc_status status = check(error, m, t);
    if (status) return status;
    bool bare = t->lambda == 0 && m->alpha == 0 && m->eta == 0 && m->gamma == 0;
    if (m->kernel && kappa) *kappa = NAN;
    if (!m->kernel) status = solve_almgren_chriss(quantity, kappa, error, m, t);
    else status = bare ? solve_toeplitz(quantity, error, m, t) : solve_dense(quantity, error, m, t);
    return status ? status : check_sum(error, quantity, t);
}

/* The search for the least value at risk. */
typedef struct {
    const tc_schedule_market *market;
    tc_schedule_task task;
    double *quantity;
    double z, scale; /* of lambda: where risk weighs as much as a slice's own impact */
} var_search;

static tc_status cost_at(tc_schedule_cost *cost, tc_error *error, var_search *s, double log_lambda)
{
    s->task.lambda = s->scale * exp(log_lambda);
    tc_status status = tc_schedule_optimal(s->quantity, NULL, error, s->market, &s->task);
    return status ? status : tc_schedule_evaluate(cost, NULL, error, s->market, &s->task, s->quantity);
}

/* Along the optima dE = -lambda dV and V falls, hence E + z sqrt(V) falls exactly while
 * 2 lambda sqrt(V) < z. */
static tc_status slope_at(double *slope, tc_error *error, var_search *s, double log_lambda)
{
    tc_schedule_cost cost;
    tc_status status = cost_at(&cost, error, s, log_lambda);
    if (!status) *slope = 2 * s->task.lambda * sqrt(cost.variance) - s->z;
    return status;
}

static tc_status bisect(double *var, double *lambda, tc_error *error, var_search *s, double low, double high)
{
    tc_schedule_cost cost;
    tc_status status = TC_OK;
    for (int i = 0; i < 60 && !status; i++) {
        double middle = (low + high) / 2, slope = 0;
        status = slope_at(&slope, error, s, middle);
        if (slope < 0) low = middle;
        else high = middle;
    }
    if (!status) status = cost_at(&cost, error, s, high);
    if (status) return status;
    *var = tc_schedule_var(cost.expected, cost.variance, s->z);
    *lambda = s->task.lambda;
    return TC_OK;
}

/* Every place where falling turns to rising is a candidate, and so is the end: all at once. */
static tc_status search(double *lambda, tc_error *error, var_search *s)
{
    enum { FROM = -26, TO = 20 };
    double least = INFINITY, var, at, slope, before = -1;
    tc_schedule_cost cost;
    *lambda = 0;
    for (int step = FROM; step <= TO; step++) {
        tc_status status = slope_at(&slope, error, s, step);
        if (!status && before < 0 && slope >= 0) {
            status = bisect(&var, &at, error, s, step == FROM ? FROM - 1 : step - 1, step);
            if (!status && var < least) least = var, *lambda = at;
        }
        if (status) return status;
        before = slope;
    }
    for (size_t j = 0; j < s->task.slices; j++) s->quantity[j] = j ? 0 : s->task.quantity;
    tc_status status = tc_schedule_evaluate(&cost, NULL, error, s->market, &s->task, s->quantity);
    if (!status && before < 0 && tc_schedule_var(cost.expected, cost.variance, s->z) < least) *lambda = INFINITY;
    return status;
}

static double weight_scale(const tc_schedule_market *m, const tc_schedule_task *t)
{
    double tau = tc_interval(t), own = 2 * m->eta / tau - m->gamma + (m->kernel ? m->kernel[0] : 0);
    return own / (2 * m->sigma * m->sigma * tau);
}

tc_status tc_schedule_least_var(double *lambda, tc_error *error, const tc_schedule_market *m, const tc_schedule_task *task, double z)
{
    enum { TRANSIENT_MAX = 500 };
    tc_schedule_task t = *task;
    t.lambda = 0;
    tc_status status = check(error, m, &t);
    if (status) return status;
    if (!(z > 0)) return tc_fail(error, TC_OUT_OF_DOMAIN, "z", "z is %g, not above 0", z);
    if (m->sigma == 0) return tc_fail(error, TC_OUT_OF_DOMAIN, "sigma", "sigma is 0: there is no risk to weigh");
    if (m->kernel && t.slices > TRANSIENT_MAX)
        return tc_fail(error, TC_LIMIT, "slices", "%zu slices of decaying impact; a search takes at most %d", t.slices, TRANSIENT_MAX);
    if (t.slices == 1) {
        *lambda = 0; /* nothing to choose */
        return TC_OK;
    }
    var_search s = {m, t, malloc(t.slices * sizeof(double)), z, weight_scale(m, &t)};
    if (!s.quantity) return tc_fail(error, TC_NO_MEMORY, "", "no memory for %zu slices", t.slices);
    status = search(lambda, error, &s);
    free(s.quantity);
    return status;
}

/* Down to where kappa T is a third, which is nearly the naive schedule, and up to a hundredfold of the tangent. */
tc_status tc_schedule_lambdas(double *lambda, size_t count, tc_error *error, const tc_schedule_market *m, const tc_schedule_task *task)
{
    double middle, n = (double)task->slices;
    tc_status status = tc_schedule_least_var(&middle, error, m, task, TC_VAR_95);
    if (status) return status;
    double scale = weight_scale(m, task), low = 0.1 * scale / (n * n);
    if (!isfinite(middle) || middle == 0) middle = scale;
    if (!(low > 0 && isfinite(100 * middle) && middle / 100 > 0)) return tc_fail(error, TC_OVERFLOW, "lambda", "no such lambda fits into a double");
    double high = log(100 * middle), step = count > 2 ? (high - log(fmin(low, middle / 100))) / ((double)count - 2) : 0;
    for (size_t i = 0; i < count; i++) lambda[i] = i == 0 ? 0 : exp(high - step * (double)(count - 1 - i));
    if (count > 1) lambda[count - 1 - (count > 2 ? (size_t)round((high - log(middle)) / step) : 0)] = middle;
    return TC_OK;
}
