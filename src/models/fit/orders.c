#include "orders.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/sha256.h"
#include "text/values.h"

enum { ORDERS_MAX = 5000000, NAME_MAX = 64, NUMBER_MAX = 63, BLOCK_SIZE = 1 << 16 };

#define AS_NAME(id, name, unit, meaning, low, high, needed) name,
static const char *const names[] = {TC_FIT_COLUMNS(AS_NAME)};
#define AS_RANGE(id, name, unit, meaning, low, high, needed) {low, high, needed},
static const struct {
    double low, high;
    bool needed;
} ranges[] = {TC_FIT_COLUMNS(AS_RANGE)};

/* Columns with texts, behind those with numbers. `price` is that of a fill. */
enum { DATE = TC_X_COUNT, TIME, EXCHANGE, SYMBOL, ISIN, SERIES, SIDE, ORDER_ID, PRICE, COLUMN_COUNT };
static const char *const texts[] = {"date", "time", "exchange", "symbol", "isin", "series", "side", "order_id", "price"};

/* Other names of columns that files are known to use. */
static const struct {
    const char *name;
    int column;
} aliases[] = {{"average_price", TC_X_EXECUTION_PRICE}, {"avg_price", TC_X_EXECUTION_PRICE}, {"arrival_mid", TC_X_ARRIVAL_PRICE},
               {"tradingsymbol", SYMBOL}, {"trade_type", SIDE}, {"transaction_type", SIDE}};

typedef struct block {
    struct block *next;
    size_t used;
    char bytes[BLOCK_SIZE];
} block;

/* An order as it is read: the sum of its fills so far. */
typedef struct {
    tc_fit_order order;
    tc_text id;
    double value;    /* of the fills, rupees */
    int64_t last;    /* fill's time */
    bool dated;      /* its date could be read */
    bool spoilt;     /* one of its fills was refused: what is left is not the order */
    bool by_fills;
} gathered;

typedef struct {
    tc_csv *csv;
    tc_csv_row row;
    int at[COLUMN_COUNT]; /* place in the row; -1: no such column */
    bool fills;
    uint32_t may_miss;
    gathered *order;
    size_t count, room;
    uint32_t *slot;       /* of orders by (id, date, symbol, side), 0: free */
    size_t slots;
    block *blocks;
    size_t refused, rows;
    tc_refuse_fn *refuse;
    void *context;
} reading;

const char *tc_fit_column_name(tc_fit_column column)
{
    return (unsigned)column < TC_X_COUNT ? names[column] : NULL;
}

/* --- the file's bytes, hashed as they pass --- */

typedef struct {
    tc_read_fn *read;
    void *from;
    struct tc_sha256 hash;
} hashed;

static ptrdiff_t read_hashed(void *context, void *bytes, size_t size)
{
    hashed *h = context;
    ptrdiff_t got = h->read(h->from, bytes, size);
    if (got > 0) tc_sha256_add(&h->hash, bytes, (size_t)got);
    return got;
}

/* --- columns --- */

static int column_of(tc_text name)
{
    name = tc_trim(name);
    for (int i = 0; i < TC_X_COUNT; i++)
        if (tc_text_same(name, names[i])) return i;
    for (int i = TC_X_COUNT; i < COLUMN_COUNT; i++)
        if (tc_text_same(name, texts[i - TC_X_COUNT])) return i;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (tc_text_same(name, aliases[i].name)) return aliases[i].column;
    return -1;
}

static tc_status need_column(const reading *r, tc_error *error, int column, const char *name)
{
    if (r->at[column] >= 0) return TC_OK;
    return tc_fail(error, TC_BAD_FORMAT, name, "no column %s", name);
}

static tc_status bind(reading *r, tc_error *error)
{
    bool end;
    tc_status status = tc_csv_next(r->csv, &r->row, &end, error);
    if (status) return status;
    if (end) return tc_fail(error, TC_BAD_FORMAT, "", "the file is empty");
    for (int i = 0; i < COLUMN_COUNT; i++) r->at[i] = -1;
    for (size_t i = 0; i < r->row.count; i++) {
        int column = column_of(r->row.cells[i]);
        if (column < 0) continue;
        if (r->at[column] >= 0)
            return tc_fail(error, TC_BAD_FORMAT, "", "two columns %.*s", (int)r->row.cells[i].size, r->row.cells[i].data);
        r->at[column] = (int)i;
    }
    r->fills = r->at[TC_X_EXECUTION_PRICE] < 0 && r->at[PRICE] >= 0 && r->at[ORDER_ID] >= 0;
    if (r->at[DATE] < 0) status = need_column(r, error, TIME, "date");
    if (!status) status = need_column(r, error, SYMBOL, "symbol");
    if (!status) status = need_column(r, error, SIDE, "side");
    for (int i = 0; i < TC_X_COUNT && !status; i++)
        if (ranges[i].needed && !(r->may_miss & 1u << i) && !(r->fills && i == TC_X_EXECUTION_PRICE))
            status = need_column(r, error, i, names[i]);
    return status;
}

/* --- cells --- */

static tc_text cell(const reading *r, int column)
{
    int at = r->at[column];
    return at >= 0 && (size_t)at < r->row.count ? tc_trim(r->row.cells[at]) : (tc_text){0};
}

/* Plain decimal text or one with an exponent; strtod would take more. */
static bool read_real(double *value, tc_text text)
{
    char copy[NUMBER_MAX + 1], *end;
    if (text.size > NUMBER_MAX) return false;
    for (size_t i = 0; i < text.size; i++)
        if (!strchr("0123456789+-.eE", text.data[i])) return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    *value = strtod(copy, &end);
    return text.size && !*end && isfinite(*value);
}

static tc_status take_number(double *value, tc_error *error, const reading *r, int column, const char *name, double low,
                             double high)
{
    tc_text text = cell(r, column);
    *value = NAN;
    if (tc_is_blank(text)) return TC_OK;
    if (!read_real(value, text))
        return tc_fail(error, TC_BAD_NUMBER, name, "%s: \"%.*s\"", name, (int)(text.size < 40 ? text.size : 40), text.data);
    if (*value > low && *value < high) return TC_OK;
    if (isfinite(high))
        return tc_fail(error, TC_BAD_VALUE, name, "%s is %.15g, not between %g and %g", name, *value, fmax(low, 0), high);
    return tc_fail(error, TC_BAD_VALUE, name, "%s is %.15g, not above %g", name, *value, low);
}

static tc_status take_moment(tc_fit_order *o, tc_error *error, const reading *r)
{
    tc_text date = cell(r, DATE), time = cell(r, TIME);
    tc_moment day = {0}, at = {0};
    o->time = INT64_MIN;
    if (date.size && (tc_moment_read(&day, date, false) || !day.has_date))
        return tc_fail(error, TC_BAD_DATE, "date", "date: \"%.*s\"", (int)date.size, date.data);
    if (time.size && tc_moment_read(&at, time, false))
        return tc_fail(error, TC_BAD_DATE, "time", "time: \"%.*s\"", (int)time.size, time.data);
    if (!day.has_date && !at.has_date) return tc_fail(error, TC_VALUE_NEEDED, "date", "a date is needed");
    if (day.has_date && at.has_date && day.date.day != at.date.day)
        return tc_fail(error, TC_CONTRADICTION, "date", "date and time are of different days");
    o->date = day.has_date ? day.date : at.date;
    const int64_t second = 1000000, ist = INT64_C(19800) * second, day_length = 86400 * second;
    tc_moment *timed = at.has_time ? &at : &day;
    if (timed->has_time) o->time = o->date.day * day_length + timed->micros - ist;
    return TC_OK;
}

static tc_status take_side(tc_fit_order *o, tc_error *error, const reading *r)
{
    static const struct {
        const char *word;
        int side;
    } words[] = {{"buy", 1}, {"b", 1}, {"sell", -1}, {"s", -1}, {"1", 1}, {"+1", 1}, {"-1", -1}};
    tc_text text = cell(r, SIDE);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (tc_text_same(text, words[i].word)) o->side = words[i].side;
    return o->side ? TC_OK : tc_fail(error, TC_UNKNOWN_WORD, "side", "side: \"%.*s\" is neither buy nor sell",
                                     (int)(text.size < 40 ? text.size : 40), text.data);
}

static tc_status keep(tc_text *kept, reading *r, tc_error *error, int column)
{
    tc_text text = cell(r, column);
    if (text.size > NAME_MAX)
        return tc_fail(error, TC_BAD_VALUE, texts[column - TC_X_COUNT], "%s is longer than %d bytes",
                       texts[column - TC_X_COUNT], NAME_MAX);
    if (!r->blocks || BLOCK_SIZE - r->blocks->used < text.size) {
        block *fresh = malloc(sizeof *fresh);
        if (!fresh) return tc_fail(error, TC_NO_MEMORY, "", "orders");
        *fresh = (block){.next = r->blocks};
        r->blocks = fresh;
    }
    char *to = r->blocks->bytes + r->blocks->used;
    if (text.size) memcpy(to, text.data, text.size);
    r->blocks->used += text.size;
    *kept = (tc_text){to, text.size};
    return TC_OK;
}

static tc_status take_names(gathered *g, tc_error *error, reading *r)
{
    tc_status status = keep(&g->order.symbol, r, error, SYMBOL);
    if (!status && !g->order.symbol.size) status = tc_fail(error, TC_VALUE_NEEDED, "symbol", "a symbol is needed");
    if (!status) status = keep(&g->order.exchange, r, error, EXCHANGE);
    if (!status) status = keep(&g->order.isin, r, error, ISIN);
    if (!status) status = keep(&g->order.series, r, error, SERIES);
    if (!status) status = keep(&g->id, r, error, ORDER_ID);
    if (!status && r->fills && !g->id.size) status = tc_fail(error, TC_VALUE_NEEDED, "order_id", "a fill needs its order's id");
    return status;
}

tc_status tc_fit_order_check(const tc_fit_order *o, tc_error *error)
{
    for (int i = 0; i < TC_X_COUNT; i++)
        if (ranges[i].needed && isnan(o->value[i])) return tc_fail(error, TC_MARKET_MISSING, names[i], "%s", names[i]);
    bool contrary = o->value[TC_X_POST_DURATION] < o->value[TC_X_DURATION];
    return contrary ? tc_fail(error, TC_CONTRADICTION, "post_duration", "post_price is from before the last fill") : TC_OK;
}

static tc_status take_row(gathered *g, tc_error *error, reading *r)
{
    double price = NAN;
    *g = (gathered){.order = {.line = r->row.line}, .by_fills = r->fills};
    tc_status status = take_names(g, error, r);
    if (!status) status = take_side(&g->order, error, r);
    if (!status) status = take_moment(&g->order, error, r), g->dated = !status;
    for (int i = 0; i < TC_X_COUNT && !status; i++)
        status = take_number(&g->order.value[i], error, r, i, names[i], ranges[i].low, ranges[i].high);
    if (!status && r->fills) status = take_number(&price, error, r, PRICE, "price", 0, INFINITY);
    if (!status && r->fills && isnan(price)) status = tc_fail(error, TC_VALUE_NEEDED, "price", "a fill needs its price");
    if (r->fills) g->order.value[TC_X_EXECUTION_PRICE] = price;
    for (int i = 0; i < TC_X_COUNT && !status; i++)
        if (ranges[i].needed && isnan(g->order.value[i]) && !(r->may_miss & 1u << i))
            status = tc_fail(error, TC_MARKET_MISSING, names[i], "%s", names[i]);
    g->value = price * g->order.value[TC_X_QUANTITY];
    g->last = g->order.time;
    return status;
}

/* --- fills of one order --- */

static bool same_text(tc_text a, tc_text b) { return a.size == b.size && (!a.size || !memcmp(a.data, b.data, a.size)); }

static bool same_order(const gathered *a, const gathered *b)
{
    return same_text(a->id, b->id) && a->order.date.day == b->order.date.day && a->order.side == b->order.side &&
           same_text(a->order.symbol, b->order.symbol) && same_text(a->order.exchange, b->order.exchange);
}

static uint64_t hash_of(const gathered *g)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325) ^ (uint64_t)(uint32_t)g->order.date.day;
    for (size_t i = 0; i < g->id.size; i++) hash = (hash ^ (unsigned char)g->id.data[i]) * UINT64_C(0x100000001B3);
    for (size_t i = 0; i < g->order.symbol.size; i++) hash = (hash ^ (unsigned char)g->order.symbol.data[i]) * UINT64_C(0x100000001B3);
    return (hash ^ hash >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
}

static uint32_t *slot_of(const reading *r, const gathered *g)
{
    size_t at = (size_t)(hash_of(g) >> 16);
    for (;; at++) {
        uint32_t *slot = &r->slot[at & (r->slots - 1)];
        if (!*slot || same_order(&r->order[*slot - 1], g)) return slot;
    }
}

static bool grow_slots(reading *r)
{
    if (r->slots && r->count * 2 < r->slots) return true;
    size_t slots = r->slots ? r->slots * 2 : 1024;
    uint32_t *fresh = calloc(slots, sizeof *fresh);
    if (!fresh) return false;
    free(r->slot);
    r->slot = fresh, r->slots = slots;
    for (size_t i = 0; i < r->count; i++) *slot_of(r, &r->order[i]) = (uint32_t)i + 1;
    return true;
}

/* Conditions are the first fill's; a later one must not tell others. */
static tc_status add_fill(gathered *to, tc_error *error, const gathered *fill)
{
    double *sum = to->order.value;
    const double *more = fill->order.value;
    for (int i = TC_X_ARRIVAL_PRICE; i < TC_X_COUNT; i++)
        if (!isnan(more[i]) && more[i] != sum[i])
            return tc_fail(error, TC_CONTRADICTION, names[i], "%s differs from the order's first fill", names[i]);
    sum[TC_X_QUANTITY] += more[TC_X_QUANTITY];
    to->value += fill->value;
    sum[TC_X_EXECUTION_PRICE] = to->value / sum[TC_X_QUANTITY];
    if (fill->order.time < to->order.time) to->order.time = fill->order.time;
    if (fill->last > to->last) to->last = fill->last;
    return TC_OK;
}

static tc_status append(reading *r, tc_error *error, const gathered *g)
{
    if (r->count == ORDERS_MAX) return tc_fail(error, TC_LIMIT, "", "more than %d orders", ORDERS_MAX);
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 256;
        gathered *grown = realloc(r->order, room * sizeof *grown);
        if (!grown) return tc_fail(error, TC_NO_MEMORY, "", "orders");
        r->order = grown, r->room = room;
    }
    if (r->fills && !grow_slots(r)) return tc_fail(error, TC_NO_MEMORY, "", "orders");
    if (r->fills) *slot_of(r, g) = (uint32_t)r->count + 1;
    r->order[r->count++] = *g;
    return TC_OK;
}

static void say_refused(reading *r, tc_error *why)
{
    why->line = r->row.line;
    r->refused++;
    r->refuse(r->context, why);
}

static tc_status place(reading *r, tc_error *error, const gathered *g)
{
    tc_error why = {0};
    uint32_t known = r->fills && r->slots ? *slot_of(r, g) : 0;
    if (!known) return append(r, error, g);
    gathered *to = &r->order[known - 1];
    to->spoilt |= g->spoilt;
    if (!to->spoilt && add_fill(to, &why, g)) to->spoilt = true, say_refused(r, &why);
    return TC_OK;
}

/* An order of which a fill is refused is refused with it: the rest would tell another price. */
static tc_status refuse_row(reading *r, tc_error *error, gathered *g, tc_error *why)
{
    say_refused(r, why);
    bool told_whose = r->fills && g->id.size && g->order.side && g->dated;
    g->spoilt = true;
    return told_whose ? place(r, error, g) : TC_OK;
}

static tc_status read_rows(reading *r, tc_error *error)
{
    for (bool end = false;;) {
        gathered g = {0};
        tc_error why = {0};
        tc_status status = tc_csv_next(r->csv, &r->row, &end, &why);
        if (end) return TC_OK;
        if (!status && r->row.count == 1 && !r->row.cells[0].size) continue;
        if (!status) r->rows++, status = take_row(&g, &why, r);
        if (status == TC_BAD_FORMAT || status == TC_IO || status == TC_NO_MEMORY || status == TC_LIMIT) {
            if (error) *error = why, error->line = error->line ? error->line : r->row.line;
            return status;
        }
        status = status ? refuse_row(r, error, &g, &why) : place(r, error, &g);
        if (status) return status;
    }
}

/* --- the list --- */

static void measure_duration(gathered *g)
{
    const double session = TC_SESSION_MINUTES * 60e6;
    double *duration = &g->order.value[TC_X_DURATION];
    if (!g->by_fills || !isnan(*duration) || g->order.time == INT64_MIN || g->last <= g->order.time) return;
    *duration = (double)(g->last - g->order.time) / session;
}

static int by_symbol(const void *a, const void *b)
{
    const tc_fit_order *x = *(const tc_fit_order *const *)a, *y = *(const tc_fit_order *const *)b;
    size_t least = x->symbol.size < y->symbol.size ? x->symbol.size : y->symbol.size;
    int order = memcmp(x->symbol.data, y->symbol.data, least);
    return order ? order : (x->symbol.size > y->symbol.size) - (x->symbol.size < y->symbol.size);
}

static bool number_symbols(tc_fit_orders *list)
{
    tc_fit_order **order = malloc((list->count + 1) * sizeof *order);
    if (!order) return false;
    for (size_t i = 0; i < list->count; i++) order[i] = &list->order[i];
    qsort(order, list->count, sizeof *order, by_symbol);
    for (size_t i = 1; i < list->count; i++)
        order[i]->security = order[i - 1]->security + (by_symbol(&order[i - 1], &order[i]) != 0);
    free(order);
    return true;
}

static tc_status hand_over(tc_fit_orders *list, tc_error *error, reading *r)
{
    *list = (tc_fit_orders){.order = malloc((r->count + 1) * sizeof *list->order), .refused = r->refused,
                               .fills = r->fills ? r->rows : 0, .memory = r->blocks};
    if (!list->order) return tc_fail(error, TC_NO_MEMORY, "", "orders");
    for (size_t i = 0; i < r->count; i++) {
        measure_duration(&r->order[i]);
        if (!r->order[i].spoilt) list->order[list->count++] = r->order[i].order;
    }
    return number_symbols(list) ? TC_OK : tc_fail(error, TC_NO_MEMORY, "", "orders");
}

tc_status tc_fit_orders_read(tc_fit_orders *list, tc_error *error, tc_read_fn *read, void *from, uint32_t may_miss,
                           tc_refuse_fn *refuse, void *context)
{
    hashed through = {.read = read, .from = from};
    reading r = {.may_miss = may_miss, .refuse = refuse, .context = context};
    tc_sha256_init(&through.hash);
    tc_status status = tc_csv_new(&r.csv, read_hashed, &through);
    if (!status) status = bind(&r, error);
    if (!status) status = read_rows(&r, error);
    *list = (tc_fit_orders){.memory = r.blocks};
    if (!status) status = hand_over(list, error, &r);
    tc_sha256_hex(&through.hash, list->digest);
    tc_csv_free(r.csv);
    free(r.order);
    free(r.slot);
    if (status) tc_fit_orders_free(list);
    return status;
}

void tc_fit_orders_free(tc_fit_orders *list)
{
    for (block *each = list->memory, *next; each; each = next) {
        next = each->next;
        free(each);
    }
    free(list->order);
    *list = (tc_fit_orders){0};
}
