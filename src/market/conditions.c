#include <math.h>
#include <string.h>

#include "text/values.h"
#include "tradecost/market.h"

#define AS_NAME(field, name, unit, meaning) name,
static const char *const names[] = {TC_MARKET_FIELDS(AS_NAME)};
#define AS_UNIT(field, name, unit, meaning) unit,
static const char *const units[] = {TC_MARKET_FIELDS(AS_UNIT)};
#define AS_SESSION(name, word) word,
static const char *const sessions[] = {TC_SESSIONS(AS_SESSION)};

const char *tc_market_name(tc_market_field field)
{
    return (unsigned)field < TC_M_COUNT ? names[field] : NULL;
}

const char *tc_market_unit(tc_market_field field)
{
    return (unsigned)field < TC_M_COUNT ? units[field] : NULL;
}

int tc_market_find(tc_text name)
{
    for (int i = 0; i < TC_M_COUNT; i++)
        if (tc_text_is(name, names[i])) return i;
    return -1;
}

const char *tc_session_name(tc_session session)
{
    return (unsigned)session < TC_SESSION_COUNT ? sessions[session] : NULL;
}

void tc_market_clear(tc_market *market)
{
    memset(market, 0, sizeof *market);
    for (int i = 0; i < TC_M_COUNT; i++) market->value[i] = NAN;
    market->time = INT64_MIN;
}

double tc_market_mid(const tc_market *market)
{
    return (market->value[TC_M_BID] + market->value[TC_M_ASK]) / 2;
}

double tc_market_spread(const tc_market *market)
{
    return market->value[TC_M_ASK] - market->value[TC_M_BID];
}

static tc_status check_value(const tc_market *market, tc_error *error, tc_market_field field)
{
    double value = market->value[field];
    bool may_be_zero = field == TC_M_VOLUME || field == TC_M_BID_QUANTITY || field == TC_M_ASK_QUANTITY || field == TC_M_SPREAD;
    if (!tc_is_known(value) || (isfinite(value) && (value > 0 || (may_be_zero && value == 0)))) return TC_OK;
    return tc_fail(error, TC_BAD_MARKET, names[field], "%s is %g", names[field], value);
}

/* Whether some value is known and not above 0 and finite: rare, and told of all at once, since every estimate asks. */
static bool any_odd(const tc_market *market)
{
    double least = 1, most = 1; /* comparisons with NAN leave them as they are */
    for (int i = 0; i < TC_M_COUNT; i++) {
        double value = market->value[i];
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    return least <= 0 || most == INFINITY;
}

/* `direction` is +1 where prices rise from the best level on, -1 where they fall. */
static tc_status check_levels(const tc_depth *level, size_t count, double direction, tc_error *error, const char *side)
{
    for (size_t i = 0; i < count; i++) {
        bool sound = isfinite(level[i].price) && level[i].price > 0 && isfinite(level[i].quantity) && level[i].quantity >= 0;
        if (!sound) return tc_fail(error, TC_BAD_MARKET, side, "level %zu of the %s side is no price and quantity", i + 1, side);
        if (i && (level[i].price - level[i - 1].price) * direction <= 0)
            return tc_fail(error, TC_BAD_MARKET, side, "level %zu of the %s side is not behind the one before", i + 1, side);
    }
    return TC_OK;
}

static tc_status check_curve(tc_curve curve, tc_error *error, const char *name)
{
    if (!curve.count) return TC_OK;
    bool sound = curve.count >= 2 && curve.point[0] == 0 && fabs(curve.point[curve.count - 1] - 1) < 1e-9;
    for (size_t i = 1; sound && i < curve.count; i++) sound = curve.point[i] >= curve.point[i - 1];
    return sound ? TC_OK : tc_fail(error, TC_BAD_MARKET, name, "%s does not rise from 0 to 1", name);
}

static tc_status check_crossed(double bid, double ask, tc_error *error)
{
    if (!(bid >= ask)) return TC_OK; /* unknown sides cross nothing */
    return tc_fail(error, TC_BAD_MARKET, "bid", "the book is %s: bid %.15g, ask %.15g", bid > ask ? "crossed" : "locked", bid, ask);
}

tc_status tc_market_check(const tc_market *market, tc_error *error)
{
    tc_status status = TC_OK;
    if (any_odd(market))
        for (int i = 0; i < TC_M_COUNT && !status; i++) status = check_value(market, error, (tc_market_field)i);
    if (!status) status = check_crossed(market->value[TC_M_BID], market->value[TC_M_ASK], error);
    if (!status) status = check_levels(market->bid, market->bid_levels, -1, error, "bid");
    if (!status) status = check_levels(market->ask, market->ask_levels, +1, error, "ask");
    if (!status && market->bid_levels && market->ask_levels)
        status = check_crossed(market->bid[0].price, market->ask[0].price, error);
    if (!status) status = check_curve(market->volume_curve, error, "volume_curve");
    if (!status) status = check_curve(market->variance_curve, error, "variance_curve");
    return status;
}

tc_status tc_market_need(double *value, tc_error *error, const tc_market *market, tc_market_field field)
{
    if (!tc_is_known(market->value[field])) return tc_fail(error, TC_MARKET_MISSING, names[field], "%s", names[field]);
    *value = market->value[field];
    return TC_OK;
}

double tc_curve_at(tc_curve curve, double minute)
{
    if (!curve.count || !tc_is_known(minute)) return NAN;
    double place = fmin(fmax(minute / TC_SESSION_MINUTES, 0), 1) * (double)(curve.count - 1);
    size_t before = (size_t)place;
    if (before >= curve.count - 1) return curve.point[curve.count - 1];
    return curve.point[before] + (place - (double)before) * (curve.point[before + 1] - curve.point[before]);
}
