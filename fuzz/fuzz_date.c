/* Dates and times of files: what is read is a day of the calendar, counted slowly, and is written and read back the same. */
#include <stdlib.h>
#include <string.h>

#include "tradecost/date.h"

/* Days from 0001-01-01, year by year. */
static int32_t slow_day(int year, int month, int day)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int leaps = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    int leap = month > 2 && (year % 400 == 0 || (year % 4 == 0 && year % 100 != 0));
    return TC_DATE_MIN + (year - 1) * 365 + leaps + before[month - 1] + leap + day - 1;
}

static void check(tc_date date)
{
    char text[TC_DATE_TEXT_SIZE];
    int year, month, day;
    tc_date again;
    if (date.day < TC_DATE_MIN || date.day > TC_DATE_MAX) abort();
    tc_date_split(date, &year, &month, &day);
    if (month < 1 || month > 12 || day < 1 || day > 31 || slow_day(year, month, day) != date.day) abort();
    tc_date_format(text, date);
    if (strlen(text) != 10 || tc_date_parse(&again, text, 10) != TC_OK || again.day != date.day) abort();
    if (tc_date_read(&again, text, 10) != TC_OK || again.day != date.day) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    tc_date strict = {0}, date = {0};
    int64_t micros = -1, seconds = 0;
    tc_status parsed = tc_date_parse(&strict, text, size), read = tc_date_read(&date, text, size);
    if (parsed == TC_OK && (read != TC_OK || strict.day != date.day)) abort();
    if (read == TC_OK) check(date);
    if (tc_time_read(&date, &micros, text, size) == TC_OK) {
        if (micros < 0 || micros >= INT64_C(86400000000)) abort();
        if (date.day != TC_DATE_MIN - 1) check(date);
    }
    memcpy(&seconds, bytes, size < 5 ? size : 5); /* to the year 36812, of which the calendar's days */
    if (seconds < INT64_C(253402214400)) check(tc_date_in_ist(seconds));
    return 0;
}
