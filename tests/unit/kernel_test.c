/* Calibration of the propagator: what a schedule may rest on, and what is refused. Its numbers: tests/models/kernel.py. */
#include "test.h"

#include <math.h>

#include "models/fit/kernel.h"

/* --- Gatheral 2010, "No-dynamic-arbitrage and market impact", Quant. Finance 10:749-759 --- */

static void test_admissible(void **state)
{
    (void)state;
    const double least = 0.41503749927884381855; /* 2 - log2(3) */
    const struct {
        double decay, delta;
        bool admissible, said;
    } cases[] = {
        {0.5, 0.5, true, false},                /* the square-root law's kin */
        {0.5, 0.49, false, true},               /* section 4: decay + delta >= 1 */
        {0.4, 0.6, false, true},                /* section 5: decay >= 2 - log2(3) */
        {nextafter(least, 0), 0.6, false, true}, {least, 0.6, true, false},
        {0.1, 1, true, true},                   /* linear: a warning */
        {0.6, 1, true, false},
        {NAN, 1, true, false}, {NAN, 0.999, false, true}, /* exponential: linear only */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char reason[240];
        assert_int_equal(tc_kernel_admissible(reason, cases[i].decay, cases[i].delta), cases[i].admissible);
        assert_int_equal(*reason != '\0', cases[i].said);
    }
}

/* --- flows --- */

enum { LAGS = 10, TRADES = 400, DAYS = 20 };

typedef struct {
    double sign[TRADES], move[TRADES];
    size_t end[DAYS];
    tc_trade_flow flow;
} market;

/* Independent signs, each of which moves the mid by 2 bps for good. */
static void make(market *m, uint64_t random)
{
    for (size_t t = 0; t < TRADES; t++) {
        m->sign[t] = next_random(&random) >> 63 ? 1 : -1;
        m->move[t] = 2 * m->sign[t];
    }
    for (size_t d = 0; d < DAYS; d++) m->end[d] = (d + 1) * TRADES / DAYS;
    m->flow = (tc_trade_flow){m->sign, m->move, TRADES, m->end, DAYS};
}

static const tc_kernel_options usual = {.lags = LAGS, .delta = 1, .replicates = 20, .seed = 1};

static void test_permanent_impact(void **state)
{
    (void)state;
    market m;
    tc_kernel k;
    make(&m, 1);
    assert_int_equal(tc_kernel_calibrate(&k, NULL, &usual, &m.flow), TC_OK);
    assert_true(k.kernel.value[0] == 0);
    for (size_t l = 1; l <= LAGS; l++) {
        assert_true(fabs(k.kernel.value[l] - 2) < 1e-10);
        assert_true(k.kernel.se[l] < 1e-9); /* whatever days are drawn it is exact */
        assert_true(isnan(k.unchanged[l]) && isnan(k.changed[l])); /* every trade changes the mid */
    }
    assert_true(k.changing == 1);
    assert_false(k.schedule.usable);
    assert_non_null(strstr(k.schedule.reason, "no decay at all"));
    tc_kernel_free(&k);
}

static void test_refusals(void **state)
{
    (void)state;
    market m;
    tc_kernel k;
    tc_error error;
    tc_kernel_options o = usual;
    make(&m, 2);
    o.lags = TC_KERNEL_LAGS_LEAST - 1;
    assert_int_equal(tc_kernel_calibrate(&k, &error, &o, &m.flow), TC_OUT_OF_DOMAIN);
    o.lags = TC_KERNEL_LAGS_MAX + 1;
    assert_int_equal(tc_kernel_calibrate(&k, &error, &o, &m.flow), TC_OUT_OF_DOMAIN);
    o = usual, o.delta = 0;
    assert_int_equal(tc_kernel_calibrate(&k, &error, &o, &m.flow), TC_OUT_OF_DOMAIN);
    o.delta = NAN;
    assert_int_equal(tc_kernel_calibrate(&k, &error, &o, &m.flow), TC_OUT_OF_DOMAIN);
    o = usual, o.lags = TRADES / TC_KERNEL_TRADES_A_LAG + 1;
    assert_int_equal(tc_kernel_calibrate(&k, &error, &o, &m.flow), TC_NOT_IDENTIFIED);
    const double was = m.move[7];
    m.move[7] = INFINITY;
    assert_int_equal(tc_kernel_calibrate(&k, &error, &usual, &m.flow), TC_OUT_OF_DOMAIN);
    m.move[7] = was, m.sign[7] = 0.5;
    assert_int_equal(tc_kernel_calibrate(&k, &error, &usual, &m.flow), TC_OUT_OF_DOMAIN);
    for (size_t t = 0; t < TRADES; t++) m.sign[t] = -1;
    assert_int_equal(tc_kernel_calibrate(&k, &error, &usual, &m.flow), TC_NOT_IDENTIFIED);
    assert_int_equal(tc_kernel_calibrate(&k, &error, &usual, &(tc_trade_flow){.days = 0}), TC_NOT_IDENTIFIED);
}

/* A mid that never moves has the kernel 0, and no decay is made up for it. */
static void test_no_impact(void **state)
{
    (void)state;
    market m;
    tc_kernel k;
    make(&m, 3);
    memset(m.move, 0, sizeof m.move);
    assert_int_equal(tc_kernel_calibrate(&k, NULL, &usual, &m.flow), TC_OK);
    for (size_t l = 0; l <= LAGS; l++) assert_true(k.kernel.value[l] == 0 && k.response.value[l] == 0);
    assert_true(isnan(k.parameter[TC_K_BETA].value) && *k.parameter[TC_K_BETA].reason);
    assert_true(!k.schedule.usable && isnan(k.schedule.g0) && !k.positive_definite);
    tc_kernel_free(&k);
}

static void test_too_few_days(void **state)
{
    (void)state;
    market m;
    tc_kernel k;
    make(&m, 4);
    m.end[0] = TRADES, m.flow.days = 1;
    assert_int_equal(tc_kernel_calibrate(&k, NULL, &usual, &m.flow), TC_OK);
    assert_true(*k.no_errors && !k.drawn && isnan(k.kernel.se[1]) && isnan(k.parameter[TC_K_GAMMA].se));
    tc_kernel_free(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_admissible), cmocka_unit_test(test_permanent_impact), cmocka_unit_test(test_refusals),
                                       cmocka_unit_test(test_no_impact), cmocka_unit_test(test_too_few_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
