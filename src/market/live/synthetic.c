#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market/live/live.h"
#include "market/live/process.h"
#include "market/store/sessions.h"
#include "text/values.h"

enum { LAST_DAY = 47481 /* 2099-12-31: each session is added up from the first */, DAYS = 20, CURVE_POINTS = TC_SESSION_MINUTES + 1 };

typedef struct {
    tc_process process;
    double volume_curve[CURVE_POINTS], variance_curve[CURVE_POINTS];
    tc_process_minute minute[TC_SESSION_MINUTES]; /* of the session asked for last */
} simulation;

/* What `where` can set, and the domain of each. */
static const struct {
    const char *name;
    size_t place;
    double least, most;
} settings[] = {
    {"price", offsetof(tc_process, price), 0.01, 1e7},
    {"volatility", offsetof(tc_process, volatility), 0, 0.5},
    {"adv", offsetof(tc_process, adv), 1, 1e12},
    {"spread", offsetof(tc_process, spread), 0, 0.5},
    {"tick", offsetof(tc_process, tick), 1e-4, 1e3},
};

static tc_status read_seed(uint64_t *seed, tc_error *error, tc_text text)
{
    char copy[24], *end;
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.data);
    errno = 0;
    *seed = strtoull(copy, &end, 10);
    if (text.size && text.size < sizeof copy && *copy >= '0' && *copy <= '9' && !*end && !errno) return TC_OK;
    return tc_fail(error, TC_BAD_NUMBER, "seed", "seed: \"%s\" is not a whole number", copy);
}

static tc_status set(tc_process *process, tc_error *error, tc_text key, tc_text text)
{
    double value;
    if (tc_text_is(key, "seed")) return read_seed(&process->seed, error, text);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (!tc_text_is(key, settings[i].name)) continue;
        tc_status status = tc_real_read(&value, error, settings[i].name, text);
        if (status) return status;
        if (!(value >= settings[i].least && value <= settings[i].most))
            return tc_fail(error, TC_OUT_OF_DOMAIN, settings[i].name, "%s: %g is not in [%g, %g]", settings[i].name, value,
                           settings[i].least, settings[i].most);
        memcpy((char *)process + settings[i].place, &value, sizeof value);
        return TC_OK;
    }
    return tc_fail(error, TC_UNKNOWN_WORD, "where", "\"%.*s\" is none of seed, price, volatility, adv, spread, tick",
                   (int)(key.size < 40 ? key.size : 40), key.data);
}

/* "key=value,key=value". */
static tc_status read_settings(tc_process *process, tc_error *error, const char *where)
{
    tc_status status = TC_OK;
    while (where && *where && !status) {
        size_t size = strcspn(where, ","), key = strcspn(where, "=,");
        tc_text value = key < size ? (tc_text){where + key + 1, size - key - 1} : (tc_text){where, 0};
        status = set(process, error, (tc_text){where, key}, value);
        where += size + (where[size] == ',');
    }
    return status;
}

static void draw_curves(simulation *s)
{
    for (unsigned m = 0; m < TC_SESSION_MINUTES; m++) {
        s->volume_curve[m + 1] = s->volume_curve[m] + tc_process_volume_part(m);
        s->variance_curve[m + 1] = s->variance_curve[m] + tc_process_variance_part(m);
    }
    s->volume_curve[TC_SESSION_MINUTES] = s->variance_curve[TC_SESSION_MINUTES] = 1; /* but for rounding it is */
}

static tc_status simulation_open(void **handle, tc_error *error, const char *where)
{
    simulation *s = calloc(1, sizeof *s);
    if (!s) return tc_fail(error, TC_NO_MEMORY, "", "no memory for a simulation");
    s->process = (tc_process){.price = 1000, .volatility = 0.02, .adv = 1e6, .spread = 0.0005, .tick = 0.05};
    tc_status status = read_settings(&s->process, error, where);
    draw_curves(s);
    if (status) free(s);
    else *handle = s;
    return status;
}

/* FNV-1a of EXCHANGE:SYMBOL: each security has a market of its own. */
static uint64_t digest(const tc_security *which)
{
    const tc_text parts[] = {which->exchange, {":", 1}, which->symbol};
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t k = 0; k < parts[i].size; k++) hash = (hash ^ (unsigned char)parts[i].data[k]) * UINT64_C(0x100000001B3);
    return hash;
}

/* The last minute that has ended at `at`; session -1: none has. */
static void find_minute(int32_t *session, unsigned *minute, tc_date *date, int64_t at)
{
    int64_t micros;
    tc_instant_split(date, &micros, at);
    int64_t ended = micros / TC_MINUTE_MICROS - TC_SESSION_OPENS_MINUTE;
    if (ended < 1) date->day--; /* nothing of this day yet */
    for (*session = -1; date->day >= TC_PROCESS_FIRST_DAY; date->day--, ended = TC_SESSION_MINUTES)
        if ((*session = tc_process_session(*date)) >= 0) break;
    bool whole = ended < 1 || ended > TC_SESSION_MINUTES;
    if (date->day > LAST_DAY) *session = -1;
    *minute = (whole ? TC_SESSION_MINUTES : (unsigned)ended) - 1;
}

static void put_day(tc_market *market, const tc_process_minute *minute, unsigned count)
{
    double *value = market->value;
    value[TC_M_OPEN] = value[TC_M_HIGH] = value[TC_M_LOW] = minute->last;
    value[TC_M_VOLUME] = 0;
    for (unsigned m = 0; m < count; m++) {
        value[TC_M_HIGH] = fmax(value[TC_M_HIGH], minute[m].last);
        value[TC_M_LOW] = fmin(value[TC_M_LOW], minute[m].last);
        value[TC_M_VOLUME] += minute[m].volume;
    }
    value[TC_M_LAST] = minute[count - 1].last;
}

static void put_book(tc_market *market, const tc_process *process, const tc_process_minute *now, const double *bid, const double *ask)
{
    for (unsigned i = 0; i < TC_PROCESS_LEVELS; i++) {
        double below = floor((now->bid - i * process->tick) * 1e4 + 0.5) / 1e4;
        double above = floor((now->ask + i * process->tick) * 1e4 + 0.5) / 1e4;
        if (below > 0) market->bid[market->bid_levels++] = (tc_depth){below, bid[i]};
        market->ask[market->ask_levels++] = (tc_depth){above, ask[i]};
    }
    market->value[TC_M_BID] = now->bid;
    market->value[TC_M_ASK] = now->ask;
    market->value[TC_M_BID_QUANTITY] = bid[0];
    market->value[TC_M_ASK_QUANTITY] = ask[0];
}

/* Mean volume, and standard deviation (ddof 1) of the logarithmic returns, of up to 20 sessions before. */
static void put_past(tc_market *market, const tc_process *process, int32_t session)
{
    int32_t days = session < DAYS ? session : DAYS;
    double volume = 0, mean = 0, squares = 0;
    for (int32_t i = 0; i < days; i++) {
        double deviation = tc_process_return(process, session - days + i) - mean;
        volume += tc_process_volume(process, session - days + i);
        mean += deviation / (i + 1);
        squares += deviation * deviation * i / (i + 1);
    }
    if (days >= 1) market->value[TC_M_ADV] = volume / days, market->adv_days = (uint16_t)days;
    if (days >= 2) market->value[TC_M_VOLATILITY] = sqrt(squares / (days - 1)), market->volatility_days = (uint16_t)days;
    /* A process that stands still, or trades less than a share a day, has none. */
    if (!(market->value[TC_M_VOLATILITY] > 0)) market->value[TC_M_VOLATILITY] = NAN;
    if (!(market->value[TC_M_ADV] > 0)) market->value[TC_M_ADV] = NAN;
}

static void put_minute(tc_market *market, simulation *s, int32_t session, unsigned minute)
{
    double bid[TC_PROCESS_LEVELS], ask[TC_PROCESS_LEVELS];
    if (session > 0) {
        tc_process_day(&s->process, session - 1, s->minute);
        market->value[TC_M_PREVIOUS_CLOSE] = s->minute[TC_SESSION_MINUTES - 1].last;
    }
    tc_process_day(&s->process, session, s->minute);
    tc_process_book(&s->process, session, minute, bid, ask);
    put_day(market, s->minute, minute + 1);
    put_book(market, &s->process, &s->minute[minute], bid, ask);
    put_past(market, &s->process, session);
    market->value[TC_M_TICK] = s->process.tick;
    market->volume_curve = (tc_curve){s->volume_curve, CURVE_POINTS};
    market->variance_curve = (tc_curve){s->variance_curve, CURVE_POINTS};
}

/* Noon of a day on which the stock exchanges were open. */
static const int64_t UNLESS_SAID = INT64_C(1767249000000000); /* 2026-01-01T12:00 in India */

static tc_status simulation_market(void *handle, tc_market *market, tc_error *error, const tc_security *which, int64_t at)
{
    simulation *s = handle;
    int32_t session;
    unsigned minute;
    tc_date date;
    if (at == TC_NOW) at = UNLESS_SAID;
    if (!which->symbol.size) return tc_fail(error, TC_MARKET_MISSING, "symbol", "a simulation needs a symbol");
    find_minute(&session, &minute, &date, at);
    if (session < 0) return tc_fail(error, TC_MARKET_MISSING, "at", "simulated sessions are those from 2020-01-01 to 2099-12-31");
    s->process.security = digest(which);
    tc_market_clear(market);
    put_minute(market, s, session, minute);
    market->time = tc_instant_of(date, (TC_SESSION_OPENS_MINUTE + (int64_t)minute + 1) * TC_MINUTE_MICROS);
    market->session = tc_session_at(which->exchange, at);
    market->flags = TC_MF_SIMULATED;
    snprintf(market->source, sizeof market->source, "synthetic seed=%llu", (unsigned long long)s->process.seed);
    return TC_OK;
}

const tc_provider tc_provider_synthetic = {
    .size = sizeof(tc_provider), .version = TC_PROVIDER_VERSION, .name = "synthetic",
    .summary = "drawn at random, the same on every machine",
    .where = "seed=N,price=1000,volatility=0.02,adv=1000000,spread=0.0005,tick=0.05: what is left out is as here, the seed 0; "
             "no time: 2026-01-01T12:00",
    .open = simulation_open, .market = simulation_market, .close = free, .secrets = ""};
