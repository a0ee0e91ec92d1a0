#include "import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "sessions.h"
#include "text/values.h"

enum { LOAD_ROWS = 4096, VALUES_MAX = 3 + TC_COLUMNS_MAX };

/* A row in the order of its table's key. */
typedef struct {
    int64_t lead, second;
    uint32_t third, row; /* row: of the batch */
} sort_key;

typedef struct {
    tc_store *store;
    tc_import_report *report;
    tc_error *error;
    tc_refused_fn *refused;
    void *refused_context;
    bool begun;
    tc_query *existing; /* rows of one lead that the store has */
    tc_table_id table;
    char upsert[TC_SQL_SIZE];
    TC_ARRAY(sort_key) keys;
    TC_ARRAY(tc_db_value) values; /* to be loaded */
    size_t values_rows;
    int64_t next_listing;
} importer;

static tc_status no_memory(importer *im) { return tc_fail(im->error, TC_NO_MEMORY, "", "%s", ""); }

static tc_status begin(importer *im, tc_table_id table)
{
    char select[TC_SQL_SIZE];
    if (im->begun) return TC_OK;
    const tc_db_kind *kind = im->store->kind;
    tc_status status = kind->run(im->store->db, im->error, strcmp(kind->scheme, "sqlite") ? "BEGIN" : "BEGIN IMMEDIATE");
    if (status) return status;
    im->begun = true;
    im->table = table;
    tc_table_upsert(im->upsert, &tc_tables[table]);
    tc_table_select(select, &tc_tables[table]);
    return kind->prepare(&im->existing, im->error, im->store->db, select);
}

/* --- names to listings --- */

static tc_text text_of(const char *text) { return (tc_text){text, strlen(text)}; }

static tc_status add_listing(importer *im, tc_parse_name *name)
{
    const tc_db_value *row;
    if (!im->next_listing) {
        tc_status status = tc_store_first(im->store, im->error, ASK_TOP_LISTING, &row, NULL, 0);
        if (status) return status;
        im->next_listing = row ? as_integer(row[0], 0) + 1 : 1;
    }
    name->listing = im->next_listing++;
    const tc_db_value value[] = {db_integer(name->listing), db_text(text_of(name->exchange)), db_text(text_of(name->symbol)),
                                 db_text(text_of(name->series)), db_text(text_of(name->code)), db_integer(name->first)};
    return tc_store_first(im->store, im->error, ADD_LISTING, &row, value, 6);
}

static tc_status find_listing(importer *im, tc_parse_name *name)
{
    const tc_db_value *row;
    const tc_db_value key[] = {db_text(text_of(name->symbol)), db_text(text_of(name->exchange)), db_text(text_of(name->series))};
    tc_status status = tc_store_first(im->store, im->error, ASK_LISTING, &row, key, 3);
    if (status) return status;
    if (!row) return add_listing(im, name);
    name->listing = row[0].integer;
    bool new_code = *name->code && !row[2].text.size;
    if (name->first >= row[1].integer && !new_code) return TC_OK;
    const tc_db_value value[] = {db_integer(name->listing), db_integer(name->first < row[1].integer ? name->first : row[1].integer),
                                 new_code ? db_text(text_of(name->code)) : row[2]};
    return tc_store_first(im->store, im->error, SET_LISTING, &row, value, 3);
}

static tc_status note_identity(importer *im, const tc_parse_name *name)
{
    const tc_db_value *row;
    if (!*name->isin) return TC_OK;
    const tc_db_value value[] = {db_text(text_of(name->isin)), db_integer(name->listing), db_integer(name->first)};
    tc_status status = tc_store_first(im->store, im->error, ASK_IDENTITY, &row, value, 2);
    if (status || (row && row[0].integer <= name->first)) return status;
    return tc_store_first(im->store, im->error, ADD_IDENTITY, &row, value, 3);
}

/* Names first, for rows are kept by listing. A name of an earlier batch may have got an earlier day since. */
static tc_status place_names(importer *im, const tc_parse_batch *batch)
{
    tc_status status = TC_OK;
    for (size_t i = 0; i < batch->names && !status; i++) {
        tc_parse_name *name = &batch->name[i];
        if (name->first == INT32_MAX) continue; /* all its rows were refused */
        status = find_listing(im, name);
        if (!status) status = note_identity(im, name);
    }
    return status;
}

/* --- order --- */

static int by_key(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    if (x->lead != y->lead) return x->lead < y->lead ? -1 : 1;
    if (x->second != y->second) return x->second < y->second ? -1 : 1;
    if (x->third != y->third) return x->third < y->third ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool in_order(const sort_key *key, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (by_key(&key[i - 1], &key[i]) > 0) return false;
    return true;
}

/* Quotes and trades of one time are numbered as they come. */
static void number_ticks(sort_key *key, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (key[i].lead == key[i - 1].lead && key[i].second == key[i - 1].second) key[i].third = key[i - 1].third + 1;
}

static tc_status sort_rows(importer *im, const tc_parse_batch *batch)
{
    bool daily = tc_tables[batch->table].daily, ticks = batch->table == TABLE_QUOTE || batch->table == TABLE_TRADE;
    if (!tc_array_reserve(&im->keys, sizeof *im->keys.data, (uint32_t)batch->count)) return no_memory(im);
    im->keys.count = (uint32_t)batch->count;
    for (size_t i = 0; i < batch->count; i++) {
        const tc_parse_row *row = &batch->row[i];
        int64_t listing = batch->name[row->name].listing;
        im->keys.data[i] = daily ? (sort_key){row->at, listing, 0, (uint32_t)i} : (sort_key){listing, row->at, row->third, (uint32_t)i};
        if (ticks && row->at <= batch->name[row->name].until)
            return tc_fail(im->error, TC_LIMIT, "", "line %u: ticks too far out of order; sort the file by time", row->line);
    }
    if (!in_order(im->keys.data, batch->count)) qsort(im->keys.data, batch->count, sizeof *im->keys.data, by_key);
    if (!ticks) return TC_OK;
    number_ticks(im->keys.data, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        int64_t *until = &batch->name[batch->row[i].name].until; /* ticks of this time or before have got their numbers */
        if (batch->row[i].at > *until) *until = batch->row[i].at;
    }
    return TC_OK;
}

/* --- what is new --- */

static tc_status load(importer *im)
{
    const tc_table *table = &tc_tables[im->table];
    size_t columns = (table->third ? 3 : 2) + table->columns;
    tc_status status = TC_OK;
    if (im->values_rows) status = im->store->kind->load(im->store->db, im->error, im->upsert, im->values.data, columns, im->values_rows);
    im->values.count = 0;
    im->values_rows = 0;
    return status;
}

static tc_status put_row(importer *im, const sort_key *key, const double *value)
{
    const tc_table *table = &tc_tables[im->table];
    size_t keys = table->third ? 3 : 2, needed = im->values.count + keys + table->columns;
    if (needed > im->values.capacity && !tc_array_reserve(&im->values, sizeof *im->values.data, (uint32_t)needed * 2)) return no_memory(im);
    tc_db_value *to = im->values.data + im->values.count;
    *to++ = db_integer(key->lead);
    *to++ = db_integer(key->second);
    if (table->third) *to++ = db_integer(key->third);
    for (size_t i = 0; i < table->columns; i++) *to++ = db_real(value[i]);
    im->values.count = (uint32_t)needed;
    im->values_rows++;
    return TC_OK;
}

/* What the file does not say stays as it was; whether anything is another then. */
static bool merge(double *value, const double *old, size_t columns, const tc_parse_row *row, tc_table_id table)
{
    bool changed = false;
    for (size_t i = 0; i < columns; i++) {
        double slack = table == TABLE_DAILY && i == DAILY_VALUE ? (double)row->slack : 0;
        bool same = !tc_is_known(value[i]) || value[i] == old[i] || fabs(value[i] - old[i]) <= slack;
        if (same) value[i] = old[i];
        else changed = true;
    }
    return changed;
}

/* Whether a row repeats the one before it in the order of keys; a row that says otherwise is refused. */
static bool repeats(importer *im, const tc_parse_batch *batch, const sort_key *key, const sort_key *before)
{
    if (key->lead != before->lead || key->second != before->second || key->third != before->third) return false;
    const tc_parse_row *row = &batch->row[key->row], *first = &batch->row[before->row];
    char message[96];
    bool same = !memcmp(row->value, first->value, tc_tables[batch->table].columns * sizeof *row->value);
    if (same) return true;
    snprintf(message, sizeof message, "says otherwise than line %u of the same %s", first->line, tc_tables[batch->table].daily ? "day" : "time");
    im->refused(im->refused_context, row->line, message);
    im->report->refused++;
    return true;
}

/* Rows of one lead against those the store has, both in order. */
static tc_status merge_group(importer *im, const tc_parse_batch *batch, const sort_key *key, size_t count)
{
    const tc_table *table = &tc_tables[batch->table];
    const tc_db_value bounds[] = {db_integer(key->lead), db_integer(key->second), db_integer(key[count - 1].second)};
    const tc_db_kind *kind = im->store->kind;
    const tc_db_value *old;
    const sort_key *kept = NULL;
    tc_status status = kind->bind(im->existing, im->error, bounds, 3);
    if (!status) status = kind->step(im->existing, im->error, &old);
    for (size_t i = 0; i < count && !status; i++) {
        const tc_parse_row *row = &batch->row[key[i].row];
        double value[TC_COLUMNS_MAX], before[TC_COLUMNS_MAX];
        if (kept && repeats(im, batch, &key[i], kept)) continue;
        kept = &key[i];
        while (!status && old && (old[0].integer < kept->second || (old[0].integer == kept->second && old[1].integer < kept->third)))
            status = kind->step(im->existing, im->error, &old);
        bool there = !status && old && old[0].integer == kept->second && old[1].integer == kept->third;
        memcpy(value, row->value, table->columns * sizeof *value);
        for (size_t k = 0; there && k < table->columns; k++) before[k] = as_real(old[2 + k]);
        bool changed = there && merge(value, before, table->columns, row, batch->table);
        if (!there) im->report->added++;
        else if (changed) im->report->changed++;
        if (!status && (!there || changed)) status = put_row(im, kept, value);
    }
    while (!status && old) status = kind->step(im->existing, im->error, &old); /* to its end, so that it holds no lock */
    return status;
}

static tc_status merge_all(importer *im, const tc_parse_batch *batch)
{
    tc_status status = TC_OK;
    const sort_key *key = im->keys.data;
    for (size_t from = 0, to; from < im->keys.count && !status; from = to) {
        for (to = from + 1; to < im->keys.count && key[to].lead == key[from].lead;) to++;
        status = merge_group(im, batch, key + from, to - from);
        if (!status && im->values_rows >= LOAD_ROWS) status = load(im);
    }
    return status ? status : load(im);
}

/* --- sessions --- */

static tc_status note_session(importer *im, tc_text exchange, int64_t day, int covered)
{
    const tc_db_value *row;
    const tc_db_value value[] = {db_text(exchange), db_integer(day), db_integer(covered)};
    tc_status status = tc_store_first(im->store, im->error, ASK_SESSION, &row, value, 2);
    if (status || (row && as_integer(row[0], 0) >= covered)) return status;
    return tc_store_first(im->store, im->error, ADD_SESSION, &row, value, 3);
}

/* Days with daily bars, each exchange once; rows are in order of days. */
static tc_status note_days(importer *im, const tc_parse_batch *batch)
{
    const char *last = "";
    int64_t day = INT64_MIN;
    tc_status status = TC_OK;
    for (size_t i = 0; i < im->keys.count && !status; i++) {
        const char *exchange = batch->name[batch->row[im->keys.data[i].row].name].exchange;
        if (im->keys.data[i].lead == day && !strcmp(exchange, last)) continue;
        day = im->keys.data[i].lead;
        last = exchange;
        status = note_session(im, text_of(exchange), day, 0);
    }
    return status;
}

/* How much of its session the bars of a day cover; they may have come in several batches or files. */
static tc_status note_covered(importer *im, int64_t listing, const char *exchange, tc_date day)
{
    security alone = {.count = 1, .member = {{listing, TC_DATE_MIN, INT32_MAX, 0}}};
    tc_status status = tc_store_read_bars(im->store, &alone, im->error, start_of(day), start_of(day) + MICROS_A_DAY);
    if (status) return status;
    return note_session(im, text_of(exchange), day.day, tc_covered_minutes(im->store->bars.data, im->store->bars.count));
}

static tc_status note_bars(importer *im, const tc_parse_batch *batch)
{
    int64_t listing = 0;
    int32_t day = INT32_MIN;
    tc_status status = TC_OK;
    for (size_t i = 0; i < im->keys.count && !status; i++) {
        const sort_key *key = &im->keys.data[i];
        tc_date of = date_of(key->second);
        if (key->lead == listing && of.day == day) continue;
        listing = key->lead;
        day = of.day;
        status = note_covered(im, listing, batch->name[batch->row[key->row].name].exchange, of);
    }
    return status;
}

/* --- together --- */

static void note_span(tc_import_report *report, const tc_parse_batch *batch)
{
    bool daily = tc_tables[batch->table].daily;
    for (size_t i = 0; i < batch->count; i++) {
        tc_date day = daily ? (tc_date){(int32_t)batch->row[i].at} : date_of(batch->row[i].at);
        if (!report->has_days || day.day < report->first.day) report->first = day;
        if (!report->has_days || day.day > report->last.day) report->last = day;
        report->has_days = true;
    }
}

static tc_status take_batch(void *context, const tc_parse_batch *batch, tc_error *error)
{
    importer *im = context;
    im->error = error;
    im->report->format = batch->format;
    im->report->table = tc_tables[batch->table].name;
    im->report->bar_time = batch->bar_time;
    im->report->bar_seconds = batch->bar_seconds;
    note_span(im->report, batch);
    tc_status status = begin(im, batch->table);
    if (!status) status = place_names(im, batch);
    if (!status) status = sort_rows(im, batch);
    if (!status) status = merge_all(im, batch);
    if (!status && batch->table == TABLE_DAILY) status = note_days(im, batch);
    if (!status && batch->table == TABLE_BAR) status = note_bars(im, batch);
    return status;
}

static void take_refused(void *context, uint32_t line, const char *message)
{
    importer *im = context;
    im->refused(im->refused_context, line, message);
}

tc_status tc_store_import(tc_store *store, tc_import_report *report, tc_error *error, tc_read_fn *read, void *context,
                          const tc_parse_options *options, tc_refused_fn *refused, void *refused_context)
{
    uint64_t rows = 0, unread = 0;
    tc_error unheard;
    if (!error) error = &unheard;
    memset(report, 0, sizeof *report);
    importer im = {.store = store, .report = report, .error = error, .refused = refused, .refused_context = refused_context};
    const tc_parse_sink sink = {take_batch, take_refused, &im};
    tc_status status = tc_parse(read, context, options, &sink, &rows, &unread, error);
    if (im.existing) store->kind->finish(im.existing);
    if (im.begun && !status) status = store->kind->run(store->db, error, "COMMIT");
    if (im.begun && status) store->kind->run(store->db, NULL, "ROLLBACK");
    tc_array_free(&im.keys);
    tc_array_free(&im.values);
    report->rows = rows;
    report->refused += unread;
    if (status) report->added = report->changed = 0; /* nothing was kept */
    else report->same = rows - report->added - report->changed - report->refused;
    return status;
}
