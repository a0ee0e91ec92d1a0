/* values.h - the spellings of numbers, dates and times in brokers' files, and
 * the one spelling behind the reader.
 *
 * Dates: yyyy-mm-dd, dd-mm-yyyy, dd-Mon-yy, dd-Mon-yyyy (or with spaces), Excel
 * serials. A month is never read before its day unless the year comes first;
 * slashes are refused, for nobody can tell which of the two they mean. */
#ifndef TC_TEXT_VALUES_H
#define TC_TEXT_VALUES_H

#include <stdbool.h>
#include <string.h>

#include "tradecost/trade.h"

/* Room for the texts of one row; what does not fit is refused. */
typedef struct {
    char *next;
    size_t left;
} tc_scratch;

/* Copies into the scratch: size 0 and data NULL if it is full. */
tc_text tc_scratch_copy(tc_scratch *scratch, const char *text, size_t size);

static inline tc_text tc_text_of(const char *text) { return (tc_text){text, strlen(text)}; }
static inline bool tc_text_is(tc_text a, const char *b)
{
    return a.size == strlen(b) && (a.size == 0 || memcmp(a.data, b, a.size) == 0);
}
bool tc_text_same(tc_text a, const char *b); /* ASCII letters in any case */
bool tc_text_begins(tc_text text, const char *prefix); /* in any case */

static inline tc_text tc_trim(tc_text text)
{
    while (text.size && (unsigned char)text.data[0] <= ' ') text.data++, text.size--;
    while (text.size && (unsigned char)text.data[text.size - 1] <= ' ') text.size--;
    return text;
}

/* Empty, "-", "NA", "N/A" and the like: not given. `text` is trimmed. */
bool tc_is_blank(tc_text text);
/* Whether it begins as a number does: 5, -5, (5, .5. */
bool tc_is_numeric(tc_text text);

/* Plain decimal text of a number that may be grouped (1,52,250.00), in
 * parentheses (negative) or have more than `decimals` decimals (rounded half-up:
 * exports print averages so). `decimals` is 6 or 9. TC_BAD_NUMBER. */
tc_status tc_number_read(tc_text *plain, tc_scratch *scratch, tc_text text, unsigned decimals);

/* An id that a spreadsheet has turned into 2.2E+15 names nothing any more. */
bool tc_id_is_destroyed(tc_text id);

/* A date, a time of day, or both, in India. */
typedef struct {
    bool has_date, has_time, zoned; /* zoned: it said its zone, and was moved to IST */
    tc_date date;
    int64_t micros; /* since midnight */
} tc_moment;

/* `date1904`: Excel serials count from 1904. TC_BAD_DATE. */
tc_status tc_moment_read(tc_moment *moment, tc_text text, bool date1904);

#define TC_MOMENT_TEXT_SIZE 28
/* yyyy-mm-dd, hh:mm:ss[.ffffff], or both joined by T; returns the length. */
size_t tc_moment_format(char text[TC_MOMENT_TEXT_SIZE], const tc_moment *moment);

/* The number of a month from its English name or first three letters; 0: none. */
int tc_month_find(tc_text name);

#endif
