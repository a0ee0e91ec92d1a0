#include "registry.h"

/* An order that never is more than a share `pov` of all volume, its own included,
 * while others trade V a day: it does at most pov/(1 - pov) V T in a time T, and what
 * is left is told as unfilled. On a straight line a drift costs half of what it moves
 * the price meanwhile (Kissell 2013, ch. 5); what the order itself moves is impact. */
enum { Q, V, POV, T, SIDE, DRIFT, PRICE };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_ABOVE(0)},
    [V] = {"v", "shares a day", "average daily volume, of the others", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [POV] = {"pov", "fraction", "largest share of all volume, own included", TC_ROLE_PARTICIPATION, NAN, .domain = TC_BETWEEN(0, 1)},
    [T] = {"t", "trading days", "time allowed; as long as it takes, if not given", TC_ROLE_DURATION, NAN, .domain = TC_ABOVE(0), .optional = true},
    [SIDE] = {"side", "+1 or -1", "+1: buy, -1: sell", TC_ROLE_SIDE, 1, .domain = TC_WITHIN(-1, 1)},
    [DRIFT] = {"drift", "a day", "expected return, a fraction; 0: none is expected", TC_ROLE_PARAMETER, 0, .domain = TC_ANY},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { RATE, NEEDED, FILLED, UNFILLED };
static const tc_model_step steps[] = {
    [RATE] = {"rate", "shares a day", false}, [NEEDED] = {"days_needed", "trading days", false},
    [FILLED] = {"filled", "shares", false}, [UNFILLED] = {"unfilled", "shares", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    static const double hair = 1e-12; /* a limit of exactly q, but for rounding, fills q */
    (void)error, (void)room;
    double rate = result->step[RATE] = in[POV] / (1 - in[POV]) * in[V];
    double needed = result->step[NEEDED] = in[Q] / rate;
    bool whole = !tc_is_known(in[T]) || needed <= in[T] * (1 + hair);
    result->step[FILLED] = whole ? in[Q] : rate * in[T];
    result->step[UNFILLED] = in[Q] - result->step[FILLED];
    result->bps = in[SIDE] * in[DRIFT] * (whole ? needed : in[T]) / 2 * TC_BPS;
    result->rupees = result->bps / TC_BPS * in[PRICE] * result->step[FILLED];
    if (in[DRIFT] == 0) result->se = 0; /* no drift is an assumption, not a fit */
    return TC_OK;
}

const tc_model tc_model_participation = {
    .name = "participation", .version = 1, .kind = TC_SLIPPAGE_MODEL,
    .summary = "how much fills below a share of the volume, and what a drift costs meanwhile",
    .source = "Kissell 2013, The Science of Algorithmic Trading, ch. 5 (price appreciation)",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
