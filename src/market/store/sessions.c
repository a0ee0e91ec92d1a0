#include "sessions.h"

#include "inside.h"
#include "text/values.h"

/* Sessions that were shorter than the usual, by the hours in which shares traded continuously (minutes of the day). NULL for
 * exchange: NSE and BSE. What is not here and has no bars counts as full. */
static const struct {
    const char *date, *exchange;
    struct { uint16_t from, to; } part[2];
    const char *source;
} special[] = {
#define CLOCK(hour, minute) ((hour) * 60 + (minute))
#define EVENING(h1, m1, h2, m2) {{CLOCK(h1, m1), CLOCK(h2, m2)}}
    {"2015-11-11", NULL, EVENING(17, 45, 18, 45), "Muhurat: NSE circular, as The Hindu Business Line tells it"},
    {"2016-10-30", NULL, EVENING(18, 30, 19, 30), "Muhurat: NSE circular, as hindupad.com tells it"},
    {"2017-10-19", NULL, EVENING(18, 30, 19, 30), "Muhurat: NSE circular, as upcomingipocalendar.com tells it"},
    {"2018-11-07", NULL, EVENING(17, 30, 18, 30), "Muhurat: NSE statement, as Mint of 2018-11-06 tells it"},
    {"2019-10-27", NULL, EVENING(18, 15, 19, 15), "Muhurat: minutes of the NIFTY index"},
    {"2020-03-13", NULL, {{CLOCK(9, 15), CLOCK(9, 22)}, {CLOCK(10, 21), CLOCK(15, 30)}}, "market-wide halt: minutes of the NIFTY index"},
    {"2020-03-23", NULL, {{CLOCK(9, 15), CLOCK(9, 59)}, {CLOCK(10, 57), CLOCK(15, 30)}}, "market-wide halt: minutes of the NIFTY index"},
    {"2020-11-14", NULL, EVENING(18, 15, 19, 15), "Muhurat: minutes of the NIFTY index"},
    {"2021-02-24", "NSE", {{CLOCK(9, 15), CLOCK(11, 40)}, {CLOCK(15, 45), CLOCK(17, 0)}}, "outage: SEBI's statement of the day; BSE traded on"},
    {"2021-11-04", NULL, EVENING(18, 15, 19, 15), "Muhurat: Free Press Journal of 2021-11-04"},
    {"2022-10-24", NULL, EVENING(18, 15, 19, 15), "Muhurat: exchange circulars, as Mint of 2022-10-24 tells them"},
    {"2023-11-12", NULL, EVENING(18, 15, 19, 15), "Muhurat: Angel One notice of 12-Nov-23"},
    {"2024-03-02", NULL, {{CLOCK(9, 15), CLOCK(10, 0)}, {CLOCK(11, 30), CLOCK(12, 30)}}, "disaster recovery site, a Saturday: NSE circular of 2024-02-14"},
    {"2024-05-18", NULL, {{CLOCK(9, 15), CLOCK(10, 0)}, {CLOCK(11, 45), CLOCK(12, 40)}}, "disaster recovery site, a Saturday: NSE circular of 2024-05-07"},
    {"2024-11-01", NULL, EVENING(18, 0, 19, 0), "Muhurat: turnover of the day fits an hour; the hour itself is unsourced"},
    {"2025-10-21", NULL, EVENING(13, 45, 14, 45), "Muhurat: NSE circular of 2025-09-22"},
};

/* Full sessions on days that are none: budgets, and one held for a holiday on the Monday after. */
static const char *const full_weekend[] = {"2015-02-28", "2020-02-01", "2024-01-20", "2025-02-01", "2026-02-01"};

enum { SPECIAL_COUNT = sizeof special / sizeof *special, WHOLE_BY_BARS = 360 };

static int find_special(tc_text exchange, tc_date date)
{
    char text[TC_DATE_TEXT_SIZE];
    tc_date_format(text, date);
    for (int i = 0; i < SPECIAL_COUNT; i++)
        if (!strcmp(special[i].date, text)) return !special[i].exchange || tc_text_is(exchange, special[i].exchange) ? i : -1;
    return -1;
}

uint16_t tc_session_minutes(tc_text exchange, tc_date date, int covered)
{
    int i = find_special(exchange, date);
    if (i >= 0) return (uint16_t)(special[i].part[0].to - special[i].part[0].from + special[i].part[1].to - special[i].part[1].from);
    return covered > 0 && covered < WHOLE_BY_BARS ? (uint16_t)covered : 0;
}

/* Keeps the widest breaks; returns what is not, or no longer, among them. */
static int64_t keep_break(int64_t *widest, size_t count, int64_t gap)
{
    size_t least = 0;
    for (size_t i = 1; i < count; i++)
        if (widest[i] < widest[least]) least = i;
    if (gap <= widest[least]) return gap;
    int64_t out = widest[least];
    widest[least] = gap;
    return out;
}

int tc_covered_minutes(const tc_bar *bar, size_t count)
{
    enum { BREAKS = 4, EVIDENCE_MINUTES = 45 };
    int64_t covered = 0, missed = 0, end = 0, widest[BREAKS] = {0};
    if (!count) return 0;
    int64_t opens = start_of(date_of(bar[0].time)) + TC_SESSION_OPENS_MINUTE * MICROS_A_MINUTE;
    for (size_t i = 0; i < count; i++) {
        if (bar[i].time < opens) continue;
        int64_t length = bar[i].seconds * INT64_C(1000000);
        if (end && bar[i].time > end) missed += keep_break(widest, BREAKS, bar[i].time - end);
        end = bar[i].time + length;
        covered += length;
    }
    bool dense = covered >= EVIDENCE_MINUTES * MICROS_A_MINUTE && (double)covered >= 0.95 * (double)(covered + missed);
    int minutes = (int)(covered / MICROS_A_MINUTE);
    return !dense ? 0 : minutes < TC_SESSION_MINUTES ? minutes : TC_SESSION_MINUTES;
}

static int weekday(tc_date date) { return (int)(((int64_t)date.day + 3) % 7 + 7) % 7; } /* 0: Monday; 1970-01-01 was a Thursday */

bool tc_weekday_between(tc_date from, tc_date to)
{
    for (int32_t day = from.day + 1; day < to.day; day++)
        if (weekday((tc_date){day}) < 5) return true;
    return false;
}

static bool is_weekend(tc_date date)
{
    char text[TC_DATE_TEXT_SIZE];
    if (weekday(date) < 5) return false;
    tc_date_format(text, date);
    for (size_t i = 0; i < sizeof full_weekend / sizeof *full_weekend; i++)
        if (!strcmp(full_weekend[i], text)) return false;
    return true;
}

tc_session tc_session_at(tc_text exchange, int64_t time)
{
    tc_date date = date_of(time);
    int minute = (int)((time - start_of(date)) / MICROS_A_MINUTE);
    if (!tc_text_is(exchange, "NSE") && !tc_text_is(exchange, "BSE")) return TC_SESSION_UNKNOWN;
    int i = find_special(exchange, date);
    for (int part = 0; i >= 0 && part < 2; part++)
        if (minute >= special[i].part[part].from && minute < special[i].part[part].to) return TC_SESSION_CONTINUOUS;
    if (i >= 0 || is_weekend(date)) return TC_SESSION_CLOSED;
    const int opens = TC_SESSION_OPENS_MINUTE, closes = opens + TC_SESSION_MINUTES;
    if (minute >= opens && minute < closes) return TC_SESSION_CONTINUOUS;
    if (minute >= opens - 15 && minute < opens) return TC_SESSION_PRE_OPEN;
    return minute >= closes + 10 && minute < closes + 30 ? TC_SESSION_CLOSING : TC_SESSION_CLOSED;
}

double tc_coarsest_tick(double price)
{
    return price < 1000 ? 0.05 : price < 5000 ? 0.1 : price < 10000 ? 0.5 : price < 20000 ? 1 : 5;
}
