#include "tradecost/estimate.h"

#include <math.h>
#include <string.h>

#include "models/registry.h"

#define AS_PART(part, word, kind) word,
static const char *const part_names[] = {TC_PARTS(AS_PART)};
#define AS_KIND(part, word, kind) kind,
static const tc_model_kind part_kinds[] = {TC_PARTS(AS_KIND)};
#define AS_FLAG(name, word, meaning) {word, meaning},
static const struct {
    const char *word, *meaning;
} flags[] = {TC_ESTIMATE_FLAGS(AS_FLAG)};

const char *tc_part_name(tc_part part)
{
    return (unsigned)part < TC_PART_COUNT ? part_names[part] : "";
}

const char *tc_estimate_flag_word(unsigned bit)
{
    return bit < TC_EF_COUNT ? flags[bit].word : "";
}

const char *tc_estimate_flag_meaning(unsigned bit)
{
    return bit < TC_EF_COUNT ? flags[bit].meaning : "";
}

/* An estimate in the making. */
struct work {
    tc_estimated *to;
    tc_error *error;
    const tc_book *book;
    const tc_trade *trade;
    const tc_market *market;
    const tc_execution *how;
    const tc_estimate_options *options;
    double side;                 /* +1 buy, -1 sell */
    double quantity;             /* what is filled, shares */
    double price;                /* what all parts together cost a share */
    double role[TC_ROLE_COUNT];  /* what models are told; NAN: unknown */
};

/* The order and its way of execution. */

static tc_status out_of_domain(struct work *w, const char *field, double value, const char *domain)
{
    return tc_fail(w->error, TC_OUT_OF_DOMAIN, field, "%s is %.15g, not in %s", field, value, domain);
}

static tc_status check_execution(struct work *w)
{
    const tc_execution *how = w->how;
    bool has_duration = tc_is_known(how->duration), has_participation = tc_is_known(how->participation);
    if (has_duration && !(isfinite(how->duration) && how->duration > 0)) return out_of_domain(w, "duration", how->duration, "(0, inf)");
    if (has_participation && !(how->participation > 0 && how->participation < 1))
        return out_of_domain(w, "participation", how->participation, "(0, 1)");
    if (!(isfinite(how->delay) && how->delay >= 0)) return out_of_domain(w, "delay", how->delay, "[0, inf)");
    if (tc_is_known(how->minute) && !(how->minute >= 0 && how->minute < 24 * 60)) return out_of_domain(w, "minute", how->minute, "[0, 1440)");
    return TC_OK;
}

static tc_status check_trade(struct work *w)
{
    const tc_trade *trade = w->trade;
    if (trade->sel[TC_SEL_EVENT] != TC_TRADE) return tc_fail(w->error, TC_IMPOSSIBLE, "event", "only a trade is executed in a market");
    if (trade->price.micros <= 0) return tc_fail(w->error, TC_BAD_VALUE, "price", "must be above 0");
    if (trade->quantity.micros <= 0) return tc_fail(w->error, TC_BAD_VALUE, "quantity", "must be above 0");
    return TC_OK;
}

/* Days of volume from the open of the first day until `minutes` of session later. */
static double volume_until(tc_curve curve, double minutes)
{
    double days = floor(minutes / TC_SESSION_MINUTES);
    return days + tc_curve_at(curve, minutes - days * TC_SESSION_MINUTES);
}

/* Whether time can be told by the volume that is done, and where in the session the order starts. */
static bool has_volume_time(const struct work *w, double *start)
{
    *start = fmin(fmax(w->how->minute - TC_SESSION_OPENS_MINUTE, 0), TC_SESSION_MINUTES);
    return w->market->volume_curve.count && tc_is_known(w->how->minute);
}

static double volume_time(const struct work *w, double duration)
{
    double start;
    if (!has_volume_time(w, &start)) return duration;
    tc_curve curve = w->market->volume_curve;
    return volume_until(curve, start + duration * TC_SESSION_MINUTES) - volume_until(curve, start);
}

/* The clock's time in which so much volume is done, by halving: a day more than the whole days always holds it. */
static double clock_time(const struct work *w, double volume_duration)
{
    enum { HALVINGS = 60 };
    double start, low = 0, high = floor(volume_duration) + 2;
    if (!has_volume_time(w, &start)) return volume_duration;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (volume_time(w, middle) < volume_duration) low = middle;
        else high = middle;
    }
    return high;
}

/* Duration and participation from each other; the volume of the others is ADV. */
static tc_status complete_execution(struct work *w)
{
    double duration = w->how->duration, participation = w->how->participation, adv = w->market->value[TC_M_ADV];
    double volume_duration = volume_time(w, duration);
    if (!tc_is_known(duration) && tc_is_known(participation)) {
        tc_status status = tc_market_need(&adv, w->error, w->market, TC_M_ADV);
        if (status) return status;
        volume_duration = w->quantity / adv * (1 - participation) / participation;
        duration = clock_time(w, volume_duration);
    } else if (tc_is_known(duration) && !tc_is_known(participation)) {
        participation = w->quantity / (w->quantity + adv * volume_duration);
    }
    w->to->duration = duration;
    w->to->volume_duration = w->role[TC_ROLE_DURATION] = volume_duration;
    w->to->participation = w->role[TC_ROLE_PARTICIPATION] = participation;
    w->role[TC_ROLE_MARKET_RATE] = participation / (1 - participation);
    if (!tc_is_known(duration)) w->to->flags |= TC_EF_AT_ONCE;
    return TC_OK;
}

/* Quoted where there are quotes, else what somebody estimated. */
static double relative_spread(const tc_market *market)
{
    double spread = tc_market_spread(market);
    return tc_is_known(spread) ? spread / tc_market_mid(market) : market->value[TC_M_SPREAD];
}

static void tell_roles(struct work *w)
{
    static const struct {
        tc_model_role role;
        tc_market_field field;
    } of_market[] = {
        {TC_ROLE_ADV, TC_M_ADV}, {TC_ROLE_VOLUME, TC_M_VOLUME}, {TC_ROLE_VOLATILITY, TC_M_VOLATILITY},
        {TC_ROLE_BID, TC_M_BID}, {TC_ROLE_ASK, TC_M_ASK}, {TC_ROLE_BID_QUANTITY, TC_M_BID_QUANTITY},
        {TC_ROLE_ASK_QUANTITY, TC_M_ASK_QUANTITY}, {TC_ROLE_SHARES_OUTSTANDING, TC_M_SHARES_OUTSTANDING},
        {TC_ROLE_TICK, TC_M_TICK}, {TC_ROLE_LOT, TC_M_LOT},
    };
    enum { DAYS_A_YEAR = 250 }; /* model.h says so of the role */
    for (int i = 0; i < TC_ROLE_COUNT; i++) w->role[i] = NAN;
    for (size_t i = 0; i < TC_COUNT_OF(of_market); i++) w->role[of_market[i].role] = w->market->value[of_market[i].field];
    w->role[TC_ROLE_QUANTITY] = w->quantity;
    w->role[TC_ROLE_SIDE] = w->side;
    w->role[TC_ROLE_PRICE] = w->to->arrival;
    w->role[TC_ROLE_DELAY] = w->how->delay;
    w->role[TC_ROLE_MINUTE] = w->how->minute;
    w->role[TC_ROLE_ANNUAL_VOLATILITY] = w->market->value[TC_M_VOLATILITY] * sqrt(DAYS_A_YEAR);
    w->role[TC_ROLE_RUPEE_VOLATILITY] = w->market->value[TC_M_VOLATILITY] * w->to->arrival;
    w->role[TC_ROLE_SPREAD] = relative_spread(w->market);
}

/* The market field behind a role, for the message that it is missing; -1: none. */
static int field_of_role(tc_model_role role)
{
    switch (role) {
    case TC_ROLE_ADV: case TC_ROLE_PARTICIPATION: case TC_ROLE_MARKET_RATE: return TC_M_ADV;
    case TC_ROLE_VOLUME: return TC_M_VOLUME;
    case TC_ROLE_VOLATILITY: case TC_ROLE_ANNUAL_VOLATILITY: case TC_ROLE_RUPEE_VOLATILITY: return TC_M_VOLATILITY;
    case TC_ROLE_SPREAD: return TC_M_SPREAD;
    case TC_ROLE_BID: return TC_M_BID;
    case TC_ROLE_ASK: return TC_M_ASK;
    case TC_ROLE_BID_QUANTITY: return TC_M_BID_QUANTITY;
    case TC_ROLE_ASK_QUANTITY: return TC_M_ASK_QUANTITY;
    case TC_ROLE_SHARES_OUTSTANDING: return TC_M_SHARES_OUTSTANDING;
    case TC_ROLE_TICK: return TC_M_TICK;
    case TC_ROLE_LOT: return TC_M_LOT;
    default: return -1;
    }
}

/* One part. */

static const tc_parameters *parameters_of(const struct work *w, const tc_model *model)
{
    for (size_t i = 0; i < w->options->parameter_count; i++)
        if (w->options->parameters[i]->model == model) return w->options->parameters[i];
    return NULL;
}

static const double *chosen_of(const struct work *w, const tc_model *model)
{
    for (size_t i = 0; i < w->options->chosen_count; i++)
        if (w->options->chosen[i].model == model) return w->options->chosen[i].value;
    return NULL;
}

static tc_status missing(struct work *w, const tc_model *model, const tc_model_input *input)
{
    int field = field_of_role(input->role);
    if (input->role == TC_ROLE_DURATION || (field == TC_M_ADV && input->role != TC_ROLE_ADV && !tc_is_known(w->to->duration)))
        return tc_fail(w->error, TC_VALUE_NEEDED, "duration", "%s needs a duration or a participation", model->name);
    if (field >= 0) return tc_fail(w->error, TC_MARKET_MISSING, tc_market_name((tc_market_field)field), "%s", tc_market_name((tc_market_field)field));
    return tc_fail(w->error, TC_VALUE_NEEDED, input->key, "%s needs %s (%s)", model->name, input->key, input->meaning);
}

/* Why a model refused its inputs: one that is missing comes before one that is wrong, and is called by what the market lacks. */
static tc_status refused(struct work *w, const tc_component *part, tc_status status)
{
    for (size_t i = 0; i < part->model->input_count; i++) {
        const tc_model_input *input = &part->model->inputs[i];
        bool given = tc_is_known(part->input[i]) || tc_is_known(input->standard) || input->optional;
        if (!given) return missing(w, part->model, input);
    }
    return status;
}

/* The market's, else that of the exchange's bands. */
static double tick_of(struct work *w)
{
    if (tc_is_known(w->role[TC_ROLE_TICK])) return w->role[TC_ROLE_TICK];
    int64_t micros = tc_book_tick(w->book, w->trade);
    if (micros <= 0) return NAN;
    w->to->flags |= TC_EF_TICK_OF_BANDS;
    return (double)micros / TC_MICROS_PER_RUPEE;
}

/* By hand, else as fitted, else of the order or the market. Returns whether a parameter was chosen by hand, so that no covariance holds. */
static bool fill_inputs(struct work *w, tc_component *part, const tc_parameter_set *fitted)
{
    const tc_model_input *inputs = part->model->inputs;
    size_t count = part->model->input_count;
    const double *chosen = chosen_of(w, part->model);
    bool by_hand = false;
    for (size_t i = 0; i < count; i++) {
        tc_model_role role = inputs[i].role;
        part->input[i] = role == TC_ROLE_TICK ? tick_of(w) : w->role[role];
    }
    for (size_t i = 0; fitted && i < count; i++)
        if (tc_is_known(fitted->value[i])) part->input[i] = fitted->value[i];
    for (size_t i = 0; chosen && i < count; i++) {
        if (!tc_is_known(chosen[i])) continue;
        part->input[i] = chosen[i];
        by_hand |= inputs[i].role == TC_ROLE_PARAMETER;
    }
    return by_hand;
}

/* Rupees as money: rounded half away from zero, so that buying and selling mirror each other. */
static tc_status money_of(tc_money *money, tc_error *error, double rupees)
{
    double nanos = round(rupees * TC_NANOS_PER_RUPEE);
    if (!(fabs(nanos) < 9.2e18)) return tc_fail(error, TC_OVERFLOW, "", "a cost of Rs %g", rupees);
    money->nanos = (int64_t)nanos;
    return TC_OK;
}

static tc_status evaluate(struct work *w, tc_component *part)
{
    double traded = w->market->value[TC_M_ADV] * w->to->arrival;
    const tc_parameter_set *fitted = part->parameters ? tc_parameters_for(part->parameters, traded) : NULL;
    bool by_hand = fill_inputs(w, part, fitted);
    tc_status status = tc_model_evaluate_sound(&part->result, w->error, part->model, part->input,
                                               fitted && !by_hand ? fitted->covariance : NULL, w->market, NULL);
    if (status) return refused(w, part, status);
    part->price = tc_is_known(part->result.price) ? part->result.price : part->result.bps / TC_BPS * w->to->arrival;
    part->bps = part->price / w->to->arrival * TC_BPS;
    part->se = part->result.se;
    part->sd = part->result.sd;
    tc_calibration calibration = part->result.calibration;
    if (calibration == TC_UNCALIBRATED || calibration == TC_PUBLISHED || !tc_is_known(part->se)) w->to->flags |= TC_EF_UNCALIBRATED;
    return money_of(&part->rupees, w->error, part->price * w->quantity);
}

/* Which model, and why. */

typedef struct {
    const tc_model *model;
    const char *why;
} choice;

/* What a part holds already: by its formula, or because the costs it was fitted to had the spread in them. */
static unsigned contained(const tc_component *part)
{
    if (!part->model) return 0;
    bool fitted_with_spread = part->model->kind == TC_IMPACT_MODEL && part->parameters && !part->parameters->net_of_spread;
    return part->result.contains | (fitted_with_spread ? TC_CONTAINS_SPREAD : 0);
}

static choice slippage_by_rule(const struct work *w)
{
    if (tc_is_known(w->how->duration) && tc_is_known(w->how->participation))
        return (choice){&tc_model_participation, "a duration and a participation are given"};
    if (!(w->to->flags & TC_EF_AT_ONCE)) return (choice){NULL, "worked over time: its price is that of impact and timing"};
    if (w->market->bid_levels && w->market->ask_levels) return (choice){&tc_model_book_walk, "sent at once into a known book"};
    return (choice){NULL, "no depth is known"};
}

static choice spread_by_rule(const struct work *w)
{
    bool quoted = tc_is_known(w->market->value[TC_M_BID]) && tc_is_known(w->market->value[TC_M_ASK]);
    bool estimated = !quoted && tc_is_known(w->market->value[TC_M_SPREAD]);
    if (estimated) return (choice){&tc_model_estimated_spread, "no quotes; a relative spread is known"};
    return (choice){&tc_model_quoted_half_spread, "bid and ask are quoted"};
}

static bool knows_delay(const tc_model *model)
{
    for (size_t i = 0; model && i < model->input_count; i++)
        if (model->inputs[i].role == TC_ROLE_DELAY) return true;
    return false;
}

static choice by_rule(const struct work *w, tc_part part)
{
    const tc_component *parts = w->to->part;
    switch (part) {
    case TC_PART_SLIPPAGE:
        return slippage_by_rule(w);
    case TC_PART_SPREAD:
        return spread_by_rule(w);
    case TC_PART_IMPACT:
        if (contained(&parts[TC_PART_SLIPPAGE]) & TC_CONTAINS_IMPACT) return (choice){NULL, "inside slippage"};
        return (choice){&tc_model_square_root, "the rule without parameters of another model"};
    case TC_PART_DELAY:
        if (knows_delay(parts[TC_PART_SLIPPAGE].model)) return (choice){NULL, "inside slippage"};
        return w->how->delay > 0 ? (choice){&tc_model_delay, "a delay is given"} : (choice){NULL, "no delay"};
    default:
        return w->to->flags & TC_EF_AT_ONCE ? (choice){NULL, "sent at once"} : (choice){&tc_model_timing_risk, "worked over a duration"};
    }
}

/* Delay has a part of its own, which a delay decides. */
static bool was_fitted_for(const tc_parameters *parameters, tc_part part)
{
    if (part == TC_PART_DELAY || parameters->model == &tc_model_delay) return false;
    return parameters->model->kind == part_kinds[part];
}

static choice choose(const struct work *w, tc_part part)
{
    if (w->options->without >> part & 1) return (choice){NULL, "left out, as asked"};
    if (w->options->model[part]) return (choice){w->options->model[part], "as asked"};
    for (size_t i = 0; i < w->options->parameter_count; i++)
        if (was_fitted_for(w->options->parameters[i], part)) return (choice){w->options->parameters[i]->model, "its parameters were fitted"};
    return by_rule(w, part);
}

/* Whether the half-spread is counted in another part, whoever chose that. */
static bool spread_is_inside(const struct work *w)
{
    const tc_component *parts = w->to->part;
    return (contained(&parts[TC_PART_SLIPPAGE]) | contained(&parts[TC_PART_IMPACT])) & TC_CONTAINS_SPREAD;
}

static tc_status estimate_part(struct work *w, tc_part part)
{
    tc_component *to = &w->to->part[part];
    choice chosen = choose(w, part);
    if (part == TC_PART_SPREAD && spread_is_inside(w)) {
        chosen = (choice){NULL, "inside another part"};
        w->to->flags |= TC_EF_SPREAD_INSIDE;
    }
    to->model = chosen.model;
    to->why = chosen.why;
    to->parameters = chosen.model ? parameters_of(w, chosen.model) : NULL;
    if (!chosen.model) {
        to->rupees = (tc_money){0};
        to->price = to->bps = to->se = to->sd = NAN;
        return TC_OK;
    }
    if (chosen.model->kind != part_kinds[part])
        return tc_fail(w->error, TC_CONTRADICTION, part_names[part], "%s is no model of %s", chosen.model->name, part_names[part]);
    return evaluate(w, to);
}

/* A slippage model that knows how much finds nobody says so in its step `unfilled`; the other parts are then of what is filled, in whole units. */
static tc_status settle_quantity(struct work *w)
{
    tc_component *slippage = &w->to->part[TC_PART_SLIPPAGE];
    int step = slippage->model ? tc_model_step_find(slippage->model, (tc_text){"unfilled", 8}) : -1;
    double unfilled = step < 0 ? 0 : slippage->result.step[step];
    w->to->quantity = w->trade->quantity;
    w->to->unfilled.micros = 0;
    if (!(unfilled > 0)) return TC_OK;
    double filled = floor(w->quantity - unfilled);
    if (filled < 1) return tc_fail(w->error, TC_NO_SOLUTION, "quantity", "nothing of the order fills");
    w->quantity = filled;
    w->to->quantity.micros = (int64_t)filled * TC_MICROS_PER_RUPEE;
    w->to->unfilled.micros = w->trade->quantity.micros - w->to->quantity.micros;
    w->to->flags |= TC_EF_PARTIAL;
    w->role[TC_ROLE_QUANTITY] = filled;
    return money_of(&slippage->rupees, w->error, slippage->price * filled);
}

/* Slippage first, since it says how much fills; spread after whatever may hold it. */
static tc_status estimate_parts(struct work *w)
{
    static const tc_part after[] = {TC_PART_IMPACT, TC_PART_SPREAD, TC_PART_DELAY};
    tc_status status = estimate_part(w, TC_PART_SLIPPAGE);
    if (!status) status = settle_quantity(w);
    for (size_t i = 0; i < TC_COUNT_OF(after) && !status; i++) status = estimate_part(w, after[i]);
    w->role[TC_ROLE_DURATION] = w->to->duration; /* a price wanders by the clock */
    return status ? status : estimate_part(w, TC_PART_TIMING);
}

/* Charges and sums. */

/* What all parts together cost a share. */
static double price_of_parts(const tc_estimated *to)
{
    double sum = 0;
    for (int i = 0; i < TC_PART_COUNT; i++)
        if (to->part[i].model) sum += to->part[i].price;
    return sum;
}

static tc_status charge(struct work *w)
{
    tc_estimated *to = w->to;
    tc_trade trade = *w->trade;
    w->price = price_of_parts(to);
    to->execution = to->arrival + w->side * w->price;
    to->charged_at = trade.price;
    if (!w->options->charges_at_arrival) to->charged_at.micros = (int64_t)floor(to->execution * TC_MICROS_PER_RUPEE + 0.5);
    else to->flags |= TC_EF_CHARGES_AT_ARRIVAL;
    if (!(to->execution > 0) || to->charged_at.micros < 1)
        return tc_fail(w->error, TC_OUT_OF_DOMAIN, "price", "the expected execution price %g is not above 0", to->execution);
    if (to->charged_at.micros > TC_PRICE_MICROS_MAX) return tc_fail(w->error, TC_OVERFLOW, "price", "the expected execution price is too high");
    trade.price = to->charged_at;
    trade.quantity = to->quantity;
    tc_status status = tc_turnover_of(&trade.turnover, trade.quantity, trade.price);
    if (status) return tc_fail(w->error, status, "price", "the turnover is too large");
    return tc_quote(&to->charges, w->error, w->book, &trade, &w->options->charges);
}

static tc_status add_up(struct work *w)
{
    tc_estimated *to = w->to;
    bool complete = tc_cost_complete(&to->charges);
    double value = to->arrival * w->quantity;
    to->expected.nanos = complete ? to->charges.total.nanos : 0;
    to->charges_bps = complete ? (double)to->charges.total.nanos / TC_NANOS_PER_RUPEE / value * TC_BPS : NAN;
    to->expected_bps = to->charges_bps + w->price / to->arrival * TC_BPS;
    for (int i = 0; i < TC_PART_COUNT && complete; i++)
        if (__builtin_add_overflow(to->expected.nanos, to->part[i].rupees.nanos, &to->expected.nanos))
            return tc_fail(w->error, TC_OVERFLOW, "", "the total is too large");
    return TC_OK;
}

/* What scattered beyond timing risk when the impact model was fitted. */
static double residual_of(const tc_estimated *to)
{
    const tc_component *impact = &to->part[TC_PART_IMPACT];
    if (!impact->model || !impact->parameters) return NAN;
    double scale = impact->parameters->scale, beyond = scale * scale - 1;
    return to->part[TC_PART_TIMING].sd * sqrt(beyond > 0 ? beyond : 0);
}

/* Errors of different models' parameters are independent; so are delay and
 * timing, which are stretches of one random walk that do not overlap. */
static void spread_of_outcomes(tc_estimated *to)
{
    double errors = 0, dispersion = 0;
    bool any = false;
    for (int i = 0; i < TC_PART_COUNT; i++) {
        const tc_component *part = &to->part[i];
        if (!part->model) continue;
        errors += part->se * part->se;
        if (tc_is_known(part->sd)) dispersion += part->sd * part->sd, any = true;
    }
    to->residual = residual_of(to);
    if (tc_is_known(to->residual)) dispersion += to->residual * to->residual;
    to->se = sqrt(errors);
    to->sd = any ? sqrt(dispersion) : NAN;
}

static void quantiles(tc_estimated *to)
{
    static const double z = 1.6448536269514722; /* 95 % of a standard normal lies below */
    double se = tc_is_known(to->se) ? to->se : 0, width = z * sqrt(se * se + to->sd * to->sd);
    to->quantile[TC_QUANTILE_50] = to->expected_bps;
    to->quantile[TC_QUANTILE_05] = to->expected_bps - width;
    to->quantile[TC_QUANTILE_95] = to->expected_bps + width;
    if (tc_is_known(to->sd) && !tc_is_known(to->se)) to->flags |= TC_EF_INTERVAL_WITHOUT_SE;
}

static void note_quotes(struct work *w)
{
    double bid = w->market->value[TC_M_BID], ask = w->market->value[TC_M_ASK];
    if (w->to->arrival < bid || w->to->arrival > ask) w->to->flags |= TC_EF_PRICE_OUTSIDE_QUOTES;
}

tc_status tc_estimate(tc_estimated *estimate, tc_error *error, const tc_book *book, const tc_trade *trade,
                      const tc_market *market, const tc_execution *how, const tc_estimate_options *options)
{
    struct work w; /* the roles are told below: clearing them first would take as long as a model */
    w.to = estimate, w.error = error, w.book = book, w.trade = trade, w.market = market, w.how = how, w.options = options;
    estimate->flags = 0;
    estimate->arrival = (double)trade->price.micros / TC_MICROS_PER_RUPEE;
    w.quantity = (double)trade->quantity.micros / TC_MICROS_PER_RUPEE;
    w.side = trade->sel[TC_SEL_SIDE] == TC_SELL ? -1 : 1;
    tc_status status = check_trade(&w);
    if (!status) status = check_execution(&w);
    if (!status) status = tc_market_check(market, error);
    if (status) return status;
    tell_roles(&w);
    status = complete_execution(&w);
    if (!status) note_quotes(&w);
    if (!status) status = estimate_parts(&w);
    if (!status) status = charge(&w);
    if (!status) status = add_up(&w);
    if (status) return status;
    spread_of_outcomes(estimate);
    if (isinf(estimate->se) || isinf(estimate->sd)) return tc_fail(error, TC_OVERFLOW, "", "the error of the cost is too large");
    quantiles(estimate);
    return TC_OK;
}
