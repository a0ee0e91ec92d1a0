#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate.h"

/* Buckets of liquidity: rupees traded a day, cut so that each has as many orders. In each the coefficients are
 * fitted with the shapes held, then shrunk together (tc_fit_pooled) as logarithms. */

static double liquidity(const tc_design *d, size_t i)
{
    return d->order[i]->value[TC_X_ADV] * d->order[i]->value[TC_X_ARRIVAL_PRICE];
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The lowest liquidity of each bucket; equal ones are one bucket. */
static tc_status cut(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    double *value = malloc(d->count * sizeof *value);
    size_t wanted = result->options.buckets < TC_BUCKETS_MAX ? result->options.buckets : TC_BUCKETS_MAX;
    if (!value) return tc_fail(error, TC_NO_MEMORY, "", "buckets");
    for (size_t i = 0; i < d->count; i++) value[i] = liquidity(d, i);
    qsort(value, d->count, sizeof *value, by_value);
    for (size_t k = 0; k < wanted; k++) {
        double from = k ? value[d->count * k / wanted] : 0;
        if (k && from <= result->bucket[result->bucket_count - 1].from) continue;
        if (k && from <= value[0]) continue;
        result->bucket[result->bucket_count++] = (tc_bucket_report){.from = from, .own = NAN, .own_se = NAN};
    }
    free(value);
    return TC_OK;
}

static size_t bucket_of(const tc_calibrated *result, double value)
{
    size_t k = result->bucket_count - 1;
    while (k && value < result->bucket[k].from) k--;
    return k;
}

/* The stage with everything held but one coefficient, counted over one bucket or (bucket == bucket_count) all. */
static tc_status fit_bucket(double *x, double *se, tc_error *error, const tc_calibrated *result, const tc_design *d,
                            const tc_stage *s, size_t coefficient, size_t bucket, double *times)
{
    tc_fit fit;
    tc_fit_problem p = s->problem;
    for (size_t i = 0; i < d->count; i++)
        times[i] = bucket == result->bucket_count || bucket_of(result, liquidity(d, i)) == bucket;
    for (size_t j = 0; j < s->count; j++) p.parameter[j].start = d->value[s->input[j]], p.parameter[j].fixed |= j != coefficient;
    p.times = times;
    *x = *se = NAN;
    tc_status status = tc_fit_solve(&fit, error, &p, NULL);
    if (status || !(fit.se[coefficient] > 0)) return status == TC_NO_MEMORY ? status : TC_OK;
    *x = log(fit.value[coefficient]), *se = fit.se[coefficient] / fit.value[coefficient];
    return TC_OK;
}

/* A bucket's covariance is the pooled one, with the part of the coefficient's variance that the shapes do not explain
 * replaced by the bucket's own. */
static void put_set(tc_parameter_set *set, const tc_calibrated *result, size_t input, size_t inputs, double x, double se,
                    double held_se)
{
    const tc_parameter_set *pooled = &result->parameters.pooled;
    double before = pooled->value[input], now = exp(x), relative = pooled->covariance[input * inputs + input] / (before * before);
    double variance = fmax(0, relative - held_se * held_se) + se * se;
    for (size_t j = 0; j < inputs; j++) {
        set->covariance[input * inputs + j] *= now / before;
        set->covariance[j * inputs + input] *= now / before;
    }
    set->covariance[input * inputs + input] = variance * now * now;
    set->value[input] = now;
}

static tc_status pool_coefficient(tc_calibrated *result, tc_error *error, const tc_design *d, const tc_stage *s, size_t j,
                                  double *times, bool first)
{
    double x[TC_BUCKETS_MAX], se[TC_BUCKETS_MAX], shrunk[TC_BUCKETS_MAX], shrunk_se[TC_BUCKETS_MAX], all, held_se;
    size_t known = 0;
    tc_fit_pool pool;
    tc_status status = fit_bucket(&all, &held_se, error, result, d, s, j, result->bucket_count, times);
    for (size_t k = 0; k < result->bucket_count && !status; k++) {
        x[k] = se[k] = NAN;
        if (result->bucket[k].orders >= TC_FIT_ORDERS_MIN) status = fit_bucket(&x[k], &se[k], error, result, d, s, j, k, times);
        known += isfinite(x[k]) ? 1 : 0;
    }
    if (status || !known) return status;
    tc_fit_pooled(&pool, shrunk, shrunk_se, x, se, result->bucket_count);
    for (size_t k = 0; k < result->bucket_count; k++) {
        put_set(&result->parameters.bucket[k].set, result, s->input[j], d->model->input_count, shrunk[k], shrunk_se[k], held_se);
        if (!first) continue;
        tc_bucket_report *b = &result->bucket[k];
        b->own = exp(x[k]), b->own_se = se[k] * exp(x[k]);
        b->pooled = exp(shrunk[k]), b->pooled_se = shrunk_se[k] * exp(shrunk[k]);
        result->between = pool.between;
    }
    return TC_OK;
}

static tc_status pool_all(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    bool first = true;
    tc_status status = TC_OK;
    double *times = malloc(d->count * sizeof *times);
    if (!times) return tc_fail(error, TC_NO_MEMORY, "", "buckets");
    for (size_t i = 0; i < d->count; i++) result->bucket[bucket_of(result, liquidity(d, i))].orders++;
    for (size_t k = 0; k < result->bucket_count; k++) {
        result->parameters.bucket[k].from = result->bucket[k].from;
        result->parameters.bucket[k].set = result->parameters.pooled;
    }
    for (size_t k = 0; k < d->stage_count; k++) {
        const tc_stage *s = &d->stage[k];
        for (size_t j = 0; j < s->count && !status; j++) {
            const tc_fit_parameter *p = &s->problem.parameter[j];
            if (s->part[j] != TC_PART_COEFFICIENT || p->fixed || !p->log || !isfinite(result->stage[k].se[j])) continue;
            status = pool_coefficient(result, error, d, s, j, times, first);
            first = false;
        }
    }
    free(times);
    result->parameters.bucket_count = result->bucket_count;
    return status;
}

tc_status tc_pool_buckets(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    if (result->options.buckets < 2) return TC_OK;
    tc_status status = cut(result, error, d);
    if (status) return status;
    if (result->bucket_count > 1) return pool_all(result, error, d);
    result->bucket_count = 0;
    tc_calibrated_warn(result, "all orders are equally liquid: there are no buckets");
    return TC_OK;
}
