/* date.h - trade dates: days of the proleptic Gregorian calendar, no time zone.
 *
 * A trade date is the calendar date in Indian Standard Time; who has only an
 * instant converts it first with tc_date_in_ist(). */
#ifndef TRADECOST_DATE_H
#define TRADECOST_DATE_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Days since 1970-01-01. Years 1 to 9999. */
typedef struct { int32_t day; } tc_date;

#define TC_DATE_MIN INT32_C(-719162)  /* 0001-01-01 */
#define TC_DATE_MAX INT32_C(2932896)  /* 9999-12-31 */
#define TC_DATE_TEXT_SIZE 11

/* TC_BAD_DATE where the calendar has no such day. */
tc_status tc_date_of(tc_date *date, int year, int month, int day);
void tc_date_split(tc_date date, int *year, int *month, int *day);

/* Reads exactly yyyy-mm-dd. TC_BAD_DATE otherwise. */
tc_status tc_date_parse(tc_date *date, const char *text, size_t size);
void tc_date_format(char text[TC_DATE_TEXT_SIZE], tc_date date);

/* Reads what files write: yyyy-mm-dd, dd-mm-yyyy, dd-Mon-yy[yy] (two digits: 20yy)
 * or an Excel serial of days (5 digits). `/` may stand for `-`. Month before day is
 * never assumed. TC_BAD_DATE otherwise. */
tc_status tc_date_read(tc_date *date, const char *text, size_t size);

#define TC_TIME_UNKNOWN INT64_MIN

/* Reads hh:mm[:ss[.ffffff]], with or without a date (yyyy-mm-dd, then `T` or a
 * space) before and `Z` or +hh:mm after it. Without a zone it is Indian time.
 * `*date` is the Indian date, or TC_DATE_MIN - 1 where the text has none (a zone
 * then is refused); `*micros` are microseconds of that day. TC_BAD_DATE. */
tc_status tc_time_read(tc_date *date, int64_t *micros, const char *text, size_t size);

/* The date in India (UTC+05:30) of an instant in seconds since 1970-01-01 UTC. */
tc_date tc_date_in_ist(int64_t unix_seconds);

#ifdef __cplusplus
}
#endif
#endif
