#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/orders.h"
#include "order.h"
#include "tca.h"

/* Orders by their key, open addressing: place + 1. A listed order's key is its id,
 * an assumed one's is longer, so that they never meet. */
struct index {
    size_t *slots, room;
    tc_buffer key;
};

void tca_complain(tca_run *r, tca_order *o, const char *file, uint32_t line, tc_status status, const char *text, ...)
{
    char said[200];
    va_list list;
    va_start(list, text);
    vsnprintf(said, sizeof said, text, list);
    va_end(list);
    complain_at(r->c, EXIT_NO_RESULT, file, line, "%s: %s", tc_status_code(status), said);
    if (!o || o->error.size) return;
    tc_buffer whole = {0};
    refusal_text(&whole, status, said);
    o->error = arena_text(&r->texts, (tc_text){whole.data, whole.size});
    tc_buffer_free(&whole);
}

static tca_order *new_order(tca_run *r)
{
    NEED_ROOM(r->orders, r->order_count, r->order_room);
    tca_order *o = &r->orders[r->order_count++];
    *o = (tca_order){.decision_time = TC_TIME_UNKNOWN, .arrival_time = TC_TIME_UNKNOWN, .end_time = TC_TIME_UNKNOWN,
                     .last_time = TC_TIME_UNKNOWN, .decision = TC_NO_MARK, .arrival = TC_NO_MARK, .end = TC_NO_MARK,
                     .segment = "", .product = "", .from = NO_DATE, .to = NO_DATE, .sight = NO_PLACE, .stretch = NO_PLACE};
    return o;
}

/* --- Orders. --- */

static size_t slot_of(const tca_run *r, const struct index *by, tc_text key)
{
    size_t mask = by->room - 1, i = text_hash(11, key.data, key.size) >> 20 & mask;
    while (by->slots[i] && !text_equal(r->orders[by->slots[i] - 1].key, key)) i = (i + 1) & mask;
    return i;
}

static void make_room(const tca_run *r, struct index *by)
{
    enum { FIRST_ROOM = 256 };
    if ((r->order_count + 1) * 2 < by->room) return;
    by->room = by->room ? by->room * 2 : FIRST_ROOM;
    by->slots = need_memory(by->slots, by->room, sizeof *by->slots);
    memset(by->slots, 0, by->room * sizeof *by->slots);
    for (size_t i = 0; i < r->order_count; i++) by->slots[slot_of(r, by, r->orders[i].key)] = i + 1;
}

static tc_mark given_price(tc_price price)
{
    return price.micros ? tc_mark_of_price(price) : TC_NO_MARK;
}

static void add_listed(tca_run *r, struct index *by, const tc_order_row *row, const char *file)
{
    make_room(r, by);
    size_t slot = slot_of(r, by, row->order_id);
    if (by->slots[slot]) {
        tca_complain(r, NULL, file, row->line, TC_CONTRADICTION, "order %.*s stands in line %u already", (int)row->order_id.size,
                     row->order_id.data, r->orders[by->slots[slot] - 1].line);
        return;
    }
    tca_order *o = new_order(r);
    by->slots[slot] = r->order_count;
    o->listed = true;
    o->line = row->line;
    o->id = o->key = arena_text(&r->texts, row->order_id);
    o->client = arena_text(&r->texts, row->client);
    o->exchange = arena_text(&r->texts, row->exchange);
    o->symbol = arena_text(&r->texts, row->symbol);
    o->side = row->side;
    o->decided = row->quantity;
    o->arrival_time = row->time;
    o->decision_time = row->decision_time;
    o->end_time = row->end_time;
    o->decision = given_price(row->decision_price);
    o->arrival = given_price(row->arrival_price);
    o->end = given_price(row->end_price);
    for (size_t k = 0; k < r->key_count; k++)
        if (r->keys[k].column != NO_PLACE) o->own[k] = arena_text(&r->texts, tc_trim(row->cells[r->keys[k].column]));
}

static bool read_orders(tca_run *r, struct index *by)
{
    const char *file = r->c->args.value[OPT_TCA_ORDERS];
    tc_orders *orders;
    tc_order_row row;
    tc_error error = {0};
    bool end = false;
    if (!file) return true;
    tc_status status = tc_orders_open(&orders, &error, file);
    if (status != TC_OK) {
        complain_file(r->c, file, status, &error);
        return false;
    }
    for (size_t k = 0; k < r->key_count; k++)
        if (!r->keys[k].built_in) r->keys[k].column = tc_orders_column(orders, r->keys[k].name);
    while ((status = tc_orders_next(orders, &row, &end, &error)) == TC_OK && !end) {
        if (row.status == TC_OK) add_listed(r, by, &row, file);
        else tca_complain(r, NULL, file, row.line, row.status, "%s%s%s", row.error.field, *row.error.field ? ": " : "", row.error.message);
    }
    tc_orders_close(orders);
    if (status != TC_OK) complain_file(r->c, file, status, &error);
    return status == TC_OK;
}

/* --- Fills. --- */

/* Without a file of orders, fills of one client, broker, day, exchange and side that share an id are one. */
static tc_text make_key(tc_buffer *key, const trade_row *row)
{
    const tc_fill *fill = &row->fill;
    const tc_trade *trade = &fill->trade;
    key->size = 0;
    if (fill->order_id.size)
        buffer_print(key, "%.*s\x1f%.*s\x1f%.*s\x1f%u\x1f%d\x1f%u\x1f%u", (int)fill->order_id.size, fill->order_id.data,
                     (int)fill->client.size, fill->client.data, (int)fill->symbol.size, fill->symbol.data, trade->broker,
                     trade->date.day, trade->sel[TC_SEL_EXCHANGE], trade->sel[TC_SEL_SIDE]);
    else buffer_print(key, "\x1f%llu", (unsigned long long)row->number); /* each fill its own */
    return (tc_text){key->data, key->size};
}

static tca_order *assumed_order(tca_run *r, struct index *by, const trade_row *row)
{
    tc_text text = make_key(&by->key, row);
    make_room(r, by);
    size_t slot = slot_of(r, by, text);
    if (by->slots[slot]) return &r->orders[by->slots[slot] - 1];
    tca_order *o = new_order(r);
    by->slots[slot] = r->order_count;
    o->key = arena_text(&r->texts, text);
    o->side = row->fill.trade.sel[TC_SEL_SIDE];
    return o;
}

static bool same_word(tc_text given, tc_text traded)
{
    return !given.size || text_equal(given, traded);
}

static void contradict(tca_run *r, tca_order *o, const trade_row *row, const char *what, tc_text id)
{
    tca_complain(r, o, r->files[row->file], row->line, TC_CONTRADICTION, "%s order %.*s", what, (int)id.size, id.data);
}

static tca_order *order_of(tca_run *r, struct index *by, const trade_row *row)
{
    const tc_fill *fill = &row->fill;
    if (!r->c->args.value[OPT_TCA_ORDERS]) return assumed_order(r, by, row);
    size_t slot = fill->order_id.size ? by->slots[slot_of(r, by, fill->order_id)] : 0;
    tca_order *o = slot ? &r->orders[slot - 1] : NULL;
    tc_text exchange = tc_text_of(tc_word(TC_SEL_EXCHANGE, fill->trade.sel[TC_SEL_EXCHANGE]));
    const char *wrong = NULL;
    if (!o) wrong = "there is no";
    else if (o->side != fill->trade.sel[TC_SEL_SIDE]) wrong = "the side is not that of";
    else if (!text_equal(o->symbol, fill->symbol) || !same_word(o->exchange, exchange)) wrong = "the security is not that of";
    if (!wrong) return o;
    o = assumed_order(r, by, row);
    contradict(r, o, row, wrong, fill->order_id);
    return o;
}

/* Cells of the tradebook by which orders are grouped, each ended by KEPT_END; keys that are no column are empty. */
enum { KEPT_END = '\x1f' };

struct keeper {
    tca_run *r;
    tradebook *book;
};

static int fill_column(const struct keeper *k, tc_text name, size_t file)
{
    size_t count;
    const tc_text *columns = rows_file_columns(tradebook_rows(k->book), file, &count);
    for (size_t i = 0; i < count; i++)
        if (text_equal(columns[i], name)) return (int)i;
    return NO_PLACE;
}

static bool fills_have(const void *context, tc_text name)
{
    const struct keeper *k = context;
    for (size_t f = 0; f < rows_file_count(tradebook_rows(k->book)); f++)
        if (fill_column(k, name, f) != NO_PLACE) return true;
    return false;
}

static tc_text keep_cells(void *context, arena *texts, const tc_row *row, size_t file)
{
    const struct keeper *k = context;
    tc_buffer kept = {0};
    for (size_t i = 0; i < k->r->key_count; i++) {
        int column = k->r->keys[i].built_in ? NO_PLACE : fill_column(k, k->r->keys[i].name, file);
        if (column != NO_PLACE && (size_t)column < row->cell_count) buffer_add(&kept, row->cells[column].data, row->cells[column].size);
        buffer_char(&kept, KEPT_END);
    }
    tc_text text = arena_text(texts, (tc_text){kept.data, kept.size});
    tc_buffer_free(&kept);
    return text;
}

static tc_text next_kept(tc_text *kept)
{
    const char *end = kept->size ? memchr(kept->data, KEPT_END, kept->size) : NULL;
    if (!end) return (tc_text){0};
    tc_text found = {kept->data, (size_t)(end - kept->data)};
    *kept = (tc_text){end + 1, kept->size - found.size - 1};
    return found;
}

static void begin_order(tca_run *r, tca_order *o, const trade_row *row, const tc_fill_cost *cost)
{
    const tc_trade *trade = &row->fill.trade;
    o->trade = *trade;
    if (!o->listed) o->id = arena_text(&r->texts, row->fill.order_id);
    o->client = arena_text(&r->texts, row->fill.client);
    o->broker = arena_text(&r->texts, tc_text_of(broker_id(r->c, trade)));
    o->exchange = tc_text_of(tc_word(TC_SEL_EXCHANGE, trade->sel[TC_SEL_EXCHANGE]));
    o->symbol = arena_text(&r->texts, row->fill.symbol);
    o->isin = arena_text(&r->texts, row->fill.isin);
    o->segment = tc_word(TC_SEL_SEGMENT, trade->sel[TC_SEL_SEGMENT]);
    o->product = product_word(cost->product);
    tc_text kept = row->kept;
    for (size_t k = 0; k < r->key_count; k++) {
        tc_text own = next_kept(&kept);
        if (!o->own[k].size) o->own[k] = arena_text(&r->texts, own);
    }
}

static void add_charges(tca_run *r, tca_order *o, const tc_fill_cost *cost)
{
    if (cost->status == TC_OK) {
        cost_sum_add(&o->charges, &cost->cost);
        return;
    }
    o->charges.unknown = (1u << TC_CHARGE_COUNT) - 1;
    if (o->error.size) return; /* day_price() has said it at its line */
    tc_buffer text = {0};
    refusal_text(&text, cost->status, cost->reason);
    o->error = arena_text(&r->texts, (tc_text){text.data, text.size});
    tc_buffer_free(&text);
}

static int64_t instant_of(const tc_fill *fill)
{
    if (fill->time == TC_TIME_UNKNOWN) return TC_TIME_UNKNOWN;
    return fill->trade.date.day * TC_DAY_MICROS - TC_IST_MICROS + fill->time;
}

/* An arrival or an end may be written to the second, a fill to the microsecond. */
static void check_window(tca_run *r, tca_order *o, const trade_row *row, int64_t time)
{
    const int64_t second = 1000000;
    if (time == TC_TIME_UNKNOWN || !o->listed) return;
    if (o->arrival_time != TC_TIME_UNKNOWN && time < o->arrival_time)
        contradict(r, o, row, "filled before the arrival of", o->id);
    if (o->end_time != TC_TIME_UNKNOWN && time >= o->end_time + second)
        contradict(r, o, row, "filled after the end of", o->id);
}

static void add_fill(tca_run *r, struct index *by, const trade_row *row, const tc_fill_cost *cost)
{
    const tc_trade *trade = &row->fill.trade;
    int64_t time = instant_of(&row->fill);
    tca_order *o = order_of(r, by, row);
    if (!o->count++) begin_order(r, o, row, cost);
    check_window(r, o, row, time);
    add_charges(r, o, cost);
    NEED_ROOM(r->fills, r->fill_count, r->fill_room);
    r->fills[r->fill_count++] = (tca_fill){.order = (uint32_t)(o - r->orders), .line = row->line, .file = row->file, .time = time,
                                           .date = trade->date, .quantity = trade->quantity, .price = trade->price, .sight = NO_PLACE};
}

/* Exercises and the like are no orders: nobody chose their price. */
static bool is_trade(const trade_row *row)
{
    return row->status == TC_OK && row->fill.trade.sel[TC_SEL_EVENT] == TC_TRADE;
}

static void add_day(tca_run *r, struct index *by, const trade_day *trades, const tc_fill_cost *costs, uint64_t *others)
{
    for (size_t i = 0; i < trades->count; i++) {
        const trade_row *row = &trades->rows[i];
        if (is_trade(row)) add_fill(r, by, row, &costs[row->answer]);
        else *others += row->status == TC_OK;
    }
}

static bool read_fills(tca_run *r, struct index *by)
{
    const trade_day *trades;
    uint64_t others = 0;
    struct keeper keeper = {.r = r};
    const tradebook_options options = {.keep = r->key_count ? keep_cells : NULL, .context = &keeper};
    tradebook *book = keeper.book = tradebook_open(r->c, r->c->args.operands, r->c->args.operand_count, &options);
    bool known = book && tca_check_keys(r, fills_have, &keeper);
    tc_day *day = known ? new_day(r->c) : NULL;
    while (known && (trades = tradebook_next(book))) add_day(r, by, trades, day_price(book, day, trades, NULL), &others);
    if (others) remark(r->c, "exercises and other events, which no order made: %llu left out", (unsigned long long)others);
    tc_day_free(day);
    tradebook_close(book);
    return known;
}

/* --- What follows from them. --- */

/* By order, then time; what is the same for the shortfall may come in any order. */
static int compare_fills(const void *a, const void *b)
{
    const tca_fill *x = a, *y = b;
    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    if (x->date.day != y->date.day) return x->date.day < y->date.day ? -1 : 1;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    if (x->price.micros != y->price.micros) return x->price.micros < y->price.micros ? -1 : 1;
    return (x->quantity.micros > y->quantity.micros) - (x->quantity.micros < y->quantity.micros);
}

static void check_quantity(tca_run *r, tca_order *o, int64_t filled)
{
    if (!o->decided.micros) o->decided.micros = filled;
    if (filled <= o->decided.micros) {
        if (!filled) o->flags |= TCA_NEVER_FILLED;
        else if (filled < o->decided.micros) o->flags |= TCA_PARTIAL;
        return;
    }
    tca_complain(r, o, r->c->args.value[OPT_TCA_ORDERS], o->line, TC_CONTRADICTION,
                 "order %.*s: more filled than ordered; taken for as much as was filled", (int)o->id.size, o->id.data);
    o->decided.micros = filled;
}

static void finish_order(tca_run *r, tca_order *o)
{
    int64_t filled = 0;
    for (size_t i = o->first; i < o->first + o->count; i++) {
        const tca_fill *fill = &r->fills[i];
        filled += fill->quantity.micros;
        if (fill->time == TC_TIME_UNKNOWN) o->flags |= TCA_NO_TIME;
    }
    if (o->count) {
        const tca_fill *first = &r->fills[o->first], *last = &r->fills[o->first + o->count - 1];
        o->from = first->date;
        o->to = last->date;
        o->last_time = last->time;
        if (first->date.day != last->date.day) o->flags |= TCA_MANY_DAYS;
        if (o->arrival_time == TC_TIME_UNKNOWN) {
            o->arrival_time = o->flags & TCA_NO_TIME ? TC_TIME_UNKNOWN : first->time;
            o->flags |= TCA_ARRIVAL_ASSUMED;
        }
    }
    check_quantity(r, o, filled);
}

/* Fills of an order lie together, in order of time. */
static void sort_fills(tca_run *r)
{
    size_t next = 0;
    if (r->fill_count) qsort(r->fills, r->fill_count, sizeof *r->fills, compare_fills);
    for (size_t i = 0; i < r->order_count; i++) {
        r->orders[i].first = next;
        next += r->orders[i].count;
        finish_order(r, &r->orders[i]);
    }
}

bool tca_read(tca_run *r)
{
    struct index by = {0};
    r->files = r->c->args.operands;
    make_room(r, &by);
    bool read = read_orders(r, &by) && read_fills(r, &by);
    tc_buffer_free(&by.key);
    free(by.slots);
    if (read) sort_fills(r);
    return read;
}
