#include "day.h"

#include <stdlib.h>
#include <string.h>

#include "tariff/lookup.h"

tc_status tc_day_new(tc_day **out, const tc_book *book)
{
    tc_day *day = calloc(1, sizeof *day);
    if (!day) return TC_NO_MEMORY;
    day->book = book;
    *out = day;
    return TC_OK;
}

#define DAY_ARRAYS(X)                                                                         \
    X(fills) X(costs) X(texts) X(ids) X(id_slots) X(pieces) X(routes) X(weights) X(gst_exact) X(gst_bases) \
    X(piece_groups) X(groups) X(sides) X(group_slots) X(members) X(shares) X(note_heads) X(order)

void tc_day_free(tc_day *day)
{
    if (!day) return;
#define FREE(array) tc_array_free(&day->array);
    DAY_ARRAYS(FREE)
#undef FREE
    free(day);
}

void tc_day_reset(tc_day *day)
{
    day->fills.count = day->costs.count = day->texts.count = day->ids.count = 0;
    day->last.size = 0;
    if (day->id_slots.count) memset(day->id_slots.data, 0, day->id_slots.count * sizeof *day->id_slots.data);
}

size_t tc_day_count(const tc_day *day) { return day->fills.count; }

/* --- numbers for texts --------------------------------------------------------- */

/* A key is a few numbers and texts; its bytes are compared, so equal keys get one number. */
static void key_number(struct key *key, uint32_t number)
{
    memcpy(key->bytes + key->size, &number, sizeof number);
    key->size += sizeof number;
}

/* Long texts are told apart by their first bytes, their size and a hash of the whole. */
static void key_text(struct key *key, tc_text text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t room = 96, size = text.size < room ? text.size : room;
    for (size_t i = size; i < text.size; i++) hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
    key_number(key, (uint32_t)text.size);
    if (size) memcpy(key->bytes + key->size, text.data, size);
    key->size += size;
    if (text.size > room) {
        memcpy(key->bytes + key->size, &hash, sizeof hash);
        key->size += sizeof hash;
    }
}

static uint64_t hash_bytes(const char *bytes, size_t size)
{
    uint64_t hash = size * UINT64_C(0x9e3779b97f4a7c15), word;
    for (; size >= 8; bytes += 8, size -= 8) {
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, bytes, size);
    hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 32;
}

static uint32_t keep_text(tc_day *day, const char *bytes, size_t size)
{
    size_t needed = (size_t)day->texts.count + size + 1;
    if (needed > UINT32_MAX / 2) return NO_ID;
    if (needed > day->texts.capacity && !tc_array_reserve(&day->texts, 1, (uint32_t)(needed + needed / 2 + 64))) return NO_ID;
    uint32_t at = day->texts.count;
    if (size) memcpy(day->texts.data + at, bytes, size);
    day->texts.data[at + size] = '\0';
    day->texts.count = (uint32_t)needed;
    return at;
}

static bool grow_slots(tc_day *day)
{
    uint32_t slots = day->id_slots.count ? day->id_slots.count * 2 : 1024;
    if (!tc_array_reserve(&day->id_slots, sizeof *day->id_slots.data, slots)) return false;
    day->id_slots.count = slots;
    memset(day->id_slots.data, 0, slots * sizeof *day->id_slots.data);
    for (uint32_t i = 0; i < day->ids.count; i++) {
        uint32_t slot = (uint32_t)day->ids.data[i].hash & (slots - 1);
        while (day->id_slots.data[slot]) slot = (slot + 1) & (slots - 1);
        day->id_slots.data[slot] = i + 1;
    }
    return true;
}

static uint32_t number_of(tc_day *day, const struct key *key)
{
    if (day->ids.count * 2 >= day->id_slots.count && !grow_slots(day)) return NO_ID;
    uint64_t hash = hash_bytes(key->bytes, key->size);
    uint32_t mask = day->id_slots.count - 1, slot = (uint32_t)hash & mask;
    for (; day->id_slots.data[slot]; slot = (slot + 1) & mask) {
        const struct interned *id = &day->ids.data[day->id_slots.data[slot] - 1];
        if (id->hash == hash && id->size == key->size && !memcmp(day->texts.data + id->text, key->bytes, key->size))
            return day->id_slots.data[slot] - 1;
    }
    uint32_t text = keep_text(day, key->bytes, key->size);
    struct interned *id = text == NO_ID ? NULL : tc_array_push(&day->ids, sizeof *id);
    if (!id) return NO_ID;
    *id = (struct interned){hash, text, (uint32_t)key->size};
    return day->id_slots.data[slot] = day->ids.count, day->ids.count - 1;
}

enum { KEY_NOTE, KEY_ORDER, KEY_ALONE, KEY_LISTING, KEY_ISIN };

/* Commodities have a note of their own. */
static uint32_t note_number(tc_day *day, const tc_fill *fill)
{
    struct key key;
    key.size = 0;
    key_number(&key, KEY_NOTE);
    key_number(&key, fill->trade.plan);
    key_number(&key, fill->trade.sel[TC_SEL_SEGMENT] == TC_COMMODITY);
    key_text(&key, fill->client);
    return number_of(day, &key);
}

static uint32_t order_number(tc_day *day, const tc_fill *fill, uint32_t note, uint32_t index)
{
    struct key key;
    key.size = 0;
    key_number(&key, fill->order_id.size ? KEY_ORDER : KEY_ALONE);
    key_number(&key, note);
    key_number(&key, fill->order_id.size ? fill->trade.sel[TC_SEL_EXCHANGE] : index);
    key_text(&key, fill->order_id);
    return number_of(day, &key);
}

static uint32_t listing_number(tc_day *day, const tc_fill *fill, uint32_t note, uint32_t index)
{
    struct key key;
    key.size = 0;
    bool named = fill->symbol.size || fill->isin.size;
    key_number(&key, named ? KEY_LISTING : KEY_ALONE);
    key_number(&key, note);
    key_number(&key, fill->trade.sel[TC_SEL_EXCHANGE] * 8u + fill->trade.sel[TC_SEL_SEGMENT]);
    key_number(&key, named ? 0 : index);
    key_text(&key, fill->symbol.size ? fill->symbol : fill->isin);
    key_text(&key, fill->contract);
    return number_of(day, &key);
}

static bool has_isin(const tc_fill *fill)
{
    return fill->isin.size && fill->trade.sel[TC_SEL_SEGMENT] == TC_EQUITY;
}

static uint32_t isin_number(tc_day *day, const tc_fill *fill, uint32_t note)
{
    struct key key;
    key.size = 0;
    if (!has_isin(fill)) return NO_ID;
    key_number(&key, KEY_ISIN);
    key_number(&key, note);
    key_text(&key, fill->isin);
    return number_of(day, &key);
}

/* Partial fills come one after another: what the last fill was numbered by, this one mostly is too. */
static bool same_as_last(tc_day *day, const tc_fill *fill)
{
    struct key key;
    key.size = 0;
    key_number(&key, (uint32_t)fill->trade.plan << 16 | (uint32_t)fill->trade.sel[TC_SEL_EXCHANGE] << 8 | fill->trade.sel[TC_SEL_SEGMENT]);
    key_text(&key, fill->client);
    key_text(&key, fill->order_id);
    key_text(&key, fill->symbol);
    key_text(&key, fill->isin);
    key_text(&key, fill->contract);
    bool same = fill->order_id.size && (fill->symbol.size || fill->isin.size) && key.size == day->last.size && !memcmp(key.bytes, day->last.bytes, key.size);
    if (!same) {
        memcpy(day->last.bytes, key.bytes, key.size);
        day->last.size = key.size;
    }
    return same;
}

static bool number_fill(tc_day *day, struct day_fill *own, const tc_fill *fill, uint32_t index)
{
    if (same_as_last(day, fill) && index) {
        const struct day_fill *last = own - 1;
        own->note = last->note;
        own->order = last->order;
        own->listing = last->listing;
        own->isin = last->isin;
        own->symbol = last->symbol;
        own->fill_id = keep_text(day, fill->fill_id.data, fill->fill_id.size);
        return own->fill_id != NO_ID;
    }
    own->note = note_number(day, fill);
    own->order = order_number(day, fill, own->note, index);
    own->listing = listing_number(day, fill, own->note, index);
    own->isin = isin_number(day, fill, own->note);
    own->fill_id = keep_text(day, fill->fill_id.data, fill->fill_id.size);
    own->symbol = keep_text(day, fill->symbol.data, fill->symbol.size);
    if (has_isin(fill) && own->isin == NO_ID) return false;
    return own->note != NO_ID && own->order != NO_ID && own->listing != NO_ID && own->fill_id != NO_ID && own->symbol != NO_ID;
}

/* --- adding --------------------------------------------------------------------- */

static bool reserve_rows(tc_day *day)
{
    uint32_t fills = day->fills.count + 1;
    if (fills <= day->order.capacity) return true;
    if (fills > UINT32_MAX / 16) return false;
    uint32_t room = fills < 64 ? 128 : fills * 2, slots = 256;
    while (slots < 8 * room) slots *= 2;
    bool fine = tc_array_reserve(&day->fills, sizeof *day->fills.data, room) && tc_array_reserve(&day->costs, sizeof *day->costs.data, room) &&
                tc_array_reserve(&day->pieces, sizeof *day->pieces.data, 2 * room) && tc_array_reserve(&day->weights, sizeof(tc_atto), 2 * room) &&
                tc_array_reserve(&day->gst_exact, sizeof(tc_atto), 2 * room) && tc_array_reserve(&day->gst_bases, sizeof(tc_atto), 2 * room) &&
                tc_array_reserve(&day->piece_groups, sizeof(uint32_t), 2 * room) && tc_array_reserve(&day->groups, sizeof(struct group), 4 * room) &&
                tc_array_reserve(&day->sides, sizeof(struct sides), 4 * room) && tc_array_reserve(&day->members, sizeof(struct member), 2 * room) && tc_array_reserve(&day->shares, sizeof(struct share), 2 * room) &&
                tc_array_reserve(&day->group_slots, sizeof(uint32_t), slots) && tc_array_reserve(&day->order, sizeof(uint32_t), room) && tc_array_reserve(&day->routes, sizeof(struct route), 64);
    return fine;
}

/* The order's share so far, from what it cost before and with this fill: caps and minimums carry over. */
static tc_status provisional_cost(const tc_day *day, tc_cost *cost, tc_error *error, const struct day_fill *own)
{
    tc_trade whole = own->trade;
    tc_cost with, before = {.flags = 0};
    static const tc_options exact = {TC_EXACT, false};
    if (!whole.sel[TC_SEL_PRODUCT]) whole.sel[TC_SEL_PRODUCT] = TC_DELIVERY;
    int64_t quantity = 0, turnover = 0;
    int32_t fills = 0;
    for (uint32_t i = 0; i + 1 < day->fills.count; i++) {
        const struct day_fill *other = &day->fills.data[i];
        if (other->order != own->order || day->costs.data[i].status != TC_OK) continue;
        quantity += other->trade.quantity.micros;
        turnover += other->trade.turnover.micros;
        fills++;
    }
    whole.fills = fills + 1;
    whole.quantity.micros += quantity;
    whole.turnover.micros += turnover;
    tc_status status = tc_quote(&with, error, day->book, &whole, &exact);
    if (status != TC_OK || !fills) {
        if (status == TC_OK) *cost = with;
        return status;
    }
    whole.fills = fills;
    whole.quantity.micros = quantity;
    whole.turnover.micros = turnover;
    status = tc_quote(&before, error, day->book, &whole, &exact);
    if (status != TC_OK) return status;
    for (int c = 0; c < TC_CHARGE_COUNT; c++) with.charge[c].nanos -= before.charge[c].nanos;
    with.turnover = own->trade.turnover;
    with.note_total.nanos -= before.note_total.nanos;
    with.total.nanos -= before.total.nanos;
    *cost = with;
    return TC_OK;
}

tc_status tc_day_add(tc_day *day, tc_cost *provisional, tc_error *error, const tc_fill *fill)
{
    uint32_t index = day->fills.count;
    if (index && day->fills.data[0].trade.date.day != fill->trade.date.day)
        return tc_fail(error, TC_BAD_DATE, "date", "a day holds the fills of one date");
    if (!reserve_rows(day)) return tc_fail(error, TC_NO_MEMORY, "", "no memory for another fill");
    struct day_fill *own = &day->fills.data[day->fills.count++]; /* the room is there, and every field is set below */
    tc_fill_cost *cost = &day->costs.data[day->costs.count++];
    own->trade = fill->trade;
    own->tables = own->prints = NULL;
    own->matched = own->closes = 0;
    own->time = fill->time;
    own->product_given = fill->trade.sel[TC_SEL_PRODUCT] != 0;
    cost->reason = "";
    if (!number_fill(day, own, fill, index)) {
        day->last.size = 0;
        day->fills.count = day->costs.count = index;
        return tc_fail(error, TC_NO_MEMORY, "", "no memory for another fill");
    }
    if (!fill->order_id.size) own->trade.flags |= TC_FLAG_ORDER_ASSUMED;
    tc_error local;
    tc_trade probe = own->trade; /* a fill without product is looked up as a delivery: netting decides later */
    if (!probe.sel[TC_SEL_PRODUCT]) probe.sel[TC_SEL_PRODUCT] = TC_DELIVERY;
    cost->status = find_tables(&own->tables, error ? error : &local, day->book, &probe);
    if (cost->status == TC_OK) own->prints = schedule_row(day->book, schedule_of(day->book, fill->trade.plan, fill->trade.sel, true), fill->trade.date.day);
    if (cost->status == TC_OK && provisional) cost->status = provisional_cost(day, provisional, error ? error : &local, own);
    return cost->status;
}

/* --- pricing -------------------------------------------------------------------- */

/* The ISIN where every fill of the listing has the same one, else the listing. */
static void name_securities(tc_day *day)
{
    size_groups(day);
    groups_clear(day);
    for (uint32_t i = 0; i < day->order.count; i++) {
        const struct day_fill *fill = &day->fills.data[day->order.data[i]];
        struct group *group = group_of(day, fill->listing, 0);
        if (!group->count++) group->first = fill->isin;
        else if (group->first != fill->isin) group->first = NO_ID;
    }
    for (uint32_t i = 0; i < day->order.count; i++) {
        struct day_fill *fill = &day->fills.data[day->order.data[i]];
        uint32_t isin = group_of(day, fill->listing, 0)->first;
        fill->security = isin == NO_ID ? fill->listing : isin;
    }
}

/* Chains the fills of each note, in the order they came. */
static bool chain_notes(tc_day *day)
{
    if (!tc_array_reserve(&day->note_heads, sizeof *day->note_heads.data, day->ids.count)) return false;
    memset(day->note_heads.data, 0xff, day->ids.count * sizeof *day->note_heads.data);
    for (uint32_t i = day->fills.count; i-- > 0;) {
        struct day_fill *fill = &day->fills.data[i];
        fill->next = day->note_heads.data[fill->note];
        day->note_heads.data[fill->note] = i;
    }
    return true;
}

tc_status tc_day_price(tc_day *day, const tc_fill_cost **costs, tc_error *error, const tc_options *options)
{
    tc_status status = TC_OK;
    if (options->level == TC_API_LEVEL) return tc_fail(error, TC_BAD_VALUE, "level", "an estimate is of one order: exact or note here");
    if (day->fills.count && !chain_notes(day)) return tc_fail(error, TC_NO_MEMORY, "", "no memory for the notes");
    for (uint32_t i = 0; i < day->fills.count && status == TC_OK; i++) {
        if (day->note_heads.data[day->fills.data[i].note] != i) continue;
        day->order.count = 0;
        for (uint32_t fill = i; fill != NO_ID; fill = day->fills.data[fill].next) day->order.data[day->order.count++] = fill;
        name_securities(day);
        status = price_note(day, error, options);
    }
    if (status == TC_OK) *costs = day->costs.data;
    return status;
}
