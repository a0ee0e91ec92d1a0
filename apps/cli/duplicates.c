#include "duplicates.h"

#include <stdlib.h>

/* Small, so that the set of a date stays in the processor's cache. */
struct seen {
    uint32_t hash;
    uint32_t place; /* of the row, from 1; 0: free */
};

static uint32_t hash_identity(const tc_fill *fill)
{
    const uint8_t *sel = fill->trade.sel;
    uint64_t words = (uint64_t)sel[TC_SEL_EXCHANGE] << 16 | (uint64_t)sel[TC_SEL_SEGMENT] << 8 | sel[TC_SEL_SIDE];
    uint64_t hash = text_hash(words, fill->fill_id.data, fill->fill_id.size);
    return (uint32_t)(text_hash(hash, fill->client.data, fill->client.size) >> 32);
}

static bool same_fill(const tc_fill *a, const tc_fill *b)
{
    const uint8_t *x = a->trade.sel, *y = b->trade.sel;
    return text_equal(a->fill_id, b->fill_id) && text_equal(a->client, b->client) &&
           x[TC_SEL_EXCHANGE] == y[TC_SEL_EXCHANGE] && x[TC_SEL_SEGMENT] == y[TC_SEL_SEGMENT] &&
           x[TC_SEL_SIDE] == y[TC_SEL_SIDE];
}

static bool same_values(const tc_fill *a, const tc_fill *b)
{
    const tc_trade *x = &a->trade, *y = &b->trade;
    return x->quantity.micros == y->quantity.micros && x->price.micros == y->price.micros &&
           x->turnover.micros == y->turnover.micros && x->strike.micros == y->strike.micros && x->plan == y->plan &&
           !memcmp(x->sel, y->sel, sizeof x->sel) && text_equal(a->symbol, b->symbol) &&
           text_equal(a->isin, b->isin) && text_equal(a->order_id, b->order_id) && text_equal(a->contract, b->contract);
}

/* The slot of an equal fill, or the free one where it belongs. */
static struct seen *find_slot(const duplicates *set, const trade_row *rows, const tc_fill *fill, uint32_t hash)
{
    size_t mask = set->room - 1, i = hash & mask;
    for (; set->slots[i].place; i = (i + 1) & mask)
        if (set->slots[i].hash == hash && same_fill(&rows[set->slots[i].place - 1].fill, fill)) break;
    return &set->slots[i];
}

static void grow(duplicates *set)
{
    enum { FIRST_ROOM = 1024 };
    duplicates larger = {.room = set->room ? set->room * 2 : FIRST_ROOM, .count = set->count};
    larger.slots = need_memory(NULL, larger.room, sizeof *larger.slots);
    memset(larger.slots, 0, larger.room * sizeof *larger.slots);
    for (size_t i = 0; i < set->room; i++) {
        size_t to = set->slots[i].hash & (larger.room - 1);
        if (!set->slots[i].place) continue;
        while (larger.slots[to].place) to = (to + 1) & (larger.room - 1);
        larger.slots[to] = set->slots[i];
    }
    free(set->slots);
    *set = larger;
}

repetition duplicates_add(duplicates *set, const trade_row *rows, size_t place)
{
    const tc_fill *fill = &rows[place].fill;
    if (!fill->fill_id.size) return FILL_NEW;
    if (set->count * 2 >= set->room) grow(set);
    uint32_t hash = hash_identity(fill);
    struct seen *slot = find_slot(set, rows, fill, hash);
    if (slot->place) return same_values(&rows[slot->place - 1].fill, fill) ? FILL_REPEATED : FILL_CONTRADICTED;
    *slot = (struct seen){hash, (uint32_t)place + 1};
    set->count++;
    return FILL_NEW;
}

/* One huge date must not make every later one pay for its room. */
void duplicates_reset(duplicates *set)
{
    if (set->room > set->count * 64) duplicates_free(set);
    if (set->count) memset(set->slots, 0, set->room * sizeof *set->slots);
    set->count = 0;
}

void duplicates_free(duplicates *set)
{
    free(set->slots);
    *set = (duplicates){0};
}
