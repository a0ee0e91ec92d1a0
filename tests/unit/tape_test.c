/* Ticks as they are read, and what one pass over them answers. */
#include <math.h>

#include "analysis/tape.h"
#include "analysis/ticks.h"
#include "bytes.h"
#include "test.h"

static tc_ticks *open_ticks(byte_source *from, const char *text, tc_tick_kind kind)
{
    tc_ticks *ticks;
    tc_error error;
    *from = (byte_source){text, strlen(text), 5};
    if (tc_ticks_open(&ticks, &error, kind, source_read, from) != TC_OK) fail_msg("%s", error.message);
    return ticks;
}

static const tc_tick_row *next_row(tc_ticks *ticks)
{
    const tc_tick_row *row;
    tc_error error;
    assert_int_equal(tc_ticks_next(ticks, &row, &error), TC_OK);
    return row;
}

/* 2024-08-06T09:15 in India is 03:45 UTC: 1722915900 seconds since 1970. */
#define OPENED INT64_C(1722915900000000)
#define SECOND INT64_C(1000000)

/* All spellings of one instant. */
static void times(void **state)
{
    (void)state;
    byte_source from;
    tc_ticks *ticks = open_ticks(&from,
                                 "time,price,quantity\n"
                                 "2024-08-06T09:15:00,1,1\n2024-08-06 09:15:00.000000,1,1\n2024-08-06T03:45:00Z,1,1\n2024-08-06T09:15,1,1\r\n"
                                 "1722915900,1,1\n1722915900.0,1,1\n1722915900000,1,1\n1722915900000000,1,1\n1722915900000000000,1,1\n\n"
                                 "2024-08-06T03:45:00+00:00,1,1\n 2024-08-06T09:15:00 ,1,1",
                                 TC_TRADES);
    const tc_tick_row *row;
    int rows = 0;
    for (; (row = next_row(ticks)); rows++) {
        if (row->status != TC_OK || row->time != OPENED) fail_msg("line %u", row->line);
    }
    assert_int_equal(rows, 11);
    tc_ticks_close(ticks);
    ticks = open_ticks(&from, "date,time,price,quantity\n06-08-2024,09:15:01.5,1,1\n2024-08-06,09:15,1,1\n", TC_TRADES);
    assert_int_equal(next_row(ticks)->time, OPENED + 3 * SECOND / 2);
    assert_int_equal(next_row(ticks)->time, OPENED);
    assert_null(next_row(ticks));
    tc_ticks_close(ticks);
}

static void refused_rows(void **state)
{
    (void)state;
    static const struct { const char *line; tc_status status; } rows[] = {
        {"2024-08-06T25:15:00,1,2", TC_BAD_DATE}, {"09:15:00,1,2", TC_BAD_DATE}, {"08/06/2024 09:15,1,2", TC_BAD_DATE},
        {"172291590000000000,1,2", TC_BAD_DATE}, {",1,2", TC_BAD_DATE}, {"1722915900,x,2", TC_BAD_NUMBER}, {"1722915900,1e999,2", TC_BAD_NUMBER},
        {"1722915900,nan,2", TC_BAD_NUMBER}, {"1722915900,1", TC_BAD_ROW}, {"1722915900,2,1", TC_BAD_MARKET}, {"1722915900,-1,1", TC_BAD_MARKET}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[120];
        byte_source from;
        snprintf(text, sizeof text, "time,bid,ask\n%s\n1722915900,1,2\n", rows[i].line);
        tc_ticks *ticks = open_ticks(&from, text, TC_QUOTES);
        const tc_tick_row *row = next_row(ticks);
        if (row->status != rows[i].status) fail_msg("%s: %d", rows[i].line, row->status);
        assert_int_equal(next_row(ticks)->status, TC_OK); /* the rest is still read */
        tc_ticks_close(ticks);
    }
}

static void numbers_as_strtod(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        char number[40], text[140];
        byte_source from;
        uint64_t digits = next_random(&seed) >> next_random(&seed) % 64;
        unsigned point = (unsigned)(next_random(&seed) % 9);
        snprintf(number, sizeof number, "%llu.%0*llu", (unsigned long long)(digits % 100000000), (int)point, (unsigned long long)(digits >> 40));
        snprintf(text, sizeof text, "time,price,quantity\n1722915900,9%s,%s\n", number, number);
        tc_ticks *ticks = open_ticks(&from, text, TC_TRADES);
        const tc_tick_row *row = next_row(ticks);
        assert_int_equal(row->status, TC_OK);
        assert_true(row->quantity == strtod(number, NULL));
        tc_ticks_close(ticks);
    }
}

/* NSE's own header and blanks; value in lakhs. */
static void bhavcopy(void **state)
{
    (void)state;
    byte_source from;
    tc_ticks *ticks = open_ticks(&from,
                                 "SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, TURNOVER_LACS\n"
                                 "INFY, EQ, 01-Jul-2024, 1566.75, 1559.50, 1599.90, 1559.50, 1586.00, 1590.80, 1588.60, 6801771, 108052.77\n",
                                 TC_BARS);
    const tc_tick_row *row = next_row(ticks);
    assert_true(row->status == TC_OK && row->whole_day && tc_ticks_has_symbol(ticks));
    assert_int_equal(tc_day_of_time(row->time), 19905);
    assert_true(row->open == 1559.5 && row->close == 1590.8 && row->previous_close == 1566.75 && row->average == 1588.6);
    assert_true(row->volume == 6801771 && fabs(row->turnover - 10805277000) < 1);
    assert_memory_equal(row->series.data, "EQ", 2);
    tc_ticks_close(ticks);
}

static void headers(void **state)
{
    (void)state;
    static const struct { const char *text, *field; tc_tick_kind kind; } rows[] = {
        {"time,bid\n", "ask", TC_QUOTES}, {"bid,ask\n", "time", TC_QUOTES}, {"", "", TC_TRADES}, {"time,price\n", "quantity", TC_TRADES},
        {"symbol,open,high,low,close\n", "time", TC_BARS}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        byte_source from = {rows[i].text, strlen(rows[i].text), 3};
        tc_ticks *ticks;
        tc_error error = {0};
        assert_int_equal(tc_ticks_open(&ticks, &error, rows[i].kind, source_read, &from), TC_BAD_FORMAT);
        assert_string_equal(error.field, rows[i].field);
    }
}

/* --- The tape. --- */

static void quotes_as_of(void **state)
{
    (void)state;
    tc_sight s[] = {{.time = OPENED + 5 * SECOND}, {.time = OPENED}, {.time = OPENED - 1}, {.time = OPENED + 9 * SECOND, .inside = true},
                    {.time = OPENED + 10 * SECOND, .inside = true}, {.time = OPENED + 11 * SECOND, .inside = true}, {.time = OPENED + 11 * SECOND},
                    {.time = OPENED + TC_DAY_MICROS}, {.time = INT64_MIN}};
    for (uint32_t i = 0; i < COUNT(s); i++) s[i].id = i;
    tc_tape tape;
    tc_tape_begin(&tape, s, COUNT(s), NULL, 0);
    const tc_quote_tick ticks[] = {{OPENED, 99, 101, 1, 1}, {OPENED, 100, 102, 1, 1}, {OPENED + 5 * SECOND + 1, 101, 103, 1, 1}, {OPENED + 10 * SECOND, 102, 104, 1, 1}};
    for (size_t i = 0; i < COUNT(ticks); i++) assert_true(tc_tape_quote(&tape, &ticks[i]));
    assert_false(tc_tape_quote(&tape, &ticks[0])); /* back in time */
    tc_tape_end(&tape);
    const double bid[] = {100, 100, NAN, 101, 102, NAN, 102, NAN, NAN};
    for (size_t i = 0; i < COUNT(s); i++) {
        double wanted = bid[s[i].id];
        if (isnan(wanted) ? !isnan(s[i].bid) : s[i].bid != wanted) fail_msg("sight %u: %g", s[i].id, s[i].bid);
    }
}

/* Mid 100 for 4 s, 102 for 6 s: (400 + 612)/10 = 101.2. */
static void twap_by_hand(void **state)
{
    (void)state;
    tc_sight s[] = {{.time = OPENED}, {.time = OPENED + 10 * SECOND}};
    tc_tape tape;
    tc_tape_begin(&tape, s, 2, NULL, 0);
    assert_true(tc_tape_quote(&tape, &(tc_quote_tick){OPENED - SECOND, 99, 101, 1, 1}));
    assert_true(tc_tape_quote(&tape, &(tc_quote_tick){OPENED + 4 * SECOND, 101, 103, 1, 1}));
    tc_tape_end(&tape);
    assert_true(fabs(tc_stood_mean(s[0].quoted, s[1].quoted) - 101.2) < 1e-12);
    assert_true(isnan(tc_stood_mean(s[0].traded, s[1].traded)));
}

/* 10 at 100, 20 at 101, 30 at 99, 40 at 102; the stretch holds the middle two. */
static void stretches_by_hand(void **state)
{
    (void)state;
    tc_stretch s[] = {{.from = OPENED + SECOND, .to = OPENED + 2 * SECOND, .average = 100, .target = 60, .id = 7}};
    tc_tape tape;
    tc_tape_begin(&tape, NULL, 0, s, 1);
    const tc_trade_tick trades[] = {{OPENED, 100, 10}, {OPENED + SECOND, 101, 20}, {OPENED + 2 * SECOND, 99, 30}, {OPENED + 3 * SECOND, 102, 40}};
    for (size_t i = 0; i < COUNT(trades); i++) assert_true(tc_tape_trade(&tape, &trades[i]));
    tc_tape_end(&tape);
    assert_true(s->volume == 50 && s->value == 20 * 101 + 30 * 99 && s->above == 20 && s->below == 30);
    assert_true(s->first_value == 20 * 101 + 30 * 99 + 10 * 102); /* the last trade as far as it is needed */
    assert_true(tape.active == NULL && tape.filling == NULL && s->id == 7);
}

static void bars_by_hand(void **state)
{
    (void)state;
    tc_sight sight[] = {{.time = OPENED + 30 * SECOND}, {.time = OPENED + 60 * SECOND}, {.time = OPENED + 90 * SECOND}};
    tc_stretch s[] = {{.from = OPENED + 30 * SECOND, .to = OPENED + 61 * SECOND, .average = NAN}};
    tc_tape tape;
    tc_tape_begin(&tape, sight, 3, s, 1);
    assert_true(tc_tape_bar(&tape, &(tc_bar){OPENED, 60, 100, 104, 98, 102, 1000}));
    assert_true(tc_tape_bar(&tape, &(tc_bar){OPENED + 60 * SECOND, 60, 102, 108, 102, 108, 500}));
    assert_false(tc_tape_bar(&tape, &(tc_bar){OPENED + 60 * SECOND, 60, 102, 108, 102, 108, 500})); /* twice */
    tc_tape_end(&tape);
    assert_true(isnan(sight[0].last) && sight[1].last == 102 && sight[2].last == 102); /* a close is known when the bar ends */
    assert_true(s->barred && s->volume == 1500 && fabs(s->value - (1000 * 304.0 / 3 + 500 * 318.0 / 3)) < 1e-9);
    assert_true(fabs(tc_stood_mean(sight[0].traded, sight[2].traded) - (101 * 30 + 105 * 30) / 60.0) < 1e-12);
}

/* Against a plain search: what was the last quote at or before a time, and never one after it. */
static void no_look_ahead(void **state)
{
    (void)state;
    enum { TICKS = 400, SIGHTS = 200 };
    uint64_t seed = 11;
    for (int n = 0; n < 50; n++) {
        tc_quote_tick tick[TICKS];
        tc_sight sight[SIGHTS];
        int64_t time = OPENED;
        for (int i = 0; i < TICKS; i++) tick[i] = (tc_quote_tick){time += (int64_t)(next_random(&seed) % 4) * SECOND, 100 + i, 101 + i, 1, 1};
        for (uint32_t i = 0; i < SIGHTS; i++) sight[i] = (tc_sight){.time = OPENED + (int64_t)(next_random(&seed) % 800) * SECOND, .id = i};
        tc_tape tape;
        tc_tape_begin(&tape, sight, SIGHTS, NULL, 0);
        for (int i = 0; i < TICKS; i++) assert_true(tc_tape_quote(&tape, &tick[i]));
        tc_tape_end(&tape);
        for (int i = 0; i < SIGHTS; i++) {
            double bid = NAN;
            for (int k = 0; k < TICKS && tick[k].time <= sight[i].time; k++) bid = tick[k].bid;
            if (isnan(bid) ? !isnan(sight[i].bid) : sight[i].bid != bid) fail_msg("sight %d", i);
        }
    }
}

/* Many overlapping stretches of any size, against a plain sum for each. */
static void first_shares(void **state)
{
    (void)state;
    enum { TRADES = 300, STRETCHES = 80 };
    uint64_t seed = 23;
    for (int n = 0; n < 40; n++) {
        tc_trade_tick trade[TRADES];
        tc_stretch s[STRETCHES];
        for (int i = 0; i < TRADES; i++)
            trade[i] = (tc_trade_tick){OPENED + i / 2 * SECOND, 100 + (double)(next_random(&seed) % 1000) / 20, (double)(1 + next_random(&seed) % 500)};
        for (uint32_t i = 0; i < STRETCHES; i++)
            s[i] = (tc_stretch){.from = OPENED + (int64_t)(next_random(&seed) % 160) * SECOND, .to = OPENED + (int64_t)(next_random(&seed) % 160) * SECOND,
                                .average = 120, .target = (double)(1 + next_random(&seed) % 30000), .id = i};
        tc_tape tape;
        tc_tape_begin(&tape, NULL, 0, s, STRETCHES);
        for (int i = 0; i < TRADES; i++) assert_true(tc_tape_trade(&tape, &trade[i]));
        tc_tape_end(&tape);
        for (int k = 0; k < STRETCHES; k++) {
            double volume = 0, value = 0, first = 0, first_value = 0;
            for (int i = 0; i < TRADES; i++) {
                if (trade[i].time < s[k].from) continue;
                double part = fmin(trade[i].quantity, s[k].target - first);
                first += part;
                first_value += part * trade[i].price;
                if (trade[i].time > s[k].to) continue;
                volume += trade[i].quantity;
                value += trade[i].quantity * trade[i].price;
            }
            assert_true(s[k].volume == volume && fabs(s[k].value - value) <= 1e-9 * value);
            assert_true(first < s[k].target ? isnan(s[k].first_value) : fabs(s[k].first_value - first_value) <= 1e-9 * first_value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times), cmocka_unit_test(refused_rows), cmocka_unit_test(numbers_as_strtod), cmocka_unit_test(bhavcopy),
        cmocka_unit_test(headers), cmocka_unit_test(quotes_as_of), cmocka_unit_test(twap_by_hand), cmocka_unit_test(stretches_by_hand),
        cmocka_unit_test(bars_by_hand), cmocka_unit_test(no_look_ahead),
        cmocka_unit_test(first_shares)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
