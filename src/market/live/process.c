#include "market/live/process.h"

#include <math.h>

#include "market/live/random.h"

/* Which process a stream belongs to. */
enum { STREAM_DAY_RETURN, STREAM_PATH, STREAM_DAY_VOLUME, STREAM_VOLUME, STREAM_SPREAD, STREAM_COIN, STREAM_BOOK };

static tc_random stream(const tc_process *process, int32_t session, uint64_t which)
{
    const uint64_t key[] = {process->seed, process->security, (uint64_t)session, which};
    return tc_random_of(key, sizeof key / sizeof *key);
}

/* 1 + depth (2x - 1)^2 at the middle x of a minute, over its sum: sum (2x - 1)^2 = (n^2 - 1)/(3n) for n minutes. */
static double part(unsigned minute, double depth)
{
    const double n = TC_SESSION_MINUTES;
    double from_noon = (2.0 * minute + 1 - n) / n;
    return (1 + depth * from_noon * from_noon) / (n + depth * (n * n - 1) / (3 * n));
}

double tc_process_variance_part(unsigned minute)
{
    return part(minute, 3);
}

double tc_process_volume_part(unsigned minute)
{
    return part(minute, 2);
}

/* 2020-01-01 was the third day of its week. */
int32_t tc_process_session(tc_date date)
{
    enum { FIRST_MONDAY = TC_PROCESS_FIRST_DAY - 2 };
    int32_t days = date.day - FIRST_MONDAY;
    if (date.day < TC_PROCESS_FIRST_DAY || days % 7 >= 5) return -1;
    return days / 7 * 5 + days % 7 - 2;
}

double tc_process_return(const tc_process *process, int32_t session)
{
    tc_random random = stream(process, session, STREAM_DAY_RETURN);
    double s = process->volatility;
    return s * tc_random_normal(&random) - s * s / 2;
}

double tc_process_close(const tc_process *process, int32_t session)
{
    double level = tc_exact_log(process->price);
    for (int32_t i = 0; i <= session; i++) level += tc_process_return(process, i);
    return level;
}

/* The return of the whole day is known from its own stream, so that days can be drawn without their minutes; within the day
 * the path is a Brownian bridge to it, which is the same law as drawing minute by minute. */
static void draw_mids(const tc_process *process, int32_t session, tc_process_minute *minute)
{
    tc_random random = stream(process, session, STREAM_PATH);
    double level = tc_process_close(process, session - 1), left = tc_process_return(process, session), remaining = 1;
    for (unsigned m = 0; m < TC_SESSION_MINUTES; m++) {
        double w = tc_process_variance_part(m), after = remaining - w;
        if (m == TC_SESSION_MINUTES - 1 || after < 0) after = 0;
        double move = left * (w / remaining) + process->volatility * sqrt(w * after / remaining) * tc_random_normal(&random);
        if (m == TC_SESSION_MINUTES - 1) move = left;
        level += move;
        left -= move;
        remaining = after;
        minute[m].mid = tc_exact_exp(level);
    }
}

static void draw_spreads(const tc_process *process, int32_t session, tc_process_minute *minute)
{
    const double fresh = sqrt(1 - TC_SPREAD_MEMORY * TC_SPREAD_MEMORY) * TC_SPREAD_SD;
    tc_random random = stream(process, session, STREAM_SPREAD);
    double y = TC_SPREAD_SD * tc_random_normal(&random);
    for (unsigned m = 0; m < TC_SESSION_MINUTES; m++) {
        if (m) y = TC_SPREAD_MEMORY * y + fresh * tc_random_normal(&random);
        minute[m].spread = process->spread * tc_exact_exp(y - TC_SPREAD_SD * TC_SPREAD_SD / 2);
    }
}

static double log_normal(double z, double sd)
{
    return tc_exact_exp(sd * z - sd * sd / 2);
}

static double draw_volumes(const tc_process *process, int32_t session, tc_process_minute *minute)
{
    tc_random day = stream(process, session, STREAM_DAY_VOLUME), random = stream(process, session, STREAM_VOLUME);
    double total = 0, expected = process->adv * log_normal(tc_random_normal(&day), TC_DAY_VOLUME_SD);
    for (unsigned m = 0; m < TC_SESSION_MINUTES; m++) {
        double mean = expected * tc_process_volume_part(m);
        double volume = floor(mean * log_normal(tc_random_normal(&random), TC_MINUTE_VOLUME_SD) + 0.5);
        if (minute) minute[m].volume = volume;
        total += volume;
    }
    return total;
}

double tc_process_volume(const tc_process *process, int32_t session)
{
    return draw_volumes(process, session, NULL);
}

/* To a ten-thousandth of a rupee, the finest step of any exchange's: 3 x 0.05 is 0.15. */
static double on_tick(double ticks, double tick)
{
    return floor(ticks * tick * 1e4 + 0.5) / 1e4;
}

/* As many whole ticks as come nearest to the spread, at least one, around the mid as far as ticks allow. */
static void put_on_ticks(const tc_process *process, tc_process_minute *minute)
{
    double spread = floor(minute->spread * minute->mid / process->tick + 0.5);
    if (spread < 1) spread = 1;
    double bid = floor(minute->mid / process->tick - spread / 2 + 0.5);
    if (bid < 1) bid = 1;
    minute->bid = on_tick(bid, process->tick);
    minute->ask = on_tick(bid + spread, process->tick);
}

void tc_process_day(const tc_process *process, int32_t session, tc_process_minute minute[TC_SESSION_MINUTES])
{
    tc_random coin = stream(process, session, STREAM_COIN);
    draw_mids(process, session, minute);
    draw_spreads(process, session, minute);
    draw_volumes(process, session, minute);
    for (unsigned m = 0; m < TC_SESSION_MINUTES; m++) {
        put_on_ticks(process, &minute[m]);
        minute[m].last = tc_random_next(&coin) >> 63 ? minute[m].ask : minute[m].bid;
    }
}

static void draw_level(const tc_process *process, tc_random *random, double *quantity)
{
    *quantity = floor(process->adv / 2000 * log_normal(tc_random_normal(random), 0.5) + 0.5);
    if (*quantity < 1) *quantity = 1;
}

void tc_process_book(const tc_process *process, int32_t session, unsigned minute, double bid[TC_PROCESS_LEVELS],
                     double ask[TC_PROCESS_LEVELS])
{
    tc_random random = stream(process, session, STREAM_BOOK + UINT64_C(1000) * (minute + 1));
    for (unsigned i = 0; i < TC_PROCESS_LEVELS; i++) {
        draw_level(process, &random, &bid[i]);
        draw_level(process, &random, &ask[i]);
    }
}
