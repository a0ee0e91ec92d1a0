#include "values.h"

#include "core/exact.h"

tc_text tc_scratch_copy(tc_scratch *scratch, const char *text, size_t size)
{
    if (size > scratch->left || !size) return (tc_text){NULL, 0};
    tc_text copy = {scratch->next, size};
    memcpy(scratch->next, text, size);
    scratch->next += size;
    scratch->left -= size;
    return copy;
}

static char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? (char)(letter + 32) : letter; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool tc_text_begins(tc_text text, const char *prefix)
{
    size_t size = strlen(prefix);
    if (text.size < size) return false;
    for (size_t i = 0; i < size; i++)
        if (lower(text.data[i]) != lower(prefix[i])) return false;
    return true;
}

bool tc_text_same(tc_text a, const char *b) { return a.size == strlen(b) && tc_text_begins(a, b); }

bool tc_is_blank(tc_text text)
{
    static const char *const nothing[] = {"-", "--", "NA", "N/A", "N.A.", "null"};
    if (!text.size) return true;
    char first = text.data[0];
    if (text.size > 4 || (first != '-' && lower(first) != 'n')) return false;
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        if (tc_text_same(text, nothing[i])) return true;
    return false;
}

bool tc_is_numeric(tc_text text)
{
    size_t i = text.size && (text.data[0] == '(' || text.data[0] == '-' || text.data[0] == '+');
    i += i < text.size && text.data[i] == '.';
    return i < text.size && is_digit(text.data[i]);
}

/* Commas stand where Indians or Europeans put them: three digits behind the
 * last one, two or three between. Anything else is not a thousands comma. */
static bool ungroup(char *plain, size_t *size, tc_text text)
{
    size_t run = 0, digits = 0, commas = 0;
    bool whole = true;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == ',') {
            if (!whole || !run || run > 3 || (commas && run < 2)) return false;
            commas++;
            run = 0;
            continue;
        }
        if (c == '.') {
            if (!whole || (commas && run != 3)) return false;
            whole = false;
        } else if (!is_digit(c)) {
            return false;
        }
        run++;
        digits += c != '.';
        plain[(*size)++] = c;
    }
    return digits && (!whole || !commas || run == 3);
}

static tc_status round_decimals(char *plain, size_t *size, char *point, unsigned decimals)
{
    char next = point[decimals + 1];
    for (char *c = point + 1; c < plain + *size; c++)
        if (!is_digit(*c)) return TC_BAD_NUMBER;
    int64_t units;
    tc_status status = tc_decimal_parse(&units, plain, (size_t)(point - plain) + 1 + decimals, decimals);
    if (status != TC_OK) return TC_BAD_NUMBER;
    char text[TC_DECIMAL_SIZE];
    if (units < INT64_MAX && next >= '5') units++;
    *size = tc_decimal_format(text, units, decimals, 0);
    memcpy(plain, text, *size);
    return TC_OK;
}

static bool is_plain(tc_text text, unsigned decimals_max)
{
    size_t i = text.size && text.data[0] == '-', from = i, decimals = 0;
    for (; i < text.size && is_digit(text.data[i]); i++) {}
    if (i == from) return false;
    if (i < text.size && text.data[i] == '.')
        for (i++; i < text.size && is_digit(text.data[i]); i++) decimals++;
    return i == text.size && decimals <= decimals_max;
}

tc_status tc_number_read(tc_text *number, tc_scratch *scratch, tc_text text, unsigned decimals)
{
    enum { LONGEST = 40 };
    char plain[LONGEST + TC_DECIMAL_SIZE];
    text = tc_trim(text);
    if (is_plain(text, decimals)) {
        *number = text;
        return TC_OK;
    }
    if (text.size > LONGEST) return TC_BAD_NUMBER;
    bool parentheses = text.size > 2 && text.data[0] == '(' && text.data[text.size - 1] == ')';
    if (parentheses) text = tc_trim((tc_text){text.data + 1, text.size - 2});
    bool minus = !parentheses && text.size && text.data[0] == '-';
    bool plus = !parentheses && text.size && text.data[0] == '+';
    if (minus || plus) text = (tc_text){text.data + 1, text.size - 1};

    plain[0] = '-';
    char *digits = plain + 1;
    size_t size = 0;
    if (!ungroup(digits, &size, text)) return TC_BAD_NUMBER;
    char *point = memchr(digits, '.', size);
    size_t behind = point ? (size_t)(digits + size - point) - 1 : 0;
    if (behind > decimals && round_decimals(digits, &size, point, decimals) != TC_OK) return TC_BAD_NUMBER;
    bool negative = minus || parentheses;
    *number = tc_scratch_copy(scratch, negative ? plain : digits, size + negative);
    return number->size ? TC_OK : TC_BAD_NUMBER;
}

bool tc_id_is_destroyed(tc_text id)
{
    size_t i = 0;
    while (i < id.size && (is_digit(id.data[i]) || id.data[i] == '.')) i++;
    if (i == 0 || i + 2 > id.size || lower(id.data[i]) != 'e') return false;
    i++;
    if (id.data[i] == '+' || id.data[i] == '-') i++;
    for (size_t from = i; i <= id.size; i++) {
        if (i == id.size) return i > from;
        if (!is_digit(id.data[i])) return false;
    }
    return false;
}

int tc_month_find(tc_text name)
{
    static const char *const months[] = {"january", "february", "march", "april", "may", "june", "july",
                                         "august", "september", "october", "november", "december"};
    if (tc_text_same(name, "sept")) return 9;
    for (int i = 0; i < 12; i++) {
        char abbreviated[4] = {months[i][0], months[i][1], months[i][2], '\0'};
        if (tc_text_same(name, months[i]) || tc_text_same(name, abbreviated)) return i + 1;
    }
    return 0;
}

typedef struct { const char *at, *end; } scanner;

static bool take(scanner *scan, char c)
{
    if (scan->at == scan->end || *scan->at != c) return false;
    scan->at++;
    return true;
}

static void skip_spaces(scanner *scan)
{
    while (take(scan, ' ')) {}
}

/* A run of digits, and how many; -1 if there are none or more than eight. */
static int take_number(scanner *scan, int *digits)
{
    int value = 0;
    const char *from = scan->at;
    for (; scan->at < scan->end && is_digit(*scan->at); scan->at++)
        if (scan->at - from < 8) value = value * 10 + (*scan->at - '0');
    ptrdiff_t run = scan->at - from;
    *digits = run > 8 ? 9 : (int)run;
    return run > 0 && run <= 8 ? value : -1;
}

static tc_text take_word(scanner *scan)
{
    const char *from = scan->at;
    while (scan->at < scan->end && is_letter(*scan->at)) scan->at++;
    return (tc_text){from, (size_t)(scan->at - from)};
}

static bool take_date(scanner *scan, tc_date *date)
{
    int digits, year_digits, month, year, first = take_number(scan, &digits);
    if (first < 0) return false;
    char separator = scan->at < scan->end ? *scan->at : '\0';
    if (separator != '-' && separator != ' ') return false;
    scan->at++;
    if (digits == 4) { /* the year comes first, then nothing is in doubt */
        int month_digits, day_digits;
        if (separator != '-') return false;
        month = take_number(scan, &month_digits);
        if (!take(scan, '-')) return false;
        int day = take_number(scan, &day_digits);
        return month_digits == 2 && day_digits == 2 && tc_date_of(date, first, month, day) == TC_OK;
    }
    if (digits > 2) return false;
    if (scan->at < scan->end && is_letter(*scan->at)) {
        month = tc_month_find(take_word(scan));
        if (!take(scan, separator)) return false;
        year = take_number(scan, &year_digits);
        if (year_digits == 2) year += 2000;
        else if (year_digits != 4) return false;
    } else {
        int month_digits;
        if (separator != '-') return false;
        month = take_number(scan, &month_digits);
        if (month_digits > 2 || !take(scan, '-')) return false;
        year = take_number(scan, &year_digits);
        if (year_digits != 4) return false;
    }
    return tc_date_of(date, year, month, first) == TC_OK;
}

static bool take_fraction(scanner *scan, int64_t *micros)
{
    int64_t unit = 100000;
    const char *from = scan->at;
    for (; scan->at < scan->end && is_digit(*scan->at); scan->at++, unit /= 10) *micros += (*scan->at - '0') * unit;
    return scan->at > from;
}

static bool take_half_day(scanner *scan, int *hour)
{
    scanner before = *scan;
    skip_spaces(scan);
    tc_text word = take_word(scan);
    bool pm = tc_text_same(word, "PM");
    if (!pm && !tc_text_same(word, "AM")) {
        *scan = before;
        return true;
    }
    if (*hour < 1 || *hour > 12) return false;
    *hour = *hour % 12 + (pm ? 12 : 0);
    return true;
}

/* hh:mm[:ss[.f]] [AM|PM]; a day has no 24:00 and, here, no leap second. */
static bool take_time(scanner *scan, int64_t *micros)
{
    int digits, second = 0;
    int64_t fraction = 0;
    int hour = take_number(scan, &digits);
    if (hour < 0 || digits > 2 || !take(scan, ':')) return false;
    int minute = take_number(scan, &digits);
    if (digits != 2) return false;
    if (take(scan, ':')) {
        second = take_number(scan, &digits);
        if (digits != 2) return false;
        if (take(scan, '.') && !take_fraction(scan, &fraction)) return false;
    }
    if (!take_half_day(scan, &hour)) return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    *micros = ((hour * 60 + minute) * 60 + second) * INT64_C(1000000) + fraction;
    return true;
}

/* What the zone is ahead of UTC, in minutes. */
static bool take_zone(scanner *scan, int *minutes, bool *zoned)
{
    enum { IST_MINUTES = 330 };
    skip_spaces(scan);
    *minutes = IST_MINUTES;
    *zoned = scan->at < scan->end;
    if (!*zoned) return true;
    if (*scan->at == '+' || *scan->at == '-') {
        int sign = *scan->at++ == '-' ? -1 : 1, digits, hours, rest = 0;
        hours = take_number(scan, &digits);
        if (digits == 4) {
            rest = hours % 100;
            hours /= 100;
        } else if (digits != 2) {
            return false;
        } else if (take(scan, ':')) {
            rest = take_number(scan, &digits);
            if (digits != 2) return false;
        }
        *minutes = sign * (hours * 60 + rest);
        return hours <= 14 && rest <= 59;
    }
    tc_text word = take_word(scan);
    if (tc_text_same(word, "IST")) return true;
    *minutes = 0;
    return tc_text_same(word, "Z") || tc_text_same(word, "UTC") || tc_text_same(word, "GMT");
}

static bool to_india(tc_moment *moment, int zone_minutes)
{
    const int64_t day = INT64_C(86400000000);
    moment->micros += (330 - zone_minutes) * INT64_C(60000000);
    int32_t days = moment->micros < 0 ? -1 : moment->micros >= day;
    moment->micros -= days * day;
    moment->date.day += days;
    return moment->date.day >= TC_DATE_MIN && moment->date.day <= TC_DATE_MAX;
}

/* Five digits are a day of the 20th to 22nd century, the fraction its time. */
static bool serial_read(tc_moment *moment, tc_text text, bool date1904)
{
    enum { DAY_OF_1970 = 25569, DAYS_1904 = 1462, MILLIS = 86400000 };
    if (text.size < 5 || (text.size > 5 && text.data[5] != '.') || text.size > 21) return false;
    int32_t serial = 0;
    for (size_t i = 0; i < 5; i++) {
        if (!is_digit(text.data[i])) return false;
        serial = serial * 10 + (text.data[i] - '0');
    }
    if (serial < 10000) return false;
    int64_t fraction = 0, unit = 1;
    for (size_t i = 6; i < text.size; i++, unit *= 10) {
        if (!is_digit(text.data[i])) return false;
        fraction = fraction * 10 + (text.data[i] - '0');
    }
    moment->has_date = true;
    moment->has_time = text.size > 6;
    moment->date.day = serial - DAY_OF_1970 + (date1904 ? DAYS_1904 : 0);
    int64_t millis = (int64_t)(((tc_atto)fraction * MILLIS + unit / 2) / unit);
    moment->date.day += millis == MILLIS;
    moment->micros = millis % MILLIS * 1000;
    return true;
}

tc_status tc_moment_read(tc_moment *moment, tc_text text, bool date1904)
{
    tc_moment read = {0};
    text = tc_trim(text);
    scanner scan = {text.data, text.data + text.size};
    if (serial_read(&read, text, date1904)) {
        *moment = read;
        return TC_OK;
    }
    bool colon_first = text.size > 2 && (text.data[1] == ':' || text.data[2] == ':');
    if (!colon_first) {
        if (!take_date(&scan, &read.date)) return TC_BAD_DATE;
        read.has_date = true;
        if (!take(&scan, 'T') && !take(&scan, 't')) take(&scan, ',');
        skip_spaces(&scan);
    }
    if (scan.at < scan.end) {
        int zone;
        if (!take_time(&scan, &read.micros) || !take_zone(&scan, &zone, &read.zoned)) return TC_BAD_DATE;
        read.has_time = true;
        if (scan.at != scan.end || (read.zoned && !read.has_date && zone != 330)) return TC_BAD_DATE;
        if (!to_india(&read, zone)) return TC_BAD_DATE;
    }
    if (!read.has_date && !read.has_time) return TC_BAD_DATE;
    *moment = read;
    return TC_OK;
}

static char *put_two(char *at, int64_t value)
{
    *at++ = (char)('0' + value / 10 % 10);
    *at++ = (char)('0' + value % 10);
    return at;
}

size_t tc_moment_format(char text[TC_MOMENT_TEXT_SIZE], const tc_moment *moment)
{
    char *at = text;
    if (moment->has_date) {
        tc_date_format(at, moment->date);
        at += TC_DATE_TEXT_SIZE - 1;
    }
    if (moment->has_time) {
        int64_t seconds = moment->micros / 1000000, micros = moment->micros % 1000000;
        if (moment->has_date) *at++ = 'T';
        at = put_two(at, seconds / 3600);
        *at++ = ':';
        at = put_two(at, seconds / 60 % 60);
        *at++ = ':';
        at = put_two(at, seconds % 60);
        if (micros) *at++ = '.';
        for (int64_t unit = 100000; micros; micros %= unit, unit /= 10) *at++ = (char)('0' + micros / unit);
    }
    *at = '\0';
    return (size_t)(at - text);
}
