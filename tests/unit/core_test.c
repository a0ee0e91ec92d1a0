/* Decimal text in and out, dates, roundings, exact products: what each takes, to the last digit, and what it refuses. */
#include "core/exact.h"
#include "core/sha256.h"
#include "test.h"

/* --- decimal text ---------------------------------------------------------------- */

static void decimal_in(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned scale; tc_status status; int64_t units; } cases[] = {
        {"0", 6, TC_OK, 0}, {"0.1", 6, TC_OK, 100000}, {"-0.000001", 6, TC_OK, -1}, {"+7", 0, TC_OK, 7},
        {".5", 1, TC_OK, 5}, {"5.", 1, TC_OK, 50}, {"450.000000", 0, TC_OK, 450}, {"1.500000000000000", 1, TC_OK, 15},
        {"000000000000000000000000000012", 0, TC_OK, 12},
        {"9223372036854775807", 0, TC_OK, INT64_MAX}, {"-9223372036854775807", 0, TC_OK, -INT64_MAX},
        {"9223372036854775808", 0, TC_OVERFLOW, 0}, {"9223372036854.775807", 6, TC_OK, INT64_MAX},
        {"9223372036854.775808", 6, TC_OVERFLOW, 0}, {"9223372.036854775807", 12, TC_OK, INT64_MAX},
        {"9223372.036854775808", 12, TC_OVERFLOW, 0}, {"99999999999999999999", 0, TC_OVERFLOW, 0},
        {"9223372037", 9, TC_OVERFLOW, 0}, {"-99999999999999999999", 0, TC_OVERFLOW, 0},
        {"", 6, TC_BAD_NUMBER, 0}, {"-", 6, TC_BAD_NUMBER, 0}, {"+", 6, TC_BAD_NUMBER, 0}, {".", 6, TC_BAD_NUMBER, 0},
        {"-.", 6, TC_BAD_NUMBER, 0}, {" 1", 6, TC_BAD_NUMBER, 0}, {"1 ", 6, TC_BAD_NUMBER, 0}, {"1,000", 6, TC_BAD_NUMBER, 0},
        {"1e3", 6, TC_BAD_NUMBER, 0}, {"0x10", 6, TC_BAD_NUMBER, 0}, {"1.2.3", 6, TC_BAD_NUMBER, 0}, {"--1", 6, TC_BAD_NUMBER, 0},
        {"+-1", 6, TC_BAD_NUMBER, 0}, {"1-", 6, TC_BAD_NUMBER, 0}, {"nan", 6, TC_BAD_NUMBER, 0}, {"inf", 6, TC_BAD_NUMBER, 0},
        {"1.0000001", 6, TC_BAD_NUMBER, 0}, {"0.01", 1, TC_BAD_NUMBER, 0}, {"1.1", 0, TC_BAD_NUMBER, 0},
        {"\xd9\xa1", 6, TC_BAD_NUMBER, 0}, {"99999999999999999999x", 0, TC_BAD_NUMBER, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t units = 77; /* a failed call leaves its output alone */
        tc_status status = tc_decimal_parse(&units, cases[i].text, strlen(cases[i].text), cases[i].scale);
        if (status != cases[i].status || units != (status == TC_OK ? cases[i].units : 77))
            fail_msg("%s: %s, %lld", cases[i].text, tc_status_code(status), (long long)units);
    }
    int64_t units = 0; /* exactly `size` bytes, no terminator */
    assert_int_equal(tc_decimal_parse(&units, "12345", 3, 0), TC_OK);
    assert_int_equal(units, 123);
    assert_int_equal(tc_decimal_parse(&units, "1\0002", 3, 0), TC_BAD_NUMBER);
}

static void decimal_out(void **state)
{
    (void)state;
    static const struct { int64_t units; unsigned scale, least; const char *text; } cases[] = {
        {0, 9, 0, "0"}, {0, 9, 2, "0.00"}, {0, 0, 0, "0"}, {1, 9, 0, "0.000000001"}, {-1, 9, 0, "-0.000000001"},
        {1000000000, 9, 0, "1"}, {1000000000, 9, 2, "1.00"}, {1230000000, 9, 0, "1.23"}, {1200000000, 9, 2, "1.20"},
        {1234567890, 9, 2, "1.23456789"}, {-50, 2, 0, "-0.5"}, {100, 0, 0, "100"}, {10, 1, 1, "1.0"},
        {INT64_MAX, 0, 0, "9223372036854775807"}, {INT64_MIN, 0, 0, "-9223372036854775808"},
        {INT64_MAX, 9, 0, "9223372036.854775807"}, {INT64_MIN, 12, 12, "-9223372.036854775808"},
        {INT64_MIN, 9, 2, "-9223372036.854775808"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[TC_DECIMAL_SIZE];
        size_t size = tc_decimal_format(text, cases[i].units, cases[i].scale, cases[i].least);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(size, strlen(cases[i].text));
    }
}

static void decimal_round_trip(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 200000; i++) {
        char text[TC_DECIMAL_SIZE];
        uint64_t bits = next_random(&seed);
        int64_t units = (int64_t)(bits >> bits % 64), back;
        if (bits & 64) units = units == INT64_MIN ? 0 : -units;
        unsigned scale = (unsigned)(next_random(&seed) % 13), least = (unsigned)(next_random(&seed) % (scale + 1));
        size_t size = tc_decimal_format(text, units, scale, least);
        if (units == INT64_MIN) continue;
        assert_true(size < TC_DECIMAL_SIZE);
        assert_int_equal(tc_decimal_parse(&back, text, size, scale), TC_OK);
        assert_int_equal(back, units);
    }
}

/* --- dates ----------------------------------------------------------------------- */

static void every_day(void **state) /* a calendar counted by hand agrees with the formulas, forth and back */
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day = TC_DATE_MIN;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
            int length = lengths[month - 1] + (month == 2 && leap);
            tc_date date;
            assert_int_equal(tc_date_of(&date, year, month, length + 1), TC_BAD_DATE);
            assert_int_equal(tc_date_of(&date, year, month, 0), TC_BAD_DATE);
            for (int d = 1; d <= length; d++, day++) {
                int y, m, n;
                if (tc_date_of(&date, year, month, d) != TC_OK || date.day != day) fail_msg("%d-%d-%d is day %d", year, month, d, date.day);
                tc_date_split(date, &y, &m, &n);
                if (y != year || m != month || n != d) fail_msg("%d-%d-%d is split %d-%d-%d", year, month, d, y, m, n);
            }
        }
    assert_int_equal(day, TC_DATE_MAX + 1);
}

static void date_texts(void **state)
{
    (void)state;
    static const struct { const char *text, *date; } cases[] = { /* NULL: refused */
        {"2026-04-02", "2026-04-02"}, {"2024-02-29", "2024-02-29"}, {"2000-02-29", "2000-02-29"}, {"0001-01-01", "0001-01-01"},
        {"9999-12-31", "9999-12-31"}, {"2023-02-29", NULL}, {"1900-02-29", NULL}, {"2026-13-01", NULL}, {"2026-00-01", NULL},
        {"2026-04-31", NULL}, {"0000-01-01", NULL}, {"2026-4-2", NULL}, {"2026-04-02 ", NULL}, {"", NULL}, {"20260402", NULL},
        {"02-04-2026", "2026-04-02"}, {"02/04/2026", "2026-04-02"}, {"31-12-2025", "2025-12-31"}, {"12-31-2025", NULL},
        {"04/13/2026", NULL}, {"02-Apr-2026", "2026-04-02"}, {"02-apr-26", "2026-04-02"}, {"02-APR-99", "2099-04-02"},
        {"02/Apr/2026", "2026-04-02"}, {"02-Foo-2026", NULL}, {"02-04-26", NULL}, {"2-4-2026", NULL}, {"29-02-2023", NULL},
        {"2026/04/02", "2026-04-02"}, /* `/` may stand for `-` */
        {"46114", "2026-04-02"}, {"25569", "1970-01-01"}, {"36526", "2000-01-01"}, {"4611x", NULL}, {"-4611", NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[TC_DATE_TEXT_SIZE];
        tc_date date = {7};
        tc_status status = tc_date_read(&date, cases[i].text, strlen(cases[i].text));
        if ((status == TC_OK) != (cases[i].date != NULL)) fail_msg("%s: %s", cases[i].text, tc_status_code(status));
        if (status != TC_OK) assert_int_equal(date.day, 7);
        if (status != TC_OK) continue;
        tc_date_format(text, date);
        assert_string_equal(text, cases[i].date);
    }
}

static void strict_dates(void **state) /* tc_date_parse takes one form alone */
{
    (void)state;
    static const char *const bad[] = {"02-04-2026", "2026/04/02", "46114", "2026-04-2", "2026-04-020", "+026-04-02", "2026-04-0x"};
    tc_date date;
    assert_int_equal(tc_date_parse(&date, "2026-04-02", 10), TC_OK);
    assert_int_equal(date.day, 20545);
    for (size_t i = 0; i < COUNT(bad); i++) assert_int_equal(tc_date_parse(&date, bad[i], strlen(bad[i])), TC_BAD_DATE);
}

static void times(void **state)
{
    (void)state;
    static const struct { const char *text, *date; int64_t micros; } cases[] = { /* micros -1: refused; date NULL: none */
        {"09:15", NULL, INT64_C(33300000000)}, {"09:15:01", NULL, INT64_C(33301000000)}, {"09:15:01.5", NULL, INT64_C(33301500000)},
        {"09:15:01.000001", NULL, INT64_C(33301000001)}, {"00:00:00", NULL, 0}, {"23:59:59.999999", NULL, INT64_C(86399999999)},
        {"2026-04-02T09:15:00", "2026-04-02", INT64_C(33300000000)}, {"2026-04-02 09:15:00", "2026-04-02", INT64_C(33300000000)},
        {"2026-04-02T03:45:00Z", "2026-04-02", INT64_C(33300000000)}, {"2026-04-02T18:29:59Z", "2026-04-02", INT64_C(86399000000)},
        {"2026-04-02T18:30:00Z", "2026-04-03", 0}, {"2026-04-02T09:15:00+05:30", "2026-04-02", INT64_C(33300000000)},
        {"2026-04-02T09:15:00+0530", "2026-04-02", INT64_C(33300000000)}, {"2026-03-31T23:30:00-05:00", "2026-04-01", INT64_C(36000000000)},
        {"24:00", NULL, -1}, {"12:60", NULL, -1}, {"12:00:60", NULL, -1}, {"9:15", NULL, -1}, {"09:15Z", NULL, -1}, {"", NULL, -1},
        {"2026-02-30T09:15:00", NULL, -1}, {"2026-04-02T09:15:00+24:00", NULL, -1}, {"2026-04-02T09:15:00 IST", NULL, -1}, {"09:15:01.", NULL, -1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[TC_DATE_TEXT_SIZE];
        tc_date date;
        int64_t micros = -1;
        tc_status status = tc_time_read(&date, &micros, cases[i].text, strlen(cases[i].text));
        if ((status == TC_OK) != (cases[i].micros >= 0) || micros != cases[i].micros)
            fail_msg("%s: %s, %lld", cases[i].text, tc_status_code(status), (long long)micros);
        if (status != TC_OK) continue;
        if (!cases[i].date) assert_int_equal(date.day, TC_DATE_MIN - 1);
        else tc_date_format(text, date), assert_string_equal(text, cases[i].date);
    }
}

static void indian_dates(void **state)
{
    (void)state;
    static const struct { int64_t seconds; int32_t day; } cases[] = {
        {0, 0}, {66599, 0}, {66600, 1}, {-19800, 0}, {-19801, -1}, {INT64_C(1775068200), 20545}, {INT64_C(1775068199), 20544}};
    for (size_t i = 0; i < COUNT(cases); i++) assert_int_equal(tc_date_in_ist(cases[i].seconds).day, cases[i].day);
}

/* --- rounding and products ------------------------------------------------------- */

static void roundings(void **state)
{
    (void)state;
    static const struct { const char *amount, *to, *half_up, *half_even, *down, *up; } cases[] = {
        {"0", "1", "0", "0", "0", "0"}, {"0.5", "1", "1", "0", "0", "1"}, {"1.5", "1", "2", "2", "1", "2"},
        {"2.5", "1", "3", "2", "2", "3"}, {"0.499999999", "1", "0", "0", "0", "1"}, {"0.500000001", "1", "1", "1", "0", "1"},
        {"12.8125", "1", "13", "13", "12", "13"}, {"0.005", "0.01", "0.01", "0", "0", "0.01"}, {"0.015", "0.01", "0.02", "0.02", "0.01", "0.02"},
        {"3.524", "0.01", "3.52", "3.52", "3.52", "3.53"}, {"7", "1", "7", "7", "7", "7"}, {"0.075", "0.05", "0.10", "0.10", "0.05", "0.10"},
        {"0.025", "0.05", "0.05", "0", "0", "0.05"}, {"0.000000001", "0.01", "0", "0", "0", "0.01"},
        {"7", "3", "6", "6", "6", "9"}, {"7.5", "3", "9", "6", "6", "9"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *expected[] = {cases[i].half_up, cases[i].half_even, cases[i].down, cases[i].up};
        for (int mode = 0; mode < TC_ROUNDING_COUNT; mode++) {
            tc_money rounded = {-1};
            assert_int_equal(tc_money_round(&rounded, (tc_money){rupees(cases[i].amount)}, (tc_money){rupees(cases[i].to)}, (tc_rounding)mode), TC_OK);
            if (rounded.nanos != rupees(expected[mode])) fail_msg("%s to %s, mode %d: %lld", cases[i].amount, cases[i].to, mode, (long long)rounded.nanos);
        }
    }
}

static void overflows(void **state)
{
    (void)state;
    tc_money sum = {INT64_MAX - 1}, rounded = {7};
    tc_turnover turnover = {INT64_MAX - 1}, product = {7};
    int64_t units = 7;
    tc_atto atto = 7;
    const tc_atto huge = (tc_atto)1 << 126;
    assert_int_equal(tc_money_add(&sum, (tc_money){1}), TC_OK);
    assert_int_equal(tc_money_add(&sum, (tc_money){1}), TC_OVERFLOW);
    assert_int_equal(sum.nanos, INT64_MAX);
    assert_int_equal(tc_turnover_add(&turnover, (tc_turnover){1}), TC_OK);
    assert_int_equal(tc_turnover_add(&turnover, (tc_turnover){1}), TC_OVERFLOW);
    assert_int_equal(turnover.micros, INT64_MAX);
    assert_int_equal(tc_turnover_of(&product, (tc_quantity){TC_QUANTITY_MICROS_MAX}, (tc_price){TC_PRICE_MICROS_MAX}), TC_OVERFLOW);
    assert_int_equal(tc_turnover_of(&product, (tc_quantity){INT64_MAX}, (tc_price){1000001}), TC_OVERFLOW);
    assert_int_equal(product.micros, 7);
    assert_int_equal(tc_turnover_of(&product, (tc_quantity){INT64_MAX}, (tc_price){1000000}), TC_OK);
    assert_int_equal(product.micros, INT64_MAX);
    assert_int_equal(tc_money_round(&rounded, (tc_money){INT64_MAX}, (tc_money){TC_NANOS_PER_RUPEE}, TC_UP), TC_OVERFLOW);
    assert_int_equal(tc_money_round(&rounded, (tc_money){INT64_MAX}, (tc_money){INT64_MAX - 1}, TC_UP), TC_OVERFLOW);
    assert_int_equal(tc_money_round(&rounded, (tc_money){1}, (tc_money){0}, TC_UP), TC_BAD_VALUE);
    assert_int_equal(tc_money_round(&rounded, (tc_money){-1}, (tc_money){1}, TC_UP), TC_BAD_VALUE);
    assert_int_equal(rounded.nanos, 7);
    assert_int_equal(tc_money_round(&rounded, (tc_money){INT64_MAX}, (tc_money){TC_NANOS_PER_RUPEE}, TC_DOWN), TC_OK);
    assert_int_equal(rounded.nanos, INT64_C(9223372036000000000));
    assert_int_equal(tc_atto_ratio(&atto, huge, 4, 3, TC_HALF_UP), TC_OVERFLOW);
    assert_int_equal(tc_atto_round(&units, huge, 1, TC_HALF_UP), TC_OVERFLOW);
    assert_int_equal(tc_atto_round(&units, (tc_atto)INT64_MAX * 10 + 5, 10, TC_HALF_UP), TC_OVERFLOW);
    assert_int_equal(units, 7);
    assert_int_equal(tc_atto_round(&units, (tc_atto)INT64_MAX * 10 + 4, 10, TC_HALF_UP), TC_OK);
    assert_int_equal(units, INT64_MAX);
    assert_int_equal(tc_atto_round(&units, ((tc_atto)1 << 126) + 1, (tc_atto)1 << 126, TC_HALF_UP), TC_OK); /* nothing is doubled */
    assert_int_equal(units, 1);
    assert_false(tc_atto_mul(&atto, huge, 4));
    atto = huge;
    assert_true(tc_atto_add(&atto, huge - 1));
    assert_false(tc_atto_add(&atto, huge));
}

static void turnovers(void **state) /* half up at the sixth decimal, once */
{
    (void)state;
    static const struct { const char *quantity, *price, *turnover; } cases[] = {
        {"100", "2505.05", "250505"}, {"0.000001", "0.5", "0.000001"}, {"0.000001", "0.499999", "0"}, {"1.5", "0.000001", "0.000002"},
        {"47088", "174.1348", "8199659.4624"}, {"1000000000000", "9223372.036854", "9223372036854000000"},
        {"0.3", "0.000005", "0.000002"}, {"0.1", "0.000004", "0"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t quantity, price, expected = 0;
        tc_turnover turnover;
        assert_int_equal(tc_decimal_parse(&quantity, cases[i].quantity, strlen(cases[i].quantity), 6), TC_OK);
        assert_int_equal(tc_decimal_parse(&price, cases[i].price, strlen(cases[i].price), 6), TC_OK);
        tc_status wanted = tc_decimal_parse(&expected, cases[i].turnover, strlen(cases[i].turnover), 6);
        assert_int_equal(tc_turnover_of(&turnover, (tc_quantity){quantity}, (tc_price){price}), wanted);
        if (wanted == TC_OK) assert_int_equal(turnover.micros, expected);
    }
}

static void short_cut(void **state) /* the fast path from attos to nanos is the slow one */
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 200000; i++) {
        tc_atto amount = (tc_atto)(((unsigned __int128)next_random(&seed) << 64 | next_random(&seed)) >> (36 + next_random(&seed) % 90));
        if (i % 4 == 0) amount = (((tc_atto)1 << 73) - TC_ATTOS_PER_NANO / 2) + (int)(next_random(&seed) % 5) - 2; /* its border */
        if (i % 4 == 1) amount = amount / TC_ATTOS_PER_NANO * TC_ATTOS_PER_NANO + TC_ATTOS_PER_NANO / 2 - (int)(next_random(&seed) % 2); /* a half */
        int64_t slow = 0;
        tc_money fast = {0};
        tc_status status = tc_atto_round(&slow, amount, TC_ATTOS_PER_NANO, TC_HALF_UP);
        assert_int_equal(tc_atto_to_money(&fast, amount), status);
        assert_int_equal(fast.nanos, slow);
    }
}

static void hashes(void **state) /* FIPS 180-4, appendix B */
{
    (void)state;
    static const struct { const char *text, *hex; } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t step = 1; step < 60; step += 7) { /* in pieces */
            struct tc_sha256 hash;
            char hex[65];
            tc_sha256_init(&hash);
            for (size_t at = 0, size = strlen(cases[i].text); at < size; at += step)
                tc_sha256_add(&hash, cases[i].text + at, size - at < step ? size - at : step);
            tc_sha256_hex(&hash, hex);
            assert_string_equal(hex, cases[i].hex);
        }
}

static void statuses(void **state)
{
    (void)state;
    for (int s = 0; s < TC_STATUS_COUNT; s++) {
        assert_true(*tc_status_code((tc_status)s) != '\0');
        assert_true(s == TC_OK || *tc_status_family((tc_status)s) != '\0');
    }
    assert_non_null(tc_status_code((tc_status)999));
    assert_non_null(tc_status_family((tc_status)999));
    tc_error error;
    assert_int_equal(tc_fail(NULL, TC_IO, "x", "%s", "no error wanted"), TC_IO);
    assert_int_equal(tc_fail(&error, TC_LIMIT, "a field whose name is longer than the thirty-one bytes there are", "%0400d", 1), TC_LIMIT);
    assert_int_equal(strlen(error.field), sizeof error.field - 1);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_int_equal(error.line + error.column, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_in), cmocka_unit_test(decimal_out), cmocka_unit_test(decimal_round_trip), cmocka_unit_test(every_day),
        cmocka_unit_test(date_texts), cmocka_unit_test(strict_dates), cmocka_unit_test(times), cmocka_unit_test(indian_dates),
        cmocka_unit_test(roundings), cmocka_unit_test(overflows), cmocka_unit_test(turnovers), cmocka_unit_test(short_cut),
        cmocka_unit_test(hashes), cmocka_unit_test(statuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
