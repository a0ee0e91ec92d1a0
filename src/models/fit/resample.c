#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate.h"
#include "lapack.h"
#include "random.h"

enum { FOR_DAYS, FOR_SECURITIES, FOR_BOTH, FOR_SHUFFLES, FOR_BIAS };
enum { BLOCKS_MIN = 10 }; /* fewer tell no variance */
#define NEAR_ENOUGH 1e-5 /* of a replicate: its scatter is percents */

/* --- bootstrap by blocks --- */

/* Blocks of orders that share a day, a security, or both, numbered from 0. */
typedef struct {
    uint32_t *block;
    size_t count;
} blocks;

typedef struct {
    uint64_t key;
    size_t order;
} keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static bool make_blocks(blocks *made, const tc_design *d, int purpose)
{
    keyed *keys = malloc(d->count * sizeof *keys);
    made->block = malloc(d->count * sizeof *made->block);
    made->count = 0;
    if (!keys || !made->block) {
        free(keys);
        return false;
    }
    for (size_t i = 0; i < d->count; i++) {
        uint64_t day = (uint32_t)d->order[i]->date.day, security = d->order[i]->security;
        keys[i] = (keyed){(purpose == FOR_SECURITIES ? 0 : day << 32) | (purpose == FOR_DAYS ? 0 : security), i};
    }
    qsort(keys, d->count, sizeof *keys, by_key);
    for (size_t i = 0; i < d->count; i++) {
        made->count += i == 0 || keys[i].key != keys[i - 1].key;
        made->block[keys[i].order] = (uint32_t)made->count - 1;
    }
    free(keys);
    return true;
}

/* Parameters in the coordinate of their intervals: coefficients as logarithms. */
static double coordinate(const tc_stage *s, size_t j, double value)
{
    return s->problem.parameter[j].log ? log(value) : value;
}

typedef struct {
    size_t size;
    double mean[TC_INPUTS_MAX], sum[TC_INPUTS_MAX * TC_INPUTS_MAX];
    double count;
} scatter;

/* Welford's update, for a matrix. */
static void scatter_add(scatter *s, const double *x)
{
    double away[TC_INPUTS_MAX];
    s->count++;
    for (size_t a = 0; a < s->size; a++) {
        away[a] = x[a] - s->mean[a];
        s->mean[a] += away[a] / s->count;
    }
    for (size_t a = 0; a < s->size; a++) {
        for (size_t b = 0; b <= a; b++) s->sum[a * s->size + b] += away[a] * (x[b] - s->mean[b]);
        for (size_t b = 0; b < a; b++) s->sum[b * s->size + a] = s->sum[a * s->size + b];
    }
}

static void put_coordinates(double *x, const tc_design *d, const double *value)
{
    size_t at = 0;
    for (size_t k = 0; k < d->stage_count; k++)
        for (size_t j = 0; j < d->stage[k].count; j++) x[at++] = coordinate(&d->stage[k], j, value[d->stage[k].input[j]]);
}

/* Draws as many blocks as there are, with replacement; an order counts as often as its block was drawn. */
static void draw(double *times, double *drawn, const blocks *b, size_t orders, tc_random *random)
{
    memset(drawn, 0, b->count * sizeof *drawn);
    for (size_t i = 0; i < b->count; i++) drawn[tc_random_below(random, b->count)]++;
    for (size_t i = 0; i < orders; i++) times[i] = drawn[b->block[i]];
}

static tc_status scatter_of_blocks(scatter *s, tc_calibrated *result, tc_error *error, const tc_design *d, int purpose)
{
    blocks b = {0};
    double *times = malloc(2 * d->count * sizeof *times);
    tc_status status = times && make_blocks(&b, d, purpose) ? TC_OK : tc_fail(error, TC_NO_MEMORY, "", "a bootstrap");
    tc_random random = tc_random_stream(result->options.seed, (uint64_t)purpose);
    for (unsigned r = 0; r < result->options.replicates && !status && b.count > 1; r++) {
        tc_fit fit[2];
        double value[TC_INPUTS_MAX], x[TC_INPUTS_MAX];
        memcpy(value, d->value, sizeof value);
        draw(times, times + d->count, &b, d->count, &random);
        tc_status one = tc_refit(fit, value, NULL, d, times, NULL, NEAR_ENOUGH);
        if (one == TC_NO_MEMORY) status = tc_fail(error, one, "", "a bootstrap");
        if (one) {
            result->bootstrap_failed++;
            continue;
        }
        put_coordinates(x, d, value);
        scatter_add(s, x);
    }
    free(b.block);
    free(times);
    return status;
}

/* What sampling leaves below 0 goes: the nearest matrix that is a covariance. */
static void lift(double *matrix, size_t size)
{
    int n = (int)size, info;
    double vectors[TC_INPUTS_MAX * TC_INPUTS_MAX], value[TC_INPUTS_MAX], work[40 * TC_INPUTS_MAX];
    const int work_size = sizeof work / sizeof *work;
    memcpy(vectors, matrix, size * size * sizeof *vectors);
    dsyev_("V", "U", &n, vectors, &n, value, work, &work_size, &info, 1, 1);
    if (info || value[0] >= 0) return;
    for (size_t a = 0; a < size; a++) {
        for (size_t b = 0; b <= a; b++) {
            double sum = 0;
            for (size_t e = 0; e < size; e++) sum += fmax(0, value[e]) * vectors[e * size + a] * vectors[e * size + b];
            matrix[a * size + b] = matrix[b * size + a] = sum;
        }
    }
}

/* From the coordinates to the values, into the result. */
static void put_bootstrap(tc_calibrated *result, const tc_design *d, const double *matrix)
{
    size_t size = result->parameter_count, inputs = d->model->input_count, at = 0;
    double slope[TC_INPUTS_MAX];
    bool as_log[TC_INPUTS_MAX];
    for (size_t k = 0; k < d->stage_count; k++)
        for (size_t j = 0; j < d->stage[k].count; j++, at++) {
            as_log[at] = d->stage[k].problem.parameter[j].log;
            slope[at] = as_log[at] ? result->parameter[at].value : 1;
        }
    for (size_t a = 0; a < size; a++) {
        tc_calibrated_parameter *p = &result->parameter[a];
        for (size_t b = 0; b < size; b++)
            result->parameters.pooled.covariance[p->input * inputs + result->parameter[b].input] =
                matrix[a * size + b] * (slope[a] * slope[b]);
        if (!isfinite(p->se)) continue;
        double away = 1.959963984540054 * sqrt(matrix[a * size + a]);
        p->se = sqrt(matrix[a * size + a]) * slope[a];
        p->low = fmax(p->bound_low, as_log[a] ? p->value * exp(-away) : p->value - away);
        p->high = fmin(p->bound_high, as_log[a] ? p->value * exp(away) : p->value + away);
    }
}

/* Orders of a day share the market's moves, orders of a security its mistakes: the variance is that by day, plus that
 * by security, less that by both, which the two have in common (Cameron, Gelbach and Miller 2011, J. Bus. Econ. Stat.
 * 29:238). Where one of them is few, by the other alone. */
tc_status tc_bootstrap(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    size_t size = result->parameter_count;
    double matrix[TC_INPUTS_MAX * TC_INPUTS_MAX] = {0};
    bool by_day = result->days >= BLOCKS_MIN, by_security = result->securities >= BLOCKS_MIN;
    if (!result->options.replicates) return TC_OK;
    if (!by_day && !by_security) {
        tc_calibrated_warn(result, "errors are by formula: a bootstrap takes %d days or securities", BLOCKS_MIN);
        return TC_OK;
    }
    const struct {
        bool wanted;
        double sign;
    } part[] = {[FOR_DAYS] = {by_day, 1}, [FOR_SECURITIES] = {by_security, 1}, [FOR_BOTH] = {by_day && by_security, -1}};
    for (int purpose = FOR_DAYS; purpose <= FOR_BOTH; purpose++) {
        scatter s = {.size = size};
        if (!part[purpose].wanted) continue;
        tc_status status = scatter_of_blocks(&s, result, error, d, purpose);
        if (status) return status;
        if (s.count < result->options.replicates / 2.0) {
            tc_calibrated_warn(result, "errors are by formula: fewer than half of the bootstrap's replicates gave a fit");
            return TC_OK;
        }
        for (size_t i = 0; i < size * size; i++) matrix[i] += part[purpose].sign * s.sum[i] / (s.count - 1);
    }
    lift(matrix, size);
    put_bootstrap(result, d, matrix);
    result->errors = by_day && by_security ? "bootstrap by day and security" : by_day ? "bootstrap by day" : "bootstrap by security";
    if (result->bootstrap_failed * 20 > result->options.replicates)
        tc_calibrated_warn(result, "%u replicates of the bootstrap had no fit and do not count", result->bootstrap_failed);
    return TC_OK;
}

/* --- bias of the estimator --- */

/* Costs drawn from the model at the values found, with normal errors of the fitted scale, on the same orders. */
tc_status tc_measure_bias(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    scatter s = {.size = result->parameter_count};
    double *drawn = malloc(2 * d->count * sizeof *drawn);
    const double *observed[2] = {drawn, drawn + d->count};
    if (!drawn) return tc_fail(error, TC_NO_MEMORY, "", "simulated costs");
    tc_random random = tc_random_stream(result->options.seed, FOR_BIAS);
    for (unsigned r = 0; r < result->options.replicates; r++) {
        tc_fit fit[2];
        double value[TC_INPUTS_MAX], x[TC_INPUTS_MAX];
        memcpy(value, d->value, sizeof value);
        for (size_t k = 0; k < d->stage_count; k++)
            for (size_t i = 0; i < d->count; i++)
                drawn[k * d->count + i] = tc_design_stage_value(&d->stage[k], i) +
                                          d->stage[k].sd[i] * result->stage[k].scale * tc_random_normal(&random);
        if (tc_refit(fit, value, NULL, d, NULL, observed, NEAR_ENOUGH)) continue;
        for (size_t a = 0; a < s.size; a++) x[a] = value[result->parameter[a].input];
        scatter_add(&s, x);
    }
    free(drawn);
    for (size_t a = 0; a < s.size && s.count > 1; a++) {
        tc_calibrated_parameter *p = &result->parameter[a];
        if (!isfinite(p->se)) continue;
        p->bias = s.mean[a] - p->value;
        p->bias_se = sqrt(s.sum[a * s.size + a] / (s.count - 1) / s.count);
    }
    return TC_OK;
}

/* --- permutation test --- */

/* The slope of observed on predicted costs, weighted: 1 for a model that fits, 0 where it knows nothing. */
static double slope_of(const double *cost, const double *predicted, const double *sd, size_t count)
{
    double over = 0, under = 0;
    for (size_t i = 0; i < count; i++) {
        over += cost[i] * predicted[i] / (sd[i] * sd[i]);
        under += predicted[i] * predicted[i] / (sd[i] * sd[i]);
    }
    return over / under;
}

/* If sides mean nothing, shuffling them among the orders changes nothing. */
tc_status tc_shuffle_sides(tc_calibrated *result, tc_error *error, const tc_design *d)
{
    unsigned replicates = result->options.replicates, beyond = 0;
    if (!replicates || result->buys == 0 || result->buys == result->orders) return TC_OK;
    double *room = malloc((4 + (size_t)replicates) * d->count * sizeof *room);
    double *predicted = room, *move = room + d->count, *side = move + d->count, *cost = side + d->count;
    if (!room) return tc_fail(error, TC_NO_MEMORY, "", "shuffled sides");
    tc_random random = tc_random_stream(result->options.seed, FOR_SHUFFLES);
    scatter s = {.size = 1};
    for (size_t i = 0; i < d->count; i++) {
        predicted[i] = tc_design_cost(d, i);
        side[i] = d->order[i]->side;
        move[i] = side[i] * d->cost[i];
    }
    double *slope = cost + d->count;
    result->slope = slope_of(d->cost, predicted, d->sd, d->count);
    for (unsigned r = 0; r < replicates; r++) {
        for (size_t i = d->count; i > 1; i--) {
            size_t other = tc_random_below(&random, i);
            double kept = side[i - 1];
            side[i - 1] = side[other], side[other] = kept;
        }
        for (size_t i = 0; i < d->count; i++) cost[i] = side[i] * move[i];
        slope[r] = slope_of(cost, predicted, d->sd, d->count);
        scatter_add(&s, &slope[r]);
    }
    for (unsigned r = 0; r < replicates; r++) beyond += fabs(slope[r] - s.mean[0]) >= fabs(result->slope - s.mean[0]);
    free(room);
    result->shuffled = true;
    result->shuffled_mean = s.mean[0];
    result->shuffled_sd = replicates > 1 ? sqrt(s.sum[0] / (s.count - 1)) : NAN;
    result->shuffled_p = (1.0 + beyond) / (1.0 + replicates);
    return TC_OK;
}
