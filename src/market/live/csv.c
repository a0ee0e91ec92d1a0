/* Conditions from a CSV file: a column for the symbol, one for each field of the market, and, where they change, the time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/array.h"
#include "market/live/live.h"
#include "market/store/sessions.h"
#include "text/csv.h"
#include "text/input.h"
#include "text/values.h"

/* What a column holds: a field of the market, or one of these. */
enum { COLUMN_SYMBOL = TC_M_COUNT, COLUMN_EXCHANGE, COLUMN_TIME, COLUMN_KINDS, ROWS_MAX = 4000000, NAME_MAX_SIZE = 64 };
static const char *const other_columns[] = {"symbol", "exchange", "time"};

typedef struct {
    tc_text symbol, exchange; /* data: while the file is read, where it begins in `names` */
    size_t names_at;
    int64_t time;             /* INT64_MIN: not told */
    uint32_t line;
    double value[TC_M_COUNT];
} conditions;

typedef struct {
    TC_ARRAY(conditions) rows; /* by symbol, then time, then line */
    tc_buffer names;
    char path[200];
    int kind[TC_CSV_CELLS_MAX];
    size_t columns;
} table;

static tc_status read_header(table *t, tc_error *error, const tc_csv_row *row)
{
    bool seen[COLUMN_KINDS] = {false};
    t->columns = row->count;
    for (size_t i = 0; i < row->count; i++) {
        tc_text name = tc_trim(row->cells[i]);
        int kind = tc_market_find(name);
        for (int k = 0; k < 3 && kind < 0; k++)
            if (tc_text_is(name, other_columns[k])) kind = COLUMN_SYMBOL + k;
        if (kind < 0 || seen[kind])
            return tc_fail(error, TC_BAD_FORMAT, "", "%s: column \"%.*s\" %s", t->path, (int)(name.size < 40 ? name.size : 40),
                           name.data, kind < 0 ? "is no field of a market" : "stands there twice");
        t->kind[i] = kind;
        seen[kind] = true;
    }
    return seen[COLUMN_SYMBOL] ? TC_OK : tc_fail(error, TC_BAD_FORMAT, "symbol", "%s: no column symbol", t->path);
}

static tc_status read_cell(conditions *to, tc_error *error, int kind, tc_text cell)
{
    if (kind < TC_M_COUNT) return tc_is_blank(cell) ? TC_OK : tc_real_read(&to->value[kind], error, tc_market_name((tc_market_field)kind), cell);
    if (kind == COLUMN_TIME) return tc_is_blank(cell) ? TC_OK : tc_instant_read(&to->time, error, "time", cell);
    if (cell.size > NAME_MAX_SIZE) return tc_fail(error, TC_LIMIT, other_columns[kind - COLUMN_SYMBOL], "a name of %zu bytes", cell.size);
    (kind == COLUMN_SYMBOL ? &to->symbol : &to->exchange)->size = cell.size;
    if (kind == COLUMN_EXCHANGE) return TC_OK;
    return cell.size ? TC_OK : tc_fail(error, TC_BAD_ROW, "symbol", "symbol: not given");
}

/* Symbol and exchange behind one another, wherever their columns are. */
static void keep_names(table *t, conditions *to, const tc_csv_row *row)
{
    to->names_at = t->names.size;
    for (int kind = COLUMN_SYMBOL; kind <= COLUMN_EXCHANGE; kind++)
        for (size_t i = 0; i < t->columns; i++)
            if (t->kind[i] == kind) {
                tc_text cell = tc_trim(row->cells[i]);
                tc_buffer_put(&t->names, cell.data, cell.size);
            }
}

static tc_status read_row(table *t, tc_error *error, const tc_csv_row *row)
{
    conditions *to = t->rows.count < ROWS_MAX ? tc_array_push(&t->rows, sizeof *to) : NULL;
    if (!to) return tc_fail(error, t->rows.count < ROWS_MAX ? TC_NO_MEMORY : TC_LIMIT, "", "more rows than fit");
    if (row->count != t->columns)
        return tc_fail(error, TC_BAD_ROW, "", "%zu cells, and %zu columns", row->count, t->columns);
    for (int i = 0; i < TC_M_COUNT; i++) to->value[i] = NAN;
    to->time = INT64_MIN;
    to->line = row->line;
    for (size_t i = 0; i < row->count; i++) {
        tc_status status = read_cell(to, error, t->kind[i], tc_trim(row->cells[i]));
        if (status) return status;
    }
    keep_names(t, to, row);
    return t->names.failed ? tc_fail(error, TC_NO_MEMORY, "", "no memory for the names") : TC_OK;
}

static tc_status read_rows(table *t, tc_error *error, tc_csv *csv)
{
    for (bool first = true;;) {
        tc_csv_row row;
        bool end;
        tc_status status = tc_csv_next(csv, &row, &end, error);
        if (status || end) return status;
        if (row.count == 1 && !row.cells->size) continue; /* an empty line */
        status = first ? read_header(t, error, &row) : read_row(t, error, &row);
        if (status && error && !error->line) error->line = row.line;
        if (status) return status;
        first = false;
    }
}

static int compare_texts(tc_text a, tc_text b)
{
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_rows(const void *left, const void *right)
{
    const conditions *a = left, *b = right;
    int order = compare_texts(a->symbol, b->symbol);
    if (order) return order;
    if (a->time != b->time) return a->time < b->time ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

static void table_close(void *handle)
{
    table *t = handle;
    if (!t) return;
    tc_array_free(&t->rows);
    tc_buffer_free(&t->names);
    free(t);
}

static tc_status read_file(table *t, tc_error *error)
{
    tc_input input;
    tc_csv *csv = NULL;
    tc_status status = tc_input_open(&input, error, t->path);
    if (status) return status;
    status = tc_csv_new(&csv, tc_input_read, &input);
    if (status) tc_fail(error, status, "", "no memory for %s", t->path);
    else status = read_rows(t, error, csv);
    tc_csv_free(csv);
    tc_input_close(&input);
    return status;
}

static tc_status table_open(void **handle, tc_error *error, const char *where)
{
    table *t = calloc(1, sizeof *t);
    if (!t) return tc_fail(error, TC_NO_MEMORY, "", "no memory for a table");
    tc_status status = where && *where && strlen(where) < sizeof t->path
                           ? TC_OK : tc_fail(error, TC_BAD_VALUE, "where", "it needs the path of a file, as csv=quotes.csv");
    if (!status) {
        memcpy(t->path, where, strlen(where) + 1);
        status = read_file(t, error);
    }
    if (status) {
        table_close(t);
        return status;
    }
    for (uint32_t i = 0; i < t->rows.count; i++) {
        conditions *row = &t->rows.data[i];
        row->symbol.data = t->names.data + row->names_at;
        row->exchange.data = row->symbol.data + row->symbol.size;
    }
    if (t->rows.count) qsort(t->rows.data, t->rows.count, sizeof *t->rows.data, compare_rows);
    *handle = t;
    return TC_OK;
}

/* The first row behind those of `symbol` up to `at`. */
static uint32_t upper_bound(const table *t, tc_text symbol, int64_t at)
{
    conditions key = {.symbol = symbol, .time = at, .line = UINT32_MAX};
    uint32_t from = 0, to = t->rows.count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (compare_rows(&t->rows.data[middle], &key) <= 0) from = middle + 1;
        else to = middle;
    }
    return from;
}

static bool same_text(tc_text a, tc_text b)
{
    return a.size == b.size && !compare_texts(a, b);
}

/* The last row of the security at `at`; NULL: none. `*other`: another exchange has the symbol too, and none was named. */
static const conditions *find_row(const table *t, const tc_security *which, int64_t at, bool *other)
{
    const conditions *found = NULL;
    *other = false;
    for (uint32_t i = upper_bound(t, which->symbol, at); i-- && same_text(t->rows.data[i].symbol, which->symbol);) {
        const conditions *row = &t->rows.data[i];
        if (at != TC_NOW && row->time == INT64_MIN) continue; /* nobody knows whether it was known then */
        bool fits = !which->exchange.size || !row->exchange.size || same_text(row->exchange, which->exchange);
        if (fits && found && !same_text(found->exchange, row->exchange)) *other = !which->exchange.size;
        if (fits && !found) found = row;
        if (found && which->exchange.size) break;
    }
    return found;
}

static tc_status table_market(void *handle, tc_market *market, tc_error *error, const tc_security *which, int64_t at)
{
    const table *t = handle;
    bool other;
    const conditions *row = which->symbol.size ? find_row(t, which, at, &other) : NULL;
    if (!row) return tc_fail(error, TC_MARKET_MISSING, "symbol", "%s has no row of it up to that time", t->path);
    if (other) return tc_fail(error, TC_BAD_VALUE, "exchange", "%s has it at more than one exchange: name one", t->path);
    tc_market_clear(market);
    memcpy(market->value, row->value, sizeof market->value);
    market->time = row->time;
    market->session = row->time == INT64_MIN ? TC_SESSION_UNKNOWN : tc_session_at(row->exchange.size ? row->exchange : which->exchange, row->time);
    snprintf(market->source, sizeof market->source, "csv line %u", row->line);
    return TC_OK;
}

const tc_provider tc_provider_csv = {
    .size = sizeof(tc_provider), .version = TC_PROVIDER_VERSION, .name = "csv", .summary = "a file of quotes",
    .where = "a path; columns symbol [exchange time] and any of the fields of a market; the last row up to the time counts",
    .open = table_open, .market = table_market, .close = table_close, .secrets = ""};
