#include <stdlib.h>

#include "task.h"

/* Dynamic programming over what is left. State k has holding(k) = min(k step, X)
 * shares left; a move of m goes from k to k - m. Where X is no multiple of the step
 * the topmost state stands a part of a step above the next, so that the first trade
 * takes the odd part along. */

/* Charges of one move from states up to `end` (exclusive): they differ with the
 * price, which permanent impact moves from one tick to the next. */
typedef struct {
    uint32_t end;
    double charge;
} run;

typedef struct {
    const tc_schedule_market *market;
    const tc_schedule_task *task;
    const tc_slice_terms *terms;
    tc_error *error;
    tc_exact_report *report;
    double step, tau, gain, risk; /* risk: lambda sigma^2 tau */
    uint32_t top, regular;        /* states 0..top; those up to `regular` are whole steps */
    double dp;                    /* rupees, for each day that sells; 0: of no matter here */
    run *runs;                    /* move by move */
    size_t run_count, run_room, *first; /* first[m]: where the runs of move m begin */
    double *leap;                 /* charges of a move from a topmost state that is no whole step, by its end */
    double *value[2], *after[2];  /* of each state, by whether its day has sold: what it costs from here; and after a move into it */
    double *best, *move;          /* what the cheapest move of each state costs, and the move: a double, so that one mask serves both */
    double *place;                /* 0, 1, 2... */
    uint32_t *choice;             /* slices x states */
} search;

enum { MOVE_BITS = 30, QUOTES_MAX = 20000000 };
#define MOVE_MASK ((UINT32_C(1) << MOVE_BITS) - 1)
#define TRADES_IF(sold) (UINT32_C(1) << (MOVE_BITS + (sold))) /* of a day that has (not) sold */

static double holding(const search *s, uint32_t state)
{
    return state > s->regular ? s->task->quantity : s->step * state;
}

/* How much worse than the mid at arrival each share of a slice is, drift included. */
static double adverse(const search *s, size_t slice, double quantity, double before)
{
    const tc_schedule_market *m = s->market;
    return m->epsilon + tc_temporary(m, quantity, s->tau) + m->gamma * (s->task->quantity - before) - s->gain * s->tau * (double)slice;
}

/* What the charges of a slice are taken on; 0: there is no such price. */
static double charged_price(const search *s, size_t slice, double quantity, double before)
{
    double price = s->market->price + s->market->side * adverse(s, slice, quantity, before);
    return price > 0 ? tc_slice_price(s->terms, price, s->market->side > 0) : 0;
}

/* A slice that would drive the price to nothing is none: its charges are infinite. */
static tc_status charge_at(double *charge, search *s, double quantity, double price)
{
    tc_cost cost;
    *charge = INFINITY;
    if (price <= 0) return TC_OK;
    if (++s->report->quotes > QUOTES_MAX)
        return tc_fail(s->error, TC_LIMIT, "tick", "more than %d quotes: a larger tick or step has fewer prices", QUOTES_MAX);
    tc_status status = tc_slice_charge(&cost, NULL, s->error, s->terms, quantity, price);
    if (!status) *charge = (double)cost.total.nanos / TC_NANOS_PER_RUPEE;
    return status;
}

static tc_status add_run(search *s, uint32_t end, double charge)
{
    if (s->run_count == s->run_room) {
        size_t room = s->run_room ? 2 * s->run_room : 1024;
        run *grown = realloc(s->runs, room * sizeof *grown);
        if (!grown) return tc_fail(s->error, TC_NO_MEMORY, "", "no memory for the charges of %zu moves", room);
        s->runs = grown;
        s->run_room = room;
    }
    s->runs[s->run_count++] = (run){end, charge};
    return TC_OK;
}

/* One past the last state from `state` on that gets the same price: prices go one way as more is left. */
static uint32_t same_until(const search *s, size_t slice, double quantity, uint32_t state, double price)
{
    uint32_t low = state, high = s->regular + 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (charged_price(s, slice, quantity, holding(s, middle)) == price) low = middle;
        else high = middle;
    }
    return high;
}

static tc_status charge_moves(search *s, size_t slice)
{
    tc_status status = TC_OK;
    s->run_count = 0;
    for (uint32_t move = 1; move <= s->regular; move++) {
        double quantity = s->step * move, charge;
        s->first[move] = s->run_count;
        for (uint32_t state = move; state <= s->regular && !status;) {
            double price = charged_price(s, slice, quantity, holding(s, state));
            uint32_t end = same_until(s, slice, quantity, state, price);
            status = charge_at(&charge, s, quantity, price);
            if (!status) status = add_run(s, end, charge);
            state = end;
        }
        if (status) return status;
    }
    s->first[s->regular + 1] = s->run_count;
    for (uint32_t to = 0; s->top > s->regular && to < s->top && !status; to++) {
        double quantity = s->task->quantity - holding(s, to);
        status = charge_at(&s->leap[to], s, quantity, charged_price(s, slice, quantity, s->task->quantity));
    }
    return status;
}

/* The hot loop: every state that can make this move. Auto-vectorized. */
static void try_run(double *restrict best, double *restrict move_of, const double *restrict after, const double *restrict place,
                    size_t count, double fixed, double rise, double move)
{
    for (size_t i = 0; i < count; i++) {
        double cost = fixed - rise * place[i] + after[i];
        bool better = cost < best[i];
        best[i] = better ? cost : best[i];
        move_of[i] = better ? move : move_of[i];
    }
}

/* Large moves first, so that of equal ones the earlier trade is kept. */
static void try_moves(search *s, size_t slice)
{
    double whole = s->task->quantity;
    for (uint32_t move = s->regular; move >= 1; move--) {
        double quantity = s->step * move, rise = quantity * s->market->gamma * s->step;
        double fixed = quantity * adverse(s, slice, quantity, 0); /* at a holding of 0; each step more is `rise` less */
        uint32_t from = move;
        for (size_t r = s->first[move]; r < s->first[move + 1]; r++) {
            uint32_t end = s->runs[r].end;
            try_run(s->best + from, s->move + from, s->after[1] + from - move, s->place + from, end - from, fixed + s->runs[r].charge, rise, move);
            from = end;
        }
        s->report->tried += s->regular - move + 1;
    }
    for (uint32_t to = 0; s->top > s->regular && to < s->top; to++) {
        double quantity = whole - holding(s, to);
        double cost = quantity * adverse(s, slice, quantity, whole) + s->leap[to] + s->after[1][to];
        if (cost < s->best[s->top]) s->best[s->top] = cost, s->move[s->top] = s->top - to;
        s->report->tried++;
    }
}

/* What every state costs once a slice has led there: risk until the next, and all that follows. */
static void look_ahead(search *s, size_t slice)
{
    bool last = slice + 1 == s->task->slices;
    double start = s->tau * (double)slice;
    bool new_day = !last && tc_day_of(s->terms, start + s->tau) != tc_day_of(s->terms, start);
    for (uint32_t k = 0; k <= s->top; k++) {
        double held = holding(s, k), risk = s->risk * held * held;
        for (int sold = 0; sold < 2; sold++)
            s->after[sold][k] = last ? (k ? INFINITY : 0) : risk + s->value[new_day ? 0 : sold][k];
        s->best[k] = INFINITY;
        s->move[k] = 0;
    }
}

static tc_status go_back(search *s, size_t slice)
{
    uint32_t *choice = s->choice + slice * (s->top + (size_t)1);
    tc_status status = s->gain != 0 || slice + 1 == s->task->slices ? charge_moves(s, slice) : TC_OK;
    if (status) return status;
    look_ahead(s, slice);
    try_moves(s, slice);
    for (uint32_t k = 0; k <= s->top; k++) {
        choice[k] = (uint32_t)s->move[k];
        for (int sold = 0; sold < 2; sold++) {
            double traded = s->best[k] + (sold ? 0 : s->dp), kept = s->after[sold][k];
            bool trades = k && traded <= kept && traded < INFINITY;
            s->value[sold][k] = trades ? traded : kept;
            if (trades) choice[k] |= TRADES_IF(sold);
        }
    }
    return TC_OK;
}

static void follow(double *quantity, const search *s)
{
    uint32_t state = s->top;
    int sold = 0;
    for (size_t j = 0; j < s->task->slices; j++) {
        double start = s->tau * (double)j;
        if (j && tc_day_of(s->terms, start) != tc_day_of(s->terms, start - s->tau)) sold = 0;
        uint32_t choice = s->choice[j * (s->top + (size_t)1) + state];
        uint32_t move = choice & TRADES_IF(sold) ? choice & MOVE_MASK : 0;
        quantity[j] = holding(s, state) - holding(s, state - move);
        if (move) sold = 1;
        state -= move;
    }
}

/* A DP charge that is paid on every day that sells matters only where there is a choice of days. */
static tc_status find_dp(search *s)
{
    double last = s->tau * (double)(s->task->slices - 1);
    tc_money least, most;
    uint32_t flags;
    s->dp = 0;
    if (s->terms->without_dp || tc_day_of(s->terms, last) == tc_day_of(s->terms, 0)) return TC_OK;
    tc_status status = tc_day_dp(&least, &flags, s->error, s->terms, s->terms->lot, s->market->price);
    if (!status) status = tc_day_dp(&most, &flags, s->error, s->terms, s->task->quantity, s->market->price);
    if (status) return status;
    if (least.nanos != most.nanos)
        return tc_fail(s->error, TC_NO_SOLUTION, "dp", "the depository charge depends on the day's quantity: one day only, or without it");
    s->dp = (double)most.nanos / TC_NANOS_PER_RUPEE;
    return TC_OK;
}

static bool is_multiple(double value, double of)
{
    double times = tc_settle(value / of);
    return times >= 1 && times == round(times);
}

static tc_status check(tc_error *error, const tc_schedule_market *m, const tc_schedule_task *t, const tc_slice_terms *terms, double step)
{
    const tc_bound bounds[] = {{"lot", terms->lot, 0, INFINITY, true},       {"tick", terms->tick, 0, INFINITY, false},
                               {"freeze", terms->freeze, 0, INFINITY, false}, {"elapsed", terms->elapsed, 0, 1, false},
                               {"step", step, 0, INFINITY, true},             {0}};
    tc_status status = tc_schedule_check_task(error, t);
    if (!status) status = tc_schedule_check_market(error, m, t);
    if (!status) status = tc_bounds_check(error, bounds);
    if (status) return status;
    if ((terms->trade->sel[TC_SEL_SIDE] == TC_BUY) != (m->side > 0))
        return tc_fail(error, TC_OUT_OF_DOMAIN, "side", "the order and the market's impact are of different sides");
    if (m->kernel) return tc_fail(error, TC_OUT_OF_DOMAIN, "kernel", "impact that decays remembers every slice: no exact schedule of it");
    if (!is_multiple(t->quantity, terms->lot))
        return tc_fail(error, TC_OUT_OF_DOMAIN, "quantity", "%.15g is no multiple of the lot %.15g", t->quantity, terms->lot);
    if (!is_multiple(step, terms->lot))
        return tc_fail(error, TC_OUT_OF_DOMAIN, "step", "%.15g is no multiple of the lot %.15g", step, terms->lot);
    double states = ceil(tc_settle(t->quantity / step)), n = (double)t->slices;
    if (n * states * states / 2 <= TC_EXACT_WORK_MAX && n * (states + 1) <= TC_EXACT_STATES_MAX) return TC_OK;
    return tc_fail(error, TC_LIMIT, "step", "%.15g steps in %zu slices are too many to be tried; a step of %.15g would do", states,
                   t->slices, terms->lot * ceil(t->quantity / fmin(sqrt(2 * TC_EXACT_WORK_MAX / n), TC_EXACT_STATES_MAX / n - 2) / terms->lot));
}

static bool make_room(search *s)
{
    size_t states = s->top + (size_t)1;
    double **rows[] = {&s->value[0], &s->value[1], &s->after[0], &s->after[1], &s->best, &s->move, &s->leap, &s->place};
    enum { ROWS = sizeof rows / sizeof *rows };
    double *reals = malloc(ROWS * states * sizeof *reals);
    for (size_t i = 0; i < ROWS; i++) *rows[i] = reals ? reals + i * states : NULL;
    for (size_t k = 0; reals && k < states; k++) s->place[k] = (double)k;
    s->first = malloc((states + 1) * sizeof *s->first);
    s->choice = malloc(s->task->slices * states * sizeof *s->choice);
    return reals && s->first && s->choice;
}

static void free_room(search *s)
{
    free(s->value[0]);
    free(s->first);
    free(s->choice);
    free(s->runs);
}

static tc_status run_back(double *quantity, search *s)
{
    tc_status status = find_dp(s);
    for (size_t j = s->task->slices; j-- > 0 && !status;) status = go_back(s, j);
    if (status) return status;
    if (!isfinite(s->value[0][s->top])) return tc_fail(s->error, TC_NO_SOLUTION, "price", "every schedule drives the price to nothing");
    follow(quantity, s);
    s->report->objective = s->value[0][s->top];
    return TC_OK;
}

tc_status tc_schedule_exact(double *quantity, tc_exact_report *report, tc_error *error, const tc_schedule_market *m,
                            const tc_schedule_task *t, const tc_slice_terms *terms, double step)
{
    tc_status status = check(error, m, t, terms, step);
    if (status) return status;
    tc_exact_report made = {.step = step};
    search s = {.market = m, .task = t, .terms = terms, .error = error, .report = &made, .step = step, .tau = tc_interval(t),
                .gain = tc_gain_of_waiting(m)};
    s.risk = t->lambda * m->sigma * m->sigma * s.tau;
    s.regular = (uint32_t)floor(tc_settle(t->quantity / step));
    s.top = s.regular + (t->quantity - step * s.regular > terms->lot / 2); /* an odd part */
    made.states = t->slices * (s.top + (uint64_t)1);
    status = make_room(&s) ? run_back(quantity, &s) : tc_fail(error, TC_NO_MEMORY, "", "no memory for %u states", s.top + 1);
    free_room(&s);
    if (!status) *report = made;
    return status;
}
