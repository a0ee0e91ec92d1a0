#include "registry.h"

/* Kissell's I-Star: I = a1 (Q/ADV)^a2 sigma^a3 in bps, of which the share b1 is
 * temporary and falls with participation: b1 I POV^a4 + (1 - b1) I. POV is of all
 * volume, own included; sigma is annual. Timing risk is that of an even schedule
 * over (Q/ADV)(1 - POV)/POV days, 250 a year. Kissell, "The Science of Algorithmic
 * Trading and Portfolio Management", 2013. */
enum { Q, ADV, SIGMA, POV, A1, A2, A3, A4, B1, PRICE };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [ADV] = {"adv", "shares a day", "average daily volume", TC_ROLE_ADV, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(year)", "annual volatility, a fraction", TC_ROLE_ANNUAL_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [POV] = {"pov", "fraction", "own share of all volume, own included", TC_ROLE_PARTICIPATION, NAN, .domain = TC_BETWEEN(0, 1)},
    [A1] = {"a1", "bps", "scale", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0)},
    [A2] = {"a2", "1", "exponent of the size", TC_ROLE_PARAMETER, NAN, .domain = TC_AT_LEAST(0)},
    [A3] = {"a3", "1", "exponent of the volatility", TC_ROLE_PARAMETER, NAN, .domain = TC_AT_LEAST(0)},
    [A4] = {"a4", "1", "exponent of the participation", TC_ROLE_PARAMETER, NAN, .domain = TC_AT_LEAST(0)},
    [B1] = {"b1", "1", "temporary share of the impact", TC_ROLE_PARAMETER, NAN, .domain = TC_WITHIN(0, 1)},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { SIZE, ISTAR, TEMPORARY, PERMANENT, COST, RISK, HORIZON };
static const tc_model_step steps[] = {
    [SIZE] = {"q_over_adv", "1", false}, [ISTAR] = {"istar_bps", "bps", false}, [TEMPORARY] = {"temporary_bps", "bps", false},
    [PERMANENT] = {"permanent_bps", "bps", false}, [COST] = {"cost_bps", "bps", false}, [RISK] = {"timing_risk_bps", "bps", false},
    [HORIZON] = {"horizon_days", "days", false}};

#define DAYS_A_YEAR 250

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double size = in[Q] / in[ADV], istar = in[A1] * pow(size, in[A2]) * pow(in[SIGMA], in[A3]);
    result->step[SIZE] = size;
    result->step[ISTAR] = istar;
    result->step[TEMPORARY] = in[B1] * istar * pow(in[POV], in[A4]);
    result->step[PERMANENT] = (1 - in[B1]) * istar;
    result->step[COST] = result->bps = result->step[TEMPORARY] + result->step[PERMANENT];
    result->step[HORIZON] = size * (1 - in[POV]) / in[POV];
    result->step[RISK] = result->sd = in[SIGMA] * sqrt(result->step[HORIZON] / (3.0 * DAYS_A_YEAR)) * TC_BPS;
    return TC_OK;
}

static void slopes(double *slope, const double *in, const tc_model_result *result)
{
    double size = result->step[SIZE], cost = result->bps, temporary = result->step[TEMPORARY], istar = result->step[ISTAR];
    slope[A1] = cost / in[A1];
    slope[A2] = size > 0 ? cost * log(size) : 0;
    slope[A3] = cost * log(in[SIGMA]);
    slope[A4] = temporary * log(in[POV]);
    slope[B1] = istar * (pow(in[POV], in[A4]) - 1);
}

const tc_model tc_model_istar = {
    .name = "istar", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "impact of the whole order at once, and how much of it participation avoids",
    .source = "Kissell 2013, The Science of Algorithmic Trading and Portfolio Management",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate, .slopes = slopes};
