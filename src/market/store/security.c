/* security.c - which rows of the store are one security.
 *
 * A listing is a name: exchange, symbol, series. Companies change their symbols,
 * and shares are moved from one series of normal trading to another: listings
 * of one ISIN are one security. An ISIN changes when the face value does (a split);
 * its characters 4 to 7 stay, they are the issuer's. Where another issuer's ISIN
 * appears under an old symbol, another company has taken it over, and what was
 * before is not its past, unless the prices go on where they were. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "text/values.h"

enum { SPANS_MAX = 16, ISIN_SIZE = 16 };

/* A time in which a listing was one company's. */
typedef struct {
    char isin[SPANS_MAX][ISIN_SIZE];
    size_t isins;
    int32_t from, until;
} span;

int tc_series_rank(tc_text exchange, tc_text series)
{
    static const char *const usual[] = {"EQ", "BE", "BZ", "SM", "ST", "SZ", ""}; /* the last: files that tell no series */
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (tc_text_is(series, usual[i])) return (int)i;
    /* BSE's groups (A, B, T, X...) are a share's alone: it is in one of them at a time. */
    return tc_text_is(exchange, "BSE") && series.size && series.size <= 2 ? 0 : -1;
}

bool tc_series_is_derivative(tc_text series)
{
    static const char *const kinds[] = {"FUT", "OPT"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (tc_text_is(series, kinds[i])) return true;
    return false;
}

static void keep(char *to, size_t size, tc_text text)
{
    size_t part = text.size < size - 1 ? text.size : size - 1;
    if (part) memcpy(to, text.data, part);
    to[part] = '\0';
}

/* --- whose a listing was, and when --- */

static bool same_issuer(const char *a, const char *b)
{
    return strlen(a) == 12 && strlen(b) == 12 && !strncmp(a, b, 2) && !strncmp(a + 3, b + 3, 4);
}

/* Whether the listing's price goes on over the morning of `day`: what that day calls the close before is the last close there
 * is, but for a tick. */
static tc_status prices_go_on(tc_store *store, bool *go_on, tc_error *error, int64_t listing, tc_text exchange, int32_t day)
{
    const tc_db_value *row;
    double previous, close;
    *go_on = false;
    tc_db_value value[] = {db_text(exchange), db_integer(day), db_integer(day + 1), db_integer(listing), db_integer(1)};
    tc_status status = tc_store_first(store, error, ASK_DAYS, &row, value, 5);
    if (status || !row) return status;
    previous = as_real(row[7]);
    value[1].integer = TC_DATE_MIN;
    value[2].integer = day;
    status = tc_store_first(store, error, ASK_DAYS, &row, value, 5);
    if (status || !row) return status;
    close = as_real(row[5]);
    *go_on = fabs(previous - close) <= 0.0501;
    return TC_OK;
}

/* The last of a listing's spans as known on `day`: of the ISIN `isin`, if that is given; else the latest. */
static tc_status find_span(tc_store *store, span *found, tc_error *error, int64_t listing, tc_text exchange, int32_t day, const char *isin)
{
    struct { char isin[ISIN_SIZE]; int32_t first; } known[SPANS_MAX];
    size_t count = 0;
    const tc_db_value *row;
    const tc_db_value value[] = {db_integer(listing), db_integer(day - 1)}; /* files of days come after their close */
    tc_status status = tc_store_ask(store, error, ASK_IDENTITIES, value, 2);
    while (!status && !(status = tc_store_next(store, error, ASK_IDENTITIES, &row)) && row) {
        if (count == SPANS_MAX) memmove(known, known + 1, sizeof *known * --count);
        keep(known[count].isin, ISIN_SIZE, row[0].text);
        known[count++].first = (int32_t)as_integer(row[1], 0);
    }
    if (status) return status;
    *found = (span){.from = TC_DATE_MIN, .until = INT32_MAX};
    for (size_t i = 0; i < count; i++) {
        bool go_on = !i || same_issuer(known[i - 1].isin, known[i].isin);
        if (!go_on) status = prices_go_on(store, &go_on, error, listing, exchange, known[i].first);
        if (status) return status;
        if (!go_on) {
            bool wanted = false;
            for (size_t k = 0; isin && k < found->isins; k++) wanted = wanted || !strcmp(found->isin[k], isin);
            if (wanted) {
                found->until = known[i].first;
                return TC_OK;
            }
            *found = (span){.from = known[i].first, .until = INT32_MAX};
        }
        memcpy(found->isin[found->isins++], known[i].isin, ISIN_SIZE);
    }
    return TC_OK;
}

/* --- members --- */

typedef struct {
    tc_store *store;
    security *found;
    tc_error *error;
    const tc_security *which;
    int32_t day;
    char isin[MEMBERS_MAX * 4][ISIN_SIZE]; /* still to follow, or followed */
    size_t isins, followed;
} search;

static bool is_member(const security *found, int64_t listing)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->member[i].listing == listing) return true;
    return false;
}

static void follow(search *s, const char *isin)
{
    for (size_t i = 0; i < s->isins; i++)
        if (!strcmp(s->isin[i], isin)) return;
    if (s->isins < sizeof s->isin / sizeof *s->isin) memcpy(s->isin[s->isins++], isin, ISIN_SIZE);
}

static tc_status add_member(search *s, int64_t listing, int rank, const char *isin)
{
    span own;
    security *found = s->found;
    if (found->count == MEMBERS_MAX || is_member(found, listing)) return TC_OK;
    tc_status status = find_span(s->store, &own, s->error, listing, tc_text_of(found->exchange), s->day, isin);
    if (status) return status;
    found->member[found->count++] = (member){listing, own.from, own.until, (uint8_t)rank};
    for (size_t i = 0; i < own.isins; i++) follow(s, own.isin[i]);
    return TC_OK;
}

typedef struct {
    int64_t listing;
    int rank;
} candidate;

static bool equal(tc_text a, tc_text b) { return a.size == b.size && !memcmp(a.data, b.data, a.size); }

/* How well a listing answers what was asked, the lower the better; -1: not at all. */
static int fitness(const search *s, const tc_db_value *row)
{
    const tc_security *which = s->which;
    tc_text exchange = row[1].text, series = row[3].text;
    int rank = tc_series_rank(exchange, series);
    if (which->exchange.size && !equal(exchange, which->exchange)) return -1;
    if (which->series.size && !equal(series, which->series)) return -1;
    int abroad = !which->exchange.size && !tc_text_is(exchange, "NSE");
    return abroad * 100 + (rank >= 0 ? rank : tc_series_is_derivative(series) ? 20 : 30);
}

/* The best listing that a question finds; its name goes to `found`. */
static tc_status ask_best(search *s, query_id id, tc_text name, candidate *best)
{
    const tc_db_value value[] = {db_text(name), db_integer(s->day)};
    const tc_db_value *row;
    tc_status status = tc_store_ask(s->store, s->error, id, value, 2);
    while (!status && !(status = tc_store_next(s->store, s->error, id, &row)) && row) {
        int fit = fitness(s, row);
        if (fit < 0 || (best->rank >= 0 && fit >= best->rank)) continue;
        *best = (candidate){row[0].integer, fit};
        keep(s->found->exchange, NAME_SIZE, row[1].text);
        keep(s->found->symbol, SYMBOL_SIZE, row[2].text);
        keep(s->found->series, NAME_SIZE, row[3].text);
        keep(s->found->code, NAME_SIZE, row[4].text);
    }
    return status;
}

/* Listings of the same exchange and of the ISINs found so far, in series of normal trading. */
static tc_status join(search *s)
{
    for (; s->followed < s->isins; s->followed++) {
        candidate found[MEMBERS_MAX];
        size_t count = 0;
        const tc_db_value value[] = {db_text(tc_text_of(s->isin[s->followed])), db_integer(s->day - 1)};
        const tc_db_value *row;
        tc_status status = tc_store_ask(s->store, s->error, ASK_ISIN, value, 2);
        while (!status && !(status = tc_store_next(s->store, s->error, ASK_ISIN, &row)) && row) {
            int rank = tc_series_rank(row[1].text, row[3].text);
            if (rank >= 0 && count < MEMBERS_MAX && tc_text_is(row[1].text, s->found->exchange)) found[count++] = (candidate){row[0].integer, rank};
        }
        for (size_t i = 0; i < count && !status; i++) status = add_member(s, found[i].listing, found[i].rank, s->isin[s->followed]);
        if (status) return status;
    }
    return TC_OK;
}

/* Exchanges' sheets know a share by its number too: BSE's old files by nothing else. */
static tc_status find_best(search *s, candidate *best)
{
    const tc_security *which = s->which;
    tc_status status = TC_OK;
    if (which->symbol.size) status = ask_best(s, ASK_SYMBOL, which->symbol, best);
    if (!status && best->rank < 0 && which->symbol.size) status = ask_best(s, ASK_CODE, which->symbol, best);
    if (!status && best->rank < 0 && which->isin.size) status = ask_best(s, ASK_ISIN, which->isin, best);
    return status;
}

/* The same symbol in the other series of normal trading: a share moves between them, and its ISIN may not be told. At BSE the same
 * number, too. */
static tc_status join_name(search *s, query_id id, const char *name)
{
    candidate found[MEMBERS_MAX];
    size_t count = 0;
    const tc_db_value value[] = {db_text(tc_text_of(name)), db_integer(s->day)};
    const tc_db_value *row;
    if (!*name) return TC_OK;
    tc_status status = tc_store_ask(s->store, s->error, id, value, 2);
    while (!status && !(status = tc_store_next(s->store, s->error, id, &row)) && row) {
        int rank = tc_series_rank(row[1].text, row[3].text);
        if (rank >= 0 && count < MEMBERS_MAX && tc_text_is(row[1].text, s->found->exchange)) found[count++] = (candidate){row[0].integer, rank};
    }
    for (size_t i = 0; i < count && !status; i++) status = add_member(s, found[i].listing, found[i].rank, NULL);
    return status;
}

tc_status tc_store_find(tc_store *store, security *found, tc_error *error, const tc_security *which, tc_date day)
{
    search s = {.store = store, .found = found, .error = error, .which = which, .day = day.day};
    candidate best = {0, -1};
    memset(found, 0, sizeof *found);
    tc_status status = find_best(&s, &best);
    if (status) return status;
    if (best.rank < 0) {
        tc_text name = which->symbol.size ? which->symbol : which->isin;
        return tc_fail(error, TC_MARKET_MISSING, "symbol", "nothing is known of %.*s by then", (int)name.size, name.data ? name.data : "");
    }
    found->equity = !tc_series_is_derivative(tc_text_of(found->series));
    char isin[ISIN_SIZE] = "";
    if (!which->symbol.size) keep(isin, ISIN_SIZE, which->isin);
    int rank = tc_series_rank(tc_text_of(found->exchange), tc_text_of(found->series));
    size_t size = strlen(found->symbol);
    bool entitlement = size > 3 && strstr(found->symbol + size - 4, "-RE"); /* to a rights issue: worth nothing soon, without price bands */
    found->inferred = rank >= 0 && !entitlement;
    status = add_member(&s, best.listing, rank < 0 ? 0 : rank, *isin ? isin : NULL);
    if (status || rank < 0) return status; /* a block window, a bond, a contract: alone */
    status = join_name(&s, ASK_SYMBOL, found->symbol);
    if (!status && !strcmp(found->exchange, "BSE")) status = join_name(&s, ASK_CODE, found->code);
    return status ? status : join(&s);
}
