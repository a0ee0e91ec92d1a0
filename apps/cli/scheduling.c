#include "schedule.h"

#include <math.h>
#include <stdlib.h>

#include "cells.h"
#include "depth.h"

#define AS_WORD(id, word) word,
static const char *const strategies[] = {STRATEGIES(AS_WORD)};
#define AS_NAME(id, name, unit, rule) name,
#define AS_UNIT(id, name, unit, rule) unit,
#define AS_RULE(id, name, unit, rule) rule,
static const char *const names[] = {SETTINGS(AS_NAME)}, *const units[] = {SETTINGS(AS_UNIT)}, *const rules[] = {SETTINGS(AS_RULE)};

const char *strategy_name(strategy s)
{
    return strategies[s];
}

const char *setting_name(setting s)
{
    return names[s];
}

const char *setting_unit(setting s)
{
    return units[s];
}

const char *setting_rule(setting s)
{
    return rules[s];
}

bool option_real(cli *c, option_id id, const char *name, double *value)
{
    const char *text = c->args.value[id];
    return !text || real_read(c, name, text, value);
}

static bool option_whole(cli *c, option_id id, const char *name, size_t *value, size_t most)
{
    double real = (double)*value;
    if (!option_real(c, id, name, &real)) return false;
    if (real >= 1 && real <= (double)most && real == floor(real)) {
        *value = (size_t)real;
        return true;
    }
    complain(c, EXIT_USAGE, "%s: \"%s\" is no whole number from 1 to %zu", name, c->args.value[id], most);
    return false;
}

/* The order. */

/* Without a broker there is no tariff: the schedule stands, its charges are unknown. */
static bool read_order(cli *c, scheduling *s)
{
    static const tc_field needed[] = {TC_F_SIDE, TC_F_QUANTITY};
    s->order = (order){.request = c->args.order};
    s->order.request.field[TC_F_BROKER] = c->context.defaults.field[TC_F_BROKER];
    if (!order_given(c, &s->order.request, needed, sizeof needed / sizeof *needed)) return false;
    if (!instruments_fill(c, &s->order.request, &s->order.instrument)) return false;
    s->priced = s->order.request.field[TC_F_BROKER].size > 0;
    if (s->strategy != STRATEGY_EXACT || s->priced) return true;
    complain(c, EXIT_USAGE, "an exact schedule counts charges: it needs --broker");
    return false;
}

static bool read_field(cli *c, const scheduling *s, tc_field field, double *value)
{
    int64_t micros;
    tc_text text = s->order.request.field[field];
    if (!text.size) return true;
    if (tc_decimal_parse(&micros, text.data, text.size, MICRO_DECIMALS) == TC_OK && micros > 0) {
        *value = (double)micros / 1e6;
        return true;
    }
    complain(c, EXIT_USAGE, "--%s: \"%.*s\" is no number above 0", field_option(field), (int)text.size, text.data);
    return false;
}

/* The market. */

static bool missing(cli *c, const char *what, const char *instead)
{
    tc_error error;
    tc_fail(&error, TC_MARKET_MISSING, what, "%s", what);
    complain(c, exit_status_of(TC_MARKET_MISSING), "%s: %s; %s", tc_status_code(error.status), error.message, instead);
    return false;
}

static double relative_or_quoted_spread(const tc_market *m, double price)
{
    double quoted = tc_market_spread(m);
    return isnan(quoted) ? m->value[TC_M_SPREAD] * price : quoted;
}

static void take_from_market(scheduling *s, const tc_market *m)
{
    double *value = s->value, price, spread, adv = m->value[TC_M_ADV];
    if (isnan(value[SET_PRICE])) value[SET_PRICE] = tc_market_mid(m);
    price = value[SET_PRICE];
    spread = relative_or_quoted_spread(m, price);
    if (isnan(value[SET_SIGMA])) value[SET_SIGMA] = m->value[TC_M_VOLATILITY] * price;
    if (isnan(value[SET_EPSILON])) value[SET_EPSILON] = spread / 2;
    if (isnan(value[SET_ALPHA])) value[SET_ALPHA] = 0;
    if (isnan(value[SET_EXPONENT])) value[SET_EXPONENT] = 1;
    if (strategy_is_transient(s->strategy)) {
        if (isnan(value[SET_GAMMA])) value[SET_GAMMA] = 0;
        value[SET_ETA] = 0;
        return;
    }
    /* AC section 4's rule of thumb: nobody has fitted it here. */
    if (isnan(value[SET_GAMMA])) value[SET_GAMMA] = spread / (0.1 * adv);
    if (isnan(value[SET_ETA]) && value[SET_EXPONENT] == 1) value[SET_ETA] = spread / (0.01 * adv);
}

static bool all_known(cli *c, const scheduling *s)
{
    static const struct {
        setting what;
        const char *instead;
    } needed[] = {{SET_PRICE, "give --price, or --bid and --ask"}, {SET_SIGMA, "give --volatility (a day, a fraction) or --sigma (rupees)"},
                  {SET_EPSILON, "give --bid and --ask, --spread or --epsilon"}, {SET_GAMMA, "give --gamma, or --adv and a spread"},
                  {SET_ETA, "give --eta, or --adv and a spread (where --exponent is 1)"}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (isnan(s->value[needed[i].what])) return missing(c, names[needed[i].what], needed[i].instead);
    if (!strategy_is_transient(s->strategy)) return true;
    if (isnan(s->value[SET_KAPPA])) return missing(c, "kappa", "give --kappa: how far a share traded moves the price at once, in rupees");
    return !isnan(s->value[SET_RHO]) || missing(c, "rho", "give --rho: how fast that passes, a day");
}

static bool read_settings(cli *c, scheduling *s)
{
    static const option_id options[SETTING_COUNT] = {
        [SET_PRICE] = OPTION_COUNT, [SET_SIGMA] = OPT_SIGMA, [SET_ALPHA] = OPT_ALPHA, [SET_EPSILON] = OPT_EPSILON, [SET_GAMMA] = OPT_GAMMA,
        [SET_ETA] = OPT_ETA, [SET_EXPONENT] = OPT_EXPONENT, [SET_KAPPA] = OPT_KAPPA, [SET_RHO] = OPT_RHO, [SET_DECAY] = OPT_DECAY};
    for (int i = 0; i < SETTING_COUNT; i++) {
        char name[32] = "--";
        s->value[i] = NAN;
        if (options[i] == OPTION_COUNT) continue;
        strcat(name, names[i]);
        if (!option_real(c, options[i], name, &s->value[i])) return false;
    }
    if (!read_field(c, s, TC_F_PRICE, &s->value[SET_PRICE])) return false;
    for (int i = 0; i < SETTING_COUNT; i++) s->given[i] = !isnan(s->value[i]);
    return true;
}

/* The volume curve of --curve: cumulative fractions at equal times, under the column `cumulative`. */

static bool read_curve(cli *c, scheduling *s)
{
    enum { POINTS_MAX = 100000 };
    const char *path = c->args.value[OPT_CURVE];
    cells table;
    if (!path) return true;
    bool read = cells_read(c, &table, path, POINTS_MAX);
    int column = read ? cells_need_column(&table, "cumulative") : -1;
    read = column >= 0;
    s->curve = need_memory(NULL, table.rows, sizeof *s->curve);
    for (size_t i = 0; i < table.rows && read; i++) read = cells_real(&table, i, column, &s->curve[i]);
    s->volume.curve = (tc_curve){s->curve, table.rows};
    cells_free(&table);
    return read;
}

/* How the order is worked. */

static bool read_duration(cli *c, scheduling *s)
{
    double minutes;
    s->task.duration = NAN;
    if (s->strategy == STRATEGY_VWAP || s->strategy == STRATEGY_POV || s->strategy == STRATEGY_TWAP)
        s->task.duration = 1 - s->terms.elapsed; /* to the end of the session */
    if (c->args.value[OPT_DURATION]) {
        if (!given_duration(c, "--duration", c->args.value[OPT_DURATION], 'd', &minutes)) return false;
        s->task.duration = minutes / TC_SESSION_MINUTES;
    }
    if (!isnan(s->task.duration)) return true;
    complain(c, EXIT_USAGE, "needs --duration: the time to work the order in, as 0.5d (trading days), 2h, 30m");
    return false;
}

static bool read_lambda(cli *c, scheduling *s)
{
    const char *text = c->args.value[OPT_LAMBDA];
    s->least_var = text ? !strcmp(text, "var") : s->strategy == STRATEGY_ALMGREN_CHRISS || s->strategy == STRATEGY_EXACT;
    s->task.lambda = 0;
    return s->least_var || option_real(c, OPT_LAMBDA, "--lambda", &s->task.lambda);
}

static bool read_task(cli *c, scheduling *s)
{
    s->task.slices = 50;
    s->volume.participation = NAN;
    if (s->strategy == STRATEGY_POV && !c->args.value[OPT_POV]) {
        complain(c, EXIT_USAGE, "needs --pov: the share of all volume to be, own included");
        return false;
    }
    return read_field(c, s, TC_F_QUANTITY, &s->task.quantity) && option_whole(c, OPT_SLICES, "--slices", &s->task.slices, TC_SLICES_MAX) &&
           read_duration(c, s) && read_lambda(c, s) && option_real(c, OPT_POV, "--pov", &s->volume.participation) &&
           option_real(c, OPT_STEP, "--step", &s->step);
}

/* Lot, tick and freeze quantity: of the order or the market as given, else of the instrument, else of the book. */
static void read_grid(cli *c, scheduling *s, const tc_market *m)
{
    tc_text lot = s->order.request.field[TC_F_LOT_SIZE];
    int64_t micros;
    tc_slice_terms *t = &s->terms;
    *t = (tc_slice_terms){.book = c->book, .trade = &s->order.trade, .without_dp = c->pricing.without_dp, .lot = m->value[TC_M_LOT],
                          .tick = m->value[TC_M_TICK], .freeze = m->value[TC_M_FREEZE], .elapsed = t->elapsed};
    if (lot.size && tc_decimal_parse(&micros, lot.data, lot.size, MICRO_DECIMALS) == TC_OK && micros > 0) t->lot = (double)micros / 1e6;
    if (s->priced) {
        const tc_trade *trade = &s->order.trade;
        if (isnan(t->lot) && trade->lot_size.micros) t->lot = (double)trade->lot_size.micros / 1e6;
        if (isnan(t->freeze) && trade->freeze.micros) t->freeze = (double)trade->freeze.micros / 1e6;
        if (isnan(t->tick)) t->tick = (double)tc_book_tick(c->book, trade) / 1e6;
    }
    if (isnan(t->lot)) t->lot = 1;
    if (isnan(t->freeze)) t->freeze = 0;
    if (isnan(t->tick)) t->tick = 0;
}

static bool check_lots(cli *c, const scheduling *s)
{
    double lots = s->task.quantity / s->terms.lot;
    if (fabs(lots - round(lots)) <= 1e-9 + 4e-16 * lots) return true;
    complain(c, exit_status_of(TC_BAD_VALUE), "quantity: %.15g is no multiple of the lot %.15g", s->task.quantity, s->terms.lot);
    return false;
}

/* Intraday positions are closed with the session. */
static bool check_session(cli *c, const scheduling *s)
{
    if (!s->priced || s->order.trade.sel[TC_SEL_PRODUCT] != TC_INTRADAY || s->terms.elapsed + s->task.duration <= 1 + 1e-9) return true;
    complain(c, exit_status_of(TC_IMPOSSIBLE), "%s: an intraday order ends with its session, %.6g days on", tc_status_code(TC_IMPOSSIBLE),
             1 - s->terms.elapsed);
    return false;
}

static void make_market(scheduling *s)
{
    const double *v = s->value;
    size_t n = s->task.slices;
    double tau = s->task.duration / (double)n;
    uint8_t side = tc_word_find(TC_SEL_SIDE, s->order.request.field[TC_F_SIDE]);
    s->market = (tc_schedule_market){.price = v[SET_PRICE], .side = side == TC_BUY ? 1 : -1, .sigma = v[SET_SIGMA], .alpha = v[SET_ALPHA],
                                     .epsilon = v[SET_EPSILON], .gamma = v[SET_GAMMA], .eta = v[SET_ETA], .exponent = v[SET_EXPONENT]};
    if (!strategy_is_transient(s->strategy)) return;
    s->kernel = need_memory(NULL, n, sizeof *s->kernel);
    if (isnan(v[SET_DECAY])) tc_kernel_exponential(s->kernel, n, v[SET_GAMMA], v[SET_KAPPA], v[SET_RHO], tau);
    else tc_kernel_power(s->kernel, n, v[SET_KAPPA], v[SET_DECAY], 1 / v[SET_RHO], tau);
    s->market.gamma = 0; /* it is in the kernel */
    s->market.kernel = s->kernel;
}

/* Asks for the market where numbers are still wanting. */
static bool read_market(cli *c, scheduling *s, tc_market *market)
{
    tc_error error = {0};
    double minute;
    bool follows = (s->strategy == STRATEGY_VWAP || s->strategy == STRATEGY_POV) && !s->curve;
    bool needed = follows || isnan(s->value[SET_PRICE]) || isnan(s->value[SET_SIGMA]) || isnan(s->value[SET_EPSILON]);
    if (!given_open(c, &s->given_market, needed)) return false;
    tc_status status = given_find(&s->given_market, market, &minute, &error, &s->filled, &s->order.request);
    if (!status) status = tc_market_check(market, &error);
    if (status) {
        complain(c, exit_status_of(status), "%s: %s", tc_status_code(status), error.message);
        return false;
    }
    given_tick(market, s->order.instrument);
    s->volume.adv = market->value[TC_M_ADV];
    if (!s->curve) s->volume.curve = market->volume_curve;
    s->volume.minute = isnan(minute) ? 0 : minute - TC_SESSION_OPENS_MINUTE;
    s->terms.elapsed = s->volume.minute / TC_SESSION_MINUTES;
    take_from_market(s, market);
    return true;
}

/* The price of an order that names none is the mid. */
static bool resolve_order(cli *c, scheduling *s, const tc_market *market)
{
    static const tc_field needed[] = {TC_F_BROKER, TC_F_EXCHANGE, TC_F_SIDE, TC_F_QUANTITY, TC_F_PRICE};
    tc_error error = {0};
    if (!s->priced) return true;
    if (given_price(&s->filled, &error, market)) return missing(c, error.message, "give --price, or --bid and --ask");
    s->order.request = s->filled.request;
    return order_given(c, &s->order.request, needed, sizeof needed / sizeof *needed) && order_resolve(c, &s->order);
}

bool scheduling_read(cli *c, scheduling *s)
{
    static tc_market market;
    const char *word = c->args.value[OPT_STRATEGY];
    *s = (scheduling){.c = c};
    while (word && strcmp(strategies[s->strategy], word)) s->strategy++;
    if (!read_order(c, s) || !read_settings(c, s) || !read_curve(c, s) || !read_market(c, s, &market)) return false;
    if (!resolve_order(c, s, &market)) return false;
    read_grid(c, s, &market);
    if (!read_task(c, s) || !check_lots(c, s) || !check_session(c, s) || !all_known(c, s)) return false;
    make_market(s);
    return true;
}

void scheduling_free(scheduling *s)
{
    given_close(&s->given_market);
    free(s->kernel);
    free(s->curve);
}
