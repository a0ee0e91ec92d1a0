#include "schedule.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "depth.h"

static bool failed(const scheduling *s, tc_status status, const tc_error *error)
{
    if (status) complain(s->c, exit_status_of(status), "%s: %s", tc_status_code(status), error->message);
    return status != TC_OK;
}

static double step_of(const scheduling *s)
{
    return s->step > 0 ? s->step : s->terms.lot;
}

static void all_at_once(double *quantity, const tc_schedule_task *task)
{
    for (size_t j = 0; j < task->slices; j++) quantity[j] = j ? 0 : task->quantity;
}

/* kappa shows how fast risk aversion would have it, also where charges have their say. */
static void find_kappa(const scheduling *s, worked *w, const tc_schedule_task *task)
{
    double *unused = need_memory(NULL, task->slices, sizeof *unused);
    if (tc_schedule_optimal(unused, &w->kappa, NULL, &s->market, task)) w->kappa = NAN;
    free(unused);
}

static tc_status solve_exact(const scheduling *s, worked *w, tc_error *error, const tc_schedule_task *task)
{
    tc_exact_report report;
    find_kappa(s, w, task);
    return tc_schedule_exact(w->quantity, &report, error, &s->market, task, &s->terms, step_of(s));
}

static tc_status follow(const scheduling *s, worked *w, tc_error *error, strategy by)
{
    static const tc_schedule_follow what[STRATEGY_COUNT] = {
        [STRATEGY_TWAP] = TC_FOLLOW_TIME, [STRATEGY_VWAP] = TC_FOLLOW_VOLUME, [STRATEGY_POV] = TC_FOLLOW_RATE};
    return tc_schedule_by_volume(w->quantity, &w->unfilled, error, what[by], &s->task, &s->volume);
}

static tc_status solve(const scheduling *s, worked *w, tc_error *error)
{
    tc_schedule_task task = s->task;
    if (!strategy_is_best(s->strategy)) return follow(s, w, error, s->strategy);
    task.lambda = w->lambda;
    if (isinf(w->lambda)) {
        all_at_once(w->quantity, &task);
        return TC_OK;
    }
    if (s->strategy == STRATEGY_EXACT) return solve_exact(s, w, error, &task);
    return tc_schedule_optimal(w->quantity, &w->kappa, error, &s->market, &task);
}

static void worked_begin(const scheduling *s, worked *w, const char *name)
{
    size_t n = s->task.slices;
    *w = (worked){.name = name, .lambda = NAN, .kappa = NAN};
    w->quantity = need_memory(NULL, n, sizeof *w->quantity);
    w->slices = need_memory(NULL, n, sizeof *w->slices);
    w->each = need_memory(NULL, n, sizeof *w->each);
    w->orders = need_memory(NULL, n, sizeof *w->orders);
}

void worked_free(worked *w)
{
    free(w->quantity);
    free(w->slices);
    free(w->each);
    free(w->orders);
    *w = (worked){0};
}

static tc_status cost_of(const scheduling *s, worked *w, tc_error *error, bool whole)
{
    tc_status status = tc_schedule_evaluate(&w->cost, w->slices, error, &s->market, &s->task, w->quantity);
    if (status || !s->priced || !whole) return status;
    status = tc_schedule_charge(&w->charges, w->each, w->orders, error, &s->terms, w->slices, s->task.slices);
    w->charged = !status;
    for (size_t j = 0; j < s->task.slices && !status; j++) w->order_count += w->orders[j];
    return status;
}

/* An unfilled rest is in whole lots too. */
static void round_to_lots(const scheduling *s, worked *w)
{
    double done = 0;
    tc_schedule_round(w->quantity, s->task.slices, s->terms.lot);
    for (size_t j = 0; j < s->task.slices; j++) done += w->quantity[j];
    w->unfilled = fmax(s->task.quantity - done, 0);
}

bool work_out(const scheduling *s, worked *w, double lambda, bool whole)
{
    tc_error error = {0};
    worked_begin(s, w, strategy_name(s->strategy));
    if (strategy_is_best(s->strategy)) w->lambda = lambda;
    tc_status status = solve(s, w, &error);
    if (!status && whole) round_to_lots(s, w);
    if (!status) status = cost_of(s, w, &error, whole);
    return !failed(s, status, &error);
}

bool work_evenly(const scheduling *s, worked *w, bool at_once)
{
    tc_error error = {0};
    worked_begin(s, w, at_once ? "at-once" : "even");
    if (at_once) all_at_once(w->quantity, &s->task);
    else tc_schedule_twap(w->quantity, &s->task);
    tc_schedule_round(w->quantity, s->task.slices, s->terms.lot);
    return cost_of(s, w, &error, true) == TC_OK;
}

/* The risk aversion asked for, or that of the least value at risk. */
static bool find_lambda(const scheduling *s, double *lambda)
{
    tc_error error = {0};
    *lambda = s->task.lambda;
    if (!s->least_var || !strategy_is_best(s->strategy)) return true;
    if (s->market.exponent != 1) {
        complain(s->c, EXIT_USAGE, "needs --lambda: the least value at risk is searched for at --exponent 1 only");
        return false;
    }
    return !failed(s, tc_schedule_least_var(lambda, &error, &s->market, &s->task, TC_VAR_95), &error);
}

/* The frontier. */

bool frontier_wanted(cli *c, double *lambda, size_t *count, const char *text)
{
    char number[64];
    double points;
    if (!strchr(text, ',')) {
        if (!real_read(c, "--frontier", text, &points)) return false;
        *count = points >= 1 && points <= LAMBDAS_MAX && points == floor(points) ? (size_t)points : 0;
        if (!*count) complain(c, EXIT_USAGE, "--frontier: \"%s\" is neither a number of points from 1 to %d nor a list of lambdas", text, LAMBDAS_MAX);
        return *count > 0;
    }
    for (*count = 0; *text && *count < LAMBDAS_MAX; ++*count) {
        size_t size = strcspn(text, ",");
        snprintf(number, sizeof number, "%.*s", (int)(size < 63 ? size : 63), text);
        if (!real_read(c, "--frontier", number, &lambda[*count])) return false;
        text += size + (text[size] == ',');
    }
    return true;
}

static bool choose_lambdas(const scheduling *s, double *lambda, size_t *count, const char *wanted)
{
    tc_error error = {0};
    if (!frontier_wanted(s->c, lambda, count, wanted)) return false;
    return strchr(wanted, ',') || !failed(s, tc_schedule_lambdas(lambda, *count, &error, &s->market, &s->task), &error);
}

bool frontier_work(const scheduling *s, frontier *f, const char *wanted)
{
    double *lambda = need_memory(NULL, LAMBDAS_MAX, sizeof *lambda);
    size_t count;
    bool done = choose_lambdas(s, lambda, &count, wanted);
    *f = (frontier){0};
    if (done) f->point = need_memory(NULL, count, sizeof *f->point);
    for (size_t i = 0; done && i < count; i++) {
        done = work_out(s, &f->point[i], lambda[i], s->strategy == STRATEGY_EXACT);
        f->count++;
    }
    free(lambda);
    return done;
}

void frontier_free(frontier *f)
{
    for (size_t i = 0; i < f->count; i++) worked_free(&f->point[i]);
    free(f->point);
}

/* The command. */

static void run_frontier(const scheduling *s)
{
    frontier f;
    if (!strategy_is_best(s->strategy)) complain(s->c, EXIT_USAGE, "--frontier: %s does not weigh risk", strategy_name(s->strategy));
    else if (frontier_work(s, &f, s->c->args.value[OPT_FRONTIER])) show_frontier(s, &f);
    if (strategy_is_best(s->strategy)) frontier_free(&f);
}

/* What the schedule is held against: as it was before it became whole lots (an exact one: the best that
 * knows nothing of charges), even slices, and all at once. */
static size_t work_others(const scheduling *s, worked *others, double lambda)
{
    size_t count = 0;
    bool exact = s->strategy == STRATEGY_EXACT;
    scheduling plain = *s;
    if (exact) plain.strategy = STRATEGY_ALMGREN_CHRISS;
    if (exact && s->market.exponent != 1) count = 0;
    else if (work_out(&plain, &others[count], lambda, exact)) others[count].name = exact ? "almgren-chriss" : "before-rounding", count++;
    for (int at_once = 0; at_once < 2; at_once++)
        if (work_evenly(s, &others[count], at_once)) count++;
        else worked_free(&others[count]);
    return count;
}

static void run_one(const scheduling *s)
{
    enum { OTHERS = 3 };
    worked best = {0}, others[OTHERS] = {{0}};
    frontier f = {0};
    double lambda;
    if (find_lambda(s, &lambda) && work_out(s, &best, lambda, true)) {
        size_t count = work_others(s, others, lambda);
        bool drawn = s->c->format == FORMAT_HTML && strategy_is_best(s->strategy) && s->strategy != STRATEGY_EXACT && s->market.sigma > 0;
        if (drawn && s->task.slices <= 500) frontier_work(s, &f, "41");
        show_schedule(s, &best, others, count, &f);
        for (size_t i = 0; i < count; i++) worked_free(&others[i]);
    }
    frontier_free(&f);
    worked_free(&best);
}

void run_schedule(cli *c)
{
    scheduling s = {0};
    c->pricing.level = TC_EXACT; /* a note's rounding belongs to the whole day */
    if (c->args.value[OPT_BASKET]) {
        run_basket(c);
        return;
    }
    if (scheduling_read(c, &s)) {
        if (c->args.value[OPT_FRONTIER] && c->format != FORMAT_HTML) run_frontier(&s);
        else run_one(&s);
    }
    scheduling_free(&s);
}
