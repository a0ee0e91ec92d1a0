/* The response of prices to trades: printed figures, systems solved back, what cannot be told. */
#include "test.h"

#include <math.h>

#include "models/response.h"

/* Printed figures are those of the tests of felixpatzelt/priceprop, tests/test_propagator.py at 038832b. */

static void assert_same(const double *found, const double *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fabs(found[i] - expected[i]) > 1e-15) fail_msg("%zu: %.17g, expected %.17g", i, found[i], expected[i]);
}

static void test_printed_propagation(void **state)
{
    (void)state;
    double out[4];
    tc_propagate(out, (double[]){1, 0, 0}, 3, (double[]){1, .5, 0}, 3);
    assert_same(out, (double[]){1, .5, 0}, 3);
    tc_propagate(out, (double[]){1, 0, 0, 0}, 4, (double[]){1, .5, 0, 0}, 4);
    assert_same(out, (double[]){1, .5, 0, 0}, 4);
    tc_kernel_integrate(out, (double[]){1, 2, 3}, 3);
    assert_same(out, (double[]){0, 1, 3}, 3);
}

static void test_printed_tim1(void **state)
{
    (void)state;
    double kernel[4], work[4];
    const double response[] = {0, 0, 0, .25, .125, 0, 0}; /* lags -3 ... 3 */
    assert_int_equal(tc_tim1_calibrate(kernel, work, NULL, (double[]){.25, 0, 0, 0}, response + 3, 4), TC_OK);
    assert_same(kernel, (double[]){1, .5, 0, 0}, 4);
}

static void test_printed_response(void **state)
{
    (void)state;
    double moment[5], bare[5];
    tc_lag_moments(moment, (double[]){-1, 0, 1, 0}, (double[]){0, 1, 0, 0}, (size_t[]){4}, 1, 2);
    assert_same(moment, (double[]){0, -.25, 0, .25, 0}, 5);
    tc_bare_response(bare, moment, 2);
    assert_same(bare, (double[]){.25, .25, 0, 0, .25}, 5);
}

static void test_printed_days(void **state)
{
    (void)state;
    double moment[5], bare[5];
    tc_lag_moments(moment, (double[]){-2, 0, 1, 0, -4, 0, 1, 0}, (double[]){0, 1, 0, 0, 0, 1, 0, 0}, (size_t[]){4, 8}, 2, 2);
    assert_same(moment, (double[]){0, -.75, 0, .25, 0}, 5);
    tc_bare_response(bare, moment, 2);
    assert_same(bare, (double[]){.75, .75, 0, 0, .25}, 5);
}

static void test_printed_two_kinds(void **state)
{
    (void)state;
    double move[2], unchanged[2], changed[2];
    const tc_kernel_pair kernel = {(double[]){1, 0}, (double[]){.1, 0}, 2};
    tc_tim2(move, (double[]){1, -1}, (bool[]){true, false}, 2, kernel);
    assert_same(move, (double[]){.1, -1}, 2);
    tc_hdim2(move, (double[]){1, -1}, (bool[]){true, false}, 2, kernel);
    assert_same(move, (double[]){.1, 0}, 2);
    const double to_unchanged[] = {0, .1, 0}, to_changed[] = {0, 1, 0}; /* lags -1 ... 1 */
    const tc_tim2_moments moments = {(double[]){1, 0}, (double[]){1, 0}, (double[]){0, 0, 0}, to_unchanged + 1, to_changed + 1, 2};
    assert_int_equal(tc_tim2_calibrate(unchanged, changed, NULL, &moments), TC_OK);
    assert_same(unchanged, (double[]){.1, 0}, 2);
    assert_same(changed, (double[]){1, 0}, 2);
}

/* --- systems built from a known kernel are solved back --- */

enum { LAGS = 40 };

static void test_tim1_solves_back(void **state)
{
    (void)state;
    double c[LAGS], kernel[LAGS], response[LAGS], found[LAGS], work[LAGS];
    for (int l = 0; l < LAGS; l++) {
        c[l] = pow(1 + l, -0.5);                                     /* convex and falling: positive definite (Pólya) */
        kernel[l] = l ? -0.3 * pow(1 + l, -1.25) : 1;
    }
    for (int l = 0; l < LAGS; l++) {
        response[l] = 0;
        for (int n = 0; n < LAGS; n++) response[l] += c[abs(l - n)] * kernel[n];
    }
    assert_int_equal(tc_tim1_calibrate(found, work, NULL, c, response, LAGS), TC_OK);
    for (int l = 0; l < LAGS; l++) assert_true(fabs(found[l] - kernel[l]) < 1e-13);
}

static void test_tim1_is_linear_in_moves(void **state)
{
    (void)state;
    uint64_t random = 7;
    double c[LAGS], a[LAGS], b[LAGS], both[LAGS], ka[LAGS], kb[LAGS], kboth[LAGS], work[LAGS];
    for (int l = 0; l < LAGS; l++) {
        c[l] = exp(-0.1 * l);
        a[l] = (double)(next_random(&random) >> 40), b[l] = (double)(next_random(&random) >> 40);
        both[l] = 2 * a[l] - b[l];
    }
    assert_int_equal(tc_tim1_calibrate(ka, work, NULL, c, a, LAGS), TC_OK);
    assert_int_equal(tc_tim1_calibrate(kb, work, NULL, c, b, LAGS), TC_OK);
    assert_int_equal(tc_tim1_calibrate(kboth, work, NULL, c, both, LAGS), TC_OK);
    for (int l = 0; l < LAGS; l++) assert_true(fabs(kboth[l] - 2 * ka[l] + kb[l]) < 1e-5);
}

/* Where every shift of the signs is at hand the normal equations hold exactly: signs with
 * LAGS zeros on either side, as a day that is padded. */
static void test_tim2_solves_back(void **state)
{
    enum { TRADES = 3000, COUNT = 12, LENGTH = TRADES + 2 * COUNT, SPAN = 2 * COUNT - 1 };
    (void)state;
    static double sign[LENGTH], stays[LENGTH], changed[LENGTH], move[LENGTH];
    static bool changes[LENGTH];
    uint64_t random = 11;
    double kn[COUNT], kc[COUNT], nn[SPAN], cc[SPAN], mixed[SPAN], sn[SPAN], sc[SPAN], fn[COUNT], fc[COUNT];
    for (int i = COUNT; i < COUNT + TRADES; i++) {
        uint64_t draw = next_random(&random);
        sign[i] = draw >> 63 ? 1 : -1;
        if (draw & 1 && i > COUNT) sign[i] = sign[i - 1]; /* memory */
        changes[i] = draw >> 8 & 1;
        *(changes[i] ? &changed[i] : &stays[i]) = sign[i];
    }
    for (int n = 0; n < COUNT; n++) kn[n] = 0.1 * pow(1 + n, -1.5), kc[n] = n ? -0.2 * pow(1 + n, -1.3) : 1;
    tc_tim2(move, sign, changes, LENGTH, (tc_kernel_pair){kn, kc, COUNT});
    const size_t end[] = {LENGTH};
    tc_lag_moments(nn, stays, stays, end, 1, COUNT - 1);
    tc_lag_moments(cc, changed, changed, end, 1, COUNT - 1);
    tc_lag_moments(mixed, changed, stays, end, 1, COUNT - 1);
    tc_lag_moments(sn, move, stays, end, 1, COUNT - 1);
    tc_lag_moments(sc, move, changed, end, 1, COUNT - 1);
    const tc_tim2_moments moments = {nn + COUNT - 1, cc + COUNT - 1, mixed, sn + COUNT - 1, sc + COUNT - 1, COUNT};
    assert_int_equal(tc_tim2_calibrate(fn, fc, NULL, &moments), TC_OK);
    for (int n = 0; n < COUNT; n++) assert_true(fabs(fn[n] - kn[n]) < 1e-12 && fabs(fc[n] - kc[n]) < 1e-12);
}

/* --- identities --- */

static void test_lags_are_mirrored(void **state)
{
    (void)state;
    uint64_t random = 3;
    double a[50], b[50], forth[21], back[21];
    for (int i = 0; i < 50; i++) a[i] = (double)(next_random(&random) >> 50), b[i] = (double)(next_random(&random) >> 50);
    tc_lag_moments(forth, a, b, (size_t[]){20, 23, 50}, 3, 10);
    tc_lag_moments(back, b, a, (size_t[]){20, 23, 50}, 3, 10);
    for (int l = 0; l < 21; l++) assert_true(forth[l] == back[20 - l]);
}

/* A day of two trades has no lag of two; nothing before it is its past. */
static void test_no_lag_crosses_a_day(void **state)
{
    (void)state;
    double moment[5];
    tc_lag_moments(moment, (double[]){1, 1, 1, 1}, (double[]){1, 1, 1, 1}, (size_t[]){2, 4}, 2, 2);
    assert_same(moment, (double[]){0, .5, 1, .5, 0}, 5);
}

static void test_what_cannot_be_told(void **state)
{
    (void)state;
    double kernel[3], work[3];
    tc_error error;
    assert_int_equal(tc_tim1_calibrate(kernel, work, &error, (double[]){0, 0, 0}, (double[]){0, 0, 0}, 3), TC_NOT_IDENTIFIED);
    assert_int_equal(tc_tim1_calibrate(kernel, work, &error, (double[]){1, 1, 1}, (double[]){1, 1, 1}, 3), TC_NOT_IDENTIFIED);
    assert_int_equal(tc_tim1_calibrate(kernel, work, &error, (double[]){1, -1, 1}, (double[]){1, 0, 0}, 3), TC_NOT_IDENTIFIED);
    assert_int_equal(tc_tim1_calibrate(kernel, work, &error, (double[]){NAN, 0, 0}, (double[]){1, 0, 0}, 3), TC_NOT_IDENTIFIED);
    assert_string_equal(error.field, "sign_covariance");
    double unchanged[1], changed[1], nothing[] = {0};
    const tc_tim2_moments one_kind = {nothing, (double[]){1}, nothing, nothing, (double[]){1}, 1};
    assert_int_equal(tc_tim2_calibrate(unchanged, changed, &error, &one_kind), TC_NOT_IDENTIFIED);
    const tc_tim2_moments same = {(double[]){1}, (double[]){1}, (double[]){1}, (double[]){1}, (double[]){1}, 1};
    assert_int_equal(tc_tim2_calibrate(unchanged, changed, &error, &same), TC_NOT_IDENTIFIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_printed_propagation),   cmocka_unit_test(test_printed_tim1),
        cmocka_unit_test(test_printed_response),      cmocka_unit_test(test_printed_days),
        cmocka_unit_test(test_printed_two_kinds),     cmocka_unit_test(test_tim1_solves_back),
        cmocka_unit_test(test_tim1_is_linear_in_moves), cmocka_unit_test(test_tim2_solves_back),
        cmocka_unit_test(test_lags_are_mirrored),     cmocka_unit_test(test_no_lag_crosses_a_day),
        cmocka_unit_test(test_what_cannot_be_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
