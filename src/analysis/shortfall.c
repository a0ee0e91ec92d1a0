#include "tradecost/tca.h"

#include <math.h>

#include "core/exact.h"

/* Quantities are micros and marks nanos: their products count femto-rupees
 * (1e-15), of which a nano-rupee has a million. */
typedef tc_atto femto;
enum { FEMTOS_PER_NANO = 1000000, NANOS_PER_MICRO = 1000 };

tc_mark tc_mark_of(double price)
{
    if (!(price > 0) || price > 1e9) return TC_NO_MARK;
    return (tc_mark){llround(price * 1e9)};
}

tc_mark tc_mark_of_price(tc_price price)
{
    return (tc_mark){price.micros * NANOS_PER_MICRO};
}

tc_mark tc_mark_mid(double bid, double ask)
{
    if (!(bid > 0) || !(ask >= bid) || ask > 1e9) return TC_NO_MARK;
    return (tc_mark){(llround(bid * 1e6) + llround(ask * 1e6)) * (NANOS_PER_MICRO / 2)};
}

double tc_mark_price(tc_mark mark)
{
    return tc_mark_known(mark) ? (double)mark.nanos / 1e9 : NAN;
}

double tc_benchmark_bps(uint8_t side, double average, double benchmark)
{
    double cost = (average - benchmark) / benchmark * 1e4;
    return side == TC_SELL ? -cost : cost;
}

double tc_relative_performance(double total, double favourable, double unfavourable)
{
    return total > 0 ? (total + favourable - unfavourable) / (2 * total) : NAN;
}

const char *tc_shortfall_part_name(tc_shortfall_part part)
{
#define AS_NAME(name, word) word,
    static const char *const names[] = {TC_SHORTFALL_PARTS(AS_NAME)};
#undef AS_NAME
    return (unsigned)part < TC_SHORTFALL_COUNT ? names[part] : NULL;
}

/* What is summed over the fills of an order; `over` once a sum did not fit. */
struct sums {
    femto filled, paid, at_mid, at_later; /* sum q, q p, q M, q M+ */
    bool mids, laters;                    /* every fill has one */
    bool over;
};

static void add_product(struct sums *s, femto *sum, int64_t quantity, int64_t price)
{
    if (__builtin_add_overflow(*sum, (femto)quantity * price, sum)) s->over = true;
}

static tc_status sum_fills(struct sums *s, tc_error *error, const tc_worked_order *e)
{
    *s = (struct sums){.mids = true, .laters = true};
    for (size_t i = 0; i < e->fill_count; i++) {
        const tc_executed *fill = &e->fills[i];
        if (fill->quantity.micros <= 0) return tc_fail(error, TC_BAD_VALUE, "quantity", "must be above 0");
        if (fill->price.micros <= 0) return tc_fail(error, TC_BAD_VALUE, "price", "must be above 0");
        s->filled += fill->quantity.micros;
        add_product(s, &s->paid, fill->quantity.micros, tc_mark_of_price(fill->price).nanos);
        if (tc_mark_known(fill->mid)) add_product(s, &s->at_mid, fill->quantity.micros, fill->mid.nanos);
        if (tc_mark_known(fill->later)) add_product(s, &s->at_later, fill->quantity.micros, fill->later.nanos);
        s->mids &= tc_mark_known(fill->mid);
        s->laters &= tc_mark_known(fill->later);
    }
    return TC_OK;
}

/* The parts in femto-rupees, before they are rounded. */
struct exact_parts {
    femto part[TC_SHORTFALL_COUNT];
    uint8_t known;
};

static void set_part(struct exact_parts *to, tc_shortfall_part part, femto amount)
{
    to->part[part] = amount;
    to->known |= (uint8_t)(1u << part);
}

/* s sum q (p - P0) as what crossing the spread, the own impact and the market's move cost. */
static void split_execution(struct exact_parts *to, const struct sums *s, const tc_worked_order *e, femto at_arrival, int sign)
{
    femto moved = sign * (s->at_mid - at_arrival);
    switch (e->impact_rule) {
    case TC_IMPACT_BY_MARKOUT:
        if (!s->mids || !s->laters) break;
        set_part(to, TC_SHORTFALL_SPREAD, sign * (s->paid - s->at_later));
        set_part(to, TC_SHORTFALL_IMPACT, sign * (s->at_later - s->at_mid));
        set_part(to, TC_SHORTFALL_TIMING, moved);
        return;
    case TC_IMPACT_BY_MODEL:
        if (!s->mids) break;
        set_part(to, TC_SHORTFALL_SPREAD, sign * (s->paid - s->at_mid));
        set_part(to, TC_SHORTFALL_IMPACT, (femto)e->impact.nanos * FEMTOS_PER_NANO);
        set_part(to, TC_SHORTFALL_TIMING, moved - (femto)e->impact.nanos * FEMTOS_PER_NANO);
        return;
    default:
        if (!s->mids) break;
        set_part(to, TC_SHORTFALL_SPREAD, sign * (s->paid - s->at_mid));
        set_part(to, TC_SHORTFALL_TIMING, moved);
        return;
    }
    set_part(to, TC_SHORTFALL_UNSPLIT, sign * (s->paid - at_arrival));
}

static tc_status split(struct exact_parts *to, tc_error *error, const struct sums *s, const tc_worked_order *e)
{
    int sign = e->side == TC_SELL ? -1 : 1;
    bool both = tc_mark_known(e->arrival) && tc_mark_known(e->decision);
    tc_mark start = tc_mark_known(e->arrival) ? e->arrival : e->decision;
    femto decided = e->decided.micros, left = decided - s->filled;
    *to = (struct exact_parts){0};
    if (!tc_mark_known(start)) return tc_fail(error, TC_MARKET_MISSING, "arrival", "no price at decision or arrival");
    if (left < 0) return tc_fail(error, TC_CONTRADICTION, "quantity", "more filled than decided");
    if (left && !tc_mark_known(e->end)) return tc_fail(error, TC_MARKET_MISSING, "end", "no price to value what was not filled");
    if (both) set_part(to, TC_SHORTFALL_DELAY, sign * decided * (e->arrival.nanos - e->decision.nanos));
    if (e->fill_count) split_execution(to, s, e, s->filled * start.nanos, sign);
    set_part(to, TC_SHORTFALL_OPPORTUNITY, left ? sign * left * (e->end.nanos - start.nanos) : 0);
    return TC_OK;
}

static femto floor_nanos(femto amount, femto *remainder)
{
    femto whole = amount / FEMTOS_PER_NANO;
    *remainder = amount - whole * FEMTOS_PER_NANO;
    if (*remainder >= 0) return whole;
    *remainder += FEMTOS_PER_NANO;
    return whole - 1;
}

static bool to_money(tc_money *money, femto nanos)
{
    money->nanos = (int64_t)nanos;
    return money->nanos == nanos;
}

/* The part with the largest remainder takes the next nano; -1 marks one that has. */
static size_t largest(const femto *remainder)
{
    size_t best = 0;
    for (size_t i = 1; i < TC_SHORTFALL_COUNT; i++)
        if (remainder[i] > remainder[best]) best = i;
    return best;
}

static bool round_parts(tc_shortfall *to, const struct exact_parts *exact)
{
    femto remainder[TC_SHORTFALL_COUNT], nanos[TC_SHORTFALL_COUNT], total = 0, given = 0, rest;
    for (size_t i = 0; i < TC_SHORTFALL_COUNT; i++) {
        total += exact->part[i];
        given += nanos[i] = floor_nanos(exact->part[i], &remainder[i]);
    }
    total = floor_nanos(total + FEMTOS_PER_NANO / 2, &rest);
    for (; given < total; given++) {
        size_t next = largest(remainder);
        remainder[next] = -1;
        nanos[next]++;
    }
    bool fits = to_money(&to->total, total);
    for (size_t i = 0; i < TC_SHORTFALL_COUNT; i++) fits &= to_money(&to->part[i], nanos[i]);
    femto execution = nanos[TC_SHORTFALL_SPREAD] + nanos[TC_SHORTFALL_IMPACT] + nanos[TC_SHORTFALL_TIMING] + nanos[TC_SHORTFALL_UNSPLIT];
    return to_money(&to->execution, execution) && fits;
}

static bool paper_value(tc_turnover *paper, const tc_worked_order *e)
{
    tc_mark start = tc_mark_known(e->decision) ? e->decision : e->arrival;
    femto rest, nanos = floor_nanos((femto)e->decided.micros * start.nanos, &rest);
    paper->micros = (int64_t)(nanos / NANOS_PER_MICRO);
    return paper->micros == nanos / NANOS_PER_MICRO;
}

/* The whole nanos apart from the rest: as near as a double can be. */
static double average_of(const struct sums *s)
{
    femto nanos = s->paid / s->filled;
    return ((double)nanos + (double)(s->paid - nanos * s->filled) / (double)s->filled) / 1e9;
}

tc_status tc_shortfall_of(tc_shortfall *shortfall, tc_error *error, const tc_worked_order *execution)
{
    struct sums sums;
    struct exact_parts exact;
    tc_shortfall answer = {.average = NAN};
    if (execution->side != TC_BUY && execution->side != TC_SELL) return tc_fail(error, TC_BAD_VALUE, "side", "neither buy nor sell");
    if (execution->decided.micros <= 0) return tc_fail(error, TC_BAD_VALUE, "quantity", "must be above 0");
    tc_status status = sum_fills(&sums, error, execution);
    if (status == TC_OK) status = split(&exact, error, &sums, execution);
    if (status != TC_OK) return status;
    if (sums.over || !round_parts(&answer, &exact) || !paper_value(&answer.paper, execution))
        return tc_fail(error, TC_OVERFLOW, "total", "the shortfall does not fit");
    answer.filled.micros = (int64_t)sums.filled;
    if (sums.filled) answer.average = average_of(&sums);
    answer.known = exact.known;
    *shortfall = answer;
    return TC_OK;
}
