#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "market/live/live.h"

static const int64_t ZONE_MICROS = (5 * 60 + 30) * TC_MINUTE_MICROS;

tc_status tc_real_read(double *value, tc_error *error, const char *name, tc_text text)
{
    char copy[64], *end = copy;
    bool fits = text.size && text.size < sizeof copy && strspn(text.data, "0123456789+-.eE") >= text.size;
    if (fits) {
        memcpy(copy, text.data, text.size);
        copy[text.size] = '\0';
        errno = 0;
        *value = strtod(copy, &end);
        fits = !*end && isfinite(*value) && (errno != ERANGE || fabs(*value) < 1);
    }
    if (fits) return TC_OK;
    *value = NAN;
    return tc_fail(error, TC_BAD_NUMBER, name, "%s: \"%.*s\" is not a number", name, (int)(text.size < 40 ? text.size : 40), text.data);
}

void tc_instant_split(tc_date *date, int64_t *micros, int64_t instant)
{
    int64_t local = instant + ZONE_MICROS, day = local / TC_DAY_MICROS;
    if (local % TC_DAY_MICROS < 0) day--;
    date->day = (int32_t)day;
    *micros = local - day * TC_DAY_MICROS;
}

int64_t tc_instant_of(tc_date date, int64_t micros)
{
    return date.day * TC_DAY_MICROS + micros - ZONE_MICROS;
}

tc_status tc_instant_read(int64_t *instant, tc_error *error, const char *name, tc_text text)
{
    tc_date date;
    int64_t micros;
    if (tc_time_read(&date, &micros, text.data, text.size) == TC_OK && date.day >= TC_DATE_MIN) {
        *instant = tc_instant_of(date, micros);
        return TC_OK;
    }
    return tc_fail(error, TC_BAD_DATE, name, "%s: \"%.*s\" is not a time as 2026-04-02T10:30:00", name,
                   (int)(text.size < 40 ? text.size : 40), text.data);
}
