#include "kernel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"
#include "models/response.h"
#include "random.h"

#define AS_ROW(name, word, unit, meaning) {word, unit, meaning},
static const struct {
    const char *name, *unit, *meaning;
} parameters[] = {TC_KERNEL_PARAMETERS(AS_ROW)};

const char *tc_kernel_parameter_name(tc_kernel_parameter parameter) { return parameters[parameter].name; }
const char *tc_kernel_parameter_unit(tc_kernel_parameter parameter) { return parameters[parameter].unit; }
const char *tc_kernel_parameter_meaning(tc_kernel_parameter parameter) { return parameters[parameter].meaning; }

/* --- decays, each at lag at + 1 --- */

static bool power_of_lag(const void *context, size_t at, const double *b, double *y, double *slope)
{
    (void)context;
    double l = (double)at + 1, fall = pow(l, -b[1]);
    *y = b[0] * fall;
    if (slope) slope[0] = fall, slope[1] = -*y * log(l);
    return true;
}

static bool rounded_power(const void *context, size_t at, const double *b, double *y, double *slope)
{
    (void)context;
    double l = (double)at + 1, square = b[1] * b[1] + l * l, fall = pow(square, -b[2] / 2);
    *y = b[0] * fall;
    if (slope) slope[0] = fall, slope[1] = -*y * b[2] * b[1] / square, slope[2] = -*y * log(square) / 2;
    return true;
}

/* The kernels of the model `propagator`: G(1), which is there at once, is their time 0. */
static bool shifted_power(const void *context, size_t at, const double *b, double *y, double *slope)
{
    (void)context;
    double k = (double)at, u = 1 + k * b[1], fall = pow(u, -b[2]);
    *y = b[0] * fall;
    if (slope) slope[0] = fall, slope[1] = -*y * b[2] * k / u, slope[2] = -*y * log(u);
    return true;
}

static bool exponential(const void *context, size_t at, const double *b, double *y, double *slope)
{
    (void)context;
    double k = (double)at, fall = exp(-b[1] * k);
    *y = b[0] * fall;
    if (slope) slope[0] = fall, slope[1] = -*y * k;
    return true;
}

enum { EXPONENT_MOST = 3 };
#define POSITIVE(word, least, most, from) {.name = word, .low = least, .high = most, .start = from, .log = true}
#define EXPONENT(word, from) {.name = word, .low = 0, .high = EXPONENT_MOST, .start = from}

static tc_status fit_signs(tc_fit *fit, tc_error *error, const double *covariance, size_t lags, const double *warm)
{
    const tc_fit_problem problem = {.count = lags, .observed = covariance + 1, .predict = power_of_lag, .parameter_count = 2,
                                    .parameter = {POSITIVE("c0", 0, INFINITY, warm ? warm[0] : 0.2), EXPONENT("gamma", warm ? warm[1] : 0.5)}};
    const double starts[] = {fabs(covariance[1]) + 0.01, 0.5, 0.1, 0.2, 0.5, 1.5};
    return warm ? tc_fit_solve(fit, error, &problem, NULL) : tc_fit_best(fit, error, &problem, starts, 3);
}

static tc_status fit_kernel(tc_fit *fit, tc_error *error, const double *kernel, size_t lags, const double *warm)
{
    double scale = fabs(kernel[1]), most = (double)lags;
    const tc_fit_problem problem = {.count = lags, .observed = kernel + 1, .predict = rounded_power, .parameter_count = 3,
                                    .parameter = {POSITIVE("gamma0", 0, INFINITY, warm ? warm[0] : scale),
                                                  POSITIVE("l0", 0.01, most, warm ? warm[1] : 1), EXPONENT("beta", warm ? warm[2] : 0.3)}};
    const double starts[] = {scale, 1, 0.3, scale * sqrt(most), most / 5, 0.5, scale, 0.1, 0.1};
    return warm ? tc_fit_solve(fit, error, &problem, NULL) : tc_fit_best(fit, error, &problem, starts, 3);
}

/* --- moments, a day at a time --- */


/* A system that ends at some lag lays what is behind it on its last lags. Hence it
 * reaches so many times farther than the lags that are asked for. */
enum { REACH = 2 };

/* A sample of days: the days themselves, or a draw of them. */
typedef struct {
    const tc_trade_flow *flow;
    size_t lags;              /* that are asked for */
    size_t rows;              /* lags 0 ... reach */
    double *by_day;           /* 2 x rows a day */
    double *covariance, *differential, *step, *work, *response, *kernel;
    unsigned *times;          /* how often each day counts */
    double *expected;         /* a trade each */
    bool *changes;
} sample;

static void sum_days(sample *s, double *both)
{
    const tc_trade_flow *f = s->flow;
    size_t from = 0, lags = s->rows - 1, span = 2 * s->rows - 1;
    for (size_t d = 0; d < f->days; from = f->day_end[d++]) {
        size_t count = f->day_end[d] - from;
        double *to = s->by_day + d * 2 * s->rows;
        const double *const series[] = {f->sign + from, f->move + from};
        for (size_t k = 0; k < 2; k++) {
            memset(both, 0, span * sizeof *both);
            tc_lag_sums(both, series[k], f->sign + from, count, lags);
            memcpy(to + k * s->rows, both + lags, s->rows * sizeof *both);
        }
    }
}

static size_t trades_of(const tc_trade_flow *flow, size_t day)
{
    return flow->day_end[day] - (day ? flow->day_end[day - 1] : 0);
}

static void pool_days(sample *s)
{
    double trades = 0;
    const unsigned *times = s->times;
    memset(s->covariance, 0, s->rows * sizeof *s->covariance);
    memset(s->differential, 0, s->rows * sizeof *s->differential);
    for (size_t d = 0; d < s->flow->days; d++) {
        const double *of = s->by_day + d * 2 * s->rows;
        trades += times[d] * (double)trades_of(s->flow, d);
        for (size_t l = 0; l < s->rows && times[d]; l++) {
            s->covariance[l] += times[d] * of[l];
            s->differential[l] += times[d] * of[s->rows + l];
        }
    }
    for (size_t l = 0; l < s->rows; l++) s->covariance[l] /= trades, s->differential[l] /= trades;
}

static tc_status solve_sample(sample *s, tc_error *error)
{
    tc_status status = tc_tim1_calibrate(s->step, s->work, error, s->covariance, s->differential, s->rows);
    if (status) return status;
    tc_kernel_integrate(s->kernel, s->step, s->rows);
    tc_kernel_integrate(s->response, s->differential, s->rows);
    return TC_OK;
}

/* --- parameters --- */

static void take_fit(tc_kernel_estimate *to, size_t count, tc_status status, const tc_fit *fit, const tc_error *error)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = (tc_kernel_estimate){.value = NAN, .se = NAN};
        if (status) snprintf(to[i].reason, sizeof to[i].reason, "%s: %.150s", tc_status_code(status), error->message);
        else to[i].value = fit->value[i], to[i].at_bound = fit->at_bound[i];
    }
}

/* `warm`: values to begin from, or NULL. TC_NO_MEMORY; what cannot be fitted is unknown instead. */
static tc_status fit_decays(tc_kernel_estimate *to, const sample *s, const double *warm)
{
    tc_fit fit;
    tc_error error = {0};
    tc_status status = fit_signs(&fit, &error, s->covariance, s->lags, warm);
    if (status == TC_NO_MEMORY) return status;
    take_fit(to + TC_K_C0, 2, status, &fit, &error);
    status = fit_kernel(&fit, &error, s->kernel, s->lags, warm ? warm + TC_K_GAMMA0 : NULL);
    if (status == TC_NO_MEMORY) return status;
    take_fit(to + TC_K_GAMMA0, 3, status, &fit, &error);
    to[TC_K_EXCESS] = (tc_kernel_estimate){.value = to[TC_K_BETA].value - (1 - to[TC_K_GAMMA].value) / 2, .se = NAN};
    to[TC_K_EXCESS].at_bound = to[TC_K_GAMMA].at_bound || to[TC_K_BETA].at_bound || to[TC_K_L0].at_bound;
    if (isnan(to[TC_K_EXCESS].value)) snprintf(to[TC_K_EXCESS].reason, sizeof to->reason, "beta or gamma is not known");
    return TC_OK;
}

/* --- errors: days drawn with replacement --- */

/* Mean and sum of squared deviations, number by number (Welford 1962). */
typedef struct {
    double count, mean, squares;
} spread;

static void spread_add(spread *s, double value)
{
    if (isnan(value)) return;
    double from = value - s->mean;
    s->mean += from / ++s->count;
    s->squares += from * (value - s->mean);
}

static double spread_sd(const spread *s)
{
    return s->count > 1 ? sqrt(s->squares / (s->count - 1)) : NAN;
}

static void draw_days(unsigned *times, size_t days, tc_random *random)
{
    memset(times, 0, days * sizeof *times);
    for (size_t d = 0; d < days; d++) times[tc_random_below(random, days)]++;
}

/* Errors of curves in `of` (three times rows) and of parameters behind them. */
static void put_errors(tc_kernel *k, const spread *of)
{
    size_t rows = k->options.lags + 1;
    const tc_kernel_curve *const curve[] = {&k->covariance, &k->response, &k->kernel};
    for (size_t c = 0; c < 3; c++)
        for (size_t l = 0; l < rows; l++) curve[c]->se[l] = spread_sd(&of[c * rows + l]);
    for (size_t p = 0; p < TC_K_COUNT; p++) {
        const spread *s = &of[3 * rows + p];
        tc_kernel_estimate *to = &k->parameter[p];
        bool enough = s->count >= 0.9 * k->drawn; /* errors of what could be fitted alone would be too small */
        if (isnan(to->value)) continue;
        if (to->at_bound) snprintf(to->reason, sizeof to->reason, "at its bound, or depends on one that is");
        else if (enough) to->se = spread_sd(s);
        else snprintf(to->reason, sizeof to->reason, "se unknown: %.0f of %u replicates could be fitted", s->count, k->drawn);
    }
}

static tc_status bootstrap(tc_kernel *k, sample *s, spread *of)
{
    double warm[TC_K_COUNT];
    size_t rows = s->lags + 1;
    tc_random random = tc_random_stream(k->options.seed, 'k');
    for (size_t p = 0; p < TC_K_COUNT; p++) warm[p] = k->parameter[p].value;
    for (k->drawn = 0; k->drawn < k->options.replicates; k->drawn++) {
        tc_kernel_estimate found[TC_K_COUNT];
        const double *const curve[] = {s->covariance, s->response, s->kernel};
        draw_days(s->times, k->days, &random);
        pool_days(s);
        if (solve_sample(s, NULL)) {
            k->failed++;
            continue;
        }
        for (size_t c = 0; c < 3; c++)
            for (size_t l = 0; l < rows; l++) spread_add(&of[c * rows + l], curve[c][l]);
        tc_status status = fit_decays(found, s, isnan(warm[TC_K_EXCESS]) ? NULL : warm);
        if (status) return status;
        for (size_t p = 0; p < TC_K_COUNT; p++) spread_add(&of[3 * rows + p], found[p].value);
    }
    put_errors(k, of);
    return TC_OK;
}

static tc_status find_errors(tc_kernel *k, sample *s, tc_error *error)
{
    if (!k->options.replicates) snprintf(k->no_errors, sizeof k->no_errors, "no replicates were asked for");
    else if (k->days < TC_KERNEL_DAYS_LEAST)
        snprintf(k->no_errors, sizeof k->no_errors, "%zu days; a bootstrap of days takes %d", k->days, TC_KERNEL_DAYS_LEAST);
    if (*k->no_errors) return TC_OK;
    spread *of = calloc(3 * (s->lags + 1) + TC_K_COUNT, sizeof *of);
    tc_status status = of ? bootstrap(k, s, of) : TC_NO_MEMORY;
    free(of);
    return status ? tc_fail(error, status, "", "errors of %zu lags", s->lags) : TC_OK;
}

/* --- how much of the moves is explained --- */

/* 1 - squares of what is left over squares, from day `from` on; NAN: nothing moves. */
static double explained(const sample *s, size_t from, tc_kernel_pair kernel)
{
    const tc_trade_flow *f = s->flow;
    double left = 0, all = 0;
    for (size_t d = from; d < f->days; d++) {
        size_t start = d ? f->day_end[d - 1] : 0, count = f->day_end[d] - start;
        const double *move = f->move + start;
        for (size_t t = 0; t < count; t++) s->changes[t] = move[t] != 0;
        tc_tim2(s->expected, f->sign + start, s->changes, count, kernel);
        for (size_t t = 0; t < count; t++) {
            left += (move[t] - s->expected[t]) * (move[t] - s->expected[t]);
            all += move[t] * move[t];
        }
    }
    return all > 0 ? 1 - left / all : NAN;
}

static double forecast(sample *s)
{
    size_t half = s->flow->days / 2;
    for (size_t d = 0; d < s->flow->days; d++) s->times[d] = d < half;
    if (!half) return NAN;
    pool_days(s);
    if (solve_sample(s, NULL)) return NAN;
    return explained(s, half, (tc_kernel_pair){s->step, s->step, s->rows});
}

/* --- two kinds of trades --- */

static tc_status calibrate_kinds(tc_kernel *k, const sample *s, tc_error *error)
{
    const tc_trade_flow *f = s->flow;
    enum { STAYS, CHANGES, PARTS };
    size_t lags = REACH * k->options.lags, rows = lags + 1, span = 2 * rows - 1;
    double *memory = calloc(PARTS * f->count + 5 * span + 2 * rows, sizeof *memory);
    if (!memory) return tc_fail(error, TC_NO_MEMORY, "", "%zu trades of two kinds", f->count);
    double *stays = memory, *changes = memory + f->count, *moment = changes + f->count, *kn = moment + 5 * span, *kc = kn + rows;
    for (size_t t = 0; t < f->count; t++) *(f->move[t] != 0 ? &changes[t] : &stays[t]) = f->sign[t];
    const double *const pair[5][2] = {{stays, stays}, {changes, changes}, {changes, stays}, {f->move, stays}, {f->move, changes}};
    for (size_t i = 0; i < 5; i++) tc_lag_moments(moment + i * span, pair[i][0], pair[i][1], f->day_end, f->days, lags);
    const tc_tim2_moments moments = {moment + lags, moment + span + lags, moment + 2 * span, moment + 3 * span + lags,
                                     moment + 4 * span + lags, rows};
    tc_status status = tc_tim2_calibrate(kn, kc, error, &moments);
    if (!status) {
        k->explained_by_kinds = explained(s, 0, (tc_kernel_pair){kn, kc, rows});
        tc_kernel_integrate(k->unchanged, kn, k->options.lags + 1);
        tc_kernel_integrate(k->changed, kc, k->options.lags + 1);
    }
    free(memory);
    return status == TC_NOT_IDENTIFIED ? TC_OK : status;
}

/* --- what a schedule may rest on --- */

static const double decay_least = 0.41503749927884381855; /* 2 - log2(3) */

bool tc_kernel_admissible(char reason[240], double decay, double delta)
{
    enum { SIZE = 240 };
    bool linear = delta == 1;
    *reason = '\0';
    if (isnan(decay)) {
        if (!linear) snprintf(reason, SIZE, "an exponential decay bears linear impact only, and delta is %.4g (Gatheral 2010)", delta);
        return linear;
    }
    if (decay + delta < 1) {
        snprintf(reason, SIZE, "decay %.4g and delta %.4g add up to less than 1: round trips would gain (Gatheral 2010)", decay, delta);
        return false;
    }
    if (decay < decay_least)
        snprintf(reason, SIZE, "decay %.4g is below 2 - log2(3) = %.4g: %s (Gatheral 2010)", decay, decay_least,
                 linear ? "only linear impact can decay so slowly" : "round trips would gain");
    return linear || decay >= decay_least;
}

/* The better of a power law and an exponential, in squares. */
static tc_status fit_schedule(tc_kernel_schedule *to, tc_error *error, const double *kernel, size_t lags)
{
    tc_fit power, fast;
    double scale = fabs(kernel[1]);
    tc_fit_problem problem = {.count = lags, .observed = kernel + 1, .predict = exponential, .parameter_count = 2,
                              .parameter = {POSITIVE("g0", 0, INFINITY, scale), POSITIVE("rate", 1e-6, 100, 0.1), EXPONENT("decay", 0.4)}};
    const double starts_fast[] = {scale, 0.01, scale, 0.3}, starts[] = {scale, 1, 0.3, scale, 0.05, 0.5, scale, 10, 0.2};
    tc_status no_fast = tc_fit_best(&fast, error, &problem, starts_fast, 2);
    problem.predict = shifted_power, problem.parameter_count = 3;
    tc_status no_power = tc_fit_best(&power, error, &problem, starts, 3);
    if (no_fast == TC_NO_MEMORY || no_power == TC_NO_MEMORY) return TC_NO_MEMORY;
    if (no_fast && no_power) return no_power;
    bool is_power = !no_power && (no_fast || power.rss <= fast.rss);
    const tc_fit *best = is_power ? &power : &fast;
    to->g0 = best->value[0], to->rate = best->value[1], to->decay = is_power ? best->value[2] : NAN;
    double first, last;
    (is_power ? shifted_power : exponential)(NULL, 0, best->value, &first, NULL);
    (is_power ? shifted_power : exponential)(NULL, lags - 1, best->value, &last, NULL);
    if (last > 0.9 * first)
        return tc_fail(error, TC_NOT_IDENTIFIED, "decay", "over %zu lags the kernel falls by %.3g %%, which is not told from no decay at all", lags,
                       100 * (1 - last / first));
    if (is_power && power.at_bound[2]) return tc_fail(error, TC_NOT_IDENTIFIED, "decay", "the kernel decays at once");
    return TC_OK;
}

static tc_status find_schedule(tc_kernel *k)
{
    tc_kernel_schedule *to = &k->schedule;
    tc_error error = {0};
    *to = (tc_kernel_schedule){NAN, NAN, NAN, false, ""};
    tc_status status = fit_schedule(to, &error, k->kernel.value, k->options.lags);
    if (status == TC_NO_MEMORY) return status;
    if (status) snprintf(to->reason, sizeof to->reason, "%s: %.180s", tc_status_code(status), error.message);
    else to->usable = tc_kernel_admissible(to->reason, to->decay, k->options.delta);
    return TC_OK;
}

/* --- all of it --- */

static tc_status check(tc_error *error, const tc_kernel_options *o, const tc_trade_flow *f)
{
    double signs = 0;
    if (o->lags < TC_KERNEL_LAGS_LEAST || o->lags > TC_KERNEL_LAGS_MAX)
        return tc_fail(error, TC_OUT_OF_DOMAIN, "lags", "%zu lags; %d to %d are possible", o->lags, TC_KERNEL_LAGS_LEAST, TC_KERNEL_LAGS_MAX);
    if (!(o->delta > 0 && o->delta <= 1)) return tc_fail(error, TC_OUT_OF_DOMAIN, "delta", "delta is %.6g; it is above 0 and at most 1", o->delta);
    for (size_t t = 0; t < f->count; t++) {
        if (fabs(f->sign[t]) != 1 || !isfinite(f->move[t]))
            return tc_fail(error, TC_OUT_OF_DOMAIN, "sign", "trade %zu has sign %g and moves the mid by %g bps", t + 1, f->sign[t], f->move[t]);
        signs += f->sign[t];
    }
    if (f->count < o->lags * TC_KERNEL_TRADES_A_LAG)
        return tc_fail(error, TC_NOT_IDENTIFIED, "lags", "%zu trades are too few for %zu lags: %d a lag are needed", f->count, o->lags, TC_KERNEL_TRADES_A_LAG);
    if (fabs(signs) == (double)f->count) return tc_fail(error, TC_NOT_IDENTIFIED, "sign", "all %zu trades have one sign", f->count);
    return TC_OK;
}

static void measure(tc_kernel *k, sample *s)
{
    sum_days(s, k->before); /* is filled last */
    for (size_t d = 0; d < k->days; d++) s->times[d] = 1;
    pool_days(s);
}

/* R(-l) = -(S(-1) + ... + S(-l)). */
static void look_back(tc_kernel *k, const tc_trade_flow *f)
{
    size_t lags = k->options.lags, rows = lags + 1;
    double *moment = k->before, *bare = k->before + 2 * rows;
    tc_lag_moments(moment, f->move, f->sign, f->day_end, f->days, lags);
    tc_bare_response(bare, moment, lags);
    for (size_t l = 0; l < rows; l++) moment[l] = bare[lags - l];
}

static void describe(tc_kernel *k, const tc_trade_flow *f)
{
    double sum = 0, changing = 0;
    for (size_t t = 0; t < f->count; t++) sum += f->sign[t], changing += f->move[t] != 0;
    k->trades = f->count, k->days = f->days;
    k->mean_sign = sum / (double)f->count, k->changing = changing / (double)f->count;
}

static tc_status calibrate(tc_kernel *k, sample *s, tc_error *error)
{
    measure(k, s);
    tc_status status = solve_sample(s, error);
    if (status) return status;
    for (size_t l = 0; l <= s->lags; l++)
        k->covariance.value[l] = s->covariance[l], k->response.value[l] = s->response[l], k->kernel.value[l] = s->kernel[l];
    k->explained = explained(s, 0, (tc_kernel_pair){s->step, s->step, s->rows});
    /* G(1), G(2)... as the impact at once, one trade later...: positive definite if its own system can be solved. */
    k->positive_definite = !tc_tim1_calibrate(s->step, s->work, NULL, s->kernel + 1, s->kernel + 1, s->lags);
    status = fit_decays(k->parameter, s, NULL);
    if (!status) status = find_schedule(k);
    if (status) return tc_fail(error, status, "", "decays over %zu lags", s->lags);
    k->forecast = forecast(s);
    status = find_errors(k, s, error);
    if (!status) status = calibrate_kinds(k, s, error);
    if (!status) look_back(k, s->flow);
    return status;
}

/* Room for the curves of a result. */
static bool make_room(tc_kernel *k, size_t rows)
{
    enum { CURVES = 8, BACK = 2 + 2 * REACH }; /* `before` is where both sides of the lags are worked on */
    k->memory = malloc((CURVES + BACK) * rows * sizeof *k->memory);
    if (!k->memory) return false;
    double **const part[CURVES] = {&k->covariance.value, &k->covariance.se, &k->response.value, &k->response.se,
                                   &k->kernel.value, &k->kernel.se, &k->unchanged, &k->changed};
    for (size_t i = 0; i < CURVES; i++) *part[i] = k->memory + i * rows;
    for (size_t i = 0; i < CURVES * rows; i++) k->memory[i] = NAN;
    k->before = k->memory + CURVES * rows;
    return true;
}

tc_status tc_kernel_calibrate(tc_kernel *kernel, tc_error *error, const tc_kernel_options *options, const tc_trade_flow *flow)
{
    enum { PARTS = 6 };
    size_t rows = REACH * options->lags + 1;
    tc_kernel k = {.options = *options, .explained_by_kinds = NAN};
    tc_status status = check(error, options, flow);
    if (status) return status;
    describe(&k, flow);
    double *room = malloc((PARTS * rows + 2 * rows * flow->days + flow->count) * sizeof *room);
    unsigned *times = malloc(flow->days * sizeof *times);
    bool *changes = malloc(flow->count * sizeof *changes);
    if (!room || !times || !changes || !make_room(&k, options->lags + 1)) {
        status = tc_fail(error, TC_NO_MEMORY, "", "%zu lags on %zu days", options->lags, flow->days);
    } else {
        sample s = {.flow = flow, .lags = options->lags, .rows = rows, .covariance = room, .differential = room + rows, .step = room + 2 * rows,
                    .work = room + 3 * rows, .response = room + 4 * rows, .kernel = room + 5 * rows, .expected = room + PARTS * rows,
                    .by_day = room + PARTS * rows + flow->count, .times = times, .changes = changes};
        status = calibrate(&k, &s, error);
    }
    free(room);
    free(times);
    free(changes);
    if (status) tc_kernel_free(&k);
    else *kernel = k;
    return status;
}

void tc_kernel_free(tc_kernel *kernel)
{
    free(kernel->memory);
    kernel->memory = NULL;
}
