#include <stdlib.h>

#include "market/live/live.h"
#include "market/store/store.h"

static tc_status store_open(void **handle, tc_error *error, const char *where)
{
    return tc_store_open((tc_store **)handle, error, where, true);
}

static tc_status store_market(void *handle, tc_market *market, tc_error *error, const tc_security *which, int64_t at)
{
    static const tc_store_options usual = {0};
    return tc_store_market(handle, market, error, which, at, &usual);
}

static tc_status store_days(void *handle, const tc_daily_bar **bars, size_t *count, tc_error *error, const tc_security *which, tc_date until,
                            size_t most)
{
    return tc_store_days(handle, bars, count, error, which, until, most);
}

static void store_close(void *handle)
{
    tc_store_close(handle);
}

const tc_provider tc_provider_store = {
    .size = sizeof(tc_provider), .version = TC_PROVIDER_VERSION, .name = "store", .summary = "what market import has recorded",
    .where = "a file, or postgresql://USER@HOST/DATABASE; ~/.local/share/tradecost/market.db",
    .open = store_open, .market = store_market, .close = store_close, .secrets = "", .days = store_days};
