/* The as-of join against a plain search, in arrays and in chunks; and that it never looks ahead. */
#include "test.h"

#include "models/spread/join.h"

enum { QUOTES = 400, TIMES = 600 };

typedef struct {
    const tc_quote_tick *tick;
    size_t left, step;
} chunks;

static tc_status next_chunk(void *context, const tc_quote_tick **tick, size_t *count, tc_error *error)
{
    (void)error;
    chunks *from = context;
    *count = from->left < from->step ? from->left : from->step;
    *tick = from->tick;
    from->tick += *count;
    from->left -= *count;
    return TC_OK;
}

static void draw(tc_quote_tick *quote, int64_t *time, uint64_t *random)
{
    int64_t at = -50;
    for (int i = 0; i < QUOTES; i++) quote[i] = (tc_quote_tick){at += (int64_t)(next_random(random) % 6), i, i + 1, 1, 1};
    at = -80;
    for (int i = 0; i < TIMES; i++) time[i] = at += (int64_t)(next_random(random) % 4);
}

/* By looking at all of them; -1: none. */
static int last_before(const tc_quote_tick *quote, size_t count, int64_t time)
{
    int found = -1;
    for (size_t i = 0; i < count; i++)
        if (quote[i].time <= time) found = (int)i;
    return found;
}

static void agrees_with_a_search(void **state)
{
    (void)state;
    uint64_t random = 11;
    tc_quote_tick quote[QUOTES];
    int64_t time[TIMES];
    for (size_t round = 0; round < 40; round++) {
        draw(quote, time, &random);
        chunks from = {quote, QUOTES, round};
        tc_join join;
        int64_t reach = round % 3 ? (int64_t)round % 5 : TC_REACH_ANY;
        tc_join_begin(&join, round ? (tc_quote_source){.more = next_chunk, .context = &from} : (tc_quote_source){.tick = quote, .count = QUOTES}, reach);
        for (int i = 0; i < TIMES; i++) {
            tc_standing standing;
            int found = last_before(quote, QUOTES, time[i]);
            bool known = found >= 0 && time[i] - quote[found].time <= reach;
            assert_int_equal(tc_join_at(&join, &standing, NULL, time[i]), TC_OK);
            assert_int_equal(standing.quote != NULL, known);
            if (known) assert_int_equal(standing.quote->bid, found);
            assert_int_equal(standing.followed, known && found + 1 < QUOTES && quote[found + 1].time - quote[found].time <= reach);
        }
    }
}

/* Quotes after the last time asked may be anything. */
static void never_looks_ahead(void **state)
{
    (void)state;
    uint64_t random = 5;
    tc_quote_tick quote[QUOTES];
    int64_t time[TIMES];
    draw(quote, time, &random);
    for (int cut = 0; cut < TIMES; cut += 7) {
        tc_quote_tick other[QUOTES];
        tc_join join, changed;
        memcpy(other, quote, sizeof quote);
        for (int i = 0; i < QUOTES; i++)
            if (quote[i].time > time[cut]) other[i].bid = -1, other[i].time += (int64_t)(next_random(&random) % 3) * i;
        tc_join_begin(&join, (tc_quote_source){.tick = quote, .count = QUOTES}, TC_REACH_ANY);
        tc_join_begin(&changed, (tc_quote_source){.tick = other, .count = QUOTES}, TC_REACH_ANY);
        for (int i = 0; i <= cut; i++) {
            tc_standing a, b;
            assert_int_equal(tc_join_at(&join, &a, NULL, time[i]), TC_OK);
            assert_int_equal(tc_join_at(&changed, &b, NULL, time[i]), TC_OK);
            assert_int_equal(a.quote != NULL, b.quote != NULL);
            if (a.quote) assert_true(a.quote->bid == b.quote->bid);
        }
    }
}

static void disorder_is_an_error(void **state)
{
    (void)state;
    const tc_quote_tick quote[] = {{10, 1, 2, 0, 0}, {20, 1, 2, 0, 0}, {15, 1, 2, 0, 0}};
    tc_join join;
    tc_standing standing;
    tc_error error;
    tc_join_begin(&join, (tc_quote_source){.tick = quote, .count = COUNT(quote)}, TC_REACH_ANY);
    assert_int_equal(tc_join_at(&join, &standing, &error, 12), TC_OK);
    assert_int_equal(tc_join_at(&join, &standing, &error, 11), TC_BAD_MARKET);
    assert_string_equal(error.message, "trades are out of order");
    assert_int_equal(tc_join_at(&join, &standing, &error, 25), TC_BAD_MARKET);
    assert_string_equal(error.message, "quotes are out of order");
    tc_join_begin(&join, (tc_quote_source){0}, TC_REACH_ANY);
    assert_int_equal(tc_join_at(&join, &standing, &error, INT64_MAX), TC_OK);
    assert_null(standing.quote);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_search),
        cmocka_unit_test(never_looks_ahead),
        cmocka_unit_test(disorder_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
