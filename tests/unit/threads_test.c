/* One book and one market, many threads: each prices and estimates the same fills, alone and as a day, and gets what one thread gets. Runs under
 * ThreadSanitizer too (tools/check_threads), which sees any write that two of them share. */
#include "test.h"

#include <math.h>
#include <pthread.h>

enum { THREADS = 4, FILLS = 40, ROUNDS = 50 };

static tc_fill fills[FILLS];
static tc_market market;

struct answer { int64_t quoted, priced, estimated; };

static int64_t price_day(tc_level level)
{
    tc_day *day;
    const tc_fill_cost *costs;
    int64_t sum = 0;
    if (tc_day_new(&day, tc_book_builtin()) != TC_OK) abort();
    for (int i = 0; i < FILLS; i++)
        if (tc_day_add(day, NULL, NULL, &fills[i]) != TC_OK) abort();
    if (tc_day_price(day, &costs, NULL, &(tc_options){level, false}) != TC_OK) abort();
    for (int i = 0; i < FILLS; i++) sum += costs[i].cost.total.nanos;
    tc_day_free(day);
    return sum;
}

static int64_t estimate_all(void)
{
    const tc_execution how = {.duration = 0.1, .participation = NAN, .delay = 1, .minute = 600};
    int64_t sum = 0;
    for (int i = 0; i < FILLS; i++) {
        tc_estimated estimate;
        if (tc_estimate(&estimate, NULL, tc_book_builtin(), &fills[i].trade, &market, &how, &(tc_estimate_options){0}) != TC_OK) abort();
        sum += estimate.expected.nanos;
    }
    return sum;
}

static void *work(void *argument)
{
    struct answer *answer = argument;
    for (int round = 0; round < ROUNDS; round++) {
        tc_options options = {round % 2 ? TC_EXACT : TC_NOTE, false};
        tc_cost cost;
        for (int i = 0; i < FILLS; i++) {
            if (tc_quote(&cost, NULL, tc_book_builtin(), &fills[i].trade, &options) != TC_OK) abort();
            answer->quoted += cost.total.nanos;
        }
        answer->priced += price_day(options.level);
        answer->estimated += estimate_all();
    }
    return NULL;
}

static void one_book(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    struct answer alone = {0}, answers[THREADS] = {{0}};
    for (int i = 0; i < FILLS; i++) {
        char line[200];
        tc_error error;
        snprintf(line, sizeof line, "broker=zerodha exchange=NSE symbol=SBIN isin=INE062A01020 date=2026-04-02 price=250.05 product=%s side=%s quantity=%d order_id=%d",
                 i % 3 ? "delivery" : "intraday", i % 2 ? "sell" : "buy", 10 + i, i / 2);
        assert_int_equal(fill_of(&fills[i], &error, tc_book_builtin(), line), TC_OK);
    }
    tc_market_clear(&market);
    market.value[TC_M_BID] = 250;
    market.value[TC_M_ASK] = 250.10;
    market.value[TC_M_ADV] = 1e7;
    market.value[TC_M_VOLATILITY] = 0.015;
    work(&alone);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, work, &answers[i]), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    assert_true(alone.quoted > 0 && alone.priced > 0 && alone.estimated > 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(answers[i].quoted, alone.quoted);
        assert_int_equal(answers[i].priced, alone.priced);
        assert_int_equal(answers[i].estimated, alone.estimated);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_book)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
