#include "spread_floor.h"

/* The one chain of fallbacks, chosen by name and never by rule: quotes where
 * both are known, else a spread estimated by EDGE, at least one tick. */
enum { BID, ASK, SPREAD, PRICE, TICK, Q };

static const tc_model_input inputs[] = {
    [BID] = {"bid", "rupees", "best bid", TC_ROLE_BID, NAN, .domain = TC_ABOVE(0), .optional = true},
    [ASK] = {"ask", "rupees", "best offer", TC_ROLE_ASK, NAN, .domain = TC_ABOVE(0), .optional = true},
    [SPREAD] = {"spread", "fraction", "relative spread by EDGE", TC_ROLE_SPREAD, NAN, .domain = TC_WITHIN(0, 2), .optional = true},
    [PRICE] = {"price", "rupees", "mid at arrival, where there are no quotes", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
    [TICK] = {"tick", "rupees", "price step, where there are no quotes", TC_ROLE_TICK, NAN, .domain = TC_ABOVE(0), .optional = true},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { QUOTED, RUPEES };
static const tc_model_step steps[] = {[QUOTED] = {"quoted", "1 or 0", false}, [RUPEES] = {"spread_rupees", "rupees", false}};

static tc_status from_quotes(tc_model_result *result, tc_error *error, const double *in)
{
    if (in[BID] >= in[ASK]) return tc_fail(error, TC_OUT_OF_DOMAIN, "bid", "bid %.15g is not below ask %.15g", in[BID], in[ASK]);
    result->step[QUOTED] = 1;
    result->step[RUPEES] = in[ASK] - in[BID];
    tc_spread_half(result, result->step[RUPEES], (in[BID] + in[ASK]) / 2);
    result->se = 0; /* observed */
    return TC_OK;
}

static tc_status from_estimate(tc_model_result *result, tc_error *error, const double *in)
{
    static const struct {
        int input;
        const char *name;
    } needed[] = {{SPREAD, "spread"}, {PRICE, "price"}, {TICK, "tick"}};
    for (size_t i = 0; i < TC_COUNT_OF(needed); i++)
        if (!tc_is_known(in[needed[i].input])) return tc_fail(error, TC_MARKET_MISSING, needed[i].name, "%s", needed[i].name);
    result->step[QUOTED] = 0;
    result->step[RUPEES] = tc_spread_floored(in[SPREAD] * in[PRICE], in[TICK]);
    tc_spread_half(result, result->step[RUPEES], in[PRICE]);
    return TC_OK;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    bool quoted = tc_is_known(in[BID]) && tc_is_known(in[ASK]);
    return quoted ? from_quotes(result, error, in) : from_estimate(result, error, in);
}

const tc_model tc_model_quoted_or_edge = {
    .name = "quoted-or-edge", .version = 1, .kind = TC_SPREAD_MODEL,
    .summary = "half of ask - bid where both are quoted, else half of the EDGE estimate, at least one tick",
    .source = "definition; EDGE: Ardia, Guidotti, Kroencke 2024, J. Financial Economics 161:103916",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
