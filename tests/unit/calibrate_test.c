/* Calibration from executed orders: files, truths recovered, checks that know chance from impact. */
#include "test.h"

#include <math.h>

#include "bytes.h"
#include "models/fit/calibrate.h"
#include "models/fit/random.h"

/* --- reading --- */

/* What was refused: lines and fields, "3 side, 5 adv". */
typedef struct {
    char said[400];
} refusals;

static void refuse(void *context, const tc_error *why)
{
    refusals *r = context;
    size_t size = strlen(r->said);
    snprintf(r->said + size, sizeof r->said - size, "%s%u %s", size ? ", " : "", why->line, why->field);
}

static tc_status read_text(tc_fit_orders *list, tc_error *error, const char *text, refusals *r)
{
    byte_source from = {text, strlen(text), 0};
    r->said[0] = '\0';
    return tc_fit_orders_read(list, error, source_read, &from, 0, refuse, r);
}

#define HEAD "date,symbol,side,quantity,arrival_price,execution_price,duration,adv,volatility,spread\n"

static void test_reads_orders(void **state)
{
    (void)state;
    tc_fit_orders list;
    refusals r;
    assert_int_equal(read_text(&list, NULL, HEAD "2026-01-02,B,buy,100,50,50.1,0.25,1e6,0.02,0.001\n"
                                            "\"2026-01-01\",A,S,5,10,9.9,,2e3,0.01,\n", &r), TC_OK);
    assert_string_equal(r.said, "");
    assert_int_equal(list.count, 2);
    assert_true(list.order[0].side == 1 && list.order[0].value[TC_X_DURATION] == 0.25 && list.order[0].value[TC_X_ADV] == 1e6);
    assert_true(list.order[1].side == -1 && isnan(list.order[1].value[TC_X_DURATION]) && isnan(list.order[1].value[TC_X_SPREAD]));
    assert_true(list.order[0].security == 1 && list.order[1].security == 0);
    tc_fit_orders_free(&list);
}

/* The digest is that of the bytes: `printf 'date,...' | sha256sum`. */
static void test_digest(void **state)
{
    (void)state;
    tc_fit_orders list;
    refusals r;
    assert_int_equal(read_text(&list, NULL, "date,symbol,side,quantity,arrival_price,execution_price,adv,volatility\n", &r),
                     TC_OK);
    assert_string_equal(list.digest, "81ffaf54742d69fd1e4a4512d79e325df4a8cb516fa34ec30982525b82cfa177");
    assert_int_equal(list.count, 0);
    tc_fit_orders_free(&list);
}

static void test_refuses_rows_by_line(void **state)
{
    (void)state;
    tc_fit_orders list;
    refusals r;
    assert_int_equal(read_text(&list, NULL, HEAD
        "2026-01-01,A,buy,100,100,100.1,0.1,1e6,0.02,0.001\n"
        "2026-01-01,A,hold,100,100,100.1,0.1,1e6,0.02,0.001\n"
        "2026-01-01,A,buy,100,100,100.1,0.1,0,0.02,0.001\n"
        "2026-01-01,A,buy,100,100,100.1,0.1,1e6,NaN,0.001\n"
        "2026-01-01,A,buy,100,100,100.1,0.1,1e6,,0.001\n"
        "2026-13-01,A,buy,100,100,100.1,0.1,1e6,0.02,0.001\n"
        "2026-01-02,A,buy,-5,100,100.1,0.1,1e6,0.02,0.001\n"
        "2026-01-02,,buy,5,100,100.1,0.1,1e6,0.02,0.001\n"
        "2026-01-02,B,buy,5,100,1e999,0.1,1e6,0.02,0.001\n"
        "2026-01-02,B,buy,5,100,0x10,0.1,1e6,0.02,0.001\n"
        "2026-01-02,B,buy,5,100,100.1,0,1e6,0.02,0.001\n"
        "2026-01-02,B,buy,5,100,100.1,0.1,1e6,0.02,-0.001\n"
        "2026-01-02,B,buy,5,100,100.1,0.1,1e6,0.02,0\n", &r), TC_OK);
    assert_string_equal(r.said, "3 side, 4 adv, 5 volatility, 6 volatility, 7 date, 8 quantity, 9 symbol, 10 execution_price, "
                                "11 execution_price, 12 duration, 13 spread");
    assert_true(list.count == 2 && list.refused == 11);
    tc_fit_orders_free(&list);
}

static void test_refuses_files(void **state)
{
    (void)state;
    tc_fit_orders list;
    tc_error error;
    refusals r;
    assert_int_equal(read_text(&list, &error, "", &r), TC_BAD_FORMAT);
    assert_int_equal(read_text(&list, &error, "date,symbol,side,quantity,arrival_price,execution_price,adv\n", &r),
                     TC_BAD_FORMAT);
    assert_string_equal(error.field, "volatility");
    assert_int_equal(read_text(&list, &error, "side,side\n", &r), TC_BAD_FORMAT);
}

/* Two fills of one order: 100 at 50 and 300 at 52 make 400 at 51.5, done in ten minutes of 375. */
static void test_adds_up_fills(void **state)
{
    (void)state;
    tc_fit_orders list;
    refusals r;
    assert_int_equal(read_text(&list, NULL, "order_id,time,symbol,side,quantity,price,arrival_price,adv,volatility\n"
                                            "a,2026-01-05T10:00:00,X,buy,100,50,49,1e6,0.02\n"
                                            "b,2026-01-05T10:00:00,X,buy,7,50,49,1e6,0.02\n"
                                            "a,2026-01-05T10:10:00,X,buy,300,52,49,1e6,0.02\n"
                                            "a,2026-01-05T10:10:00,X,sell,1,52,49,1e6,0.02\n", &r), TC_OK);
    assert_true(list.count == 3 && list.fills == 4);
    const double *v = list.order[0].value;
    assert_true(v[TC_X_QUANTITY] == 400 && v[TC_X_EXECUTION_PRICE] == 51.5 && fabs(v[TC_X_DURATION] - 10.0 / 375) < 1e-15);
    assert_true(isnan(list.order[1].value[TC_X_DURATION]));
    tc_fit_orders_free(&list);
}

/* What is left of an order with a bad fill is not that order. */
static void test_a_bad_fill_spoils_its_order(void **state)
{
    (void)state;
    tc_fit_orders list;
    refusals r;
    assert_int_equal(read_text(&list, NULL, "order_id,date,symbol,side,quantity,price,arrival_price,adv,volatility\n"
                                            "a,2026-01-05,X,buy,zero,50,49,1e6,0.02\n"
                                            "a,2026-01-05,X,buy,300,52,49,1e6,0.02\n"
                                            "b,2026-01-05,X,buy,300,52,49,1e6,0.02\n"
                                            "b,2026-01-05,X,buy,300,52,48,1e6,0.02\n"
                                            "c,2026-01-05,X,buy,300,52,49,1e6,0.02\n", &r), TC_OK);
    assert_string_equal(r.said, "2 quantity, 5 arrival_price");
    assert_int_equal(list.count, 1);
    tc_fit_orders_free(&list);
}

/* --- simulated orders --- */

enum { ORDERS = 1000, DAYS = 50, SECURITIES = 20 };

typedef struct {
    size_t count;
    double y, delta, noise; /* of chance, times timing risk */
    double decades;         /* of Q/V, down from 0.1 */
    double spread;
    bool one_side, by_liquidity; /* by_liquidity: y doubles from the less to the more liquid half */
} world;

static tc_fit_orders simulate(world w, uint64_t seed)
{
    static char symbols[SECURITIES][4];
    tc_random r = tc_random_stream(seed, 99);
    tc_fit_orders list = {.order = malloc((w.count + 1) * sizeof *list.order), .count = w.count};
    strcpy(list.digest, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    for (size_t i = 0; i < w.count; i++) {
        tc_fit_order *o = &list.order[i];
        size_t security = tc_random_below(&r, SECURITIES);
        snprintf(symbols[security], sizeof symbols[security], "S%02zu", security);
        *o = (tc_fit_order){.line = (uint32_t)i + 2, .date = {20454 + (int32_t)tc_random_below(&r, DAYS)}, .time = INT64_MIN,
                            .symbol = {symbols[security], 3}, .security = (uint32_t)security,
                            .side = w.one_side || tc_random_uniform(&r) < 0.5 ? 1 : -1};
        for (int k = 0; k < TC_X_COUNT; k++) o->value[k] = NAN;
        double x = pow(10, -1 - w.decades * tc_random_uniform(&r)), adv = 1e5 * (double)(1 + security);
        double sigma = 0.01 + 0.001 * (double)security;
        double y = w.by_liquidity && security >= SECURITIES / 2 ? 2 * w.y : w.y, t = 0.05 + 0.7 * tc_random_uniform(&r);
        double impact = y * sigma * pow(x, w.delta) / (1 + w.delta);
        double chance = w.noise * sigma * sqrt(t / 3) * tc_random_normal(&r);
        o->value[TC_X_QUANTITY] = x * adv, o->value[TC_X_ADV] = adv, o->value[TC_X_VOLATILITY] = sigma;
        o->value[TC_X_DURATION] = t;
        o->value[TC_X_SPREAD] = w.spread, o->value[TC_X_ARRIVAL_PRICE] = 100;
        o->value[TC_X_EXECUTION_PRICE] = 100 * (1 + o->side * (impact + chance + w.spread / 2));
    }
    return list;
}

static tc_calibrate_options options_of(const char *model)
{
    tc_calibrate_options o = {.model = tc_model_find(text_of(model)), .seed = 1};
    for (size_t i = 0; i < TC_INPUTS_MAX; i++) o.fixed[i] = o.start[i] = NAN;
    return o;
}

static tc_status calibrate(tc_calibrated *found, tc_error *error, const tc_calibrate_options *o, const tc_fit_orders *list)
{
    refusals r = {""};
    return tc_calibrate(found, error, o, list, refuse, &r);
}

static const tc_calibrated_parameter *parameter(const tc_calibrated *found, const char *name)
{
    for (size_t i = 0; i < found->parameter_count; i++)
        if (!strcmp(found->parameter[i].name, name)) return &found->parameter[i];
    fail_msg("no parameter %s", name);
    return NULL;
}

static const world plain = {.count = ORDERS, .y = 0.8, .delta = 0.6, .noise = 0.1, .decades = 3, .spread = 0.001};
static tc_calibrated found;

static void test_recovers_the_truth(void **state)
{
    (void)state;
    for (int loss = 0; loss < TC_LOSS_COUNT; loss++) {
        tc_calibrate_options o = options_of("square-root");
        tc_fit_orders list = simulate(plain, 5);
        o.loss = (tc_fit_loss)loss;
        assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
        const tc_calibrated_parameter *y = parameter(&found, "y"), *delta = parameter(&found, "delta");
        assert_true(fabs(y->value - 0.8) < 4 * y->se && y->se < 0.1);
        assert_true(fabs(delta->value - 0.6) < 4 * delta->se && delta->se < 0.05 && !delta->fixed);
        assert_true(fabs(found.parameters.scale - 0.1) < 0.01 && fabs(found.z_mean) < 0.02);
        assert_true(found.parameters.net_of_spread && found.decades > 2.9);
        tc_calibrated_free(&found);
        tc_fit_orders_free(&list);
    }
}

/* Sanitizers make a fit ten times slower: there a tenth of the fits, whose share is less sure. */
#if defined(__SANITIZE_ADDRESS__)
enum { FITS = 100 };
#define LEAST 0.88
#define MOST 1.0
#else
enum { FITS = 1000 };
#define LEAST 0.93
#define MOST 0.97
#endif

/* The share of 95 % intervals that hold the truth: 1,000 sets of 300 orders over 2.5 decades, noise 0.15 of timing risk. */
static void test_coverage(void **state)
{
    (void)state;
    unsigned y = 0, delta = 0;
    world w = plain;
    w.count = 300, w.decades = 2.5, w.noise = 0.15;
    for (unsigned seed = 1; seed <= FITS; seed++) {
        tc_calibrate_options o = options_of("square-root");
        tc_fit_orders list = simulate(w, seed);
        o.loss = TC_LOSS_HUBER;
        assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
        const tc_calibrated_parameter *a = parameter(&found, "y"), *b = parameter(&found, "delta");
        assert_true(!b->fixed);
        y += a->low <= 0.8 && 0.8 <= a->high;
        delta += b->low <= 0.6 && 0.6 <= b->high;
        tc_calibrated_free(&found);
        tc_fit_orders_free(&list);
    }
    print_message("%u and %u of %d intervals hold the truth\n", y, delta, FITS);
    assert_in_range(y, FITS * LEAST, FITS * MOST);
    assert_in_range(delta, FITS * LEAST, FITS * MOST);
}

static void expect_fixed(world w, const char *why)
{
    tc_calibrate_options o = options_of("square-root");
    tc_fit_orders list = simulate(w, 3);
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    const tc_calibrated_parameter *delta = parameter(&found, "delta"), *y = parameter(&found, "y");
    if (!delta->fixed || delta->value != 0.5 || !isnan(delta->se) || !strstr(delta->reason, why))
        fail_msg("%g: %s", delta->value, delta->reason);
    assert_true(!y->fixed && y->se > 0);
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

static void test_refuses_an_exponent(void **state)
{
    (void)state;
    world w = plain;
    w.decades = 1.9;
    expect_fixed(w, "decades");
    w = plain, w.count = 49;
    expect_fixed(w, "49 orders");
    w = plain, w.noise = 1, w.count = 300;
    expect_fixed(w, "interval");
}

static void test_fixes_what_it_is_told(void **state)
{
    (void)state;
    tc_calibrate_options o = options_of("square-root");
    tc_fit_orders list = simulate(plain, 5);
    o.fixed[tc_model_input_find(o.model, text_of("delta"))] = 0.6;
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    assert_true(parameter(&found, "delta")->fixed && parameter(&found, "delta")->value == 0.6);
    assert_true(fabs(parameter(&found, "y")->value - 0.8) < 4 * parameter(&found, "y")->se);
    tc_calibrated_free(&found);
    o.fixed[tc_model_input_find(o.model, text_of("y"))] = 1;
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_NOT_IDENTIFIED);
    tc_fit_orders_free(&list);
}

static void test_too_few(void **state)
{
    (void)state;
    tc_calibrate_options o = options_of("square-root");
    for (size_t count = 0; count < 10; count += 9) {
        world w = plain;
        w.count = count;
        tc_fit_orders list = simulate(w, 5);
        assert_int_equal(calibrate(&found, NULL, &o, &list), count ? TC_NOT_IDENTIFIED : TC_VALUE_NEEDED);
        tc_fit_orders_free(&list);
    }
}

/* Orders that earned: no coefficient above 0 explains them. */
static void test_trading_that_earns(void **state)
{
    (void)state;
    tc_calibrate_options o = options_of("square-root");
    tc_fit_orders list = simulate(plain, 5);
    for (size_t i = 0; i < list.count; i++) list.order[i].side = -list.order[i].side;
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_NOT_IDENTIFIED);
    tc_fit_orders_free(&list);
}

/* A model that needs what no order tells refuses every order, by line. */
static void test_missing_conditions(void **state)
{
    (void)state;
    tc_calibrate_options o = options_of("almgren2005");
    tc_fit_orders list = simulate(plain, 5);
    list.count = 2;
    refusals r = {""};
    assert_int_equal(tc_calibrate(&found, NULL, &o, &list, refuse, &r), TC_VALUE_NEEDED);
    assert_string_equal(r.said, strcmp(r.said, "2 theta, 3 theta") ? "3 theta, 2 theta" : r.said);
    tc_fit_orders_free(&list);
}

/* Without impact a fit is refused unless the slope is a standard error above 0, which is so in 16 % of worlds; given
 * that, p (of both sides) is below 0.32 and uniform there. With impact it is as small as can be. */
static void test_shuffled_sides(void **state)
{
    (void)state;
    enum { WORLDS = FITS * 2 / 5 };
    unsigned low = 0, fitted = 0;
    tc_calibrate_options o = options_of("linear");
    o.replicates = 99;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        world w = plain;
        w.y = 1e-9, w.count = 200;
        tc_fit_orders list = simulate(w, seed);
        tc_status status = calibrate(&found, NULL, &o, &list);
        if (!status) {
            fitted++, low += found.shuffled_p <= 0.16;
            assert_true(fabs(found.shuffled_mean) < 5 * found.shuffled_sd);
            tc_calibrated_free(&found);
        } else {
            assert_int_equal(status, TC_NOT_IDENTIFIED);
        }
        tc_fit_orders_free(&list);
    }
    print_message("%u of %u worlds without impact have a fit, %u of them p <= 0.16\n", fitted, WORLDS, low);
    assert_true(fabs(fitted - 0.159 * WORLDS) < 3 * sqrt(0.159 * 0.841 * WORLDS));
    assert_true(fabs(low - 0.5 * fitted) < 3 * sqrt(0.25 * fitted));

    tc_fit_orders list = simulate(plain, 5);
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    assert_true(found.shuffled && found.shuffled_p == 0.01 && fabs(found.shuffled_mean) < 0.05 && found.slope > 0.8);
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

static void test_one_side(void **state)
{
    (void)state;
    world w = plain;
    w.one_side = true;
    tc_calibrate_options o = options_of("square-root");
    o.replicates = 20;
    tc_fit_orders list = simulate(w, 5);
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    assert_true(!found.shuffled && found.warning_count > 0);
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

/* Orders that do not depend on one another: blocks change nothing but noise. */
static void test_bootstrap_agrees_with_the_formula(void **state)
{
    (void)state;
    double ratio[2] = {0};
    enum { WORLDS = 8 };
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        tc_calibrate_options o = options_of("square-root");
        o.replicates = 200;
        tc_fit_orders list = simulate(plain, seed);
        assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
        assert_string_equal(found.errors, "bootstrap by day and security");
        ratio[0] += parameter(&found, "y")->se / parameter(&found, "y")->formula_se / WORLDS;
        ratio[1] += parameter(&found, "delta")->se / parameter(&found, "delta")->formula_se / WORLDS;
        tc_calibrated_free(&found);
        tc_fit_orders_free(&list);
    }
    print_message("bootstrap over formula: %.3f %.3f\n", ratio[0], ratio[1]);
    for (int i = 0; i < 2; i++) assert_true(ratio[i] > 0.8 && ratio[i] < 1.2);
}

/* Days that share a shock: the formula is blind to it, the bootstrap by day is not. */
static void test_bootstrap_sees_days(void **state)
{
    (void)state;
    tc_calibrate_options o = options_of("square-root");
    o.replicates = 200;
    o.fixed[tc_model_input_find(o.model, text_of("delta"))] = 0.6;
    tc_fit_orders list = simulate(plain, 9);
    for (size_t i = 0; i < list.count; i++) {
        tc_random day = tc_random_stream(77, (uint64_t)list.order[i].date.day);
        list.order[i].value[TC_X_EXECUTION_PRICE] += list.order[i].side * 0.1 * tc_random_normal(&day);
    }
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    assert_true(parameter(&found, "y")->se > 1.5 * parameter(&found, "y")->formula_se);
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

static void test_forecasts_beat_a_constant(void **state)
{
    (void)state;
    tc_calibrate_options o = options_of("square-root");
    tc_fit_orders list = simulate(plain, 5);
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    assert_true(found.forecast_made && found.forecast_orders > ORDERS / 3);
    assert_true(found.gain > 3 * found.gain_se && found.model.mean_absolute < found.constant.mean_absolute);
    assert_true(found.constant.mean_absolute < found.spread.mean_absolute);
    assert_true(found.r2_binned > 0.9);
    for (int q = 0; q < 3; q++) assert_true(fabs(found.within[q] - (double[]){0.05, 0.5, 0.95}[q]) < 0.06);
    size_t binned = 0;
    for (size_t i = 0; i < found.bin_count; i++) {
        binned += found.bin[i].orders;
        assert_true(found.bin[i].orders >= TC_BIN_ORDERS_MIN);
        assert_true(fabs(found.bin[i].observed - found.bin[i].predicted) < 5 * found.bin[i].se);
    }
    assert_int_equal(binned, found.orders);
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

static void test_bias_is_measured(void **state)
{
    (void)state;
    tc_calibrate_options o = options_of("square-root");
    o.replicates = 100;
    tc_fit_orders list = simulate(plain, 5);
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    const tc_calibrated_parameter *delta = parameter(&found, "delta");
    assert_true(fabs(delta->bias) < 4 * delta->bias_se + 0.005);
    assert_true(fabs(delta->bias_se * sqrt(100) / delta->formula_se - 1) < 0.3); /* the simulation scatters as the formula says */
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

static void test_buckets(void **state)
{
    (void)state;
    for (int differs = 0; differs < 2; differs++) {
        world w = plain;
        w.by_liquidity = differs;
        tc_calibrate_options o = options_of("square-root");
        o.buckets = 2;
        tc_fit_orders list = simulate(w, 5);
        assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
        assert_int_equal(found.bucket_count, 2);
        const tc_bucket_report *b = found.bucket;
        assert_true(b[0].orders + b[1].orders == found.orders && b[0].from == 0 && b[1].from > 0);
        double ratio = b[1].pooled / b[0].pooled, own = b[1].own / b[0].own;
        assert_true(fabs(log(ratio)) <= fabs(log(own)) + 1e-12); /* shrunk towards each other */
        if (differs) assert_true(ratio > 1.7 && ratio < 2.3 && found.between > 0.1);
        else assert_true(fabs(ratio - 1) < 0.1);
        size_t y = parameter(&found, "y")->input;
        assert_true(tc_parameters_for(&found.parameters, 1)->value[y] == found.parameters.bucket[0].set.value[y]);
        tc_calibrated_free(&found);
        tc_fit_orders_free(&list);
    }
}

/* The order of the rows is not information. */
static void test_order_of_rows(void **state)
{
    (void)state;
    tc_calibrate_options o = options_of("square-root");
    o.replicates = 20;
    tc_fit_orders list = simulate(plain, 5);
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    double value = parameter(&found, "y")->value, se = parameter(&found, "y")->se, p = found.shuffled_p;
    tc_calibrated_free(&found);
    for (size_t i = 0; i < list.count / 2; i++) {
        tc_fit_order kept = list.order[i];
        list.order[i] = list.order[list.count - 1 - i], list.order[list.count - 1 - i] = kept;
    }
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    assert_true(parameter(&found, "y")->value == value && parameter(&found, "y")->se == se && found.shuffled_p == p);
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

/* Almgren et al. in two stages: a permanent and a temporary part, drawn as in their paper, come back. */
static void test_two_stages(void **state)
{
    (void)state;
    world w = plain;
    w.count = 4000, w.noise = 0;
    tc_calibrate_options o = options_of("almgren2005");
    tc_fit_orders list = simulate(w, 5);
    tc_random r = tc_random_stream(5, 1234);
    for (size_t i = 0; i < list.count; i++) {
        tc_fit_order *q = &list.order[i];
        double *v = q->value, t = v[TC_X_DURATION], sigma = v[TC_X_VOLATILITY], x = v[TC_X_QUANTITY] / v[TC_X_ADV], noise = 0.2;
        double turnover = 20 * pow(40, tc_random_uniform(&r));
        double permanent = 0.3 * sigma * x * pow(turnover, 0.25), temporary = 0.15 * sigma * pow(x / t, 0.6);
        /* A walk: its average until t, its place at t, its place at post. */
        double average = sqrt(t / 3) * tc_random_normal(&r), then = 1.5 * average + sqrt(t / 4) * tc_random_normal(&r);
        double post = then + sqrt(0.08) * tc_random_normal(&r);
        v[TC_X_SHARES_OUTSTANDING] = turnover * v[TC_X_ADV], v[TC_X_SPREAD] = 0, v[TC_X_POST_DURATION] = t + 0.08;
        v[TC_X_EXECUTION_PRICE] = 100 * (1 + q->side * (permanent / 2 + temporary + noise * sigma * average));
        v[TC_X_POST_PRICE] = 100 * (1 + q->side * (permanent + noise * sigma * post));
    }
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    assert_int_equal(found.stage_count, 2);
    const struct { const char *name; double truth; } truths[] = {{"gamma", 0.3}, {"alpha", 1}, {"delta", 0.25}, {"eta", 0.15},
                                                                 {"beta", 0.6}};
    for (size_t i = 0; i < COUNT(truths); i++) {
        const tc_calibrated_parameter *p = parameter(&found, truths[i].name);
        if (p->fixed || fabs(p->value - truths[i].truth) > 4 * p->se)
            fail_msg("%s: %g +- %g %s", p->name, p->value, p->se, p->reason);
    }
    /* The noise of both stages is the walk's, so each has the scale it was drawn with. */
    assert_true(fabs(found.stage[0].scale - 0.2) < 0.01 && fabs(found.stage[1].scale - 0.2) < 0.01);
    size_t n = o.model->input_count, gamma = parameter(&found, "gamma")->input, eta = parameter(&found, "eta")->input;
    assert_true(found.parameters.pooled.covariance[gamma * n + eta] != 0);
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

/* I-Star's published parameters, drawn and found again within its published bounds. */
static void test_istar(void **state)
{
    (void)state;
    world w = plain;
    w.count = 6000, w.noise = 0;
    tc_calibrate_options o = options_of("istar");
    tc_fit_orders list = simulate(w, 6);
    tc_random r = tc_random_stream(6, 4321);
    for (size_t i = 0; i < list.count; i++) {
        tc_fit_order *q = &list.order[i];
        double *v = q->value, size = v[TC_X_QUANTITY] / v[TC_X_ADV], pov = pow(10, -2 + 1.7 * tc_random_uniform(&r));
        double sigma = 0.005 * pow(8, tc_random_uniform(&r)), istar = 708 * pow(size, 0.55) * pow(sigma * sqrt(250), 0.71);
        double cost = 0.9 * istar * pow(pov, 0.5) + 0.1 * istar;
        v[TC_X_VOLATILITY] = sigma, v[TC_X_PARTICIPATION] = pov, v[TC_X_SPREAD] = 0;
        cost += 0.05 * sigma * 1e4 * sqrt(v[TC_X_DURATION] / 3) * tc_random_normal(&r);
        v[TC_X_EXECUTION_PRICE] = 100 * (1 + q->side * cost / 1e4);
    }
    assert_int_equal(calibrate(&found, NULL, &o, &list), TC_OK);
    const struct { const char *name; double truth; } truths[] = {{"a1", 708}, {"a2", 0.55}, {"a3", 0.71}, {"a4", 0.5},
                                                                 {"b1", 0.9}};
    for (size_t i = 0; i < COUNT(truths); i++) {
        const tc_calibrated_parameter *p = parameter(&found, truths[i].name);
        if (p->fixed || fabs(p->value - truths[i].truth) > 4 * p->se)
            fail_msg("%s: %g +- %g %s", p->name, p->value, p->se, p->reason);
    }
    assert_true(parameter(&found, "a1")->bound_low == 100 && parameter(&found, "b1")->bound_low == 0.7);
    tc_calibrated_free(&found);
    tc_fit_orders_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_orders), cmocka_unit_test(test_digest), cmocka_unit_test(test_refuses_rows_by_line),
        cmocka_unit_test(test_refuses_files), cmocka_unit_test(test_adds_up_fills),
            cmocka_unit_test(test_a_bad_fill_spoils_its_order),
        cmocka_unit_test(test_recovers_the_truth), cmocka_unit_test(test_coverage), cmocka_unit_test(test_refuses_an_exponent),
        cmocka_unit_test(test_fixes_what_it_is_told), cmocka_unit_test(test_too_few), cmocka_unit_test(test_trading_that_earns),
        cmocka_unit_test(test_missing_conditions), cmocka_unit_test(test_shuffled_sides), cmocka_unit_test(test_one_side),
        cmocka_unit_test(test_bootstrap_agrees_with_the_formula), cmocka_unit_test(test_bootstrap_sees_days),
        cmocka_unit_test(test_forecasts_beat_a_constant), cmocka_unit_test(test_bias_is_measured), cmocka_unit_test(test_buckets),
        cmocka_unit_test(test_order_of_rows), cmocka_unit_test(test_two_stages), cmocka_unit_test(test_istar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
