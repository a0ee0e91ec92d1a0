#include "join.h"

void tc_join_begin(tc_join *join, tc_quote_source source, int64_t reach)
{
    *join = (tc_join){.source = source, .reach = reach, .quote = {.time = INT64_MIN}, .asked = INT64_MIN, .seen = INT64_MIN};
}

/* Makes sure that source.tick[next] is there, unless the quotes are over. */
static tc_status look(tc_join *join, tc_error *error)
{
    tc_quote_source *source = &join->source;
    if (join->next < source->count || join->ended) return TC_OK;
    const tc_quote_tick *tick = NULL;
    size_t count = 0;
    tc_status status = source->more ? source->more(source->context, &tick, &count, error) : TC_OK;
    if (status) return status;
    source->tick = tick;
    source->count = count;
    join->next = 0;
    join->ended = count == 0;
    return TC_OK;
}

static tc_status unsorted(tc_error *error, const char *what)
{
    return tc_fail(error, TC_BAD_MARKET, "time", "%s are out of order", what);
}

/* Whether `later` is at most `reach` behind `earlier`; any two times have a distance in 64 unsigned bits. */
static bool within(int64_t earlier, int64_t later, int64_t reach)
{
    return (uint64_t)later - (uint64_t)earlier <= (uint64_t)reach;
}

/* Takes the quotes at hand that are not after `time`; false: one of them is before its predecessor. */
static bool take(tc_join *join, int64_t time)
{
    const tc_quote_tick *tick = join->source.tick;
    size_t next = join->next, count = join->source.count;
    int64_t seen = join->seen;
    bool sorted = true;
    for (; next < count; next++) {
        sorted = tick[next].time >= seen;
        if (!sorted || tick[next].time > time) break;
        seen = tick[next].time;
    }
    if (next > join->next) join->quote = tick[next - 1];
    join->next = next;
    join->seen = seen;
    return sorted;
}

tc_status tc_join_at(tc_join *join, tc_standing *standing, tc_error *error, int64_t time)
{
    if (time < join->asked) return unsorted(error, "trades");
    join->asked = time;
    for (;;) {
        tc_status status = look(join, error);
        if (status) return status;
        if (!take(join, time)) return unsorted(error, "quotes");
        if (join->next < join->source.count || join->ended) break;
    }
    bool known = join->quote.time != INT64_MIN && within(join->quote.time, time, join->reach);
    standing->quote = known ? &join->quote : NULL;
    standing->followed = known && !join->ended && within(join->quote.time, join->source.tick[join->next].time, join->reach);
    return TC_OK;
}
