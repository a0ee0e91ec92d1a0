#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tca.h"

#define OUTLIER_LIMIT 5 /* robust standard deviations */

static double rupees_of_micros(int64_t micros)
{
    return (double)micros / 1e6;
}

static double sight_mid(const tc_sight *s)
{
    return tc_mark_price(tc_mark_mid(s->bid, s->ask));
}

static tc_mark sight_mark(const tc_sight *s, bool *of_trade)
{
    tc_mark mid = tc_mark_mid(s->bid, s->ask);
    *of_trade = !tc_mark_known(mid) && tc_is_known(s->last);
    return *of_trade ? tc_mark_of(s->last) : mid;
}

/* --- Prices to measure against. --- */

/* What one rupee of another day is on the day of the first fill; the other day's market may not tell: then 1. */
static double rescaled(const tca_run *r, tca_order *o, tc_date other)
{
    bool of_last;
    const tc_daily_bar *own = tca_day(r, o, o->from, &of_last), *theirs = tca_day(r, o, other, &of_last);
    if (!own || !theirs || own->factor == theirs->factor) return 1;
    o->flags |= TCA_CORPORATE_ACTION;
    return theirs->factor / own->factor;
}

static tc_mark rescale(const tca_run *r, tca_order *o, tc_mark mark, tc_date day)
{
    if (!tc_mark_known(mark) || o->from.day < TC_DATE_MIN || day.day == o->from.day) return mark;
    double factor = rescaled(r, o, day);
    return factor == 1 ? mark : tc_mark_of(tc_mark_price(mark) * factor);
}

static tc_date day_of(int64_t time, tc_date otherwise)
{
    return time == TC_TIME_UNKNOWN ? otherwise : (tc_date){(int32_t)tc_day_of_time(time)};
}

static tc_date arrival_day(const tca_order *o)
{
    return day_of(o->arrival_time, o->from);
}

/* The day at whose close the order was over. */
static tc_date end_day(const tca_order *o)
{
    bool open = o->flags & (TCA_PARTIAL | TCA_NEVER_FILLED);
    tc_date last = o->count ? o->to : arrival_day(o);
    return open ? day_of(o->end_time, last) : last;
}

static void find_decision(tca_run *r, tca_order *o)
{
    bool of_trade;
    if (!tc_mark_known(o->decision)) o->decision = sight_mark(tca_sight(r, o, o->sight + SIGHT_DECISION), &of_trade);
    o->mark[MARK_DECISION] = tc_mark_price(o->decision);
    o->decision = rescale(r, o, o->decision, day_of(o->decision_time, arrival_day(o)));
}

static void find_arrival(tca_run *r, tca_order *o)
{
    bool of_trade = false;
    if (!tc_mark_known(o->arrival)) o->arrival = sight_mark(tca_sight(r, o, o->sight + SIGHT_ARRIVAL), &of_trade);
    if (of_trade) o->flags |= TCA_ARRIVAL_OF_TRADE;
    o->arrival = rescale(r, o, o->arrival, arrival_day(o));
    o->mark[MARK_ARRIVAL] = tc_mark_price(o->arrival);
    if (tc_mark_known(o->arrival)) return;
    if (tc_mark_known(o->decision)) o->flags |= TCA_ARRIVAL_OF_DECISION;
    else if (o->count) {
        o->arrival = tc_mark_of_price(r->fills[o->first].price);
        o->flags |= TCA_ARRIVAL_OF_FILL;
    }
}

static void find_end(tca_run *r, tca_order *o)
{
    bool of_trade, of_last;
    tc_date day = end_day(o);
    if (!tc_mark_known(o->end)) o->end = sight_mark(tca_sight(r, o, o->sight + SIGHT_END), &of_trade);
    if (!tc_mark_known(o->end)) {
        const tc_daily_bar *bar = tca_day(r, o, day, &of_last);
        if (bar) o->end = tc_mark_of(bar->close);
        if (bar && o->flags & (TCA_PARTIAL | TCA_NEVER_FILLED)) o->flags |= TCA_END_OF_CLOSE | (of_last ? TCA_CLOSE_OF_LAST : 0);
    }
    o->end = rescale(r, o, o->end, day);
}

static void find_days(tca_run *r, tca_order *o)
{
    bool of_last;
    const tc_daily_bar *first = tca_day(r, o, arrival_day(o), &of_last), *last = tca_day(r, o, end_day(o), &of_last);
    if (first) {
        o->mark[MARK_PREVIOUS_CLOSE] = first->previous_close;
        o->mark[MARK_OPEN] = first->open;
    }
    if (last) o->mark[MARK_CLOSE] = last->close;
    if (last && of_last) o->flags |= TCA_CLOSE_OF_LAST;
}

/* --- Of what the market traded. --- */

/* Own quantity and value among the fills up to `last`; a whole-day vwap counts them all. */
struct own {
    double quantity, value;
};

static struct own own_trades(const tca_run *r, const tca_order *o, int64_t last)
{
    struct own sum = {0, 0};
    for (size_t i = o->first; i < o->first + o->count; i++) {
        const tca_fill *fill = &r->fills[i];
        if (last != TC_TIME_UNKNOWN && fill->time > last) continue;
        sum.quantity += rupees_of_micros(fill->quantity.micros);
        sum.value += rupees_of_micros(fill->quantity.micros) * rupees_of_micros(fill->price.micros);
    }
    return sum;
}

static double vwap_of(const tca_run *r, tca_order *o, double value, double volume, int64_t last)
{
    struct own own = {0, 0};
    if (r->options.exclude_own) own = own_trades(r, o, last);
    if (own.quantity > 0 && !(volume > own.quantity)) {
        if (volume > 0) o->flags |= TCA_OWN_EXCEEDS;
        return NAN;
    }
    return volume > own.quantity ? (value - own.value) / (volume - own.quantity) : NAN;
}

/* The days on which the order was filled. */
static void find_day_vwap(tca_run *r, tca_order *o)
{
    double value = 0, volume = 0;
    bool of_last;
    int32_t before = TC_DATE_MIN - 1;
    for (size_t i = o->first; i < o->first + o->count; i++) {
        tc_date date = r->fills[i].date;
        if (date.day == before) continue;
        const tc_daily_bar *day = tca_day(r, o, date, &of_last);
        if (!day) return;
        value += day->value;
        volume += day->volume;
        before = date.day;
    }
    o->mark[MARK_DAY_VWAP] = vwap_of(r, o, value, volume, TC_TIME_UNKNOWN);
}

static void find_interval(tca_run *r, tca_order *o)
{
    const tc_stretch *s = tca_stretch(r, o);
    if (!s) return;
    const tc_sight *from = tca_sight(r, o, o->sight + SIGHT_ARRIVAL), *to = tca_sight(r, o, o->sight + SIGHT_LAST);
    if (s->barred) o->flags |= TCA_FROM_BARS;
    o->mark[MARK_VWAP] = vwap_of(r, o, s->value, s->volume, s->to);
    o->performance = o->side == TC_SELL ? tc_relative_performance(s->volume, s->below, s->above)
                                        : tc_relative_performance(s->volume, s->above, s->below);
    if (!o->count) o->performance = NAN;
    double quoted = tc_stood_mean(from->quoted, to->quoted);
    o->mark[MARK_TWAP] = tc_is_known(quoted) ? quoted : tc_stood_mean(from->traded, to->traded);
    o->mark[MARK_PWP] = s->first_value / s->target;
}

/* --- Of the fills. --- */

static void check_fills(tca_run *r, tca_order *o)
{
    for (size_t i = o->first; i < o->first + o->count; i++) {
        const tca_fill *fill = &r->fills[i];
        double price = rupees_of_micros(fill->price.micros);
        bool of_last;
        const tc_daily_bar *day = tca_day(r, o, fill->date, &of_last);
        /* A price that files round to paise may stand a hair outside. */
        const double hair = 1e-9;
        if (day && !of_last && (price > day->high * (1 + hair) || price < day->low * (1 - hair))) o->outside_day++;
        if (fill->sight == NO_PLACE) continue;
        const tc_sight *s = tca_sight(r, o, fill->sight);
        if (price > s->ask * (1 + hair) || price < s->bid * (1 - hair)) o->outside_spread++;
    }
    if (o->outside_day) o->flags |= TCA_OUTSIDE_DAY;
    if (o->outside_spread) o->flags |= TCA_OUTSIDE_SPREAD;
}

/* sum q M+ for every lag; the last trade stands in where a security has no quotes at all. */
static double later_value(const tca_run *r, const tca_order *o, size_t lag_number)
{
    bool quoted = tca_quoted(r, o);
    double sum = 0;
    for (size_t i = o->first; i < o->first + o->count; i++) {
        const tca_fill *fill = &r->fills[i];
        if (fill->sight == NO_PLACE) return NAN;
        const tc_sight *later = tca_sight(r, o, fill->sight + 1 + (long)lag_number);
        sum += rupees_of_micros(fill->quantity.micros) * (quoted ? sight_mid(later) : later->last);
    }
    return o->count ? sum : NAN;
}

/* --- What a model expected. --- */

static double duration_of(const tca_order *o)
{
    const double session = TC_SESSION_MINUTES * 60e6;
    if (o->arrival_time == TC_TIME_UNKNOWN || o->last_time <= o->arrival_time) return NAN;
    int64_t days = tc_day_of_time(o->last_time) - tc_day_of_time(o->arrival_time);
    return (double)days + (double)(o->last_time - o->arrival_time - days * TC_DAY_MICROS) / session;
}

static double known_bps(const tc_component *part)
{
    return tc_is_known(part->bps) ? part->bps : 0;
}

static double charge_free_bps(const tc_estimated *e)
{
    return known_bps(&e->part[TC_PART_SPREAD]) + known_bps(&e->part[TC_PART_SLIPPAGE]) + known_bps(&e->part[TC_PART_IMPACT]);
}

/* The filled part of the order, at its arrival price; what it cost beyond delay and charges. */
static bool estimate_of(tca_run *r, tca_order *o, tc_estimated *e)
{
    tc_market market;
    tc_error error = {0};
    tc_trade trade = o->trade;
    int64_t price = tc_mark_known(o->arrival) ? o->arrival.nanos / 1000 : o->decision.nanos / 1000;
    tc_estimate_options options = {0};
    const tc_parameters *const list[] = {r->options.parameters};
    options.model[TC_PART_IMPACT] = r->options.model;
    options.parameters = list;
    options.parameter_count = r->options.parameters != NULL;
    tca_conditions(r, o, &market);
    trade.quantity.micros = 0;
    for (size_t i = o->first; i < o->first + o->count; i++) trade.quantity.micros += r->fills[i].quantity.micros;
    trade.price.micros = price;
    if (tc_turnover_of(&trade.turnover, trade.quantity, trade.price) != TC_OK) return false;
    const tc_execution how = {.duration = duration_of(o), .participation = NAN, .delay = 0, .minute = NAN};
    tc_status status = tc_estimate(e, &error, r->c->book, &trade, &market, &how, &options);
    if (status == TC_OK) return true;
    if (!r->unexpected++)
        snprintf(r->why, sizeof r->why, "order %.*s: %s: %s", (int)o->id.size, o->id.data, tc_status_code(status), error.message);
    return false;
}

/* Whether `*impact` is what the model expects. */
static bool find_expected(tca_run *r, tca_order *o, tc_money *impact)
{
    tc_estimated e;
    if (!r->options.model || !o->count || !(tc_mark_known(o->arrival) || tc_mark_known(o->decision))) return false;
    if (!estimate_of(r, o, &e)) return false;
    *impact = e.part[TC_PART_IMPACT].rupees;
    o->expected = charge_free_bps(&e);
    o->expected_sd = e.sd;
    if (e.flags & TC_EF_UNCALIBRATED) o->flags |= TCA_UNCALIBRATED;
    return e.part[TC_PART_IMPACT].model != NULL;
}

/* --- The shortfall. --- */

static tc_executed *executed(const tca_run *r, const tca_order *o)
{
    tc_executed *fill = need_memory(NULL, o->count, sizeof *fill);
    for (size_t i = 0; i < o->count; i++) {
        const tca_fill *from = &r->fills[o->first + i];
        fill[i] = (tc_executed){from->quantity, from->price, TC_NO_MARK, TC_NO_MARK};
        if (from->sight == NO_PLACE) continue;
        const tc_sight *s = tca_sight(r, o, from->sight), *later = tca_sight(r, o, from->sight + 1 + (long)r->options.lag_count);
        fill[i].mid = tc_mark_mid(s->bid, s->ask);
        fill[i].later = tc_mark_mid(later->bid, later->ask);
    }
    return fill;
}

/* Quantities before and after a split do not add up. */
static bool spans_action(const tca_run *r, const tca_order *o)
{
    bool of_last;
    const tc_daily_bar *first = tca_day(r, o, o->from, &of_last), *last = tca_day(r, o, o->to, &of_last);
    return o->count && first && last && first->factor != last->factor;
}

/* `impact`: what a model expects; NULL: nobody knows, and it stays in timing. */
static void find_shortfall(tca_run *r, tca_order *o, const tc_money *impact)
{
    tc_impact_rule rule = r->options.impact_rule;
    if (rule == TC_IMPACT_BY_MODEL && !impact) rule = TC_IMPACT_UNTOLD;
    tc_error error = {0};
    const char *place = o->listed ? r->c->args.value[OPT_TCA_ORDERS] : r->files[o->count ? r->fills[o->first].file : 0];
    uint32_t line = o->listed ? o->line : o->count ? r->fills[o->first].line : 0;
    int id = (int)o->id.size;
    if (spans_action(r, o)) {
        tca_complain(r, o, place, line, TC_CONTRADICTION,
                     "order %.*s: a corporate action between its fills; split it at the ex-date", id, o->id.data);
        return;
    }
    tc_executed *fill = executed(r, o);
    const tc_worked_order worked = {.side = o->side, .decided = o->decided, .decision = o->decision, .arrival = o->arrival, .end = o->end,
                                    .impact_rule = rule, .impact = impact ? *impact : (tc_money){0}, .fills = fill, .fill_count = o->count};
    tc_status status = tc_shortfall_of(&o->loss, &error, &worked);
    free(fill);
    o->valued = status == TC_OK;
    if (!o->valued) tca_complain(r, o, place, line, status, "order %.*s: %s", id, o->id.data, error.message);
    if (o->valued && !(o->loss.known & 1u << TC_SHORTFALL_DELAY) && !tc_mark_known(o->decision)) o->flags |= TCA_NO_DECISION;
}

static void find_realised(tca_order *o)
{
    tc_mark start = tc_mark_known(o->arrival) ? o->arrival : o->decision;
    double filled = rupees_of_micros(o->loss.filled.micros);
    if (o->valued && o->count) o->realised = (double)o->loss.execution.nanos / 1e9 / (filled * tc_mark_price(start)) * 1e4;
}

static void value_order(tca_run *r, tca_order *o)
{
    tc_money impact = {0};
    for (size_t i = 0; i < MARK_COUNT; i++) o->mark[i] = NAN;
    o->performance = o->expected = o->expected_sd = o->realised = NAN;
    find_decision(r, o);
    find_arrival(r, o);
    find_end(r, o);
    find_days(r, o);
    find_day_vwap(r, o);
    find_interval(r, o);
    check_fills(r, o);
    for (size_t k = 0; k < r->options.lag_count; k++) o->markout[k] = later_value(r, o, k);
    bool expected = find_expected(r, o, &impact);
    find_shortfall(r, o, expected ? &impact : NULL);
    find_realised(o);
    if (!o->valued || o->charges.unknown) o->flags |= TCA_INCOMPLETE;
}

/* Against its arrival, or where that says nothing against the day's vwap. */
static void mark_outliers(tca_run *r)
{
    double *cost = need_memory(NULL, r->order_count * 2, sizeof *cost);
    bool *apart = need_memory(NULL, r->order_count, sizeof *apart);
    for (size_t i = 0; i < r->order_count; i++) cost[i] = r->orders[i].flags & TCA_ARRIVAL_OF_FILL ? NAN : r->orders[i].realised;
    tc_outliers(apart, cost, r->order_count, OUTLIER_LIMIT, cost + r->order_count);
    for (size_t i = 0; i < r->order_count; i++)
        if (apart[i]) r->orders[i].flags |= TCA_OUTLIER;
    free(apart);
    free(cost);
}

void tca_value(tca_run *r)
{
    for (size_t i = 0; i < r->order_count; i++) value_order(r, &r->orders[i]);
    if (r->order_count) mark_outliers(r);
}

/* --- Sums. --- */

static void add_marks(tca_figures *to, const tca_run *r, const tca_order *o)
{
    double filled = 0, paid = 0, sign = o->side == TC_SELL ? -1 : 1;
    for (size_t i = o->first; i < o->first + o->count; i++) {
        double quantity = rupees_of_micros(r->fills[i].quantity.micros);
        to->turnover_micros += (wide)r->fills[i].quantity.micros * r->fills[i].price.micros / 1000000;
        filled += quantity;
        paid += quantity * rupees_of_micros(r->fills[i].price.micros);
    }
    if (!o->count) return;
    for (size_t m = 0; m < MARK_COUNT; m++) {
        if (!tc_is_known(o->mark[m])) continue;
        to->mark_cost[m] += sign * (paid - filled * o->mark[m]);
        to->mark_value[m] += filled * o->mark[m];
    }
    for (size_t k = 0; k < r->options.lag_count; k++) {
        if (!tc_is_known(o->markout[k])) continue;
        to->markout_cost[k] += sign * (paid - o->markout[k]);
        to->markout_value[k] += o->markout[k];
    }
    if (tc_is_known(o->performance)) {
        to->performance += o->performance * paid;
        to->performance_weight += paid;
    }
    if (tc_is_known(o->expected) && tc_is_known(o->realised)) {
        to->realised += o->realised * paid / 1e4;
        to->expected += o->expected * paid / 1e4;
        to->expected_value += paid;
        to->variance += o->expected_sd * o->expected_sd * paid * paid / 1e8;
    }
}

void tca_figures_add(tca_figures *to, const tca_run *r, const tca_order *o)
{
    to->orders++;
    to->fills += o->count;
    to->errors += o->error.size != 0;
    to->incomplete += (o->flags & TCA_INCOMPLETE) != 0;
    to->outside_spread += o->outside_spread;
    to->outside_day += o->outside_day;
    to->unknown_charges |= o->charges.unknown;
    for (size_t c = 0; c < TC_CHARGE_COUNT; c++) {
        to->charge_nanos[c] += o->charges.charge_nanos[c];
        to->charges_nanos += o->charges.charge_nanos[c];
        to->total_nanos += o->charges.charge_nanos[c];
    }
    if (o->valued) {
        to->paper_micros += o->loss.paper.micros;
        to->total_nanos += o->loss.total.nanos;
        to->parts |= o->loss.known;
        for (size_t p = 0; p < TC_SHORTFALL_COUNT; p++) to->part_nanos[p] += o->loss.part[p].nanos;
    }
    add_marks(to, r, o);
}
