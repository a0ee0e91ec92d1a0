#include "market/tick_size.h"
#include "spread_floor.h"

/* No quoted spread is narrower than a tick, and names whose tick is wide trade
 * at just that. The tick is given, or that of NSE's dated bands (tick_size.h). */
enum { PRICE, SPREAD, TICK, DATE, Q };

static const tc_model_input inputs[] = {
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0)},
    [SPREAD] = {"spread", "fraction", "relative spread to be raised; else one tick", TC_ROLE_SPREAD, NAN, .domain = TC_WITHIN(0, 2), .optional = true},
    [TICK] = {"tick", "rupees", "price step", TC_ROLE_TICK, NAN, .domain = TC_ABOVE(0), .optional = true},
    [DATE] = {"date", "yyyymmdd", "trade date, for NSE's tick where none is given", TC_ROLE_SETTING, NAN, .domain = TC_WITHIN(10101, 99991231), .optional = true},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { STEP, RUPEES };
static const tc_model_step steps[] = {[STEP] = {"tick", "rupees", false}, [RUPEES] = {"spread_rupees", "rupees", false}};

static tc_status tick_of(double *tick, tc_error *error, const double *in)
{
    *tick = in[TICK];
    if (tc_is_known(*tick)) return TC_OK;
    if (!tc_is_known(in[DATE])) return tc_fail(error, TC_MARKET_MISSING, "tick", "tick, or a date that tells NSE's");
    int day = (int)in[DATE];
    tc_date date;
    if (day != in[DATE] || tc_date_of(&date, day / 10000, day / 100 % 100, day % 100)) return tc_fail(error, TC_OUT_OF_DOMAIN, "date", "%.15g is no day yyyymmdd", in[DATE]);
    *tick = tc_tick_size(date, in[PRICE]);
    return TC_OK;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    tc_status status = tick_of(&result->step[STEP], error, in);
    if (status) return status;
    result->step[RUPEES] = tc_spread_floored(tc_is_known(in[SPREAD]) ? in[SPREAD] * in[PRICE] : 0, result->step[STEP]);
    tc_spread_half(result, result->step[RUPEES], in[PRICE]);
    return TC_OK;
}

const tc_model tc_model_tick_floor_spread = {
    .name = "tick-floor-spread", .version = 1, .kind = TC_SPREAD_MODEL,
    .summary = "half of a relative spread raised to the tick, or of one tick",
    .source = "NSE price bands: circular of 2024-05-24; Fyers and Angel One notices of 2025-03-17",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
