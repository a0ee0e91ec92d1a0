#include "registry.h"

/* cvxportfolio's TransactionCost, after Boyd et al. 2017, "Multi-period trading via
 * convex optimization": a|x| + b sigma |x|^e/(V + 1e-8)^(e-1) + c x, all in money.
 * The 1e-8 is the framework's. */
enum { X, V, SIGMA, A, B, C, E };

static const tc_model_input inputs[] = {
    [X] = {"x", "rupees", "value traded; below 0 for a sale", TC_ROLE_SETTING, NAN, .domain = TC_ANY},
    [V] = {"v", "rupees a day", "value of the market's volume", TC_ROLE_SETTING, NAN, .domain = TC_ABOVE(0)},
    [SIGMA] = {"sigma", "per sqrt(day)", "volatility of daily returns, a fraction", TC_ROLE_VOLATILITY, NAN, .domain = TC_ABOVE(0)},
    [A] = {"a", "1", "linear cost: half the spread, as a fraction", TC_ROLE_PARAMETER, 0, .domain = TC_AT_LEAST(0)},
    [B] = {"b", "1", "of the impact", TC_ROLE_PARAMETER, 1, .domain = TC_AT_LEAST(0)},
    [C] = {"c", "1", "what buying costs more than selling", TC_ROLE_PARAMETER, 0, .domain = TC_ANY},
    [E] = {"e", "1", "exponent of the value traded", TC_ROLE_PARAMETER, 1.5, .domain = TC_AT_LEAST(1)},
};

enum { LINEAR, IMPACT, ONE_SIDED };
static const tc_model_step steps[] = {
    [LINEAR] = {"linear", "rupees", false}, [IMPACT] = {"impact", "rupees", false}, [ONE_SIDED] = {"asymmetry", "rupees", false}};

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)error, (void)room;
    double size = fabs(in[X]);
    result->step[LINEAR] = in[A] * size;
    result->step[IMPACT] = in[B] * in[SIGMA] * size * pow(size / (in[V] + 1e-8), in[E] - 1);
    result->step[ONE_SIDED] = in[C] * in[X];
    result->rupees = result->step[LINEAR] + result->step[IMPACT] + result->step[ONE_SIDED];
    result->bps = result->rupees / size * TC_BPS;
    return TC_OK;
}

const tc_model tc_model_cvxportfolio = {
    .name = "cvxportfolio", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "cvxportfolio's transaction cost, for comparison: a|x| + b sigma |x|^e/V^(e-1) + c x",
    .source = "cvxportfolio TransactionCost; Boyd et al. 2017, Foundations and Trends in Optimization 3(1)",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
