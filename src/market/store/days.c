/* days.c - sessions of a security, with what makes their prices comparable.
 *
 * The factor of a day is the product of what all later corporate actions make of its
 * prices. An action is known, from the surest source there is:
 *   - from a list that was imported (ex-date and factor);
 *   - where the close before that the exchange prints differs by more than a tick from
 *     the close that the store has: their ratio. But it also differs where the store
 *     lacks a day, then for most shares of the exchange, and nothing follows from it;
 *   - where all prices of a day lie beyond what price bands allow (20 % from the close
 *     before). NSE's files print that close as it was, also on the ex-date of a split:
 *     sec_bhavdata_full and UDiFF had it unadjusted in every case from 2020 to 2025. The
 *     open, over the close before, is near the ratio of the split or bonus.
 * Bonuses below one for three, and dividends, move no more than a market does: they are
 * only known from a list. */
#include <stdlib.h>

#include "inside.h"
#include "sessions.h"
#include "text/values.h"

enum { HOLE_SAMPLE = 5 };
#define NEAR_RATIO 0.08 /* of logarithms: how far a share moves overnight on such a day */

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
    *lot = NAN;
    for (size_t i = count; i > from && !tc_is_known(*lot); i--) *lot = all->data[i - 1].lot;
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

/* What the printed close before says; 1: nothing. */
static tc_status printed_ratio(tc_store *store, double *ratio, tc_error *error, const char *exchange, const tc_daily_bar *before, const tc_daily_bar *bar)
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

/* The ratio of usual splits and bonuses that `jump` is near to; `jump` itself where none or several are. */
static double usual_ratio(double jump)
{
    static const double usual[] = {3.0 / 4, 2.0 / 3, 3.0 / 5, 1.0 / 2, 2.0 / 5, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 1.0 / 10, 1.0 / 20, 1.0 / 50, 1.0 / 100};
    double near = jump;
    int count = 0;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (fabs(log(jump / usual[i])) < NEAR_RATIO) near = usual[i], count++;
    return count == 1 ? near : jump;
}

/* Where shares are put together the price jumps by a whole number; one that is found anew after a suspension is no action. */
static double consolidation(double jump)
{
    static const double usual[] = {2, 5, 10, 20, 50, 100};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (fabs(log(jump / usual[i])) < NEAR_RATIO) return usual[i];
    return 1;
}

/* What a jump that no price band allows says; 1: there is none. */
static double inferred_ratio(const tc_daily_bar *before, const tc_daily_bar *bar)
{
    const double down = 0.8 * 0.999, up = 1.2 * 1.001;
    double base = bar->previous_close > 0 ? bar->previous_close : before->close;
    if (!(bar->open > 0) || !(base > 0)) return 1;
    if (bar->high < base * down) return usual_ratio(bar->open / base);
    return bar->low > base * up ? consolidation(bar->open / base) : 1;
}

/* --- actions that were listed --- */

typedef struct {
    int32_t day;
    double factor;
} action;
typedef TC_ARRAY(action) action_array;

static tc_status read_actions(tc_store *store, action_array *all, tc_error *error, const security *found, int32_t from, int32_t until)
{
    tc_status status = TC_OK;
    for (size_t i = 0; i < found->count && !status; i++) {
        const tc_db_value value[] = {db_integer(found->member[i].listing), db_integer(from), db_integer(until)};
        const tc_db_value *row;
        status = tc_store_ask(store, error, ASK_ACTIONS, value, 3);
        while (!status && !(status = tc_store_next(store, error, ASK_ACTIONS, &row)) && row) {
            bool again = false; /* two names of one share may have the same */
            for (uint32_t k = 0; k < all->count; k++) again = again || all->data[k].day == row[0].integer;
            action *each = again ? NULL : tc_array_push(all, sizeof *each);
            if (!again && !each) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
            if (each) *each = (action){(int32_t)row[0].integer, as_real(row[1])};
        }
    }
    return status;
}

/* The product of the actions behind one day up to another; NAN: there are none. */
static double listed_ratio(const action_array *all, int32_t behind, int32_t until)
{
    double product = NAN;
    for (uint32_t i = 0; i < all->count; i++)
        if (all->data[i].day > behind && all->data[i].day <= until) product = (tc_is_known(product) ? product : 1) * all->data[i].factor;
    return product;
}

static tc_status ratio_of(tc_store *store, double *ratio, tc_error *error, const security *found, const action_array *listed, const tc_daily_bar *before,
                          const tc_daily_bar *bar)
{
    *ratio = listed_ratio(listed, before->date.day, bar->date.day);
    if (tc_is_known(*ratio)) return TC_OK;
    tc_status status = printed_ratio(store, ratio, error, found->exchange, before, bar);
    if (!status && found->inferred) *ratio *= inferred_ratio(before, bar);
    return status;
}

static tc_status find_factors(tc_store *store, days_extra *extra, tc_error *error, const security *found, tc_date until)
{
    tc_daily_bar *bar = store->days.data;
    size_t count = store->days.count;
    action_array listed = {0};
    extra->pending = 1;
    if (!count || !found->equity) return TC_OK;
    tc_status status = read_actions(store, &listed, error, found, bar[0].date.day, until.day);
    for (size_t i = count; i > 1 && !status; i--) {
        double ratio = 1;
        status = ratio_of(store, &ratio, error, found, &listed, &bar[i - 2], &bar[i - 1]);
        bar[i - 2].factor = bar[i - 1].factor * ratio;
    }
    double pending = listed_ratio(&listed, bar[count - 1].date.day, until.day);
    if (tc_is_known(pending)) extra->pending = pending;
    tc_array_free(&listed);
    return status;
}

tc_status tc_store_read_days(tc_store *store, days_extra *extra, tc_error *error, const security *found, tc_date until, size_t most)
{
    ranked_array all = {0};
    tc_status status = TC_OK;
    for (size_t i = 0; i < found->count && !status; i++) status = read_member(store, &all, error, found->exchange, &found->member[i], until, most);
    if (!status) status = keep_days(store, error, &all, most, &extra->lot);
    tc_array_free(&all);
    return status ? status : find_factors(store, extra, error, found, until);
}

tc_status tc_store_days(tc_store *store, const tc_daily_bar **bars, size_t *count, tc_error *error,
                        const tc_security *which, tc_date until, size_t most)
{
    enum { MOST = 1 << 20 };
    security found;
    days_extra extra;
    tc_status status = tc_store_find(store, &found, error, which, until);
    if (!status) status = tc_store_read_days(store, &extra, error, &found, until, most < MOST ? most : MOST);
    if (status) return status;
    *bars = store->days.data;
    *count = store->days.count;
    return TC_OK;
}
