#include <stdlib.h>

#include "models/matrix.h"
#include "optimal.h"
#include "task.h"

/* Matrices of one solution, all count x count, in one block of memory. */
typedef struct {
    size_t count;
    double *impact, *vectors, *root, *inverse_root, *risk, *modes, *scratch;
    double *values, *start, *now; /* count */
    void *memory;
} system_of;

static bool make_room(system_of *s, size_t m)
{
    double *next = s->memory = malloc((7 * m * m + 3 * m) * sizeof *next);
    double **squares[] = {&s->impact, &s->vectors, &s->root, &s->inverse_root, &s->risk, &s->modes, &s->scratch};
    double **rows[] = {&s->values, &s->start, &s->now};
    s->count = m;
    for (size_t i = 0; next && i < sizeof squares / sizeof *squares; i++, next += m * m) *squares[i] = next;
    for (size_t i = 0; next && i < sizeof rows / sizeof *rows; i++, next += m) *rows[i] = next;
    return s->memory != NULL;
}

static tc_status check_symmetric(tc_error *error, const char *name, const double *a, size_t m)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            double here = a[i * m + j], there = a[j * m + i];
            if (!isfinite(here)) return tc_fail(error, TC_OUT_OF_DOMAIN, name, "%s of %zu and %zu is %g", name, i + 1, j + 1, here);
            if (fabs(here - there) <= 1e-12 * (fabs(here) + fabs(there))) continue;
            return tc_fail(error, TC_OUT_OF_DOMAIN, name, "%s is not symmetric at %zu, %zu", name, i + 1, j + 1);
        }
    return TC_OK;
}

static tc_status check_basket(tc_error *error, const tc_basket *b, const tc_schedule_task *task)
{
    tc_schedule_task t = *task;
    t.quantity = 1;
    tc_status status = tc_schedule_check_task(error, &t);
    if (!status && (b->count < 1 || b->count > TC_BASKET_MAX))
        return tc_fail(error, TC_LIMIT, "count", "%zu securities, not 1 to %d", b->count, TC_BASKET_MAX);
    if (!status) status = check_symmetric(error, "covariance", b->covariance, b->count);
    if (!status) status = check_symmetric(error, "gamma", b->gamma, b->count);
    if (!status) status = check_symmetric(error, "eta", b->eta, b->count);
    for (size_t i = 0; i < b->count && !status; i++) {
        const tc_bound bounds[] = {{"quantity", b->quantity[i], -INFINITY, INFINITY, true}, {"epsilon", b->epsilon[i], 0, INFINITY, false}, {0}};
        status = tc_bounds_check(error, bounds);
    }
    return status;
}

/* c = V f(D) V', of eigenvalues and vectors. */
static void of_eigen(double *c, const double *vectors, const double *values, size_t m, double power)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            double sum = 0;
            for (size_t k = 0; k < m; k++) sum += vectors[i * m + k] * pow(values[k], power) * vectors[j * m + k];
            c[i * m + j] = sum;
        }
}

static void multiply(double *c, const double *a, const double *b, size_t m)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            double sum = 0;
            for (size_t k = 0; k < m; k++) sum += a[i * m + k] * b[k * m + j];
            c[i * m + j] = sum;
        }
}

static void apply(double *y, const double *a, const double *x, size_t m, bool transposed)
{
    for (size_t i = 0; i < m; i++) {
        double sum = 0;
        for (size_t k = 0; k < m; k++) sum += a[transposed ? k * m + i : i * m + k] * x[k];
        y[i] = sum;
    }
}

static double greatest(const double *values, size_t m)
{
    double most = 0;
    for (size_t i = 0; i < m; i++) most = fmax(most, fabs(values[i]));
    return most;
}

/* H~ = eta - gamma tau/2, and its root and inverse root. */
static tc_status split_impact(system_of *s, tc_error *error, const tc_basket *b, double tau)
{
    size_t m = s->count;
    for (size_t i = 0; i < m * m; i++) s->impact[i] = b->eta[i] - b->gamma[i] * tau / 2;
    tc_eigen(s->values, s->vectors, s->impact, m);
    for (size_t i = 0; i < m; i++)
        if (!(s->values[i] > 1e-14 * greatest(s->values, m)))
            return tc_fail(error, TC_OUT_OF_DOMAIN, "eta", "eta - gamma tau/2 is not positive definite: an eigenvalue is %.6g", s->values[i]);
    of_eigen(s->root, s->vectors, s->values, m, 0.5);
    of_eigen(s->inverse_root, s->vectors, s->values, m, -0.5);
    return TC_OK;
}

/* A = H~^-1/2 C H~^-1/2 and its modes. */
static tc_status split_risk(system_of *s, tc_error *error, const tc_basket *b)
{
    size_t m = s->count;
    multiply(s->scratch, s->inverse_root, b->covariance, m);
    multiply(s->risk, s->scratch, s->inverse_root, m);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < i; j++) s->risk[i * m + j] = s->risk[j * m + i] = (s->risk[i * m + j] + s->risk[j * m + i]) / 2;
    tc_eigen(s->values, s->modes, s->risk, m);
    double most = greatest(s->values, m);
    for (size_t i = 0; i < m; i++) {
        if (s->values[i] < -1e-9 * most)
            return tc_fail(error, TC_OUT_OF_DOMAIN, "covariance", "the covariance is not positive semidefinite");
        s->values[i] = fmax(s->values[i], 0);
    }
    return TC_OK;
}

/* Each mode falls by itself as the holding of one security of kappa~ does. */
static tc_status mode_shares(double *share, tc_error *error, const system_of *s, const tc_schedule_task *t, size_t mode)
{
    const tc_ac_problem problem = {.quantity = 1, .duration = t->duration, .count = t->slices, .sigma = sqrt(s->values[mode]),
                                   .eta = 1, .lambda = t->lambda};
    tc_ac_solution solution;
    return tc_ac_solve(&solution, share, NULL, error, &problem);
}

/* x_k = H~^-1/2 U z_k, mode by mode: z_k = z_0 share_k. Both ends are exact. */
static tc_status add_modes(double *holding, double *share, tc_error *error, const system_of *s, const tc_basket *b,
                           const tc_schedule_task *t)
{
    size_t m = s->count, n = t->slices;
    apply(s->now, s->root, b->quantity, m, false);
    apply(s->start, s->modes, s->now, m, true);
    multiply(s->scratch, s->inverse_root, s->modes, m);
    for (size_t i = 0; i < (n + 1) * m; i++) holding[i] = 0;
    for (size_t mode = 0; mode < m; mode++) {
        tc_status status = mode_shares(share, error, s, t, mode);
        if (status) return status;
        for (size_t k = 1; k < n; k++)
            for (size_t i = 0; i < m; i++) holding[k * m + i] += s->scratch[i * m + mode] * s->start[mode] * share[k];
    }
    for (size_t i = 0; i < m; i++) holding[i] = b->quantity[i];
    return TC_OK;
}

static tc_status solve(double *holding, double *share, tc_error *error, system_of *s, const tc_basket *b, const tc_schedule_task *t)
{
    tc_status status = split_impact(s, error, b, tc_interval(t));
    if (!status) status = split_risk(s, error, b);
    return status ? status : add_modes(holding, share, error, s, b, t);
}

tc_status tc_basket_optimal(double *holding, tc_error *error, const tc_basket *basket, const tc_schedule_task *task)
{
    system_of s = {0};
    tc_status status = check_basket(error, basket, task);
    if (status) return status;
    double *share = malloc((task->slices + 1) * sizeof *share);
    if (share && make_room(&s, basket->count)) status = solve(holding, share, error, &s, basket, task);
    else status = tc_fail(error, TC_NO_MEMORY, "", "no memory for %zu securities in %zu slices", basket->count, task->slices);
    free(s.memory);
    free(share);
    return status;
}

/* x'Ay */
static double form(const double *x, const double *a, const double *y, size_t m)
{
    double sum = 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) sum += x[i] * a[i * m + j] * y[j];
    return sum;
}

static void add_trades(tc_schedule_cost *cost, const tc_basket *b, double tau, const double *before, const double *after, double *traded)
{
    size_t m = b->count;
    for (size_t i = 0; i < m; i++) {
        traded[i] = before[i] - after[i];
        cost->spread += b->epsilon[i] * fabs(traded[i]);
    }
    cost->temporary += form(traded, b->eta, traded, m) / tau;
    cost->permanent += form(after, b->gamma, traded, m);
    double square = form(after, b->covariance, after, m);
    cost->variance += tau * square;
    cost->variance_even += tau * (form(before, b->covariance, before, m) + form(before, b->covariance, after, m) + square) / 3;
}

tc_status tc_basket_evaluate(tc_schedule_cost *cost, tc_error *error, const tc_basket *basket, const tc_schedule_task *task,
                             const double *holding)
{
    tc_schedule_cost sum = {0};
    size_t m = basket->count;
    tc_status status = check_basket(error, basket, task);
    if (status) return status;
    double *traded = malloc(m * sizeof *traded);
    if (!traded) return tc_fail(error, TC_NO_MEMORY, "", "no memory for %zu securities", m);
    for (size_t k = 0; k < task->slices; k++) add_trades(&sum, basket, tc_interval(task), holding + k * m, holding + (k + 1) * m, traded);
    free(traded);
    sum.expected = sum.spread + sum.temporary + sum.permanent;
    if (!isfinite(sum.expected) || !isfinite(sum.variance)) return tc_fail(error, TC_OVERFLOW, "", "the cost does not fit into a double");
    *cost = sum;
    return TC_OK;
}
