/* Netting: which part of each fill was bought and sold within the day.
 *
 * Within a client, date and security, in time order, the first m units of each
 * side are matched, m being the smaller side's sum; the rest is delivered.
 * Series that do not net are left out. */
#include <string.h>

#include "day.h"
#include "tariff/lookup.h"

static int compare_numbers(int64_t a, int64_t b) { return (a > b) - (a < b); }

/* Fill ids are numbers as often as not: the shorter one is then the smaller. */
static int compare_ids(const char *a, const char *b)
{
    size_t x = strspn(a, "0123456789"), y = strspn(b, "0123456789");
    if (!a[x] && !b[y] && x != y) return x < y ? -1 : 1;
    return strcmp(a, b);
}

static int compare_fills(const tc_day *day, uint32_t left, uint32_t right)
{
    const struct day_fill *a = &day->fills.data[left], *b = &day->fills.data[right];
    const char *texts = day->texts.data;
    int order = compare_numbers(a->time, b->time);
    if (!order) order = compare_ids(texts + a->fill_id, texts + b->fill_id);
    if (!order) order = compare_numbers(a->trade.sel[TC_SEL_EXCHANGE], b->trade.sel[TC_SEL_EXCHANGE]);
    if (!order) order = strcmp(texts + a->symbol, texts + b->symbol);
    if (!order) order = compare_numbers(a->trade.sel[TC_SEL_SIDE], b->trade.sel[TC_SEL_SIDE]);
    if (!order) order = compare_numbers(a->trade.quantity.micros, b->trade.quantity.micros);
    if (!order) order = compare_numbers(a->trade.price.micros, b->trade.price.micros);
    return order ? order : compare_numbers(left, right);
}

static void merge_runs(const tc_day *day, uint32_t *to, const uint32_t *from, uint32_t middle, uint32_t end)
{
    for (uint32_t left = 0, right = middle, at = 0; at < end; at++) {
        bool take_left = right == end || (left < middle && compare_fills(day, from[left], from[right]) < 0);
        to[at] = take_left ? from[left++] : from[right++];
    }
}

/* Sorts by merging, for it needs no memory but the day's own. */
static void sort_order(tc_day *day)
{
    uint32_t count = day->order.count, *from = day->order.data, *to = day->piece_groups.data;
    for (uint32_t run = 1; run < count; run *= 2) {
        for (uint32_t first = 0; first < count; first += 2 * run) {
            uint32_t end = count - first < 2 * run ? count - first : 2 * run;
            merge_runs(day, to + first, from + first, run < end ? run : end, end);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != day->order.data) memcpy(day->order.data, from, count * sizeof *from);
}

/* Files are mostly in this order already: then nothing is sorted. */
static void rank_fills(tc_day *day)
{
    bool sorted = true;
    for (uint32_t i = 1; i < day->order.count && sorted; i++) sorted = compare_fills(day, day->order.data[i - 1], day->order.data[i]) < 0;
    if (!sorted) sort_order(day);
    for (uint32_t i = 0; i < day->order.count; i++) day->fills.data[day->order.data[i]].rank = i;
}

static const struct rule *stt_pooling(const tc_day *day, const struct day_fill *fill)
{
    uint8_t sel[TC_SELECTOR_COUNT];
    memcpy(sel, fill->trade.sel, sizeof sel);
    sel[TC_SEL_PRODUCT] = TC_DELIVERY;
    struct measure measure;
    measure_trade(&measure, &fill->trade);
    return choose_rule(day->book, table_choice(day->book, fill->tables[TC_TRANSACTION_TAX], sel), &measure);
}

static bool nets(const struct day_fill *fill)
{
    const uint8_t *sel = fill->trade.sel;
    if (sel[TC_SEL_EVENT] != TC_TRADE) return false;
    return sel[TC_SEL_SEGMENT] != TC_EQUITY || sel[TC_SEL_NETTING] == TC_NETS;
}

static struct sides *sides_of(tc_day *day, const struct day_fill *fill, uint32_t index)
{
    const struct rule *pooling = fill->trade.sel[TC_SEL_SEGMENT] == TC_EQUITY ? stt_pooling(day, fill) : NULL;
    struct group *group = group_of(day, level_key(PER_SCRIP_DAY, fill, index, pooling), 0);
    return &day->sides.data[group - day->groups.data];
}

static bool takes_part(const tc_day *day, uint32_t index)
{
    return day->costs.data[index].status == TC_OK && nets(&day->fills.data[index]);
}

static void sum_sides(tc_day *day)
{
    groups_clear(day);
    memset(day->sides.data, 0, day->order.count * sizeof *day->sides.data);
    for (uint32_t i = 0; i < day->order.count; i++) {
        uint32_t index = day->order.data[i];
        const struct day_fill *fill = &day->fills.data[index];
        if (!takes_part(day, index)) continue;
        struct sides *sides = sides_of(day, fill, index);
        bool sells = fill->trade.sel[TC_SEL_SIDE] == TC_SELL;
        if (sells ? sides->bought && !sides->sold : sides->sold && !sides->bought) sides->later = fill->trade.sel[TC_SEL_SIDE];
        *(sells ? &sides->sold : &sides->bought) += fill->trade.quantity.micros;
    }
}

static void match_fills(tc_day *day)
{
    sum_sides(day);
    for (uint32_t i = 0; i < day->order.count; i++) {
        uint32_t index = day->order.data[i];
        struct day_fill *fill = &day->fills.data[index];
        fill->matched = 0;
        if (!takes_part(day, index)) continue;
        struct sides *sides = sides_of(day, fill, index);
        int64_t smaller = sides->bought < sides->sold ? sides->bought : sides->sold;
        int64_t *taken = fill->trade.sel[TC_SEL_SIDE] == TC_SELL ? &sides->sold_matched : &sides->bought_matched;
        int64_t left = smaller - *taken, own = fill->trade.quantity.micros;
        fill->matched = left < own ? left : own;
        fill->closes = sides->later == fill->trade.sel[TC_SEL_SIDE];
        *taken += fill->matched;
    }
}

static void add_piece(tc_day *day, uint32_t index, int64_t quantity, int64_t turnover, bool matched, bool closes)
{
    const struct day_fill *fill = &day->fills.data[index];
    const uint8_t *sel = fill->trade.sel;
    struct piece *piece = &day->pieces.data[day->pieces.count++];
    memset(piece, 0, sizeof *piece);
    piece->fill = index;
    piece->quantity = quantity;
    piece->turnover = turnover;
    piece->tax_product = sel[TC_SEL_PRODUCT];
    if (sel[TC_SEL_SEGMENT] == TC_EQUITY && sel[TC_SEL_EVENT] == TC_TRADE) piece->tax_product = matched ? TC_INTRADAY : TC_DELIVERY;
    piece->product = fill->product_given ? sel[TC_SEL_PRODUCT] : piece->tax_product;
    piece->leg = matched && closes ? TC_LEG_SECOND : sel[TC_SEL_LEG];
}

static void split_fill(tc_day *day, uint32_t index, bool by_leg)
{
    struct day_fill *fill = &day->fills.data[index];
    int64_t whole = fill->trade.quantity.micros, turnover = fill->trade.turnover.micros, part = 0;
    bool closes = by_leg && fill->closes;
    if (fill->matched == 0 || fill->matched == whole) {
        add_piece(day, index, whole, turnover, fill->matched != 0, closes);
        return;
    }
    tc_atto matched_part;
    if (tc_atto_ratio(&matched_part, turnover, fill->matched, whole, TC_HALF_UP) == TC_OK) part = (int64_t)matched_part;
    add_piece(day, index, fill->matched, part, true, closes);
    add_piece(day, index, whole - fill->matched, turnover - part, false, closes);
}

static bool by_leg(const tc_day *day, const struct day_fill *fill)
{
    return table_tells_apart(day->book, fill->tables[TC_BROKERAGE], TC_SEL_LEG, TC_LEG_FIRST, TC_LEG_SECOND);
}

/* Whether what is matched within the day matters to this fill: for its product, its leg or its taxes. */
static bool wants_netting(const tc_day *day, const struct day_fill *fill, bool note)
{
    return !fill->product_given || (note && fill->trade.sel[TC_SEL_SEGMENT] == TC_EQUITY) || by_leg(day, fill);
}

void make_pieces(tc_day *day, bool note)
{
    bool netting = false;
    rank_fills(day);
    for (uint32_t i = 0; i < day->order.count && !netting; i++)
        netting = day->costs.data[day->order.data[i]].status == TC_OK && wants_netting(day, &day->fills.data[day->order.data[i]], note);
    if (netting) match_fills(day);
    day->pieces.count = 0;
    for (uint32_t i = 0; i < day->order.count; i++) {
        uint32_t index = day->order.data[i];
        struct day_fill *fill = &day->fills.data[index];
        if (day->costs.data[index].status != TC_OK) continue;
        if (!wants_netting(day, fill, note)) fill->matched = 0;
        split_fill(day, index, by_leg(day, fill));
    }
}
