#include <stdlib.h>

#include "order.h"
#include "tradebook.h"

/* What rows can be grouped by. */
enum part { PART_DATE, PART_MONTH, PART_CLIENT, PART_BROKER, PART_PLAN, PART_EXCHANGE, PART_SEGMENT, PART_SYMBOL,
            PART_ISIN, PART_PRODUCT, PART_ORDER };
enum { PARTS_MAX = 5 };
static const char *const part_names[] = {"date", "month", "client", "broker", "plan", "exchange", "segment",
                                         "symbol", "isin", "product", "order_id"};

static const struct grouping {
    const char *by;
    size_t count;
    enum part parts[PARTS_MAX];
} groupings[] = {
    {"day", 5, {PART_DATE, PART_CLIENT, PART_BROKER, PART_EXCHANGE, PART_SEGMENT}},
    {"scrip", 5, {PART_DATE, PART_EXCHANGE, PART_SYMBOL, PART_ISIN, PART_PRODUCT}},
    {"order", 2, {PART_DATE, PART_ORDER}},
    {"month", 1, {PART_MONTH}},
    {"broker", 2, {PART_BROKER, PART_PLAN}},
    {"segment", 1, {PART_SEGMENT}},
    {"client", 1, {PART_CLIENT}},
    {"charge", 0, {0}},
};

struct group {
    tc_text key; /* its parts, each ended by PART_END */
    cost_sum sum;
    uint64_t fills, orders;
    wide received_micros; /* sells - buys */
};
/* Below every letter, so that keys sort as their parts do. */
enum { PART_END = '\x1f' };

struct order_slot {
    const trade_row *row; /* NULL: free */
    size_t group;
};

struct note_run {
    cli *c;
    const struct grouping *by;
    tradebook *book;
    tc_day *day;
    sheet sheet;
    number_style style;
    struct group *groups;
    size_t count, room;
    size_t *slots; /* open addressing: group + 1 by key */
    size_t slot_room;
    struct order_slot *orders; /* of the date in hand */
    size_t order_room;
    arena keys;
    tc_buffer key;
};

/* Keys. */

static tc_text part_text(const cli *c, enum part part, const trade_row *row, const tc_fill_cost *cost, char *date)
{
    const tc_fill *fill = &row->fill;
    const uint8_t *sel = fill->trade.sel;
    enum { MONTH_SIZE = 7 };
    switch (part) {
    case PART_DATE: return (tc_text){date, TC_DATE_TEXT_SIZE - 1};
    case PART_MONTH: return (tc_text){date, MONTH_SIZE};
    case PART_CLIENT: return fill->client;
    case PART_BROKER: return tc_text_of(broker_id(c, &fill->trade));
    case PART_PLAN: return tc_text_of(plan_id(c, &fill->trade));
    case PART_EXCHANGE: return tc_text_of(tc_word(TC_SEL_EXCHANGE, sel[TC_SEL_EXCHANGE]));
    case PART_SEGMENT: return tc_text_of(tc_word(TC_SEL_SEGMENT, sel[TC_SEL_SEGMENT]));
    case PART_SYMBOL: return fill->symbol;
    case PART_ISIN: return fill->isin;
    case PART_PRODUCT: return tc_text_of(product_word(cost->product));
    case PART_ORDER: break;
    }
    return fill->order_id;
}

static void make_key(struct note_run *n, const trade_row *row, const tc_fill_cost *cost)
{
    char date[TC_DATE_TEXT_SIZE];
    tc_date_format(date, row->fill.trade.date);
    n->key.size = 0;
    for (size_t i = 0; i < n->by->count; i++) {
        tc_text text = part_text(n->c, n->by->parts[i], row, cost, date);
        buffer_add(&n->key, text.data, text.size);
        buffer_char(&n->key, PART_END);
        /* A fill without an order id is an order of its own; its row shows no id. */
        bool nameless = n->by->parts[i] == PART_ORDER && !text.size;
        if (nameless) buffer_print(&n->key, "%020llu", (unsigned long long)row->number);
    }
}

/* Groups. */

static size_t key_slot(const struct note_run *n, tc_text key)
{
    size_t mask = n->slot_room - 1;
    size_t i = text_hash(4, key.data, key.size) >> 20 & mask;
    while (n->slots[i] && !text_equal(n->groups[n->slots[i] - 1].key, key)) i = (i + 1) & mask;
    return i;
}

static void make_slots(struct note_run *n)
{
    enum { FIRST_ROOM = 256 };
    n->slot_room = n->slot_room ? n->slot_room * 2 : FIRST_ROOM;
    free(n->slots);
    n->slots = need_memory(NULL, n->slot_room, sizeof *n->slots);
    memset(n->slots, 0, n->slot_room * sizeof *n->slots);
    for (size_t g = 0; g < n->count; g++) n->slots[key_slot(n, n->groups[g].key)] = g + 1;
}

static size_t find_group(struct note_run *n)
{
    if (n->count * 2 >= n->slot_room) make_slots(n);
    tc_text key = {n->key.data, n->key.size};
    size_t slot = key_slot(n, key);
    if (n->slots[slot]) return n->slots[slot] - 1;
    NEED_ROOM(n->groups, n->count, n->room);
    n->groups[n->count++] = (struct group){.key = arena_text(&n->keys, key)};
    n->slots[slot] = n->count;
    return n->count - 1;
}

/* Whether a fill is the first of its order in the group: (client, broker, date,
 * exchange, order_id). A fill without an order id is one by itself. */
static bool same_order(const trade_row *a, const trade_row *b)
{
    const tc_fill *x = &a->fill, *y = &b->fill;
    return x->trade.broker == y->trade.broker && x->trade.sel[TC_SEL_EXCHANGE] == y->trade.sel[TC_SEL_EXCHANGE] &&
           text_equal(x->order_id, y->order_id) && text_equal(x->client, y->client);
}

static bool first_of_order(struct note_run *n, const trade_row *row, size_t group)
{
    tc_text id = row->fill.order_id;
    if (!id.size) return true;
    size_t mask = n->order_room - 1;
    size_t i = text_hash(group, id.data, id.size) >> 20 & mask;
    for (; n->orders[i].row; i = (i + 1) & mask)
        if (n->orders[i].group == group && same_order(n->orders[i].row, row)) return false;
    n->orders[i] = (struct order_slot){row, group};
    return true;
}

static void reset_orders(struct note_run *n, size_t fills)
{
    size_t room = 64;
    while (room < fills * 2) room *= 2;
    if (room > n->order_room) {
        free(n->orders);
        n->orders = need_memory(NULL, room, sizeof *n->orders);
        n->order_room = room;
    }
    memset(n->orders, 0, n->order_room * sizeof *n->orders);
}

/* A long holder who exercises is paid, the writer pays; else the side says it. */
static bool is_paid(const tc_trade *trade)
{
    uint8_t event = trade->sel[TC_SEL_EVENT];
    if (event == TC_EXERCISE || event == TC_ASSIGNMENT) return event == TC_EXERCISE;
    return trade->sel[TC_SEL_SIDE] == TC_SELL;
}

static void add_fill(struct note_run *n, const trade_row *row, const tc_fill_cost *cost)
{
    make_key(n, row, cost);
    size_t number = find_group(n);
    struct group *group = &n->groups[number];
    wide turnover = row->fill.trade.turnover.micros;
    cost_sum_add(&group->sum, &cost->cost);
    group->fills++;
    group->orders += first_of_order(n, row, number);
    group->received_micros += is_paid(&row->fill.trade) ? turnover : -turnover;
}

/* Rows. */

static int compare_groups(const void *a, const void *b)
{
    const tc_text x = ((const struct group *)a)->key, y = ((const struct group *)b)->key;
    size_t common = x.size < y.size ? x.size : y.size;
    int common_order = common ? memcmp(x.data, y.data, common) : 0;
    return common_order ? common_order : (x.size > y.size) - (x.size < y.size);
}

static void put_group(struct note_run *n, const struct group *group)
{
    sheet *s = &n->sheet;
    char net[NUMBER_SIZE];
    const char *part = group->key.data;
    for (size_t i = 0; i < n->by->count; i++) {
        const char *end = memchr(part, PART_END, (size_t)(group->key.data + group->key.size - part));
        sheet_text(s, (tc_text){part, (size_t)(end - part)});
        part = end + 1;
    }
    sheet_count(s, group->fills);
    sheet_count(s, group->orders);
    sheet_cost_sum(s, &group->sum, n->style);
    bool known = cost_sum_complete(&group->sum);
    wide nanos = group->received_micros * 1000 - group->sum.note_total_nanos;
    sheet_plain(s, net, known ? number_money(net, nanos, n->style) : 0);
    sheet_end_row(s);
}

static void put_charges(struct note_run *n)
{
    static const struct group nothing;
    const cost_sum *sum = &(n->count ? &n->groups[0] : &nothing)->sum;
    char amount[NUMBER_SIZE];
    bool total_too = n->c->format == FORMAT_TABLE; /* a column of amounts that is added up must not hold its sum */
    for (size_t i = 0; i < AMOUNT_COUNT; i++) {
        if (amount_charge(i) < 0 && !(total_too && !strcmp(amount_name(i), "total"))) continue;
        sheet_string(&n->sheet, amount_name(i));
        sheet_plain(&n->sheet, amount, amount_text(amount, sum, i, n->style));
        sheet_end_row(&n->sheet);
    }
}

static void put_groups(struct note_run *n)
{
    if (!n->by->count) {
        put_charges(n);
        return;
    }
    if (n->count) qsort(n->groups, n->count, sizeof *n->groups, compare_groups);
    for (size_t g = 0; g < n->count; g++) put_group(n, &n->groups[g]);
    n->count = 0;
    arena_reset(&n->keys);
    memset(n->slots, 0, n->slot_room * sizeof *n->slots);
}

static void add_day(struct note_run *n, const trade_day *trades)
{
    const tc_fill_cost *costs = day_price(n->book, n->day, trades, NULL);
    reset_orders(n, trades->trades);
    for (size_t i = 0; i < trades->count; i++) {
        const trade_row *row = &trades->rows[i];
        if (row->status == TC_OK && costs[row->answer].status == TC_OK) add_fill(n, row, &costs[row->answer]);
    }
    /* Groups that begin with the date are complete: memory stays that of a date. */
    if (n->by->count && n->by->parts[0] == PART_DATE) put_groups(n);
}

static size_t make_columns(const struct note_run *n, sheet_column *columns)
{
    size_t count = 0;
    if (!n->by->count) {
        columns[count++] = (sheet_column){"charge", false};
        columns[count++] = (sheet_column){"amount", true};
        return count;
    }
    for (size_t i = 0; i < n->by->count; i++) columns[count++] = (sheet_column){part_names[n->by->parts[i]], false};
    columns[count++] = (sheet_column){"fills", true};
    columns[count++] = (sheet_column){"orders", true};
    for (size_t i = 0; i < AMOUNT_COUNT; i++) columns[count++] = amount_column(i);
    columns[count++] = (sheet_column){"net_amount", true};
    return count;
}

static const struct grouping *grouping_of(const cli *c)
{
    const char *by = c->args.value[OPT_BY];
    size_t i = 0;
    while (by && strcmp(groupings[i].by, by)) i++;
    return &groupings[i];
}

static void run_book(struct note_run *n)
{
    sheet_column columns[PARTS_MAX + 2 + AMOUNT_COUNT + 1];
    const trade_day *trades;
    make_slots(n);
    sheet_open(&n->sheet, &n->c->out, n->c->format, columns, make_columns(n, columns));
    while ((trades = tradebook_next(n->book))) add_day(n, trades);
    put_groups(n);
    sheet_close(&n->sheet);
}

void run_note(cli *c)
{
    struct note_run n = {.c = c, .by = grouping_of(c), .style = number_style_of(TC_NOTE)};
    n.book = tradebook_open(c, c->args.operands, c->args.operand_count, &(tradebook_options){0});
    if (!n.book) return;
    n.day = new_day(c);
    run_book(&n);
    tc_day_free(n.day);
    tradebook_close(n.book);
    arena_free(&n.keys);
    tc_buffer_free(&n.key);
    free(n.groups);
    free(n.slots);
    free(n.orders);
}
