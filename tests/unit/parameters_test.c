/* The parameter file: what is read, and what is refused and why. */
#include "test.h"

#include <math.h>

#include "io/parameters.h"

#define HEAD "{\"model\": \"square-root\", \"version\": 1, \"net_of_spread\": true, \"scale\": 1.02, "
#define DATA                                                                                \
    "\"data\": {\"orders\": 500, \"first\": \"2026-01-01\", \"last\": \"2026-03-31\", "     \
    "\"sha256\": \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}, "
#define VALUES "\"parameters\": {\"y\": {\"value\": 0.8}, \"delta\": {\"value\": 0.55}}, "
#define COVARIANCE "\"covariance\": {\"of\": [\"delta\", \"y\"], \"matrix\": [[0.0004, 0.001], [0.001, 0.01]]}"

static tc_status read_text(tc_parameters *p, tc_error *error, const char *text)
{
    return tc_parameters_read(p, error, text, strlen(text));
}

static void test_reads(void **state)
{
    (void)state;
    tc_parameters p;
    assert_int_equal(read_text(&p, NULL, HEAD DATA VALUES COVARIANCE "}"), TC_OK);
    size_t n = p.model->input_count;
    size_t y = (size_t)tc_model_input_find(p.model, text_of("y")), delta = (size_t)tc_model_input_find(p.model, text_of("delta"));
    assert_string_equal(p.model->name, "square-root");
    assert_int_equal(p.orders, 500);
    assert_true(p.net_of_spread && p.scale == 1.02 && p.pooled.value[y] == 0.8 && p.pooled.value[delta] == 0.55);
    assert_true(isnan(p.pooled.value[0]));
    assert_true(p.pooled.covariance[y * n + y] == 0.01 && p.pooled.covariance[delta * n + y] == 0.001);
    assert_ptr_equal(tc_parameters_for(&p, 1e9), &p.pooled);
}

/* What was read gives the model's standard error, by hand: with delta known exactly the cost is linear in y. */
static void test_serves_a_model(void **state)
{
    (void)state;
    tc_parameters p;
    tc_model_result result;
    double input[TC_INPUTS_MAX];
    assert_int_equal(read_text(&p, NULL, HEAD DATA "\"parameters\": {\"y\": {\"value\": 0.8}, \"delta\": {\"value\": 0.5}}, "
                                         "\"covariance\": {\"of\": [\"y\"], \"matrix\": [[0.0016]]}}"), TC_OK);
    for (size_t i = 0; i < TC_INPUTS_MAX; i++) input[i] = NAN;
    input[0] = 40000, input[1] = 1e6, input[2] = 0.02;
    tc_parameters_fill(input, p.model, &p.pooled);
    assert_int_equal(tc_model_evaluate(&result, NULL, p.model, input, p.pooled.covariance, NULL), TC_OK);
    assert_true(fabs(result.bps - 0.8 * 0.02 * 0.2 / 1.5 * 1e4) < 1e-10);
    assert_true(fabs(result.se / result.bps - 0.04 / 0.8) < 1e-8);
}

static void test_buckets(void **state)
{
    (void)state;
    tc_parameters p;
    assert_int_equal(read_text(&p, NULL, HEAD DATA VALUES COVARIANCE ", \"buckets\": ["
        "{\"from\": 0, \"parameters\": {\"y\": {\"value\": 1}}, \"covariance\": {\"of\": [], \"matrix\": []}},"
        "{\"from\": 1e8, \"parameters\": {\"y\": {\"value\": 2}}, \"covariance\": {\"of\": [], \"matrix\": []}}]}"), TC_OK);
    assert_ptr_equal(tc_parameters_for(&p, 5e7), &p.bucket[0].set);
    assert_ptr_equal(tc_parameters_for(&p, 1e8), &p.bucket[1].set);
    assert_ptr_equal(tc_parameters_for(&p, NAN), &p.pooled);
}

static const struct {
    const char *text;
    tc_status status;
    const char *field;
} bad[] = {
    {"", TC_BAD_FORMAT, ""},
    {"[]", TC_BAD_FORMAT, "model"},
    {"{\"model\": \"no-such\", \"version\": 1}", TC_UNKNOWN_MODEL, "model"},
    {"{\"model\": \"square-root\", \"version\": 99}", TC_CONTRADICTION, "version"},
    {HEAD VALUES COVARIANCE "}", TC_BAD_FORMAT, "orders"},
    {HEAD DATA COVARIANCE "}", TC_BAD_FORMAT, "parameters"},
    {HEAD DATA VALUES "\"covariance\": 3}", TC_BAD_FORMAT, "of"},
    {HEAD DATA "\"parameters\": {\"q\": {\"value\": 1}}, " COVARIANCE "}", TC_BAD_FORMAT, "parameters"},
    {HEAD DATA "\"parameters\": {\"y\": {\"value\": null}}, " COVARIANCE "}", TC_BAD_FORMAT, "value"},
    {HEAD DATA "\"parameters\": {\"y\": {\"value\": -1}}, " COVARIANCE "}", TC_OUT_OF_DOMAIN, "y"},
    {HEAD DATA "\"parameters\": {\"y\": {\"value\": 1e999}}, " COVARIANCE "}", TC_BAD_FORMAT, ""},
    {HEAD DATA "\"parameters\": {\"y\": {\"value\": 1}, \"y\": {\"value\": 2}}, " COVARIANCE "}", TC_BAD_FORMAT, ""},
    {HEAD DATA VALUES "\"covariance\": {\"of\": [\"y\"], \"matrix\": [[-1]]}}", TC_CONTRADICTION, "covariance"},
    {HEAD DATA VALUES "\"covariance\": {\"of\": [\"y\", \"y\"], \"matrix\": [[1, 0], [0, 1]]}}", TC_BAD_FORMAT, "of"},
    {HEAD DATA VALUES "\"covariance\": {\"of\": [\"y\", \"delta\"], \"matrix\": [[1, 2], [2, 1]]}}", TC_CONTRADICTION,
     "covariance"},
    {HEAD DATA VALUES "\"covariance\": {\"of\": [\"y\", \"delta\"], \"matrix\": [[1, 0.5], [0.4, 1]]}}", TC_CONTRADICTION,
     "covariance"},
    {HEAD DATA VALUES COVARIANCE ", \"buckets\": [{\"from\": 5}]}", TC_BAD_FORMAT, "parameters"},
};

static void test_refuses(void **state)
{
    (void)state;
    tc_parameters p;
    for (size_t i = 0; i < COUNT(bad); i++) {
        tc_error error = {0};
        tc_status status = read_text(&p, &error, bad[i].text);
        if (status != bad[i].status || strcmp(error.field, bad[i].field))
            fail_msg("%s: %s, %s: %s", bad[i].text, tc_status_code(status), error.field, error.message);
    }
}

static void test_limits(void **state)
{
    (void)state;
    enum { SIZE = (1 << 20) + 1 };
    tc_parameters p;
    char *text = malloc(SIZE);
    memset(text, '[', SIZE);
    assert_int_equal(tc_parameters_read(&p, NULL, text, SIZE), TC_LIMIT);
    assert_int_equal(tc_parameters_read(&p, NULL, text, SIZE - 1), TC_BAD_FORMAT);
    free(text);
    assert_int_equal(tc_parameters_open(&p, NULL, "/no/such/file"), TC_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),  cmocka_unit_test(test_serves_a_model), cmocka_unit_test(test_buckets),
        cmocka_unit_test(test_refuses), cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
