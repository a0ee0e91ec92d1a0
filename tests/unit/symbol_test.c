#define _POSIX_C_SOURCE 200809L
#include "io_test.h"

#include "io/symbol.h"

static const struct {
    const char *symbol, *underlying, *expiry, *strike, *type;
} symbols[] = {
    {"NIFTY25N2024000CE", "NIFTY", "2025-11-20", "24000", "CE"},
    {"NIFTY2540323750CE", "NIFTY", "2025-04-03", "23750", "CE"},
    {"SENSEX25O0984000PE", "SENSEX", "2025-10-09", "84000", "PE"},
    {"BANKNIFTY24D0452000PE", "BANKNIFTY", "2024-12-04", "52000", "PE"},
    {"NIFTY25NOV24000CE", "NIFTY", "2025-11", "24000", "CE"},
    {"NIFTY25JAN24000CE", "NIFTY", "2025-01", "24000", "CE"},
    {"CDSL26SEP1400CE", "CDSL", "2026-09", "1400", "CE"},
    {"M&M25NOV3000PE", "M&M", "2025-11", "3000", "PE"},
    {"BAJAJ-AUTO25NOV9000CE", "BAJAJ-AUTO", "2025-11", "9000", "CE"},
    {"NIFTYNXT5025NOV65000CE", "NIFTYNXT50", "2025-11", "65000", "CE"},
    {"360ONE25NOV1000CE", "360ONE", "2025-11", "1000", "CE"},
    {"USDINR25NOV84.5CE", "USDINR", "2025-11", "84.5", "CE"},
    {"TATASTEEL25NOV172.5CE", "TATASTEEL", "2025-11", "172.5", "CE"},
    {"NSE:NIFTY25N2024000CE", "NIFTY", "2025-11-20", "24000", "CE"},
    {"NIFTY25JULFUT", "NIFTY", "2025-07", "", ""},
    {"GOLDPETAL23JULFUT", "GOLDPETAL", "2023-07", "", ""},
    {"USDINR25404FUT", "USDINR", "2025-04-04", "", ""},
    {"RELIANCE", NULL, NULL, NULL, NULL},
    {"PRICE", NULL, NULL, NULL, NULL},
    {"SUZLON", NULL, NULL, NULL, NULL},
    {"ACE25CE", NULL, NULL, NULL, NULL},
    {"NIFTY25FEBCE", NULL, NULL, NULL, NULL},
    {"NIFTY25XYZ24000CE", NULL, NULL, NULL, NULL},
    {"25NOV24000CE", NULL, NULL, NULL, NULL},
    {"NIFTY25N3124000CE", NULL, NULL, NULL, NULL}, /* there is no November 31 */
    {"NIFTY25NOV0CE", NULL, NULL, NULL, NULL},
    {"NIFTY25NOV1.2.3CE", NULL, NULL, NULL, NULL},
    {"NIFTYFUT", NULL, NULL, NULL, NULL},
    {"99999FUT", NULL, NULL, NULL, NULL},
    {"", NULL, NULL, NULL, NULL},
};

static void check(const tc_contract *contract, const char *underlying, const char *expiry, const char *strike,
                  const char *type)
{
    char day[TC_DATE_TEXT_SIZE];
    snprintf(day, sizeof day, "%04d-%02d", contract->expiry_year, contract->expiry_month);
    if (contract->expiry_known) tc_date_format(day, contract->expiry);
    assert_true(tc_text_is(contract->underlying, underlying));
    assert_string_equal(day, expiry);
    assert_true(tc_text_is(contract->strike, strike));
    assert_true(tc_text_is(contract->option_type, type));
    assert_string_equal(contract->instrument, *type ? "option" : "future");
}

static void test_symbols(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(symbols); i++) {
        tc_contract contract;
        bool parsed = tc_symbol_parse(&contract, tc_text_of(symbols[i].symbol));
        if (parsed != (symbols[i].underlying != NULL)) print_message("%s\n", symbols[i].symbol);
        assert_int_equal(parsed, symbols[i].underlying != NULL);
        if (parsed) check(&contract, symbols[i].underlying, symbols[i].expiry, symbols[i].strike, symbols[i].type);
    }
}

static const struct {
    const char *name, *underlying, *expiry, *strike, *type, *class, *symbol;
} names[] = {
    {"OPTIDX NIFTY Aug 25 2026 24150.00 PE (BT)", "NIFTY", "2026-08-25", "24150.00", "PE", "index", "NIFTY 2026-08-25 24150 PE"},
    {"OPTSTK ICICIBANK Sep 29 2026 1550.50 CE (BT)", "ICICIBANK", "2026-09-29", "1550.50", "CE", "stock", "ICICIBANK 2026-09-29 1550.5 CE"},
    {"BSXOPT SENSEX Aug 27 2026 77600.00 CE (BT)", "SENSEX", "2026-08-27", "77600.00", "CE", "index", "SENSEX 2026-08-27 77600 CE"},
    {"FUTIDX NIFTY Aug 25 2026", "NIFTY", "2026-08-25", "", "", "index", "NIFTY 2026-08-25 FUT"},
    {"OPT NIFTY 07 Apr 2026 23000 CE", "NIFTY", "2026-04-07", "23000", "CE", "", "NIFTY 2026-04-07 23000 CE"},
    {"FUT WIPRO 28 Apr 2026", "WIPRO", "2026-04-28", "", "", "", "WIPRO 2026-04-28 FUT"},
    {"OPT NIFTY 2026-04-07 23000 CE", NULL, NULL, NULL, NULL, NULL, NULL},
    {"OPT NIFTY 31 Apr 2026 23000 CE", NULL, NULL, NULL, NULL, NULL, NULL},
    {"OPT NIFTY 07 Apr 2026 x CE", NULL, NULL, NULL, NULL, NULL, NULL},
    {"OPT NIFTY 07 Apr 2026 23000", NULL, NULL, NULL, NULL, NULL, NULL},
    {"OPT", NULL, NULL, NULL, NULL, NULL, NULL},
    {"OPTIEMUS INFRACOM LTD", NULL, NULL, NULL, NULL, NULL, NULL},
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        tc_contract contract;
        bool parsed = tc_contract_parse(&contract, tc_text_of(names[i].name));
        assert_int_equal(parsed, names[i].underlying != NULL);
        if (!parsed) continue;
        char room[128];
        tc_scratch scratch = {room, sizeof room};
        check(&contract, names[i].underlying, names[i].expiry, names[i].strike, names[i].type);
        assert_string_equal(contract.class, names[i].class);
        tc_text symbol = tc_contract_symbol(&scratch, contract.underlying, tc_text_of(names[i].expiry), contract.strike,
                                            contract.option_type);
        assert_true(tc_text_is(symbol, names[i].symbol));
    }
    assert_false(tc_contract_claims(tc_text_of("OPTIEMUS INFRACOM LTD")));
    assert_true(tc_contract_claims(tc_text_of("OPTIDX NIFTY whatever")));
}

static void test_clean(void **state)
{
    (void)state;
    static const struct { const char *name, *symbol; } cases[] = {
        {"G M Breweries Ltd.", "G M BREWERIES LTD."}, {"  a  (b) / c  ", "A B C"}, {"***", ""},
        {"M&M", "M&M"}, {"caf\xC3\xA9", "CAF"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaZZZZ",
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char room[128];
        tc_scratch scratch = {room, sizeof room};
        assert_true(tc_text_is(tc_symbol_clean(&scratch, tc_text_of(cases[i].name)), cases[i].symbol));
    }
}

/* Texts that end where their memory ends: a sanitizer sees any look behind. */
static void test_bounds(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(symbols); i++) {
        size_t size = strlen(symbols[i].symbol);
        for (size_t part = 0; part <= size; part++) {
            char *copy = malloc(part + (part == 0));
            memcpy(copy, symbols[i].symbol, part);
            tc_contract contract;
            (void)tc_symbol_parse(&contract, (tc_text){copy, part});
            free(copy);
        }
    }
    for (size_t i = 0; i < COUNT(names); i++) {
        for (size_t part = 0; part <= strlen(names[i].name); part++) {
            char *copy = malloc(part + (part == 0));
            memcpy(copy, names[i].name, part);
            tc_contract contract;
            (void)tc_contract_parse(&contract, (tc_text){copy, part});
            free(copy);
        }
    }
}

static const struct { const char *text, *moment; } moments[] = {
    {"2026-04-01", "2026-04-01"},
    {"01-04-2026", "2026-04-01"},
    {"1-4-2026", "2026-04-01"},
    {"28-Jul-26", "2026-07-28"},
    {"28-JUL-2026", "2026-07-28"},
    {"06 Jul 2026 00:00:00", "2026-07-06T00:00:00"},
    {"06 July 2026", "2026-07-06"},
    {"25 Aug 2026, 03:20:21 PM", "2026-08-25T15:20:21"},
    {"25 Aug 2026, 12:00:00 AM", "2026-08-25T00:00:00"},
    {"25 Aug 2026, 12:00:00 PM", "2026-08-25T12:00:00"},
    {"11-04-2025 10:43 AM", "2025-04-11T10:43:00"},
    {"01-04-2026 00:00", "2026-04-01T00:00:00"},
    {"2025-06-09T10:22:33", "2025-06-09T10:22:33"},
    {"2025-06-09 10:22:33.5", "2025-06-09T10:22:33.5"},
    {"2025-06-09T10:22:33.123456789", "2025-06-09T10:22:33.123456"},
    {"2025-06-09T10:22:33Z", "2025-06-09T15:52:33"},
    {"2025-06-09T20:00:00Z", "2025-06-10T01:30:00"},
    {"2025-06-09T10:22:33+05:30", "2025-06-09T10:22:33"},
    {"2025-06-09T10:22:33+0530", "2025-06-09T10:22:33"},
    {"2025-06-10T00:00:00+08:00", "2025-06-09T21:30:00"},
    {"2025-06-09 10:22:33 IST", "2025-06-09T10:22:33"},
    {"11:52:13", "11:52:13"},
    {"9:15", "09:15:00"},
    {"46113", "2026-04-01"},
    {"46113.46837962963", "2026-04-01T11:14:28"},
    {"46113.999999999999", "2026-04-02T00:00:00"},
    {"2024-02-29", "2024-02-29"},
    {"2023-02-29", NULL},
    {"8/27/2026", NULL},
    {"08/07/2026", NULL},
    {"13-13-2026", NULL},
    {"01-04-26", NULL},
    {"2026-4-1", NULL},
    {"2026-04-01x", NULL},
    {"2026-04-01 25:00:00", NULL},
    {"2026-04-01 10:60:00", NULL},
    {"2026-04-01 13:00:00 PM", NULL},
    {"2026-04-01 10:00:00 EST", NULL},
    {"10:00:00Z", NULL},
    {"28-Foo-26", NULL},
    {"", NULL},
    {"-", NULL},
    {"20260401", NULL},
    {"9999-12-31T23:00:00Z", NULL},
};

static void test_moments(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(moments); i++) {
        tc_moment moment;
        char text[TC_MOMENT_TEXT_SIZE];
        tc_status status = tc_moment_read(&moment, tc_text_of(moments[i].text), false);
        if ((status == TC_OK) != (moments[i].moment != NULL)) print_message("%s\n", moments[i].text);
        assert_int_equal(status == TC_OK, moments[i].moment != NULL);
        if (status != TC_OK) continue;
        assert_int_equal(tc_moment_format(text, &moment), strlen(moments[i].moment));
        assert_string_equal(text, moments[i].moment);
    }
}

static const struct { const char *text, *plain; } numbers[] = {
    {"5", "5"}, {"-5", "-5"}, {"+5", "5"}, {"1,52,250.00", "152250.00"}, {"1,450.00", "1450.00"},
    {"1,234,567.5", "1234567.5"}, {"(20419.25)", "-20419.25"}, {"( 1,000.5 )", "-1000.5"}, {" 7 ", "7"},
    {"67.500000", "67.500000"}, {"333.3333335", "333.333334"}, {"333.3333334999", "333.333333"}, {".5", ".5"},
    {"12,50", NULL}, {"1.234,56", NULL}, {"1,2345", NULL}, {",500", NULL}, {"1,,500", NULL}, {"2.2E+15", NULL},
    {"abc", NULL}, {"", NULL}, {"-", NULL}, {"--5", NULL}, {"(-5)", NULL}, {"1.2.3", NULL}, {"5 6", NULL},
    {"99999999999999999999.99999999", NULL}, {"0x10", NULL},
};

static void test_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char room[64];
        tc_scratch scratch = {room, sizeof room};
        tc_text plain;
        tc_status status = tc_number_read(&plain, &scratch, tc_text_of(numbers[i].text), 6);
        if ((status == TC_OK) != (numbers[i].plain != NULL)) print_message("%s\n", numbers[i].text);
        assert_int_equal(status == TC_OK, numbers[i].plain != NULL);
        if (status == TC_OK) assert_true(tc_text_is(plain, numbers[i].plain));
    }
}

static void test_ids(void **state)
{
    (void)state;
    assert_true(tc_id_is_destroyed(tc_text_of("2.2E+15")));
    assert_true(tc_id_is_destroyed(tc_text_of("1e15")));
    assert_false(tc_id_is_destroyed(tc_text_of("2200000000000001")));
    assert_false(tc_id_is_destroyed(tc_text_of("20260728T700028773")));
    assert_false(tc_id_is_destroyed(tc_text_of("2E")));
    assert_false(tc_id_is_destroyed(tc_text_of("E+15")));
    assert_false(tc_id_is_destroyed(tc_text_of("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbols), cmocka_unit_test(test_names),   cmocka_unit_test(test_clean),
        cmocka_unit_test(test_bounds),  cmocka_unit_test(test_moments), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
