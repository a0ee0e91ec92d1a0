/* Orders and days against hand arithmetic: caps, minimums, netting, DP, allocation, what is unknown and what is refused. */
#include "test.h"

#define Z "broker=zerodha exchange=NSE date=2026-04-02 state=MH "
#define OPT "option_type=CE strike=25000 underlying=NIFTY "

/* --- one order ------------------------------------------------------------------- */

static const struct { const char *order; tc_level level; const char *charge, *rupees; } quotes[] = {
    /* 250505 sold within the day: STT 0.025%, NSE 0.0030699%, SEBI Rs 10 a crore, IPFT Re 0.01 a crore; GST on 27.9410085 */
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_EXACT, "brokerage", "20"},
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_EXACT, "transaction_tax", "62.62625"},
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_EXACT, "exchange_charge", "7.690252995"},
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_EXACT, "sebi_fee", "0.250505"},
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_EXACT, "ipft", "0.000250505"},
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_EXACT, "gst", "5.02938153"},
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_EXACT, "total", "95.59664003"},
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_NOTE, "transaction_tax", "251"}, /* alone it nets with nothing: a delivery on the bill */
    {Z "product=intraday side=sell quantity=100 price=2505.05", TC_NOTE, "total", "283.97"}, /* 20 + 251 + 7.69 + 0.25 + 5.03 */
    {Z "product=intraday side=buy quantity=100 price=2505.05", TC_EXACT, "stamp_duty", "7.51515"},
    {Z "product=intraday side=buy quantity=100 price=2505.05", TC_NOTE, "stamp_duty", "38"},
    /* the lesser of 0.03% and 20 crosses at 66666.67 */
    {Z "product=intraday side=buy quantity=100 price=100", TC_EXACT, "brokerage", "3"},
    {Z "product=intraday side=buy quantity=1 price=66666", TC_EXACT, "brokerage", "19.9998"},
    {Z "product=intraday side=buy quantity=1 price=66667", TC_EXACT, "brokerage", "20"},
    {Z "product=delivery side=buy quantity=1 price=100", TC_EXACT, "brokerage", "0"},
    {Z "product=delivery side=buy quantity=1 price=100", TC_NOTE, "brokerage", "0.01"}, /* the paisa of the note */
    /* Angel: min(2.5%, max(5, min(0.1%, 20))) */
    {"broker=angel exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=100", TC_EXACT, "brokerage", "2.5"},
    {"broker=angel exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=200", TC_EXACT, "brokerage", "5"},
    {"broker=angel exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=10000", TC_EXACT, "brokerage", "10"},
    {"broker=angel exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=20001", TC_EXACT, "brokerage", "20"},
    {"broker=groww exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=100", TC_EXACT, "brokerage", "2.5"},
    {"broker=groww exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=5000", TC_EXACT, "brokerage", "5"},
    /* DP with its own 18% inside: 13, 12.75 for a woman; Groww 20, or 3.50 below Rs 100 */
    {Z "product=delivery side=sell quantity=10 price=100", TC_EXACT, "dp_charge", "15.34"},
    {Z "product=delivery side=sell quantity=10 price=100 holder=woman", TC_EXACT, "dp_charge", "15.045"},
    {Z "product=delivery side=sell quantity=10 price=100 holder=woman", TC_NOTE, "dp_charge", "15.05"},
    {Z "product=delivery side=buy quantity=10 price=100", TC_EXACT, "dp_charge", "0"},
    {Z "product=intraday side=sell quantity=10 price=100", TC_EXACT, "dp_charge", "0"},
    {"broker=groww exchange=NSE date=2026-04-02 product=delivery side=sell quantity=1 price=99.99", TC_EXACT, "dp_charge", "4.13"},
    {"broker=groww exchange=NSE date=2026-04-02 product=delivery side=sell quantity=1 price=100", TC_EXACT, "dp_charge", "23.6"},
    /* MTF interest: 103199.67 x 12.49% x 10 / 365; the slab of 500001 gives the rate of the whole; Zerodha 0.04% a day */
    {"broker=dhan exchange=NSE date=2026-04-02 product=mtf side=sell quantity=1 price=100 funded=103199.67 days=10", TC_EXACT, "other", "353.140788575"},
    {"broker=dhan exchange=NSE date=2026-04-02 product=mtf side=sell quantity=1 price=100 funded=500001 days=1", TC_EXACT, "other", "184.794890137"},
    {Z "product=mtf side=sell quantity=1 price=100 funded=100000 days=5", TC_EXACT, "other", "200"},
    {Z "product=mtf side=sell quantity=1 price=100 funded=100000 days=0", TC_EXACT, "other", "0"},
    /* Rs 45 a lot: two lots of 65 */
    {"broker=icici exchange=NFO date=2026-04-02 side=buy quantity=130 price=100 lot_size=65 " OPT, TC_EXACT, "brokerage", "90"},
    /* exercise: to 2019-08 0.125% of settlement 6000 x 50; later 0.125%, from 2026-04 0.15%, of what it is in the money by, 100 x 50 */
    {"broker=zerodha exchange=NFO state=KA date=2014-01-02 event=exercise quantity=50 price=6000 option_type=CE strike=5900 underlying=NIFTY", TC_EXACT, "transaction_tax", "375"},
    {"broker=zerodha exchange=NFO date=2025-01-02 event=exercise quantity=50 price=6000 option_type=CE strike=5900 underlying=NIFTY", TC_EXACT, "transaction_tax", "6.25"},
    {"broker=zerodha exchange=NFO date=2025-01-02 event=exercise quantity=50 price=5800 option_type=PE strike=5900 underlying=NIFTY", TC_EXACT, "turnover", "5000"},
    {"broker=zerodha exchange=NFO date=2025-01-02 event=assignment quantity=50 price=6000 option_type=CE strike=5900 underlying=NIFTY", TC_EXACT, "transaction_tax", "0"},
    /* the file's own value is the turnover */
    {Z "product=delivery side=buy quantity=3 price=33.33 value=100", TC_EXACT, "transaction_tax", "0.1"},
    /* custom: law and exchange only */
    {"broker=custom exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1000 price=1000", TC_EXACT, "total", "1187.406"}};

static void orders(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(quotes); i++) {
        tc_cost cost;
        tc_error error;
        if (quote_of(&cost, &error, tc_book_builtin(), quotes[i].order, quotes[i].level) != TC_OK) fail_msg("%s: %s", quotes[i].order, error.message);
        int64_t expected = rupees(quotes[i].rupees), got = amount_of(&cost, quotes[i].charge);
        if (got != expected) fail_msg("%s: %s is %lld nanos, not %lld", quotes[i].order, quotes[i].charge, (long long)got, (long long)expected);
    }
}

static const struct { const char *order; tc_level level; tc_status status; const char *says; } refusals[] = {
    {Z "side=buy quantity=1 price=100", TC_EXACT, TC_VALUE_NEEDED, "product"},
    {Z "product=delivery quantity=1 price=100", TC_EXACT, TC_VALUE_NEEDED, "side"},
    {Z "product=delivery side=buy price=100", TC_EXACT, TC_VALUE_NEEDED, "quantity"},
    {Z "product=delivery side=buy quantity=1", TC_EXACT, TC_VALUE_NEEDED, "price"},
    {Z "product=delivery side=buy quantity=0 price=100", TC_EXACT, TC_BAD_VALUE, "above 0"},
    {Z "product=delivery side=buy quantity=1 price=-1", TC_EXACT, TC_BAD_VALUE, "negative"},
    {Z "product=delivery side=buy quantity=1 price=1000000000.000001", TC_EXACT, TC_BAD_VALUE, "1e9"},
    {Z "product=delivery side=buy quantity=1000000000001 price=1", TC_EXACT, TC_BAD_VALUE, "1e12"},
    {Z "product=delivery side=buy quantity=1.5 price=100", TC_EXACT, TC_BAD_VALUE, "whole"},
    {Z "product=delivery side=buy quantity=1 price=1.0000001", TC_EXACT, TC_BAD_NUMBER, "decimals"},
    {Z "product=delivery side=buy quantity=1e3 price=1", TC_EXACT, TC_BAD_NUMBER, "number"},
    {Z "product=carry side=buy quantity=1 price=1", TC_EXACT, TC_UNKNOWN_WORD, "carry"},
    {Z "product=delivery side=buy quantity=3 price=33.33 value=101", TC_EXACT, TC_CONTRADICTION, "value"},
    {Z "product=delivery side=buy quantity=1000000000000 price=1000000000", TC_EXACT, TC_OVERFLOW, ""},
    {Z "product=delivery side=buy quantity=9000000000 price=1000", TC_EXACT, TC_OVERFLOW, ""}, /* 9e12: the lines fit, their sum does not */
    {Z "product=delivery side=buy quantity=9000000000 price=1000", TC_NOTE, TC_OVERFLOW, ""},
    {Z "product=delivery side=buy quantity=1 price=1 time=2026-04-03T10:00:00", TC_EXACT, TC_CONTRADICTION, "another day"},
    {"broker=zerodha exchange=NSE product=delivery side=buy quantity=1 price=1", TC_EXACT, TC_VALUE_NEEDED, "date"},
    {"broker=zerodha exchange=NSE date=2003-12-31 product=delivery side=buy quantity=1 price=1", TC_EXACT, TC_BEFORE_COVERAGE, "2004-01-01"},
    {"broker=zerodah exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=1", TC_EXACT, TC_UNKNOWN_BROKER, "zerodha"},
    {"broker=zerodha exchange=NSE date=2009-04-02 product=delivery side=buy quantity=1 price=1", TC_EXACT, TC_NO_TARIFF, ""},
    {"broker=zerodha plan=gold exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=1", TC_EXACT, TC_UNKNOWN_WORD, "gold"},
    {"broker=zerodha exchange=NSE date=2020-06-30 product=delivery side=buy quantity=1 price=1", TC_EXACT, TC_STATE_NEEDED, "state"},
    {"broker=zerodha exchange=NSE date=2015-06-30 state=KA product=mtf side=buy quantity=1 price=1", TC_EXACT, TC_NO_TARIFF, "no margin trading facility"},
    {Z "product=delivery side=buy quantity=1 price=1 instrument=etf symbol=NOSUCHETF", TC_EXACT, TC_CLASS_NEEDED, "equity gold silver"},
    {"broker=zerodha exchange=MCX date=2026-04-02 instrument=future underlying=UNOBTAINIUM side=buy quantity=1 price=1", TC_EXACT, TC_CLASS_NEEDED, "commodity"},
    {"broker=zerodha exchange=MCX segment=equity date=2026-04-02 product=delivery side=buy quantity=1 price=1", TC_EXACT, TC_CONTRADICTION, "another segment"},
    {"broker=zerodha exchange=NFO date=2026-04-02 side=buy quantity=1 price=1", TC_EXACT, TC_VALUE_NEEDED, "future or option"},
    {Z "product=intraday side=buy quantity=1 price=1 series=BE", TC_EXACT, TC_IMPOSSIBLE, ""},
    {Z "product=delivery side=buy quantity=1 price=1 instrument=future", TC_EXACT, TC_CONTRADICTION, "equity"},
    {"broker=dhan exchange=NSE date=2026-04-02 product=delivery side=buy quantity=1 price=1", TC_API_LEVEL, TC_NO_TARIFF, "api"},
    {"broker=icici exchange=NFO date=2026-04-02 side=buy quantity=100 price=100 option_type=CE strike=100 underlying=ITC", TC_EXACT, TC_VALUE_NEEDED, "lot"},
    {"broker=icici exchange=NFO date=2026-04-02 side=buy quantity=100 price=100 lot_size=65 " OPT, TC_EXACT, TC_BAD_VALUE, "multiple"},
    {"broker=zerodha exchange=NFO date=2025-01-02 event=exercise quantity=50 price=5900 option_type=CE strike=5900 underlying=NIFTY", TC_EXACT, TC_OUT_OF_THE_MONEY, ""},
    {"broker=zerodha exchange=NFO date=2025-01-02 event=exercise side=sell quantity=50 price=6000 option_type=CE strike=5900 underlying=NIFTY", TC_EXACT, TC_CONTRADICTION, "long"},
    {"broker=zerodha exchange=NFO date=2025-01-02 event=exercise quantity=50 price=6000 option_type=CE underlying=NIFTY", TC_EXACT, TC_VALUE_NEEDED, "strike"}};

static void refused_orders(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        tc_cost cost;
        tc_error error = {.message = ""};
        memset(&cost, 0x5a, sizeof cost);
        tc_status status = quote_of(&cost, &error, tc_book_builtin(), refusals[i].order, refusals[i].level);
        bool untouched = cost.total.nanos == INT64_C(0x5a5a5a5a5a5a5a5a);
        if (status == refusals[i].status && error.status == status && untouched && *error.message && strstr(error.message, refusals[i].says)) continue;
        failed++;
        print_error("%s: %s: %s\n", refusals[i].order, tc_status_code(status), error.message);
    }
    assert_int_equal(failed, 0);
}

static void unknown_lines(void **state) /* the others are priced, the totals are not */
{
    (void)state;
    tc_cost cost;
    tc_error error;
    for (int level = TC_EXACT; level <= TC_NOTE; level += TC_NOTE) {
        assert_int_equal(quote_of(&cost, &error, tc_book_builtin(), "broker=groww exchange=NSE date=2026-04-02 product=mtf side=buy quantity=10 price=1000", (tc_level)level), TC_OK);
        assert_false(tc_cost_complete(&cost));
        assert_true(cost.flags & TC_FLAG_INCOMPLETE);
        assert_false(cost.known >> TC_BROKERAGE & 1);
        assert_false(cost.known >> TC_GST & 1); /* its base is unknown */
        assert_true(cost.known >> TC_TRANSACTION_TAX & 1);
        assert_int_equal(cost.charge[TC_TRANSACTION_TAX].nanos, rupees("10"));
    }
}

static void flags(void **state)
{
    (void)state;
    static const struct { const char *order; uint32_t set, clear; } cases[] = {
        {"broker=zerodha exchange=NSE date=2020-07-01 product=delivery side=buy quantity=1 price=1", TC_FLAG_ASSUMED_STATE, TC_FLAG_INCOMPLETE},
        {Z "product=delivery side=buy quantity=1 price=1", 0, TC_FLAG_ASSUMED_STATE | TC_FLAG_ASSUMED_SERIES | TC_FLAG_DP_ASSUMED_FIRST | TC_FLAG_STALE | TC_FLAG_DISPUTED},
        {Z "product=delivery side=sell quantity=1 price=1", TC_FLAG_DP_ASSUMED_FIRST, 0},
        {"broker=zerodha exchange=BSE date=2026-04-02 product=delivery side=buy quantity=1 price=1", TC_FLAG_ASSUMED_SERIES, 0},
        {"broker=zerodha exchange=BSE date=2026-04-02 product=delivery side=buy quantity=1 price=1 series=A", 0, TC_FLAG_ASSUMED_SERIES},
        {"broker=zerodha exchange=NSE date=2020-04-15 state=KA product=intraday side=buy quantity=1 price=1", TC_FLAG_DISPUTED, 0},
        {"broker=zerodha exchange=NSE date=2020-05-01 state=KA product=intraday side=buy quantity=1 price=1", 0, TC_FLAG_DISPUTED},
        {"broker=zerodha exchange=NSE date=2028-01-03 product=delivery side=buy quantity=1 price=1", TC_FLAG_STALE, 0},
        {"broker=dhan exchange=NSE date=2026-04-02 product=mtf side=sell quantity=1 price=100", TC_FLAG_MTF_INTEREST_EXCLUDED, 0},
        {"broker=dhan exchange=NSE date=2026-04-02 product=mtf side=sell quantity=1 price=100 funded=1 days=1", 0, TC_FLAG_MTF_INTEREST_EXCLUDED}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_cost cost;
        tc_error error;
        if (quote_of(&cost, &error, tc_book_builtin(), cases[i].order, TC_EXACT) != TC_OK) fail_msg("%s: %s", cases[i].order, error.message);
        if ((cost.flags & cases[i].set) != cases[i].set || cost.flags & cases[i].clear) fail_msg("%s: flags %x", cases[i].order, cost.flags);
    }
    for (unsigned bit = 0; bit < TC_FLAG_COUNT; bit++) assert_true(*tc_flag_word(bit) && *tc_flag_meaning(bit));
    assert_string_equal(tc_flag_word(TC_FLAG_COUNT), "");
}

static void without_dp(void **state)
{
    (void)state;
    char buffer[400];
    tc_request request = {0};
    tc_trade trade;
    tc_cost with, without;
    const tc_context context = {.today = {TC_DATE_MIN - 1}};
    request_of(&request, buffer, sizeof buffer, Z "product=delivery side=sell quantity=10 price=100");
    assert_int_equal(tc_resolve(&trade, NULL, tc_book_builtin(), &request, &context), TC_OK);
    for (int level = TC_EXACT; level <= TC_NOTE; level += TC_NOTE) {
        assert_int_equal(tc_quote(&with, NULL, tc_book_builtin(), &trade, &(tc_options){(tc_level)level, false}), TC_OK);
        assert_int_equal(tc_quote(&without, NULL, tc_book_builtin(), &trade, &(tc_options){(tc_level)level, true}), TC_OK);
        assert_int_equal(without.charge[TC_DP_CHARGE].nanos, 0);
        assert_int_equal(with.note_total.nanos, without.total.nanos);
        assert_int_equal(with.total.nanos - without.total.nanos, rupees("15.34"));
    }
}

static void explained(void **state) /* the lines are the cost, and each names a rule of that day */
{
    (void)state;
    const tc_book *book = tc_book_builtin();
    for (size_t i = 0; i < COUNT(quotes); i++) {
        char buffer[400];
        tc_request request = {0};
        tc_trade trade;
        tc_cost cost, plain;
        tc_line lines[TC_LINES_MAX];
        size_t count = 0;
        const tc_context context = {.today = {TC_DATE_MIN - 1}};
        const tc_options options = {quotes[i].level, false};
        int64_t sum[TC_CHARGE_COUNT] = {0};
        request_of(&request, buffer, sizeof buffer, quotes[i].order);
        assert_int_equal(tc_resolve(&trade, NULL, book, &request, &context), TC_OK);
        assert_int_equal(tc_explain(&cost, lines, &count, NULL, book, &trade, &options), TC_OK);
        assert_int_equal(tc_quote(&plain, NULL, book, &trade, &options), TC_OK);
        assert_memory_equal(&cost.charge, &plain.charge, sizeof cost.charge);
        assert_int_equal(cost.total.nanos, plain.total.nanos);
        assert_in_range(count, 1, TC_LINES_MAX);
        for (size_t l = 0; l < count; l++) {
            tc_rule_info rule = tc_book_rule(book, lines[l].rule);
            assert_int_equal(rule.charge, lines[l].charge);
            assert_true(rule.from.day <= trade.date.day && trade.date.day < rule.until.day);
            assert_true(*rule.ref != '\0');
            sum[lines[l].charge] += lines[l].amount.nanos;
        }
        for (int c = 0; c < TC_CHARGE_COUNT; c++)
            if (cost.known >> c & 1) assert_int_equal(sum[c], cost.charge[c].nanos);
    }
}

/* --- days ------------------------------------------------------------------------ */

struct priced { tc_day *day; const tc_fill_cost *costs; tc_cost provisional[64]; };

static struct priced price_of(const char *const *lines, size_t count, tc_level level)
{
    struct priced p = {0};
    tc_error error;
    const tc_options options = {level, false};
    assert_int_equal(tc_day_new(&p.day, tc_book_builtin()), TC_OK);
    for (size_t i = 0; i < count; i++) {
        tc_fill fill;
        if (fill_of(&fill, &error, tc_book_builtin(), lines[i]) != TC_OK) fail_msg("%s: %s", lines[i], error.message);
        tc_day_add(p.day, &p.provisional[i], &error, &fill);
    }
    if (tc_day_price(p.day, &p.costs, &error, &options) != TC_OK) fail_msg("%s", error.message);
    assert_int_equal(tc_day_count(p.day), count);
    return p;
}

#define ZI Z "symbol=AAA product=intraday "
#define ZD Z "symbol=AAA isin=INE000A01010 product=delivery "
#define BSE_D "broker=zerodha exchange=BSE series=A date=2026-04-02 state=MH symbol=AAA isin=INE000A01010 product=delivery "
#define GD "broker=groww exchange=NSE date=2026-04-02 state=MH symbol=AAA isin=INE000A01010 product=delivery "
#define ID "broker=icici exchange=NSE date=2026-04-02 state=MH symbol=AAA isin=INE000A01010 product=delivery depository=nsdl "

/* Amounts of one charge, fill by fill; at level exact "p:" asks for the provisional ones. */
static const struct { const char *name, *charge; tc_level level; bool provisional; const char *fills[4], *rupees[4]; } days[] = {
    {"the cap is one an order: 36 of 0.03% is 20", "brokerage", TC_EXACT, false,
     {ZI "order_id=1 time=10:00:00 side=sell quantity=100 price=400", ZI "order_id=1 time=10:00:01 side=sell quantity=100 price=400", ZI "order_id=1 time=10:00:02 side=sell quantity=100 price=400"},
     {"6.666666667", "6.666666667", "6.666666666"}},
    {"provisional: 12, then what is left to the cap", "brokerage", TC_EXACT, true,
     {ZI "order_id=1 side=sell quantity=100 price=400", ZI "order_id=1 side=sell quantity=100 price=400", ZI "order_id=1 side=sell quantity=100 price=400"},
     {"12", "8", "0"}},
    {"on a note in paise", "brokerage", TC_NOTE, false,
     {ZI "order_id=1 time=10:00:00 side=sell quantity=100 price=400", ZI "order_id=1 time=10:00:01 side=sell quantity=100 price=400", ZI "order_id=1 time=10:00:02 side=sell quantity=100 price=400"},
     {"6.67", "6.67", "6.66"}},
    {"ties go to the earlier, whatever came first", "brokerage", TC_NOTE, false,
     {ZI "order_id=1 time=10:00:02 side=sell quantity=100 price=400", ZI "order_id=1 time=10:00:01 side=sell quantity=100 price=400", ZI "order_id=1 time=10:00:00 side=sell quantity=100 price=400"},
     {"6.66", "6.67", "6.67"}},
    {"then to the smaller fill id", "brokerage", TC_NOTE, false,
     {ZI "order_id=1 fill_id=c side=sell quantity=100 price=400", ZI "order_id=1 fill_id=b side=sell quantity=100 price=400", ZI "order_id=1 fill_id=a side=sell quantity=100 price=400"},
     {"6.66", "6.67", "6.67"}},
    {"without order ids each is an order", "brokerage", TC_NOTE, false,
     {ZI "side=sell quantity=100 price=400", ZI "side=sell quantity=100 price=400"}, {"12", "12"}},
    {"orders of one number on two exchanges are two", "brokerage", TC_NOTE, false,
     {ZI "order_id=1 side=sell quantity=100 price=1000", "broker=zerodha exchange=BSE date=2026-04-02 state=MH symbol=AAA product=intraday order_id=1 side=sell quantity=100 price=1000"}, {"20", "20"}},
    {"clients apart", "brokerage", TC_NOTE, false,
     {ZI "client=x order_id=1 side=sell quantity=100 price=1000", ZI "client=y order_id=1 side=sell quantity=100 price=1000"}, {"20", "20"}},
    {"a minimum is one an order: max(5, 0.1%) of 4000 in two", "brokerage", TC_EXACT, false,
     {GD "order_id=1 side=buy quantity=10 price=100", GD "order_id=1 side=buy quantity=10 price=300"}, {"1.25", "3.75"}},
    {"provisional minimum: the first bears it", "brokerage", TC_EXACT, true,
     {GD "order_id=1 side=buy quantity=10 price=100", GD "order_id=1 side=buy quantity=10 price=300"}, {"5", "0"}},
    {"the tax of a matched day: 500 x 102.5 x 0.025% = 12.8125", "transaction_tax", TC_NOTE, false,
     {ZI "time=10:00:00 side=buy quantity=500 price=100", ZI "time=11:00:00 side=sell quantity=500 price=105"}, {"0", "13"}},
    {"exact: each its own turnover", "transaction_tax", TC_EXACT, false,
     {ZI "side=buy quantity=500 price=100", ZI "side=sell quantity=500 price=105"}, {"0", "13.125"}},
    {"a tax below half a rupee is none", "transaction_tax", TC_NOTE, false,
     {ZI "side=buy quantity=16 price=100", ZI "side=sell quantity=16 price=100"}, {"0", "0"}},
    {"DP once an ISIN and day, over both exchanges", "dp_charge", TC_EXACT, false,
     {ZD "time=10:00:00 side=sell quantity=100 price=100", BSE_D "time=11:00:00 side=sell quantity=100 price=100"}, {"7.67", "7.67"}},
    {"DP by quantity", "dp_charge", TC_EXACT, false,
     {ZD "time=10:00:00 side=sell quantity=300 price=100", ZD "time=11:00:00 side=sell quantity=100 price=100"}, {"11.505", "3.835"}},
    {"no DP where as much is bought", "dp_charge", TC_EXACT, false,
     {ZD "time=10:00:00 side=buy quantity=100 price=100", ZD "time=11:00:00 side=sell quantity=100 price=100"}, {"0", "0"}},
    {"DP of each order at Groww", "dp_charge", TC_EXACT, false,
     {GD "order_id=1 side=sell quantity=100 price=100", GD "order_id=2 side=sell quantity=100 price=100"}, {"23.6", "23.6"}},
    {"DP first and later at ICICI: 20 and 4.50", "dp_charge", TC_EXACT, false,
     {ID "order_id=2 time=11:00:00 side=sell quantity=100 price=100", ID "order_id=1 time=10:00:00 side=sell quantity=100 price=100"}, {"5.31", "23.6"}},
    {"stamp duty once a note: 1.50 and 1.50 make 3", "stamp_duty", TC_NOTE, false,
     {ZI "time=10:00:00 side=buy quantity=100 price=100", Z "symbol=BBB product=intraday time=11:00:00 side=buy quantity=100 price=100"}, {"1.5", "1.5"}},
    {"the paisa of a note of deliveries", "brokerage", TC_NOTE, false,
     {ZD "time=10:00:00 side=buy quantity=100 price=100", Z "symbol=BBB product=delivery time=11:00:00 side=buy quantity=100 price=100"}, {"0.01", "0"}}};

static void days_by_hand(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT(days); i++) {
        size_t count = 0;
        while (count < 4 && days[i].fills[count]) count++;
        struct priced p = price_of(days[i].fills, count, days[i].level);
        for (size_t f = 0; f < count; f++) {
            assert_int_equal(p.costs[f].status, TC_OK);
            int64_t got = amount_of(days[i].provisional ? &p.provisional[f] : &p.costs[f].cost, days[i].charge);
            if (got == rupees(days[i].rupees[f])) continue;
            failed++;
            print_error("%s: fill %zu has %lld nanos, not %s\n", days[i].name, f, (long long)got, days[i].rupees[f]);
        }
        tc_day_free(p.day);
    }
    assert_int_equal(failed, 0);
}

static void inferred_products(void **state) /* the first 60 of each side are within the day, 40 are delivered */
{
    (void)state;
    static const char *const fills[] = {
        Z "symbol=AAA time=09:30:00 side=buy quantity=50 price=100", Z "symbol=AAA time=10:00:00 side=buy quantity=50 price=100",
        Z "symbol=AAA time=11:00:00 side=sell quantity=60 price=100", Z "symbol=BBB series=BE time=09:30:00 side=buy quantity=5 price=10",
        Z "symbol=BBB series=BE time=09:31:00 side=sell quantity=5 price=10"};
    static const struct { uint8_t product; int64_t delivered; } expected[] = {
        {TC_INTRADAY, 0}, {TC_MIXED, 40}, {TC_INTRADAY, 0}, {TC_DELIVERY, 5}, {TC_DELIVERY, 5}};
    struct priced p = price_of(fills, COUNT(fills), TC_EXACT);
    for (size_t i = 0; i < COUNT(fills); i++) {
        assert_int_equal(p.costs[i].product, expected[i].product);
        assert_int_equal(p.costs[i].delivery_quantity.micros, expected[i].delivered * TC_MICROS_PER_RUPEE);
        assert_true(p.costs[i].cost.flags & TC_FLAG_PRODUCT_INFERRED);
        assert_true(p.costs[i].cost.flags & TC_FLAG_ORDER_ASSUMED);
    }
    /* 10 of the second fill are within the day (nothing on a buy), 40 delivered at 0.1% */
    assert_int_equal(p.costs[1].cost.charge[TC_TRANSACTION_TAX].nanos, rupees("4"));
    tc_day_free(p.day);
}

static void days_that_are_refused(void **state)
{
    (void)state;
    tc_day *day;
    tc_fill fill, other;
    tc_error error;
    tc_cost provisional;
    const tc_fill_cost *costs = NULL;
    const tc_options exact = {TC_EXACT, false}, api = {TC_API_LEVEL, false};
    tc_day_free(NULL);
    assert_int_equal(tc_day_new(&day, tc_book_builtin()), TC_OK);
    assert_int_equal(tc_day_price(day, &costs, &error, &exact), TC_OK); /* nothing to price */
    assert_int_equal(tc_day_count(day), 0);
    assert_int_equal(fill_of(&fill, &error, tc_book_builtin(), ZI "order_id=1 side=sell quantity=100 price=400"), TC_OK);
    assert_int_equal(tc_day_add(day, NULL, NULL, &fill), TC_OK);
    other = fill;
    other.trade.date.day++;
    assert_int_equal(tc_day_add(day, &provisional, &error, &other), TC_BAD_DATE);
    assert_int_equal(tc_day_count(day), 1);
    assert_int_equal(tc_day_price(day, &costs, &error, &api), TC_BAD_VALUE);
    /* a fill of what the broker does not offer is refused, the others are priced */
    assert_int_equal(fill_of(&other, &error, tc_book_builtin(), Z "symbol=BBB series=BE product=intraday side=buy quantity=1 price=1"), TC_OK);
    assert_int_equal(tc_day_add(day, &provisional, &error, &other), TC_IMPOSSIBLE);
    assert_true(*error.message != '\0');
    assert_int_equal(tc_day_count(day), 2);
    assert_int_equal(tc_day_price(day, &costs, &error, &exact), TC_OK);
    assert_int_equal(costs[0].status, TC_OK);
    assert_int_equal(costs[0].cost.charge[TC_BROKERAGE].nanos, rupees("12"));
    assert_int_equal(costs[1].status, TC_IMPOSSIBLE);
    assert_non_null(costs[1].reason);
    assert_int_equal(costs[1].cost.total.nanos, 0);
    tc_day_reset(day);
    assert_int_equal(tc_day_count(day), 0);
    other = fill;
    other.trade.date.day++; /* a day that was reset takes another date */
    assert_int_equal(tc_day_add(day, &provisional, &error, &other), TC_OK);
    assert_int_equal(tc_day_price(day, &costs, &error, &exact), TC_OK);
    assert_int_equal(costs[0].cost.charge[TC_BROKERAGE].nanos, rupees("12"));
    tc_day_free(day);
}

static void own_brokerage(void **state)
{
    (void)state;
    static const struct { const char *expression, *order, *rupees; } good[] = {
        {"0.1%", "quantity=100 price=100", "10"}, {"20", "quantity=100 price=100", "20"}, {"min(0.03%,20)", "quantity=100 price=100", "3"},
        {"min(0.03%,20)", "quantity=1000 price=1000", "20"}, {"max(0.03%, 20)", "quantity=100 price=100", "20"},
        {"min(2.5%,max(0.1%,5))", "quantity=1 price=100", "2.5"}, {" 0 ", "quantity=1 price=1", "0"}, {"0.0001%", "quantity=1 price=1", "0.000001"}};
    static const char *const bad[] = {"", "abc", "-1", "0.1%%", "min(1)", "min(1,2", "min(1,2)x", "1 2", "1e3", "min(min(min(min(min(min(1,2),2),2),2),2),2)", "99999999999999999999"};
    for (size_t i = 0; i < COUNT(good); i++) {
        tc_book *book;
        tc_cost cost;
        tc_error error;
        char order[200];
        if (tc_book_with_brokerage(&book, &error, tc_book_builtin(), good[i].expression) != TC_OK) fail_msg("%s: %s", good[i].expression, error.message);
        snprintf(order, sizeof order, "broker=custom exchange=NSE date=2026-04-02 product=intraday side=buy %s", good[i].order);
        assert_int_equal(quote_of(&cost, &error, book, order, TC_EXACT), TC_OK);
        assert_int_equal(cost.charge[TC_BROKERAGE].nanos, rupees(good[i].rupees));
        assert_string_not_equal(tc_book_digest(book), tc_book_digest(tc_book_builtin()));
        tc_book_free(book);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        tc_book *book = NULL;
        tc_error error;
        if (tc_book_with_brokerage(&book, &error, tc_book_builtin(), bad[i]) != TC_BAD_NUMBER || book) fail_msg("%s is taken", bad[i]);
    }
    tc_book_free(NULL);
    tc_book_free((tc_book *)(uintptr_t)tc_book_builtin()); /* a no-op */
    tc_cost cost;
    assert_int_equal(quote_of(&cost, NULL, tc_book_builtin(), Z "product=delivery side=buy quantity=1 price=1", TC_EXACT), TC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders), cmocka_unit_test(refused_orders), cmocka_unit_test(unknown_lines), cmocka_unit_test(flags),
        cmocka_unit_test(without_dp), cmocka_unit_test(explained), cmocka_unit_test(days_by_hand), cmocka_unit_test(inferred_products),
        cmocka_unit_test(days_that_are_refused), cmocka_unit_test(own_brokerage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
