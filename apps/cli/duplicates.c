#include "duplicates.h"

#include <stdlib.h>

#include "memory.h"

/* Fills are remembered by what tells them apart and by their values, both
 * copied small: rows may move while a date grows, texts do not. */
struct seen {
    uint64_t hash; /* 0: free */
    tc_text client, fill_id;
    uint8_t exchange, segment, side;
    uint64_t values; /* hash of everything else the fill says */
};

static uint64_t hash_text(uint64_t seed, tc_text text)
{
    return text_hash(seed, text.data, text.size);
}

static uint64_t hash_values(const tc_fill *fill)
{
    const tc_trade *t = &fill->trade;
    uint64_t hash = hash_text(1, fill->symbol);
    hash = hash_text(hash, fill->isin);
    hash = hash_text(hash, fill->order_id);
    hash = hash_text(hash, fill->contract);
    hash = text_hash(hash, t->sel, sizeof t->sel);
    const int64_t numbers[] = {t->quantity.micros, t->price.micros, t->strike.micros, t->turnover.micros,
                               t->broker, t->plan};
    return text_hash(hash, numbers, sizeof numbers);
}

static struct seen identity(const tc_fill *fill)
{
    struct seen s = {.client = fill->client, .fill_id = fill->fill_id,
                     .exchange = fill->trade.sel[TC_SEL_EXCHANGE], .segment = fill->trade.sel[TC_SEL_SEGMENT],
                     .side = fill->trade.sel[TC_SEL_SIDE]};
    const uint8_t words[] = {s.exchange, s.segment, s.side};
    s.hash = hash_text(hash_text(text_hash(2, words, sizeof words), s.client), s.fill_id) | 1;
    return s;
}

static bool same_fill(const struct seen *a, const struct seen *b)
{
    return a->hash == b->hash && a->exchange == b->exchange && a->segment == b->segment && a->side == b->side &&
           text_equal(a->fill_id, b->fill_id) && text_equal(a->client, b->client);
}

/* The slot of an equal fill, or the free one where it belongs. */
static struct seen *find_slot(const duplicates *set, const struct seen *wanted)
{
    size_t mask = set->room - 1;
    size_t i = wanted->hash >> 20 & mask;
    while (set->slots[i].hash && !same_fill(&set->slots[i], wanted)) i = (i + 1) & mask;
    return &set->slots[i];
}

static void grow(duplicates *set)
{
    enum { FIRST_ROOM = 1024 };
    duplicates larger = {.room = set->room ? set->room * 2 : FIRST_ROOM, .count = set->count};
    larger.slots = need_memory(NULL, larger.room, sizeof *larger.slots);
    memset(larger.slots, 0, larger.room * sizeof *larger.slots);
    for (size_t i = 0; i < set->room; i++)
        if (set->slots[i].hash) *find_slot(&larger, &set->slots[i]) = set->slots[i];
    free(set->slots);
    *set = larger;
}

repetition duplicates_add(duplicates *set, const tc_fill *fill)
{
    if (!fill->fill_id.size) return FILL_NEW;
    if (set->count * 2 >= set->room) grow(set);
    struct seen s = identity(fill);
    struct seen *slot = find_slot(set, &s);
    s.values = hash_values(fill);
    if (slot->hash) return slot->values == s.values ? FILL_REPEATED : FILL_CONTRADICTED;
    *slot = s;
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
