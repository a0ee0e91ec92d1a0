/* Estimators of the spread: intermediates as published, domains, and what they must do whatever the numbers. */
#include "test.h"

#include <math.h>

#include "io/ohlc.h"

enum { BARS = 500 };

static double uniform(uint64_t *state)
{
    return (double)(next_random(state) >> 11) / 9007199254740992.0;
}

/* A random walk whose opens and closes bounce, with `missing` of its prices left out. */
static tc_ohlc draw(double column[4][BARS], uint64_t *random, double missing)
{
    double price = 100;
    for (int i = 0; i < BARS; i++) {
        double open = price * exp(0.01 * (uniform(random) - 0.5)), close = open * exp(0.03 * (uniform(random) - 0.5));
        bool idle = uniform(random) < 0.1;
        column[0][i] = idle ? price : open;
        column[3][i] = price = idle ? price : close;
        column[1][i] = idle ? price : fmax(open, close) * (1 + 0.01 * uniform(random));
        column[2][i] = idle ? price : fmin(open, close) * (1 - 0.01 * uniform(random));
        for (int k = 0; k < 4; k++)
            if (uniform(random) < missing) column[k][i] = NAN;
    }
    return (tc_ohlc){column[0], column[1], column[2], column[3], BARS};
}

/* Each window anew is the same as the estimate of those bars alone, to the last bit. */
static void rolling_is_single(void **state)
{
    (void)state;
    static double column[4][BARS], rolling[BARS];
    uint64_t random = 3;
    for (int round = 0; round < 4; round++) {
        tc_ohlc bars = draw(column, &random, round * 0.1);
        for (int e = 0; e < TC_SPREAD_ESTIMATOR_COUNT; e++)
            for (size_t window = 4; window <= 64; window *= 4) {
                assert_int_equal(tc_spread_rolling(rolling, NULL, (tc_spread_estimator)e, &bars, window, true), TC_OK);
                for (size_t i = 0; i < BARS; i++) {
                    tc_spread_estimate alone = {.spread = NAN};
                    size_t from = i + 1 - window;
                    tc_ohlc part = {bars.open + from, bars.high + from, bars.low + from, bars.close + from, window};
                    if (i + 1 >= window) (void)tc_spread_of(&alone, NULL, (tc_spread_estimator)e, &part, true);
                    assert_true(alone.spread == rolling[i] || (isnan(alone.spread) && isnan(rolling[i])));
                }
            }
    }
}

/* Twice every price is the same spread; unsigned is the size of signed. */
static void price_has_no_unit(void **state)
{
    (void)state;
    static double column[4][BARS];
    uint64_t random = 8;
    tc_ohlc bars = draw(column, &random, 0.02);
    for (int e = 0; e < TC_SPREAD_ESTIMATOR_COUNT; e++) {
        tc_spread_estimate one, twice, size;
        assert_int_equal(tc_spread_of(&one, NULL, (tc_spread_estimator)e, &bars, true), TC_OK);
        assert_int_equal(tc_spread_of(&size, NULL, (tc_spread_estimator)e, &bars, false), TC_OK);
        for (int k = 0; k < 4; k++)
            for (int i = 0; i < BARS; i++) column[k][i] *= 2;
        assert_int_equal(tc_spread_of(&twice, NULL, (tc_spread_estimator)e, &bars, true), TC_OK);
        assert_true(size.spread == fabs(one.spread));
        assert_true(fabs(one.spread - twice.spread) <= 1e-10);
    }
}

static void bad_prices_are_named(void **state)
{
    (void)state;
    static const double bad[] = {0, -1, INFINITY, -INFINITY};
    static double column[4][BARS];
    uint64_t random = 1;
    tc_spread_estimate estimate = {.spread = 5};
    tc_error error;
    for (size_t b = 0; b < COUNT(bad); b++)
        for (int k = 0; k < 4; k++) {
            tc_ohlc bars = draw(column, &random, 0);
            column[k][41] = bad[b];
            assert_int_equal(tc_spread_of(&estimate, &error, TC_EDGE, &bars, false), TC_BAD_MARKET);
            assert_int_equal(error.row, 42);
            assert_true(estimate.spread == 5); /* a failed call leaves its outputs alone */
        }
    tc_ohlc bars = draw(column, &random, 0);
    column[1][7] = column[2][7] / 2;
    assert_int_equal(tc_spread_of(&estimate, &error, TC_EDGE, &bars, false), TC_BAD_MARKET);
    assert_int_equal(error.row, 8);
    assert_string_equal(error.field, "high");
}

static void what_is_undefined_is_said(void **state)
{
    (void)state;
    static double column[4][BARS];
    static const double flat[BARS] = {[0 ... BARS - 1] = 100};
    static double unknown[BARS];
    uint64_t random = 1;
    tc_spread_estimate estimate;
    tc_error error;
    tc_ohlc bars = draw(column, &random, 0);
    for (int i = 0; i < BARS; i++) unknown[i] = NAN;
    for (int e = 0; e < TC_SPREAD_ESTIMATOR_COUNT; e++) {
        tc_ohlc few = bars, still = {flat, flat, flat, flat, BARS}, nothing = {unknown, unknown, unknown, unknown, BARS}, none = {.count = 5};
        bool needs_moves = e <= TC_CHL;
        few.count = 1;
        assert_int_equal(tc_spread_of(&estimate, &error, (tc_spread_estimator)e, &few, false), TC_NO_SOLUTION);
        assert_int_equal(tc_spread_of(&estimate, &error, (tc_spread_estimator)e, &nothing, false), TC_NO_SOLUTION);
        assert_int_equal(tc_spread_of(&estimate, &error, (tc_spread_estimator)e, &none, false), TC_VALUE_NEEDED);
        assert_int_equal(tc_spread_of(&estimate, &error, (tc_spread_estimator)e, &still, false), needs_moves ? TC_NO_SOLUTION : TC_OK);
        if (!needs_moves) assert_true(estimate.spread == 0 && !signbit(estimate.spread));
        few.count = 0;
        assert_int_equal(tc_spread_of(&estimate, &error, (tc_spread_estimator)e, &few, false), TC_NO_SOLUTION);
        assert_int_equal(tc_spread_rolling(column[0], &error, (tc_spread_estimator)e, &bars, 1, false), TC_OUT_OF_DOMAIN);
        assert_int_equal(tc_spread_estimator_find(tc_spread_estimator_name((tc_spread_estimator)e), strlen(tc_spread_estimator_name((tc_spread_estimator)e))), e);
        assert_non_null(tc_spread_estimator_source((tc_spread_estimator)e));
    }
    assert_int_equal(tc_spread_estimator_find("edgy", 4), -1);
    assert_null(tc_spread_estimator_name(TC_SPREAD_ESTIMATOR_COUNT));
}

/* A price that only ever bounces by a spread s: Roll finds it. Closes alternate
 * at random between the two sides, and the covariance of changes is -s^2/4 in the mean. */
static void roll_finds_a_bounce(void **state)
{
    (void)state;
    enum { MANY = 200000 };
    double *close = malloc(MANY * sizeof *close);
    uint64_t random = 77;
    for (int i = 0; i < MANY; i++) close[i] = 100 * exp(next_random(&random) & 1 ? 0.005 : -0.005);
    tc_spread_estimate estimate;
    assert_int_equal(tc_spread_of(&estimate, NULL, TC_ROLL, &(tc_ohlc){.close = close, .count = MANY}, true), TC_OK);
    assert_true(fabs(estimate.spread - 0.01) < 0.0001);
    free(close);
}

/* The intermediates that the authors print, from their data where they are at hand. */
static void intermediates_are_as_published(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        double pt, po, pc, e1, e2, v1, v2, s2;
    } cases[] = {
        {"bidask_ohlc.csv", 0.9820982098209821, 1.227922792279228, 1.2052205220522052, 0.00010702425689560482, 0.000101595812797079,
         2.074215642985551e-06, 1.3461279919743572e-06, 0.00010373225911177194},
        {"bidask_ohlc_miss.csv", 0.9822078447230085, 1.2272254421162134, 1.205827632480371, 0.00010337780767834583, 0.00010219271972776808,
         2.0045420261850617e-06, 1.373839551967266e-06, 0.00010267464299824543},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[600];
        tc_ohlc_file file;
        tc_spread_estimate e;
        tc_error error;
        snprintf(path, sizeof path, "%s/../../../shared/data/models/%s", TC_FIXTURES, cases[i].file);
        tc_status status = tc_ohlc_read(&file, &error, path, false, NULL, NULL);
        if (status == TC_IO) {
            print_message("no reference data: %s\n", path);
            skip();
        }
        assert_int_equal(status, TC_OK);
        assert_int_equal(tc_spread_of(&e, &error, TC_EDGE, &file.bars, false), TC_OK);
        const double got[] = {e.pt, e.po, e.pc, e.e1, e.e2, e.v1, e.v2, e.s2};
        const double wanted[] = {cases[i].pt, cases[i].po, cases[i].pc, cases[i].e1, cases[i].e2, cases[i].v1, cases[i].v2, cases[i].s2};
        for (size_t k = 0; k < COUNT(got); k++) assert_true(fabs(got[k] - wanted[k]) <= 1e-12 * fabs(wanted[k]));
        tc_ohlc_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rolling_is_single),
        cmocka_unit_test(price_has_no_unit),
        cmocka_unit_test(bad_prices_are_named),
        cmocka_unit_test(what_is_undefined_is_said),
        cmocka_unit_test(roll_finds_a_bounce),
        cmocka_unit_test(intermediates_are_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
