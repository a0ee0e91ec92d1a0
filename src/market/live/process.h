/* process.h - the processes that a simulated market follows.
 *
 * Sessions are the Mondays to Fridays from 2020-01-01 on (no holidays), each of 375 minutes;
 * minute m is the m-th from the open, and its state is that at its end.
 *
 * price    Geometric Brownian motion without drift: over a session the logarithm of the mid moves by a normal of
 *          mean -s^2/2 and standard deviation s (the daily volatility), minute by minute in proportion to a variance
 *          curve w(x) ~ 1 + 3 (2x - 1)^2, x the part of the session gone: U-shaped, at the ends 4 times the middle.
 *          Nothing happens overnight.
 * volume   of a minute: adv x v(m) x exp(g Z - g^2/2) x exp(h D - h^2/2), v ~ 1 + 2 (2x - 1)^2 (U-shaped, 3 to 1),
 *          Z of the minute, D of the day, g = 0.5, h = 0.3: log-normal around the curve; in whole shares.
 * spread   s exp(y - t^2/2) of the mid, y(m) = 0.95 y(m-1) + sqrt(1 - 0.95^2) t Z, t = 0.35, stationary from the first minute
 *          of a day; then in whole ticks, at least one.
 * book     five levels a side, one tick apart, in front of which stand exp(0.5 Z - 1/8) x adv/2000 shares each.
 * trades   the last one of a minute is at the bid or at the ask, by the toss of a coin.
 *
 * All Z and D are independent standard normals, from streams keyed by seed, security, day and process: what is drawn for
 * one does not depend on whether another is asked for. */
#ifndef TC_MARKET_LIVE_PROCESS_H
#define TC_MARKET_LIVE_PROCESS_H

#include "tradecost/market.h"

enum { TC_PROCESS_LEVELS = 5, TC_PROCESS_FIRST_DAY = 18262 /* 2020-01-01, a Wednesday */ };
#define TC_SPREAD_MEMORY 0.95
#define TC_SPREAD_SD 0.35
#define TC_MINUTE_VOLUME_SD 0.5
#define TC_DAY_VOLUME_SD 0.3

typedef struct {
    uint64_t seed, security; /* security: a digest of exchange and symbol */
    double price;            /* the mid before the first session, rupees */
    double volatility;       /* a day, a fraction */
    double adv;              /* mean volume of a session, shares */
    double spread;           /* mean relative spread before it is put on ticks */
    double tick;             /* rupees */
} tc_process;

typedef struct {
    double mid;              /* not on ticks */
    double spread;           /* relative, not on ticks */
    double bid, ask, last;   /* on ticks */
    double volume;           /* of this minute, shares */
} tc_process_minute;

/* The parts of the session's variance and volume that minute 0, 1... 374 have: they add up to 1. */
double tc_process_variance_part(unsigned minute);
double tc_process_volume_part(unsigned minute);

/* Session number 0, 1, ... of a date, or -1 where it has none (a weekend, or before the first). */
int32_t tc_process_session(tc_date date);

/* The logarithmic return of a session; and ln of the mid at its end, which adds them up (of -1: where all begins). */
double tc_process_return(const tc_process *process, int32_t session);
double tc_process_close(const tc_process *process, int32_t session);
/* All minutes of a session. */
void tc_process_day(const tc_process *process, int32_t session, tc_process_minute minute[TC_SESSION_MINUTES]);
/* The volume of a session: the sum over its minutes, to the share. */
double tc_process_volume(const tc_process *process, int32_t session);
/* Quantities of the book at the end of a minute, best first. */
void tc_process_book(const tc_process *process, int32_t session, unsigned minute, double bid[TC_PROCESS_LEVELS],
                     double ask[TC_PROCESS_LEVELS]);

#endif
