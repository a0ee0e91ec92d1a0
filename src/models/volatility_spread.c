#include "spread_floor.h"

/* S = c sigma/sqrt(N): the spread is proportional to the volatility per trade.
 * Wyart, Bouchaud, Kockelkoren, Potters, Vettorazzo 2008, "Relation between
 * bid-ask spread, impact and volatility in order-driven markets", Quantitative
 * Finance 8(1):41-57. They find c between 1 and 2; none is known for India, so it
 * must be given. */
enum { SIGMA, TRADES, C, PRICE, Q };

static const tc_model_input inputs[] = {
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [TRADES] = {"trades", "a day", "number of trades a day", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [C] = {"c", "1", "proportion", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0), .optional = true},
};

enum { PER_TRADE, SPREAD };
static const tc_model_step steps[] = {
    [PER_TRADE] = {"volatility_per_trade_bps", "bps", false}, [SPREAD] = {"spread_bps", "bps", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    result->step[PER_TRADE] = in[SIGMA] / sqrt(in[TRADES]) * TC_BPS;
    result->step[SPREAD] = in[C] * result->step[PER_TRADE];
    result->bps = result->step[SPREAD] / 2;
    return TC_OK;
}

const tc_model tc_model_volatility_spread = {
    .name = "volatility-spread", .version = 1, .kind = TC_SPREAD_MODEL,
    .summary = "half of c sigma/sqrt(trades a day)",
    .source = "Wyart et al. 2008, Quantitative Finance 8(1):41-57",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
