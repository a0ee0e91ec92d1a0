/* NSE's price steps at every boundary of price and date, by the notices that models.md 2.3 cites. */
#include "test.h"

#include <math.h>

#include "market/tick_size.h"

static const struct {
    int year, month, day;
    double price, tick;
} cases[] = {
    {2024, 6, 9, 100, 0.05}, {2024, 6, 9, 0.05, 0.05}, {2024, 6, 9, 30000, 0.05},
    {2024, 6, 10, 249.99, 0.01}, {2024, 6, 10, 250, 0.05}, {2024, 6, 10, 30000, 0.05},
    {2025, 4, 14, 249.99, 0.01}, {2025, 4, 14, 250, 0.05}, {2025, 4, 14, 1000.05, 0.05}, {2025, 4, 14, 25000, 0.05},
    {2025, 4, 15, 0.01, 0.01}, {2025, 4, 15, 249.99, 0.01}, {2025, 4, 15, 250, 0.05}, {2025, 4, 15, 1000, 0.05},
    {2025, 4, 15, 1000.05, 0.10}, {2025, 4, 15, 5000, 0.10}, {2025, 4, 15, 5000.05, 0.50}, {2025, 4, 15, 10000, 0.50},
    {2025, 4, 15, 10000.05, 1}, {2025, 4, 15, 20000, 1}, {2025, 4, 15, 20000.05, 5}, {2025, 4, 15, 1e6, 5},
    {2026, 11, 23, 250, 0.05}, {2004, 1, 1, 250, 0.05},
};

static void boundaries(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_date date;
        assert_int_equal(tc_date_of(&date, cases[i].year, cases[i].month, cases[i].day), TC_OK);
        if (tc_tick_size(date, cases[i].price) != cases[i].tick)
            fail_msg("%d-%02d-%02d, %g: %g, not %g", cases[i].year, cases[i].month, cases[i].day, cases[i].price,
                     tc_tick_size(date, cases[i].price), cases[i].tick);
    }
}

static void no_price_no_tick(void **state)
{
    (void)state;
    const tc_date date = {20193};
    assert_true(isnan(tc_tick_size(date, 0)) && isnan(tc_tick_size(date, -1)));
    assert_true(isnan(tc_tick_size(date, NAN)) && isnan(tc_tick_size(date, INFINITY)));
}

/* Where the tariff book has ticks of shares too, both say the same. */
static void agrees_with_the_book(void **state)
{
    (void)state;
    static const char *const prices[] = {"100", "249.99", "250", "1000", "1000.05", "5000", "5000.5", "10000", "10001", "20000", "20005"};
    static const char *const dates[] = {"2024-06-07", "2024-06-10", "2025-04-11", "2025-04-15", "2026-04-02"};
    for (size_t d = 0; d < COUNT(dates); d++)
        for (size_t p = 0; p < COUNT(prices); p++) {
            char line[200];
            tc_fill fill;
            tc_error error;
            snprintf(line, sizeof line, "broker=zerodha exchange=NSE product=delivery side=buy quantity=1 price=%s date=%s state=MH", prices[p], dates[d]);
            assert_int_equal(fill_of(&fill, &error, tc_book_builtin(), line), TC_OK);
            double tick = (double)tc_book_tick(tc_book_builtin(), &fill.trade) / TC_MICROS_PER_RUPEE;
            assert_true(tick == tc_tick_size(fill.trade.date, strtod(prices[p], NULL)));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boundaries), cmocka_unit_test(no_price_no_tick), cmocka_unit_test(agrees_with_the_book)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
