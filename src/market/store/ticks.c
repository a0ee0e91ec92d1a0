/* ticks.c - bars, quotes and trades of a security in a stretch of time. */
#include <stdlib.h>

#include "inside.h"

/* One table's way into its array. */
typedef struct {
    query_id id;
    size_t size; /* of an element */
    void (*read)(void *element, const tc_db_value *row);
    int (*order)(const void *, const void *);
} reader;

static void read_bar(void *element, const tc_db_value *row)
{
    *(tc_bar *)element = (tc_bar){row[0].integer, (uint32_t)row[1].integer, as_real(row[2]), as_real(row[3]), as_real(row[4]), as_real(row[5]), as_real(row[6])};
}

static void read_quote(void *element, const tc_db_value *row)
{
    *(tc_quote_tick *)element = (tc_quote_tick){row[0].integer, as_real(row[1]), as_real(row[2]), as_real(row[3]), as_real(row[4])};
}

static void read_trade(void *element, const tc_db_value *row)
{
    *(tc_trade_tick *)element = (tc_trade_tick){row[0].integer, as_real(row[1]), as_real(row[2])};
}

/* Every element begins with its time. */
static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int by_time_and_length(const void *a, const void *b)
{
    int order = by_time(a, b);
    uint32_t x = ((const tc_bar *)a)->seconds, y = ((const tc_bar *)b)->seconds;
    return order ? order : (x > y) - (x < y);
}

static const reader bar_reader = {ASK_BARS, sizeof(tc_bar), read_bar, by_time_and_length};
static const reader quote_reader = {ASK_QUOTES, sizeof(tc_quote_tick), read_quote, by_time};
static const reader trade_reader = {ASK_TRADES, sizeof(tc_trade_tick), read_trade, by_time};

typedef TC_ARRAY(void) any_array;

static int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static tc_status read_stretch(tc_store *store, const reader *r, any_array *to, tc_error *error, const security *found, int64_t from, int64_t until)
{
    size_t filled = 0; /* members that have something there */
    tc_status status = TC_OK;
    to->count = 0;
    for (size_t i = 0; i < found->count && !status; i++) {
        const member *m = &found->member[i];
        int64_t first = m->from <= TC_DATE_MIN ? from : later(from, start_of((tc_date){m->from}));
        int64_t end = m->until == INT32_MAX ? until : earlier(until, start_of((tc_date){m->until}));
        uint32_t before = to->count;
        const tc_db_value value[] = {db_integer(m->listing), db_integer(first), db_integer(end)};
        const tc_db_value *row;
        status = tc_store_ask(store, error, r->id, value, 3);
        while (!status && !(status = tc_store_next(store, error, r->id, &row)) && row) {
            void *element = tc_array_push(to, r->size);
            if (!element) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
            r->read(element, row);
        }
        filled += to->count > before;
    }
    if (filled > 1) qsort(to->data, to->count, r->size, r->order);
    return status;
}

tc_status tc_store_read_bars(tc_store *store, const security *found, tc_error *error, int64_t from, int64_t to)
{
    return read_stretch(store, &bar_reader, (any_array *)(void *)&store->bars, error, found, from, to);
}

tc_status tc_store_read_trades(tc_store *store, const security *found, tc_error *error, int64_t from, int64_t to)
{
    return read_stretch(store, &trade_reader, (any_array *)(void *)&store->trades, error, found, from, to);
}

static tc_status find_and_read(tc_store *store, const reader *r, any_array *to, tc_error *error, const tc_security *which, int64_t from, int64_t until)
{
    security found;
    tc_status status = tc_store_find(store, &found, error, which, date_of(until));
    return status ? status : read_stretch(store, r, to, error, &found, from, until);
}

/* Times whose days no calendar has are as good as the first and the last. */
static int64_t bounded(int64_t time)
{
    return later(earlier(time, start_of((tc_date){TC_DATE_MAX})), start_of((tc_date){TC_DATE_MIN}));
}

tc_status tc_store_bars(tc_store *store, const tc_bar **bars, size_t *count, tc_error *error, const tc_security *which, int64_t from, int64_t to)
{
    tc_status status = find_and_read(store, &bar_reader, (any_array *)(void *)&store->bars, error, which, bounded(from), bounded(to));
    if (status) return status;
    *bars = store->bars.data;
    *count = store->bars.count;
    return TC_OK;
}

tc_status tc_store_quotes(tc_store *store, const tc_quote_tick **quotes, size_t *count, tc_error *error, const tc_security *which, int64_t from, int64_t to)
{
    tc_status status = find_and_read(store, &quote_reader, (any_array *)(void *)&store->quotes, error, which, bounded(from), bounded(to));
    if (status) return status;
    *quotes = store->quotes.data;
    *count = store->quotes.count;
    return TC_OK;
}

tc_status tc_store_trades(tc_store *store, const tc_trade_tick **trades, size_t *count, tc_error *error, const tc_security *which, int64_t from, int64_t to)
{
    tc_status status = find_and_read(store, &trade_reader, (any_array *)(void *)&store->trades, error, which, bounded(from), bounded(to));
    if (status) return status;
    *trades = store->trades.data;
    *count = store->trades.count;
    return TC_OK;
}
