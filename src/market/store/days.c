/* days.c - sessions of a security, with what makes their prices comparable.
 *
 * An exchange prints beside each close the close before, as it stands after splits,
 * bonuses and special dividends. Where that differs by more than a tick from the
 * close that the store has, the ratio of the two is the factor of what was before.
 * But it also differs where the store lacks a day: then it does for most shares of
 * the exchange, and no factor follows from it. */
#include <stdlib.h>

#include "inside.h"
#include "sessions.h"
#include "text/values.h"

enum { HOLE_SAMPLE = 5 };

/* A row of ASK_DAYS. */
static tc_daily_bar bar_of(const tc_db_value *row, tc_text exchange)
{
    tc_date date = {(int32_t)row[0].integer};
    return (tc_daily_bar){.date = date, .open = as_real(row[2]), .high = as_real(row[3]), .low = as_real(row[4]), .close = as_real(row[5]),
                          .previous_close = as_real(row[7]), .volume = as_real(row[8]), .value = as_real(row[9]),
                          .trades = as_real(row[10]), .delivered = as_real(row[11]), .factor = 1,
                          .minutes = tc_session_minutes(exchange, date, (int)as_integer(row[1], 0))};
}

typedef struct {
    tc_daily_bar bar;
    double lot;
    uint8_t rank;
} ranked;

static int by_day(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->bar.date.day != y->bar.date.day) return x->bar.date.day < y->bar.date.day ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

typedef TC_ARRAY(ranked) ranked_array;

static tc_status read_member(tc_store *store, ranked_array *all, tc_error *error, const char *exchange, const member *m, tc_date until, size_t most)
{
    int32_t end = m->until < until.day ? m->until : until.day;
    const tc_db_value value[] = {db_text(tc_text_of(exchange)), db_integer(m->from), db_integer(end), db_integer(m->listing), db_integer((int64_t)most)};
    const tc_db_value *row;
    tc_status status = tc_store_ask(store, error, ASK_DAYS, value, 5);
    while (!status && !(status = tc_store_next(store, error, ASK_DAYS, &row)) && row) {
        ranked *each = tc_array_push(all, sizeof *each);
        if (!each) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
        *each = (ranked){bar_of(row, tc_text_of(exchange)), as_real(row[12]), m->rank};
    }
    return status;
}

/* One bar a day, oldest first: the last `most` of them. */
static tc_status keep_days(tc_store *store, tc_error *error, ranked_array *all, size_t most, double *lot)
{
    size_t count = 0, from;
    if (all->count) qsort(all->data, all->count, sizeof *all->data, by_day);
    for (size_t i = 0; i < all->count; i++)
        if (!i || all->data[i].bar.date.day != all->data[i - 1].bar.date.day) all->data[count++] = all->data[i];
    from = count > most ? count - most : 0;
    store->days.count = 0;
    if (count && !tc_array_reserve(&store->days, sizeof *store->days.data, (uint32_t)(count - from))) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    for (size_t i = from; i < count; i++) store->days.data[store->days.count++] = all->data[i].bar;
    if (lot) *lot = NAN;
    for (size_t i = count; lot && i > from && !tc_is_known(*lot); i--) *lot = all->data[i - 1].lot;
    return TC_OK;
}

/* --- factors --- */

/* Whether the store lacks a session right before `day`: then most closes before are not those of the session before. */
static tc_status lacks_session(tc_store *store, bool *lacks, tc_error *error, const char *exchange, tc_date day, tc_date before, double ratio)
{
    const tc_db_value value[] = {db_text(tc_text_of(exchange)), db_integer(day.day)};
    const tc_db_value *row;
    tc_status status = tc_store_first(store, error, ASK_SESSION_BEFORE, &row, value, 2);
    if (status) return status;
    int64_t last = row ? as_integer(row[0], before.day) : before.day;
    const tc_db_value pair[] = {db_integer(last), db_integer(day.day), db_real(0.002), db_text(tc_text_of(exchange))};
    status = tc_store_first(store, error, ASK_BREAKS, &row, pair, 4);
    if (status) return status;
    double shares = row ? as_real(row[0]) : 0, broken = row ? as_real(row[1]) : 0;
    if (shares >= HOLE_SAMPLE) *lacks = broken * 2 > shares;
    else *lacks = tc_weekday_between(before, day) && fabs(ratio - 1) < 0.2; /* a day's move is bounded by price bands */
    return TC_OK;
}

/* What the bar before must be multiplied with to compare with this one. */
static tc_status ratio_of(tc_store *store, double *ratio, tc_error *error, const char *exchange, const tc_daily_bar *before, const tc_daily_bar *bar)
{
    bool lacks;
    *ratio = 1;
    if (!(before->close > 0) || !(bar->previous_close > 0)) return TC_OK;
    double tick = tc_coarsest_tick(before->close);
    if (fabs(bar->previous_close - before->close) <= tick * 1.001) return TC_OK;
    double found = bar->previous_close / before->close;
    tc_status status = lacks_session(store, &lacks, error, exchange, bar->date, before->date, found);
    if (!status && !lacks) *ratio = found;
    return status;
}

static tc_status find_factors(tc_store *store, tc_error *error, const security *found)
{
    tc_daily_bar *bar = store->days.data;
    tc_status status = TC_OK;
    for (size_t i = store->days.count; i > 1 && !status && found->equity; i--) {
        double ratio = 1;
        status = ratio_of(store, &ratio, error, found->exchange, &bar[i - 2], &bar[i - 1]);
        bar[i - 2].factor = bar[i - 1].factor * ratio;
    }
    return status;
}

tc_status tc_store_read_days(tc_store *store, const security *found, tc_error *error, tc_date until, size_t most, double *lot)
{
    ranked_array all = {0};
    tc_status status = TC_OK;
    for (size_t i = 0; i < found->count && !status; i++) status = read_member(store, &all, error, found->exchange, &found->member[i], until, most);
    if (!status) status = keep_days(store, error, &all, most, lot);
    tc_array_free(&all);
    return status ? status : find_factors(store, error, found);
}

tc_status tc_store_days(tc_store *store, const tc_daily_bar **bars, size_t *count, tc_error *error,
                        const tc_security *which, tc_date until, size_t most)
{
    enum { MOST = 1 << 20 };
    security found;
    tc_status status = tc_store_find(store, &found, error, which, until);
    if (!status) status = tc_store_read_days(store, &found, error, until, most < MOST ? most : MOST, NULL);
    if (status) return status;
    *bars = store->days.data;
    *count = store->days.count;
    return TC_OK;
}
