/* The registry and the models of impact: what must hold of all of them, and the limits of each. */
#include "test.h"

#include <math.h>

#include "models/registry.h"
#include "models/schedule/optimal.h"

#define DATA TC_FIXTURES "/../../../shared/data/models/"

static void near(double got, double wanted, double relative)
{
    if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("%.17g, wanted %.17g within %g", got, wanted, relative);
}

static const tc_model *model_of(const char *name)
{
    const tc_model *model = tc_model_find(text_of(name));
    if (!model) fail_msg("no model %s", name);
    return model;
}

/* Inputs from "key=value key=value ..."; the others are unknown. */
static void inputs_of(double *input, const tc_model *model, const char *line)
{
    char copy[400], *end;
    for (size_t i = 0; i < model->input_count; i++) input[i] = NAN;
    assert_true((size_t)snprintf(copy, sizeof copy, "%s", line) < sizeof copy);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        char *equals = strchr(word, '=');
        int at = equals ? tc_model_input_find(model, (tc_text){word, (size_t)(equals - word)}) : -1;
        if (at < 0) fail_msg("%s takes no %s", model->name, word);
        input[at] = strtod(equals + 1, &end);
        assert_int_equal(*end, 0);
    }
}

static tc_status run(tc_model_result *result, const char *name, const char *line)
{
    double input[TC_INPUTS_MAX];
    const tc_model *model = model_of(name);
    inputs_of(input, model, line);
    return tc_model_evaluate(result, NULL, model, input, NULL, NULL);
}

static double bps(const char *name, const char *line)
{
    tc_model_result result;
    assert_int_equal(run(&result, name, line), TC_OK);
    return result.bps;
}

static double step(const char *name, const char *line, const char *which)
{
    tc_model_result result;
    int at = tc_model_step_find(model_of(name), text_of(which));
    assert_int_equal(run(&result, name, line), TC_OK);
    assert_true(at >= 0);
    return result.step[at];
}

static double last(const char *name, const char *line)
{
    const tc_model *model = model_of(name);
    return step(name, line, model->steps[model->step_count - 1].name);
}

/* Of every model */

static size_t words_in(const char *words)
{
    size_t count = 1;
    for (; *words; words++) count += *words == ' ';
    return count;
}

static void check_input(const tc_model *model, size_t at)
{
    const tc_model_input *input = &model->inputs[at];
    tc_domain d = input->domain;
    if (!input->key || !input->unit || !*input->unit || !input->meaning || (unsigned)input->role >= TC_ROLE_COUNT)
        fail_msg("%s: input %zu is not described", model->name, at);
    if (tc_model_input_find(model, text_of(input->key)) != (int)at) fail_msg("%s: two inputs %s", model->name, input->key);
    if (!(d.low < d.high)) fail_msg("%s: %s has no domain", model->name, input->key);
    bool above = d.low_open ? input->standard > d.low : input->standard >= d.low;
    bool below = d.high_open ? input->standard < d.high : input->standard <= d.high;
    if (tc_is_known(input->standard) && !(above && below)) fail_msg("%s: the standard of %s is outside its domain", model->name, input->key);
    if (input->words && (d.low != 0 || d.high != (double)words_in(input->words) - 1)) fail_msg("%s: words of %s", model->name, input->key);
    if (input->standard_error > 0 && input->role != TC_ROLE_PARAMETER) fail_msg("%s: an error of %s", model->name, input->key);
}

/* A cost is converted by the one price and the one quantity among the inputs. */
static void check_roles(const tc_model *model)
{
    unsigned count[TC_ROLE_COUNT] = {0};
    for (size_t i = 0; i < model->input_count; i++) count[model->inputs[i].role]++;
    if (count[TC_ROLE_PRICE] > 1 || count[TC_ROLE_QUANTITY] > 1) fail_msg("%s has two prices or quantities", model->name);
}

static void registry_is_sound(void **state)
{
    (void)state;
    const tc_model *model, *before = NULL;
    for (size_t i = 0; (model = tc_model_at(i)); before = model, i++) {
        assert_ptr_equal(tc_model_find(text_of(model->name)), model);
        if (before && (before->kind > model->kind || (before->kind == model->kind && strcmp(before->name, model->name) > 0)))
            fail_msg("%s stands before %s", before->name, model->name);
        assert_true(model->version >= 1 && model->summary && model->source);
        assert_true(model->input_count >= 1 && model->input_count <= TC_INPUTS_MAX && model->step_count <= TC_STEPS_MAX);
        assert_true(!model->evaluate != !model->evaluate_on);
        for (size_t k = 0; k < model->input_count; k++) check_input(model, k);
        check_roles(model);
        for (size_t k = 0; k < model->step_count; k++) {
            assert_true(model->steps[k].name && model->steps[k].unit);
            assert_int_equal(tc_model_step_find(model, text_of(model->steps[k].name)), (int)k);
        }
    }
    assert_null(tc_model_find(text_of("no-such-model")));
}

static double uniform(uint64_t *seed) { return (double)(next_random(seed) >> 11) * 0x1p-53; }

/* From the plausible to the absurd, mostly inside the domain. */
static double any_value(uint64_t *seed, const tc_model_input *input)
{
    tc_domain d = input->domain;
    double size = pow(10, uniform(seed) * (next_random(seed) % 8 ? 8 : 600) - (next_random(seed) % 8 ? 4 : 300));
    switch (next_random(seed) % 16) {
    case 0: return d.low;
    case 1: return d.high;
    case 2: return NAN;
    case 3: return INFINITY;
    case 4: return -size;
    case 5: return floor(size);
    default: break;
    }
    if (input->role == TC_ROLE_SETTING && d.high == TC_SERIES_MAX) return 1 + (double)(next_random(seed) % 40);
    if (isfinite(d.low) && isfinite(d.high)) return d.low + uniform(seed) * (d.high - d.low);
    if (isfinite(d.low)) return d.low + size;
    return next_random(seed) & 1 ? size : -size;
}

/* Whatever goes in: an error with its field, or numbers that are finite or unknown; never a crash. */
static void nothing_breaks_a_model(void **state)
{
    (void)state;
    static double series[3 * TC_SERIES_MAX];
    const tc_model *model;
    uint64_t seed = 88172645463325252u;
    for (size_t i = 0; (model = tc_model_at(i)); i++) {
        if (model->evaluate_on) continue;
        size_t good = 0;
        for (int turn = 0; turn < 3000; turn++) {
            double input[TC_INPUTS_MAX], covariance[TC_INPUTS_MAX * TC_INPUTS_MAX] = {0};
            tc_series_room room = {series, COUNT(series), 0};
            tc_model_result result;
            tc_error error = {0};
            for (size_t k = 0; k < model->input_count; k++) {
                input[k] = any_value(&seed, &model->inputs[k]);
                if (turn & 1) covariance[k * model->input_count + k] = uniform(&seed);
            }
            tc_status status = tc_model_evaluate(&result, &error, model, input, turn & 1 ? covariance : NULL, turn % 3 ? &room : NULL);
            if (status) {
                assert_int_equal(status, error.status);
                assert_true(error.message[0]);
                continue;
            }
            good++;
            if (isinf(result.price) || isinf(result.bps) || isinf(result.rupees)) fail_msg("%s: an infinite cost", model->name);
            if (result.se < 0 || result.sd < 0) fail_msg("%s: a negative error", model->name);
        }
        if (!good && model->input_count < 8) fail_msg("%s never answered", model->name);
    }
}

/* Symmetry, monotonicity, homogeneity */

#define ATH "v=1e6 theta=1e8 t=0.2 price=100 "

static void costs_have_no_side(void **state)
{
    (void)state;
    near(bps("almgren2005", ATH "sigma=0.02 x=-50000"), bps("almgren2005", ATH "sigma=0.02 x=50000"), 0);
    near(bps("cvxportfolio", "x=-1e6 v=1e8 sigma=0.02 a=0.0005"), bps("cvxportfolio", "x=1e6 v=1e8 sigma=0.02 a=0.0005"), 0);
}

/* A model, its other inputs, its quantity and its volatility. */
static const struct {
    const char *model, *rest, *quantity, *volatility;
    bool homogeneous; /* twice the volatility is twice the cost */
} laws[] = {
    {"linear", "v=1e6 alpha=0.8", "q", "sigma", true},
    {"square-root", "v=1e6", "q", "sigma", true},
    {"almgren2005", ATH, "x", "sigma", true},
    {"log-saturating", "v=1e6 a=0.03 b=470", "q", "sigma", true},
    {"istar", "adv=1e6 pov=0.2 a1=708 a2=0.55 a3=0.71 a4=0.5 b1=0.98", "q", "sigma", false},
    {"kyle-obizhaeva", "v=1e6 price=100 impact=0.001", "q", "sigma", false},
    {"cvxportfolio", "v=1e8", "x", "sigma", true},
    {"seed-linear", "price=100 adv=1e6", "quantity", "daily_vol", true},
    {"seed-square-root", "price=100 adv=1e6", "quantity", "daily_vol", true},
};

static double law_cost(size_t law, double quantity, double volatility)
{
    char line[300];
    snprintf(line, sizeof line, "%s %s=%.17g %s=%.17g", laws[law].rest, laws[law].quantity, quantity, laws[law].volatility, volatility);
    return bps(laws[law].model, line);
}

static void costs_grow_with_size_and_volatility(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(laws); i++)
        for (double q = 1; q < 4e5; q *= 3)
            for (double sigma = 0.001; sigma < 0.3; sigma *= 2) {
                double cost = law_cost(i, q, sigma);
                if (!(cost > 0 && law_cost(i, q * 1.01, sigma) > cost && law_cost(i, q, sigma * 1.01) > cost))
                    fail_msg("%s is not monotone at %g, %g", laws[i].model, q, sigma);
                if (laws[i].homogeneous) near(law_cost(i, q, 2 * sigma), 2 * cost, 1e-15);
            }
}

/* The bps of slices of a linear order add up to its own; those of a square root to sqrt(N) times it. */
static void slices_add_up(void **state)
{
    (void)state;
    double linear = 0, root = 0;
    for (int i = 0; i < 16; i++) {
        linear += bps("linear", "q=10000 v=1e6 sigma=0.02 alpha=0.7");
        root += bps("square-root", "q=10000 v=1e6 sigma=0.02");
    }
    near(linear, bps("linear", "q=160000 v=1e6 sigma=0.02 alpha=0.7"), 1e-14);
    near(root, 4 * bps("square-root", "q=160000 v=1e6 sigma=0.02"), 1e-14);
}

static void averages_of_peaks(void **state)
{
    (void)state;
    near(last("square-root", "q=50000 v=1e6 sigma=0.02"), 29.814239699997195, 1e-14);
    near(step("square-root", "q=50000 v=1e6 sigma=0.02", "peak_bps"), 44.72135954999579, 1e-14);
    near(last("log-saturating", "q=1e-9 v=1e6 sigma=0.02 a=0.1 b=5"), 0.02 * 0.1 * 1e4 / log(10) * 5e-15 / 2, 1e-14);
    near(step("propagator-relaxation", "gamma=0.5", "average_over_peak"), 2.0 / 3, 1e-15);
    near(step("propagator-relaxation", "gamma=0.5 u=1e12", "impact_over_peak"), 0.5e-6, 1e-12); /* u^-gamma (1 - gamma) */
    assert_true(step("propagator-relaxation", "gamma=0.41 u=2", "no_arbitrage") == 0);
    assert_true(step("propagator-relaxation", "gamma=0.42 u=2", "no_arbitrage") == 1);
    assert_true(step("propagator-relaxation", "gamma=0.5 u=2 delta=0.4", "no_arbitrage") == 0);
    assert_true(step("propagator-relaxation", "gamma=0.5 u=2 delta=0.5", "no_arbitrage") == 1);
}

/* Standard errors */

static void published_errors_by_hand(void **state)
{
    (void)state;
    tc_model_result result;
    /* IBM over 0.1 day: I = 19.8597 bps and K = 22.294 bps; dJ/dgamma = I/2/gamma, dJ/deta = K/eta. */
    assert_int_equal(run(&result, "almgren2005", "x=656100 v=6561000 theta=1728e6 sigma=0.0157 t=0.1 price=100"), TC_OK);
    near(result.se, hypot(19.85970191185253 / 2 / 0.314 * 0.041, 22.294 / 0.142 * 0.0062), 1e-14);
    assert_int_equal(result.calibration, TC_PUBLISHED);
    assert_string_equal(tc_calibration_name(result.calibration), "uncalibrated, published errors");
    assert_int_equal(run(&result, "almgren2005", "x=656100 v=6561000 theta=1728e6 sigma=0.0157 t=0.1 price=100 eta=0.1"), TC_OK);
    assert_true(isnan(result.se) && result.calibration == TC_UNCALIBRATED);
    assert_int_equal(run(&result, "square-root", "q=50000 v=1e6 sigma=0.02"), TC_OK);
    assert_true(isnan(result.se) && result.calibration == TC_UNCALIBRATED);
    assert_null(tc_calibration_name(TC_CALIBRATION_COUNT));
}

/* gradient' covariance gradient with both parameters and their covariance, at Q/V = 0.04. */
static void fitted_errors_by_hand(void **state)
{
    (void)state;
    const tc_model *model = model_of("square-root");
    double input[TC_INPUTS_MAX], covariance[TC_INPUTS_MAX * TC_INPUTS_MAX] = {0};
    size_t n = model->input_count, y = (size_t)tc_model_input_find(model, text_of("y"));
    size_t delta = (size_t)tc_model_input_find(model, text_of("delta"));
    tc_model_result result;
    inputs_of(input, model, "q=40000 v=1e6 sigma=0.02 y=0.8 delta=0.5");
    covariance[y * n + y] = 0.01;
    covariance[delta * n + delta] = 0.0004;
    covariance[y * n + delta] = covariance[delta * n + y] = 0.0015;
    assert_int_equal(tc_model_evaluate(&result, NULL, model, input, covariance, NULL), TC_OK);
    double cost = 0.8 * 200 * 0.2 / 1.5, by_y = cost / 0.8, by_delta = cost * (log(0.04) - 1 / 1.5);
    near(result.bps, cost, 1e-14);
    near(result.se, sqrt(by_y * by_y * 0.01 + by_delta * by_delta * 0.0004 + 2 * by_y * by_delta * 0.0015), 1e-8);
    assert_int_equal(result.calibration, TC_FITTED);
    memset(covariance, 0, sizeof covariance);
    assert_int_equal(tc_model_evaluate(&result, NULL, model, input, covariance, NULL), TC_OK);
    assert_true(result.se == 0 && result.calibration == TC_FITTED); /* known exactly, says the caller */
}

/* A model's own slopes are those that differences find. */
static void slopes_agree_with_differences(void **state)
{
    (void)state;
    static const struct {
        const char *model, *line;
    } at[] = {
        {"linear", "q=50000 v=1e6 sigma=0.02 alpha=0.7 price=100"},
        {"square-root", "q=50000 v=1e6 sigma=0.02 y=0.8 delta=0.6 price=100"},
        {"almgren2005", ATH "x=50000 sigma=0.02"},
        {"almgren2005", ATH "x=70000 sigma=0.03 gamma=0.5 eta=0.3 alpha=0.891 beta=0.5 delta=0.267"},
        {"istar", "q=50000 adv=1e6 pov=0.2 sigma=0.3 a1=708 a2=0.55 a3=0.71 a4=0.5 b1=0.9"},
    };
    for (size_t i = 0; i < COUNT(at); i++) {
        double input[TC_INPUTS_MAX], slope[TC_INPUTS_MAX];
        const tc_model *model = model_of(at[i].model);
        tc_model_result here, above, below;
        inputs_of(input, model, at[i].line);
        assert_int_equal(tc_model_evaluate(&here, NULL, model, input, NULL, NULL), TC_OK);
        for (size_t k = 0; k < model->input_count; k++) {
            slope[k] = NAN;
            if (isnan(input[k])) input[k] = model->inputs[k].standard;
        }
        model->slopes(slope, input, &here);
        for (size_t k = 0; k < model->input_count; k++) {
            if (isnan(slope[k])) continue;
            double middle = input[k], width = 1e-6 * middle;
            input[k] = middle + width;
            assert_int_equal(tc_model_evaluate(&above, NULL, model, input, NULL, NULL), TC_OK);
            input[k] = middle - width;
            assert_int_equal(tc_model_evaluate(&below, NULL, model, input, NULL, NULL), TC_OK);
            input[k] = middle;
            near((above.bps - below.bps) / (2 * width), slope[k], 1e-7);
        }
    }
}

/* Errors */

static void bad_inputs_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *model, *line, *field;
        tc_status status;
    } bad[] = {
        {"almgren2005", "x=1 v=0 theta=1e8 sigma=0.02 t=1 price=1", "v", TC_OUT_OF_DOMAIN},
        {"almgren2005", "x=1 v=nan theta=1e8 sigma=0.02 t=1 price=1", "v", TC_VALUE_NEEDED},
        {"almgren2005", "x=1 v=inf theta=1e8 sigma=0.02 t=1 price=1", "v", TC_OUT_OF_DOMAIN},
        {"almgren2005", "x=1 v=1 theta=1e8 sigma=0 t=1 price=1", "sigma", TC_OUT_OF_DOMAIN},
        {"almgren2005", "x=1 v=1 theta=1e8 sigma=0.02 t=0 price=1", "t", TC_OUT_OF_DOMAIN},
        {"almgren2005", "x=1 v=1 theta=1e8 sigma=0.02 t=-1 price=1", "t", TC_OUT_OF_DOMAIN},
        {"almgren2005", "x=1 v=1 theta=1e8 sigma=0.02 t=1", "price", TC_VALUE_NEEDED},
        {"istar", "q=1 adv=1 sigma=0.3 pov=0 a1=1 a2=1 a3=1 a4=1 b1=1", "pov", TC_OUT_OF_DOMAIN},
        {"istar", "q=1 adv=1 sigma=0.3 pov=1 a1=1 a2=1 a3=1 a4=1 b1=1", "pov", TC_OUT_OF_DOMAIN},
        {"istar", "q=1 adv=1 sigma=0.3 pov=0.1 a1=1 a2=1 a3=1 a4=1 b1=1.1", "b1", TC_OUT_OF_DOMAIN},
        {"almgren-chriss", "x=1e6 t=5 n=5 sigma=1 gamma=1e-3 eta=1e-6 epsilon=0 lambda=1e-6", "eta_tilde", TC_OUT_OF_DOMAIN},
        {"almgren-chriss", "x=1e6 t=2 n=1 sigma=1 gamma=1e-6 eta=1e-6 epsilon=0 lambda=1e-6", "eta_tilde", TC_OUT_OF_DOMAIN},
        {"almgren-chriss", "x=1e6 t=5 n=5 sigma=1 gamma=0 eta=1e-6 epsilon=0 lambda=-1e-6", "lambda", TC_NO_SOLUTION},
        {"almgren-chriss", "x=1e6 t=5 n=5 sigma=1 gamma=0 eta=1e-6 epsilon=0 lambda=-10", "lambda", TC_NO_SOLUTION},
        {"almgren-chriss", "x=1e6 t=5 n=5.5 sigma=1 gamma=0 eta=1e-6 epsilon=0 lambda=0", "n", TC_OUT_OF_DOMAIN},
        {"obizhaeva-wang", "x=1 t=1 rho=1 q=10 lambda=0.1", "lambda", TC_OUT_OF_DOMAIN},
        {"obizhaeva-wang", "x=1 t=1 rho=1 q=10 lambda=0 a=1", "sigma", TC_VALUE_NEEDED},
        {"propagator", "x=1 n=5", "rho", TC_VALUE_NEEDED},
        {"propagator", "x=1 n=400 gamma=1e-13", "kernel", TC_NO_SOLUTION},
        {"kyle", "q=1 sigma0=1", "lambda", TC_VALUE_NEEDED},
        {"frazzini-israel-moskowitz", "q=1 adv=1 side=0.5 beta=1 index_return=0 market_cap=1 idio_vol=1 vix=1", "side", TC_OUT_OF_DOMAIN},
        {"zipline-fixed-bps", "quantity=5 price=1 volume=9", "volume", TC_NO_SOLUTION},
        {"zipline-volatility-volume-share", "quantity=5 high=1 low=2 volume=100 adv=1 sigma=1", "low", TC_OUT_OF_DOMAIN},
        {"square-root", "q=1e308 v=1e-300 sigma=1", "", TC_OVERFLOW},
        {"almgren2003", "x=1e300 k=2 eta=1e300 sigma=1e-300 lambda=1e-300", "", TC_OVERFLOW},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        double input[TC_INPUTS_MAX];
        const tc_model *model = model_of(bad[i].model);
        tc_model_result result;
        tc_error error = {0};
        inputs_of(input, model, bad[i].line);
        tc_status status = tc_model_evaluate(&result, &error, model, input, NULL, NULL);
        if (status != bad[i].status || strcmp(error.field, bad[i].field))
            fail_msg("%s %s: %s, field \"%s\": %s", bad[i].model, bad[i].line, tc_status_code(status), error.field, error.message);
    }
}

static void room_that_is_too_small(void **state)
{
    (void)state;
    double input[TC_INPUTS_MAX], series[10];
    const tc_model *model = model_of("almgren-chriss");
    tc_series_room room = {series, COUNT(series), 0};
    tc_model_result result;
    tc_error error;
    inputs_of(input, model, "x=1e6 t=5 n=5 sigma=0.95 gamma=2.5e-7 eta=2.5e-6 epsilon=0.0625 lambda=1e-6");
    assert_int_equal(tc_model_evaluate(&result, &error, model, input, NULL, &room), TC_LIMIT);
    assert_int_equal(tc_model_evaluate(&result, &error, model, input, NULL, NULL), TC_OK);
    near(result.rupees, 911226.98630379355, 1e-14);
}

/* Almgren and Chriss */

static const tc_ac_problem table1 = {1e6, 5, 5, 0.95, 2.5e-7, 2.5e-6, 0.0625, 1e-6, 0};

static double kappa_of(double squared)
{
    tc_ac_solution solution;
    tc_ac_problem p = {1, 1, 1, 1, 0, 1, 0, squared, 0};
    assert_int_equal(tc_ac_solve(&solution, NULL, NULL, NULL, &p), TC_OK);
    return solution.kappa;
}

/* The rows of a table beside the repository; 0: it is not here. */
static size_t read_rows(double (*rows)[3], size_t most, const char *name)
{
    char line[200];
    size_t count = 0;
    FILE *file = fopen(name, "r");
    if (!file) {
        print_message("skipped: no %s\n", name);
        return 0;
    }
    assert_non_null(fgets(line, sizeof line, file));
    while (count < most && fgets(line, sizeof line, file))
        if (sscanf(line, "%lf,%lf,%lf", &rows[count][0], &rows[count][1], &rows[count][2]) >= 2) count++;
    fclose(file);
    return count;
}

static void kappa_keeps_its_digits(void **state)
{
    (void)state;
    double rows[100][3];
    size_t count = read_rows(rows, COUNT(rows), DATA "numerics_kappa.csv");
    for (size_t i = 0; i < count; i++) near(kappa_of(rows[i][0]), rows[i][1], 4e-16);
    near(kappa_of(1e-20), 1e-10, 2e-16); /* acosh would answer 0 */
    near(kappa_of(1e-12), 9.9999999999995833333e-7, 4e-16);
    near(kappa_of(1e8), 18.420680763952365172, 4e-16);
}

static void sinh_ratio_keeps_its_digits(void **state)
{
    (void)state;
    double rows[200][3];
    size_t count = read_rows(rows, COUNT(rows), DATA "numerics_sinh_ratio.csv");
    for (size_t i = 0; i < count; i++) {
        double k = rows[i][0], left = 1 - rows[i][1], got = tc_sinh_ratio(k, left, 1);
        /* The argument itself is rounded: k times half a unit of it is what the result cannot know. */
        double rounding = fmax(1e-14, k * 4e-16);
        if (rows[i][1] == 0.999999) rounding += 1e-10; /* 1 - t/T has lost six digits before it got here */
        if (rows[i][2] > 1e-300) near(got, rows[i][2], rounding);
        else assert_true(got >= 0 && got < 1e-299);
    }
    assert_true(tc_sinh_ratio(1e5, 1, 1) == 1 && tc_sinh_ratio(1e5, 0, 1) == 0 && tc_sinh_ratio(0, 0.5, 1) == 0.5);
    near(tc_sinh_ratio(30, 0.5, 1), 3.0590232050179716319e-7, 1e-15);
    near(tc_sinh_ratio(720, 0.1, 1), 3.7772499723621248183e-282, 1e-13);
}

static void libm_powers(void **state)
{
    (void)state;
    double rows[200][3];
    size_t count = read_rows(rows, COUNT(rows), DATA "numerics_pow.csv");
    for (size_t i = 0; i < count; i++) { /* an ulp, and what the rounding of x and y to doubles makes of it */
        double x = rows[i][0], y = rows[i][1];
        near(pow(x, y), rows[i][2], 2.3e-16 + 1.2e-16 * y * (1 + fabs(log(x))));
    }
    assert_true(pow(0, 0.6) == 0);
}

/* No interior holding can be moved to improve E + lambda V:
 * 2 eta~/tau (x_{j+1} - 2 x_j + x_{j-1}) = 2 lambda sigma^2 tau x_j - alpha tau. */
static void optimal_holdings_are_stationary(void **state)
{
    (void)state;
    static const double lambdas[] = {0, 1e-12, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, -1e-12, -1e-8, -2e-7, -9e-7};
    static const double alphas[] = {0, 0.02, -0.05};
    double x[51], trades[50];
    for (size_t i = 0; i < COUNT(lambdas); i++)
        for (size_t k = 0; k < COUNT(alphas); k++) {
            tc_ac_solution s;
            tc_ac_problem p = table1;
            p.count = 50, p.lambda = lambdas[i], p.alpha = alphas[k];
            assert_int_equal(tc_ac_solve(&s, x, trades, NULL, &p), TC_OK);
            double tau = p.duration / 50, total = 0, e, v;
            assert_true(x[0] == 1e6 && x[50] == 0);
            for (size_t j = 1; j < 50; j++) {
                double bend = 2 * s.eta_tilde / tau * (x[j + 1] - 2 * x[j] + x[j - 1]);
                double risk = 2 * p.lambda * p.sigma * p.sigma * tau * x[j] - p.alpha * tau;
                if (fabs(bend - risk) > 1e-7 * s.eta_tilde / tau) fail_msg("lambda %g alpha %g: not stationary at %zu", p.lambda, p.alpha, j);
            }
            for (size_t j = 0; j < 50; j++) {
                total += trades[j];
                if (fabs(trades[j] - (x[j] - x[j + 1])) > 1e-8) fail_msg("trade %zu is no difference of holdings", j);
            }
            near(total, 1e6, 1e-12);
            tc_ac_cost(&e, &v, &p, x);
            near(e, s.expected, 1e-12);
            near(v, s.variance, 1e-12);
        }
}

static void drift_gains_what_the_paper_bounds(void **state)
{
    (void)state;
    tc_ac_problem p = table1;
    tc_ac_solution with, without;
    double plain[6], e, v;
    assert_int_equal(tc_ac_solve(&without, plain, NULL, NULL, &p), TC_OK);
    p.alpha = 0.02;
    assert_int_equal(tc_ac_solve(&with, NULL, NULL, NULL, &p), TC_OK);
    tc_ac_cost(&e, &v, &p, plain); /* the schedule that does not know of the drift, under the drift */
    double gain = e + p.lambda * v - with.expected - p.lambda * with.variance, k = with.kappa;
    /* Quadratic: the gain is alpha xbar T/2 (1 - tau/T tanh(kT/2)/tanh(k tau/2)), half of the bound of section 4.1. */
    near(gain, p.alpha * with.static_holding * 5 / 2 * (1 - tanh(k * 2.5) / tanh(k / 2) / 5), 1e-9);
}

static void trading_tends_to_its_limits(void **state)
{
    (void)state;
    tc_ac_problem p = table1;
    tc_ac_solution s;
    double k = sqrt(1e-6 * 0.9025 / 2.5e-6), sh = sinh(5 * k), e, v;
    e = 187500 + 2.5e6 * k * (sinh(10 * k) + 10 * k) / (4 * sh * sh);
    v = 0.9025e12 * (sinh(10 * k) - 10 * k) / (4 * k * sh * sh);
    p.count = 5000;
    assert_int_equal(tc_ac_solve(&s, NULL, NULL, NULL, &p), TC_OK);
    near(s.expected, e, 3e-5);
    near(s.variance, v, 7e-4);
    p = table1;
    for (double lambda = 1e-3; lambda > 1e-300; lambda /= 1e3) {
        p.lambda = lambda;
        assert_int_equal(tc_ac_solve(&s, NULL, NULL, NULL, &p), TC_OK);
        if (lambda < 1e-20) near(s.expected, 662500, 1e-14), near(s.variance, 1.083e12, 1e-14);
    }
    p.lambda = 0;
    assert_int_equal(tc_ac_solve(&s, NULL, NULL, NULL, &p), TC_OK);
    assert_true(s.kappa == 0 && isinf(s.theta));
    p.lambda = 1e12;
    assert_int_equal(tc_ac_solve(&s, NULL, NULL, NULL, &p), TC_OK);
    near(s.expected, 62500 + 2.5e6, 1e-9); /* all in the first interval: eps X + eta X^2/tau */
    assert_true(s.variance < 1e-3);
    p = (tc_ac_problem){1e6, 5, 1, 0.95, 2.5e-7, 2.5e-6, 0.0625, 1e-6, 0.02};
    assert_int_equal(tc_ac_solve(&s, NULL, NULL, NULL, &p), TC_OK);
    near(s.expected, 62500 + 2.5e6 / 5, 1e-14);
    assert_true(s.variance == 0);
}

static void more_aversion_costs_more_and_risks_less(void **state)
{
    (void)state;
    tc_ac_problem p = table1;
    tc_ac_solution s, before = {0};
    for (double lambda = -9e-7; lambda < 1e-3; lambda = lambda < 0 ? lambda + 1e-7 : lambda < 1e-9 ? 1e-9 : lambda * 1.5) {
        p.lambda = lambda;
        assert_int_equal(tc_ac_solve(&s, NULL, NULL, NULL, &p), TC_OK);
        if (before.variance > 0) assert_true(s.variance < before.variance && (lambda <= 0 || s.expected >= before.expected));
        before = s;
    }
}

/* Obizhaeva and Wang, and propagators */

static void a_book_that_refills_at_once_or_never(void **state)
{
    (void)state;
    tc_ow_solution s;
    assert_int_equal(tc_ow_solve(&s, NULL, 0, NULL, &(tc_ow_problem){1e5, 1, 0, 5000, 1e-4, 0, 0}), TC_OK);
    near(s.first, 5e4, 0);
    near(s.optimal, s.immediate, 1e-15); /* nothing refills: when does not matter */
    near(s.twap, s.immediate, 1e-15);
    for (double rho = 1e-18; rho < 1e18; rho *= 7) {
        assert_int_equal(tc_ow_solve(&s, NULL, 0, NULL, &(tc_ow_problem){1e5, 1, rho, 5000, 1e-4, 0, 0}), TC_OK);
        near(s.first + s.rate + s.last, 1e5, 1e-14);
        assert_true(s.optimal <= s.twap * (1 + 1e-15) && s.twap <= s.immediate * (1 + 1e-15));
    }
    near(s.optimal, 1e-4 * 1e10 / 2, 1e-6); /* only what is permanent is left */
    near(s.twap, s.optimal, 1e-6);
}

/* Aversion moves from the neutral schedule to all at once, risks less and costs more the while. */
static void fear_hastens_a_schedule(void **state)
{
    (void)state;
    tc_ow_problem p = {1e5, 1, 2.2, 5000, 1e-4, 1, 0};
    tc_ow_solution neutral, s, before;
    double calm[9], holdings[9];
    assert_int_equal(tc_ow_solve(&neutral, calm, 8, NULL, &p), TC_OK);
    p.aversion = 1e-25;
    assert_int_equal(tc_ow_solve(&s, holdings, 8, NULL, &p), TC_OK);
    for (int j = 0; j <= 8; j++) near(holdings[j], calm[j], 1e-13);
    near(s.optimal, neutral.optimal, 1e-14);
    near(s.variance, neutral.variance, 1e-14);
    near(s.first + s.rate + s.last, 1e5, 1e-14);
    before = s;
    for (p.aversion = 1e-7; p.aversion < 1e3; p.aversion *= 10, before = s) {
        assert_int_equal(tc_ow_solve(&s, holdings, 8, NULL, &p), TC_OK);
        assert_true(s.first > before.first && s.variance < before.variance && s.optimal > before.optimal);
        for (int j = 0; j < 8; j++) assert_true(holdings[j] > holdings[j + 1] && holdings[j + 1] > 0);
    }
    near(s.optimal, s.immediate, 1e-5);
    p = (tc_ow_problem){1e5, 1, 0, 5000, 1e-4, 1, 1e-6};
    assert_int_equal(tc_ow_solve(&s, NULL, 0, NULL, &p), TC_OK);
    near(s.first, 1e5, 1e-14); /* nothing refills: waiting is risk for nothing */
    near(s.optimal, s.immediate, 1e-14);
    p.resilience = 1e5;
    assert_int_equal(tc_ow_solve(&s, NULL, 0, NULL, &p), TC_LIMIT);
}

static void levinson_agrees_with_the_closed_form(void **state)
{
    (void)state;
    static double kernel[600], by_closed_form[600], trades[600], work[600];
    for (size_t n = 1; n <= 600; n = n * 3 + 1)
        for (double decay = 1e-3; decay < 40; decay *= 3) {
            tc_propagator_solution a, b;
            for (size_t k = 0; k < n; k++) kernel[k] = exp(-decay * (double)k);
            assert_int_equal(tc_propagator_exponential(&a, by_closed_form, NULL, 1000, n, decay), TC_OK);
            assert_int_equal(tc_propagator_solve(&b, trades, work, NULL, &(tc_propagator_problem){1000, n, kernel}), TC_OK);
            near(b.optimal, a.optimal, 1e-11);
            near(b.twap, a.twap, 1e-12);
            near(b.condition, n > 1 ? -expm1(-2 * decay) : 1, 1e-10);
            for (size_t i = 0; i < n; i++) assert_true(fabs(trades[i] - by_closed_form[i]) < 1e-14 / fmin(decay, 1) * 1000);
            assert_true(a.one_sided && b.one_sided && a.optimal <= a.twap * (1 + 1e-15));
        }
}

/* M q is the same everywhere: no trade can be moved to another time for less. */
static void propagator_trades_are_stationary(void **state)
{
    (void)state;
    double kernel[40], trades[40], work[40];
    for (double gamma = 0.05; gamma < 3; gamma *= 2) {
        tc_propagator_solution s;
        for (size_t k = 0; k < 40; k++) kernel[k] = pow(1 + 0.3 * (double)k, -gamma);
        assert_int_equal(tc_propagator_solve(&s, trades, work, NULL, &(tc_propagator_problem){10, 40, kernel}), TC_OK);
        double total = 0;
        for (size_t i = 0; i < 40; i++) {
            double moved = 0;
            for (size_t j = 0; j < 40; j++) moved += kernel[i > j ? i - j : j - i] * trades[j];
            near(moved, 2 * s.optimal / 10, 1e-12);
            near(trades[i], trades[39 - i], 1e-11);
            total += trades[i];
        }
        near(total, 10, 1e-13);
        assert_true(s.one_sided);
    }
}

static void kernels_that_pay_are_refused(void **state)
{
    (void)state;
    static const double bad[][4] = {{1, 1, 1, 1}, {1, 2, 1, 0}, {1, 0.9, 0.1, -0.9}, {1, -1, 1, -1}};
    double trades[4], work[4];
    tc_propagator_solution s;
    tc_error error;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(tc_propagator_solve(&s, trades, work, &error, &(tc_propagator_problem){1, 4, bad[i]}), TC_NO_SOLUTION);
        assert_string_equal(error.field, "kernel");
    }
    static const double nothing[] = {0, 0}, unknown[] = {1, NAN};
    assert_int_equal(tc_propagator_solve(&s, trades, work, NULL, &(tc_propagator_problem){1, 2, nothing}), TC_OUT_OF_DOMAIN);
    assert_int_equal(tc_propagator_solve(&s, trades, work, NULL, &(tc_propagator_problem){1, 2, unknown}), TC_OUT_OF_DOMAIN);
    assert_int_equal(tc_propagator_solve(&s, trades, work, NULL, &(tc_propagator_problem){1, 0, nothing}), TC_OUT_OF_DOMAIN);
    /* Positive definite, yet not convex: the best trades go both ways. */
    static const double bump[] = {1, 0.77880078307140487, 0.36787944117144232, 0.10539922456186433}; /* e^(-k^2/4) */
    assert_int_equal(tc_propagator_solve(&s, trades, work, NULL, &(tc_propagator_problem){1, 4, bump}), TC_OK);
    assert_false(s.one_sided);
}

static void sums_keep_what_rounding_drops(void **state)
{
    (void)state;
    tc_sum sum = {0};
    static const double parts[] = {1, 1e100, 1, -1e100};
    for (size_t i = 0; i < COUNT(parts); i++) tc_sum_add(&sum, parts[i]);
    assert_true(tc_sum_of(sum) == 2);
}

static void frameworks_as_they_are(void **state)
{
    (void)state;
    /* 40 of 1,000 shares are 4 %; the cap of 2.5 % fills 25, whose share squared is 0.000625. */
    assert_true(step("zipline-volume-share", "quantity=40 price=100 volume=1000", "fill") == 25);
    assert_true(step("zipline-volume-share", "quantity=40 price=100 volume=1000", "unfilled") == 15);
    near(bps("zipline-volume-share", "quantity=40 price=100 volume=1000"), 0.1 * 0.025 * 0.025 * 1e4, 1e-14);
    assert_true(step("zipline-volume-share", "quantity=40 price=100 volume=1000 filled=20", "fill") == 5);
    near(bps("zipline-fixed-bps", "quantity=40 price=100 volume=1000"), 5, 1e-14);
    assert_true(step("zipline-fixed-bps", "quantity=400 price=100 volume=1005 filled=50", "fill") == 50);
    near(bps("zipline-volatility-volume-share", "quantity=10 high=101 low=99 volume=1000 adv=1000 sigma=0.2"),
         0.049018143225019836 * 0.2 * 0.1, 1e-14);
    near(bps("lean-volume-share", "quantity=5 price=100 volume=0"), 0.1 * 0.025 * 0.025 * 1e4, 1e-14);
    near(bps("qlib", "quantity=100 price=50 volume=1000 impact_cost=0.1"), 0.1 * 0.01 * 1e4, 1e-14);
    near(bps("qlib", "quantity=100 price=50 impact_cost=0.1"), 1000, 1e-14);
    near(bps("qlib", "quantity=1 price=50 impact_cost=0 min_cost=5"), 1000, 1e-14);
    /* Lean at nu = Q/T_e/ADV with T_e = 0.075/22500: by hand for one set of draws. */
    double t = 0.075 / 22500, nu = 1000 / t / 1e6, noise = 0.02 * sqrt(t + 0.08);
    double whole = 0.02 * 0.142 * pow(nu, 0.6) - noise + (0.02 * t * 0.314 * pow(nu, 0.891) * pow(100, 0.267) + 2 * noise) / 2;
    near(bps("lean-market-impact", "quantity=1000 price=100 adv=1e6 sigma=0.02 theta=1e8 u=0.25 noise_permanent=2 noise_temporary=-1"),
         whole * 0.25 * 1e4, 1e-13);
    assert_true(bps("lean-market-impact", "quantity=1000 price=100 adv=1e6 sigma=0.02 noise_temporary=-100") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registry_is_sound),
        cmocka_unit_test(nothing_breaks_a_model),
        cmocka_unit_test(costs_have_no_side),
        cmocka_unit_test(costs_grow_with_size_and_volatility),
        cmocka_unit_test(slices_add_up),
        cmocka_unit_test(averages_of_peaks),
        cmocka_unit_test(published_errors_by_hand),
        cmocka_unit_test(fitted_errors_by_hand),
        cmocka_unit_test(slopes_agree_with_differences),
        cmocka_unit_test(bad_inputs_are_named),
        cmocka_unit_test(room_that_is_too_small),
        cmocka_unit_test(kappa_keeps_its_digits),
        cmocka_unit_test(sinh_ratio_keeps_its_digits),
        cmocka_unit_test(libm_powers),
        cmocka_unit_test(optimal_holdings_are_stationary),
        cmocka_unit_test(drift_gains_what_the_paper_bounds),
        cmocka_unit_test(trading_tends_to_its_limits),
        cmocka_unit_test(more_aversion_costs_more_and_risks_less),
        cmocka_unit_test(a_book_that_refills_at_once_or_never),
        cmocka_unit_test(fear_hastens_a_schedule),
        cmocka_unit_test(levinson_agrees_with_the_closed_form),
        cmocka_unit_test(propagator_trades_are_stationary),
        cmocka_unit_test(kernels_that_pay_are_refused),
        cmocka_unit_test(sums_keep_what_rounding_drops),
        cmocka_unit_test(frameworks_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
