/* Trades against quotes: by hand, as identities, and as printed for the sample of the highfrequency package. */
#include "test.h"

#include <math.h>

#include "analysis/ticks.h"
#include "models/spread/measures.h"
#include "text/input.h"

#define SECOND INT64_C(1000000)

static void buyers_and_sellers(void **state)
{
    (void)state;
    static const struct {
        double price, mid;
        int direction;
    } cases[] = {
        {100, 100, 1},    /* nothing to go by: a buyer, as by convention */
        {100, 100, 1},
        {100.5, 100, 1},  /* above the mid */
        {99, 100, -1},    /* below */
        {100, 100, 1},    /* at it, after a rise */
        {100, 100, 1},    /* no change: the last one still tells */
        {99.5, 99.5, -1}, /* at it, after a fall */
        {99.5, NAN, -1},  /* no quote */
        {99.6, NAN, 1},
    };
    tc_tick_test test = {0};
    for (size_t i = 0; i < COUNT(cases); i++) assert_int_equal(tc_lee_ready(&test, cases[i].price, cases[i].mid), cases[i].direction);
}

/* A buyer takes 100.10 from a book of 100.00 to 100.10, which a second later is 100.04 to 100.14. */
static void one_trade_by_hand(void **state)
{
    (void)state;
    const tc_quote_tick quotes[] = {{0, 100.00, 100.10, 200, 100}, {SECOND, 100.04, 100.14, 1, 1}, {3 * SECOND, 100, 100.1, 1, 1}};
    const tc_quote_source source = {.tick = quotes, .count = COUNT(quotes)};
    static const struct {
        tc_measure measure;
        double value;
    } wanted[] = {{TC_E_MIDPOINT, 100.05},    {TC_E_DIRECTION, 1},       {TC_E_QUOTED, 0.10},         {TC_E_EFFECTIVE, 0.10},
                  {TC_E_REALISED, 0.02},      {TC_E_IMPACT, 0.04},       {TC_E_RELATIVE_QUOTED, 0.10 / 100.05},
                  {TC_E_RELATIVE_IMPACT, 0.04 / 100.05}, {TC_E_LOG_SIZE, 9.903487552536127}, {TC_E_SLOPE, 0.10 / 9.903487552536127}};
    tc_measurer measurer;
    tc_measured m;
    bool known;
    tc_measurer_begin(&measurer, source, source, 0, SECOND);
    assert_int_equal(tc_measurer_next(&measurer, &m, &known, NULL, &(tc_trade_tick){SECOND / 2, 100.10, 50}), TC_OK);
    assert_true(known);
    for (size_t i = 0; i < COUNT(wanted); i++) assert_true(fabs(m.value[wanted[i].measure] - wanted[i].value) < 1e-12);
    /* With the last quote nothing shows that the market went on. */
    assert_int_equal(tc_measurer_next(&measurer, &m, &known, NULL, &(tc_trade_tick){3 * SECOND, 100.10, 50}), TC_OK);
    assert_true(known && isnan(m.value[TC_E_REALISED]) && isnan(m.value[TC_E_IMPACT]) && !isnan(m.value[TC_E_EFFECTIVE]));
    assert_int_equal(tc_measurer_next(&measurer, &m, &known, NULL, &(tc_trade_tick){SECOND, 100.10, 50}), TC_BAD_MARKET);
}

/* No quote: before the first, overnight, crossed, one-sided. */
static void no_quote_is_no_number(void **state)
{
    (void)state;
    const tc_quote_tick quotes[] = {{10, 100, 101, 1, 1}, {20, 102, 101, 1, 1}, {30, NAN, 101, 1, 1}, {40, 0, 101, 1, 1}, {50, 100, 101, NAN, 1}};
    const tc_quote_source source = {.tick = quotes, .count = COUNT(quotes)};
    static const struct {
        int64_t time;
        bool known;
    } cases[] = {{9, false}, {10, true}, {20, false}, {35, false}, {45, false}, {50, true}, {50 + TC_REACH_SESSION, true}, {51 + TC_REACH_SESSION, false}};
    tc_measurer measurer;
    tc_measurer_begin(&measurer, source, source, 0, 5);
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_measured m;
        bool known;
        assert_int_equal(tc_measurer_next(&measurer, &m, &known, NULL, &(tc_trade_tick){cases[i].time, 100.2, 1}), TC_OK);
        assert_int_equal(known, cases[i].known);
        assert_int_equal(isnan(m.value[TC_E_QUOTED]), !known);
        assert_true(isnan(m.value[TC_E_SLOPE])); /* sizes are 1 and 1, or not known */
    }
}

/* Effective is realised plus twice the impact; buys and sells mirrored at the
 * mid measure the same; what is at the touch pays the quoted spread. */
static void identities_hold(void **state)
{
    (void)state;
    uint64_t random = 9;
    for (int i = 0; i < 1000; i++) {
        double mid = 50 + (double)(next_random(&random) % 10000) / 100, half = (double)(1 + next_random(&random) % 50) / 100;
        double later = mid + (double)(next_random(&random) % 200) / 100 - 1;
        tc_quote_tick quote = {0, mid - half, mid + half, 10, 20};
        tc_measured buy, sell;
        tc_measure_trade(&buy, quote.ask, &quote, later, 1);
        tc_measure_trade(&sell, quote.bid, &quote, 2 * buy.value[TC_E_MIDPOINT] - later, -1);
        assert_true(fabs(buy.value[TC_E_EFFECTIVE] - buy.value[TC_E_REALISED] - 2 * buy.value[TC_E_IMPACT]) < 1e-12);
        assert_true(fabs(buy.value[TC_E_EFFECTIVE] - buy.value[TC_E_QUOTED]) < 1e-12);
        for (int m = 0; m < TC_MEASURE_COUNT; m++)
            if (m != TC_E_DIRECTION) assert_true(fabs(buy.value[m] - sell.value[m]) < 1e-11);
    }
}

/* The sample. */

enum { ROOM = 50000 };

static bool read_ticks(const char *name, tc_tick_kind kind, void *to, size_t *count)
{
    char path[600];
    tc_input input;
    tc_ticks *ticks;
    const tc_tick_row *row;
    tc_error error;
    snprintf(path, sizeof path, "%s/../../../shared/data/models/%s", TC_FIXTURES, name);
    if (tc_input_open(&input, &error, path) != TC_OK) return false;
    assert_int_equal(tc_ticks_open(&ticks, &error, kind, tc_input_read, &input), TC_OK);
    for (*count = 0; tc_ticks_next(ticks, &row, &error) == TC_OK && row; ++*count) {
        assert_int_equal(row->status, TC_OK);
        assert_in_range(*count, 0, ROOM - 1);
        if (kind == TC_QUOTES) ((tc_quote_tick *)to)[*count] = (tc_quote_tick){row->time, row->bid, row->ask, row->bid_quantity, row->ask_quantity};
        else ((tc_trade_tick *)to)[*count] = (tc_trade_tick){row->time, row->price, row->quantity};
    }
    tc_ticks_close(ticks);
    tc_input_close(&input);
    return true;
}

static tc_quote_tick quotes[ROOM];
static tc_trade_tick trades[ROOM];
static tc_quote_tick matched[ROOM];
static int directions[ROOM];

static int64_t day_of(int64_t time)
{
    return time / (86400 * SECOND);
}

/* Of the first `trade_count` trades; every one meets a quote. */
static size_t match(size_t quote_count, size_t trade_count, int *sum)
{
    tc_join join;
    tc_tick_test test = {0};
    tc_join_begin(&join, (tc_quote_source){.tick = quotes, .count = quote_count}, TC_REACH_ANY);
    *sum = 0;
    for (size_t i = 0; i < trade_count; i++) {
        tc_standing standing;
        assert_int_equal(tc_join_at(&join, &standing, NULL, trades[i].time), TC_OK);
        assert_non_null(standing.quote);
        matched[i] = *standing.quote;
        directions[i] = tc_lee_ready(&test, trades[i].price, (matched[i].bid + matched[i].ask) / 2);
        *sum += directions[i];
    }
    return trade_count;
}

/* The authors' means take the mid of the trade 300 rows on for the later one, which they call 300 seconds. */
static void means_are_as_printed(size_t count)
{
    enum { ROWS_ON = 300 };
    static const struct {
        tc_measure measure;
        double value;
    } printed[] = {{TC_E_MIDPOINT, 157.080845299},  {TC_E_DIRECTION, -0.0815497155242}, {TC_E_EFFECTIVE, .0231146030886},
                   {TC_E_REALISED, -.0364815688587}, {TC_E_IMPACT, .0303553524034},     {TC_E_QUOTED, .049718233541},
                   {TC_E_RELATIVE_QUOTED, 3.15645400598e-4}, {TC_E_RELATIVE_EFFECTIVE, 1.46639122033e-4},
                   {TC_E_LOG_SIZE, 3.46119976777},  {TC_E_SLOPE, .0210151864488}};
    tc_measure_means means = {0};
    for (size_t i = 0; i < count; i++) {
        tc_measured m;
        const tc_quote_tick *on = &matched[i + ROWS_ON];
        tc_measure_trade(&m, trades[i].price, &matched[i], i + ROWS_ON < count ? (on->bid + on->ask) / 2 : NAN, directions[i]);
        tc_measure_add(&means, &m);
    }
    for (size_t i = 0; i < COUNT(printed); i++) /* twelve digits are printed */
        assert_true(fabs(tc_measure_mean(&means, printed[i].measure) / printed[i].value - 1) < 2e-11);
}

static void the_sample_is_as_printed(void **state)
{
    (void)state;
    size_t quote_count, trade_count, first_day = 0;
    int sum;
    if (!read_ticks("highfrequency_sampleQData.csv", TC_QUOTES, quotes, &quote_count) ||
        !read_ticks("highfrequency_sampleTData.csv", TC_TRADES, trades, &trade_count)) {
        print_message("no reference data\n");
        skip();
    }
    while (day_of(trades[first_day].time) == day_of(trades[0].time)) first_day++;
    assert_int_equal(match(quote_count, first_day, &sum), 3691);
    means_are_as_printed(first_day);
    /* The package shifts every quote by the lag but each day's first. */
    for (size_t i = quote_count; i-- > 0;)
        if (i && day_of(quotes[i].time) == day_of(quotes[i - 1].time)) quotes[i].time += 2 * SECOND;
    for (size_t i = 1; i < quote_count; i++) assert_true(quotes[i].time >= quotes[i - 1].time);
    match(quote_count, trade_count, &sum);
    assert_int_equal(sum, -1572);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buyers_and_sellers), cmocka_unit_test(one_trade_by_hand),       cmocka_unit_test(no_quote_is_no_number),
        cmocka_unit_test(identities_hold),    cmocka_unit_test(the_sample_is_as_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
