#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate.h"

/* --- how the fit stands to its own orders --- */

typedef struct {
    double x, observed, predicted, weight;
} point;

static int by_x(const void *a, const void *b)
{
    const point *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

/* The weighted mean of a run of points; its error is from the scatter within. */
static tc_bin bin_of(const point *p, size_t count)
{
    double w = 0, x = 0, y = 0, f = 0, scatter = 0;
    for (size_t i = 0; i < count; i++) {
        w += p[i].weight, y += p[i].weight * p[i].observed, f += p[i].weight * p[i].predicted;
        x += log(p[i].x) / (double)count;
    }
    for (size_t i = 0; i < count; i++) scatter += p[i].weight * p[i].weight * (p[i].observed - y / w) * (p[i].observed - y / w);
    double small = count > 1 ? (double)count / (double)(count - 1) : NAN;
    return (tc_bin){exp(x), y / w, sqrt(scatter * small) / w, f / w, count};
}

/* Equal steps of the logarithm, each grown until it has enough orders. */
static size_t bin_by_log(tc_bin *bin, point *p, size_t count)
{
    size_t made = 0, from = 0;
    qsort(p, count, sizeof *p, by_x);
    double low = log(p[0].x), step = (log(p[count - 1].x) - low) / TC_BINS_MAX;
    for (size_t i = 1; i <= count && made < TC_BINS_MAX; i++) {
        bool crossed = i == count || floor((log(p[i].x) - low) / step) > floor((log(p[i - 1].x) - low) / step);
        bool rest_is_enough = i == count || count - i >= TC_BIN_ORDERS_MIN;
        if (!crossed || !rest_is_enough || (i - from < TC_BIN_ORDERS_MIN && i < count)) continue;
        bin[made++] = bin_of(p + from, i - from);
        from = i;
    }
    return made;
}

static size_t bin_by_count(tc_bin *bin, point *p, size_t count)
{
    size_t bins = count / TC_BIN_ORDERS_MIN;
    if (bins > TC_BINS_MAX - 2) bins = TC_BINS_MAX - 2;
    if (!bins) bins = 1;
    qsort(p, count, sizeof *p, by_x);
    for (size_t k = 0; k < bins; k++) {
        size_t from = count * k / bins, to = count * (k + 1) / bins;
        bin[k] = bin_of(p + from, to - from);
        bin[k].x = bin[k].predicted;
    }
    return bins;
}

static double r2_of(const tc_bin *bin, size_t count)
{
    double mean = 0, total = 0, rest = 0, weight = 0;
    for (size_t i = 0; i < count; i++) mean += (double)bin[i].orders * bin[i].observed, weight += (double)bin[i].orders;
    mean /= weight;
    for (size_t i = 0; i < count; i++) {
        total += (double)bin[i].orders * (bin[i].observed - mean) * (bin[i].observed - mean);
        rest += (double)bin[i].orders * (bin[i].observed - bin[i].predicted) * (bin[i].observed - bin[i].predicted);
    }
    return count > 2 ? 1 - rest / total : NAN;
}

static void measure_z(tc_calibrated *result, const tc_design *d)
{
    const double quantile[] = {-1.6448536269514722, 0, 1.6448536269514722};
    double mean = 0, sum = 0, n = (double)d->count;
    for (size_t i = 0; i < d->count; i++) {
        double z = result->z[i] = (d->cost[i] - tc_design_cost(d, i)) / d->sd[i];
        double away = z - mean;
        mean += away / (double)(i + 1);
        sum += away * (z - mean);
        for (int q = 0; q < 3; q++) result->within[q] += (z <= quantile[q] * result->parameters.scale) / n;
    }
    result->z_mean = mean;
    result->z_sd = d->count > 1 ? sqrt(sum / (n - 1)) : NAN;
}

tc_status tc_measure_fit(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    point *p = malloc(d->count * sizeof *p);
    result->z = malloc(d->count * sizeof *result->z);
    if (!p || !result->z) {
        free(p);
        return tc_fail(error, TC_NO_MEMORY, "", "%zu orders", d->count);
    }
    measure_z(result, d);
    for (size_t i = 0; i < d->count; i++) {
        double unit = d->order[i]->value[TC_X_VOLATILITY] * 1e4, sd = d->sd[i] / unit;
        p[i] = (point){tc_design_driver(d, TC_DRIVE_SIZE, i), d->cost[i] / unit, tc_design_cost(d, i) / unit, 1 / (sd * sd)};
    }
    result->bin_count = bin_by_log(result->bin, p, d->count);
    result->r2_binned = r2_of(result->bin, result->bin_count);
    for (size_t i = 0; i < d->count; i++) {
        double predicted = tc_design_cost(d, i);
        p[i] = (point){fmax(predicted, 1e-12), d->cost[i], predicted, 1 / (d->sd[i] * d->sd[i])};
    }
    result->curve_count = bin_by_count(result->curve, p, d->count);
    free(p);
    return TC_OK;
}

/* --- forecasts of what was not seen --- */

enum { FOLDS = 5, DAYS_MIN = 6 };

typedef struct {
    double absolute[3], square[3]; /* model, constant, spread: sums */
    double gain, day_gain, day_orders, gain2, cross, orders2, orders;
    bool spread_known;
} tally;

/* Days are clusters: the error of a mean over orders from the sums by day (ratio estimate). */
static void end_day(tally *t)
{
    t->gain2 += t->day_gain * t->day_gain;
    t->cross += t->day_gain * t->day_orders;
    t->orders2 += t->day_orders * t->day_orders;
    t->day_gain = t->day_orders = 0;
}

static void judge(tally *t, const tc_design *d, size_t i, const double *value, double constant)
{
    tc_design at = *d;
    memcpy(at.value, value, sizeof at.value);
    double paid = d->cost[i] + d->half_spread[i];
    const double error[3] = {d->cost[i] - tc_design_cost(&at, i), paid - constant, d->cost[i]};
    for (int k = 0; k < 3; k++) t->absolute[k] += fabs(error[k]), t->square[k] += error[k] * error[k];
    double gain = fabs(error[1]) - fabs(error[0]);
    t->gain += gain, t->day_gain += gain;
    t->orders++, t->day_orders++;
}

/* The first order of the day that order `i` belongs to. */
static size_t day_start(const tc_design *d, size_t i)
{
    while (i > 0 && d->order[i - 1]->date.day == d->order[i]->date.day) i--;
    return i;
}

/* Fits on the orders before `from` and judges those up to `to`. */
static tc_status forecast_block(tally *t, tc_error *error, const tc_design *d, size_t from, size_t to, double *times)
{
    tc_fit fit[2];
    double value[TC_INPUTS_MAX], constant = 0;
    memcpy(value, d->value, sizeof value);
    for (size_t i = 0; i < d->count; i++) times[i] = i < from;
    for (size_t i = 0; i < from; i++) constant += (d->cost[i] + d->half_spread[i]) / (double)from;
    tc_status status = tc_refit(fit, value, error, d, times, NULL, 1e-9);
    if (status) return status;
    for (size_t i = from; i < to; i++) {
        judge(t, d, i, value, constant);
        if (i + 1 == to || d->order[i + 1]->date.day != d->order[i]->date.day) end_day(t);
    }
    return TC_OK;
}

static void put_forecast(tc_calibrated *result, const tc_design *d, const tally *t)
{
    tc_forecast *each[] = {&result->model, &result->constant, &result->spread};
    for (int k = 0; k < 3; k++) *each[k] = (tc_forecast){t->absolute[k] / t->orders, sqrt(t->square[k] / t->orders)};
    if (!d->net_of_spread) result->spread = (tc_forecast){NAN, NAN};
    double mean = t->gain / t->orders;
    double variance = t->gain2 - 2 * mean * t->cross + mean * mean * t->orders2;
    result->gain = mean;
    result->gain_se = sqrt(fmax(0, variance)) / t->orders;
    result->forecast_made = true;
    result->forecast_orders = (size_t)t->orders;
}

/* The second half of the orders in five blocks of whole days, each forecast from all days before it. Shapes that were
 * fixed stay so; the rest is fitted anew. */
tc_status tc_forecast_rolling(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    tally t = {0};
    tc_status status = TC_OK;
    result->model = result->constant = result->spread = (tc_forecast){NAN, NAN};
    result->gain = result->gain_se = NAN;
    if (result->days < DAYS_MIN || result->orders < 2 * TC_BIN_ORDERS_MIN) return TC_OK;
    double *times = malloc(d->count * sizeof *times);
    if (!times) return tc_fail(error, TC_NO_MEMORY, "", "forecasts");
    for (size_t k = 0; k < FOLDS && !status; k++) {
        size_t from = day_start(d, d->count * (FOLDS + k) / (2 * FOLDS));
        size_t end = d->count * (FOLDS + k + 1) / (2 * FOLDS), to = k + 1 == FOLDS ? d->count : day_start(d, end);
        tc_error why;
        status = from > TC_FIT_MAX && from < to ? forecast_block(&t, &why, d, from, to, times) : TC_OK;
        if (status && status != TC_NO_MEMORY) {
            tc_calibrated_warn(result, "no forecast for one block of days: %s", why.message);
            status = TC_OK;
        }
    }
    free(times);
    if (t.orders > 0 && !status) put_forecast(result, d, &t);
    return status ? tc_fail(error, status, "", "forecasts") : TC_OK;
}
