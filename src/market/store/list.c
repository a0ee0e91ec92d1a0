#include <stdlib.h>
#include <string.h>

#include "inside.h"

typedef struct {
    int64_t listing;
    tc_store_entry entry;
} listed;

typedef TC_ARRAY(listed) listed_array;

static void keep(char *to, size_t size, tc_text text)
{
    size_t part = text.size < size - 1 ? text.size : size - 1;
    if (part) memcpy(to, text.data, part);
    to[part] = '\0';
}

static int by_listing(const void *a, const void *b)
{
    int64_t x = ((const listed *)a)->listing, y = ((const listed *)b)->listing;
    return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b)
{
    const tc_store_entry *x = a, *y = b;
    int order = strcmp(x->exchange, y->exchange);
    if (!order) order = strcmp(x->symbol, y->symbol);
    return order ? order : strcmp(x->series, y->series);
}

static tc_status read_names(tc_store *store, listed_array *all, tc_error *error)
{
    const tc_db_value *row;
    tc_status status = tc_store_ask(store, error, ASK_LISTED, NULL, 0);
    while (!status && !(status = tc_store_next(store, error, ASK_LISTED, &row)) && row) {
        listed *each = tc_array_push(all, sizeof *each);
        if (!each) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
        each->listing = row[0].integer;
        each->entry.first.day = INT32_MAX;
        each->entry.last.day = INT32_MIN;
        keep(each->entry.exchange, sizeof each->entry.exchange, row[1].text);
        keep(each->entry.symbol, sizeof each->entry.symbol, row[2].text);
        keep(each->entry.series, sizeof each->entry.series, row[3].text);
    }
    return status;
}

static tc_status count_rows(tc_store *store, listed_array *all, tc_error *error, query_id id, size_t count_at)
{
    const tc_db_value *row;
    tc_status status = tc_store_ask(store, error, id, NULL, 0);
    while (!status && !(status = tc_store_next(store, error, id, &row)) && row) {
        listed key = {.listing = row[0].integer};
        listed *each = all->count ? bsearch(&key, all->data, all->count, sizeof key, by_listing) : NULL;
        if (!each) continue;
        bool days = id == COUNT_DAYS;
        tc_date first = days ? (tc_date){(int32_t)row[2].integer} : date_of(row[2].integer), last = days ? (tc_date){(int32_t)row[3].integer} : date_of(row[3].integer);
        uint64_t count = (uint64_t)as_integer(row[1], 0);
        memcpy((char *)&each->entry + count_at, &count, sizeof count);
        if (first.day < each->entry.first.day) each->entry.first = first;
        if (last.day > each->entry.last.day) each->entry.last = last;
    }
    return status;
}

tc_status tc_store_list(tc_store *store, tc_store_entry **entries, size_t *count, tc_error *error)
{
    static const struct { query_id id; size_t at; } counts[] = {
        {COUNT_DAYS, offsetof(tc_store_entry, days)}, {COUNT_BARS, offsetof(tc_store_entry, bars)},
        {COUNT_QUOTES, offsetof(tc_store_entry, quotes)}, {COUNT_TRADES, offsetof(tc_store_entry, trades)},
    };
    listed_array all = {0};
    tc_status status = read_names(store, &all, error);
    for (size_t i = 0; i < sizeof counts / sizeof *counts && !status; i++) status = count_rows(store, &all, error, counts[i].id, counts[i].at);
    tc_store_entry *list = status ? NULL : malloc((all.count + 1) * sizeof *list);
    if (!status && !list) status = tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    for (uint32_t i = 0; !status && i < all.count; i++) list[i] = all.data[i].entry;
    if (!status) {
        qsort(list, all.count, sizeof *list, by_name);
        *entries = list;
        *count = all.count;
    }
    tc_array_free(&all);
    return status;
}

tc_status tc_store_volatility(tc_store *store, tc_date *day, double *daily, double *annual, tc_error *error,
                              const tc_security *which, int64_t at)
{
    security found;
    tc_date last = {TC_DATE_MAX - 1}, until = at >= start_of(last) ? last : date_of(at);
    tc_status status = tc_store_find(store, &found, error, which, until);
    *day = (tc_date){TC_DATE_MIN};
    *daily = *annual = NAN;
    for (size_t i = 0; i < found.count && !status; i++) {
        const tc_db_value value[] = {db_integer(found.member[i].listing), db_integer(until.day)};
        const tc_db_value *row;
        status = tc_store_first(store, error, ASK_VOLATILITY, &row, value, 2);
        if (status || !row || row[0].integer <= day->day) continue;
        day->day = (int32_t)row[0].integer;
        *daily = as_real(row[1]);
        *annual = as_real(row[2]);
    }
    return status;
}
