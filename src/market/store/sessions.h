/* sessions.h - sessions that were not like the others. */
#ifndef TC_MARKET_STORE_SESSIONS_H
#define TC_MARKET_STORE_SESSIONS_H

#include "market/series.h"

/* How long the session was: of the table of special sessions; else `covered`, the minutes that bars of the day cover
 * (0: there are none), where these fall well short of a full session; else 0: taken for full. */
uint16_t tc_session_minutes(tc_text exchange, tc_date date, int covered);

/* How many minutes of its session the bars of one day (oldest first) cover, if they follow each other but for a few breaks,
 * for 45 minutes at least: then the session was as long. 0: they tell nothing, as those of a share that seldom trades. Pre-open
 * bars do not count. */
int tc_covered_minutes(const tc_bar *bar, size_t count);

/* Whether a session shorter than the usual was held; `minutes` as above. */
static inline bool tc_session_is_short(uint16_t minutes) { return minutes && minutes < TC_SESSION_MINUTES; }

/* Whether a Monday to Friday lies between the two days. */
bool tc_weekday_between(tc_date from, tc_date to);

/* What the clock of an exchange's equity market says at `time` (microseconds since 1970 UTC). Holidays are not known to it. */
tc_session tc_session_at(tc_text exchange, int64_t time);

/* The coarsest step that a close of this price may be rounded to, at any date. */
double tc_coarsest_tick(double price);

#endif
