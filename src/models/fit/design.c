#include "design.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/values.h"

#define BPS 1e4
#define DAYS_A_YEAR 250
#define MINUTE (1.0 / TC_SESSION_MINUTES) /* of a day: no order is done in no time */
#define RELAXATION (30.0 / TC_SESSION_MINUTES) /* from the last fill to post_price, where not told: half an hour */

/* Parameters that are no plain coefficients. Bounds and published values of I-Star: Kissell 2013, table 5.4;
 * where `usual` is NAN the model's own standard serves. What is not listed here is a coefficient if its
 * domain is all above 0, and is sought as it is elsewhere. */
static const struct {
    const char *model, *key;
    tc_fit_part part;
    tc_fit_driver driver;
    double low, high, usual;
} parts[] = {
    {"square-root", "delta", TC_PART_EXPONENT, TC_DRIVE_SIZE, 0.01, 1, NAN},
    {"almgren2005", "alpha", TC_PART_EXPONENT, TC_DRIVE_RATE, 0.01, 2, NAN},
    {"almgren2005", "beta", TC_PART_EXPONENT, TC_DRIVE_RATE, 0.01, 2, NAN},
    {"almgren2005", "delta", TC_PART_EXPONENT, TC_DRIVE_TURNOVER, 0, 2, NAN},
    {"almgren2003", "k", TC_PART_EXPONENT, TC_DRIVE_RATE, 0.01, 2, 1},
    {"istar", "a1", TC_PART_COEFFICIENT, TC_DRIVE_SIZE, 100, 1000, 708},
    {"istar", "a2", TC_PART_EXPONENT, TC_DRIVE_SIZE, 0.1, 1, 0.55},
    {"istar", "a3", TC_PART_EXPONENT, TC_DRIVE_VOLATILITY, 0.1, 1, 0.71},
    {"istar", "a4", TC_PART_EXPONENT, TC_DRIVE_PARTICIPATION, 0.1, 1, 0.5},
    {"istar", "b1", TC_PART_SHARE, TC_DRIVE_PARTICIPATION, 0.7, 1, 0.98},
    {"jpm", "omega", TC_PART_SHARE, TC_DRIVE_PARTICIPATION, 0, 1, NAN},
    {"jpm", "beta", TC_PART_EXPONENT, TC_DRIVE_PARTICIPATION, 0, 2, NAN},
    {"jpm", "gamma", TC_PART_EXPONENT, TC_DRIVE_VOLATILITY, 0, 2, NAN},
};

/* Models of which two parts can be observed apart (Almgren et al. 2005): the move that stays, from arrival to
 * post_price, and what the fills paid beyond half of it. */
static const struct {
    const char *model, *permanent, *temporary; /* steps */
    const char *of_permanent;                  /* its parameters; the rest are of the temporary part */
    double permanent_share, temporary_share;   /* of the steps in the cost */
} in_two_stages[] = {{"almgren2005", "permanent_bps", "temporary_bps", "gamma alpha delta", 0.5, 1}};

#define AS_NAME(id, word, decades) word,
static const char *const driver_names[] = {TC_FIT_DRIVERS(AS_NAME)};
#define AS_DECADES(id, word, decades) decades,
static const double driver_decades[] = {TC_FIT_DRIVERS(AS_DECADES)};

const char *tc_fit_driver_name(tc_fit_driver driver) { return driver_names[driver]; }
double tc_fit_driver_decades(tc_fit_driver driver) { return driver_decades[driver]; }

/* --- what a model may know of an order --- */

/* Participation and duration tell each other at an even pace: T = (Q/V) (1 - POV)/POV (Kissell 2013). */
static double duration_of(const tc_fit_order *o)
{
    const double *v = o->value;
    double pov = v[TC_X_PARTICIPATION];
    if (tc_is_known(v[TC_X_DURATION])) return v[TC_X_DURATION];
    return v[TC_X_QUANTITY] / v[TC_X_ADV] * (1 - pov) / pov;
}

static double participation_of(const tc_fit_order *o)
{
    const double *v = o->value;
    if (tc_is_known(v[TC_X_PARTICIPATION])) return v[TC_X_PARTICIPATION];
    return v[TC_X_QUANTITY] / (v[TC_X_QUANTITY] + v[TC_X_ADV] * v[TC_X_DURATION]);
}

static double of_role(const tc_fit_order *o, tc_model_role role)
{
    const double *v = o->value;
    switch (role) {
    case TC_ROLE_QUANTITY: return v[TC_X_QUANTITY];
    case TC_ROLE_SIDE: return o->side;
    case TC_ROLE_DURATION: return duration_of(o);
    case TC_ROLE_PARTICIPATION: return participation_of(o);
    case TC_ROLE_MARKET_RATE: return participation_of(o) / (1 - participation_of(o));
    case TC_ROLE_PRICE: return v[TC_X_ARRIVAL_PRICE];
    case TC_ROLE_ADV: return v[TC_X_ADV];
    case TC_ROLE_VOLATILITY: return v[TC_X_VOLATILITY];
    case TC_ROLE_ANNUAL_VOLATILITY: return v[TC_X_VOLATILITY] * sqrt(DAYS_A_YEAR);
    case TC_ROLE_RUPEE_VOLATILITY: return v[TC_X_VOLATILITY] * v[TC_X_ARRIVAL_PRICE];
    case TC_ROLE_SPREAD: return v[TC_X_SPREAD];
    case TC_ROLE_SHARES_OUTSTANDING: return v[TC_X_SHARES_OUTSTANDING];
    default: return NAN;
    }
}

static double *row(const tc_design *d, size_t at) { return d->input + at * d->model->input_count; }

static tc_status fill_row(double *input, tc_error *error, const tc_design *d, const tc_fit_order *o)
{
    for (size_t i = 0; i < d->model->input_count; i++) {
        const tc_model_input *of = &d->model->inputs[i];
        input[i] = of->role == TC_ROLE_PARAMETER ? d->value[i] : of_role(o, of->role);
        if (!tc_is_known(input[i])) input[i] = of->standard;
        bool missing = !tc_is_known(input[i]) && !of->optional;
        if (missing)
            return tc_fail(error, TC_MARKET_MISSING, of->key, "%s needs the %s (%s)", d->model->name,
                           tc_model_role_name(of->role), of->key);
    }
    tc_model_result result;
    return tc_model_evaluate(&result, error, d->model, input, NULL, NULL);
}

double tc_design_driver(const tc_design *d, tc_fit_driver driver, size_t at)
{
    const double *v = d->order[at]->value;
    switch (driver) {
    case TC_DRIVE_RATE: return v[TC_X_QUANTITY] / v[TC_X_ADV] / duration_of(d->order[at]);
    case TC_DRIVE_TURNOVER: return v[TC_X_SHARES_OUTSTANDING] / v[TC_X_ADV];
    case TC_DRIVE_VOLATILITY: return v[TC_X_VOLATILITY];
    case TC_DRIVE_PARTICIPATION: return participation_of(d->order[at]);
    default: return v[TC_X_QUANTITY] / v[TC_X_ADV];
    }
}

/* --- predictions --- */

/* Rows are complete and were in the domain, and parameters stay within their bounds: what tc_model_evaluate() would
 * check again, a million times a fit. */
static bool evaluate(tc_model_result *result, const tc_design *d, const double *input)
{
    result->price = result->bps = result->rupees = NAN;
    if (d->model->evaluate && !d->model->evaluate(result, NULL, input, NULL) && tc_is_known(result->bps)) return true;
    return tc_model_evaluate(result, NULL, d->model, input, NULL, NULL) == TC_OK;
}

static double quantity_of(const tc_stage *s, const tc_model_result *result)
{
    return s->step < 0 ? result->bps : result->step[s->step];
}

/* The slope in one input by a central difference, or one that stays in the domain. */
static bool differ(double *slope, const tc_stage *s, double *input, size_t at)
{
    const double kept = input[at], step = cbrt(2.2e-16) * fmax(fabs(kept), 1e-3);
    tc_domain domain = s->design->model->inputs[at].domain;
    double from = kept - step > domain.low ? kept - step : kept, to = kept + step < domain.high ? kept + step : kept;
    tc_model_result below, above;
    input[at] = from;
    bool known = evaluate(&below, s->design, input);
    input[at] = to;
    known = known && evaluate(&above, s->design, input);
    input[at] = kept;
    if (known) *slope = (quantity_of(s, &above) - quantity_of(s, &below)) / (to - from);
    return known;
}

static bool predict(const void *context, size_t at, const double *value, double *prediction, double *slope)
{
    const tc_stage *s = context;
    const tc_design *d = s->design;
    double input[TC_INPUTS_MAX], given[TC_INPUTS_MAX];
    tc_model_result result;
    memcpy(input, row(d, at), d->model->input_count * sizeof *input);
    for (size_t j = 0; j < s->count; j++) input[s->input[j]] = value[j];
    if (!evaluate(&result, d, input)) return false;
    *prediction = quantity_of(s, &result);
    if (!slope) return true;
    for (size_t i = 0; i < d->model->input_count; i++) given[i] = NAN;
    if (d->model->slopes) d->model->slopes(given, input, &result);
    for (size_t j = 0; j < s->count; j++) {
        slope[j] = given[s->input[j]] / s->share;
        bool wanted = !s->problem.parameter[j].fixed && !tc_is_known(slope[j]);
        if (wanted && !differ(&slope[j], s, input, s->input[j])) return false;
    }
    return true;
}

double tc_design_stage_value(const tc_stage *s, size_t at)
{
    double value[TC_FIT_MAX], prediction;
    for (size_t j = 0; j < s->count; j++) value[j] = s->design->value[s->input[j]];
    return predict(s, at, value, &prediction, NULL) ? prediction : NAN;
}

double tc_design_cost(const tc_design *d, size_t at)
{
    double input[TC_INPUTS_MAX];
    tc_model_result result;
    for (size_t i = 0; i < d->model->input_count; i++)
        input[i] = d->model->inputs[i].role == TC_ROLE_PARAMETER ? d->value[i] : row(d, at)[i];
    return evaluate(&result, d, input) ? result.bps : NAN;
}

/* --- stages --- */

static tc_fit_parameter parameter_of(const tc_model *model, size_t input, const double *start, tc_fit_part *part,
                                     tc_fit_driver *driver, double *usual)
{
    const tc_model_input *of = &model->inputs[input];
    tc_domain d = of->domain;
    bool all_above = d.low == 0 && isinf(d.high);
    tc_fit_parameter p = {.name = of->key, .low = d.low, .high = d.high, .log = all_above};
    *part = all_above ? TC_PART_COEFFICIENT : TC_PART_OTHER, *driver = TC_DRIVE_SIZE, *usual = of->standard;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(parts[i].model, model->name) || strcmp(parts[i].key, of->key)) continue;
        *part = parts[i].part, *driver = parts[i].driver;
        p.low = parts[i].low, p.high = parts[i].high, p.log = parts[i].part == TC_PART_COEFFICIENT;
        if (!tc_is_known(*usual)) *usual = parts[i].usual;
    }
    p.start = tc_is_known(start[input]) ? start[input] : tc_is_known(*usual) ? *usual : p.log ? 1 : 0;
    if (p.log && !(p.start > 0)) p.start = 1;
    p.start = fmin(fmax(p.start, p.low), p.high);
    return p;
}

static tc_status add_parameter(tc_stage *s, tc_error *error, const tc_model *model, size_t input, const double *fixed,
                               const double *start)
{
    if (s->count == TC_FIT_MAX) return tc_fail(error, TC_LIMIT, "", "%s has more than %d parameters", model->name, TC_FIT_MAX);
    size_t j = s->count++;
    s->input[j] = input;
    s->problem.parameter[j] = parameter_of(model, input, start, &s->part[j], &s->driver[j], &s->usual[j]);
    s->problem.parameter_count = s->count;
    if (!tc_is_known(fixed[input])) return TC_OK;
    s->problem.parameter[j].fixed = true, s->problem.parameter[j].start = fixed[input];
    snprintf(s->reason[j], sizeof s->reason[j], "fixed by the caller");
    return TC_OK;
}

static bool has_word(const char *words, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = strstr(words, word); at; at = strstr(at + 1, word))
        if ((at == words || at[-1] == ' ') && (!at[size] || at[size] == ' ')) return true;
    return false;
}

static void observe(tc_stage *s, tc_design *d, int step, double share, const double *observed, const double *sd)
{
    s->design = d, s->step = step, s->share = share, s->observed = observed, s->sd = sd;
    s->problem.count = d->count, s->problem.observed = observed, s->problem.sd = sd;
    s->problem.predict = predict, s->problem.context = s;
}

static bool all_have(const tc_fit_orders *list, tc_fit_column column)
{
    for (size_t i = 0; i < list->count; i++)
        if (!tc_is_known(list->order[i].value[column])) return false;
    return list->count > 0;
}

/* The plan of the stages; observations come later, when the orders that serve are known. */
static tc_status plan(tc_design *d, tc_error *error, const tc_fit_orders *list, const double *fixed, const double *start,
                      const char **of_permanent)
{
    *of_permanent = NULL;
    for (size_t i = 0; i < sizeof in_two_stages / sizeof *in_two_stages; i++)
        if (!strcmp(in_two_stages[i].model, d->model->name)) *of_permanent = in_two_stages[i].of_permanent;
    bool apart = *of_permanent && all_have(list, TC_X_POST_PRICE);
    d->stage_count = apart ? 2 : 1;
    for (size_t i = 0; i < d->model->input_count; i++) {
        const tc_model_input *of = &d->model->inputs[i];
        d->value[i] = NAN;
        if (of->role != TC_ROLE_PARAMETER || (of->optional && !tc_is_known(start[i]) && !tc_is_known(fixed[i]))) continue;
        bool permanent = *of_permanent && has_word(*of_permanent, of->key);
        tc_stage *s = &d->stage[apart && !permanent];
        tc_status status = add_parameter(s, error, d->model, i, fixed, start);
        if (status) return status;
        tc_fit_parameter *p = &s->problem.parameter[s->count - 1];
        if (permanent && !apart && !p->fixed) {
            p->fixed = true;
            snprintf(s->reason[s->count - 1], sizeof *s->reason, "without post_price the permanent part cannot be observed");
        }
        d->value[i] = p->start;
    }
    for (size_t k = 0; k < d->stage_count; k++)
        for (size_t j = 0; j < d->stage[k].count; j++)
            if (!d->stage[k].problem.parameter[j].fixed) return TC_OK;
    return tc_fail(error, TC_NOT_IDENTIFIED, "model", "%s has no parameter left to fit", d->model->name);
}

/* --- observations --- */

/* The average of a random walk over its execution has a third of its final variance. The move to T_post has all of
 * it; of J - I/2 the rest is T_post/4 - T/6 (both parts share the walk until T). */
static void observe_order(tc_design *d, size_t i)
{
    const tc_fit_order *o = d->order[i];
    const double *v = o->value;
    double arrival = v[TC_X_ARRIVAL_PRICE], t = fmax(MINUTE, d->timed ? duration_of(o) : 1), noise = v[TC_X_VOLATILITY] * BPS;
    double paid = o->side * (v[TC_X_EXECUTION_PRICE] - arrival) / arrival * BPS;
    d->half_spread[i] = d->net_of_spread ? v[TC_X_SPREAD] / 2 * BPS : 0;
    d->cost[i] = paid - d->half_spread[i];
    d->sd[i] = noise * sqrt(t / 3);
    if (d->stage_count < 2) return;
    double post = fmax(t, tc_is_known(v[TC_X_POST_DURATION]) ? v[TC_X_POST_DURATION] : t + RELAXATION);
    d->permanent[i] = o->side * (v[TC_X_POST_PRICE] - arrival) / arrival * BPS;
    d->permanent_sd[i] = noise * sqrt(post);
    d->temporary[i] = d->cost[i] - d->permanent[i] / 2;
    d->temporary_sd[i] = noise * sqrt(post / 4 - t / 6);
}

static tc_status take_room(tc_design *d, tc_error *error, size_t count)
{
    size_t columns = d->model->input_count + 7;
    double *room = malloc((count + 1) * columns * sizeof *room + (count + 1) * sizeof *d->order);
    if (!room) return tc_fail(error, TC_NO_MEMORY, "", "%zu orders", count);
    d->memory = room;
    d->input = room, room += count * d->model->input_count;
    double **each[] = {&d->cost, &d->half_spread, &d->sd, &d->permanent, &d->permanent_sd, &d->temporary, &d->temporary_sd};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) *each[i] = room, room += count;
    d->order = (const tc_fit_order **)(void *)room;
    return TC_OK;
}

static int by_date(const void *a, const void *b)
{
    const tc_fit_order *x = *(const tc_fit_order *const *)a, *y = *(const tc_fit_order *const *)b;
    if (x->date.day != y->date.day) return x->date.day < y->date.day ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static void take_orders(tc_design *d, const tc_fit_orders *list, tc_refuse_fn *refuse, void *context)
{
    const tc_fit_order **sorted = d->order;
    for (size_t i = 0; i < list->count; i++) sorted[i] = &list->order[i];
    qsort(sorted, list->count, sizeof *sorted, by_date);
    for (size_t i = 0; i < list->count; i++) {
        tc_error why = {0};
        tc_status status = tc_fit_order_check(sorted[i], &why);
        if (!status) status = fill_row(row(d, d->count), &why, d, sorted[i]);
        if (!status) {
            d->order[d->count++] = sorted[i];
            continue;
        }
        why.line = sorted[i]->line;
        d->refused++;
        refuse(context, &why);
    }
}

/* Parts of the model are fitted to bps: a coefficient whose unit is another starts where the costs are. */
static void scale_start(tc_stage *s)
{
    double over = 0, under = 0, value[TC_FIT_MAX];
    size_t which = TC_FIT_MAX;
    for (size_t j = 0; j < s->count; j++) {
        value[j] = s->problem.parameter[j].start;
        if (s->part[j] == TC_PART_COEFFICIENT && !s->problem.parameter[j].fixed && which == TC_FIT_MAX) which = j;
    }
    if (which == TC_FIT_MAX) return;
    for (size_t i = 0; i < s->design->count; i++) {
        double f;
        if (!predict(s, i, value, &f, NULL)) return;
        over += f * s->observed[i] / (s->sd[i] * s->sd[i]), under += f * f / (s->sd[i] * s->sd[i]);
    }
    tc_fit_parameter *p = &s->problem.parameter[which];
    if (over > 0 && under > 0) p->start = fmin(p->high, fmax(p->low, p->start * over / under));
}

tc_status tc_design_open(tc_design *d, tc_error *error, const tc_model *model, const tc_fit_orders *list,
                         const double *fixed, const double *start, tc_refuse_fn *refuse, void *context)
{
    const char *of_permanent;
    *d = (tc_design){.model = model};
    tc_status status = plan(d, error, list, fixed, start, &of_permanent);
    if (!status) status = take_room(d, error, list->count);
    if (status) return status;
    take_orders(d, list, refuse, context);
    d->timed = d->count > 0;
    for (size_t i = 0; i < d->count; i++) {
        d->without_spread += !tc_is_known(d->order[i]->value[TC_X_SPREAD]);
        d->timed = d->timed && tc_is_known(duration_of(d->order[i]));
    }
    d->net_of_spread = d->count && !d->without_spread;
    for (size_t i = 0; i < d->count; i++) observe_order(d, i);
    if (!d->count) status = tc_fail(error, TC_VALUE_NEEDED, "", "no order is left to fit %s to", model->name);
    if (!status && d->stage_count == 1) observe(&d->stage[0], d, -1, 1, d->cost, d->sd);
    if (!status && d->stage_count == 2) {
        observe(&d->stage[0], d, tc_model_step_find(model, tc_text_of(in_two_stages[0].permanent)),
                in_two_stages[0].permanent_share, d->permanent, d->permanent_sd);
        observe(&d->stage[1], d, tc_model_step_find(model, tc_text_of(in_two_stages[0].temporary)),
                in_two_stages[0].temporary_share, d->temporary, d->temporary_sd);
    }
    for (size_t k = 0; k < d->stage_count && !status; k++) scale_start(&d->stage[k]);
    if (status) tc_design_close(d);
    return status;
}

void tc_design_close(tc_design *design)
{
    free(design->memory);
    design->memory = NULL;
}
