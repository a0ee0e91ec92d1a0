/* Models of spread, slippage and timing: printed figures, sums by other means, and limits. */
#include "test.h"

#include <math.h>

static double input[TC_INPUTS_MAX];
static const tc_model *model;

/* Takes a model, all its inputs unknown. */
static void take(const char *name)
{
    model = tc_model_find(text_of(name));
    assert_non_null(model);
    for (int i = 0; i < TC_INPUTS_MAX; i++) input[i] = NAN;
}

static void set(const char *key, double value)
{
    int at = tc_model_input_find(model, text_of(key));
    if (at < 0) fail_msg("%s has no %s", model->name, key);
    input[at] = value;
}

static tc_model_result result;
static tc_error error;

static tc_status try_on(const tc_market *market)
{
    memset(&error, 0, sizeof error);
    return tc_model_evaluate_on(&result, &error, model, input, NULL, market, NULL);
}

static void run(void)
{
    if (try_on(NULL)) fail_msg("%s: %s %s", model->name, error.field, error.message);
}

static double step(const char *name)
{
    int at = tc_model_step_find(model, text_of(name));
    if (at < 0) fail_msg("%s has no step %s", model->name, name);
    return result.step[at];
}

static void near(double got, double wanted, double relative)
{
    if (!(fabs(got - wanted) <= relative * fabs(wanted) + 1e-300)) fail_msg("%s: %.17g, not %.17g", model->name, got, wanted);
}

/* Spread. */

static void quoted(void **state)
{
    (void)state;
    take("quoted-half-spread");
    set("bid", 98), set("ask", 99), set("q", 1000);
    run();
    near(result.price, 0.5, 0);
    near(result.bps, 0.5 / 98.5 * 1e4, 1e-15);
    near(result.rupees, 500, 0);
    assert_true(result.se == 0 && isnan(result.sd));
    set("ask", 98); /* locked */
    assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
    set("ask", 97); /* crossed */
    assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
}

/* 10 bps of Rs 100 are 10 paise, of which half is paid; a tick of 0.25 stands above that. */
static void estimated(void **state)
{
    (void)state;
    take("estimated-spread");
    set("spread", 0.001), set("price", 100);
    run();
    near(result.price, 0.05, 1e-15);
    assert_true(isnan(result.se));
    set("tick", 0.25), set("spread_se", 0.0002);
    run();
    near(result.price, 0.125, 1e-15);
    near(result.bps, 12.5, 1e-15);
    near(result.se, 1, 1e-15); /* half of 2 bps */
}

static void quoted_or_edge(void **state)
{
    (void)state;
    take("quoted-or-edge");
    set("bid", 99.9), set("ask", 100.1), set("spread", 0.5), set("price", 100), set("tick", 1);
    run();
    near(result.price, 0.1, 1e-13);
    assert_true(step("quoted") == 1 && result.se == 0);
    set("ask", NAN);
    set("spread", 0.0185), set("tick", 0.05);
    run();
    near(result.price, 0.925, 1e-15);
    assert_true(step("quoted") == 0 && isnan(result.se));
    set("spread", 0.0002);
    run();
    near(result.price, 0.025, 1e-15); /* the tick */
    static const char *const needed[] = {"tick", "price", "spread"};
    for (size_t i = 0; i < COUNT(needed); i++) {
        set(needed[i], NAN);
        assert_int_equal(try_on(NULL), TC_MARKET_MISSING);
        assert_string_equal(error.field, needed[i]);
    }
}

static void tick_floor(void **state)
{
    (void)state;
    take("tick-floor-spread");
    set("price", 250);
    assert_int_equal(try_on(NULL), TC_MARKET_MISSING);
    set("date", 20250415);
    run();
    near(result.bps, 1, 1e-15); /* half of 0.05 in 250 */
    set("date", 20250414.5);
    assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
    set("date", 20250230);
    assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
    set("tick", 1), set("spread", 0.001);
    run();
    near(result.price, 0.5, 1e-15);
    set("spread", 0.01);
    run();
    near(result.price, 1.25, 1e-15);
}

/* sigma 2 %, 10,000 trades: 2 bps a trade; c = 1.5 makes a spread of 3 bps. */
static void by_volatility(void **state)
{
    (void)state;
    take("volatility-spread");
    set("sigma", 0.02), set("trades", 10000);
    assert_int_equal(try_on(NULL), TC_VALUE_NEEDED);
    assert_string_equal(error.field, "c");
    set("c", 1.5);
    run();
    near(result.bps, 1.5, 1e-14);
    set("sigma", 0.04);
    run();
    near(result.bps, 3, 1e-14); /* homogeneous in sigma */
}

/* exp(-2 - 0.25 ln(1e9) + 0.5 ln(0.04) + 4 x 0.001) by hand: e^-2 x 10^-2.25 x 0.2 x e^0.004 */
static void log_linear(void **state)
{
    (void)state;
    take("log-linear-spread");
    set("v", 1e7), set("sigma", 0.04), set("price", 100), set("tick", 0.1);
    set("b0", -2), set("b1", -0.25), set("b2", 0.5), set("b3", 0), set("b4", 4);
    run();
    near(result.bps, exp(-2) * pow(10, -2.25) * 0.2 * exp(0.004) / 2 * 1e4, 1e-13);
    set("b0", 30);
    assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
    set("b0", NAN);
    assert_int_equal(try_on(NULL), TC_VALUE_NEEDED);
}

/* Slippage. */

static tc_market book_of(const tc_depth *bid, size_t bids, const tc_depth *ask, size_t asks)
{
    tc_market market;
    tc_market_clear(&market);
    if (bids) memcpy(market.bid, bid, bids * sizeof *bid);
    if (asks) memcpy(market.ask, ask, asks * sizeof *ask);
    market.bid_levels = (uint8_t)bids;
    market.ask_levels = (uint8_t)asks;
    return market;
}

/* NSE's own example: 1,500 into asks 99 x 1,000 and 100 x 500, bid 98: average 99.33, impact cost 0.84 %. */
static void impact_cost(void **state)
{
    (void)state;
    const tc_depth bid[] = {{98, 1000}}, ask[] = {{99, 1000}, {100, 500}};
    const tc_market market = book_of(bid, 1, ask, 2);
    take("book-walk");
    set("q", 1500), set("side", 1);
    assert_int_equal(try_on(&market), TC_OK);
    near(step("average"), 298.0 / 3, 1e-15);
    near(step("impact_cost"), 0.84602368866328257, 1e-14); /* (298/3 - 98.5)/98.5 % = 50/59.1 % */
    near(result.rupees, 1250, 1e-14);
    near(step("vs_touch_bps"), 1e4 / 297, 1e-14);
    assert_true(step("unfilled") == 0 && step("levels") == 2 && result.se == 0);
    assert_true(model->contains & TC_CONTAINS_SPREAD);
    set("q", 2000);
    assert_int_equal(try_on(&market), TC_OK);
    assert_true(step("unfilled") == 500 && step("filled") == 1500);
    near(result.rupees, 1250, 1e-14); /* of what is filled */
    set("side", -1), set("q", 1000);
    assert_int_equal(try_on(&market), TC_OK);
    near(result.price, 0.5, 0); /* the half-spread, once */
}

static void bad_books(void **state)
{
    (void)state;
    const tc_depth bid[] = {{98, 1000}}, ask[] = {{99, 0}}, crossed[] = {{97, 10}}, unordered[] = {{99, 1}, {98.5, 1}};
    take("book-walk");
    set("q", 100), set("side", 1);
    assert_int_equal(try_on(NULL), TC_MARKET_MISSING);
    tc_market market = book_of(bid, 1, NULL, 0);
    assert_int_equal(try_on(&market), TC_MARKET_MISSING);
    assert_string_equal(error.field, "asks");
    market = book_of(NULL, 0, ask, 1);
    assert_int_equal(try_on(&market), TC_MARKET_MISSING);
    assert_string_equal(error.field, "bids");
    market = book_of(bid, 1, ask, 1); /* nobody sells */
    assert_int_equal(try_on(&market), TC_BAD_MARKET);
    market = book_of(bid, 1, crossed, 1);
    assert_int_equal(try_on(&market), TC_BAD_MARKET);
    market = book_of(bid, 1, bid, 1); /* locked */
    assert_int_equal(try_on(&market), TC_BAD_MARKET);
    market = book_of(bid, 1, unordered, 2);
    assert_int_equal(try_on(&market), TC_BAD_MARKET);
    set("side", 0.5);
    assert_int_equal(try_on(&market), TC_BAD_MARKET);
    market = book_of(bid, 1, (const tc_depth[]){{99, 5}}, 1);
    assert_int_equal(try_on(&market), TC_OUT_OF_DOMAIN);
}

/* Share by share: the average of the prices that each share of a random book is bought or sold at. */
static void against_single_shares(void **state)
{
    (void)state;
    uint64_t random = 7;
    take("book-walk");
    for (int round = 0; round < 2000; round++) {
        tc_depth bid[TC_DEPTH_MAX], ask[TC_DEPTH_MAX];
        double up = 100.05, down = 100, paid = 0;
        size_t levels = 1 + next_random(&random) % TC_DEPTH_MAX;
        for (size_t i = 0; i < levels; i++) {
            ask[i] = (tc_depth){up += 0.05 * (double)(1 + next_random(&random) % 4), (double)(next_random(&random) % 30 + 1)};
            bid[i] = (tc_depth){down -= 0.05 * (double)(1 + next_random(&random) % 4), (double)(next_random(&random) % 30 + 1)};
        }
        int side = next_random(&random) & 1 ? 1 : -1;
        unsigned wanted = (unsigned)(next_random(&random) % 400 + 1), got = 0;
        const tc_depth *level = side > 0 ? ask : bid;
        for (size_t i = 0; i < levels; i++)
            for (unsigned k = 0; k < (unsigned)level[i].quantity && got < wanted; k++, got++) paid += level[i].price;
        const tc_market market = book_of(bid, levels, ask, levels);
        set("q", wanted), set("side", side);
        assert_int_equal(try_on(&market), TC_OK);
        assert_true(step("filled") == got && step("unfilled") == wanted - got);
        near(result.price, side * (paid / got - (bid[0].price + ask[0].price) / 2), 1e-10);
        assert_true(result.price >= (ask[0].price - bid[0].price) / 2 * (1 - 1e-12)); /* never below the half-spread */
    }
}

/* A tenth of a day (2,250 s): drift 1 % a day costs a buyer 10 bps and gives a seller as much; sd = 200 sqrt(0.1). */
static void delay(void **state)
{
    (void)state;
    take("delay");
    set("delay", 2250), set("sigma", 0.02);
    run();
    assert_true(result.bps == 0 && result.se == 0);
    near(result.sd, 200 * sqrt(0.1), 1e-15);
    set("drift", 0.01);
    run();
    near(result.bps, 10, 1e-14);
    assert_true(isnan(result.se));
    near(result.sd, 200 * sqrt(0.1), 1e-15); /* risk does not become cost */
    set("side", -1);
    run();
    near(result.bps, -10, 1e-14);
    set("drift", 0), set("side", 1), set("alpha", 0.003);
    assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN); /* alpha without tau */
    set("tau", 2250);
    run();
    near(result.bps, 30 * (1 - exp(-1)), 1e-14);
    set("delay", 1e12);
    run();
    near(result.bps, 30, 1e-14);
    set("delay", 0);
    run();
    assert_true(result.bps == 0 && result.sd == 0);
    set("delay", -1);
    assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
}

/* A fifth of all volume is a quarter of the others': 250,000 a day of ADV 1,000,000; 100,000 take 0.4 days. */
static void participation(void **state)
{
    (void)state;
    take("participation");
    set("q", 100000), set("v", 1e6), set("pov", 0.2);
    run();
    near(step("rate"), 250000, 1e-15);
    near(step("days_needed"), 0.4, 1e-15);
    assert_true(step("filled") == 100000 && step("unfilled") == 0 && result.bps == 0);
    set("t", 0.1);
    run();
    near(step("filled"), 25000, 1e-14);
    near(step("unfilled"), 75000, 1e-14);
    set("t", 0.4); /* the same but for rounding: all fills */
    run();
    assert_true(step("unfilled") == 0);
    set("t", NAN), set("drift", 0.01), set("price", 100);
    run();
    near(result.bps, 20, 1e-14); /* 1 % x 0.4/2 */
    near(result.rupees, 20e-4 * 100 * 100000, 1e-14);
    static const double bad[] = {0, 1, -0.1, 1.5};
    for (size_t i = 0; i < COUNT(bad); i++) {
        set("pov", bad[i]);
        assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
    }
}

/* Timing. */

static void straight_line(void **state)
{
    (void)state;
    take("timing-risk");
    set("sigma", 0.02), set("t", 0.75), set("price", 100), set("q", 1000);
    run();
    near(result.sd, 100, 1e-15); /* 200 sqrt(0.25) */
    near(step("sd_rupees"), 1000, 1e-15);
    assert_true(result.bps == 0);
    static const double counts[] = {1, 2, 5, 50};
    for (size_t k = 0; k < COUNT(counts); k++) { /* sum over j of (1 - j/N)^2/N */
        double n = counts[k], sum = 0;
        for (int j = 1; j <= (int)n; j++) sum += (1 - j / n) * (1 - j / n) / n;
        set("n", n);
        run();
        near(step("variance_days"), 0.75 * sum, 1e-14);
    }
    set("n", 2.5);
    assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
    set("n", 0);
    static const double bad[] = {0, -1, INFINITY};
    for (size_t i = 0; i < COUNT(bad); i++) {
        set("t", bad[i]);
        assert_int_equal(try_on(NULL), TC_OUT_OF_DOMAIN);
    }
}

/* A U-shaped day at 26 points; the integral of (1 - u)^2 over its variance by midpoints. */
static double quadrature(tc_curve curve, double start, double days)
{
    enum { STEPS = 400000 };
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
        double from = start + days * TC_SESSION_MINUTES * i / STEPS, to = start + days * TC_SESSION_MINUTES * (i + 1) / STEPS;
        double days_before[2] = {floor(from / TC_SESSION_MINUTES), floor(to / TC_SESSION_MINUTES)};
        double done = days_before[1] + tc_curve_at(curve, to - days_before[1] * TC_SESSION_MINUTES) -
                      days_before[0] - tc_curve_at(curve, from - days_before[0] * TC_SESSION_MINUTES);
        double left = 1 - (i + 0.5) / STEPS;
        sum += left * left * done;
    }
    return sum;
}

static void variance_time(void **state)
{
    (void)state;
    double point[26], even[6];
    for (int i = 0; i < 26; i++) {
        double x = i / 25.0;
        point[i] = 0.5 * x + 0.5 * (0.5 + 4 * (x - 0.5) * (x - 0.5) * (x - 0.5));
    }
    for (int i = 0; i < 6; i++) even[i] = i / 5.0;
    tc_market market;
    tc_market_clear(&market);
    take("timing-risk");
    set("sigma", 0.02);
    static const struct {
        double minute, days;
    } spans[] = {{555, 1}, {555, 0.1}, {700, 0.25}, {900, 0.5}, {929, 2.3}, {600, 0.001}};
    for (size_t i = 0; i < COUNT(spans); i++) {
        set("minute", spans[i].minute), set("t", spans[i].days);
        market.variance_curve = (tc_curve){even, 6};
        assert_int_equal(try_on(&market), TC_OK);
        near(step("variance_days"), spans[i].days / 3, 1e-12);
        market.variance_curve = (tc_curve){point, 26};
        assert_int_equal(try_on(&market), TC_OK);
        near(step("variance_days"), quadrature(market.variance_curve, spans[i].minute - 555, spans[i].days), 1e-5);
    }
    set("minute", NAN); /* no start, no curve */
    assert_int_equal(try_on(&market), TC_OK);
    near(step("variance_days"), 0.001 / 3, 1e-15);
}

/* The integral of (sinh k(T - t)/sinh kT)^2 by midpoints, in a form that does not overflow. */
static double remaining_squared(double kappa, double days)
{
    enum { STEPS = 200000 };
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
        double t = days * (i + 0.5) / STEPS;
        double left = kappa > 0 ? exp(-kappa * t) * expm1(-2 * kappa * (days - t)) / expm1(-2 * kappa * days) : 1 - t / days;
        sum += left * left * days / STEPS;
    }
    return sum;
}

static void exponential(void **state)
{
    (void)state;
    static const double kappas[] = {0, 1e-9, 0.01, 0.049, 0.051, 0.5, 3, 20, 500};
    take("exponential-timing");
    set("sigma", 0.02), set("t", 2);
    double before = INFINITY;
    for (size_t i = 0; i < COUNT(kappas); i++) {
        set("kappa", kappas[i]);
        run();
        near(step("variance_days"), remaining_squared(kappas[i], 2), kappas[i] < 100 ? 1e-8 : 1e-4);
        assert_true(result.sd <= before * (1 + 1e-12)); /* more urgent, less risk */
        before = result.sd;
    }
    set("kappa", 1e6); /* all at once: 1/(2 kappa) */
    run();
    near(step("variance_days"), 0.5e-6, 1e-12);
}

/* Almgren and Chriss's Table 1 parameters in continuous time: V = 7.3245e11 for X = 1e6, sigma Rs 0.95, T = 5, kappa
 * = sqrt(1e-6 x 0.95^2/2.5e-6), as models.md 1.4 computes. */
static void almgren_chriss_table(void **state)
{
    (void)state;
    take("exponential-timing");
    set("sigma", 0.95 / 50), set("t", 5), set("kappa", sqrt(1e-6 * 0.95 * 0.95 / 2.5e-6)), set("price", 50), set("q", 1e6);
    run();
    near(step("sd_rupees") * step("sd_rupees"), 7.3245e11, 1e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted), cmocka_unit_test(estimated), cmocka_unit_test(quoted_or_edge), cmocka_unit_test(tick_floor),
        cmocka_unit_test(by_volatility), cmocka_unit_test(log_linear), cmocka_unit_test(impact_cost), cmocka_unit_test(bad_books),
        cmocka_unit_test(against_single_shares), cmocka_unit_test(delay), cmocka_unit_test(participation), cmocka_unit_test(straight_line),
        cmocka_unit_test(variance_time), cmocka_unit_test(exponential), cmocka_unit_test(almgren_chriss_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
