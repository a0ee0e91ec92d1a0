#include "registry.h"

/* Crossing the spread once costs half of it, by definition of the mid. */
enum { BID, ASK, Q };

static const tc_model_input inputs[] = {
    [BID] = {"bid", "rupees", "best bid", TC_ROLE_BID, NAN, .domain = TC_ABOVE(0)},
    [ASK] = {"ask", "rupees", "best offer", TC_ROLE_ASK, NAN, .domain = TC_ABOVE(0)},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { MID, SPREAD };
static const tc_model_step steps[] = {[MID] = {"mid", "rupees", false}, [SPREAD] = {"spread_bps", "bps of mid", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    if (in[BID] >= in[ASK]) return tc_fail(error, TC_OUT_OF_DOMAIN, "bid", "bid %.15g is not below ask %.15g", in[BID], in[ASK]);
    double mid = result->step[MID] = (in[BID] + in[ASK]) / 2;
    result->step[SPREAD] = (in[ASK] - in[BID]) / mid * TC_BPS;
    result->price = (in[ASK] - in[BID]) / 2;
    result->bps = result->step[SPREAD] / 2;
    result->se = 0; /* observed */
    return TC_OK;
}

const tc_model tc_model_quoted_half_spread = {
    .name = "quoted-half-spread", .version = 1, .kind = TC_SPREAD_MODEL,
    .summary = "half of ask - bid, for crossing the spread once",
    .source = "definition",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
