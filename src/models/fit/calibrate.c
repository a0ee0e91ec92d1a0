#include "calibrate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STARTS_MAX = 1 + 2 * TC_FIT_MAX };
#define WIDEST 0.75 /* interval of an exponent that still tells something: most of the way from no dependence to proportion */

void tc_calibrated_warn(tc_calibrated *result, const char *text, ...)
{
    if (result->warning_count == TC_WARNINGS_MAX) return;
    va_list list;
    va_start(list, text);
    vsnprintf(result->warning[result->warning_count++], sizeof *result->warning, text, list);
    va_end(list);
}

static bool is_shape(const tc_stage *s, size_t j)
{
    return s->part[j] == TC_PART_EXPONENT || s->part[j] == TC_PART_SHARE;
}

/* --- what the data cannot tell is fixed, with the reason --- */

static void fix_shape(tc_stage *s, size_t j, const char *why, ...)
{
    tc_fit_parameter *p = &s->problem.parameter[j];
    va_list list;
    p->fixed = true;
    p->start = s->usual[j];
    va_start(list, why);
    vsnprintf(s->reason[j], sizeof s->reason[j], why, list);
    va_end(list);
}

static double decades_of(const tc_design *d, tc_fit_driver driver)
{
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < d->count; i++) {
        double x = tc_design_driver(d, driver, i);
        low = fmin(low, x), high = fmax(high, x);
    }
    return log10(high / low);
}

static void fix_before(tc_stage *s)
{
    for (size_t j = 0; j < s->count; j++) {
        if (!is_shape(s, j) || s->problem.parameter[j].fixed) continue;
        double decades = decades_of(s->design, s->driver[j]), needed = tc_fit_driver_decades(s->driver[j]);
        if (s->design->count < TC_FIT_ORDERS_MIN)
            fix_shape(s, j, "not identified: %zu orders; it takes %d", s->design->count, TC_FIT_ORDERS_MIN);
        else if (!(decades >= needed * (1 - 1e-9)))
            fix_shape(s, j, "not identified: %s spans %.2f decades; it takes %g", tc_fit_driver_name(s->driver[j]), decades,
                      needed);
    }
}

/* One exponent at a time, for the rest may be told once it is fixed. */
static bool fix_widest(tc_stage *s, const tc_fit *fit)
{
    size_t widest = s->count;
    double most = WIDEST;
    for (size_t j = 0; j < s->count; j++) {
        double width = fit->high[j] - fit->low[j];
        if (is_shape(s, j) && !fit->at_bound[j] && width > most) widest = j, most = width;
    }
    if (widest == s->count) return false;
    fix_shape(s, widest, "not identified: its 95 %% interval is %.2f to %.2f, wider than %g", fit->low[widest],
              fit->high[widest], WIDEST);
    return true;
}

/* A fit that failed on `error->field`: that shape is fixed, or the first one that is free. */
static bool fix_culprit(tc_stage *s, const tc_error *error)
{
    size_t found = s->count;
    for (size_t j = 0; j < s->count; j++) {
        if (!is_shape(s, j) || s->problem.parameter[j].fixed) continue;
        if (found == s->count || !strcmp(s->problem.parameter[j].name, error->field)) found = j;
    }
    if (found == s->count) return false;
    fix_shape(s, found, "not identified: %s", error->message);
    return true;
}

/* --- the fit --- */

/* The start itself, and each free shape moved to the quarters of its range. */
static size_t make_starts(double starts[STARTS_MAX * TC_FIT_MAX], const tc_stage *s)
{
    size_t count = 0;
    for (size_t k = 0; k < 1 + 2 * s->count; k++) {
        size_t moved = (k - 1) / 2;
        const tc_fit_parameter *p = &s->problem.parameter[k ? moved : 0];
        if (k && (p->fixed || !isfinite(p->high - p->low))) continue;
        double *row = starts + count++ * s->count;
        for (size_t j = 0; j < s->count; j++) row[j] = s->problem.parameter[j].start;
        if (k) row[moved] = p->low + (k % 2 ? 0.25 : 0.75) * (p->high - p->low);
    }
    return count;
}

static bool any_free(const tc_stage *s)
{
    for (size_t j = 0; j < s->count; j++)
        if (!s->problem.parameter[j].fixed) return true;
    return false;
}

/* Sought as a logarithm, a coefficient never comes out as 0; one that is not even a standard error away from it is
 * no finding. */
static tc_status check_coefficients(tc_error *error, const tc_stage *s, const tc_fit *fit)
{
    for (size_t j = 0; j < s->count; j++) {
        const char *name = s->problem.parameter[j].name;
        if (s->problem.parameter[j].log && fit->se[j] > fit->value[j])
            return tc_fail(error, TC_NOT_IDENTIFIED, name, "%s cannot be told from 0: %.3g, with standard error %.3g", name,
                           fit->value[j], fit->se[j]);
    }
    return TC_OK;
}

static tc_status fit_stage(tc_fit *fit, tc_error *error, tc_stage *s, tc_fit_loss loss, unsigned *starts_tried)
{
    double starts[STARTS_MAX * TC_FIT_MAX];
    s->problem.loss = loss;
    fix_before(s);
    for (;;) {
        tc_error why = {0};
        size_t count = make_starts(starts, s);
        tc_status status = any_free(s) ? tc_fit_best(fit, &why, &s->problem, starts, count)
                                       : tc_fit_solve(fit, &why, &s->problem, NULL);
        *starts_tried += (unsigned)count;
        if (status == TC_NOT_IDENTIFIED || status == TC_NO_SOLUTION) {
            if (fix_culprit(s, &why)) continue;
        }
        if (status && error) *error = why;
        if (status) return status;
        if (!fix_widest(s, fit)) return check_coefficients(error, s, fit);
    }
}

tc_status tc_refit(tc_fit fit[2], double *value, tc_error *error, const tc_design *design, const double *times,
                   const double *const *observed, double tolerance)
{
    for (size_t k = 0; k < design->stage_count; k++) {
        const tc_stage *s = &design->stage[k];
        tc_fit_problem p = s->problem;
        p.times = times, p.tolerance = tolerance, p.warm = true;
        if (observed) p.observed = observed[k];
        for (size_t j = 0; j < s->count; j++) p.parameter[j].start = design->value[s->input[j]];
        tc_status status = tc_fit_solve(&fit[k], error, &p, NULL);
        if (status) return status;
        for (size_t j = 0; j < s->count; j++) value[s->input[j]] = fit[k].value[j];
    }
    return TC_OK;
}

/* --- the result --- */

static void put_parameter(tc_calibrated *result, const tc_stage *s, const tc_fit *fit, size_t j)
{
    const tc_fit_parameter *p = &s->problem.parameter[j];
    tc_calibrated_parameter *to = &result->parameter[result->parameter_count++];
    *to = (tc_calibrated_parameter){.name = p->name, .unit = s->design->model->inputs[s->input[j]].unit, .input = s->input[j],
                                    .value = fit->value[j], .se = fit->se[j], .formula_se = fit->se[j], .low = fit->low[j],
                                    .high = fit->high[j],
                                    .bound_low = p->low, .bound_high = p->high, .bias = NAN, .bias_se = NAN, .fixed = p->fixed,
                                    .at_bound = fit->at_bound[j]};
    snprintf(to->reason, sizeof to->reason, "%s", s->reason[j]);
    if (to->at_bound) tc_calibrated_warn(result, "%s ended at its bound %g", p->name, fit->value[j]);
}

static void put_stage(tc_calibrated *result, tc_design *d, size_t k)
{
    const tc_stage *s = &d->stage[k];
    const tc_fit *fit = &result->stage[k];
    size_t inputs = d->model->input_count;
    const double *covariance = result->options.loss == TC_LOSS_SQUARES ? fit->covariance : fit->sandwich;
    for (size_t j = 0; j < s->count; j++) {
        put_parameter(result, s, fit, j);
        d->value[s->input[j]] = result->parameters.pooled.value[s->input[j]] = fit->value[j];
        for (size_t l = 0; l < s->count; l++)
            result->parameters.pooled.covariance[s->input[j] * inputs + s->input[l]] = covariance[j * s->count + l];
    }
}

/* Errors of parameters of different stages come from the same orders: their influences tell how they move together. */
static tc_status join_stages(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    double *influence[2] = {NULL, NULL};
    tc_status status = TC_OK;
    for (size_t k = 0; k < 2 && !status; k++) {
        tc_fit again;
        tc_fit_problem p = d->stage[k].problem;
        for (size_t j = 0; j < d->stage[k].count; j++) p.parameter[j].start = result->stage[k].value[j];
        influence[k] = malloc(d->count * d->stage[k].count * sizeof **influence);
        status = influence[k] ? tc_fit_solve(&again, error, &p, influence[k]) : tc_fail(error, TC_NO_MEMORY, "", "influences");
    }
    size_t first = d->stage[0].count, second = d->stage[1].count, inputs = d->model->input_count;
    for (size_t a = 0; a < first && !status; a++) {
        for (size_t b = 0; b < second; b++) {
            double sum = 0;
            for (size_t i = 0; i < d->count; i++) sum += influence[0][i * first + a] * influence[1][i * second + b];
            size_t x = d->stage[0].input[a], y = d->stage[1].input[b];
            double *c = result->parameters.pooled.covariance;
            double most = 0.999 * sqrt(c[x * inputs + x] * c[y * inputs + y]);
            c[x * inputs + y] = c[y * inputs + x] = fmax(-most, fmin(most, sum));
        }
    }
    free(influence[0]);
    free(influence[1]);
    return status;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t count_distinct(uint32_t *number, size_t count)
{
    size_t distinct = count > 0;
    qsort(number, count, sizeof *number, by_number);
    for (size_t i = 1; i < count; i++) distinct += number[i] != number[i - 1];
    return distinct;
}

static tc_status describe_orders(tc_calibrated *result, tc_error *error, const tc_design *d, const tc_fit_orders *list)
{
    uint32_t *number = malloc(d->count * sizeof *number);
    if (!number) return tc_fail(error, TC_NO_MEMORY, "", "%zu orders", d->count);
    for (size_t i = 0; i < d->count; i++) number[i] = d->order[i]->security, result->buys += d->order[i]->side > 0;
    result->securities = count_distinct(number, d->count);
    for (size_t i = 0; i < d->count; i++) number[i] = (uint32_t)d->order[i]->date.day;
    result->days = count_distinct(number, d->count);
    free(number);
    result->orders = d->count;
    result->refused = list->refused + d->refused;
    result->decades = decades_of(d, TC_DRIVE_SIZE);
    tc_parameters *p = &result->parameters;
    p->model = d->model;
    p->orders = d->count, p->first = d->order[0]->date, p->last = d->order[d->count - 1]->date;
    p->net_of_spread = d->net_of_spread;
    memcpy(p->digest, list->digest, sizeof p->digest);
    for (size_t i = 0; i < TC_INPUTS_MAX; i++) p->pooled.value[i] = NAN;
    return TC_OK;
}

static void warn_of_data(tc_calibrated *result, const tc_design *d)
{
    if (!d->timed) tc_calibrated_warn(result, "durations are not known: chance is taken as that of a whole day");
    if (d->without_spread && d->without_spread < d->count)
        tc_calibrated_warn(result, "%zu of %zu orders have no spread: none is taken off, the fit contains it",
                           d->without_spread, d->count);
    else if (d->without_spread)
        tc_calibrated_warn(result, "no spread is known: the fit contains it, do not add it again");
    if (result->days < 10 || result->securities < 2)
        tc_calibrated_warn(result, "%zu days and %zu securities are few for errors by day and security", result->days,
                           result->securities);
    if (result->orders < TC_FIT_ORDERS_MIN) tc_calibrated_warn(result, "%zu orders are few", result->orders);
    if (result->buys == 0 || result->buys == result->orders)
        tc_calibrated_warn(result, "all orders are on one side: a move of the market cannot be told from impact");
}

/* Stages at their fitted scale: the first stage's, of J itself, is what outcomes scatter by; with two, the cost's own. */
static void put_scale(tc_calibrated *result, const tc_design *d)
{
    double sum = 0;
    result->parameters.scale = result->stage[0].scale;
    if (d->stage_count < 2) return;
    for (size_t i = 0; i < d->count; i++) {
        double z = (d->cost[i] - tc_design_cost(d, i)) / d->sd[i];
        sum += z * z;
    }
    result->parameters.scale = sqrt(sum / (double)d->count);
}

static tc_status put_profile(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    size_t stage = 0, which = TC_FIT_MAX;
    for (size_t k = 0; k < d->stage_count; k++)
        for (size_t j = 0; j < d->stage[k].count; j++) {
            bool shape = is_shape(&d->stage[k], j), free = isfinite(result->stage[k].se[j]);
            if (free && (which == TC_FIT_MAX || (shape && !is_shape(&d->stage[stage], which)))) stage = k, which = j;
        }
    if (which == TC_FIT_MAX) return TC_OK;
    const tc_stage *s = &d->stage[stage];
    const tc_fit *fit = &result->stage[stage];
    const tc_fit_parameter *p = &s->problem.parameter[which];
    for (size_t i = 0; i < TC_PROFILE_POINTS; i++) {
        double away = 3 * (2.0 * (double)i / (TC_PROFILE_POINTS - 1) - 1), value = fit->value[which], se = fit->se[which];
        double at = p->log ? value * exp(away * se / value) : value + away * se;
        if (at > p->low && at < p->high) result->profile_at[result->profile_count++] = at;
    }
    while (strcmp(result->parameter[result->profile_of].name, p->name)) result->profile_of++;
    return tc_fit_profile(result->profile_rise, error, &s->problem, fit, which, result->profile_at, result->profile_count);
}

static tc_status fit_stages(tc_calibrated *result, tc_error *error, tc_design *d)
{
    result->stage_count = d->stage_count;
    for (size_t k = 0; k < d->stage_count; k++) {
        tc_status status = fit_stage(&result->stage[k], error, &d->stage[k], result->options.loss, &result->starts);
        if (status) return status;
        put_stage(result, d, k);
    }
    put_scale(result, d);
    return d->stage_count == 2 ? join_stages(result, error, d) : TC_OK;
}

static void warn_of_weak(tc_calibrated *result, const tc_design *d)
{
    size_t at = 0;
    for (size_t k = 0; k < d->stage_count; k++)
        for (size_t j = 0; j < d->stage[k].count; j++, at++)
            if (d->stage[k].problem.parameter[j].log && 2 * result->parameter[at].se > result->parameter[at].value)
                tc_calibrated_warn(result, "%s is less than two standard errors from 0", result->parameter[at].name);
}

tc_status tc_calibrate(tc_calibrated *result, tc_error *error, const tc_calibrate_options *options, const tc_fit_orders *list,
                       tc_refuse_fn *refuse, void *context)
{
    tc_design d;
    *result = (tc_calibrated){.options = *options, .errors = options->loss == TC_LOSS_SQUARES ? "covariance" : "sandwich"};
    tc_status status = tc_design_open(&d, error, options->model, list, options->fixed, options->start, refuse, context);
    if (status) return status;
    if (d.count < TC_FIT_ORDERS_LEAST)
        status = tc_fail(error, TC_NOT_IDENTIFIED, "", "%zu orders tell nothing: a fit takes %d, and an exponent %d", d.count,
                         TC_FIT_ORDERS_LEAST, TC_FIT_ORDERS_MIN);
    if (!status) status = describe_orders(result, error, &d, list);
    if (!status) warn_of_data(result, &d);
    if (!status) status = fit_stages(result, error, &d);
    if (!status) status = put_profile(result, error, &d);
    if (!status) status = tc_measure_fit(result, error, &d);
    if (!status) status = tc_forecast_rolling(result, error, &d);
    if (!status) status = tc_shuffle_sides(result, error, &d);
    if (!status) status = tc_measure_bias(result, error, &d);
    if (!status) status = tc_bootstrap(result, error, &d);
    if (!status) warn_of_weak(result, &d);
    if (!status) status = tc_pool_buckets(result, error, &d);
    tc_design_close(&d);
    if (status) tc_calibrated_free(result);
    return status;
}

void tc_calibrated_free(tc_calibrated *result)
{
    free(result->z);
    result->z = NULL;
}
