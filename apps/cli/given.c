#include "given.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "depth.h"

static const struct {
    char unit;
    double minutes;
} units[] = {{'d', TC_SESSION_MINUTES}, {'h', 60}, {'m', 1}, {'s', 1.0 / 60}};

bool given_duration(cli *c, const char *name, const char *text, char unit, double *minutes)
{
    size_t size = strlen(text);
    char number[64];
    bool bare = unit && size && (text[size - 1] == '.' || (text[size - 1] >= '0' && text[size - 1] <= '9'));
    for (size_t u = 0; u < sizeof units / sizeof *units && size + bare > 1 && size < sizeof number; u++) {
        if ((bare ? unit : text[size - 1]) != units[u].unit) continue;
        snprintf(number, sizeof number, "%.*s", (int)(size - !bare), text);
        bool read = real_read(c, name, number, minutes);
        *minutes *= units[u].minutes;
        return read;
    }
    complain(c, EXIT_USAGE, "%s: \"%s\" is no time as 0.5d, 2h, 30m or 45s", name, text);
    return false;
}

static bool read_levels(given_market *g, option_id id, const char *name, tc_depth *level, uint8_t *count)
{
    const char *text = g->c->args.value[id];
    return !text || depth_read(g->c, name, text, level, count);
}

/* A book tells its best levels too. */
static bool agree_with_book(given_market *g, tc_market_field price, tc_market_field quantity, const tc_depth *level, uint8_t count)
{
    double *value = g->typed.value;
    if (!count) return true;
    if (!isnan(value[price]) && value[price] != level[0].price) {
        complain(g->c, EXIT_USAGE, "--%s: not the best level of the book given", market_option(price));
        return false;
    }
    value[price] = level[0].price;
    if (isnan(value[quantity])) value[quantity] = level[0].quantity;
    return true;
}

static bool read_market(given_market *g, bool *any)
{
    tc_market *m = &g->typed;
    tc_market_clear(m);
    *any = g->c->args.value[OPT_BIDS] || g->c->args.value[OPT_ASKS];
    for (int i = 0; i < TC_M_COUNT; i++) {
        char name[48];
        const char *text = g->c->args.market[i];
        if (!text) continue;
        snprintf(name, sizeof name, "--%s", market_option((tc_market_field)i));
        if (!real_read(g->c, name, text, &m->value[i])) return false;
        *any = true;
    }
    return read_levels(g, OPT_BIDS, "--bids", m->bid, &m->bid_levels) && read_levels(g, OPT_ASKS, "--asks", m->ask, &m->ask_levels) &&
           agree_with_book(g, TC_M_BID, TC_M_BID_QUANTITY, m->bid, m->bid_levels) &&
           agree_with_book(g, TC_M_ASK, TC_M_ASK_QUANTITY, m->ask, m->ask_levels);
}

bool given_open(cli *c, given_market *g, bool needed)
{
    bool named = false, any;
    *g = (given_market){.c = c};
    if (!read_market(g, &any)) return false;
    for (int id = 0; id < OPTION_COUNT; id++) named |= (MODE_OPTIONS & OPTION_BIT(id)) && c->args.value[id];
    g->has_source = named || (needed && !any);
    return !g->has_source || market_open(c, &g->source);
}

void given_close(given_market *g)
{
    if (g->has_source) market_close(&g->source);
}

enum { MICROS_A_MINUTE = 60000000, ZONE_MINUTES = 330, DAY_MINUTES = 1440 };

/* The instant that a row's own time means, and whether it tells the time of day; TC_NOW: it tells nothing. */
static int64_t instant_of(const tc_request *request, bool *has_clock)
{
    tc_text time = request->field[TC_F_TIME], day = request->field[TC_F_DATE];
    int64_t micros = (int64_t)(TC_SESSION_OPENS_MINUTE + TC_SESSION_MINUTES) * MICROS_A_MINUTE;
    tc_date date = {TC_DATE_MIN - 1}, of_time = {TC_DATE_MIN - 1};
    *has_clock = time.size && tc_time_read(&of_time, &micros, time.data, time.size) == TC_OK;
    if (day.size) tc_date_parse(&date, day.data, day.size);
    if (of_time.day >= TC_DATE_MIN) date = of_time;
    if (date.day < TC_DATE_MIN) return TC_NOW;
    return ((int64_t)date.day * DAY_MINUTES - ZONE_MINUTES) * MICROS_A_MINUTE + micros;
}

/* Minute of the day in India; NAN outside of a session, where no order can start. */
static double minute_of(int64_t instant)
{
    int64_t minute = (instant / MICROS_A_MINUTE + ZONE_MINUTES) % DAY_MINUTES;
    bool open = minute >= TC_SESSION_OPENS_MINUTE && minute < TC_SESSION_OPENS_MINUTE + TC_SESSION_MINUTES;
    return instant != TC_NOW && instant > 0 && open ? (double)minute : NAN;
}

/* What options say stands before what the source knows; quotes typed without a book make the source's book obsolete,
 * and are not stale themselves. */
static void lay_over(tc_market *market, const tc_market *typed)
{
    bool quotes = !isnan(typed->value[TC_M_BID]) || !isnan(typed->value[TC_M_ASK]), any = typed->bid_levels || typed->ask_levels;
    size_t size = strlen(market->source);
    if (quotes) market->bid_levels = market->ask_levels = 0, market->flags &= ~(uint32_t)TC_MF_STALE;
    for (int i = 0; i < TC_M_COUNT; i++)
        if (!isnan(typed->value[i])) market->value[i] = typed->value[i], any = true;
    if (typed->bid_levels) memcpy(market->bid, typed->bid, sizeof market->bid), market->bid_levels = typed->bid_levels;
    if (typed->ask_levels) memcpy(market->ask, typed->ask, sizeof market->ask), market->ask_levels = typed->ask_levels;
    if (any) snprintf(market->source + size, sizeof market->source - size, "%soptions", size ? " + " : "");
}

/* Without a date of its own, the order is of the day of `instant`. */
static void find_date(filled_request *f, int64_t instant)
{
    tc_text *field = f->request.field;
    if (field[TC_F_DATE].size || field[TC_F_TIME].size || instant == TC_NOW || instant == INT64_MIN) return;
    tc_date_format(f->date, tc_date_in_ist(instant / 1000000));
    field[TC_F_DATE] = tc_text_of(f->date);
}

tc_security given_security(const tc_request *request)
{
    const tc_text *field = request->field;
    return (tc_security){field[TC_F_EXCHANGE], field[TC_F_SYMBOL], field[TC_F_SERIES], field[TC_F_ISIN]};
}

tc_status given_find(const given_market *g, tc_market *market, double *minute, tc_error *error, filled_request *f,
                     const tc_request *request)
{
    f->request = *request;
    find_date(f, g->has_source ? g->source.at : TC_NOW);
    const tc_security which = given_security(&f->request);
    bool has_clock, asked = g->c->args.value[OPT_AT] || mode_is_realtime(g->c);
    market_source source = g->source;
    int64_t own = instant_of(&f->request, &has_clock);
    tc_status status = TC_OK;
    if (!asked) source.at = own;
    tc_market_clear(market);
    if (g->has_source) status = market_ask(&source, market, error, &which);
    if (status) return status;
    find_date(f, market->time); /* the latest there is may be of any day */
    lay_over(market, &g->typed);
    *minute = minute_of(has_clock ? own : g->has_source && g->c->args.value[OPT_AT] ? source.at : TC_NOW);
    return TC_OK;
}

tc_status given_price(filled_request *f, tc_error *error, const tc_market *market)
{
    double mid = tc_market_mid(market), value;
    if (f->request.field[TC_F_PRICE].size) return TC_OK;
    tc_status status = tc_market_need(&value, error, market, TC_M_BID);
    if (!status) status = tc_market_need(&value, error, market, TC_M_ASK);
    if (!status) status = tc_market_check(market, error);
    if (status) return status;
    snprintf(f->price, sizeof f->price, "%.6f", mid);
    f->request.field[TC_F_PRICE] = tc_text_of(f->price);
    return TC_OK;
}

void given_tick(tc_market *market, const tc_instrument *known)
{
    int64_t micros;
    if (!known || !known->tick.size || !isnan(market->value[TC_M_TICK])) return;
    if (tc_decimal_parse(&micros, known->tick.data, known->tick.size, MICRO_DECIMALS) == TC_OK && micros > 0)
        market->value[TC_M_TICK] = (double)micros / TC_MICROS_PER_RUPEE;
}
