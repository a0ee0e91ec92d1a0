/* Schedules: the values that Almgren and Chriss's parameters give, what must hold of any frontier, one solver against
 * another, and the exact schedule against every schedule there is. */
#include <math.h>

#include "test.h"

enum { MANY = 64 };

/* AC Table 1: X = 1e6, T = 5, N = 5. */
static const tc_schedule_market table_1 = {.price = 50, .side = -1, .sigma = 0.95, .epsilon = 0.0625, .gamma = 2.5e-7, .eta = 2.5e-6, .exponent = 1};

static tc_schedule_task task_of(size_t slices, double lambda)
{
    return (tc_schedule_task){1e6, 5, slices, lambda};
}

static void assert_near(double got, double wanted, double relative)
{
    if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("%.17g is not %.17g", got, wanted);
}

static void assert_refused(tc_status status, tc_status wanted, const tc_error *error, const char *field)
{
    if (status != wanted || strcmp(error->field, field)) fail_msg("%s of \"%s\", not %s of \"%s\": %s", tc_status_code(status), error->field, tc_status_code(wanted), field, error->message);
}

/* Holdings from quantities. */
static void hold(double *x, const double *quantity, size_t slices)
{
    x[slices] = 0;
    for (size_t j = slices; j-- > 0;) x[j] = x[j + 1] + quantity[j];
}

static tc_schedule_cost optimal_cost(double *quantity, double *kappa, const tc_schedule_market *m, const tc_schedule_task *t)
{
    tc_schedule_cost cost;
    tc_error error = {0};
    if (tc_schedule_optimal(quantity, kappa, &error, m, t)) fail_msg("%s", error.message);
    if (tc_schedule_evaluate(&cost, NULL, &error, m, t, quantity)) fail_msg("%s", error.message);
    return cost;
}

/* The paper prints few outputs; these are computed from its equations (17) and (20) to 20 digits. */
static void test_almgren_chriss_values(void **state)
{
    static const struct { double lambda, kappa, e, v, x[4]; } wanted[] = {
        {2e-6, 0.84629713450125626926, 1140715.1670497852926, 201931287150.52431842, {428598.8457470173, 182932.8142617677, 76295.72161546164, 27643.37739690639}},
        {1e-6, 0.60707616324706278778, 911226.98630379355148, 364128572058.14100175, {541955.5543739223, 289854.2194099351, 147897.4878217231, 62141.80160576603}},
        {0, 0, 662500, 1083000000000, {800000, 600000, 400000, 200000}},
        {-2e-7, 0.27656151438052698691, 717958.10427315781589, 1584210709653.3528259, {910056.4369084264, 750948.5846118124, 534768.6398847007, 277946.2785263517}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        const tc_schedule_task task = task_of(5, wanted[i].lambda);
        double quantity[5], x[6], kappa;
        tc_schedule_cost cost = optimal_cost(quantity, &kappa, &table_1, &task);
        hold(x, quantity, 5);
        if (wanted[i].lambda != 0) assert_near(kappa, wanted[i].kappa, 1e-14);
        assert_near(cost.expected, wanted[i].e, 1e-13);
        assert_near(cost.variance, wanted[i].v, 1e-13);
        for (int j = 0; j < 4; j++) assert_near(x[j + 1], wanted[i].x[j], 1e-12);
    }
}

static void test_drift_values(void **state)
{
    static const double x[] = {1e6, 546342.2872716543, 296084.1173907477, 154127.3858025358, 66528.53450349801, 0};
    const tc_schedule_task task = task_of(5, 1e-6);
    tc_schedule_market m = table_1;
    double quantity[5], held[6];
    (void)state;
    m.alpha = 0.02;
    tc_schedule_cost cost = optimal_cost(quantity, NULL, &m, &task);
    hold(held, quantity, 5);
    for (int j = 0; j < 6; j++) assert_near(held[j], x[j], 1e-12);
    assert_near(cost.expected, 880367.10523835331458, 1e-13);
    assert_near(cost.variance, 373939139241.78341543, 1e-13);
    /* A buyer gains by waiting where the price falls. */
    double mirrored[5];
    m.side = +1;
    m.alpha = -0.02;
    optimal_cost(mirrored, NULL, &m, &task);
    for (int j = 0; j < 5; j++) assert_near(mirrored[j], quantity[j], 1e-15);
}

/* AC 4.1: knowing the drift gains at most alpha xbar T (1 - (tau/T) tanh(kT/2)/tanh(k tau/2)), and here exactly half of what
 * the bound's own optimum does; the schedule with drift is never worse than the one without under the drift. */
static void test_drift_gain_bound(void **state)
{
    (void)state;
    for (double lambda = 1e-7; lambda < 1e-5; lambda *= 2) {
        const tc_schedule_task task = task_of(5, lambda);
        tc_schedule_market m = table_1;
        double with[5], without[5], kappa, tau = 1, T = 5;
        tc_error error;
        tc_schedule_cost known, ignored;
        optimal_cost(without, &kappa, &m, &task);
        m.alpha = 0.02;
        known = optimal_cost(with, NULL, &m, &task);
        assert_int_equal(tc_schedule_evaluate(&ignored, NULL, &error, &m, &task, without), TC_OK);
        double gain = ignored.expected + lambda * ignored.variance - known.expected - lambda * known.variance;
        double xbar = m.alpha / (2 * lambda * m.sigma * m.sigma);
        double bound = m.alpha * xbar * T * (1 - tau / T * tanh(kappa * T / 2) / tanh(kappa * tau / 2));
        assert_true(gain >= 0 && gain <= bound);
        assert_near(gain, bound / 2, 1e-6);
    }
}

/* N = 5 halves the risk: AC's V and the even one meet as N grows. */
static void test_risk_by_slices(void **state)
{
    const tc_schedule_task few = task_of(5, 1e-6), many = task_of(5000, 1e-6);
    static double quantity[5000];
    tc_schedule_cost cost;
    (void)state;
    cost = optimal_cost(quantity, NULL, &table_1, &few);
    assert_true(cost.variance_even > 1.5 * cost.variance);
    cost = optimal_cost(quantity, NULL, &table_1, &many);
    assert_near(cost.expected, 964514.33, 1e-8);
    assert_near(cost.variance, 7.3198e11, 1e-5);
    assert_near(cost.variance_even, 7.3245e11, 5e-5);
}

static void test_frontier(void **state)
{
    static const size_t slices[] = {1, 2, 5, 50};
    (void)state;
    for (size_t s = 0; s < COUNT(slices); s++) {
        const tc_schedule_task task = task_of(slices[s], 0);
        double lambda[31], quantity[50];
        tc_error error;
        tc_schedule_cost before = {.expected = -INFINITY, .variance = INFINITY};
        assert_int_equal(tc_schedule_lambdas(lambda, 31, &error, &table_1, &task), TC_OK);
        assert_true(lambda[0] == 0);
        for (int i = 0; i < 31; i++) {
            const tc_schedule_task at = task_of(slices[s], lambda[i]);
            tc_schedule_cost cost = optimal_cost(quantity, NULL, &table_1, &at);
            assert_true(i == 0 || lambda[i] > lambda[i - 1]);
            assert_true(cost.expected >= before.expected * (1 - 1e-14) && cost.variance <= before.variance * (1 + 1e-14));
            before = cost;
        }
    }
}

/* No lambda has a smaller value at risk; at the tangent lambda is z/(2 sd). */
static void test_least_var(void **state)
{
    double best, quantity[5];
    tc_error error;
    const tc_schedule_task task = task_of(5, 0);
    (void)state;
    assert_int_equal(tc_schedule_least_var(&best, &error, &table_1, &task, TC_VAR_95), TC_OK);
    const tc_schedule_task at = task_of(5, best);
    tc_schedule_cost cost = optimal_cost(quantity, NULL, &table_1, &at);
    double least = tc_schedule_var(cost.expected, cost.variance, TC_VAR_95);
    assert_near(best, TC_VAR_95 / (2 * sqrt(cost.variance)), 1e-9);
    assert_true(least < 1878672.2176200231178); /* of lambda 1.5e-6, the least of the reference frontier */
    assert_true(best > 1.25e-6 && best < 2e-6);
    for (double lambda = 1e-9; lambda < 1e-3; lambda *= 1.05) {
        const tc_schedule_task other = task_of(5, lambda);
        cost = optimal_cost(quantity, NULL, &table_1, &other);
        assert_true(tc_schedule_var(cost.expected, cost.variance, TC_VAR_95) >= least * (1 - 1e-12));
    }
    /* Cheap to trade, wild to hold: all at once. */
    tc_schedule_market wild = table_1;
    wild.sigma = 1000, wild.eta = 1e-6;
    assert_int_equal(tc_schedule_least_var(&best, &error, &wild, &task, TC_VAR_95), TC_OK);
    assert_true(isinf(best));
}

/* The dense system, given no kernel to speak of, is AC's problem. */
static void test_dense_is_closed_form(void **state)
{
    static const double lambdas[] = {0, 1e-8, 1e-6, 1e-4}, alphas[] = {0, 0.02, -0.3};
    const double kernel[MANY] = {0};
    (void)state;
    for (size_t a = 0; a < COUNT(alphas); a++)
        for (size_t i = 0; i < COUNT(lambdas); i++) {
            const tc_schedule_task task = task_of(40, lambdas[i]);
            double closed[40], dense[40];
            tc_schedule_market m = table_1;
            m.alpha = alphas[a];
            optimal_cost(closed, NULL, &m, &task);
            m.kernel = kernel;
            optimal_cost(dense, NULL, &m, &task);
            for (int j = 0; j < 40; j++) assert_true(fabs(closed[j] - dense[j]) <= 1e-6 * 1e6 / 40);
        }
}

/* Exponential decay without risk: equal ends, all between (1 - a) of them; and Obizhaeva-Wang's cost in the limit. */
static void test_transient_values(void **state)
{
    enum { N = 10 };
    double kernel[2000], quantity[2000];
    const double decay = 0.2;
    tc_schedule_market m = {.price = 100, .side = 1, .exponent = 1, .kernel = kernel};
    const tc_schedule_task ten = {1, N, N, 0};
    (void)state;
    tc_kernel_exponential(kernel, N, 0, 1, decay, 1);
    tc_schedule_cost cost = optimal_cost(quantity, NULL, &m, &ten);
    assert_near(quantity[0], 0.28984213665159025, 1e-14);
    assert_near(quantity[N - 1], 0.28984213665159025, 1e-14);
    for (int j = 1; j < N - 1; j++) assert_near(quantity[j], (1 - exp(-decay)) * quantity[0], 1e-13);
    assert_near(cost.expected, 0.26357240373303903, 1e-14);
    tc_error error;
    tc_schedule_twap(quantity, &ten);
    assert_int_equal(tc_schedule_evaluate(&cost, NULL, &error, &m, &ten, quantity), TC_OK);
    assert_near(cost.expected, 0.28621849252890202, 1e-14);
    /* X0 = 100000, T = 1, q = 5000, lambda = 1/(2q), rho = 2.231: J = lambda X0^2/2 + kappa X0^2/(rho T + 2) */
    const double X = 1e5, q = 5000, permanent = 1 / (2 * q), kappa = 1 / q - permanent, rho = 2.231;
    const tc_schedule_task paper = {X, 1, 2000, 0};
    m.price = 1000;
    tc_kernel_exponential(kernel, 2000, permanent, kappa, rho, 1.0 / 2000);
    cost = optimal_cost(quantity, NULL, &m, &paper);
    assert_near(cost.expected, permanent * X * X / 2 + kappa * X * X / (rho + 2), 1e-3);
    assert_near(quantity[0], X / (rho + 2), 1e-3);
}

/* Obizhaeva-Wang with risk aversion a in continuous time, models of section 6 of the paper: the Riccati equation
 * f'(2 rho kappa + a s^2) = kappa rho^2 f^2 + 2 a s^2 rho f - 2 a s^2 rho, f(T) = 1, back from T in small steps. */
static double first_block(double X, double T, double kappa, double rho, double risk)
{
    enum { STEPS = 200000 };
    double f = 1, h = T / STEPS, scale = 2 * rho * kappa + risk, slope = 0;
    for (int i = 0; i < STEPS; i++) {
        double half;
        slope = (kappa * rho * rho * f * f + 2 * risk * rho * f - 2 * risk * rho) / scale;
        half = f - slope * h / 2;
        slope = (kappa * rho * rho * half * half + 2 * risk * rho * half - 2 * risk * rho) / scale;
        f -= slope * h;
    }
    slope = (kappa * rho * rho * f * f + 2 * risk * rho * f - 2 * risk * rho) / scale;
    double g = -(slope - rho * f) / (kappa * slope + risk);
    return X / (1 + kappa * g);
}

static void test_transient_with_risk(void **state)
{
    enum { N = 1600 };
    static double kernel[N], quantity[N];
    const double X = 1e5, kappa = 1e-4, rho = 5, sigma = 1;
    (void)state;
    assert_near(first_block(X, 1, kappa, rho, 0), X / (rho + 2), 1e-9);
    for (double lambda = 1e-6; lambda < 1e-3; lambda *= 10) {
        tc_schedule_market m = {.price = 1000, .side = 1, .exponent = 1, .sigma = sigma, .kernel = kernel};
        const tc_schedule_task task = {X, 1, N, lambda};
        tc_kernel_exponential(kernel, N, 0, kappa, rho, 1.0 / N);
        optimal_cost(quantity, NULL, &m, &task);
        assert_near(quantity[0], first_block(X, 1, kappa, rho, 2 * lambda * sigma * sigma), 1e-2);
    }
}

/* Evaluate is the sum of its slices, and E is AC's formula for any schedule. */
static void test_evaluate(void **state)
{
    uint64_t seed = 7;
    (void)state;
    for (int round = 0; round < 200; round++) {
        double quantity[9], x[10], e, v = 0, sum = 0, squares = 0, sizes = 0;
        tc_slice slice[9];
        tc_schedule_cost cost;
        tc_error error;
        tc_schedule_task task = {0, 0.3 + (double)(next_random(&seed) % 40) / 10, 9, 0};
        for (int j = 0; j < 9; j++) task.quantity += quantity[j] = (double)(next_random(&seed) % 5000) - 500;
        if (task.quantity <= 0) continue;
        tc_schedule_market m = {.price = 700, .side = round & 1 ? 1 : -1, .sigma = 3, .epsilon = 0.05, .gamma = 1e-6, .eta = 3e-6, .exponent = 1};
        assert_int_equal(tc_schedule_evaluate(&cost, slice, &error, &m, &task, quantity), TC_OK);
        double tau = task.duration / 9;
        hold(x, quantity, 9);
        for (int j = 0; j < 9; j++) {
            sum += slice[j].expected_cost;
            squares += quantity[j] * quantity[j];
            sizes += fabs(quantity[j]);
            v += m.sigma * m.sigma * tau * x[j + 1] * x[j + 1];
            if (quantity[j] != 0) assert_near((slice[j].price - m.price) * m.side * quantity[j], slice[j].expected_cost, 1e-9);
        }
        e = m.gamma * task.quantity * task.quantity / 2 + m.epsilon * sizes + (m.eta - m.gamma * tau / 2) / tau * squares;
        assert_near(cost.expected, sum, 1e-12);
        assert_near(cost.expected, e, 1e-10);
        assert_near(cost.variance, v, 1e-10);
    }
}

/* Largest remainder: sums are exact, nothing moves by a lot, whole schedules stay. */
static void test_rounding(void **state)
{
    uint64_t seed = 3;
    (void)state;
    for (int round = 0; round < 500; round++) {
        double quantity[MANY], rounded[MANY], sum = 0, wanted = 0, lot = (double)(1 + next_random(&seed) % 100);
        size_t slices = 1 + next_random(&seed) % MANY;
        double whole = lot * (double)(1 + next_random(&seed) % 2000), weights = 0;
        for (size_t j = 0; j < slices; j++) weights += quantity[j] = (double)(1 + next_random(&seed) % 1000);
        for (size_t j = 0; j < slices; j++) quantity[j] *= whole / weights, wanted += quantity[j];
        memcpy(rounded, quantity, sizeof quantity);
        tc_schedule_round(rounded, slices, lot);
        for (size_t j = 0; j < slices; j++) {
            sum += rounded[j];
            assert_true(fmod(rounded[j], lot) == 0 && fabs(rounded[j] - quantity[j]) < lot * (1 + 1e-9));
        }
        assert_true(sum == whole);
        (void)wanted;
    }
    double thirds[] = {100.0 / 3, 100.0 / 3, 100.0 / 3};
    tc_schedule_round(thirds, 3, 1);
    assert_true(thirds[0] == 34 && thirds[1] == 33 && thirds[2] == 33);
}

static const double u_curve[] = {0, 0.3, 0.4, 0.5, 0.7, 1};
static const tc_curve curve = {u_curve, COUNT(u_curve)};

static void test_by_volume(void **state)
{
    double quantity[5], unfilled;
    tc_error error;
    tc_schedule_task task = {1000, 1, 5, 0};
    tc_schedule_volume v = {.adv = 10000, .curve = curve, .participation = NAN};
    (void)state;
    assert_int_equal(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_VOLUME, &task, &v), TC_OK);
    for (int j = 0; j < 5; j++) assert_near(quantity[j], 1000 * (u_curve[j + 1] - u_curve[j]), 1e-12);
    assert_true(unfilled == 0);
    /* A tenth of all volume is a ninth of the others': 333, 111, 111, 222, then the rest. */
    v.participation = 0.1;
    assert_int_equal(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_RATE, &task, &v), TC_OK);
    assert_near(quantity[0], 3000.0 / 9, 1e-12);
    assert_near(quantity[1], 1000.0 / 9, 1e-12);
    assert_near(quantity[3], 2000.0 / 9, 1e-12);
    assert_near(quantity[4], 1000 - 7000.0 / 9, 1e-12);
    assert_true(unfilled == 0);
    /* What equal slices may not do at noon they make up for in the afternoon. */
    assert_int_equal(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_TIME, &task, &v), TC_OK);
    assert_near(quantity[0], 200, 1e-12);
    assert_near(quantity[1], 1000.0 / 9, 1e-12);
    assert_near(quantity[3], 2000.0 / 9, 1e-12);
    assert_near(quantity[4], 3000.0 / 9, 1e-12);
    assert_near(unfilled, 1000 - 200 - 7000.0 / 9, 1e-12);
    /* The session ends before a large order does. */
    task.quantity = 2000;
    v.minute = 300;
    task.duration = 0.2;
    assert_int_equal(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_RATE, &task, &v), TC_OK);
    assert_near(unfilled, 2000 - 3000.0 / 9, 1e-12);
    /* Two days trade twice. */
    v.minute = 0, v.participation = NAN, task.duration = 2, task.slices = 2;
    assert_int_equal(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_VOLUME, &task, &v), TC_OK);
    assert_near(quantity[0], 1000, 1e-12);
}

static void test_bad_volume(void **state)
{
    static const double falls[] = {0, 0.6, 0.5, 1}, short_of_one[] = {0, 0.5};
    static const double bad_rates[] = {0, 1, -0.1, 1.5, INFINITY};
    double quantity[5], unfilled;
    tc_error error = {0};
    const tc_schedule_task task = {1000, 1, 5, 0};
    tc_schedule_volume v = {.adv = 10000, .curve = curve};
    (void)state;
    for (size_t i = 0; i < COUNT(bad_rates); i++) {
        v.participation = bad_rates[i];
        assert_refused(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_RATE, &task, &v), TC_OUT_OF_DOMAIN, &error, "participation");
    }
    v.participation = NAN;
    assert_refused(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_RATE, &task, &v), TC_VALUE_NEEDED, &error, "participation");
    v.participation = 0.1;
    v.curve = (tc_curve){falls, COUNT(falls)};
    assert_refused(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_RATE, &task, &v), TC_BAD_MARKET, &error, "volume_curve");
    v.curve = (tc_curve){short_of_one, COUNT(short_of_one)};
    assert_refused(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_VOLUME, &task, &v), TC_BAD_MARKET, &error, "volume_curve");
    v.curve = (tc_curve){0};
    assert_refused(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_VOLUME, &task, &v), TC_MARKET_MISSING, &error, "volume_curve");
    v.curve = curve;
    v.adv = 0;
    assert_refused(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_VOLUME, &task, &v), TC_OUT_OF_DOMAIN, &error, "adv");
    v.adv = NAN;
    assert_refused(tc_schedule_by_volume(quantity, &unfilled, &error, TC_FOLLOW_VOLUME, &task, &v), TC_MARKET_MISSING, &error, "adv");
}

static void test_bad_tasks(void **state)
{
    double quantity[5];
    tc_error error = {0};
    tc_schedule_market m = table_1;
    (void)state;
    const struct { tc_schedule_task task; const char *field; tc_status status; } bad[] = {
        {{1e6, 0, 5, 0}, "duration", TC_OUT_OF_DOMAIN}, {{1e6, -1, 5, 0}, "duration", TC_OUT_OF_DOMAIN},
        {{1e6, NAN, 5, 0}, "duration", TC_OUT_OF_DOMAIN}, {{1e6, 5, 0, 0}, "slices", TC_OUT_OF_DOMAIN},
        {{1e6, 5, TC_SLICES_MAX + 1, 0}, "slices", TC_OUT_OF_DOMAIN}, {{0, 5, 5, 0}, "quantity", TC_OUT_OF_DOMAIN},
        {{1e6, 5, 5, INFINITY}, "lambda", TC_OUT_OF_DOMAIN}, {{1e6, 5, 5, -1.1e-6}, "lambda", TC_NO_SOLUTION}};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_refused(tc_schedule_optimal(quantity, NULL, &error, &m, &bad[i].task), bad[i].status, &error, bad[i].field);
    const tc_schedule_task task = task_of(5, 1e-6);
    m.gamma = 5e-6; /* eta - gamma tau/2 = 0 */
    assert_refused(tc_schedule_optimal(quantity, NULL, &error, &m, &task), TC_OUT_OF_DOMAIN, &error, "eta_tilde");
    m = table_1, m.exponent = 0.6;
    assert_refused(tc_schedule_optimal(quantity, NULL, &error, &m, &task), TC_OUT_OF_DOMAIN, &error, "exponent");
    m = table_1, m.sigma = NAN;
    assert_refused(tc_schedule_optimal(quantity, NULL, &error, &m, &task), TC_OUT_OF_DOMAIN, &error, "sigma");
    m = table_1, m.side = 0;
    assert_refused(tc_schedule_optimal(quantity, NULL, &error, &m, &task), TC_OUT_OF_DOMAIN, &error, "side");
    m = table_1, m.price = 0.5;
    tc_schedule_cost cost;
    tc_schedule_twap(quantity, &task);
    assert_refused(tc_schedule_evaluate(&cost, NULL, &error, &m, &task, quantity), TC_OUT_OF_DOMAIN, &error, "price");
    /* A kernel under which a round trip earns money. */
    const double rising[] = {1, 2, 1, 2, 1};
    m = table_1, m.kernel = rising, m.eta = m.gamma = 0;
    const tc_schedule_task calm = task_of(5, 0);
    assert_refused(tc_schedule_optimal(quantity, NULL, &error, &m, &calm), TC_NO_SOLUTION, &error, "kernel");
    assert_refused(tc_schedule_optimal(quantity, NULL, &error, &m, &task), TC_NO_SOLUTION, &error, "kernel");
}

/* Baskets. */

static void test_diagonal_basket(void **state)
{
    enum { M = 3, N = 12 };
    const double quantity[M] = {1e6, -2e5, 3e4}, sigma[M] = {0.95, 2, 0.1}, gamma[M] = {2.5e-7, 1e-7, 0}, eta[M] = {2.5e-6, 4e-6, 1e-7};
    const double epsilon[M] = {0.0625, 0.1, 0};
    static const double lambdas[] = {0, 1e-8, 1e-6, 1e-4, -1e-9};
    double c[M * M] = {0}, g[M * M] = {0}, h[M * M] = {0}, holding[(N + 1) * M];
    (void)state;
    for (int i = 0; i < M; i++) c[i * M + i] = sigma[i] * sigma[i], g[i * M + i] = gamma[i], h[i * M + i] = eta[i];
    const tc_basket basket = {M, quantity, c, g, h, epsilon};
    for (size_t l = 0; l < COUNT(lambdas); l++) {
        const tc_schedule_task task = {1, 5, N, lambdas[l]};
        tc_error error = {0};
        tc_schedule_cost whole, sum = {0};
        if (tc_basket_optimal(holding, &error, &basket, &task)) fail_msg("%s", error.message);
        assert_int_equal(tc_basket_evaluate(&whole, &error, &basket, &task, holding), TC_OK);
        for (int i = 0; i < M; i++) {
            const tc_schedule_market m = {.price = 1e6, .side = -1, .sigma = sigma[i], .epsilon = epsilon[i], .gamma = gamma[i], .eta = eta[i], .exponent = 1};
            const tc_schedule_task one = {fabs(quantity[i]), 5, N, lambdas[l]};
            double trades[N], x[N + 1];
            tc_schedule_cost cost = optimal_cost(trades, NULL, &m, &one);
            hold(x, trades, N);
            for (int k = 0; k <= N; k++) assert_true(fabs(holding[k * M + i] - copysign(x[k], quantity[i])) <= 1e-9 * one.quantity);
            sum.expected += cost.expected, sum.variance += cost.variance, sum.variance_even += cost.variance_even;
        }
        assert_near(whole.expected, sum.expected, 1e-10);
        assert_near(whole.variance, sum.variance, 1e-10);
        assert_near(whole.variance_even, sum.variance_even, 1e-10);
    }
}

/* With everything correlated, no nearby schedule is better. */
static void test_correlated_basket(void **state)
{
    enum { M = 2, N = 5 };
    const double quantity[M] = {1e6, 1e6}, c[] = {0.9, 0.6, 0.6, 1.6}, g[] = {2.5e-7, 5e-8, 5e-8, 1e-7}, h[] = {2.5e-6, 2e-7, 2e-7, 1e-6}, epsilon[M] = {0, 0};
    const tc_basket basket = {M, quantity, c, g, h, epsilon};
    double holding[(N + 1) * M], other[(N + 1) * M];
    uint64_t seed = 11;
    (void)state;
    for (double lambda = 1e-8; lambda < 1e-4; lambda *= 10) {
        const tc_schedule_task task = {1, 5, N, lambda};
        tc_error error = {0};
        tc_schedule_cost best, worse;
        assert_int_equal(tc_basket_optimal(holding, &error, &basket, &task), TC_OK);
        assert_int_equal(tc_basket_evaluate(&best, &error, &basket, &task, holding), TC_OK);
        for (int round = 0; round < 200; round++) {
            memcpy(other, holding, sizeof other);
            for (int i = M; i < N * M; i++) other[i] += (double)(next_random(&seed) % 2001) - 1000;
            assert_int_equal(tc_basket_evaluate(&worse, &error, &basket, &task, other), TC_OK);
            assert_true(worse.expected + lambda * worse.variance >= best.expected + lambda * best.variance);
        }
    }
}

static void test_hedge_changes_sign(void **state)
{
    /* Nothing to do in the second, which is cheap to trade and moves with the first: it is sold short for a while. */
    const double quantity[] = {1e6, 0}, c[] = {1, 0.9, 0.9, 1}, g[4] = {0}, h[] = {1e-5, 0, 0, 1e-8}, epsilon[] = {0.01, 0.01};
    const tc_basket basket = {2, quantity, c, g, h, epsilon};
    const tc_schedule_task task = {1, 5, 10, 1e-6};
    double holding[22], traded = 0;
    tc_error error = {0};
    tc_schedule_cost cost;
    (void)state;
    assert_int_equal(tc_basket_optimal(holding, &error, &basket, &task), TC_OK);
    assert_true(holding[1 * 2 + 1] < -1e5);
    for (int k = 0; k < 10; k++)
        for (int i = 0; i < 2; i++) traded += fabs(holding[k * 2 + i] - holding[(k + 1) * 2 + i]);
    assert_int_equal(tc_basket_evaluate(&cost, &error, &basket, &task, holding), TC_OK);
    assert_near(cost.spread, 0.01 * traded, 1e-12);
    assert_true(traded > 1.5e6);
}

static void test_bad_baskets(void **state)
{
    const double quantity[] = {1, 1}, epsilon[] = {0, 0}, one[] = {1, 0, 0, 1}, zero[4] = {0};
    const double lopsided[] = {1, 0.2, 0.1, 1}, indefinite[] = {1, 2, 2, 1};
    double holding[22];
    tc_error error = {0};
    const tc_schedule_task task = {1, 5, 10, 1e-6}, timeless = {1, 0, 10, 0}, greedy = {1, 5, 10, -10};
    (void)state;
    tc_basket b = {2, quantity, lopsided, zero, one, epsilon};
    assert_refused(tc_basket_optimal(holding, &error, &b, &task), TC_OUT_OF_DOMAIN, &error, "covariance");
    b.covariance = indefinite;
    assert_refused(tc_basket_optimal(holding, &error, &b, &task), TC_OUT_OF_DOMAIN, &error, "covariance");
    b.covariance = one, b.eta = indefinite;
    assert_refused(tc_basket_optimal(holding, &error, &b, &task), TC_OUT_OF_DOMAIN, &error, "eta");
    b.eta = zero;
    assert_refused(tc_basket_optimal(holding, &error, &b, &task), TC_OUT_OF_DOMAIN, &error, "eta");
    b.eta = one;
    assert_refused(tc_basket_optimal(holding, &error, &b, &timeless), TC_OUT_OF_DOMAIN, &error, "duration");
    assert_refused(tc_basket_optimal(holding, &error, &b, &greedy), TC_NO_SOLUTION, &error, "lambda");
    b.count = 0;
    assert_refused(tc_basket_optimal(holding, &error, &b, &task), TC_LIMIT, &error, "count");
}

/* Charges, and the schedule that counts them. */

static void resolve(tc_trade *trade, const char *line)
{
    char buffer[400];
    tc_request request = {0};
    tc_error error = {0};
    const tc_context context = {.today = {TC_DATE_MIN - 1}};
    request_of(&request, buffer, sizeof buffer, line);
    if (tc_resolve(trade, &error, tc_book_builtin(), &request, &context)) fail_msg("%s: %s", line, error.message);
}

#define INTRADAY "broker=zerodha exchange=NSE product=intraday side=sell quantity=12 price=500 date=2026-04-02 state=MH"
#define DELIVERY "broker=zerodha exchange=NSE product=delivery side=sell quantity=12 price=500 date=2026-04-02 state=MH"

static void test_slice_charges(void **state)
{
    tc_trade trade;
    tc_error error = {0};
    tc_cost cost, alone;
    size_t orders;
    (void)state;
    resolve(&trade, INTRADAY);
    tc_slice_terms terms = {tc_book_builtin(), &trade, false, 0.05, 1, 0, 0};
    /* One order of 1000 at 500.03, sold at the tick below: the engine's own quote. */
    assert_int_equal(tc_slice_charge(&cost, &orders, &error, &terms, 1000, 500.03), TC_OK);
    assert_int_equal(quote_of(&alone, &error, tc_book_builtin(), "broker=zerodha exchange=NSE product=intraday side=sell quantity=1000 price=500 date=2026-04-02 state=MH", TC_EXACT), TC_OK);
    assert_int_equal(cost.total.nanos, alone.total.nanos);
    assert_int_equal(orders, 1);
    assert_int_equal(amount_of(&cost, "brokerage"), rupees("20"));
    /* Above the freeze quantity: 300 + 300 + 300 + 100, with Rs 20 each. */
    terms.freeze = 300;
    assert_int_equal(tc_slice_charge(&cost, &orders, &error, &terms, 1000, 500), TC_OK);
    assert_int_equal(orders, 4);
    assert_int_equal(amount_of(&cost, "brokerage"), rupees("75")); /* 0.03 % of 50000 is 15 */
    assert_int_equal(amount_of(&cost, "transaction_tax"), amount_of(&alone, "transaction_tax"));
    terms.lot = 120; /* whole lots below the freeze quantity: 240 each */
    assert_int_equal(tc_slice_charge(&cost, &orders, &error, &terms, 1200, 500), TC_OK);
    assert_int_equal(orders, 5);
    terms.lot = 400;
    assert_refused(tc_slice_charge(&cost, &orders, &error, &terms, 400, 500), TC_OUT_OF_DOMAIN, &error, "freeze");
}

/* DP once for every day that sells. */
static void test_dp_by_day(void **state)
{
    tc_trade trade;
    tc_error error = {0};
    tc_cost total, each[4];
    const tc_slice slices[4] = {{0, 0.5, 10, 30, 500, 0}, {0.5, 1, 0, 30, NAN, 0}, {1, 1.5, 20, 10, 500, 0}, {1.5, 2, 10, 0, 500, 0}};
    (void)state;
    resolve(&trade, DELIVERY);
    tc_slice_terms terms = {tc_book_builtin(), &trade, false, 0.05, 1, 0, 0};
    assert_int_equal(tc_schedule_charge(&total, each, NULL, &error, &terms, slices, 4), TC_OK);
    assert_int_equal(amount_of(&total, "dp_charge"), rupees("30.68")); /* 13 + 18 % GST, twice */
    assert_int_equal(amount_of(&each[0], "dp_charge"), rupees("15.34"));
    assert_int_equal(amount_of(&each[2], "dp_charge"), rupees("15.34"));
    assert_int_equal(amount_of(&each[3], "dp_charge"), 0);
    assert_int_equal(total.total.nanos, total.note_total.nanos + rupees("30.68"));
    terms.elapsed = 0.75; /* the second slice begins on the second day, the last one on the third */
    assert_int_equal(tc_schedule_charge(&total, each, NULL, &error, &terms, slices, 4), TC_OK);
    assert_int_equal(amount_of(&total, "dp_charge"), rupees("46.02"));
}

/* What the order costs when worked so: nothing here knows of dynamic programming. */
static double objective(const tc_schedule_market *m, const tc_schedule_task *t, const tc_slice_terms *terms, const double *quantity)
{
    tc_schedule_cost cost;
    tc_slice slice[MANY];
    tc_cost charges;
    tc_error error = {0};
    if (tc_schedule_evaluate(&cost, slice, &error, m, t, quantity)) fail_msg("%s", error.message);
    if (tc_schedule_charge(&charges, NULL, NULL, &error, terms, slice, t->slices)) fail_msg("%s", error.message);
    return cost.expected + t->lambda * cost.variance + (double)charges.total.nanos / 1e9;
}

/* Every way to spread `left` lots over the slices from `at` on. */
static void enumerate(double *least, double *quantity, size_t at, double left, const tc_schedule_market *m, const tc_schedule_task *t,
                      const tc_slice_terms *terms)
{
    if (at + 1 == t->slices) {
        quantity[at] = left;
        double cost = objective(m, t, terms, quantity);
        if (cost < *least) *least = cost;
        return;
    }
    for (double n = 0; n <= left; n += terms->lot) {
        quantity[at] = n;
        enumerate(least, quantity, at + 1, left - n, m, t, terms);
    }
}

static void test_exact_against_all(void **state)
{
    static const char *const orders[] = {INTRADAY, DELIVERY,
        "broker=groww exchange=NSE product=intraday side=buy quantity=12 price=500 date=2026-04-02 state=MH",
        "broker=zerodha exchange=NFO instrument=future underlying=NIFTY lot_size=75 side=buy quantity=75 price=24000 date=2026-04-02 state=MH"};
    uint64_t seed = 5;
    (void)state;
    for (int round = 0; round < 60; round++) {
        tc_trade trade;
        const char *order = orders[next_random(&seed) % COUNT(orders)];
        resolve(&trade, order);
        double lot = trade.lot_size.micros ? (double)trade.lot_size.micros / 1e6 : (double)(1 + next_random(&seed) % 50);
        double price = (double)trade.price.micros / 1e6, quantity[8], tried[8];
        tc_schedule_task task = {lot * (double)(3 + next_random(&seed) % 8), 0.5 * (double)(1 + next_random(&seed) % 6), 2 + next_random(&seed) % 4, 0};
        double rate = task.quantity / task.duration, sizes[] = {0.0002, 0.002, 0.02};
        tc_schedule_market m = {.price = price, .side = trade.sel[TC_SEL_SIDE] == TC_BUY ? 1 : -1, .sigma = 0.02 * price, .epsilon = 0.0001 * price,
                                .gamma = 0.0005 * price / task.quantity, .eta = sizes[next_random(&seed) % 3] * price / rate,
                                .exponent = round % 3 ? 1 : 0.6, .alpha = round % 4 ? 0 : 0.001 * price};
        tc_slice_terms terms = {tc_book_builtin(), &trade, false, 0.05, lot, round % 2 ? 0 : 3 * lot, 0.1 * (double)(next_random(&seed) % 10)};
        task.lambda = (double)(next_random(&seed) % 4) * 0.3 / (m.sigma * task.quantity);
        if (m.exponent != 1) m.eta *= pow(rate, 1 - m.exponent);
        tc_exact_report report;
        tc_error error = {0};
        if (tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, lot)) fail_msg("%s", error.message);
        double least = INFINITY, found = objective(&m, &task, &terms, quantity);
        enumerate(&least, tried, 0, task.quantity, &m, &task, &terms);
        if (!(fabs(found - least) <= 1e-9 * fabs(least))) fail_msg("round %d: %.12g, but %.12g can be had", round, found, least);
    }
}

/* What does not depend on slicing does not change it: without charges, and with those in proportion, it is AC in whole shares. */
static void test_exact_is_rounded_almgren_chriss(void **state)
{
    static const char *const orders[] = {
        "broker=custom exchange=NSE product=intraday side=sell quantity=900 price=500 date=2026-04-02 state=MH",
        DELIVERY};
    (void)state;
    for (size_t o = 0; o < COUNT(orders); o++)
        for (double lambda = 0; lambda < 1e-2; lambda = lambda * 8 + 1e-5) {
            tc_trade trade;
            resolve(&trade, orders[o]);
            const tc_schedule_task task = {900, 1, 6, lambda};
            const tc_schedule_market m = {.price = 500, .side = -1, .sigma = 8, .epsilon = 0.05, .gamma = 1e-4, .eta = 1e-3, .exponent = 1};
            const tc_slice_terms terms = {tc_book_builtin(), &trade, true, 0.05, 1, 0, 0};
            double continuous[6], rounded[6], exact[6];
            tc_exact_report report;
            tc_error error = {0};
            assert_int_equal(tc_schedule_optimal(continuous, NULL, &error, &m, &task), TC_OK);
            memcpy(rounded, continuous, sizeof rounded);
            tc_schedule_round(rounded, 6, 1);
            if (tc_schedule_exact(exact, &report, &error, &m, &task, &terms, 1)) fail_msg("%s", error.message);
            for (int j = 0; j < 6; j++) assert_true(fabs(exact[j] - continuous[j]) < 1.5);
            assert_true(objective(&m, &task, &terms, exact) <= objective(&m, &task, &terms, rounded) * (1 + 1e-15));
            assert_near(report.objective, objective(&m, &task, &terms, exact), 1e-12);
        }
}

/* Rs 20 an order makes fewer, larger slices. */
static void test_orders_are_saved(void **state)
{
    tc_trade trade;
    const tc_schedule_task task = {600, 1, 20, 0};
    const tc_schedule_market m = {.price = 2500, .side = -1, .sigma = 40, .epsilon = 0.05, .gamma = 0, .eta = 1e-4, .exponent = 1};
    double quantity[20], even[20];
    tc_exact_report report;
    tc_error error = {0};
    (void)state;
    resolve(&trade, INTRADAY);
    const tc_slice_terms terms = {tc_book_builtin(), &trade, false, 0.05, 1, 0, 0};
    assert_int_equal(tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, 1), TC_OK);
    size_t orders = 0;
    for (int j = 0; j < 20; j++) orders += quantity[j] > 0;
    assert_true(orders < 10);
    tc_schedule_twap(even, &task);
    assert_true(objective(&m, &task, &terms, quantity) < objective(&m, &task, &terms, even) - 100);
}

static void test_exact_steps_and_limits(void **state)
{
    tc_trade trade;
    tc_schedule_task task = {1037, 1, 4, 1e-4};
    tc_schedule_market m = {.price = 500, .side = -1, .sigma = 8, .epsilon = 0.05, .gamma = 1e-4, .eta = 1e-3, .exponent = 1};
    double quantity[4], sum = 0, fine[4];
    tc_exact_report report;
    tc_error error = {0};
    (void)state;
    resolve(&trade, INTRADAY);
    tc_slice_terms terms = {tc_book_builtin(), &trade, false, 0.05, 1, 0, 0};
    assert_int_equal(tc_schedule_exact(fine, &report, &error, &m, &task, &terms, 1), TC_OK);
    assert_int_equal(tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, 50), TC_OK);
    for (int j = 0; j < 4; j++) sum += quantity[j];
    assert_true(sum == 1037 && report.step == 50);
    assert_true(objective(&m, &task, &terms, quantity) >= objective(&m, &task, &terms, fine));
    for (int j = 1; j < 4; j++) assert_true(fmod(quantity[j], 50) == 0);
    /* A step above the whole order leaves but one trade. */
    assert_int_equal(tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, 1e10), TC_OK);
    assert_true(quantity[0] + quantity[1] + quantity[2] + quantity[3] == 1037);
    terms.lot = 10;
    assert_refused(tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, 10), TC_OUT_OF_DOMAIN, &error, "quantity");
    task.quantity = 1040;
    assert_refused(tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, 15), TC_OUT_OF_DOMAIN, &error, "step");
    terms.lot = 1, task.quantity = 1e6;
    m.gamma = 1e-7, m.eta = 1e-6;
    assert_refused(tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, 1), TC_LIMIT, &error, "step");
    const double kernel[4] = {1, 0.5, 0.25, 0.1};
    m.kernel = kernel;
    assert_refused(tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, 1000), TC_OUT_OF_DOMAIN, &error, "kernel");
    m.kernel = NULL, m.eta = 1; /* any slice drives the price below 0 */
    assert_refused(tc_schedule_exact(quantity, &report, &error, &m, &task, &terms, 100000), TC_NO_SOLUTION, &error, "price");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_almgren_chriss_values), cmocka_unit_test(test_drift_values), cmocka_unit_test(test_drift_gain_bound),
        cmocka_unit_test(test_risk_by_slices), cmocka_unit_test(test_frontier), cmocka_unit_test(test_least_var),
        cmocka_unit_test(test_dense_is_closed_form), cmocka_unit_test(test_transient_values), cmocka_unit_test(test_transient_with_risk),
        cmocka_unit_test(test_evaluate), cmocka_unit_test(test_rounding), cmocka_unit_test(test_by_volume), cmocka_unit_test(test_bad_volume),
        cmocka_unit_test(test_bad_tasks), cmocka_unit_test(test_diagonal_basket), cmocka_unit_test(test_correlated_basket),
        cmocka_unit_test(test_hedge_changes_sign), cmocka_unit_test(test_bad_baskets), cmocka_unit_test(test_slice_charges),
        cmocka_unit_test(test_dp_by_day), cmocka_unit_test(test_exact_against_all), cmocka_unit_test(test_exact_is_rounded_almgren_chriss),
        cmocka_unit_test(test_orders_are_saved), cmocka_unit_test(test_exact_steps_and_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
