#include "tradecost/date.h"

#include <stdbool.h>

/* Days and civil dates by eras of 400 years, which all have 146,097 days:
 * Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". March is the
 * first month, so that the leap day is the last of its year. */
enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

tc_status tc_date_of(tc_date *date, int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12) return TC_BAD_DATE;
    if (day < 1 || day > days_in_month(year, month)) return TC_BAD_DATE;
    int shifted = month > 2 ? year : year - 1;
    int era = shifted / 400;
    int year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    date->day = era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
    return TC_OK;
}

void tc_date_split(tc_date date, int *year, int *month, int *day)
{
    int days = date.day + DAYS_TO_1970;
    int era = days / DAYS_PER_ERA;
    int day_of_era = days - era * DAYS_PER_ERA;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

static bool digits(int *value, const char *text, int count)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

tc_status tc_date_parse(tc_date *date, const char *text, size_t size)
{
    int year, month, day;
    if (size != 10 || text[4] != '-' || text[7] != '-') return TC_BAD_DATE;
    if (!digits(&year, text, 4) || !digits(&month, text + 5, 2) || !digits(&day, text + 8, 2)) return TC_BAD_DATE;
    return tc_date_of(date, year, month, day);
}

static void put(char *text, int value, int count)
{
    while (count--) {
        text[count] = (char)('0' + value % 10);
        value /= 10;
    }
}

void tc_date_format(char text[TC_DATE_TEXT_SIZE], tc_date date)
{
    int year, month, day;
    tc_date_split(date, &year, &month, &day);
    put(text, year, 4);
    text[4] = '-';
    put(text + 5, month, 2);
    text[7] = '-';
    put(text + 8, day, 2);
    text[10] = '\0';
}

tc_date tc_date_in_ist(int64_t unix_seconds)
{
    enum { DAY_SECONDS = 86400, IST_SECONDS = 19800 };
    int64_t shifted = unix_seconds + IST_SECONDS;
    int64_t day = shifted / DAY_SECONDS - (shifted % DAY_SECONDS < 0);
    return (tc_date){(int32_t)day};
}
