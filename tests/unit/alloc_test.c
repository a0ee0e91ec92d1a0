/* link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup
 *
 * Memory that runs out: each allocation in turn fails, once. Every call answers TC_NO_MEMORY, nothing leaks (run it under
 * LeakSanitizer), what was there before is as it was, and the same call made again succeeds. */
#include <sys/stat.h>
#include <unistd.h>

#include "io/reader.h"
#include "models/fit/kernel.h"
#include "test.h"
#include "tradecost/tariffs.h"

static long countdown = -1; /* allocations until one fails; below 0: none does */
static unsigned long failures;

static bool fails(void)
{
    if (countdown < 0 || countdown-- > 0) return false;
    failures++;
    return true;
}

/* Weak, so that it links without the flags too; then there is nothing to test. */
#define WEAK __attribute__((weak))
WEAK void *__real_malloc(size_t size);
WEAK void *__real_calloc(size_t count, size_t size);
WEAK void *__real_realloc(void *memory, size_t size);
WEAK char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return fails() ? NULL : __real_calloc(count, size); }
void *__wrap_realloc(void *memory, size_t size) { return fails() ? NULL : __real_realloc(memory, size); }
char *__wrap_strdup(const char *text) { return fails() ? NULL : __real_strdup(text); }

/* Runs `attempt` with its first, second, ... allocation failing, until one run needs fewer. */
static void fail_each(const char *what, tc_status (*attempt)(void *context), void *context)
{
    unsigned wrong = 0;
    for (long n = 0;; n++) {
        unsigned long before = failures;
        countdown = n;
        tc_status status = attempt(context);
        countdown = -1;
        if (failures == before) {
            assert_int_equal(status, TC_OK);
            print_message("%s: %ld allocations\n", what, n);
            assert_true(n > 0);
            assert_int_equal(wrong, 0);
            return;
        }
        if (status != TC_NO_MEMORY) wrong++, print_error("%s: allocation %ld fails: %s\n", what, n + 1, tc_status_code(status));
        assert_int_equal(attempt(context), TC_OK);
    }
}

/* --- a book ---------------------------------------------------------------------- */

static char directory[64];

static void write_text(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define S "source: {ref: test, status: secondary}"
static int make_files(void **state)
{
    (void)state;
    char path[128];
    strcpy(directory, "/tmp/tc-alloc-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/law", directory);
    assert_int_equal(mkdir(path, 0700), 0);
    write_text("law/lists.yaml", "list: series\nentries: [{exchange: NSE, names: [EQ], netting: \"yes\"}]\n" S "\n---\nlist: index\nentries: [{name: MINI, exchange: NSE}]\n" S "\n");
    write_text("law/law.yaml",
               "market: mini\nrules:\n  - when: {exchange: NSE, segment: equity, instrument: share, product: [delivery, intraday], side: [buy, sell], event: trade}\n    " S "\n"
               "---\ncharge: [transaction_tax, exchange_charge, clearing_charge, sebi_fee, ipft, stamp_duty, other, dp_charge]\nrules:\n  - {id: nil, amount: nil, " S "}\n"
               "---\ncharge: gst\nrules:\n  - {id: gst, amount: {rate: 18%, of: {lines: [brokerage]}}, parts: {same-state: {cgst: 9%, sgst: 9%}, union-territory: {cgst: 9%, utgst: 9%}, other-state: {igst: 18%}}, " S "}\n");
    write_text("mini.yaml",
               "broker: mini\nname: Mini\naliases: [tiny]\nplans: [{id: standard, default: true, from: 2020-01-01, fixed: [{name: fee, amount: 1, every: year}], " S "}]\n"
               "---\ncharge: brokerage\nrules:\n"
               "  - {id: a, when: {price: {below: 10}}, amount: {lesser: [{rate: 0.03%, of: turnover}, {flat: 20, each: order}]}, per: order, " S "}\n"
               "  - {id: b, when: {price: {from: 10}}, amount: {slabs: {by: value, steps: [{to: 10, amount: nil}, {amount: {flat: 1, each: order}}]}}, " S "}\n"
               "---\nrendering: note\nrules:\n  - {id: n, line: [brokerage, total], round: {to: 1, mode: up}, " S "}\n");
    write_text("trades.csv",
               "date,exchange,symbol,side,quantity,price,order_id\n2026-04-02,NSE,SBIN,buy,10,800.5,1\n2026-04-02,NSE,\"a \"\"long\"\" name\",sell,10,800.5,2\n2026-04-02,NSE,ITC,buy,10\n");
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    static const char *const names[] = {"law/lists.yaml", "law/law.yaml", "mini.yaml", "trades.csv", "law", ""};
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        remove(path);
    }
    return 0;
}

static tc_status check_tariffs(void *context)
{
    (void)context;
    tc_book *book = NULL;
    tc_status status = tc_tariffs_check(&book, NULL, directory, NULL, NULL);
    assert_true((status == TC_OK) == (book != NULL));
    tc_book_free(book);
    return status;
}

static tc_status load_tariffs(void *context)
{
    (void)context;
    tc_book *book = NULL;
    tc_error error = {.status = TC_OK};
    tc_status status = tc_tariffs_load(&book, &error, NULL, directory);
    assert_int_equal(error.status, status);
    assert_true(status == TC_OK || *error.message);
    tc_book_free(book);
    return status;
}

static tc_status own_brokerage(void *context)
{
    (void)context;
    tc_book *book = NULL;
    tc_error error = {.status = TC_OK};
    tc_status status = tc_book_with_brokerage(&book, &error, tc_book_builtin(), "min(0.03%,max(20,1))");
    assert_true((status == TC_OK) == (book != NULL));
    assert_int_equal(error.status, status);
    tc_book_free(book);
    return status;
}

static void books(void **state)
{
    (void)state;
    fail_each("tc_tariffs_check", check_tariffs, NULL);
    fail_each("tc_tariffs_load", load_tariffs, NULL);
    fail_each("tc_book_with_brokerage", own_brokerage, NULL);
}

/* --- a day ----------------------------------------------------------------------- */

enum { FILLS = 300 };
static tc_fill fills[FILLS];

static tc_status fill_day(void *context)
{
    int64_t *total = context;
    tc_day *day = NULL;
    tc_error error;
    const tc_fill_cost *costs;
    const tc_options note = {TC_NOTE, false};
    tc_status first = tc_day_new(&day, tc_book_builtin());
    if (first != TC_OK) return first;
    for (size_t i = 0; i < FILLS; i++) {
        tc_status status = tc_day_add(day, NULL, &error, &fills[i]);
        if (status == TC_OK) continue;
        first = status;
        assert_int_equal(error.status, status);
        assert_int_equal(tc_day_count(day), i); /* as if it had not been tried */
        assert_int_equal(tc_day_add(day, NULL, &error, &fills[i]), TC_OK);
    }
    tc_status status = tc_day_price(day, &costs, &error, &note);
    if (status != TC_OK) first = status, assert_int_equal(tc_day_price(day, &costs, &error, &note), TC_OK);
    int64_t sum = 0;
    for (size_t i = 0; i < FILLS; i++) sum += costs[i].cost.total.nanos;
    if (!*total) *total = sum;
    tc_day_free(day);
    if (sum != *total) fail_msg("a failure on the way changes the price: %lld, not %lld", (long long)sum, (long long)*total);
    return first;
}

static void adding_fills(void **state)
{
    (void)state;
    int64_t total = 0;
    char text[FILLS][220];
    for (int i = 0; i < FILLS; i++) {
        tc_error error;
        snprintf(text[i], sizeof *text, "broker=zerodha date=2026-04-02 state=MH exchange=NSE symbol=S%d isin=INE%06dA0101 order_id=%d fill_id=%d client=c%d side=%s product=delivery quantity=10 price=%d",
                 i % 40, i % 40, i / 2, i, i % 3, i & 1 ? "buy" : "sell", 100 + i);
        if (fill_of(&fills[i], &error, tc_book_builtin(), text[i]) != TC_OK) fail_msg("%s", error.message);
    }
    fail_each("tc_day_add", fill_day, &total);
}

static void pricing_allocates_nothing(void **state)
{
    (void)state;
    tc_day *day;
    const tc_fill_cost *costs;
    const tc_options note = {TC_NOTE, false};
    assert_int_equal(tc_day_new(&day, tc_book_builtin()), TC_OK);
    for (size_t i = 0; i < FILLS; i++) assert_int_equal(tc_day_add(day, NULL, NULL, &fills[i]), TC_OK);
    assert_int_equal(tc_day_price(day, &costs, NULL, &note), TC_OK);
    countdown = 0; /* what it needed it has */
    tc_status status = tc_day_price(day, &costs, NULL, &note);
    tc_cost cost;
    tc_status quoted = tc_quote(&cost, NULL, tc_book_builtin(), &fills[0].trade, &note);
    countdown = -1;
    assert_int_equal(status, TC_OK);
    assert_int_equal(quoted, TC_OK);
    tc_day_free(day);
}

/* --- a file ---------------------------------------------------------------------- */

static tc_status read_file(void *path)
{
    tc_reader *reader = NULL;
    tc_error error = {.status = TC_OK};
    tc_status status = tc_reader_open(&reader, &error, path);
    if (status != TC_OK) return status;
    for (bool end = false; status == TC_OK;) {
        tc_row row;
        status = tc_reader_next(reader, &row, &end, &error);
        if (status == TC_OK && end) break;
    }
    tc_reader_close(reader);
    return status;
}

static void reading(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/trades.csv", directory);
    fail_each("tc_reader, csv", read_file, path);
    static char workbook[] = TC_FIXTURES "/canonical.xlsx";
    fail_each("tc_reader, xlsx", read_file, workbook);
}

/* --- schedules ------------------------------------------------------------------- */

static tc_status attempt_transient(void *context)
{
    (void)context;
    static double kernel[8];
    double quantity[8];
    const tc_schedule_market market = {.price = 100, .side = 1, .sigma = 2, .exponent = 1, .kernel = kernel};
    const tc_schedule_task with_risk = {1000, 1, 8, 1e-6}, without = {1000, 1, 8, 0};
    tc_kernel_exponential(kernel, 8, 0, 1e-4, 3, 0.125);
    tc_status status = tc_schedule_optimal(quantity, NULL, NULL, &market, &with_risk);
    return status ? status : tc_schedule_optimal(quantity, NULL, NULL, &market, &without);
}

static tc_status attempt_least_var(void *context)
{
    (void)context;
    double lambda;
    const tc_schedule_market market = {.price = 100, .side = 1, .sigma = 2, .eta = 1e-3, .exponent = 1};
    const tc_schedule_task task = {1000, 1, 8, 0};
    return tc_schedule_least_var(&lambda, NULL, &market, &task, TC_VAR_95);
}

static tc_status attempt_exact(void *context)
{
    double quantity[4];
    tc_exact_report report;
    const tc_schedule_market market = {.price = 500, .side = -1, .sigma = 2, .gamma = 1e-3, .eta = 1e-3, .exponent = 1};
    const tc_schedule_task task = {500, 1, 4, 1e-6};
    const tc_slice_terms terms = {tc_book_builtin(), context, false, 0.01, 1, 0, 0};
    return tc_schedule_exact(quantity, &report, NULL, &market, &task, &terms, 1);
}

static tc_status attempt_basket(void *context)
{
    (void)context;
    const double quantity[] = {100, -50}, c[] = {1, 0.5, 0.5, 1}, gamma[4] = {0}, eta[] = {1e-3, 0, 0, 1e-3}, epsilon[] = {0, 0};
    const tc_basket basket = {2, quantity, c, gamma, eta, epsilon};
    const tc_schedule_task task = {1, 1, 3, 1e-3};
    double holding[8];
    tc_schedule_cost cost;
    tc_status status = tc_basket_optimal(holding, NULL, &basket, &task);
    return status ? status : tc_basket_evaluate(&cost, NULL, &basket, &task, holding);
}

static void test_schedules(void **state)
{
    tc_fill fill;
    (void)state;
    assert_int_equal(fill_of(&fill, NULL, tc_book_builtin(), "broker=zerodha exchange=NSE product=intraday side=sell quantity=500 price=500 date=2026-04-02 state=MH"), TC_OK);
    fail_each("a schedule under impact that decays", attempt_transient, NULL);
    fail_each("the least value at risk", attempt_least_var, NULL);
    fail_each("an exact schedule", attempt_exact, &fill.trade);
    fail_each("the schedule of a basket", attempt_basket, NULL);
}

/* --- a calibrated kernel ----------------------------------------------------------- */

static tc_status calibrate_kernel(void *context)
{
    static const tc_kernel_options options = {.lags = 10, .delta = 1, .replicates = 2, .seed = 1};
    tc_kernel kernel;
    tc_status status = tc_kernel_calibrate(&kernel, NULL, &options, context);
    if (!status) tc_kernel_free(&kernel);
    return status;
}

static void test_kernels(void **state)
{
    enum { TRADES = 300, DAYS = 10 };
    static double sign[TRADES], move[TRADES];
    size_t day_end[DAYS];
    uint64_t random = 1;
    (void)state;
    for (size_t t = 0; t < TRADES; t++) {
        sign[t] = next_random(&random) >> 63 ? 1 : -1;
        move[t] = next_random(&random) >> 63 ? sign[t] : 0;
    }
    for (size_t d = 0; d < DAYS; d++) day_end[d] = (d + 1) * TRADES / DAYS;
    fail_each("a kernel", calibrate_kernel, &(tc_trade_flow){sign, move, TRADES, day_end, DAYS});
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kernels), cmocka_unit_test(books), cmocka_unit_test(adding_fills), cmocka_unit_test(pricing_allocates_nothing), cmocka_unit_test(reading), cmocka_unit_test(test_schedules)};
    if (!__real_malloc || !__real_calloc || !__real_realloc || !__real_strdup) return puts("linked without --wrap"), 77; /* skipped */
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
