/* join.h - which quote stood when: the as-of join of sorted times to sorted quotes.
 *
 * One pass, in memory that does not grow: quotes come from an array or chunk by
 * chunk from a file, times are asked in order. Nothing is known before it
 * happened: the answer for a time depends on no later quote. */
#ifndef TC_MODELS_SPREAD_JOIN_H
#define TC_MODELS_SPREAD_JOIN_H

#include "market/series.h"

/* Where quotes come from, in order of time. `more`, where there is one, is
 * called when those at hand are used up, and lends the next ones until it is
 * called again; none (*count 0) is the end. */
typedef struct {
    const tc_quote_tick *tick;
    size_t count;
    tc_status (*more)(void *context, const tc_quote_tick **tick, size_t *count, tc_error *error);
    void *context;
} tc_quote_source;

/* A quote speaks for its session: overnight none stands, and a session of six and a quarter hours is the longest of shares. */
#define TC_REACH_SESSION (INT64_C(60000000) * TC_SESSION_MINUTES)
#define TC_REACH_ANY INT64_MAX

typedef struct {
    tc_quote_source source;
    int64_t reach;        /* microseconds that a quote stands at most */
    size_t next;          /* of source.tick: the first that is not yet in `quote` */
    tc_quote_tick quote;  /* the last at or before `asked`; its time is INT64_MIN before the first */
    int64_t asked, seen;  /* the latest time asked, and that of the latest quote looked at */
    bool ended;
} tc_join;

typedef struct {
    const tc_quote_tick *quote; /* in the join, until the next call; NULL: none within reach */
    bool followed;              /* another quote came within reach of it: it was then still true, and not just the last of its session */
} tc_standing;

void tc_join_begin(tc_join *join, tc_quote_source source, int64_t reach);

/* The last quote at or before `time`. Of several at one time the last one
 * stands. TC_BAD_MARKET: `time` is before the one asked last, or quotes are out
 * of order; and whatever `more` fails with. */
tc_status tc_join_at(tc_join *join, tc_standing *standing, tc_error *error, int64_t time);

#endif
