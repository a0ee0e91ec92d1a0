/* live.h - the providers that are built in, and what they share. */
#ifndef TC_MARKET_LIVE_LIVE_H
#define TC_MARKET_LIVE_LIVE_H

#include "market/provider.h"

extern const tc_provider tc_provider_store, tc_provider_csv, tc_provider_synthetic;

/* Finite, written as in C: TC_BAD_NUMBER with `name` otherwise. */
tc_status tc_real_read(double *value, tc_error *error, const char *name, tc_text text);

/* An instant in microseconds since 1970 UTC, as a date in India and microseconds of that day; and back. */
#define TC_DAY_MICROS INT64_C(86400000000)
#define TC_MINUTE_MICROS INT64_C(60000000)
void tc_instant_split(tc_date *date, int64_t *micros, int64_t instant);
int64_t tc_instant_of(tc_date date, int64_t micros);
/* yyyy-mm-dd[Thh:mm[:ss]][zone], without a zone Indian time. TC_BAD_DATE with `name`, also for a date alone. */
tc_status tc_instant_read(int64_t *instant, tc_error *error, const char *name, tc_text text);

#endif
