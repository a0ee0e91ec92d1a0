/* The solver: certified values, simulated truths, bounds, robust losses, what data cannot tell. */
#include "test.h"

#include <math.h>

#include "models/fit/fit.h"

/* --- models under test --- */

typedef struct {
    const double *x;
} design;

static bool power_law(const void *context, size_t at, const double *b, double *y, double *slope)
{
    double x = ((const design *)context)->x[at];
    *y = b[0] * pow(x, b[1]);
    if (slope) slope[0] = pow(x, b[1]), slope[1] = *y * log(x);
    return true;
}

static bool line(const void *context, size_t at, const double *b, double *y, double *slope)
{
    *y = b[0] * ((const design *)context)->x[at];
    if (slope) slope[0] = ((const design *)context)->x[at];
    return true;
}

/* Two coefficients that only their sum tells. */
static bool twins(const void *context, size_t at, const double *b, double *y, double *slope)
{
    double x = ((const design *)context)->x[at];
    *y = (b[0] + b[1]) * x;
    if (slope) slope[0] = slope[1] = x;
    return true;
}

static bool close_to(double a, double b, double relative)
{
    return fabs(a - b) <= relative * fabs(b);
}

#define FREE(n, from) {.name = n, .low = -INFINITY, .high = INFINITY, .start = (from)}
#define COEFFICIENT(n, from) {.name = n, .low = 0, .high = INFINITY, .start = (from), .log = true}
#define EXPONENT(n, from) {.name = n, .low = 0, .high = 1, .start = (from)}

/* --- certified: NIST Statistical Reference Datasets, www.itl.nist.gov/div898/strd --- */

static const double danwood_x[] = {1.309, 1.471, 1.490, 1.565, 1.611, 1.680};
static const double danwood_y[] = {2.138, 3.421, 3.597, 4.340, 4.882, 5.660};

static void check_danwood(const tc_fit *fit)
{
    assert_true(close_to(fit->value[0], 7.6886226176e-01, 1e-9));
    assert_true(close_to(fit->value[1], 3.8604055871e+00, 1e-9));
    assert_true(close_to(fit->se[0], 1.8281973860e-02, 1e-9));
    assert_true(close_to(fit->se[1], 5.1726610913e-02, 1e-9));
    assert_true(close_to(fit->rss, 4.3173084083e-03, 1e-9));
    assert_true(close_to(fit->scale, 3.2853114039e-02, 1e-9));
    assert_true(fit->freedom == 4);
}

static void test_danwood(void **state)
{
    (void)state;
    static const double starts[][2] = {{1, 5}, {0.7, 4}};
    for (size_t i = 0; i < COUNT(starts); i++) {
        for (int as_log = 0; as_log < 2; as_log++) {
            tc_fit fit;
            tc_fit_problem p = {.count = COUNT(danwood_x), .observed = danwood_y, .predict = power_law,
                                .context = &(design){danwood_x}, .parameter_count = 2,
                                .parameter = {FREE("b1", starts[i][0]), FREE("b2", starts[i][1])}};
            if (as_log) p.parameter[0] = (tc_fit_parameter)COEFFICIENT("b1", starts[i][0]);
            assert_int_equal(tc_fit_solve(&fit, NULL, &p, NULL), TC_OK);
            check_danwood(&fit);
        }
    }
}

static void test_danwood_from_both_starts_at_once(void **state)
{
    (void)state;
    tc_fit fit;
    static const double starts[] = {1, 5, 0.7, 4};
    const tc_fit_problem p = {.count = COUNT(danwood_x), .observed = danwood_y, .predict = power_law,
                              .context = &(design){danwood_x},
                              .parameter_count = 2, .parameter = {FREE("b1", 1), FREE("b2", 1)}};
    assert_int_equal(tc_fit_best(&fit, NULL, &p, starts, 2), TC_OK);
    check_danwood(&fit);
    assert_int_equal(fit.alike, 2);
}

static void test_noint1(void **state)
{
    (void)state;
    double x[11], y[11];
    tc_fit fit;
    for (int i = 0; i < 11; i++) x[i] = 60 + i, y[i] = 130 + i;
    const tc_fit_problem p = {.count = 11, .observed = y, .predict = line, .context = &(design){x}, .parameter_count = 1,
                              .parameter = {FREE("b1", 1)}};
    assert_int_equal(tc_fit_solve(&fit, NULL, &p, NULL), TC_OK);
    assert_true(close_to(fit.value[0], 2.07438016528926, 1e-13));
    assert_true(close_to(fit.se[0], 0.0165289256198347, 1e-12));
    assert_true(close_to(fit.rss, 127.272727272727, 1e-12));
    assert_true(close_to(fit.scale, 3.56753034006338, 1e-12));
}

/* --- simulated: y = 0.8 x^0.55 + noise --- */

enum { MANY = 600 };
static const double truth[] = {0.8, 0.55};

static double uniform(uint64_t *seed) { return ((double)(next_random(seed) >> 11) + 0.5) / 9007199254740992.0; }

static double normal(uint64_t *seed)
{
    double radius = sqrt(-2 * log(uniform(seed)));
    return radius * cos(6.283185307179586 * uniform(seed));
}

typedef struct {
    double x[MANY], y[MANY], sd[MANY];
    design design;
    tc_fit_problem problem;
} simulation;

static void simulate(simulation *s, uint64_t seed, double noise)
{
    s->design.x = s->x;
    for (size_t i = 0; i < MANY; i++) {
        s->x[i] = pow(10, -4 + 3 * uniform(&seed)); /* three decades */
        s->sd[i] = 0.5 + uniform(&seed);
        s->y[i] = truth[0] * pow(s->x[i], truth[1]) + noise * s->sd[i] * normal(&seed);
    }
    s->problem = (tc_fit_problem){.count = MANY, .observed = s->y, .sd = s->sd, .predict = power_law, .context = &s->design,
                                  .parameter_count = 2, .parameter = {COEFFICIENT("y", 1), EXPONENT("delta", 0.5)}};
}

static void test_without_noise_the_truth(void **state)
{
    (void)state;
    static simulation s;
    simulate(&s, 1, 0);
    for (s.problem.loss = 0; s.problem.loss < TC_LOSS_COUNT; s.problem.loss++) {
        tc_fit fit;
        assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, NULL), TC_OK);
        assert_true(close_to(fit.value[0], truth[0], 1e-9) && close_to(fit.value[1], truth[1], 1e-9));
    }
}

/* Five standard errors: a wrong answer, not bad luck. */
static void test_noise_moves_it_by_standard_errors(void **state)
{
    (void)state;
    static simulation s;
    for (unsigned seed = 1; seed <= 20; seed++) {
        simulate(&s, seed, 0.02);
        for (s.problem.loss = 0; s.problem.loss < TC_LOSS_COUNT; s.problem.loss++) {
            tc_fit fit;
            assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, NULL), TC_OK);
            assert_true(fabs(fit.value[0] - truth[0]) < 5 * fit.se[0] && fabs(fit.value[1] - truth[1]) < 5 * fit.se[1]);
            assert_true(fit.low[0] < fit.value[0] && fit.value[0] < fit.high[0]);
            assert_true(close_to(fit.scale, 0.02, 0.15));
        }
    }
}

/* One in ten is thrown far off, upwards: squares follow it, robust losses hardly, Tukey's least. */
static void test_outliers(void **state)
{
    (void)state;
    static simulation s;
    double off[TC_LOSS_COUNT];
    simulate(&s, 7, 0.005);
    for (size_t i = 0; i < MANY; i += 10) s.y[i] += 0.5;
    for (s.problem.loss = 0; s.problem.loss < TC_LOSS_COUNT; s.problem.loss++) {
        tc_fit fit;
        assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, NULL), TC_OK);
        off[s.problem.loss] = fabs(fit.value[1] - truth[1]);
        if (s.problem.loss == TC_LOSS_TUKEY) assert_true(off[TC_LOSS_TUKEY] < 4 * fit.se[1] && close_to(fit.scale, 0.005, 0.3));
    }
    assert_true(off[TC_LOSS_SQUARES] > 0.1);
    assert_true(off[TC_LOSS_HUBER] < off[TC_LOSS_SQUARES] / 4);
    assert_true(off[TC_LOSS_TUKEY] < off[TC_LOSS_SQUARES] / 20);
}

/* Counting each twice is having each twice; leaving out is not having. */
static void test_times_are_repetitions(void **state)
{
    (void)state;
    static simulation s;
    static double times[MANY];
    double x[MANY], y[MANY], sd[MANY];
    tc_fit counted, repeated;
    size_t n = 0;
    simulate(&s, 3, 0.02);
    for (size_t i = 0; i < MANY; i++) {
        times[i] = (double)(i % 3);
        for (size_t k = 0; k < i % 3; k++) x[n] = s.x[i], y[n] = s.y[i], sd[n++] = s.sd[i];
    }
    tc_fit_problem long_way = s.problem;
    long_way.count = n, long_way.observed = y, long_way.sd = sd, long_way.context = &(design){x};
    s.problem.times = times;
    for (int loss = 0; loss < TC_LOSS_COUNT; loss++) {
        s.problem.loss = long_way.loss = (tc_fit_loss)loss;
        assert_int_equal(tc_fit_solve(&counted, NULL, &s.problem, NULL), TC_OK);
        assert_int_equal(tc_fit_solve(&repeated, NULL, &long_way, NULL), TC_OK);
        for (int j = 0; j < 2; j++) assert_true(close_to(counted.value[j], repeated.value[j], 1e-7));
        for (int j = 0; j < 4; j++) assert_true(close_to(counted.covariance[j], repeated.covariance[j], 1e-5));
    }
}

static void test_influences_add_up_to_the_sandwich(void **state)
{
    (void)state;
    static simulation s;
    static double influence[MANY * 2];
    tc_fit fit;
    double sum[4] = {0};
    simulate(&s, 5, 0.02);
    s.problem.loss = TC_LOSS_HUBER;
    assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, influence), TC_OK);
    for (size_t i = 0; i < MANY; i++)
        for (int a = 0; a < 4; a++) sum[a] += influence[2 * i + (size_t)(a / 2)] * influence[2 * i + (size_t)(a % 2)];
    for (int a = 0; a < 4; a++) assert_true(close_to(fit.sandwich[a], sum[a], 1e-12));
}

/* Simulated errors are as the model says, so both covariances estimate the same. */
static void test_sandwich_and_covariance_agree(void **state)
{
    (void)state;
    static simulation s;
    double ratio = 0;
    enum { FITS = 40 };
    for (unsigned seed = 1; seed <= FITS; seed++) {
        tc_fit fit;
        simulate(&s, seed, 0.02);
        s.problem.loss = TC_LOSS_HUBER;
        assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, NULL), TC_OK);
        ratio += sqrt(fit.sandwich[3] / fit.covariance[3]) / FITS;
    }
    assert_true(fabs(ratio - 1) < 0.05);
}

/* The share of 95 % intervals that hold the truth, over 1,000 fits of 600 orders each
 * (three decades of x, normal errors with known ratios). The share's own error is 0.7 %. */
static void test_coverage(void **state)
{
    (void)state;
    static simulation s;
    enum { FITS = 1000 };
    for (int loss = TC_LOSS_SQUARES; loss <= TC_LOSS_HUBER; loss++) {
        unsigned holds[2] = {0};
        for (unsigned seed = 1; seed <= FITS; seed++) {
            tc_fit fit;
            simulate(&s, 1000 + seed, 0.02);
            s.problem.loss = (tc_fit_loss)loss;
            s.problem.tolerance = 1e-9;
            assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, NULL), TC_OK);
            for (int j = 0; j < 2; j++) holds[j] += fit.low[j] <= truth[j] && truth[j] <= fit.high[j];
        }
        print_message("%s: %u and %u of %d intervals hold the truth\n", tc_fit_loss_name((tc_fit_loss)loss), holds[0], holds[1],
                      FITS);
        for (int j = 0; j < 2; j++) assert_in_range(holds[j], 930, 970);
    }
}

/* --- bounds --- */

static void test_a_bound_that_binds(void **state)
{
    (void)state;
    static simulation s;
    tc_fit fit, held;
    simulate(&s, 11, 0.001);
    s.problem.parameter[1].high = 0.5;
    assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, NULL), TC_OK);
    assert_true(fit.at_bound[1] && fit.value[1] == 0.5 && isnan(fit.se[1]) && fit.covariance[3] == 0);
    s.problem.parameter[1] = (tc_fit_parameter)EXPONENT("delta", 0.5);
    s.problem.parameter[1].fixed = true;
    assert_int_equal(tc_fit_solve(&held, NULL, &s.problem, NULL), TC_OK);
    assert_true(close_to(fit.value[0], held.value[0], 1e-4) && close_to(fit.se[0], held.se[0], 1e-3));
}

static void test_a_bound_that_does_not(void **state)
{
    (void)state;
    static simulation s;
    tc_fit narrow, wide;
    simulate(&s, 12, 0.02);
    assert_int_equal(tc_fit_solve(&narrow, NULL, &s.problem, NULL), TC_OK);
    s.problem.parameter[1].low = -INFINITY, s.problem.parameter[1].high = INFINITY;
    assert_int_equal(tc_fit_solve(&wide, NULL, &s.problem, NULL), TC_OK);
    for (int j = 0; j < 2; j++) assert_true(close_to(narrow.value[j], wide.value[j], 1e-8) &&
                                            close_to(narrow.se[j], wide.se[j], 1e-8));
    s.problem.parameter[1].low = 0.1;
    s.problem.parameter[0].low = 0.01, s.problem.parameter[0].high = 100;
    assert_int_equal(tc_fit_solve(&narrow, NULL, &s.problem, NULL), TC_OK);
    for (int j = 0; j < 2; j++) assert_true(close_to(narrow.value[j], wide.value[j], 1e-7));
}

/* --- what cannot be told --- */

static void test_not_identified(void **state)
{
    (void)state;
    static simulation s;
    tc_fit fit;
    tc_error error = {0};
    simulate(&s, 13, 0.02);
    s.problem.predict = twins;
    assert_int_equal(tc_fit_solve(&fit, &error, &s.problem, NULL), TC_NOT_IDENTIFIED);
    assert_true(error.field[0] != 0);
    s.problem.predict = power_law;
    for (size_t i = 0; i < MANY; i++) s.y[i] = -fabs(s.y[i]); /* trading that earns */
    assert_int_equal(tc_fit_solve(&fit, &error, &s.problem, NULL), TC_NOT_IDENTIFIED);
    s.problem.count = 2;
    assert_int_equal(tc_fit_solve(&fit, &error, &s.problem, NULL), TC_VALUE_NEEDED);
    s.problem.count = 0;
    assert_int_equal(tc_fit_solve(&fit, &error, &s.problem, NULL), TC_VALUE_NEEDED);
}

static void test_bad_numbers(void **state)
{
    (void)state;
    static simulation s;
    tc_fit fit;
    simulate(&s, 14, 0.02);
    s.x[17] = NAN;
    assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, NULL), TC_OUT_OF_DOMAIN);
}

/* Near the minimum the profile is the parabola of the standard error. */
static void test_profile(void **state)
{
    (void)state;
    static simulation s;
    tc_fit fit;
    double rise[3];
    simulate(&s, 15, 0.02);
    assert_int_equal(tc_fit_solve(&fit, NULL, &s.problem, NULL), TC_OK);
    const double at[] = {fit.value[1], fit.value[1] - fit.se[1], fit.value[1] + fit.se[1]};
    assert_int_equal(tc_fit_profile(rise, NULL, &s.problem, &fit, 1, at, 3), TC_OK);
    assert_true(fabs(rise[0]) < 1e-9 && fabs(rise[1] - 1) < 0.1 && fabs(rise[2] - 1) < 0.1);
}

/* --- pooling --- */

static void test_pooling_limits(void **state)
{
    (void)state;
    tc_fit_pool pool;
    double shrunk[4], se[4];
    /* Groups that differ by less than chance: all get the weighted mean. */
    tc_fit_pooled(&pool, shrunk, se, (double[]){1.0, 1.1, 0.9, 1.0}, (double[]){0.5, 0.5, 0.5, 0.5}, 4);
    assert_true(pool.between == 0 && close_to(pool.mean, 1, 1e-12) && close_to(pool.se, 0.25, 1e-12));
    for (int i = 0; i < 4; i++) assert_true(close_to(shrunk[i], 1, 1e-12) && close_to(se[i], 0.25, 1e-12));
    /* Groups worlds apart: each keeps its own. */
    tc_fit_pooled(&pool, shrunk, se, (double[]){1, 1e6, -1e6, 3e6}, (double[]){0.1, 0.1, 0.1, 0.1}, 4);
    assert_true(close_to(shrunk[1], 1e6, 1e-9) && close_to(se[1], 0.1, 1e-6));
    /* A group without an estimate of its own gets the mean, and is less sure of it. */
    tc_fit_pooled(&pool, shrunk, se, (double[]){1, 3, NAN}, (double[]){0.1, 0.1, NAN}, 3);
    assert_true(close_to(shrunk[2], 2, 1e-9) && se[2] > pool.se);
    /* By hand: x = 1, 3, se 1, 1: Q = 2, tau^2 = (2 - 1)/(2 - 1) = 1, B = 1/2, mean 2. */
    tc_fit_pooled(&pool, shrunk, se, (double[]){1, 3}, (double[]){1, 1}, 2);
    assert_true(close_to(pool.between, 1, 1e-12) && close_to(shrunk[0], 1.5, 1e-12) &&
                close_to(se[0] * se[0], 0.5 + 0.25, 1e-12));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_danwood), cmocka_unit_test(test_danwood_from_both_starts_at_once), cmocka_unit_test(test_noint1),
        cmocka_unit_test(test_without_noise_the_truth), cmocka_unit_test(test_noise_moves_it_by_standard_errors),
        cmocka_unit_test(test_outliers), cmocka_unit_test(test_times_are_repetitions),
        cmocka_unit_test(test_influences_add_up_to_the_sandwich), cmocka_unit_test(test_sandwich_and_covariance_agree),
        cmocka_unit_test(test_coverage), cmocka_unit_test(test_a_bound_that_binds), cmocka_unit_test(test_a_bound_that_does_not),
        cmocka_unit_test(test_not_identified), cmocka_unit_test(test_bad_numbers), cmocka_unit_test(test_profile),
        cmocka_unit_test(test_pooling_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
