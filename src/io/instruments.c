#include "instruments.h"

#include <stdlib.h>

#include "formats.h"
#include "text/input.h"
#include "text/csv.h"

enum {
    ROWS_MAX = 1000000,
    TEXT_MAX = 256 << 20,
    BLOCK_SIZE = 1 << 18,
    FIRST_SLOTS = 1 << 12,
    PROBES_MAX = 4096, /* only names made to collide need more */
    NAME_MAX_SIZE = 64,
    KEY_SIZE = NAME_MAX_SIZE + 8
};

/* Texts stay where they are: the list grows, blocks do not move. */
typedef struct block {
    struct block *next;
    size_t used;
    char bytes[BLOCK_SIZE];
} block;

typedef struct {
    uint64_t hash;
    uint32_t entry; /* + 1; 0: free */
    bool alias;     /* a bare symbol of CENTRALBK-BE */
} slot;

struct tc_instruments {
    tc_instrument *entries;
    size_t count, room;
    slot *slots;
    size_t slot_count, slots_used;
    block *blocks;
    size_t text_size;
};

/* Columns, by their two names. Dumps call the underlying of a contract "name". */
static const struct {
    const char *header;
    size_t offset;
} columns[] = {
#define AT(field) offsetof(tc_instrument, field)
    {"tradingsymbol", AT(symbol)}, {"symbol", AT(symbol)},   {"exchange", AT(exchange)},
    {"instrumenttype", AT(instrument)}, {"instrument", AT(instrument)}, {"class", AT(class)},
    {"lotsize", AT(lot_size)},     {"ticksize", AT(tick)},   {"tick", AT(tick)},
    {"isin", AT(isin)},            {"series", AT(series)},   {"name", AT(underlying)},
    {"underlying", AT(underlying)}, {"expiry", AT(expiry)},  {"strike", AT(strike)},
    {"optiontype", AT(option_type)},
#undef AT
};

static tc_text *part(tc_instrument *instrument, size_t offset)
{
    return (tc_text *)(void *)((char *)instrument + offset);
}

/* --- names --- */

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

/* Derivatives of an exchange share its name space with its shares. */
static const char *home(tc_text exchange)
{
    static const struct { const char *name, *home; } names[] = {
        {"NSE", "NSE"}, {"NFO", "NSE"}, {"CDS", "NSE"}, {"NCO", "NSE"}, {"XNSE", "NSE"}, {"BSE", "BSE"},
        {"BFO", "BSE"}, {"BCD", "BSE"}, {"XBOM", "BSE"}, {"MCX", "MCX"}, {"XIMC", "MCX"}, {"NCDEX", "NCX"},
        {"XNCD", "NCX"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (tc_text_same(exchange, names[i].name)) return names[i].home;
    return "?";
}

static size_t make_key(char key[KEY_SIZE], tc_text exchange, tc_text symbol)
{
    const char *place = home(exchange);
    size_t size = 0;
    while (*place) key[size++] = *place++;
    key[size++] = ':';
    for (size_t i = 0; i < symbol.size && i < NAME_MAX_SIZE; i++) key[size++] = upper(symbol.data[i]);
    return size;
}

static uint64_t hash_of(const char *key, size_t size)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325); /* FNV-1a, then mixed for the low bits */
    for (size_t i = 0; i < size; i++) hash = (hash ^ (unsigned char)key[i]) * UINT64_C(0x100000001B3);
    return (hash ^ hash >> 29) * UINT64_C(0xBF58476D1CE4E5B9) | 1;
}

static bool is_named(const tc_instrument *entry, bool alias, const char *key, size_t size)
{
    char own[KEY_SIZE];
    tc_text symbol = entry->symbol;
    if (alias) symbol.size -= entry->series.size + 1;
    return make_key(own, entry->exchange, symbol) == size && memcmp(own, key, size) == 0;
}

/* The slot of a key, or the free one where it belongs; NULL: too many collide. */
static slot *find_slot(const tc_instruments *list, uint64_t hash, const char *key, size_t size)
{
    size_t at = (size_t)(hash >> 1);
    for (int probe = 0; probe < PROBES_MAX; probe++, at++) {
        slot *each = &list->slots[at & (list->slot_count - 1)];
        if (!each->entry) return each;
        if (each->hash == hash && is_named(&list->entries[each->entry - 1], each->alias, key, size)) return each;
    }
    return NULL;
}

static tc_status grow_slots(tc_instruments *list)
{
    if (list->slots && list->slots_used * 2 < list->slot_count) return TC_OK;
    size_t count = list->slot_count ? list->slot_count * 2 : FIRST_SLOTS;
    slot *grown = calloc(count, sizeof *grown);
    if (!grown) return TC_NO_MEMORY;
    for (size_t i = 0; i < list->slot_count; i++) {
        if (!list->slots[i].entry) continue;
        size_t at = (size_t)(list->slots[i].hash >> 1);
        while (grown[at & (count - 1)].entry) at++;
        grown[at & (count - 1)] = list->slots[i];
    }
    free(list->slots);
    list->slots = grown;
    list->slot_count = count;
    return TC_OK;
}

static tc_status add_name(tc_instruments *list, uint32_t entry, tc_text symbol, bool alias)
{
    char key[KEY_SIZE];
    size_t size = make_key(key, list->entries[entry].exchange, symbol);
    uint64_t hash = hash_of(key, size);
    tc_status status = grow_slots(list);
    if (status != TC_OK) return status;
    slot *found = find_slot(list, hash, key, size);
    if (!found) return TC_LIMIT;
    if (found->entry && alias && !found->alias) return TC_OK; /* the bare symbol is a security of its own */
    list->slots_used += !found->entry;
    *found = (slot){hash, entry + 1, alias};
    return TC_OK;
}

/* --- rows --- */

static tc_status keep(tc_instruments *list, tc_text *text)
{
    if (!text->size) {
        *text = (tc_text){"", 0};
        return TC_OK;
    }
    if (text->size > NAME_MAX_SIZE * 4) return TC_BAD_ROW;
    if (!list->blocks || BLOCK_SIZE - list->blocks->used < text->size) {
        if (list->text_size + BLOCK_SIZE > TEXT_MAX) return TC_LIMIT;
        block *fresh = malloc(sizeof *fresh);
        if (!fresh) return TC_NO_MEMORY;
        fresh->next = list->blocks;
        fresh->used = 0;
        list->blocks = fresh;
        list->text_size += BLOCK_SIZE;
    }
    char *copy = list->blocks->bytes + list->blocks->used;
    memcpy(copy, text->data, text->size);
    list->blocks->used += text->size;
    text->data = copy;
    return TC_OK;
}

/* Zero: a dump's way to say that there is none. */
static void drop_zero(tc_text *number)
{
    for (size_t i = 0; i < number->size; i++)
        if (number->data[i] != '0' && number->data[i] != '.') return;
    number->size = 0;
}

/* The series behind NSE's symbols: two letters or digits after the last dash. */
static tc_text suffix_of(tc_text symbol)
{
    tc_text none = {NULL, 0};
    if (symbol.size < 4 || symbol.data[symbol.size - 3] != '-') return none;
    tc_text suffix = {symbol.data + symbol.size - 2, 2};
    return suffix.data[0] >= 'A' && suffix.data[0] <= 'Z' ? suffix : none;
}

static const char *instrument_of_series(tc_text series)
{
    static const struct { const char *series, *instrument; } known[] = {
        {"GB", "sgb"}, {"GS", "gsec"}, {"TB", "gsec"}, {"SG", "gsec"}, {"RR", "reit"}, {"IV", "invit"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (tc_text_same(series, known[i].series)) return known[i].instrument;
    return "";
}

/* A dump's words in ours. */
static void understand(tc_instrument *row)
{
    bool call = tc_text_same(row->instrument, "CE"), put = tc_text_same(row->instrument, "PE");
    bool dated = call || put || tc_text_same(row->instrument, "FUT");
    drop_zero(&row->strike);
    drop_zero(&row->tick);
    drop_zero(&row->lot_size);
    if (call || put) row->option_type = row->instrument, row->instrument = tc_text_of("option");
    else if (dated) row->instrument = tc_text_of("future");
    dated = dated || tc_text_same(row->instrument, "option") || tc_text_same(row->instrument, "future");
    if (!dated) row->underlying = (tc_text){NULL, 0}; /* a company's name */
    if (!tc_text_same(row->instrument, "EQ")) return;
    row->instrument = (tc_text){NULL, 0};
    if (!tc_text_same(row->exchange, "NSE") || row->series.size) return;
    row->series = suffix_of(row->symbol);
    if (!row->series.size) row->series = tc_text_of("EQ");
    row->instrument = tc_text_of(instrument_of_series(row->series));
}

static tc_status keep_all(tc_instruments *list, tc_instrument *row)
{
    tc_text *texts[] = {&row->exchange, &row->symbol, &row->instrument, &row->class, &row->lot_size, &row->tick,
                        &row->isin, &row->series, &row->underlying, &row->expiry, &row->strike, &row->option_type};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tc_status status = keep(list, texts[i]);
        if (status != TC_OK) return status;
    }
    return TC_OK;
}

static tc_status add_row(tc_instruments *list, tc_instrument row)
{
    if (!row.symbol.size || !row.exchange.size || row.symbol.size > NAME_MAX_SIZE) return TC_BAD_ROW;
    if (list->count == ROWS_MAX) return TC_LIMIT;
    understand(&row);
    tc_status status = keep_all(list, &row);
    if (status != TC_OK) return status;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 1024;
        tc_instrument *grown = realloc(list->entries, room * sizeof *grown);
        if (!grown) return TC_NO_MEMORY;
        list->entries = grown;
        list->room = room;
    }
    uint32_t entry = (uint32_t)list->count;
    list->entries[list->count++] = row;
    status = add_name(list, entry, row.symbol, false);
    tc_text suffix = suffix_of(row.symbol);
    /* BL is the block window of a share that trades in EQ. */
    bool own_series = suffix.size && !tc_text_same(suffix, "BL") && row.series.size == 2 &&
                      memcmp(row.series.data, suffix.data, 2) == 0;
    if (status != TC_OK || !own_series) return status;
    return add_name(list, entry, (tc_text){row.symbol.data, row.symbol.size - 3}, true);
}

/* --- the file --- */

static void bind(const tc_csv_row *header, size_t offset_of[TC_CSV_CELLS_MAX])
{
    for (size_t i = 0; i < header->count; i++) {
        char normal[TC_HEADER_SIZE];
        tc_header_normalise(normal, header->cells[i]);
        offset_of[i] = SIZE_MAX;
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++)
            if (strcmp(normal, columns[j].header) == 0) offset_of[i] = columns[j].offset;
    }
}

static bool is_bound(const size_t *offset_of, size_t count, size_t offset)
{
    for (size_t i = 0; i < count; i++)
        if (offset_of[i] == offset) return true;
    return false;
}

static tc_status row_failed(tc_error *error, tc_status status, const tc_csv_row *row, uint64_t number)
{
    tc_fail(error, status, "", "%s",
            status == TC_BAD_ROW ? "symbol and exchange are needed, and texts of a sane length" : "too many instruments");
    if (error) error->line = row->line, error->row = number;
    return status;
}

static tc_status read_rows(tc_instruments *list, tc_csv *csv, tc_error *error)
{
    size_t offset_of[TC_CSV_CELLS_MAX], width;
    tc_csv_row row;
    bool end;
    tc_status status = tc_csv_next(csv, &row, &end, error);
    if (status != TC_OK) return status;
    if (end) return tc_fail(error, TC_BAD_FORMAT, "", "the file is empty");
    bind(&row, offset_of);
    width = row.count;
    if (!is_bound(offset_of, width, offsetof(tc_instrument, symbol)) ||
        !is_bound(offset_of, width, offsetof(tc_instrument, exchange)))
        return tc_fail(error, TC_BAD_FORMAT, "", "not a list of instruments: no columns symbol and exchange");
    for (uint64_t number = 1;; number++) {
        status = tc_csv_next(csv, &row, &end, error);
        if (status != TC_OK || end) return status;
        if (row.count == 1 && !row.cells[0].size) continue;
        tc_instrument read = {0};
        for (size_t i = 0; i < row.count && i < width; i++)
            if (offset_of[i] != SIZE_MAX) *part(&read, offset_of[i]) = tc_trim(row.cells[i]);
        status = add_row(list, read);
        if (status != TC_OK) return row_failed(error, status, &row, number);
    }
}

tc_status tc_instruments_open(tc_instruments **opened, tc_error *error, const char *path)
{
    tc_input input;
    tc_csv *csv = NULL;
    tc_status status = tc_input_open(&input, error, path);
    if (status != TC_OK) return status;
    tc_instruments *list = calloc(1, sizeof *list);
    status = list ? tc_csv_new(&csv, tc_input_read, &input) : TC_NO_MEMORY;
    if (status == TC_OK) status = read_rows(list, csv, error);
    else tc_fail(error, status, "", "%s", path);
    tc_csv_free(csv);
    tc_input_close(&input);
    if (status != TC_OK) {
        tc_instruments_close(list);
        return status;
    }
    *opened = list;
    return TC_OK;
}

void tc_instruments_close(tc_instruments *list)
{
    if (!list) return;
    while (list->blocks) {
        block *next = list->blocks->next;
        free(list->blocks);
        list->blocks = next;
    }
    free(list->entries);
    free(list->slots);
    free(list);
}

size_t tc_instruments_count(const tc_instruments *list) { return list->count; }

const tc_instrument *tc_instruments_find(const tc_instruments *list, tc_text exchange, tc_text symbol)
{
    char key[KEY_SIZE];
    if (!list->slots || !symbol.size || symbol.size > NAME_MAX_SIZE) return NULL;
    size_t size = make_key(key, exchange, symbol);
    const slot *found = find_slot(list, hash_of(key, size), key, size);
    return found && found->entry ? &list->entries[found->entry - 1] : NULL;
}

const tc_instrument *tc_instruments_fill(const tc_instruments *list, tc_request *request)
{
    tc_text *field = request->field;
    const tc_instrument *found = tc_instruments_find(list, field[TC_F_EXCHANGE], field[TC_F_SYMBOL]);
    if (!found) return NULL;
    const struct { tc_field field; tc_text text; } parts[] = {
        {TC_F_INSTRUMENT, found->instrument}, {TC_F_CLASS, found->class},   {TC_F_LOT_SIZE, found->lot_size},
        {TC_F_ISIN, found->isin},             {TC_F_SERIES, found->series}, {TC_F_UNDERLYING, found->underlying},
        {TC_F_EXPIRY, found->expiry},         {TC_F_STRIKE, found->strike}, {TC_F_OPTION_TYPE, found->option_type},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!field[parts[i].field].size) field[parts[i].field] = parts[i].text;
    return found;
}
