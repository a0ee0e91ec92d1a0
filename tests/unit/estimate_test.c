/* An estimate's parts add up to its whole, count everything once, and know what they do not know. */
#include "test.h"

#include <math.h>

static tc_estimated cost;
static tc_error error;
static tc_trade trade;
static tc_market market;
static tc_execution how;
static tc_estimate_options options;

static void order(const char *line)
{
    tc_fill fill;
    if (fill_of(&fill, &error, tc_book_builtin(), line)) fail_msg("%s: %s", line, error.message);
    trade = fill.trade;
}

#define DELIVERY "broker=zerodha exchange=NSE product=delivery state=MH date=2026-04-02"

/* Rs 100 with a spread of a rupee, 1,000,000 shares a day, 2 % a day; half a day; spread and square root by rule. */
static int reset(void **state)
{
    (void)state;
    order(DELIVERY " side=buy quantity=1000 price=100");
    tc_market_clear(&market);
    market.value[TC_M_BID] = 99.5;
    market.value[TC_M_ASK] = 100.5;
    market.value[TC_M_ADV] = 1e6;
    market.value[TC_M_VOLATILITY] = 0.02;
    how = (tc_execution){.duration = 0.5, .participation = NAN, .minute = NAN};
    options = (tc_estimate_options){.charges.level = TC_EXACT};
    return 0;
}

static tc_status try_it(void)
{
    memset(&error, 0, sizeof error);
    return tc_estimate(&cost, &error, tc_book_builtin(), &trade, &market, &how, &options);
}

static void run(void)
{
    if (try_it()) fail_msg("%s: %s", error.field, error.message);
}

static void refused(tc_status status, const char *field)
{
    assert_string_equal(tc_status_code(try_it()), tc_status_code(status));
    assert_string_equal(error.field, field);
}

static void near(double got, double wanted, double relative)
{
    if (!(fabs(got - wanted) <= relative * fabs(wanted) + 1e-300)) fail_msg("%.17g, not %.17g", got, wanted);
}

static const tc_model *named(const char *name)
{
    const tc_model *found = tc_model_find(text_of(name));
    assert_non_null(found);
    return found;
}

static bool flagged(uint32_t flag)
{
    return cost.flags & flag;
}

/* Parts and whole. */

static void adds_up(void)
{
    int64_t sum = cost.charges.total.nanos;
    double bps = cost.charges_bps, size = cost.arrival * (double)cost.quantity.micros / 1e6, value = size;
    for (int i = 0; i < TC_PART_COUNT; i++) {
        sum += cost.part[i].rupees.nanos;
        size += fabs((double)cost.part[i].rupees.nanos) / 1e9;
        if (cost.part[i].model) bps += cost.part[i].bps;
        else assert_int_equal(cost.part[i].rupees.nanos, 0);
    }
    assert_int_equal(sum, cost.expected.nanos);
    assert_true(fabs(cost.expected_bps - bps) <= 1e-14 * size / value * 1e4);
    /* Five roundings to the nano stand between money and the real sum. */
    assert_true(fabs((double)cost.expected.nanos / 1e9 - cost.expected_bps / 1e4 * value) < 1e-8 + 1e-14 * size);
}

static void by_hand(void **state)
{
    (void)state;
    run();
    /* Half a rupee of spread: Rs 500, 50 bps. Square root: 200 bps x sqrt(0.001) x 2/3. */
    assert_int_equal(cost.part[TC_PART_SPREAD].rupees.nanos, rupees("500"));
    near(cost.part[TC_PART_SPREAD].bps, 50, 1e-14);
    near(cost.part[TC_PART_IMPACT].bps, 4.2163702135578393, 1e-13);
    assert_int_equal(cost.part[TC_PART_IMPACT].rupees.nanos, rupees("42.163702136"));
    near(cost.part[TC_PART_TIMING].sd, 81.649658092772603, 1e-14); /* 200 sqrt(0.5/3) */
    near(cost.execution, 100.54216370213558, 1e-15);
    assert_int_equal(cost.charged_at.micros, 100542164);
    near(cost.participation, 1000.0 / 501000, 1e-15);
    adds_up();
}

/* Delivery at Rs 100.5: STT 100.5, exchange 3.0852495, SEBI 0.1005, IPFT 0.0001005, stamp 15.075, GST 18 % of 3.18585. */
static void charges_at_execution(void **state)
{
    (void)state;
    options.without = 1u << TC_PART_IMPACT;
    run();
    assert_int_equal(cost.charges.total.nanos, rupees("119.334303"));
    assert_int_equal(cost.expected.nanos, rupees("619.334303"));
    assert_false(flagged(TC_EF_CHARGES_AT_ARRIVAL));
    options.charges_at_arrival = true; /* at Rs 100: 100 + 3.0699 + 0.1 + 0.0001 + 15 + 0.5706 */
    run();
    assert_int_equal(cost.charges.total.nanos, rupees("118.7406"));
    assert_int_equal(cost.expected.nanos, rupees("618.7406"));
    assert_true(flagged(TC_EF_CHARGES_AT_ARRIVAL));
    order(DELIVERY " side=sell quantity=1000 price=100"); /* a seller is charged on less: 99.5, STT 99.5, no stamp */
    options.charges_at_arrival = false;
    options.charges.without_dp = true;
    run();
    /* 99.5 + 3.0545505 + 0.0995 + 0.0000995 + 18 % of 3.15415 */
    assert_int_equal(cost.charges.total.nanos, rupees("103.221897"));
    adds_up();
}

static void identities(void **state)
{
    uint64_t random = 11;
    for (int i = 0; i < 4000; i++) {
        char line[200];
        reset(state);
        snprintf(line, sizeof line, DELIVERY " side=%s quantity=%llu price=%llu.%02llu", next_random(&random) & 1 ? "buy" : "sell",
                 (unsigned long long)(next_random(&random) % 100000 + 1), (unsigned long long)(next_random(&random) % 3000 + 1),
                 (unsigned long long)(next_random(&random) % 100));
        order(line);
        double price = (double)trade.price.micros / 1e6;
        market.value[TC_M_BID] = price * 0.999;
        market.value[TC_M_ASK] = price * 1.0007;
        market.value[TC_M_ADV] = (double)(next_random(&random) % 10000000 + 1000);
        how.delay = (double)(next_random(&random) % 600);
        if (next_random(&random) & 1) how.duration = NAN, how.participation = (double)(next_random(&random) % 98 + 1) / 100;
        if (next_random(&random) % 4 == 0) how.duration = how.participation = NAN;
        options.without = (unsigned)(next_random(&random) & next_random(&random) & 31);
        run();
        adds_up();
    }
}

static void mirror(void **state)
{
    (void)state;
    how.delay = 60;
    run();
    tc_estimated buying = cost;
    trade.sel[TC_SEL_SIDE] = TC_SELL;
    run();
    for (int i = 0; i < TC_PART_COUNT; i++) assert_int_equal(cost.part[i].rupees.nanos, buying.part[i].rupees.nanos);
    near(cost.execution - 100, 100 - buying.execution, 1e-12);
    assert_true(cost.sd == buying.sd);
}

static void monotone(void **state)
{
    (void)state;
    double before = 0;
    for (int64_t quantity = 1; quantity <= 10000000; quantity *= 3) {
        trade.quantity.micros = quantity * TC_MICROS_PER_RUPEE;
        assert_int_equal(tc_turnover_of(&trade.turnover, trade.quantity, trade.price), TC_OK);
        run();
        assert_true((double)cost.expected.nanos > before);
        assert_true(cost.part[TC_PART_IMPACT].bps > 0);
        before = (double)cost.expected.nanos;
    }
    reset(state);
    run();
    double impact = cost.part[TC_PART_IMPACT].bps, timing = cost.sd;
    market.value[TC_M_VOLATILITY] = 0.04; /* twice the volatility, twice the impact and the risk */
    run();
    near(cost.part[TC_PART_IMPACT].bps, 2 * impact, 1e-14);
    near(cost.sd, 2 * timing, 1e-14);
}

/* Once. */

static void take_book(void)
{
    static const tc_depth bid[] = {{98, 1000}}, ask[] = {{99, 1000}, {100, 500}};
    order(DELIVERY " side=buy quantity=1500 price=98.5");
    memcpy(market.bid, bid, sizeof bid);
    memcpy(market.ask, ask, sizeof ask);
    market.bid_levels = 1;
    market.ask_levels = 2;
    market.value[TC_M_BID] = 98;
    market.value[TC_M_ASK] = 99;
    how.duration = NAN;
}

static void spread_once(void **state)
{
    (void)state;
    take_book();
    run();
    assert_string_equal(cost.part[TC_PART_SLIPPAGE].model->name, "book-walk");
    assert_int_equal(cost.part[TC_PART_SLIPPAGE].rupees.nanos, rupees("1250")); /* 1500 x (298/3 - 98.5) */
    assert_null(cost.part[TC_PART_SPREAD].model);
    assert_null(cost.part[TC_PART_IMPACT].model);
    assert_true(flagged(TC_EF_SPREAD_INSIDE) && flagged(TC_EF_AT_ONCE));
    adds_up();
    options.model[TC_PART_SPREAD] = named("quoted-half-spread"); /* asked for, and still inside */
    run();
    assert_null(cost.part[TC_PART_SPREAD].model);
    assert_int_equal(cost.expected.nanos, cost.charges.total.nanos + rupees("1250"));
    reset(state);
    options.model[TC_PART_IMPACT] = named("jpm");
    run();
    assert_null(cost.part[TC_PART_SPREAD].model);
    assert_true(flagged(TC_EF_SPREAD_INSIDE));
    tc_chosen chosen = {.model = named("jpm")}; /* told to leave the spread out, it contains none */
    for (int i = 0; i < TC_INPUTS_MAX; i++) chosen.value[i] = NAN;
    chosen.value[tc_model_input_find(chosen.model, text_of("spread_fraction"))] = 0;
    options.chosen = &chosen;
    options.chosen_count = 1;
    run();
    assert_non_null(cost.part[TC_PART_SPREAD].model);
}

static void part_of_it(void **state)
{
    (void)state;
    take_book();
    trade.quantity.micros = 4000 * TC_MICROS_PER_RUPEE;
    run();
    assert_int_equal(cost.quantity.micros, 1500 * TC_MICROS_PER_RUPEE);
    assert_int_equal(cost.unfilled.micros, 2500 * TC_MICROS_PER_RUPEE);
    assert_int_equal(cost.part[TC_PART_SLIPPAGE].rupees.nanos, rupees("1250"));
    assert_int_equal(cost.charges.turnover.micros, INT64_C(148999999500)); /* 1500 x 99.333333 */
    assert_true(flagged(TC_EF_PARTIAL));
    adds_up();
    reset(state); /* half a day at a tenth of the others' million: p/(1 - p) = 1/9, 55,555 shares */
    how.participation = 0.1;
    trade.quantity.micros = 100000 * TC_MICROS_PER_RUPEE;
    run();
    assert_int_equal(cost.quantity.micros, 55555 * TC_MICROS_PER_RUPEE);
    assert_int_equal(cost.unfilled.micros, 44445 * TC_MICROS_PER_RUPEE);
    market.value[TC_M_ADV] = 10;
    refused(TC_NO_SOLUTION, "quantity");
}

/* Errors and dispersion. */

static void uncalibrated(void **state)
{
    (void)state;
    run();
    assert_true(isnan(cost.se) && isnan(cost.part[TC_PART_IMPACT].se));
    assert_true(flagged(TC_EF_UNCALIBRATED) && flagged(TC_EF_INTERVAL_WITHOUT_SE));
    near(cost.quantile[TC_QUANTILE_95] - cost.quantile[TC_QUANTILE_50], 1.6448536269514722 * cost.sd, 1e-13);
    how.duration = NAN;
    run();
    assert_true(isnan(cost.sd) && isnan(cost.quantile[TC_QUANTILE_05]) && isnan(cost.quantile[TC_QUANTILE_95]));
    assert_true(flagged(TC_EF_AT_ONCE));
    near(cost.quantile[TC_QUANTILE_50], cost.expected_bps, 0);
    reset(state); /* errors that a source prints are of another market */
    market.value[TC_M_SHARES_OUTSTANDING] = 5e8;
    options.model[TC_PART_IMPACT] = named("almgren2005");
    run();
    assert_true(cost.se > 0 && flagged(TC_EF_UNCALIBRATED) && !flagged(TC_EF_INTERVAL_WITHOUT_SE));
}

static tc_parameters fitted;
static const tc_parameters *const list[] = {&fitted};

/* Square root with Y 0.8 +- 0.2 and delta 0.5 +- 0.05, correlated -0.5. */
static void fit(void)
{
    const tc_model *model = named("square-root");
    int y = tc_model_input_find(model, text_of("y")), delta = tc_model_input_find(model, text_of("delta"));
    size_t n = model->input_count;
    fitted = (tc_parameters){.model = model, .scale = 1, .net_of_spread = true};
    for (int i = 0; i < TC_INPUTS_MAX; i++) fitted.pooled.value[i] = NAN;
    fitted.pooled.value[y] = 0.8;
    fitted.pooled.value[delta] = 0.5;
    fitted.pooled.covariance[(size_t)y * n + (size_t)y] = 0.04;
    fitted.pooled.covariance[(size_t)delta * n + (size_t)delta] = 0.0025;
    fitted.pooled.covariance[(size_t)y * n + (size_t)delta] = fitted.pooled.covariance[(size_t)delta * n + (size_t)y] = -0.005;
    options.parameters = list;
    options.parameter_count = 1;
}

static void from_a_fit(void **state)
{
    (void)state;
    fit();
    run();
    double impact = 0.8 * 200 * sqrt(0.001) / 1.5, of_y = impact / 0.8, of_delta = impact * (log(0.001) - 1 / 1.5);
    double se = sqrt(of_y * of_y * 0.04 + of_delta * of_delta * 0.0025 - 2 * of_y * of_delta * 0.005);
    near(cost.part[TC_PART_IMPACT].bps, impact, 1e-14);
    near(cost.se, se, 1e-7);
    near(cost.sd, 200 * sqrt(0.5 / 3), 1e-14);
    near(cost.quantile[TC_QUANTILE_95] - cost.expected_bps, 1.6448536269514722 * sqrt(cost.se * cost.se + cost.sd * cost.sd), 1e-13);
    near(cost.expected_bps - cost.quantile[TC_QUANTILE_05], cost.quantile[TC_QUANTILE_95] - cost.expected_bps, 1e-13);
    assert_false(flagged(TC_EF_UNCALIBRATED));
    assert_ptr_equal(cost.part[TC_PART_IMPACT].parameters, &fitted);
    fitted.scale = 2; /* outcomes scattered twice as far as timing alone explains */
    run();
    near(cost.sd, 2 * 200 * sqrt(0.5 / 3), 1e-14);
    near(cost.residual, sqrt(3) * 200 * sqrt(0.5 / 3), 1e-14);
    fitted.net_of_spread = false; /* the fitted costs had the spread in them */
    run();
    assert_null(cost.part[TC_PART_SPREAD].model);
    assert_true(flagged(TC_EF_SPREAD_INSIDE));
}

static void by_bucket_and_by_hand(void **state)
{
    (void)state;
    fit();
    int y = tc_model_input_find(fitted.model, text_of("y"));
    fitted.bucket_count = 2; /* Rs 1e8 a day is traded: the second */
    fitted.bucket[0].set = fitted.bucket[1].set = fitted.pooled;
    fitted.bucket[1].from = 5e7;
    fitted.bucket[1].set.value[y] = 0.4;
    run();
    near(cost.part[TC_PART_IMPACT].bps, 0.4 * 200 * sqrt(0.001) / 1.5, 1e-14);
    market.value[TC_M_ADV] = 1e5; /* Rs 1e7: the first */
    run();
    near(cost.part[TC_PART_IMPACT].bps, 0.8 * 200 * sqrt(0.01) / 1.5, 1e-14);
    tc_chosen chosen = {.model = fitted.model};
    for (int i = 0; i < TC_INPUTS_MAX; i++) chosen.value[i] = NAN;
    chosen.value[y] = 1.5;
    options.chosen = &chosen;
    options.chosen_count = 1;
    run();
    near(cost.part[TC_PART_IMPACT].bps, 1.5 * 200 * sqrt(0.01) / 1.5, 1e-14);
    assert_true(isnan(cost.se)); /* what is chosen by hand has no error */
}

static void delay_and_timing(void **state)
{
    (void)state;
    how.delay = 2250;
    run();
    near(cost.part[TC_PART_DELAY].sd, 200 * sqrt(0.1), 1e-14);
    near(cost.sd, 200 * sqrt(0.1 + 0.5 / 3), 1e-14);
    assert_int_equal(cost.part[TC_PART_DELAY].rupees.nanos, 0); /* risk is no cost */
    options.model[TC_PART_SLIPPAGE] = named("delay"); /* the same wait, once */
    run();
    assert_null(cost.part[TC_PART_DELAY].model);
    near(cost.sd, 200 * sqrt(0.1 + 0.5 / 3), 1e-14);
}

/* The first half of the session does three quarters of the volume. From the open, half a day of the clock is 0.75 days of
 * volume; from the middle of the session on, 0.25. */
static void volume_time(void **state)
{
    (void)state;
    static const double point[] = {0, 0.75, 1};
    market.volume_curve = (tc_curve){point, 3};
    how.minute = 555;
    run();
    near(cost.volume_duration, 0.75, 1e-15);
    near(cost.duration, 0.5, 0);
    near(cost.participation, 1000.0 / 751000, 1e-14);
    near(cost.sd, 200 * sqrt(0.5 / 3), 1e-14); /* risk by the clock */
    how.minute = 555 + 187.5;
    run();
    near(cost.volume_duration, 0.25, 1e-14);
    how.duration = NAN; /* a tenth of all volume: 9,000 shares of the others, 0.009 days of volume, at half speed 0.018 by the clock */
    how.participation = 0.1;
    run();
    near(cost.volume_duration, 0.009, 1e-14);
    near(cost.duration, 0.018, 1e-12);
    trade.quantity.micros = 1000000 * TC_MICROS_PER_RUPEE; /* whole days take as long by both */
    assert_int_equal(tc_turnover_of(&trade.turnover, trade.quantity, trade.price), TC_OK);
    run();
    near(cost.volume_duration, 9, 1e-14);
    near(cost.duration, 9, 1e-12);
    how.minute = NAN; /* nobody knows when: the clock serves */
    how.participation = NAN;
    how.duration = 0.5;
    run();
    near(cost.volume_duration, 0.5, 0);
}

/* What is missing, wrong or contradictory. */

static void bad_execution(void **state)
{
    static const double participations[] = {0, 1, -0.5, 2, INFINITY}, durations[] = {0, -1, INFINITY, -INFINITY};
    for (size_t i = 0; i < COUNT(participations); i++) {
        reset(state);
        how.participation = participations[i];
        refused(TC_OUT_OF_DOMAIN, "participation");
    }
    for (size_t i = 0; i < COUNT(durations); i++) {
        reset(state);
        how.duration = durations[i];
        refused(TC_OUT_OF_DOMAIN, "duration");
    }
    reset(state);
    how.delay = -1;
    refused(TC_OUT_OF_DOMAIN, "delay");
    how.delay = NAN;
    refused(TC_OUT_OF_DOMAIN, "delay");
    how.delay = 0;
    how.minute = 1440;
    refused(TC_OUT_OF_DOMAIN, "minute");
    reset(state);
    how.duration = NAN;
    options.model[TC_PART_TIMING] = named("timing-risk");
    refused(TC_VALUE_NEEDED, "duration");
    reset(state);
    trade.sel[TC_SEL_EVENT] = TC_EXERCISE;
    refused(TC_IMPOSSIBLE, "event");
    reset(state);
    options.model[TC_PART_TIMING] = named("square-root");
    refused(TC_CONTRADICTION, "timing");
}

static void bad_market(void **state)
{
    static const struct {
        tc_market_field field;
        double value;
    } cases[] = {{TC_M_ADV, 0}, {TC_M_ADV, -5}, {TC_M_ADV, INFINITY}, {TC_M_VOLATILITY, 0}, {TC_M_VOLATILITY, -0.02}, {TC_M_BID, 0},
                 {TC_M_BID, 100.5}, {TC_M_BID, 101}, {TC_M_ASK, -1}, {TC_M_TICK, 0}, {TC_M_LOT, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        reset(state);
        market.value[cases[i].field] = cases[i].value;
        assert_int_equal(try_it(), TC_BAD_MARKET);
    }
    reset(state);
    take_book();
    market.ask[1].price = 98.9;
    refused(TC_BAD_MARKET, "ask");
    reset(state);
    take_book();
    market.ask[0].quantity = market.ask[1].quantity = 0;
    refused(TC_BAD_MARKET, "asks");
}

static void missing_by_rule(void **state)
{
    static const tc_market_field needed[] = {TC_M_ADV, TC_M_VOLATILITY, TC_M_BID, TC_M_ASK};
    for (size_t i = 0; i < COUNT(needed); i++) {
        reset(state);
        market.value[needed[i]] = NAN;
        refused(TC_MARKET_MISSING, tc_market_name(needed[i]));
    }
    reset(state);
    market.value[TC_M_ADV] = NAN;
    how = (tc_execution){.duration = NAN, .participation = 0.1, .minute = NAN};
    refused(TC_MARKET_MISSING, "adv");
    reset(state);
    market.value[TC_M_BID] = NAN;
    market.value[TC_M_SPREAD] = 0.01; /* no quotes: an estimated spread serves, by rule */
    run();
    assert_string_equal(cost.part[TC_PART_SPREAD].model->name, "estimated-spread");
    assert_true(flagged(TC_EF_TICK_OF_BANDS));
    near(cost.part[TC_PART_SPREAD].bps, 50, 1e-14);
}

/* Some value that a domain has. */
static double inside(tc_domain d)
{
    if (isfinite(d.low) && isfinite(d.high)) return (d.low + d.high) / 2;
    return isfinite(d.low) ? d.low + 1 : isfinite(d.high) ? d.high - 1 : 1;
}

static const struct {
    tc_model_role role;
    tc_market_field field;
} told[] = {{TC_ROLE_ADV, TC_M_ADV}, {TC_ROLE_VOLUME, TC_M_VOLUME}, {TC_ROLE_VOLATILITY, TC_M_VOLATILITY},
            {TC_ROLE_ANNUAL_VOLATILITY, TC_M_VOLATILITY}, {TC_ROLE_RUPEE_VOLATILITY, TC_M_VOLATILITY}, {TC_ROLE_SPREAD, TC_M_SPREAD},
            {TC_ROLE_BID, TC_M_BID}, {TC_ROLE_ASK, TC_M_ASK}, {TC_ROLE_BID_QUANTITY, TC_M_BID_QUANTITY},
            {TC_ROLE_ASK_QUANTITY, TC_M_ASK_QUANTITY}, {TC_ROLE_SHARES_OUTSTANDING, TC_M_SHARES_OUTSTANDING}, {TC_ROLE_LOT, TC_M_LOT}};

static void ask_alone(const tc_model *model, tc_chosen *chosen)
{
    static const int parts[] = {[TC_SPREAD_MODEL] = TC_PART_SPREAD, [TC_SLIPPAGE_MODEL] = TC_PART_SLIPPAGE,
                                [TC_IMPACT_MODEL] = TC_PART_IMPACT, [TC_TIMING_MODEL] = TC_PART_TIMING};
    options.without = 31u & ~(1u << parts[model->kind]);
    options.model[parts[model->kind]] = model;
    *chosen = (tc_chosen){.model = model};
    for (int i = 0; i < TC_INPUTS_MAX; i++) chosen->value[i] = NAN;
    for (size_t i = 0; i < model->input_count; i++) {
        const tc_model_input *in = &model->inputs[i];
        if ((in->role == TC_ROLE_PARAMETER || in->role == TC_ROLE_SETTING) && isnan(in->standard) && !in->optional)
            chosen->value[i] = inside(in->domain);
    }
    options.chosen = chosen;
    options.chosen_count = 1;
}

/* Every model of an estimate says which datum it lacks, and never goes on without. */
static void missing_of_every_model(void **state)
{
    const tc_model *model;
    tc_chosen chosen;
    size_t asked = 0;
    for (size_t m = 0; (model = tc_model_at(m)); m++) {
        if (model->kind == TC_SCHEDULE_MODEL) continue;
        for (size_t i = 0; i < model->input_count; i++)
            for (size_t t = 0; t < COUNT(told); t++) {
                const tc_model_input *in = &model->inputs[i];
                if (in->role != told[t].role || in->optional || !isnan(in->standard)) continue;
                reset(state);
                static const tc_market_field rest[] = {TC_M_BID_QUANTITY, TC_M_ASK_QUANTITY, TC_M_VOLUME, TC_M_SHARES_OUTSTANDING, TC_M_LOT};
                for (size_t r = 0; r < COUNT(rest); r++) market.value[rest[r]] = 1e6;
                market.value[TC_M_SPREAD] = 0.01;
                how.minute = 600;
                ask_alone(model, &chosen);
                if (told[t].field == TC_M_SPREAD) market.value[TC_M_BID] = NAN;
                market.value[told[t].field] = NAN;
                if (try_it() != TC_MARKET_MISSING || strcmp(error.field, tc_market_name(told[t].field)))
                    fail_msg("%s without %s: %s %s", model->name, tc_market_name(told[t].field), error.field, error.message);
                asked++;
            }
    }
    assert_true(asked >= 20);
}

/* Whatever a market and a plan may hold: an answer adds up and is finite, or there is a reason why not. */
static void garbage(void **state)
{
    static const double odd[] = {NAN, NAN, 0, -1, 1e-300, 1e300, INFINITY, -INFINITY, 1, 0.02, 99.5, 100.5, 1e6};
    uint64_t random = 23;
    size_t answers = 0;
    tc_chosen chosen;
    for (int round = 0; round < 60000; round++) {
        const tc_model *model = NULL;
        reset(state);
        for (int i = 0; i < TC_M_COUNT; i++)
            if (next_random(&random) % 8 == 0) market.value[i] = odd[next_random(&random) % COUNT(odd)];
        if (next_random(&random) % 4 == 0) how.duration = odd[next_random(&random) % COUNT(odd)];
        if (next_random(&random) % 4 == 0) how.participation = odd[next_random(&random) % COUNT(odd)];
        if (next_random(&random) % 4 == 0) how.delay = odd[next_random(&random) % COUNT(odd)];
        if (next_random(&random) % 4 == 0) how.minute = odd[next_random(&random) % COUNT(odd)];
        while (!model || model->kind == TC_SCHEDULE_MODEL) model = tc_model_at(next_random(&random) % 60);
        ask_alone(model, &chosen);
        options.without &= (unsigned)next_random(&random);
        if (next_random(&random) % 3 == 0) chosen.value[next_random(&random) % model->input_count] = odd[next_random(&random) % COUNT(odd)];
        if (try_it()) {
            assert_true(*error.message);
            continue;
        }
        answers++;
        adds_up();
        assert_true(isfinite(cost.expected_bps) && isfinite(cost.execution) && cost.execution > 0);
        assert_true(!isinf(cost.se) && !isinf(cost.sd) && !(cost.sd < 0));
    }
    assert_true(answers > 1000);
}

static void far_from_the_quotes(void **state)
{
    (void)state;
    order(DELIVERY " side=buy quantity=1000 price=110");
    run();
    assert_true(flagged(TC_EF_PRICE_OUTSIDE_QUOTES));
    order(DELIVERY " side=sell quantity=1000 price=0.30"); /* half a rupee below 30 paise */
    refused(TC_OUT_OF_DOMAIN, "price");
}

static void words(void **state)
{
    (void)state;
    assert_string_equal(tc_part_name(TC_PART_TIMING), "timing");
    assert_string_equal(tc_part_name(TC_PART_COUNT), "");
    assert_string_equal(tc_estimate_flag_word(0), "uncalibrated");
    assert_string_equal(tc_estimate_flag_word(TC_EF_COUNT), "");
    assert_string_equal(tc_estimate_flag_meaning(TC_EF_COUNT), "");
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_hand), TEST(charges_at_execution), TEST(identities), TEST(mirror), TEST(monotone), TEST(spread_once), TEST(part_of_it),
        TEST(uncalibrated), TEST(from_a_fit), TEST(by_bucket_and_by_hand), TEST(delay_and_timing), TEST(volume_time), TEST(bad_execution), TEST(bad_market),
        TEST(missing_by_rule), TEST(missing_of_every_model), TEST(garbage), TEST(far_from_the_quotes), TEST(words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
