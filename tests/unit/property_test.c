/* What must hold of any day, on seeded days of many brokers: totals are sums, shares sum to the bill, neither the order
 * of input nor the splitting of a fill changes it, more costs no less, and a rule binds from its first day to its last. */
#include "test.h"

enum { FILLS_MAX = 24, DAYS = 1500 };

static const char *const brokers[] = {"zerodha", "groww", "angel", "kotak", "dhan", "upstox", "5paisa", "hdfc-sky", "custom", "icici"};
static const char *const dates[] = {"2026-04-02", "2025-02-03", "2024-06-03", "2023-06-01"};
static const char *const securities[][2] = {{"AAA", "INE000A01010"}, {"BBB", "INE000B01010"}, {"CCC", ""}};

struct scene { tc_fill fill[2 * FILLS_MAX]; char text[2 * FILLS_MAX][300]; size_t count; };

/* A day of one client at one broker: a few orders on a few shares, each in a few fills. */
static void make_scene(struct scene *scene, uint64_t *seed, bool inferred)
{
    const char *broker = brokers[next_random(seed) % COUNT(brokers)], *date = dates[next_random(seed) % COUNT(dates)];
    scene->count = 0;
    size_t wanted = 1 + next_random(seed) % FILLS_MAX;
    for (unsigned order = 1; scene->count < wanted; order++) {
        const char *const *security = securities[next_random(seed) % COUNT(securities)];
        const char *side = next_random(seed) & 1 ? "buy" : "sell", *exchange = next_random(seed) % 3 ? "NSE" : "BSE series=A";
        const char *product = inferred ? "" : next_random(seed) & 1 ? "product=delivery" : "product=intraday";
        for (unsigned fills = 1 + (unsigned)(next_random(seed) % 4); fills-- && scene->count < wanted; scene->count++) {
            unsigned quantity = 1 + (unsigned)(next_random(seed) % (next_random(seed) & 1 ? 10 : 2000)), paise = 5 + (unsigned)(next_random(seed) % 300000);
            char *text = scene->text[scene->count];
            snprintf(text, sizeof *scene->text, "broker=%s date=%s state=KA exchange=%s symbol=%s %s%s order_id=%u fill_id=f%zu time=%02u:%02u:00 side=%s %s quantity=%u price=%u.%02u",
                     broker, date, exchange, security[0], *security[1] ? "isin=" : "", security[1], order, scene->count,
                     (unsigned)(9 + next_random(seed) % 6), (unsigned)(next_random(seed) % 3), side, product, quantity, paise / 100, paise % 100);
        }
    }
    for (size_t i = 0; i < scene->count; i++) {
        tc_error error;
        if (fill_of(&scene->fill[i], &error, tc_book_builtin(), scene->text[i]) != TC_OK) fail_msg("%s: %s", scene->text[i], error.message);
    }
}

static const tc_fill_cost *price_scene(tc_day *day, const struct scene *scene, const size_t *order, tc_level level)
{
    const tc_fill_cost *costs;
    tc_error error;
    const tc_options options = {level, false};
    tc_day_reset(day);
    for (size_t i = 0; i < scene->count; i++)
        if (tc_day_add(day, NULL, &error, &scene->fill[order ? order[i] : i]) != TC_OK) fail_msg("%s: %s", scene->text[i], error.message);
    if (tc_day_price(day, &costs, &error, &options) != TC_OK) fail_msg("%s", error.message);
    return costs;
}

struct sums { int64_t charge[TC_CHARGE_COUNT]; unsigned known; };

static struct sums sum_of(const tc_fill_cost *costs, size_t count)
{
    struct sums sums = {.known = (1u << TC_CHARGE_COUNT) - 1};
    for (size_t i = 0; i < count; i++) {
        sums.known &= costs[i].cost.known;
        for (int c = 0; c < TC_CHARGE_COUNT; c++) sums.charge[c] += costs[i].cost.charge[c].nanos;
    }
    return sums;
}

static void fail_scene(const struct scene *scene, const char *what)
{
    for (size_t i = 0; i < scene->count; i++) print_error("  %s\n", scene->text[i]);
    fail_msg("%s", what);
}

static void totals(void **state) /* total = the sum of the lines; on a bill every share is in paise, STT and stamp duty in rupees */
{
    (void)state;
    uint64_t seed = 11;
    static struct scene scene;
    tc_day *day;
    assert_int_equal(tc_day_new(&day, tc_book_builtin()), TC_OK);
    for (int d = 0; d < DAYS; d++) {
        make_scene(&scene, &seed, d & 1);
        tc_level level = d & 2 ? TC_NOTE : TC_EXACT;
        const tc_fill_cost *costs = price_scene(day, &scene, NULL, level);
        for (size_t i = 0; i < scene.count; i++) {
            const tc_cost *cost = &costs[i].cost;
            int64_t sum = 0;
            if (costs[i].status != TC_OK) fail_scene(&scene, "refused");
            for (int c = 0; c < TC_CHARGE_COUNT; c++) {
                sum += cost->charge[c].nanos;
                if (cost->charge[c].nanos < 0) fail_scene(&scene, "negative");
                if (level == TC_NOTE && cost->charge[c].nanos % TC_NANOS_PER_PAISA) fail_scene(&scene, "not in paise");
                if (!(cost->known >> c & 1) && cost->charge[c].nanos) fail_scene(&scene, "an unknown amount");
            }
            assert_int_equal(cost->turnover.micros, scene.fill[i].trade.turnover.micros);
            if (!tc_cost_complete(cost)) continue;
            if (cost->total.nanos != sum || cost->note_total.nanos != sum - cost->charge[TC_DP_CHARGE].nanos) fail_scene(&scene, "total");
        }
        struct sums sums = sum_of(costs, scene.count);
        bool paise = strstr(scene.text[0], "kotak") != NULL; /* prints STT in paise */
        if (level == TC_NOTE && !paise && sums.charge[TC_TRANSACTION_TAX] % TC_NANOS_PER_RUPEE) fail_scene(&scene, "STT in paise");
        if (level == TC_NOTE && sums.charge[TC_STAMP_DUTY] % TC_NANOS_PER_RUPEE) fail_scene(&scene, "stamp duty in paise");
    }
    tc_day_free(day);
}

static void input_order(void **state)
{
    (void)state;
    uint64_t seed = 12;
    static struct scene scene;
    static tc_fill_cost before[2 * FILLS_MAX];
    tc_day *day;
    assert_int_equal(tc_day_new(&day, tc_book_builtin()), TC_OK);
    for (int d = 0; d < DAYS; d++) {
        size_t order[2 * FILLS_MAX];
        make_scene(&scene, &seed, d & 1);
        tc_level level = d & 2 ? TC_NOTE : TC_EXACT;
        memcpy(before, price_scene(day, &scene, NULL, level), scene.count * sizeof *before);
        for (size_t i = 0; i < scene.count; i++) order[i] = i;
        for (size_t i = scene.count; i-- > 1;) {
            size_t j = next_random(&seed) % (i + 1), held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        const tc_fill_cost *after = price_scene(day, &scene, order, level);
        for (size_t i = 0; i < scene.count; i++) {
            const tc_fill_cost *a = &before[order[i]], *b = &after[i];
            if (memcmp(a->cost.charge, b->cost.charge, sizeof a->cost.charge) || a->product != b->product ||
                a->delivery_quantity.micros != b->delivery_quantity.micros || a->cost.total.nanos != b->cost.total.nanos || a->cost.flags != b->cost.flags)
                fail_scene(&scene, "depends on the order of input");
        }
    }
    tc_day_free(day);
}

static void split_fills(void **state) /* one fill, or two of the same order, time and price: the bill is the same */
{
    (void)state;
    uint64_t seed = 13;
    static struct scene scene, halves;
    tc_day *day;
    assert_int_equal(tc_day_new(&day, tc_book_builtin()), TC_OK);
    for (int d = 0; d < DAYS; d++) {
        make_scene(&scene, &seed, false);
        struct sums whole = sum_of(price_scene(day, &scene, NULL, TC_NOTE), scene.count);
        halves.count = 0;
        for (size_t i = 0; i < scene.count; i++) {
            tc_fill *one = &halves.fill[halves.count];
            memcpy(halves.text[halves.count++], scene.text[i], sizeof *scene.text);
            *one = scene.fill[i];
            int64_t quantity = one->trade.quantity.micros / TC_MICROS_PER_RUPEE, part = quantity > 1 ? 1 + (int64_t)(next_random(&seed) % (uint64_t)(quantity - 1)) : 0;
            if (!part) continue;
            tc_fill *two = &halves.fill[halves.count];
            memcpy(halves.text[halves.count++], scene.text[i], sizeof *scene.text);
            *two = *one;
            one->trade.quantity.micros = part * TC_MICROS_PER_RUPEE;
            two->trade.quantity.micros -= one->trade.quantity.micros;
            assert_int_equal(tc_turnover_of(&one->trade.turnover, one->trade.quantity, one->trade.price), TC_OK);
            assert_int_equal(tc_turnover_of(&two->trade.turnover, two->trade.quantity, two->trade.price), TC_OK);
        }
        struct sums split = sum_of(price_scene(day, &halves, NULL, TC_NOTE), halves.count);
        for (int c = 0; c < TC_CHARGE_COUNT; c++) {
            if (whole.charge[c] == split.charge[c]) continue;
            print_error("%s: %lld whole, %lld split\n", tc_charge_name((tc_charge)c), (long long)whole.charge[c], (long long)split.charge[c]);
            fail_scene(&scene, "depends on how orders are filled");
        }
    }
    tc_day_free(day);
}

static void more_costs_no_less(void **state) /* law and exchanges charge by value: a larger trade pays no less on any line */
{
    (void)state;
    uint64_t seed = 14;
    static const char *const trades[] = {
        "exchange=NSE product=delivery side=buy", "exchange=NSE product=delivery side=sell", "exchange=NSE product=intraday side=buy",
        "exchange=BSE product=intraday side=sell", "exchange=NFO instrument=future side=sell", "exchange=NFO option_type=CE strike=20000 underlying=NIFTY side=buy",
        "exchange=NFO option_type=PE strike=20000 underlying=NIFTY side=sell", "exchange=MCX instrument=future underlying=GOLD side=sell", "exchange=CDS instrument=future side=buy"};
    for (int i = 0; i < 20000; i++) {
        tc_cost less, more;
        tc_error error;
        char line[300];
        const char *broker = brokers[next_random(&seed) % (COUNT(brokers) - 1)], *trade = trades[next_random(&seed) % COUNT(trades)], *date = dates[next_random(&seed) % COUNT(dates)];
        unsigned quantity = 1 + (unsigned)(next_random(&seed) % 5000), step = 1 + (unsigned)(next_random(&seed) % (i & 1 ? 3 : 3000)), paise = 5 + (unsigned)(next_random(&seed) % 500000);
        tc_level level = i & 2 ? TC_NOTE : TC_EXACT;
        snprintf(line, sizeof line, "broker=%s date=%s state=KA %s price=%u.%02u quantity=%u", broker, date, trade, paise / 100, paise % 100, quantity);
        tc_status one = quote_of(&less, &error, tc_book_builtin(), line, level);
        snprintf(line, sizeof line, "broker=%s date=%s state=KA %s price=%u.%02u quantity=%u", broker, date, trade, paise / 100, paise % 100, quantity + step);
        tc_status two = quote_of(&more, &error, tc_book_builtin(), line, level);
        assert_int_equal(one, two);
        if (one != TC_OK) continue;
        for (int c = 0; c < TC_CHARGE_COUNT; c++)
            if (more.charge[c].nanos < less.charge[c].nanos) fail_msg("%s less %u: %s", line, step, tc_charge_name((tc_charge)c));
        assert_true(more.total.nanos >= less.total.nanos);
    }
}

static void days_of_rules(void **state) /* half-open: the day before `from` has another rule, the day `until` another one */
{
    (void)state;
    static const char *const trades[] = {
        "exchange=NSE product=delivery side=buy", "exchange=NSE product=delivery side=sell", "exchange=NSE product=intraday side=sell", "exchange=NSE product=mtf side=buy",
        "exchange=BSE product=delivery side=buy series=B", "exchange=NSE instrument=etf class=gold product=delivery side=sell", "exchange=NFO instrument=future side=sell",
        "exchange=NFO option_type=CE strike=100 underlying=NIFTY side=sell", "exchange=NFO option_type=CE strike=100 underlying=NIFTY event=exercise", "exchange=BFO instrument=future class=index side=buy",
        "exchange=CDS instrument=future side=sell", "exchange=MCX instrument=future underlying=GOLD side=sell", "exchange=NCDEX instrument=future class=commodity-agri side=sell"};
    const tc_book *book = tc_book_builtin();
    const tc_options exact = {TC_EXACT, false};
    size_t checked = 0, changes = 0;
    for (size_t t = 0; t < COUNT(trades); t++)
        for (size_t p = 0; p < tc_book_plan_count(book); p++) {
            char buffer[400], line[300];
            tc_request request = {0};
            tc_trade trade;
            tc_error error;
            tc_plan_info plan = tc_book_plan(book, p);
            const tc_context context = {.today = plan.from};
            snprintf(line, sizeof line, "broker=%s plan=%s state=KA %s quantity=100 price=200 lot_size=100", tc_book_broker(book, plan.broker).id, plan.id, trades[t]);
            request_of(&request, buffer, sizeof buffer, line);
            if (tc_resolve(&trade, &error, book, &request, &context) != TC_OK) fail_msg("%s: %s", line, error.message);
            for (size_t r = 0; r < tc_book_rule_count(book); r++) {
                tc_rule_info rule = tc_book_rule(book, r);
                if (rule.charge < 0 || !tc_book_rule_in_plan(book, r, (uint16_t)p)) continue;
                for (int32_t day = rule.from.day - 1; day <= rule.from.day; day++) {
                    tc_cost cost;
                    tc_line lines[TC_LINES_MAX];
                    size_t count = 0;
                    trade.date.day = day;
                    if (tc_explain(&cost, lines, &count, &error, book, &trade, &exact) != TC_OK) {
                        assert_true(*error.message != '\0');
                        continue;
                    }
                    for (size_t l = 0; l < count; l++) {
                        tc_rule_info chosen = tc_book_rule(book, lines[l].rule);
                        if (day < chosen.from.day || day >= chosen.until.day) fail_msg("%s: %s outside its days", line, chosen.id);
                        changes += lines[l].rule == r;
                        checked++;
                    }
                }
            }
        }
    print_message("%zu lines on days of change, %zu of the changed rule\n", checked, changes);
    assert_true(checked > 100000 && changes > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(totals), cmocka_unit_test(input_order), cmocka_unit_test(split_fills),
                                       cmocka_unit_test(more_costs_no_less), cmocka_unit_test(days_of_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
