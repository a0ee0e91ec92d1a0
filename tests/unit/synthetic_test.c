/* The simulated market: its generator against published numbers, its moments against what process.h states, its bits against
 * a second implementation (tests/models/synthetic.py holds the process in another language). */
#include "test.h"

#include <math.h>

#include "market/live/live.h"
#include "market/live/process.h"
#include "market/live/random.h"

enum { SESSIONS = 2000, MINUTES = TC_SESSION_MINUTES };
static const tc_process standard = {.seed = 11, .security = 5, .price = 1000, .volatility = 0.02, .adv = 1e6, .spread = 0.0005, .tick = 0.05};

/* Mean, variance and how many; four standard errors are exceeded once in 15,000 times, and the seeds are fixed. */
typedef struct {
    double count, mean, squares;
} moments;

static void add(moments *m, double x)
{
    double off = x - m->mean;
    m->count++;
    m->mean += off / m->count;
    m->squares += off * (x - m->mean);
}

static double variance(const moments *m) { return m->squares / (m->count - 1); }

static void mean_is(const moments *m, double expected)
{
    double error = sqrt(variance(m) / m->count);
    if (fabs(m->mean - expected) > 4 * error) fail_msg("mean %.6g, not %.6g, with error %.2g", m->mean, expected, error);
}

/* Of normal numbers: the standard error of a variance is its own size times sqrt(2/n). */
static void variance_is(const moments *m, double expected)
{
    double error = expected * sqrt(2 / m->count);
    if (fabs(variance(m) - expected) > 4 * error) fail_msg("variance %.6g, not %.6g, with error %.2g", variance(m), expected, error);
}

/* The first outputs from the state 1, 2, 3, 4: those of the reference implementation in C. */
static void test_generator(void **state)
{
    (void)state;
    static const uint64_t expected[] = {UINT64_C(11520), 0, UINT64_C(1509978240), UINT64_C(1215971899390074240)};
    tc_random random = {{1, 2, 3, 4}};
    for (size_t i = 0; i < COUNT(expected); i++) assert_true(tc_random_next(&random) == expected[i]);
}

static void test_functions(void **state)
{
    (void)state;
    for (double x = -700; x <= 700; x += 0.37) assert_true(fabs(tc_exact_exp(x) / exp(x) - 1) < 5e-16);
    for (double x = 1e-300; x < 1e300; x *= 1.7) assert_true(fabs(tc_exact_log(x) - log(x)) <= 5e-16 * fabs(log(x)));
    for (double x = 0.5; x < 2; x += 1e-3) assert_true(fabs(tc_exact_log(x) - log(x)) <= 5e-16 * fabs(log(x)) + 1e-300);
    assert_true(tc_exact_log(1) == 0 && tc_exact_exp(0) == 1);
    /* The distribution of what the quantile answers is where we began: erfc() knows nothing of AS 241. */
    for (double p = 1e-15; p < 1; p = p < 0.4 ? p * 1.9 : p + 0.01)
        assert_true(fabs(erfc(-tc_normal_quantile(p) / sqrt(2)) / 2 / p - 1) < 3e-14);
    assert_true(tc_normal_quantile(0.5) == 0);
    assert_true(fabs(tc_normal_quantile(0.975) - 1.959963984540054) < 1e-15);
}

static void test_normals(void **state)
{
    (void)state;
    const uint64_t key[] = {1};
    tc_random random = tc_random_of(key, 1);
    moments z = {0}, uniform = {0}, lagged = {0}, fourth = {0};
    double before = 0;
    for (int i = 0; i < 1000000; i++) {
        double x = tc_random_normal(&random), u = tc_random_uniform(&random);
        assert_true(u > 0 && u < 1);
        add(&z, x), add(&uniform, u), add(&lagged, x * before), add(&fourth, x * x * x * x);
        before = x;
    }
    mean_is(&z, 0), variance_is(&z, 1);
    mean_is(&uniform, 0.5);
    assert_true(fabs(variance(&uniform) - 1.0 / 12) < 4 * sqrt(1.0 / 180 / 1e6)); /* fourth central moment 1/80 */
    mean_is(&lagged, 0), mean_is(&fourth, 3);
}

static void test_curves(void **state)
{
    (void)state;
    double variance_sum = 0, volume_sum = 0;
    for (unsigned m = 0; m < MINUTES; m++) {
        variance_sum += tc_process_variance_part(m);
        volume_sum += tc_process_volume_part(m);
        assert_true(fabs(tc_process_volume_part(m) / tc_process_volume_part(MINUTES - 1 - m) - 1) < 1e-15);
    }
    assert_true(fabs(variance_sum - 1) < 1e-13 && fabs(volume_sum - 1) < 1e-13);
    assert_true(fabs(tc_process_variance_part(0) / tc_process_variance_part(187) - 4) < 0.03);
    assert_true(fabs(tc_process_volume_part(0) / tc_process_volume_part(187) - 3) < 0.02);
}

/* Of the mid: daily and by parts of the day mean -s^2/2 and variance s^2; minutes and days unrelated to those before. */
static void test_price(void **state)
{
    (void)state;
    static tc_process_minute minute[MINUTES];
    moments day = {0}, parts[5] = {{0}}, unit = {0}, lagged = {0}, days_lagged = {0};
    double s = standard.volatility, before = log(1000), part_variance[5] = {0}, last_day = 0;
    for (unsigned m = 0; m < MINUTES; m++) part_variance[m / 75] += tc_process_variance_part(m);
    for (int32_t session = 0; session < SESSIONS; session++) {
        tc_process_day(&standard, session, minute);
        double level = before, z = 0;
        for (unsigned m = 0; m < MINUTES; m++) {
            double w = tc_process_variance_part(m), next = log(minute[m].mid);
            double now = (next - level + s * s / 2 * w) / (s * sqrt(w));
            add(&unit, now);
            if (m) add(&lagged, now * z);
            z = now, level = next;
            if (m % 75 == 74) add(&parts[m / 75], level - (m > 75 ? log(minute[m - 75].mid) : before));
        }
        double return_of_day = (level - before + s * s / 2) / s;
        add(&day, return_of_day);
        if (session) add(&days_lagged, return_of_day * last_day);
        last_day = return_of_day, before = level;
        assert_true(fabs(level - tc_process_close(&standard, session)) < 1e-9);
    }
    mean_is(&day, 0), variance_is(&day, 1);
    mean_is(&unit, 0), variance_is(&unit, 1), mean_is(&lagged, 0), mean_is(&days_lagged, 0);
    for (int i = 0; i < 5; i++) {
        mean_is(&parts[i], -s * s / 2 * part_variance[i]);
        variance_is(&parts[i], s * s * part_variance[i]);
    }
}

/* ln of a minute's volume, less the curve: mean -(g^2 + h^2)/2, variance g^2 + h^2, of which h^2 the day has in common. */
static void test_volume(void **state)
{
    (void)state;
    static tc_process_minute minute[MINUTES];
    const double g = TC_MINUTE_VOLUME_SD, h = TC_DAY_VOLUME_SD;
    moments days = {0}, totals = {0}, within = {0}, noon = {0}, open = {0};
    for (int32_t session = 0; session < SESSIONS; session++) {
        moments day = {0};
        tc_process_day(&standard, session, minute);
        double total = 0;
        for (unsigned m = 0; m < MINUTES; m++) {
            assert_true(minute[m].volume >= 0 && minute[m].volume == floor(minute[m].volume));
            add(&day, log(minute[m].volume / (standard.adv * tc_process_volume_part(m))) + g * g / 2);
            total += minute[m].volume;
        }
        assert_true(total == tc_process_volume(&standard, session));
        add(&days, day.mean), add(&totals, total), add(&within, variance(&day));
        add(&noon, minute[187].volume), add(&open, minute[0].volume);
    }
    mean_is(&days, -h * h / 2), variance_is(&days, h * h + g * g / MINUTES);
    mean_is(&within, g * g), mean_is(&totals, standard.adv);
    mean_is(&noon, standard.adv * tc_process_volume_part(187)), mean_is(&open, standard.adv * tc_process_volume_part(0));
}

/* ln of the spread: stationary, with its mean, variance and memory; on the book at least a tick, and on ticks. */
static void test_spread(void **state)
{
    (void)state;
    static tc_process_minute minute[MINUTES];
    const double t = TC_SPREAD_SD;
    moments first = {0}, last = {0}, innovation = {0}, lagged = {0}, relative = {0};
    for (int32_t session = 0; session < SESSIONS; session++) {
        double y = 0, before = 0;
        tc_process_day(&standard, session, minute);
        for (unsigned m = 0; m < MINUTES; m++) {
            const tc_process_minute *now = &minute[m];
            double next = log(now->spread / standard.spread) + t * t / 2;
            if (!m) add(&first, next);
            else add(&innovation, next - TC_SPREAD_MEMORY * y);
            if (m > 1) add(&lagged, (next - TC_SPREAD_MEMORY * y) * before);
            before = m ? next - TC_SPREAD_MEMORY * y : 0, y = next;
            double ticks = (now->ask - now->bid) / standard.tick;
            assert_true(ticks > 0.999 && fabs(ticks - round(ticks)) < 1e-6);
            assert_true(fabs(now->bid / standard.tick - round(now->bid / standard.tick)) < 1e-6);
            assert_true(fabs((now->bid + now->ask) / 2 - now->mid) < standard.tick * 1.01);
            assert_true(now->last == now->bid || now->last == now->ask);
        }
        add(&last, y), add(&relative, minute[100].spread);
    }
    mean_is(&first, 0), variance_is(&first, t * t), mean_is(&last, 0), variance_is(&last, t * t);
    mean_is(&innovation, 0), variance_is(&innovation, t * t * (1 - TC_SPREAD_MEMORY * TC_SPREAD_MEMORY));
    mean_is(&lagged, 0), mean_is(&relative, standard.spread);
}

/* Trades are at bid and ask alike, and books have the quantities that process.h states. */
static void test_trades_and_book(void **state)
{
    (void)state;
    static tc_process_minute minute[MINUTES];
    moments asks = {0}, quantity = {0};
    for (int32_t session = 0; session < 200; session++) {
        double bid[TC_PROCESS_LEVELS], ask[TC_PROCESS_LEVELS];
        tc_process_day(&standard, session, minute);
        for (unsigned m = 0; m < MINUTES; m++) {
            add(&asks, minute[m].last == minute[m].ask);
            tc_process_book(&standard, session, m, bid, ask);
            for (unsigned i = 0; i < TC_PROCESS_LEVELS; i++) add(&quantity, bid[i]), add(&quantity, ask[i]);
        }
    }
    mean_is(&asks, 0.5), mean_is(&quantity, standard.adv / 2000);
    assert_true(fabs(variance(&quantity) / (250000 * expm1(0.25)) - 1) < 0.02);
}

static void test_sessions(void **state)
{
    (void)state;
    static const struct {
        int year, month, day;
        int32_t session;
    } cases[] = {{2019, 12, 31, -1}, {2020, 1, 1, 0}, {2020, 1, 3, 2}, {2020, 1, 4, -1}, {2020, 1, 5, -1}, {2020, 1, 6, 3}, {2020, 1, 13, 8}, {2021, 1, 1, 262}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_date date;
        assert_int_equal(tc_date_of(&date, cases[i].year, cases[i].month, cases[i].day), TC_OK);
        assert_int_equal(tc_process_session(date), cases[i].session);
    }
}

/* FNV-1a over the bytes of all doubles of sessions 0, 1 and 300, least significant first: as tests/models/synthetic.py has it. */
static void test_bits(void **state)
{
    (void)state;
    static const int32_t sessions[] = {0, 1, 300};
    static const uint64_t GOLDEN = UINT64_C(0x509234144938D23B);
    static tc_process_minute minute[MINUTES];
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < COUNT(sessions); i++) {
        tc_process_day(&standard, sessions[i], minute);
        for (unsigned m = 0; m < MINUTES; m++) {
            const double values[] = {minute[m].mid, minute[m].spread, minute[m].bid, minute[m].ask, minute[m].last, minute[m].volume};
            for (size_t v = 0; v < COUNT(values); v++) {
                uint64_t bits;
                memcpy(&bits, &values[v], sizeof bits);
                for (unsigned byte = 0; byte < 8; byte++) hash = (hash ^ (bits >> 8 * byte & 0xFF)) * UINT64_C(0x100000001B3);
            }
        }
    }
    assert_true(hash == GOLDEN);
}

static tc_status ask(tc_market *market, const char *where, const char *symbol, const char *time)
{
    void *handle;
    int64_t at = TC_NOW;
    tc_security which = {text_of("NSE"), text_of(symbol), {0}, {0}};
    if (*time) assert_int_equal(tc_instant_read(&at, NULL, "at", text_of(time)), TC_OK);
    tc_status status = tc_provider_synthetic.open(&handle, NULL, where);
    if (status) return status;
    status = tc_provider_synthetic.market(handle, market, NULL, &which, at);
    if (!status) assert_int_equal(tc_market_check(market, NULL), TC_OK);
    tc_provider_synthetic.close(handle);
    return status;
}

/* What is known at a minute: the last one that has ended, whatever day and hour is asked for. */
static void test_provider(void **state)
{
    (void)state;
    static const struct {
        const char *at, *same_as;
    } cases[] = {{"2021-03-05T15:30", "2021-03-05T23:00"}, {"2021-03-05T15:30", "2021-03-07T12:00"}, /* a Friday, a Sunday */
                 {"2021-03-05T15:30", "2021-03-08T09:15:59.999999"}, {"2021-03-05T10:00", "2021-03-05T10:00:59"}};
    tc_market a, b;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(ask(&a, "seed=3", "INFY", cases[i].at), TC_OK);
        assert_int_equal(ask(&b, "seed=3", "INFY", cases[i].same_as), TC_OK);
        assert_memory_equal(a.value, b.value, sizeof a.value);
        assert_memory_equal(a.bid, b.bid, sizeof a.bid);
        assert_true(a.time == b.time);
    }
    assert_int_equal(ask(&b, "seed=3", "INFY", "2021-03-05T10:01"), TC_OK);
    assert_true(b.time - a.time == TC_MINUTE_MICROS && b.value[TC_M_VOLUME] > a.value[TC_M_VOLUME]);
    assert_int_equal(b.session, TC_SESSION_CONTINUOUS);
    assert_int_equal(b.adv_days, 20);
    assert_true(b.flags == TC_MF_SIMULATED);
    assert_int_equal(ask(&a, "seed=4", "INFY", "2021-03-05T10:01"), TC_OK);
    assert_true(a.value[TC_M_LAST] != b.value[TC_M_LAST]);
    assert_int_equal(ask(&a, "seed=3", "SBIN", "2021-03-05T10:01"), TC_OK);
    assert_true(a.value[TC_M_LAST] != b.value[TC_M_LAST]);
    assert_int_equal(ask(&a, "seed=3", "INFY", ""), TC_OK);
    assert_int_equal(ask(&a, "seed=3", "INFY", "2019-06-03T12:00"), TC_MARKET_MISSING);
    assert_int_equal(ask(&a, "seed=3", "INFY", "2100-06-03T12:00"), TC_MARKET_MISSING);
    assert_int_equal(ask(&a, "seed=3", "INFY", "2020-01-01T09:15"), TC_MARKET_MISSING);
    assert_int_equal(ask(&a, "seed=3", "INFY", "2020-01-01T09:16"), TC_OK);
    assert_true(isnan(a.value[TC_M_ADV]) && isnan(a.value[TC_M_VOLATILITY]) && isnan(a.value[TC_M_PREVIOUS_CLOSE]));
}

static void test_settings(void **state)
{
    (void)state;
    static const struct {
        const char *where;
        tc_status status;
    } cases[] = {{"", TC_OK}, {"price=50", TC_OK}, {"seed=18446744073709551615,tick=0.01", TC_OK}, {"seed=-1", TC_BAD_NUMBER},
                 {"seed=18446744073709551616", TC_BAD_NUMBER}, {"seed=", TC_BAD_NUMBER}, {"price=nan", TC_BAD_NUMBER},
                 {"price=0", TC_OUT_OF_DOMAIN}, {"volatility=-1", TC_OUT_OF_DOMAIN}, {"adv=1e99", TC_OUT_OF_DOMAIN},
                 {"colour=red", TC_UNKNOWN_WORD}, {"price", TC_BAD_NUMBER}, {"tick=1,adv=1,price=0.01,spread=0.5,volatility=0.5", TC_OK},
                 {"volatility=0", TC_OK}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_market market;
        tc_status status = ask(&market, cases[i].where, "X", "2024-05-06T11:00");
        if (status != cases[i].status) fail_msg("%s: %s", cases[i].where, tc_status_code(status));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generator), cmocka_unit_test(test_functions), cmocka_unit_test(test_normals),
        cmocka_unit_test(test_curves),    cmocka_unit_test(test_price),     cmocka_unit_test(test_volume),
        cmocka_unit_test(test_spread),    cmocka_unit_test(test_trades_and_book), cmocka_unit_test(test_sessions), cmocka_unit_test(test_bits),
        cmocka_unit_test(test_provider),  cmocka_unit_test(test_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
