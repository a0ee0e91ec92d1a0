#include <stdlib.h>
#include <string.h>

#include "inner.h"
#include "lapack.h"

/* The Jacobian of what is free, by the coordinate that intervals are symmetric in:
 * the logarithm of a coefficient, the value of the rest. J P = Q R; its rows count
 * as often as their observations. */
typedef struct {
    const tc_fit_problem *problem;
    size_t rows, size;
    size_t place[TC_FIT_MAX];  /* in the problem */
    double unit[TC_FIT_MAX];   /* dvalue/dcoordinate */
    double length[TC_FIT_MAX]; /* of the columns, taken out before the QR */
    int pivot[TC_FIT_MAX];
    double *q;                 /* rows x size */
    double inverse[TC_FIT_MAX * TC_FIT_MAX]; /* of R, columns of `size` */
} jacobian;

static tc_status fill(jacobian *j, tc_error *error, const double *value)
{
    const tc_fit_problem *p = j->problem;
    for (size_t i = 0; i < j->rows; i++) {
        double prediction, slope[TC_FIT_MAX] = {0}, times = tc_fit_times(p, i);
        if (times > 0 && !p->predict(p->context, i, value, &prediction, slope))
            return tc_fail(error, TC_OUT_OF_DOMAIN, "", "the model has no slope for observation %zu", i + 1);
        for (size_t k = 0; k < j->size; k++)
            j->q[i + k * j->rows] = times > 0 ? slope[j->place[k]] * j->unit[k] * sqrt(times) / tc_fit_sd(p, i) : 0;
    }
    return TC_OK;
}

static tc_status scale_columns(jacobian *j, tc_error *error)
{
    for (size_t k = 0; k < j->size; k++) {
        double sum = 0, *column = j->q + k * j->rows;
        for (size_t i = 0; i < j->rows; i++) sum += column[i] * column[i];
        j->length[k] = sqrt(sum);
        const char *name = j->problem->parameter[j->place[k]].name;
        if (!(sum > 0) || !isfinite(sum)) return tc_fail(error, TC_NOT_IDENTIFIED, name, "%s changes no prediction", name);
        for (size_t i = 0; i < j->rows; i++) column[i] /= j->length[k];
    }
    return TC_OK;
}

static tc_status decompose(jacobian *j, tc_error *error, double *condition)
{
    int rows = (int)j->rows, size = (int)j->size, info, iwork[TC_FIT_MAX];
    double tau[TC_FIT_MAX], work[(TC_FIT_MAX + 1) * 64], rcond;
    const int work_size = sizeof work / sizeof *work;
    memset(j->pivot, 0, sizeof j->pivot);
    dgeqp3_(&rows, &size, j->q, &rows, j->pivot, tau, work, &work_size, &info);
    for (size_t k = 0; k < j->size; k++)
        for (size_t i = 0; i < j->size; i++) j->inverse[i + k * j->size] = i <= k ? j->q[i + k * j->rows] : 0;
    dtrcon_("1", "U", "N", &size, j->inverse, &size, &rcond, work, iwork, &info, 1, 1, 1);
    *condition = 1 / rcond;
    const char *last = j->problem->parameter[j->place[j->pivot[j->size - 1] - 1]].name;
    if (!(rcond > 1e-10)) return tc_fail(error, TC_NOT_IDENTIFIED, last, "%s cannot be told from the other parameters", last);
    dorgqr_(&rows, &size, &size, j->q, &rows, tau, work, &work_size, &info);
    dtrtri_("U", "N", &size, j->inverse, &size, &info, 1, 1);
    return TC_OK;
}

/* Moments of the loss over the residuals. */
typedef struct {
    double total, slope2, curvature, curvature2;
} moments;

static moments moments_of(const tc_fit *fit, const tc_fit_problem *p, const double *residual)
{
    moments m = {0};
    for (size_t i = 0; i < p->count; i++) {
        double times = tc_fit_times(p, i);
        tc_loss_point at = tc_loss_at(p->loss, fit->scale > 0 ? residual[i] / fit->scale : 0);
        m.total += times;
        m.slope2 += times * at.slope * at.slope;
        m.curvature += times * at.curvature;
        m.curvature2 += times * at.curvature * at.curvature;
    }
    m.curvature /= m.total, m.curvature2 /= m.total;
    return m;
}

/* Row k of P R^-1 times a row of Q: how far that observation pulls parameter k. */
static double pull(const jacobian *j, size_t k, size_t row)
{
    double sum = 0;
    for (size_t l = k; l < j->size; l++) sum += j->inverse[k + l * j->size] * j->q[row + l * j->rows];
    return sum;
}

/* s^2 K^2 (J'J)^-1 as P R^-1 R^-T P', with Huber's corrections (Huber 1981, Robust
 * Statistics, 7.6.12); for squares K^2 mean(psi^2) is 1 and this is the usual one. */
static void put_covariance(tc_fit *fit, const jacobian *j, const moments *m)
{
    double p = (double)j->size, spread = m->curvature2 - m->curvature * m->curvature;
    double k = 1 + p / m->total * spread / (m->curvature * m->curvature);
    double variance = fit->scale * fit->scale * k * k * m->slope2 / (m->total - p) / (m->curvature * m->curvature);
    size_t n = j->problem->parameter_count;
    for (size_t a = 0; a < j->size; a++) {
        for (size_t b = 0; b < j->size; b++) {
            double sum = 0;
            for (size_t l = a > b ? a : b; l < j->size; l++) sum += j->inverse[a + l * j->size] * j->inverse[b + l * j->size];
            size_t ka = (size_t)j->pivot[a] - 1, kb = (size_t)j->pivot[b] - 1;
            double units = j->unit[ka] / j->length[ka] * (j->unit[kb] / j->length[kb]);
            fit->covariance[j->place[ka] * n + j->place[kb]] = variance * sum * units;
        }
    }
}

static void put_sandwich(tc_fit *fit, const jacobian *j, const moments *m, const double *residual, double *influence)
{
    const tc_fit_problem *p = j->problem;
    size_t n = p->parameter_count;
    double small = sqrt(m->total / (m->total - (double)j->size)); /* HC1 */
    for (size_t i = 0; i < j->rows; i++) {
        double moves[TC_FIT_MAX] = {0}, times = tc_fit_times(p, i);
        double slope = fit->scale > 0 ? tc_loss_at(p->loss, residual[i] / fit->scale).slope * fit->scale : 0;
        for (size_t k = 0; k < j->size && times > 0; k++) {
            size_t at = (size_t)j->pivot[k] - 1;
            moves[j->place[at]] = small * slope / m->curvature * pull(j, k, i) * j->unit[at] / j->length[at];
        }
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++) fit->sandwich[a * n + b] += moves[a] * moves[b];
        if (influence) memcpy(influence + i * n, moves, n * sizeof *moves);
    }
}

static void put_intervals(tc_fit *fit, const tc_fit_problem *p)
{
    const double *of = p->loss == TC_LOSS_SQUARES ? fit->covariance : fit->sandwich;
    double t = tc_fit_student(fit->freedom);
    for (size_t k = 0; k < p->parameter_count; k++) {
        const tc_fit_parameter *each = &p->parameter[k];
        double se = sqrt(of[k * p->parameter_count + k]), value = fit->value[k];
        fit->se[k] = each->fixed || fit->at_bound[k] ? NAN : se;
        fit->low[k] = fmax(each->low, each->log ? value * exp(-t * fit->se[k] / value) : value - t * fit->se[k]);
        fit->high[k] = fmin(each->high, each->log ? value * exp(t * fit->se[k] / value) : value + t * fit->se[k]);
        if (!isfinite(fit->se[k])) fit->low[k] = fit->high[k] = NAN;
    }
}

tc_status tc_fit_errors(tc_fit *fit, tc_error *error, const tc_fit_problem *problem, const double *residual, double *influence)
{
    jacobian j = {.problem = problem, .rows = problem->count};
    for (size_t k = 0; k < problem->parameter_count; k++) {
        const tc_fit_parameter *each = &problem->parameter[k];
        if (each->fixed) continue;
        fit->at_bound[k] = isfinite(tc_fit_near_bound(each, fit->value[k]));
        if (fit->at_bound[k]) continue;
        j.unit[j.size] = each->log ? fit->value[k] : 1;
        j.place[j.size++] = k;
    }
    if (influence) memset(influence, 0, problem->count * problem->parameter_count * sizeof *influence);
    put_intervals(fit, problem);
    if (!j.size) return TC_OK;
    j.q = malloc(j.rows * j.size * sizeof *j.q);
    if (!j.q) return tc_fail(error, TC_NO_MEMORY, "", "a fit of %zu observations", problem->count);
    tc_status status = fill(&j, error, fit->value);
    if (!status) status = scale_columns(&j, error);
    if (!status) status = decompose(&j, error, &fit->condition);
    if (!status) {
        moments m = moments_of(fit, problem, residual);
        put_covariance(fit, &j, &m);
        put_sandwich(fit, &j, &m, residual, influence);
        put_intervals(fit, problem);
    }
    free(j.q);
    return status;
}
