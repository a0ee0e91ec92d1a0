#include <stdlib.h>
#include <string.h>

#include "day.h"

uint64_t level_key(unsigned level, const struct day_fill *fill, uint32_t index, const struct rule *rule)
{
    const uint8_t *sel = fill->trade.sel;
    uint64_t value = fill->note;
    switch (level) {
    case PER_UNIT:
    case PER_FILL: value = index; break;
    case PER_ORDER: value = fill->order; break;
    case PER_SCRIP_DAY: value = (uint64_t)fill->security * 8 + (rule && rule->pool_by_exchange ? sel[TC_SEL_EXCHANGE] : 0u); break;
    case PER_ISIN_DAY: value = fill->security; break;
    case PER_EXCHANGE_DAY: value = value * 8 + sel[TC_SEL_EXCHANGE]; break;
    case PER_SEGMENT_DAY: value = value * 8 + sel[TC_SEL_SEGMENT]; break;
    default: break;
    }
    return (uint64_t)level << 56 | value;
}

static uint64_t mix(uint64_t key, uint32_t spec)
{
    uint64_t hash = (key ^ (uint64_t)spec << 32) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

void size_groups(tc_day *day)
{
    uint32_t slots = 16;
    while (slots < 8 * day->order.count && slots < day->group_slots.capacity) slots *= 2;
    day->group_slots.count = slots;
}

void groups_clear(tc_day *day)
{
    day->groups.count = 0;
    memset(day->group_slots.data, 0, day->group_slots.count * sizeof *day->group_slots.data);
}

struct group *group_of(tc_day *day, uint64_t key, uint32_t spec)
{
    uint32_t mask = day->group_slots.count - 1;
    uint32_t slot = (uint32_t)mix(key, spec) & mask;
    for (; day->group_slots.data[slot]; slot = (slot + 1) & mask) {
        struct group *group = &day->groups.data[day->group_slots.data[slot] - 1];
        if (group->key == key && group->spec == spec) return group;
    }
    struct group *group = &day->groups.data[day->groups.count++];
    memset(group, 0, sizeof *group);
    group->key = key;
    group->spec = spec;
    group->example = NO_ID;
    day->group_slots.data[slot] = day->groups.count;
    return group;
}

/* --- largest remainder ------------------------------------------------------ */

static int by_remainder(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    if (x->remainder != y->remainder) return x->remainder > y->remainder ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static tc_status credit(tc_day *day, uint32_t fill, int64_t units, int64_t unit_nanos, tc_charge charge)
{
    tc_money amount;
    if (__builtin_mul_overflow(units, unit_nanos, &amount.nanos)) return TC_OVERFLOW;
    return tc_money_add(&day->costs.data[fill].cost.charge[charge], amount);
}

/* Weights in attos may have lost one or two where an amount was shared before: remainders
 * that close are one, so that rank decides between them as between equals. Quantities lose nothing. */
static tc_atto blur(tc_atto remainder, int64_t units, tc_charge charge)
{
    tc_atto step = charge == TC_DP_CHARGE ? 1 : (tc_atto)units << 12;
    return (remainder + step / 2) / step;
}

static tc_status spread_shares(tc_day *day, const struct member *members, uint32_t count, tc_atto sum,
                               int64_t units, int64_t unit_nanos, tc_charge charge)
{
    struct share *shares = day->shares.data;
    int64_t left = units;
    for (uint32_t i = 0; i < count; i++) {
        shares[i] = (struct share){.fill = members[i].fill, .rank = day->fills.data[members[i].fill].rank};
        shares[i].units = (int64_t)tc_atto_share(&shares[i].remainder, units, members[i].weight, sum);
        shares[i].remainder = blur(shares[i].remainder, units, charge);
        left -= shares[i].units;
    }
    if (left) qsort(shares, count, sizeof *shares, by_remainder);
    for (uint32_t i = 0; i < count; i++) {
        tc_status status = credit(day, shares[i].fill, shares[i].units + (left > 0), unit_nanos, charge);
        if (status != TC_OK) return status;
        left -= left > 0;
    }
    return TC_OK;
}

tc_status spread(tc_day *day, struct member *members, uint32_t count, int64_t units, int64_t unit_nanos, tc_charge charge)
{
    tc_atto sum = 0;
    uint32_t first = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!tc_atto_add(&sum, members[i].weight)) return TC_OVERFLOW;
        if (day->fills.data[members[i].fill].rank < day->fills.data[members[first].fill].rank) first = i;
    }
    if (!sum || count == 1) return credit(day, members[first].fill, units, unit_nanos, charge);
    return spread_shares(day, members, count, sum, units, unit_nanos, charge);
}
