#include <cminpack.h>
#include <stdlib.h>
#include <string.h>

#include "inner.h"

enum { ROUNDS_MAX = 200, CALLS_MAX = 400 };
#define ROUND 1e-10 /* how exact a minimum within the rounds is */

/* One minimisation in the coordinates of the free parameters. */
typedef struct {
    const tc_fit_problem *problem;
    size_t free_count, place[TC_FIT_MAX]; /* of the free ones in the problem */
    double value[TC_FIT_MAX];
    double *factor;   /* of each residual: the root of its weight over its sd */
    double *residual; /* in units of sd, at `value` */
    double *fvec, *fjac, *scratch;
    double scale;
} search;

static void place_at(search *s, const double *u)
{
    for (size_t j = 0; j < s->free_count; j++)
        s->value[s->place[j]] = tc_fit_outward(&s->problem->parameter[s->place[j]], u[j]);
}

static int put_residuals(search *s, double *fvec)
{
    const tc_fit_problem *p = s->problem;
    for (size_t i = 0; i < p->count; i++) {
        double prediction = 0;
        if (s->factor[i] > 0 && (!p->predict(p->context, i, s->value, &prediction, NULL) || !isfinite(prediction))) return -1;
        fvec[i] = s->factor[i] > 0 ? s->factor[i] * (p->observed[i] - prediction) : 0;
    }
    return 0;
}

static int put_jacobian(search *s, const double *u, double *fjac, size_t rows)
{
    const tc_fit_problem *p = s->problem;
    double outward[TC_FIT_MAX];
    for (size_t j = 0; j < s->free_count; j++) outward[j] = tc_fit_outward_slope(&p->parameter[s->place[j]], u[j]);
    for (size_t i = 0; i < p->count; i++) {
        double prediction, slope[TC_FIT_MAX] = {0};
        if (s->factor[i] > 0 && !p->predict(p->context, i, s->value, &prediction, slope)) return -1;
        for (size_t j = 0; j < s->free_count; j++) fjac[i + j * rows] = -s->factor[i] * slope[s->place[j]] * outward[j];
    }
    return 0;
}

static int at_point(void *context, int m, int n, const double *u, double *fvec, double *fjac, int rows, int wanted)
{
    (void)m, (void)n;
    search *s = context;
    place_at(s, u);
    return wanted == 1 ? put_residuals(s, fvec) : put_jacobian(s, u, fjac, (size_t)rows);
}

static const char *first_free(const search *s)
{
    return s->free_count ? s->problem->parameter[s->place[0]].name : "";
}

/* A parameter that has come this near to a bound is put on it and left there: in
 * the coordinate without bounds the rest of the way would be endless. */
static bool settle_on_bounds(search *s)
{
    size_t left = 0;
    for (size_t j = 0; j < s->free_count; j++) {
        const tc_fit_parameter *of = &s->problem->parameter[s->place[j]];
        double bound = tc_fit_near_bound(of, s->value[s->place[j]]);
        if (isfinite(bound)) s->value[s->place[j]] = bound;
        else s->place[left++] = s->place[j];
    }
    bool settled = left < s->free_count;
    s->free_count = left;
    return settled;
}

static tc_status check_runaway(const search *s, tc_error *error)
{
    for (size_t j = 0; j < s->free_count; j++) {
        const tc_fit_parameter *of = &s->problem->parameter[s->place[j]];
        double ratio = of->log ? s->value[s->place[j]] / of->start : 1;
        if (!(ratio > 1e-15 && ratio < 1e15))
            return tc_fail(error, TC_NOT_IDENTIFIED, of->name, "%s runs to %s: no value of it explains the costs", of->name,
                           ratio < 1 ? "0" : "infinity");
    }
    return TC_OK;
}

/* One run of lmder from s->value, which it moves. */
static tc_status descend(search *s, tc_error *error, double tolerance)
{
    const tc_fit_problem *p = s->problem;
    int n = (int)s->free_count, m = (int)p->count, calls, slopes, pivot[TC_FIT_MAX];
    double u[TC_FIT_MAX], diag[TC_FIT_MAX], qtf[TC_FIT_MAX], work[3][TC_FIT_MAX];
    for (size_t j = 0; j < s->free_count; j++) u[j] = tc_fit_inward(&p->parameter[s->place[j]], s->value[s->place[j]]);
    int info = lmder(at_point, s, m, n, u, s->fvec, s->fjac, m, tolerance, tolerance, 0, CALLS_MAX, diag, 1, 100, 0, &calls,
                     &slopes, pivot, qtf, work[0], work[1], work[2], s->scratch);
    place_at(s, u);
    if (info < 0) return tc_fail(error, TC_OUT_OF_DOMAIN, first_free(s), "the model has no value at the parameters tried");
    tc_status status = check_runaway(s, error);
    if (status) return status;
    if (settle_on_bounds(s)) return s->free_count ? descend(s, error, tolerance) : TC_OK;
    if (info == 0 || info == 5) return tc_fail(error, TC_NO_SOLUTION, first_free(s), "no minimum in %d steps", CALLS_MAX);
    return TC_OK;
}

static tc_status find_residuals(search *s, tc_error *error)
{
    const tc_fit_problem *p = s->problem;
    for (size_t i = 0; i < p->count; i++) {
        double prediction = 0;
        bool counts = tc_fit_times(p, i) > 0;
        if (counts && (!p->predict(p->context, i, s->value, &prediction, NULL) || !isfinite(prediction)))
            return tc_fail(error, TC_OUT_OF_DOMAIN, first_free(s), "the model has no value for observation %zu", i + 1);
        s->residual[i] = counts ? (p->observed[i] - prediction) / tc_fit_sd(p, i) : 0;
    }
    return TC_OK;
}

static void weigh(search *s, tc_fit_loss loss)
{
    const tc_fit_problem *p = s->problem;
    for (size_t i = 0; i < p->count; i++) {
        double r = s->scale > 0 ? s->residual[i] / s->scale : 0;
        double robust = fabs(r) > 1e-12 ? tc_loss_at(loss, r).slope / r : 1;
        s->factor[i] = sqrt(tc_fit_times(p, i) * robust) / tc_fit_sd(p, i);
    }
}

static double moved(const search *s, const double *before)
{
    double most = 0;
    for (size_t j = 0; j < s->free_count; j++) {
        double now = s->value[s->place[j]], then = before[s->place[j]];
        most = fmax(most, fabs(now - then) / (fabs(now) + 1e-12));
    }
    return most;
}

/* Iteratively reweighted least squares. A step of a round need be no more exact than the rounds: near the end each is
 * one step, where MINPACK would try many to be sure of the last digit. The scale is found again each round, or kept. */
static tc_status reweigh(search *s, tc_error *error, tc_fit_loss loss, bool keep_scale, unsigned *rounds)
{
    const tc_fit_problem *p = s->problem;
    const double enough = fmax(p->tolerance, ROUND);
    for (*rounds = 1; *rounds <= ROUNDS_MAX; ++*rounds) {
        double before[TC_FIT_MAX];
        memcpy(before, s->value, sizeof before);
        if (!keep_scale) s->scale = tc_fit_spread(s->residual, p->times, p->count, s->scratch);
        weigh(s, loss);
        tc_status status = s->free_count ? descend(s, error, ROUND) : TC_OK;
        if (!status) status = find_residuals(s, error);
        if (status || moved(s, before) < enough) return status;
    }
    return tc_fail(error, TC_NO_SOLUTION, first_free(s), "reweighting did not settle in %d rounds", ROUNDS_MAX);
}

/* Tukey's loss has several minima: it starts where Huber's ends, and keeps its scale. */
static tc_status minimise(search *s, tc_error *error, unsigned *rounds)
{
    tc_fit_loss loss = s->problem->loss;
    const double exact = loss == TC_LOSS_SQUARES && s->problem->tolerance == 0 ? 1e-15 : ROUND;
    *rounds = 1;
    s->scale = 0;
    weigh(s, TC_LOSS_SQUARES);
    bool skip = s->problem->warm && loss != TC_LOSS_SQUARES;
    tc_status status = s->free_count && !skip ? descend(s, error, exact) : TC_OK;
    if (!status && !skip) status = find_residuals(s, error);
    if (status || loss == TC_LOSS_SQUARES || !s->free_count) return status;
    status = reweigh(s, error, TC_LOSS_HUBER, false, rounds);
    return status || loss == TC_LOSS_HUBER ? status : reweigh(s, error, loss, true, rounds);
}

static void add_up(tc_fit *fit, const search *s)
{
    const tc_fit_problem *p = s->problem;
    double total = 0;
    for (size_t i = 0; i < p->count; i++) {
        double times = tc_fit_times(p, i), r = s->residual[i];
        total += times;
        fit->rss += times * r * r;
    }
    fit->freedom = total - (double)s->free_count;
    fit->scale = fit->freedom > 0 ? sqrt(fit->rss / fit->freedom) : 0;
    if (p->loss != TC_LOSS_SQUARES)
        fit->scale = s->scale > 0 ? s->scale : tc_fit_spread(s->residual, p->times, p->count, s->scratch);
    double unit = p->loss != TC_LOSS_SQUARES && fit->scale > 0 ? fit->scale : 1;
    for (size_t i = 0; i < p->count; i++)
        fit->objective += tc_fit_times(p, i) * tc_loss_at(p->loss, s->residual[i] / unit).loss * unit * unit;
}

static tc_status search_open(search *s, tc_error *error, const tc_fit_problem *p)
{
    size_t counted = 0;
    *s = (search){.problem = p};
    if (p->parameter_count > TC_FIT_MAX) return tc_fail(error, TC_LIMIT, "", "a fit of more than %d parameters", TC_FIT_MAX);
    for (size_t j = 0; j < p->parameter_count; j++) {
        s->value[j] = p->parameter[j].start;
        if (!p->parameter[j].fixed) s->place[s->free_count++] = j;
    }
    for (size_t i = 0; i < p->count; i++) counted += tc_fit_times(p, i) > 0;
    if (counted <= s->free_count)
        return tc_fail(error, TC_VALUE_NEEDED, "", "%zu observations cannot tell %zu parameters", counted, s->free_count);
    if (p->count > INT32_MAX / TC_FIT_MAX) return tc_fail(error, TC_LIMIT, "", "%zu observations", p->count);
    double *room = malloc(p->count * (5 + s->free_count) * sizeof *room);
    if (!room) return tc_fail(error, TC_NO_MEMORY, "", "a fit of %zu observations", p->count);
    s->factor = room, s->residual = room + p->count, s->fvec = room + 2 * p->count;
    s->scratch = room + 3 * p->count, s->fjac = room + 5 * p->count;
    return TC_OK;
}

tc_status tc_fit_solve(tc_fit *fit, tc_error *error, const tc_fit_problem *problem, double *influence)
{
    search s;
    tc_fit found = {.alike = 1};
    tc_status status = search_open(&s, error, problem);
    if (!status) status = find_residuals(&s, error);
    if (!status) status = minimise(&s, error, &found.rounds);
    if (!status) {
        memcpy(found.value, s.value, sizeof found.value);
        add_up(&found, &s);
        status = tc_fit_errors(&found, error, problem, s.residual, influence);
    }
    if (!status) *fit = found;
    free(s.factor);
    return status;
}

static bool same_place(const tc_fit *a, const tc_fit *b)
{
    return fabs(a->objective - b->objective) <= 1e-6 * (fabs(b->objective) + 1e-300);
}

tc_status tc_fit_best(tc_fit *fit, tc_error *error, const tc_fit_problem *problem, const double *starts, size_t start_count)
{
    tc_fit best = {.objective = INFINITY};
    tc_status last = tc_fail(error, TC_VALUE_NEEDED, "", "no start was given");
    for (size_t k = 0; k < start_count; k++) {
        tc_fit each;
        tc_fit_problem from = *problem;
        for (size_t j = 0; j < problem->parameter_count; j++)
            if (!from.parameter[j].fixed) from.parameter[j].start = starts[k * problem->parameter_count + j];
        tc_status status = tc_fit_solve(&each, error, &from, NULL);
        if (status == TC_NO_MEMORY) return status;
        if (status) {
            last = status;
            continue;
        }
        if (best.alike && same_place(&each, &best)) best.alike++;
        else if (each.objective < best.objective) best = each;
    }
    if (!best.alike) return last;
    *fit = best;
    return TC_OK;
}

/* The loss of the residuals at one fixed scale, so that profiles compare like with like. */
static double loss_at(const tc_fit_problem *p, const double *value, double scale)
{
    double sum = 0;
    for (size_t i = 0; i < p->count; i++) {
        double prediction;
        if (tc_fit_times(p, i) <= 0) continue;
        if (!p->predict(p->context, i, value, &prediction, NULL)) return NAN;
        sum += tc_fit_times(p, i) * tc_loss_at(p->loss, (p->observed[i] - prediction) / tc_fit_sd(p, i) / scale).loss;
    }
    return sum;
}

tc_status tc_fit_profile(double *rise, tc_error *error, const tc_fit_problem *problem, const tc_fit *fit, size_t which,
                         const double *at, size_t count)
{
    tc_fit_problem held = *problem;
    double best = loss_at(problem, fit->value, fit->scale);
    for (size_t j = 0; j < problem->parameter_count; j++) held.parameter[j].start = fit->value[j];
    held.parameter[which].fixed = true;
    for (size_t k = 0; k < count; k++) {
        tc_fit each;
        held.parameter[which].start = at[k];
        tc_status status = tc_fit_solve(&each, error, &held, NULL);
        if (status == TC_NO_MEMORY) return status;
        rise[k] = status ? NAN : loss_at(problem, each.value, fit->scale) - best;
    }
    return TC_OK;
}
