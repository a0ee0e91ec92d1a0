/* The table of providers, and the one that reads a file. */
#define _POSIX_C_SOURCE 200809L
#include "io_test.h"

#include <math.h>

#include "market/live/live.h"
#include "module/module.h"
#include "text/values.h"

static void test_names(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "Kite", "../kite", "a/b", "a.b", "kite ", "nobody-has-a-module-of-this-name", "k\xC3\xA9"};
    static const char *const there[] = {"store", "csv", "synthetic", "kite", "redis"};
    tc_error error;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_null(tc_provider_find(wrong[i], &error));
        assert_int_equal(error.status, TC_UNKNOWN_WORD);
    }
    assert_null(tc_provider_find("nobody", NULL));
    assert_null(tc_provider_find("postgres", &error)); /* a module, and no provider */
    assert_int_equal(error.status, TC_UNAVAILABLE);
    for (size_t i = 0; i < COUNT(there); i++) {
        const tc_provider *found = tc_provider_find(there[i], &error);
        assert_non_null(found);
        assert_string_equal(found->name, there[i]);
        assert_true(found->open && found->market && found->close && *found->summary && *found->where && found->secrets);
        assert_true((found->days != NULL) == (i == 0)); /* of these the store alone keeps past sessions */
        found->close(NULL);
        bool listed = false;
        const tc_provider *other;
        for (size_t k = 0; (other = tc_provider_at(k)); k++) listed |= other == found;
        assert_true(listed);
    }
}

static void test_module_order(void **state)
{
    (void)state;
    char before[TC_MODULE_NAME_SIZE] = "", name[TC_MODULE_NAME_SIZE];
    size_t i = 0;
    for (; tc_module_at(name, i); i++) {
        assert_true(strcmp(before, name) < 0);
        memcpy(before, name, sizeof name);
    }
    assert_true(i >= 3);
}

static tc_status ask(tc_market *market, tc_error *error, const char *text, const char *exchange, const char *symbol, int64_t at)
{
    void *handle;
    const char *path = write_file(text, strlen(text));
    const tc_security which = {tc_text_of(exchange), tc_text_of(symbol), {0}, {0}};
    *error = (tc_error){0};
    tc_status status = tc_provider_csv.open(&handle, error, path);
    unlink(path);
    if (status) return status;
    status = tc_provider_csv.market(handle, market, error, &which, at);
    tc_provider_csv.close(handle);
    return status;
}

static int64_t instant(const char *text)
{
    int64_t at;
    assert_int_equal(tc_instant_read(&at, NULL, "at", tc_text_of(text)), TC_OK);
    return at;
}

static const char quotes[] =
    "time,exchange,symbol,bid,ask,last\n"
    "2024-07-01T10:00:00,NSE,INFY,99.95,100,\n"
    "2024-07-01T10:05:00,NSE,INFY,101.95,102,102\n"
    "\n"
    "2024-07-01T10:05:00,NSE,INFY,102.95,103,103\n" /* of the same moment the later row counts */
    "2024-07-01T10:01:00+05:30,BSE,INFY,98,99,\n"
    "2024-07-01T04:40:00Z,NSE,\"INFY\",104.95,105,NA\n" /* 10:10 in India */
    "2024-07-01T10:00:00,,SBIN,800,801,-\n";

static void test_rows(void **state)
{
    (void)state;
    static const struct {
        const char *exchange, *symbol, *at;
        double bid; /* NAN: nothing is known */
    } cases[] = {
        {"NSE", "INFY", "2024-07-01T09:59:59.999999", NAN}, {"NSE", "INFY", "2024-07-01T10:00", 99.95},
        {"NSE", "INFY", "2024-07-01T10:04:59", 99.95},      {"NSE", "INFY", "2024-07-01T10:05", 102.95},
        {"NSE", "INFY", "2024-07-01T10:09:59", 102.95},     {"NSE", "INFY", "2024-07-01T10:10", 104.95},
        {"NSE", "INFY", "2030-01-01T00:00", 104.95},        {"BSE", "INFY", "2024-07-01T12:00", 98},
        {"BSE", "INFY", "2024-07-01T10:00", NAN},           {"MCX", "INFY", "2024-07-01T12:00", NAN},
        {"NSE", "SBIN", "2024-07-01T12:00", 800},           {"", "SBIN", "2024-07-01T12:00", 800},
        {"NSE", "SBI", "2024-07-01T12:00", NAN},            {"NSE", "SBINX", "2024-07-01T12:00", NAN},
        {"NSE", "", "2024-07-01T12:00", NAN},
    };
    tc_market market;
    tc_error error;
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_status status = ask(&market, &error, quotes, cases[i].exchange, cases[i].symbol, instant(cases[i].at));
        if (status != (isnan(cases[i].bid) ? TC_MARKET_MISSING : TC_OK)) fail_msg("%zu: %s", i, error.message);
        if (!status) assert_true(market.value[TC_M_BID] == cases[i].bid);
    }
    assert_int_equal(ask(&market, &error, quotes, "NSE", "INFY", TC_NOW), TC_OK);
    assert_true(market.value[TC_M_BID] == 104.95 && isnan(market.value[TC_M_LAST]) && isnan(market.value[TC_M_ADV]));
    assert_true(market.time == instant("2024-07-01T10:10"));
    assert_int_equal(market.session, TC_SESSION_CONTINUOUS);
    assert_int_equal(ask(&market, &error, quotes, "", "INFY", TC_NOW), TC_BAD_VALUE); /* of two exchanges */
    assert_string_equal(error.field, "exchange");
}

/* Without a time nobody knows whether it was known then. */
static void test_no_time(void **state)
{
    (void)state;
    static const char text[] = "symbol,bid,ask,adv\nINFY,99,100,1e6\n";
    tc_market market;
    tc_error error;
    assert_int_equal(ask(&market, &error, text, "NSE", "INFY", TC_NOW), TC_OK);
    assert_true(market.value[TC_M_ADV] == 1e6 && market.time == INT64_MIN);
    assert_int_equal(market.session, TC_SESSION_UNKNOWN);
    assert_int_equal(ask(&market, &error, text, "NSE", "INFY", instant("2024-07-01T10:10")), TC_MARKET_MISSING);
}

/* As of any moment what comes later changes nothing: rows behind it are left out and it answers the same. */
static void test_no_look_ahead(void **state)
{
    (void)state;
    uint64_t random = 42;
    char text[8192], part[8192];
    for (int round = 0; round < 200; round++) {
        struct { int minute; size_t end; } rows[100];
        size_t size = (size_t)snprintf(text, sizeof text, "symbol,time,bid\n"), header = size;
        int count = 1 + (int)(random % 100);
        for (int i = 0; i < count; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            rows[i].minute = (int)(random >> 33) % 300;
            size += (size_t)snprintf(text + size, sizeof text - size, "%c,2024-07-01T%02d:%02d:00,%d\n", 'A' + (int)(random >> 60) % 3,
                                     10 + rows[i].minute / 60, rows[i].minute % 60, i + 1);
            rows[i].end = size;
        }
        int cut = rows[count / 2].minute;
        int64_t at = instant("2024-07-01T10:00") + cut * TC_MINUTE_MICROS;
        size_t kept = header;
        memcpy(part, text, header);
        for (int i = 0; i < count; i++) {
            size_t begin = i ? rows[i - 1].end : header;
            if (rows[i].minute > cut) continue;
            memcpy(part + kept, text + begin, rows[i].end - begin);
            kept += rows[i].end - begin;
        }
        part[kept] = '\0';
        for (const char *symbol = "A\0B\0C"; *symbol; symbol += 2) {
            tc_market whole, before;
            tc_error error;
            tc_status status = ask(&whole, &error, text, "NSE", symbol, at);
            assert_int_equal(status, ask(&before, &error, part, "NSE", symbol, TC_NOW));
            if (!status) assert_true(whole.value[TC_M_BID] == before.value[TC_M_BID] && whole.time == before.time);
            if (symbol[0] == 'C') break;
        }
    }
}

static void test_bad_files(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        tc_status status;
        uint32_t line;
    } cases[] = {
        {"", TC_MARKET_MISSING, 0}, {"symbol,bid\n", TC_MARKET_MISSING, 0}, {"bid,ask\n1,2\n", TC_BAD_FORMAT, 1},
        {"symbol,colour\nA,red\n", TC_BAD_FORMAT, 1}, {"symbol,bid,bid\nA,1,2\n", TC_BAD_FORMAT, 1}, {"symbol,bid\nA,1\nA,high\n", TC_BAD_NUMBER, 3},
        {"symbol,bid\nA,nan\n", TC_BAD_NUMBER, 2}, {"symbol,bid\nA,1e999\n", TC_BAD_NUMBER, 2}, {"symbol,bid\nA\n", TC_BAD_ROW, 2},
        {"symbol,bid\n,1\n", TC_BAD_ROW, 2}, {"symbol,time\nA,01/07/2024\n", TC_BAD_DATE, 2}, {"symbol,time\nA,10:30\n", TC_BAD_DATE, 2},
        {"symbol,bid\nA,\"1\n", TC_BAD_ROW, 2},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_market market;
        tc_error error;
        tc_status status = ask(&market, &error, cases[i].text, "NSE", "A", TC_NOW);
        if (status != cases[i].status || error.line != cases[i].line)
            fail_msg("%zu: %s in line %u: %s", i, tc_status_code(status), error.line, error.message);
    }
    void *handle;
    assert_int_equal(tc_provider_csv.open(&handle, NULL, NULL), TC_BAD_VALUE);
    assert_int_equal(tc_provider_csv.open(&handle, NULL, ""), TC_BAD_VALUE);
    assert_int_equal(tc_provider_csv.open(&handle, NULL, "/nowhere/at/all.csv"), TC_IO);
    assert_int_equal(tc_provider_csv.open(&handle, NULL, "/"), TC_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names),   cmocka_unit_test(test_module_order),  cmocka_unit_test(test_rows),
                                       cmocka_unit_test(test_no_time), cmocka_unit_test(test_no_look_ahead), cmocka_unit_test(test_bad_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
