/* provider.h - where conditions come from: one small table of functions.
 *
 * What is built in needs no library but the store's. A provider that talks to
 * somebody (kite, redis, postgres) is a module, tradecost-NAME.so, loaded when it
 * is first named, so that nothing else pays for its libraries. A module exports
 * one symbol, `tc_provider_module`, a tc_provider. */
#ifndef TC_MARKET_PROVIDER_H
#define TC_MARKET_PROVIDER_H

#include "market/series.h"

/* Which security. Texts are borrowed; an empty one is not given. */
typedef struct {
    tc_text exchange, symbol, series, isin;
} tc_security;

enum { TC_PROVIDER_VERSION = 2 };
#define TC_NOW INT64_MAX /* as `at`: the latest there is */

typedef struct {
    uint32_t size, version; /* sizeof(tc_provider), TC_PROVIDER_VERSION */
    const char *name, *summary;
    const char *where;      /* what `where` means and its default, for help */
    /* Secrets come from TRADECOST_<NAME>_<WHAT> in the environment, never from `where`. */
    tc_status (*open)(void **handle, tc_error *error, const char *where);
    /* Conditions of `which` as known at `at` (microseconds since 1970 UTC, or
     * TC_NOW), never later ones. TC_MARKET_MISSING (nothing of it is known),
     * TC_UNAVAILABLE (with what the other side said), TC_BAD_MARKET. Curves are
     * borrowed from the handle until the next call. */
    tc_status (*market)(void *handle, tc_market *market, tc_error *error, const tc_security *which, int64_t at);
    void (*close)(void *handle); /* NULL is a no-op */
    const char *secrets;    /* the variables of the environment that it reads, separated by spaces; "": none */
    /* The last `most` sessions before the day `until`, oldest first, with factors to the newest of them. Borrowed until the
     * next call; a market's curves stay. TC_MARKET_MISSING (there is no such security). NULL: the provider keeps no past. */
    tc_status (*days)(void *handle, const tc_daily_bar **bars, size_t *count, tc_error *error, const tc_security *which, tc_date until,
                      size_t most);
} tc_provider;

/* Of the fields, `size` says how many there are: a later version adds at the end. */

/* By name: built in, else the module (module/module.h says where it is looked for). NULL:
 * TC_UNKNOWN_WORD (none of that name), TC_UNAVAILABLE (it cannot be loaded, or is of another version). */
const tc_provider *tc_provider_find(const char *name, tc_error *error);
/* The built-in ones and the modules that can be loaded; NULL beyond the end. */
const tc_provider *tc_provider_at(size_t index);

#endif
