/* Shortfall and benchmarks: published examples, and identities over random orders. */
#include <math.h>

#include "test.h"

static tc_quantity units(double count) { return (tc_quantity){llround(count * 1e6)}; }
static tc_price price(double rupees) { return (tc_price){llround(rupees * 1e6)}; }
static double rupees_of(tc_money money) { return (double)money.nanos / 1e9; }

static tc_shortfall shortfall_of(const tc_worked_order *e)
{
    tc_shortfall answer;
    tc_error error;
    if (tc_shortfall_of(&answer, &error, e) != TC_OK) fail_msg("%s: %s", error.field, error.message);
    return answer;
}

/* 5,000 to buy in lots of 500 at 10 and 11 in turn; of the R package blotter, vignette AlgoTCA. */
static size_t alternating(tc_executed *fill, size_t count)
{
    for (size_t i = 0; i < count; i++) fill[i] = (tc_executed){units(500), price(i % 2 ? 11 : 10), TC_NO_MARK, TC_NO_MARK};
    return count;
}

static void published_orders(void **state)
{
    (void)state;
    tc_executed fill[10];
    tc_worked_order e = {.side = TC_BUY, .decided = units(5000), .decision = tc_mark_of(10), .arrival = tc_mark_of(10),
                      .end = tc_mark_of(11), .fills = fill, .fill_count = alternating(fill, 10)};
    assert_true(rupees_of(shortfall_of(&e).total) + 100 == 2600); /* fees 10 a fill */
    e.fill_count = 8;
    tc_shortfall perold = shortfall_of(&e);
    assert_true(rupees_of(perold.execution) == 2000 && rupees_of(perold.part[TC_SHORTFALL_OPPORTUNITY]) == 1000);
    assert_true(rupees_of(perold.total) + 80 == 3080);
    e.arrival = tc_mark_of(10.25);
    tc_shortfall wagner = shortfall_of(&e);
    assert_true(rupees_of(wagner.part[TC_SHORTFALL_DELAY]) == 1250 && rupees_of(wagner.execution) == 1000);
    assert_true(rupees_of(wagner.part[TC_SHORTFALL_OPPORTUNITY]) == 750 && rupees_of(wagner.total) + 80 == 3080);
}

/* Two questions of the CFA kind, in per cent of the paper portfolio. */
static void published_per_cents(void **state)
{
    (void)state;
    tc_executed part = {units(700), price(40.05), TC_NO_MARK, TC_NO_MARK}, whole = {units(4000), price(16.20), TC_NO_MARK, TC_NO_MARK};
    tc_worked_order e = {.side = TC_BUY, .decided = units(1000), .decision = tc_mark_of(40), .arrival = tc_mark_of(40.04),
                      .end = tc_mark_of(40.08), .fills = &part, .fill_count = 1};
    tc_shortfall first = shortfall_of(&e);
    assert_true(fabs((rupees_of(first.total) + 17) / ((double)first.paper.micros / 1e6) * 100 - 0.19) < 1e-12);
    e = (tc_worked_order){.side = TC_BUY, .decided = units(4000), .decision = tc_mark_of(16.24), .arrival = tc_mark_of(16.24),
                       .fills = &whole, .fill_count = 1};
    tc_shortfall second = shortfall_of(&e);
    assert_true(fabs((rupees_of(second.total) + 38.5) / ((double)second.paper.micros / 1e6) * 100 + 0.19) < 0.005);
}

/* blotter's table of benchmarks, which counts a gain as positive. */
static void published_benchmarks(void **state)
{
    (void)state;
    static const struct { double benchmark, gain; } rows[] = {
        {5027, 71.17988}, {5000, 17.56425}, {5037, 90.89166}, {4988.044, -6.363777}, {5023.869, 64.99206}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        double cost = tc_benchmark_bps(TC_BUY, 4991.218, rows[i].benchmark);
        assert_true(fabs(cost + rows[i].gain) < 5e-3); /* the printed average has seven digits */
        assert_true(tc_benchmark_bps(TC_SELL, 4991.218, rows[i].benchmark) == -cost);
    }
    assert_true(fabs(tc_relative_performance(1e6, 500000, 358386) - 0.570807) < 1e-12);
    assert_true(tc_relative_performance(10, 10, 0) == 1 && tc_relative_performance(10, 0, 10) == 0);
    assert_true(isnan(tc_relative_performance(0, 0, 0)));
    assert_true(isnan(tc_benchmark_bps(TC_BUY, 10, NAN)));
}

static void marks(void **state)
{
    (void)state;
    assert_int_equal(tc_mark_mid(100.05, 100.10).nanos, INT64_C(100075000000));
    assert_int_equal(tc_mark_mid(0.000001, 0.000002).nanos, 1500);
    assert_false(tc_mark_known(tc_mark_mid(10, 9)));
    assert_false(tc_mark_known(tc_mark_mid(NAN, 9)));
    assert_false(tc_mark_known(tc_mark_of(0)));
    assert_false(tc_mark_known(tc_mark_of(-1)));
    assert_false(tc_mark_known(tc_mark_of(NAN)));
    assert_true(isnan(tc_mark_price(TC_NO_MARK)));
}

/* Random orders. */

enum { FILLS_MAX = 12 };
struct random_order {
    tc_worked_order e;
    tc_executed fill[FILLS_MAX];
};

static int64_t draw(uint64_t *seed, int64_t from, int64_t to)
{
    return from + (int64_t)(next_random(seed) % (uint64_t)(to - from + 1));
}

static tc_mark draw_mark(uint64_t *seed)
{
    return (tc_mark){draw(seed, INT64_C(90000000000), INT64_C(110000000000))};
}

/* Quantities with and without decimals; every number of fills, none included; marks of any digits. */
static void draw_order(struct random_order *o, uint64_t *seed)
{
    bool whole = draw(seed, 0, 1);
    int64_t filled = 0;
    o->e = (tc_worked_order){.side = draw(seed, 0, 1) ? TC_BUY : TC_SELL, .fills = o->fill,
                          .fill_count = (size_t)draw(seed, 0, FILLS_MAX), .impact_rule = (tc_impact_rule)draw(seed, 0, 2)};
    for (size_t i = 0; i < o->e.fill_count; i++) {
        o->fill[i] = (tc_executed){{whole ? draw(seed, 1, 5000) * 1000000 : draw(seed, 1, INT64_C(5000000000))},
                                   {draw(seed, 90000000, 110000000)}, draw_mark(seed), draw_mark(seed)};
        filled += o->fill[i].quantity.micros;
    }
    o->e.decided.micros = filled + draw(seed, !filled, 3) * 7000001;
    o->e.decision = draw_mark(seed);
    o->e.arrival = draw_mark(seed);
    o->e.end = draw_mark(seed);
    o->e.impact.nanos = draw(seed, -1000000000, 1000000000);
}

__extension__ typedef __int128 wide;

/* Perold's formula as he wrote it, without parts, in femto-rupees. */
static wide perold(const tc_worked_order *e)
{
    wide paid = 0, filled = 0;
    for (size_t i = 0; i < e->fill_count; i++) {
        paid += (wide)e->fills[i].quantity.micros * e->fills[i].price.micros * 1000;
        filled += e->fills[i].quantity.micros;
    }
    wide cost = paid - filled * e->decision.nanos + (e->decided.micros - filled) * (e->end.nanos - e->decision.nanos);
    return e->side == TC_SELL ? -cost : cost;
}

static void parts_sum_to_the_total(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int n = 0; n < 20000; n++) {
        struct random_order o;
        draw_order(&o, &seed);
        tc_shortfall s = shortfall_of(&o.e);
        int64_t sum = 0;
        for (int p = 0; p < TC_SHORTFALL_COUNT; p++) sum += s.part[p].nanos;
        assert_int_equal(sum, s.total.nanos);
        assert_int_equal(s.execution.nanos + s.part[TC_SHORTFALL_DELAY].nanos + s.part[TC_SHORTFALL_OPPORTUNITY].nanos, s.total.nanos);
        wide distance = perold(&o.e) - (wide)s.total.nanos * 1000000;
        assert_true(distance >= -500000 && distance <= 500000); /* half a nano-rupee */
    }
}

static void fills_in_any_order(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int n = 0; n < 2000; n++) {
        struct random_order o;
        draw_order(&o, &seed);
        tc_shortfall before = shortfall_of(&o.e);
        for (size_t i = o.e.fill_count; i > 1; i--) {
            size_t other = (size_t)draw(&seed, 0, (int64_t)i - 1);
            tc_executed kept = o.fill[i - 1];
            o.fill[i - 1] = o.fill[other];
            o.fill[other] = kept;
        }
        tc_shortfall after = shortfall_of(&o.e);
        assert_memory_equal(before.part, after.part, sizeof before.part);
        assert_int_equal(before.total.nanos, after.total.nanos);
    }
}

/* A sale in a market turned upside down costs what the purchase costs: prices p become 200 - p. */
static void sells_mirror_buys(void **state)
{
    (void)state;
    const tc_mark twice = {INT64_C(200000000000)};
    uint64_t seed = 7;
    for (int n = 0; n < 2000; n++) {
        struct random_order o;
        draw_order(&o, &seed);
        tc_shortfall before = shortfall_of(&o.e);
        o.e.side = o.e.side == TC_BUY ? TC_SELL : TC_BUY;
        o.e.decision.nanos = twice.nanos - o.e.decision.nanos;
        o.e.arrival.nanos = twice.nanos - o.e.arrival.nanos;
        o.e.end.nanos = twice.nanos - o.e.end.nanos;
        for (size_t i = 0; i < o.e.fill_count; i++) {
            o.fill[i].price.micros = twice.nanos / 1000 - o.fill[i].price.micros;
            o.fill[i].mid.nanos = twice.nanos - o.fill[i].mid.nanos;
            o.fill[i].later.nanos = twice.nanos - o.fill[i].later.nanos;
        }
        tc_shortfall after = shortfall_of(&o.e);
        assert_memory_equal(before.part, after.part, sizeof before.part);
        assert_int_equal(before.known, after.known);
    }
}

/* Never filled: delay and opportunity are all there is, s X (PN - Pd). */
static void never_filled(void **state)
{
    (void)state;
    tc_worked_order e = {.side = TC_SELL, .decided = units(1000), .decision = tc_mark_of(100), .arrival = tc_mark_of(99.5), .end = tc_mark_of(98)};
    tc_shortfall s = shortfall_of(&e);
    assert_true(rupees_of(s.part[TC_SHORTFALL_DELAY]) == 500 && rupees_of(s.part[TC_SHORTFALL_OPPORTUNITY]) == 1500);
    assert_true(rupees_of(s.total) == 2000 && s.execution.nanos == 0 && isnan(s.average));
    assert_false(s.known & 1u << TC_SHORTFALL_SPREAD);
}

/* Two fills of 100 bought at 10.02 and 10.05; mids 10.00 and 10.03, later 10.01 and 10.02; arrival 9.99. */
static void impact_three_ways(void **state)
{
    (void)state;
    tc_executed fill[] = {{units(100), price(10.02), tc_mark_of(10.00), tc_mark_of(10.01)},
                          {units(100), price(10.05), tc_mark_of(10.03), tc_mark_of(10.02)}};
    tc_worked_order e = {.side = TC_BUY, .decided = units(200), .decision = tc_mark_of(9.98), .arrival = tc_mark_of(9.99), .fills = fill, .fill_count = 2};
    tc_shortfall untold = shortfall_of(&e);
    assert_true(rupees_of(untold.part[TC_SHORTFALL_SPREAD]) == 4 && rupees_of(untold.part[TC_SHORTFALL_TIMING]) == 5);
    assert_false(untold.known & 1u << TC_SHORTFALL_IMPACT);
    e.impact_rule = TC_IMPACT_BY_MARKOUT;
    tc_shortfall markout = shortfall_of(&e);
    assert_true(rupees_of(markout.part[TC_SHORTFALL_SPREAD]) == 4 && rupees_of(markout.part[TC_SHORTFALL_IMPACT]) == 0);
    assert_true(markout.known & 1u << TC_SHORTFALL_IMPACT && rupees_of(markout.part[TC_SHORTFALL_TIMING]) == 5);
    e.impact_rule = TC_IMPACT_BY_MODEL;
    e.impact.nanos = rupees("1.25");
    tc_shortfall model = shortfall_of(&e);
    assert_true(rupees_of(model.part[TC_SHORTFALL_IMPACT]) == 1.25 && rupees_of(model.part[TC_SHORTFALL_TIMING]) == 3.75);
    fill[1].mid = TC_NO_MARK;
    tc_shortfall unsplit = shortfall_of(&e);
    assert_int_equal(unsplit.known, 1u << TC_SHORTFALL_DELAY | 1u << TC_SHORTFALL_UNSPLIT | 1u << TC_SHORTFALL_OPPORTUNITY);
    assert_true(rupees_of(unsplit.part[TC_SHORTFALL_UNSPLIT]) == 9 && unsplit.total.nanos == model.total.nanos);
}

static void refused(void **state)
{
    (void)state;
    tc_executed fill = {units(100), price(10), TC_NO_MARK, TC_NO_MARK};
    const tc_worked_order good = {.side = TC_BUY, .decided = units(100), .decision = tc_mark_of(10), .arrival = TC_NO_MARK, .end = TC_NO_MARK, .fills = &fill, .fill_count = 1};
    tc_shortfall s = {.filled = {-1}};
    tc_error error;
    tc_worked_order e = good;
    e.decision = TC_NO_MARK;
    assert_int_equal(tc_shortfall_of(&s, &error, &e), TC_MARKET_MISSING);
    assert_string_equal(error.field, "arrival");
    e = good, e.decided = units(101);
    assert_int_equal(tc_shortfall_of(&s, &error, &e), TC_MARKET_MISSING);
    assert_string_equal(error.field, "end");
    e = good, e.decided = units(99);
    assert_int_equal(tc_shortfall_of(&s, &error, &e), TC_CONTRADICTION);
    e = good, e.side = 0;
    assert_int_equal(tc_shortfall_of(&s, &error, &e), TC_BAD_VALUE);
    e = good, fill.price.micros = 0;
    assert_int_equal(tc_shortfall_of(&s, &error, &e), TC_BAD_VALUE);
    fill = (tc_executed){{TC_QUANTITY_MICROS_MAX}, {TC_PRICE_MICROS_MAX}, TC_NO_MARK, TC_NO_MARK};
    e.decided.micros = TC_QUANTITY_MICROS_MAX;
    assert_int_equal(tc_shortfall_of(&s, &error, &e), TC_OVERFLOW);
    assert_int_equal(s.filled.micros, -1); /* a failed call leaves its outputs alone */
}

static void outliers(void **state)
{
    (void)state;
    double value[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, NAN, 10, 60}, scratch[COUNT(value)];
    bool apart[COUNT(value)];
    /* median 6, median distance 3: 5 x 1.4826 x 3 = 22.2 on either side */
    assert_int_equal(tc_outliers(apart, value, COUNT(value), 5, scratch), 1);
    assert_true(apart[11] && !apart[0] && !apart[9]);
    assert_int_equal(tc_outliers(apart, value, 9, 5, scratch), 0);
    double same[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
    assert_int_equal(tc_outliers(apart, same, 12, 5, scratch), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_orders), cmocka_unit_test(published_per_cents), cmocka_unit_test(published_benchmarks),
        cmocka_unit_test(marks), cmocka_unit_test(parts_sum_to_the_total), cmocka_unit_test(fills_in_any_order),
        cmocka_unit_test(sells_mirror_buys), cmocka_unit_test(never_filled), cmocka_unit_test(impact_three_ways),
        cmocka_unit_test(refused), cmocka_unit_test(outliers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
