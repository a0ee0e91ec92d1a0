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

static tc_status read_year_first(tc_date *date, const char *text)
{
    int year, month, day;
    if (!digits(&year, text, 4) || !digits(&month, text + 5, 2) || !digits(&day, text + 8, 2)) return TC_BAD_DATE;
    return tc_date_of(date, year, month, day);
}

tc_status tc_date_parse(tc_date *date, const char *text, size_t size)
{
    if (size != 10 || text[4] != '-' || text[7] != '-') return TC_BAD_DATE;
    return read_year_first(date, text);
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

static int month_named(const char *text)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int m = 0; m < 12; m++)
        if ((text[0] | 0x20) == months[3 * m] && (text[1] | 0x20) == months[3 * m + 1] && (text[2] | 0x20) == months[3 * m + 2])
            return m + 1;
    return 0;
}

static bool separates(char c) { return c == '-' || c == '/' || c == ' '; }

static tc_status read_day_first(tc_date *date, const char *text, size_t size)
{
    int day, month, year;
    if (size < 9 || !digits(&day, text, 2) || !separates(text[2])) return TC_BAD_DATE;
    bool named = text[3] > '9';
    if (!named && !digits(&month, text + 3, 2)) return TC_BAD_DATE;
    if (named && !(month = month_named(text + 3))) return TC_BAD_DATE;
    const char *rest = text + (named ? 6 : 5);
    size_t left = size - (size_t)(rest - text);
    if (!separates(*rest)) return TC_BAD_DATE;
    if (left == 5 && digits(&year, rest + 1, 4)) return tc_date_of(date, year, month, day);
    if (named && left == 3 && digits(&year, rest + 1, 2)) return tc_date_of(date, 2000 + year, month, day);
    return TC_BAD_DATE;
}

tc_status tc_date_read(tc_date *date, const char *text, size_t size)
{
    enum { EXCEL_TO_1970 = 25569 };
    int serial;
    if (tc_date_parse(date, text, size) == TC_OK) return TC_OK;
    if (size == 10 && text[4] == '/' && text[7] == '/') return read_year_first(date, text);
    if (size != 5 || !digits(&serial, text, 5)) return read_day_first(date, text, size);
    date->day = serial - EXCEL_TO_1970;
    return TC_OK;
}

/* +hh:mm, +hhmm or Z, in seconds east of Greenwich. */
static bool read_zone(int *seconds, const char *text, size_t size)
{
    int hours, minutes;
    if (size == 1 && (*text == 'Z' || *text == 'z')) return *seconds = 0, true;
    size_t colon = size == 6 && text[3] == ':';
    if (size != 5 + colon || (*text != '+' && *text != '-')) return false;
    if (!digits(&hours, text + 1, 2) || !digits(&minutes, text + 3 + colon, 2)) return false;
    if (hours > 23 || minutes > 59) return false;
    *seconds = (hours * 60 + minutes) * (*text == '-' ? -60 : 60);
    return true;
}

static bool read_clock(int64_t *micros, const char **text, const char *end)
{
    int hours, minutes, seconds = 0;
    const char *at = *text;
    if (end - at < 5 || at[2] != ':' || !digits(&hours, at, 2) || !digits(&minutes, at + 3, 2)) return false;
    at += 5;
    if (end - at >= 3 && *at == ':') {
        if (!digits(&seconds, at + 1, 2)) return false;
        at += 3;
    }
    if (hours > 23 || minutes > 59 || seconds > 59) return false;
    *micros = ((int64_t)hours * 3600 + minutes * 60 + seconds) * 1000000;
    if (at < end && *at == '.') {
        int64_t unit = 100000;
        if (++at == end || *at < '0' || *at > '9') return false;
        for (; at < end && *at >= '0' && *at <= '9'; at++, unit /= 10) *micros += (*at - '0') * unit;
    }
    *text = at;
    return true;
}

tc_status tc_time_read(tc_date *date, int64_t *micros, const char *text, size_t size)
{
    const char *end = text + size;
    tc_date day = {TC_DATE_MIN - 1};
    int64_t clock;
    int zone;
    bool dated = size > 11 && (text[10] == 'T' || text[10] == ' ');
    if (dated && tc_date_parse(&day, text, 10) != TC_OK) return TC_BAD_DATE;
    if (dated) text += 11;
    if (!read_clock(&clock, &text, end)) return TC_BAD_DATE;
    if (text < end) {
        if (!dated || !read_zone(&zone, text, (size_t)(end - text))) return TC_BAD_DATE;
        int64_t second = (int64_t)day.day * 86400 + clock / 1000000 - zone;
        day = tc_date_in_ist(second);
        if (day.day < TC_DATE_MIN || day.day > TC_DATE_MAX) return TC_BAD_DATE;
        clock = (second + 19800 - (int64_t)day.day * 86400) * 1000000 + clock % 1000000;
    }
    *date = day;
    *micros = clock;
    return TC_OK;
}
