/* market.c - the conditions of a market as they were known at a moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "market/tick_size.h"
#include "sessions.h"
#include "text/values.h"

enum {
    STANDARD_WINDOW = 20,
    CURVE_POINTS = TC_SESSION_MINUTES / 5,
    CURVE_SESSIONS_MIN = 5,
    CURVE_SESSIONS = 20,
    BAR_SECONDS_MAX = 300, /* longer bars do not fit the points of a curve */
};
#define STALE_MICROS INT64_C(60000000)

typedef struct {
    tc_store *store;
    tc_market *market;
    tc_error *error;
    security found;
    tc_date day;       /* of `at`; daily figures are of the days before */
    int64_t at;
    unsigned window;
    bool with_short, with_today;
    double lot;        /* of the last day that told */
} view;

/* --- daily figures --- */

/* The days that count, newest last: full sessions (unless short ones are wanted) without a gap, at most `most`. */
static size_t choose_days(view *v, tc_daily_bar *chosen, size_t most)
{
    const tc_daily_bar *bar = v->store->days.data;
    size_t count = 0;
    int32_t next = v->day.day;
    for (size_t i = v->store->days.count; i-- > 0 && count < most;) {
        if (next - bar[i].date.day > TC_GAP_DAYS_MAX) break;
        next = bar[i].date.day;
        bool left_out = tc_session_is_short(bar[i].minutes) && !v->with_short;
        if (left_out) v->market->flags |= TC_MF_SHORT_SESSIONS;
        else chosen[count++] = bar[i];
    }
    for (size_t i = 0; i < count / 2; i++) {
        tc_daily_bar swapped = chosen[i];
        chosen[i] = chosen[count - 1 - i];
        chosen[count - 1 - i] = swapped;
    }
    return count;
}

/* Mean of the volumes, in shares of today. A day whose volume is unknown is left out. */
static void set_adv(view *v, const tc_daily_bar *bar, size_t count)
{
    double sum = 0;
    uint16_t days = 0;
    for (size_t i = 0; i < count; i++) {
        if (!tc_is_known(bar[i].volume)) continue;
        sum += bar[i].volume / bar[i].factor;
        days++;
    }
    if (!days || !(sum > 0)) return;
    v->market->value[TC_M_ADV] = sum / days;
    v->market->adv_days = days;
}

/* Standard deviation of the logarithmic returns close to close, with n - 1 in the denominator. */
static void set_volatility(view *v, const tc_daily_bar *bar, size_t count)
{
    double mean = 0, squares = 0;
    uint16_t returns = 0;
    for (size_t i = 1; i < count; i++) {
        double change = log(bar[i].close * bar[i].factor / (bar[i - 1].close * bar[i - 1].factor));
        if (!isfinite(change)) continue;
        double off = change - mean;
        mean += off / ++returns;
        squares += off * (change - mean);
    }
    if (returns < 2 || !(squares > 0)) return;
    v->market->value[TC_M_VOLATILITY] = sqrt(squares / (returns - 1));
    v->market->volatility_days = returns;
}

static tc_status set_daily(view *v)
{
    double *value = v->market->value;
    size_t most = v->window + 1; /* a return needs the close before */
    days_extra extra;
    tc_status status = tc_store_read_days(v->store, &extra, v->error, &v->found, v->day, most * 2 + 20);
    if (status || !v->store->days.count) return status;
    v->lot = extra.lot;
    for (size_t i = 0; i < v->store->days.count; i++) v->store->days.data[i].factor *= extra.pending;
    tc_daily_bar *chosen = calloc(most, sizeof *chosen);
    if (!chosen) return tc_fail(v->error, TC_NO_MEMORY, "", "%s", "");
    size_t count = choose_days(v, chosen, most);
    set_adv(v, chosen + (count == most), count - (count == most));
    set_volatility(v, chosen, count);
    if (count && chosen[0].factor != 1) v->market->flags |= TC_MF_ADJUSTED;
    free(chosen);
    const tc_daily_bar *last = &v->store->days.data[v->store->days.count - 1];
    if (v->day.day - last->date.day > TC_GAP_DAYS_MAX) return TC_OK;
    value[TC_M_PREVIOUS_CLOSE] = value[TC_M_LAST] = last->close * extra.pending;
    return TC_OK;
}

/* The day's own figures, as they were after its close. */
static tc_status set_today(view *v)
{
    double *value = v->market->value;
    days_extra extra;
    tc_status status = tc_store_read_days(v->store, &extra, v->error, &v->found, (tc_date){v->day.day + 1}, 2);
    size_t count = v->store->days.count;
    const tc_daily_bar *bar = count ? &v->store->days.data[count - 1] : NULL, *before = count > 1 ? bar - 1 : NULL;
    if (status || !bar || bar->date.day != v->day.day) return status;
    value[TC_M_OPEN] = bar->open;
    value[TC_M_HIGH] = bar->high;
    value[TC_M_LOW] = bar->low;
    value[TC_M_LAST] = bar->close;
    value[TC_M_VOLUME] = bar->volume;
    bool split = before && before->factor != bar->factor; /* the exchange prints that close as it was */
    if (split) value[TC_M_PREVIOUS_CLOSE] = before->close * before->factor / bar->factor;
    else if (tc_is_known(bar->previous_close)) value[TC_M_PREVIOUS_CLOSE] = bar->previous_close;
    return TC_OK;
}

/* --- of the day itself --- */

static void note_price(view *v, double open, double high, double low, double last, double volume)
{
    double *value = v->market->value;
    if (!tc_is_known(value[TC_M_OPEN])) value[TC_M_OPEN] = open;
    value[TC_M_HIGH] = fmax(value[TC_M_HIGH], high);
    value[TC_M_LOW] = fmin(value[TC_M_LOW], low);
    value[TC_M_LAST] = last;
    value[TC_M_VOLUME] = tc_is_known(value[TC_M_VOLUME]) ? value[TC_M_VOLUME] + volume : volume;
}

/* Bars are known when they have ended. Of several lengths the shortest counts. */
static tc_status set_bars(view *v, int64_t *seen)
{
    tc_status status = tc_store_read_bars(v->store, &v->found, v->error, start_of(v->day), v->at);
    const tc_bar *bar = v->store->bars.data;
    uint32_t shortest = UINT32_MAX;
    for (size_t i = 0; i < v->store->bars.count; i++)
        if (bar[i].seconds < shortest) shortest = bar[i].seconds;
    for (size_t i = 0; i < v->store->bars.count && !status; i++) {
        int64_t end = bar[i].time + bar[i].seconds * INT64_C(1000000);
        if (bar[i].seconds != shortest || end > v->at) continue;
        note_price(v, bar[i].open, bar[i].high, bar[i].low, bar[i].close, bar[i].volume);
        *seen = end;
    }
    return status;
}

static tc_status set_trades(view *v, int64_t *seen)
{
    tc_status status = tc_store_read_trades(v->store, &v->found, v->error, start_of(v->day), v->at + 1);
    const tc_trade_tick *trade = v->store->trades.data;
    bool bars = *seen != INT64_MIN;
    for (size_t i = 0; i < v->store->trades.count && !status; i++) {
        if (!bars) note_price(v, trade[i].price, trade[i].price, trade[i].price, trade[i].price, trade[i].quantity);
        else if (trade[i].time >= *seen) v->market->value[TC_M_LAST] = trade[i].price;
        if (trade[i].time > *seen) *seen = trade[i].time;
    }
    return status;
}

static tc_status set_quote(view *v, int64_t *seen)
{
    int64_t latest = INT64_MIN;
    tc_status status = TC_OK;
    for (size_t i = 0; i < v->found.count && !status; i++) {
        const tc_db_value value[] = {db_integer(v->found.member[i].listing), db_integer(start_of(v->day)), db_integer(v->at)};
        const tc_db_value *row;
        status = tc_store_first(v->store, v->error, ASK_LAST_QUOTE, &row, value, 3);
        if (status || !row || row[0].integer <= latest) continue;
        latest = row[0].integer;
        for (int k = 0; k < 4; k++) v->market->value[TC_M_BID + k] = as_real(row[1 + k]);
    }
    if (latest > *seen) *seen = latest;
    return status;
}

static tc_status set_intraday(view *v)
{
    int64_t seen = INT64_MIN;
    tc_status status = set_bars(v, &seen);
    if (!status) status = set_trades(v, &seen);
    if (!status) status = set_quote(v, &seen);
    bool stale = seen == INT64_MIN || v->at - seen > STALE_MICROS;
    if (stale && v->market->session == TC_SESSION_CONTINUOUS) v->market->flags |= TC_MF_STALE;
    return status;
}

/* --- what was told of the instrument --- */

static tc_status set_instrument(view *v)
{
    double *value = v->market->value;
    tc_status status = TC_OK;
    for (size_t i = 0; i < v->found.count && !status; i++) {
        const tc_db_value asked[] = {db_integer(v->found.member[i].listing), db_integer(v->day.day)};
        const tc_db_value *row;
        status = tc_store_first(v->store, v->error, ASK_INSTRUMENT, &row, asked, 2);
        for (int k = 0; !status && row && k < 3; k++)
            if (!tc_is_known(value[TC_M_TICK + k])) value[TC_M_TICK + k] = as_real(row[k]);
    }
    if (!tc_is_known(value[TC_M_LOT])) value[TC_M_LOT] = v->lot;
    bool banded = v->found.equity && !strcmp(v->found.exchange, "NSE") && tc_is_known(value[TC_M_PREVIOUS_CLOSE]);
    if (!tc_is_known(value[TC_M_TICK]) && banded) value[TC_M_TICK] = tc_tick_size(v->day, value[TC_M_PREVIOUS_CLOSE]);
    return status;
}

/* --- curves --- */

/* Adds one session's shares of volume and of squared returns, each divided by the session's whole, into the points. False:
 * the session has none. */
static bool add_session(double *point, const tc_bar *bar, size_t count, int64_t opens, bool of_variance)
{
    double part[CURVE_POINTS] = {0}, whole = 0, before = NAN;
    for (size_t i = 0; i < count; i++) {
        int64_t minute = (bar[i].time - opens) / MICROS_A_MINUTE;
        if (bar[i].time < opens || minute >= TC_SESSION_MINUTES || bar[i].seconds > BAR_SECONDS_MAX) continue;
        double change = log(bar[i].close / (tc_is_known(before) ? before : bar[i].open));
        double amount = of_variance ? change * change : bar[i].volume;
        before = bar[i].close;
        if (!isfinite(amount)) continue;
        part[minute / 5] += amount;
        whole += amount;
    }
    for (size_t i = 0; i < CURVE_POINTS && whole > 0; i++) point[i + 1] += part[i] / whole;
    return whole > 0;
}

static tc_curve finish_curve(double *point, size_t sessions)
{
    if (sessions < CURVE_SESSIONS_MIN) return (tc_curve){0};
    point[0] = 0;
    for (size_t i = 1; i <= CURVE_POINTS; i++) point[i] = point[i - 1] + point[i] / (double)sessions;
    for (size_t i = 0; i <= CURVE_POINTS; i++) point[i] /= point[CURVE_POINTS];
    return (tc_curve){point, CURVE_POINTS + 1};
}

/* Bars of the day that ends before `end`, or of the last day before it that has any, in the shortest length of that day:
 * how many; `*day` is that day. */
static tc_status read_session(view *v, tc_date *day, int64_t end, size_t *count)
{
    tc_store *store = v->store;
    int64_t latest = INT64_MIN;
    tc_status status = TC_OK;
    *count = 0;
    for (size_t i = 0; i < v->found.count && !status; i++) {
        const tc_db_value value[] = {db_integer(v->found.member[i].listing), db_integer(end)};
        const tc_db_value *row;
        status = tc_store_first(store, v->error, ASK_LAST_BAR_BEFORE, &row, value, 2);
        if (!status && row && as_integer(row[0], INT64_MIN) > latest) latest = row[0].integer;
    }
    if (status || latest == INT64_MIN) return status;
    *day = date_of(latest);
    status = tc_store_read_bars(store, &v->found, v->error, start_of(*day), start_of(*day) + MICROS_A_DAY);
    if (status) return status;
    uint32_t shortest = UINT32_MAX;
    for (size_t i = 0; i < store->bars.count; i++)
        if (store->bars.data[i].seconds < shortest) shortest = store->bars.data[i].seconds;
    for (size_t i = 0; i < store->bars.count; i++)
        if (store->bars.data[i].seconds == shortest) store->bars.data[(*count)++] = store->bars.data[i];
    return TC_OK;
}

static tc_status set_curves(view *v)
{
    tc_store *store = v->store;
    size_t sessions = 0, volumes = 0, variances = 0, count = 1;
    tc_date day = v->day;
    tc_status status = TC_OK;
    memset(store->volume_curve, 0, sizeof store->volume_curve);
    memset(store->variance_curve, 0, sizeof store->variance_curve);
    while (sessions < CURVE_SESSIONS && !status) {
        tc_date next = day;
        status = read_session(v, &day, start_of(day), &count);
        if (status || !count || next.day - day.day > TC_GAP_DAYS_MAX) break;
        int covered = tc_covered_minutes(store->bars.data, count);
        if (tc_session_is_short(tc_session_minutes(tc_text_of(v->found.exchange), day, covered)) && !v->with_short) continue;
        int64_t opens = start_of(day) + TC_SESSION_OPENS_MINUTE * MICROS_A_MINUTE;
        volumes += add_session(store->volume_curve, store->bars.data, count, opens, false);
        variances += add_session(store->variance_curve, store->bars.data, count, opens, true);
        sessions++;
    }
    v->market->volume_curve = finish_curve(store->volume_curve, volumes);
    v->market->variance_curve = finish_curve(store->variance_curve, variances);
    return status;
}

/* --- together --- */

/* The end of what there is of a security: its last tick, or the midnight behind its last day. */
static tc_status find_end(tc_store *store, int64_t *end, tc_error *error, const security *found)
{
    static const query_id last[] = {ASK_LAST_BAR_TIME, ASK_LAST_QUOTE_TIME, ASK_LAST_TRADE_TIME};
    int64_t tick = INT64_MIN, day = TC_DATE_MIN;
    for (size_t i = 0; i < found->count; i++) {
        const tc_db_value value[] = {db_text(tc_text_of(found->exchange)), db_integer(found->member[i].listing)};
        const tc_db_value *row;
        tc_status status = tc_store_first(store, error, ASK_LAST_DAY, &row, value, 2);
        if (!status && row && as_integer(row[0], TC_DATE_MIN) > day) day = row[0].integer;
        for (size_t k = 0; k < sizeof last / sizeof *last && !status; k++) {
            status = tc_store_first(store, error, last[k], &row, value + 1, 1);
            if (!status && row && as_integer(row[0], INT64_MIN) > tick) tick = row[0].integer;
        }
        if (status) return status;
    }
    int64_t midnight = start_of((tc_date){(int32_t)day + 1});
    *end = tick != INT64_MIN && date_of(tick).day >= day ? tick : midnight;
    return TC_OK;
}

static bool knows_something(const tc_market *market)
{
    for (int i = 0; i < TC_M_TICK; i++)
        if (tc_is_known(market->value[i])) return true;
    return market->volume_curve.count > 0;
}

static tc_status look(view *v)
{
    v->market->time = v->at;
    v->market->session = tc_session_at(tc_text_of(v->found.exchange), v->at);
    snprintf(v->market->source, sizeof v->market->source, "store %s", v->store->kind->scheme);
    tc_status status = set_daily(v);
    if (!status) status = set_intraday(v);
    if (!status && v->with_today) status = set_today(v);
    if (!status) status = set_instrument(v);
    if (!status) status = set_curves(v);
    return status;
}

tc_status tc_store_market(tc_store *store, tc_market *market, tc_error *error, const tc_security *which, int64_t at,
                          const tc_store_options *options)
{
    enum { WINDOW_MAX = 1000 };
    static const tc_store_options standard = {0};
    tc_market answer;
    tc_date last = {TC_DATE_MAX - 1};
    view v = {.store = store, .market = &answer, .error = error, .at = at, .lot = NAN};
    if (!options) options = &standard;
    v.window = options->adv_days ? options->adv_days : STANDARD_WINDOW;
    if (v.window > WINDOW_MAX) v.window = WINDOW_MAX;
    v.with_short = options->with_short_sessions;
    v.with_today = options->with_today;
    bool now = at >= start_of(last) || at <= start_of((tc_date){TC_DATE_MIN + 1});
    tc_status status = tc_store_find(store, &v.found, error, which, now ? last : date_of(at));
    if (!status && now) status = find_end(store, &v.at, error, &v.found);
    if (status) return status;
    v.day = date_of(v.at);
    tc_market_clear(&answer);
    status = look(&v);
    if (status) return status;
    if (!knows_something(&answer)) return tc_fail(error, TC_MARKET_MISSING, "symbol", "nothing is known of %s:%s by then", v.found.exchange, v.found.symbol);
    *market = answer;
    return TC_OK;
}
