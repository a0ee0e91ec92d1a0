/* Every plan, exchange, kind of instrument, product, side and event, on the day before, of and after every change of the
 * rules that the plan sees: it is priced, whole or flagged incomplete, or refused with a reason; never a hole in the
 * tariff. States, series and channels take turns. */
#include "test.h"

/* segment, instrument, class and what else the kind needs */
static const char *const kinds[] = {
    "segment=equity instrument=share", "segment=equity instrument=etf class=equity", "segment=equity instrument=etf class=gold",
    "segment=equity instrument=etf class=silver", "segment=equity instrument=etf class=liquid", "segment=equity instrument=etf class=debt",
    "segment=equity instrument=etf class=international", "segment=equity instrument=bond", "segment=equity instrument=gsec",
    "segment=equity instrument=sgb", "segment=equity instrument=reit", "segment=equity instrument=invit", "segment=equity instrument=mf",
    "segment=equity-derivative instrument=future class=index underlying=NIFTY", "segment=equity-derivative instrument=future class=stock",
    "segment=equity-derivative instrument=option class=index underlying=SENSEX", "segment=equity-derivative instrument=option class=stock",
    "segment=currency instrument=future class=currency", "segment=currency instrument=option class=currency",
    "segment=currency instrument=future class=interest-rate", "segment=currency instrument=option class=interest-rate",
    "segment=commodity instrument=future underlying=GOLD", "segment=commodity instrument=future underlying=CASTOR",
    "segment=commodity instrument=future class=commodity-nonagri", "segment=commodity instrument=future class=index",
    "segment=commodity instrument=option underlying=CRUDEOIL", "segment=commodity instrument=option class=commodity-agri",
    "segment=commodity instrument=option class=index"};
static const char *const exchanges[] = {"NSE", "BSE", "MCX", "NCDEX"};
static const char *const products[] = {"delivery", "intraday", "carryforward", "mtf"};
static const char *const sides[] = {"buy", "sell"};
static const char *const events[] = {"trade", "exercise", "assignment", "physical", "auction"};
static const char *const states[] = {"KA", "MH", "TN", "DL", "WB", "HR", "JK", "DH"};
static const char *const extras[] = {"", "", "", "channel=call", "holder=woman", "depository=nsdl", "channel=squareoff"};

static int compare_days(const void *a, const void *b) { return (*(const int32_t *)a > *(const int32_t *)b) - (*(const int32_t *)a < *(const int32_t *)b); }

/* The days around every change that the plan sees, in its own time. */
static size_t days_of_plan(int32_t *days, size_t room, const tc_book *book, size_t plan)
{
    size_t count = 0, kept = 0;
    tc_plan_info info = tc_book_plan(book, plan);
    for (size_t r = 0; r < tc_book_rule_count(book); r++) {
        if (!tc_book_rule_in_plan(book, r, (uint16_t)plan)) continue;
        tc_rule_info rule = tc_book_rule(book, r);
        const int32_t changes[] = {rule.from.day, rule.until.day};
        for (int c = 0; c < 2; c++)
            for (int32_t day = changes[c] - 1; day <= changes[c] + 1; day++)
                if (day >= info.from.day && day < info.until.day && day < 30000 && count < room) days[count++] = day;
    }
    assert_true(count < room);
    qsort(days, count, sizeof *days, compare_days);
    for (size_t i = 0; i < count; i++)
        if (!kept || days[kept - 1] != days[i]) days[kept++] = days[i];
    return kept;
}

static struct { size_t asked, priced, incomplete, refused; } told;

static void check_one(const tc_book *book, const tc_trade *trade, const char *line, bool note)
{
    tc_cost cost;
    tc_error error = {.message = ""};
    char day[TC_DATE_TEXT_SIZE];
    const tc_options options = {note ? TC_NOTE : TC_EXACT, false};
    tc_status status = tc_quote(&cost, &error, book, trade, &options);
    tc_date_format(day, trade->date);
    told.asked++;
    if (status != TC_OK) {
        bool fine = status == TC_NO_TARIFF || status == TC_IMPOSSIBLE || status == TC_VALUE_NEEDED;
        if (!fine || !*error.message || strstr(error.message, "for such a trade")) fail_msg("%s on %s: %s: %s", line, day, tc_status_code(status), error.message);
        told.refused++;
        return;
    }
    int64_t sum = 0;
    for (int c = 0; c < TC_CHARGE_COUNT; c++) {
        if (cost.charge[c].nanos < 0) fail_msg("%s on %s: a negative %s", line, day, tc_charge_name((tc_charge)c));
        sum += cost.charge[c].nanos;
    }
    bool incomplete = cost.flags & TC_FLAG_INCOMPLETE;
    if (incomplete == tc_cost_complete(&cost)) fail_msg("%s on %s: known %x, flags %x", line, day, cost.known, cost.flags);
    if (!incomplete && cost.total.nanos != sum) fail_msg("%s on %s: the total is not the sum", line, day);
    told.priced += !incomplete;
    told.incomplete += incomplete;
}

/* One combination on all days of its plan; what no date could make possible is asked once. */
static void check_days(const tc_book *book, size_t plan, const int32_t *days, size_t count, const char *rest, unsigned turn)
{
    char buffer[400], line[360];
    tc_request request = {0};
    tc_trade trade;
    tc_error error = {.message = ""};
    tc_plan_info info = tc_book_plan(book, plan);
    const tc_context context = {.today = info.from};
    snprintf(line, sizeof line, "broker=%s plan=%s state=%s %s %s", tc_book_broker(book, info.broker).id, info.id, states[turn % COUNT(states)], rest, extras[turn % COUNT(extras)]);
    request_of(&request, buffer, sizeof buffer, line);
    tc_status status = tc_resolve(&trade, &error, book, &request, &context);
    told.asked++;
    if (status != TC_OK) {
        if (!*error.message) fail_msg("%s: %s without a reason", line, tc_status_code(status));
        told.refused++;
        return;
    }
    told.asked--;
    for (size_t d = 0; d < count; d++) {
        trade.date.day = days[d];
        check_one(book, &trade, line, (d + turn) % 16 == 0);
    }
}

static void every_combination(void **state)
{
    (void)state;
    static int32_t days[20000];
    const tc_book *book = tc_book_builtin();
    unsigned turn = 0;
    for (size_t plan = 0; plan < tc_book_plan_count(book); plan++) {
        size_t count = days_of_plan(days, COUNT(days), book, plan);
        for (size_t x = 0; x < COUNT(exchanges); x++)
            for (size_t k = 0; k < COUNT(kinds); k++)
                for (size_t p = 0; p < COUNT(products); p++)
                    for (size_t s = 0; s < COUNT(sides); s++)
                        for (size_t e = 0; e < COUNT(events); e++) {
                            char rest[300];
                            bool option = strstr(kinds[k], "option") != NULL, equity = strstr(kinds[k], "segment=equity ") != NULL;
                            snprintf(rest, sizeof rest, "exchange=%s %s product=%s side=%s event=%s quantity=100 price=%s lot_size=100 %s %s", exchanges[x], kinds[k],
                                     products[p], sides[s], events[e], turn % 3 ? "120" : "9", option ? turn & 1 ? "strike=5 option_type=CE" : "strike=500 option_type=PE" : "",
                                     equity && x == 0 ? turn % 5 ? "series=EQ" : "series=BE" : equity && x == 1 ? turn % 3 ? "series=A" : "series=X" : "");
                            check_days(book, plan, days, count, rest, turn++);
                        }
    }
    print_message("%zu combinations: %zu priced, %zu incomplete, %zu refused\n", told.asked, told.priced, told.incomplete, told.refused);
    assert_true(told.priced > 100000 && told.incomplete > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_combination)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
