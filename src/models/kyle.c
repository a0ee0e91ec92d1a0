#include "registry.h"

/* Kyle 1985, "Continuous auctions and insider trading", Econometrica 53(6), eqs.
 * (2.4)-(2.6): price = p0 + lambda (x + u) with lambda = sqrt(Sigma0)/(2 sigma_u);
 * an order walked through moves the price by lambda Q and pays half of it. */
enum { Q, LAMBDA, SIGMA0, SIGMA_U, PRICE };

static const tc_model_input inputs[] = {
    [Q] = {"q", "shares", "order quantity", TC_ROLE_QUANTITY, NAN, .domain = TC_AT_LEAST(0)},
    [LAMBDA] = {"lambda", "rupees a share, a share", "price impact of a share; else from sigma0 and sigma_u", TC_ROLE_PARAMETER, NAN,
                .domain = TC_ABOVE(0), .optional = true},
    [SIGMA0] = {"sigma0", "rupees squared", "variance of the value that the market does not know", TC_ROLE_PARAMETER, NAN,
                .domain = TC_ABOVE(0), .optional = true},
    [SIGMA_U] = {"sigma_u", "shares", "standard deviation of what the uninformed trade", TC_ROLE_PARAMETER, NAN, .domain = TC_ABOVE(0),
                 .optional = true},
    [PRICE] = {"price", "rupees", "mid at arrival", TC_ROLE_PRICE, NAN, .domain = TC_ABOVE(0), .optional = true},
};

enum { STEP_LAMBDA, BETA, PEAK, COST };
static const tc_model_step steps[] = {
    [STEP_LAMBDA] = {"lambda", "rupees a share, a share", false}, [BETA] = {"beta", "shares a rupee", false},
    [PEAK] = {"peak_price", "rupees a share", false}, [COST] = {"cost_price", "rupees a share", false}};

static tc_status find_lambda(double *lambda, tc_error *error, const double *in)
{
    bool derived = tc_is_known(in[SIGMA0]) && tc_is_known(in[SIGMA_U]);
    if (!tc_is_known(in[LAMBDA]) && !derived)
        return tc_fail(error, TC_VALUE_NEEDED, "lambda", "lambda, or both sigma0 and sigma_u, is needed");
    if (tc_is_known(in[LAMBDA]) && (tc_is_known(in[SIGMA0]) || tc_is_known(in[SIGMA_U])))
        return tc_fail(error, TC_OUT_OF_DOMAIN, "lambda", "lambda is given twice: itself, and by sigma0 and sigma_u");
    *lambda = derived ? sqrt(in[SIGMA0]) / (2 * in[SIGMA_U]) : in[LAMBDA];
    return TC_OK;
}

static tc_status evaluate(tc_model_result *result, tc_error *error, const double *in, tc_series_room *room)
{
    (void)room;
    double lambda = NAN;
    tc_status status = find_lambda(&lambda, error, in);
    if (status) return status;
    result->step[STEP_LAMBDA] = lambda;
    result->step[BETA] = 1 / (2 * lambda);
    result->step[PEAK] = lambda * in[Q];
    result->step[COST] = result->price = lambda * in[Q] / 2;
    return TC_OK;
}

const tc_model tc_model_kyle = {
    .name = "kyle", .version = 1, .kind = TC_IMPACT_MODEL,
    .summary = "the price moves by lambda a share; the average fill pays half of the move",
    .source = "Kyle 1985, Econometrica 53(6):1315-1335, eqs. (2.4)-(2.6)",
    TC_INPUTS(inputs), TC_STEPS(steps), .evaluate = evaluate};
