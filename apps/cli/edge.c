#include "edge.h"

#include <math.h>
#include <stdio.h>

#include "market/store/sessions.h"
#include "tradecost/spread.h"

enum { SESSIONS_ASKED = 2 * EDGE_SESSIONS + 20 }; /* some of them may be short */

/* Filled from the end, so that the oldest session stands at `start`. */
typedef struct {
    double open[EDGE_SESSIONS], high[EDGE_SESSIONS], low[EDGE_SESSIONS], close[EDGE_SESSIONS];
    size_t start;
    tc_date first, last;
    uint32_t flags;
} window;

bool edge_is_for(const tc_model *model)
{
    return model && (!strcmp(model->name, "quoted-or-edge") || !strcmp(model->name, "estimated-spread"));
}

static void take_bar(window *w, const tc_daily_bar *bar)
{
    if (w->start == EDGE_SESSIONS) w->last = bar->date;
    w->first = bar->date;
    w->start--;
    w->open[w->start] = bar->open * bar->factor;
    w->high[w->start] = bar->high * bar->factor;
    w->low[w->start] = bar->low * bar->factor;
    w->close[w->start] = bar->close * bar->factor;
    if (bar->factor != 1) w->flags |= TC_MF_ADJUSTED;
}

static void choose_sessions(window *w, const tc_daily_bar *bar, size_t count, tc_date before)
{
    int32_t next = before.day;
    w->start = EDGE_SESSIONS;
    for (size_t i = count; i-- > 0 && w->start > 0;) {
        if (next - bar[i].date.day > TC_GAP_DAYS_MAX) break;
        next = bar[i].date.day;
        if (tc_session_is_short(bar[i].minutes)) w->flags |= TC_MF_SHORT_SESSIONS;
        else take_bar(w, &bar[i]);
    }
}

static tc_status missing(tc_error *error, const char *why)
{
    return tc_fail(error, TC_MARKET_MISSING, "spread", "spread: %s", why);
}

static tc_status estimate(double *spread, tc_error *error, const window *w, tc_date before)
{
    const tc_ohlc bars = {w->open + w->start, w->high + w->start, w->low + w->start, w->close + w->start, EDGE_SESSIONS - w->start};
    tc_spread_estimate edge;
    char day[TC_DATE_TEXT_SIZE], why[96];
    tc_status status = tc_spread_of(&edge, error, TC_EDGE, &bars, false);
    *spread = status ? NAN : edge.spread;
    if (status != TC_NO_SOLUTION) return status;
    tc_date_format(day, before);
    snprintf(why, sizeof why, "EDGE is undefined over %zu session%s before %s", bars.count, bars.count == 1 ? "" : "s", day);
    return missing(error, why);
}

static void tell_window(tc_market *market, const window *w)
{
    char first[TC_DATE_TEXT_SIZE], last[TC_DATE_TEXT_SIZE];
    size_t size = strlen(market->source);
    tc_date_format(first, w->first);
    tc_date_format(last, w->last);
    snprintf(market->source + size, sizeof market->source - size, " + EDGE of %zu sessions %s to %s", EDGE_SESSIONS - w->start, first, last);
}

tc_status edge_find(const market_source *source, tc_market *market, tc_error *error, const tc_security *which)
{
    window w = {0};
    const tc_daily_bar *bars;
    size_t count;
    if (tc_is_known(tc_market_spread(market)) || tc_is_known(market->value[TC_M_SPREAD])) return TC_OK;
    if (!source) return missing(error, "EDGE needs the sessions before: give --store, or --spread");
    if (!source->provider->days || market->time == INT64_MIN) return missing(error, "EDGE needs the sessions before, which this provider does not tell");
    const tc_date day = tc_date_in_ist(market->time / 1000000);
    tc_status status = source->provider->days(source->handle, &bars, &count, error, which, day, SESSIONS_ASKED);
    if (status) return status;
    choose_sessions(&w, bars, count, day);
    status = estimate(&market->value[TC_M_SPREAD], error, &w, day);
    if (status) return status;
    market->flags |= w.flags | TC_MF_ESTIMATED_SPREAD;
    tell_window(market, &w);
    return TC_OK;
}

void edge_note_floor(tc_market *market, const tc_component *spread)
{
    if (!edge_is_for(spread->model) || tc_is_known(tc_market_spread(market))) return;
    int relative = tc_model_input_find(spread->model, tc_text_of("spread")), price = tc_model_input_find(spread->model, tc_text_of("price"));
    if (2 * spread->price > spread->input[relative] * spread->input[price]) market->flags |= TC_MF_TICK_FLOOR;
}
