#include "orders.h"

#include <stdlib.h>
#include <string.h>

#include "text/csv.h"
#include "text/input.h"
#include "text/values.h"

enum { TEXTS_SIZE = 4096, ABSENT = -1 };

#define AS_COLUMN(id, name, needed) {name, needed},
static const struct {
    const char *name;
    bool needed;
} columns[TC_ORDER_COLUMN_COUNT] = {TC_ORDER_COLUMNS(AS_COLUMN)};

struct tc_orders {
    tc_input input;
    tc_csv *csv;
    int place[TC_ORDER_COLUMN_COUNT]; /* of a column in the file */
    size_t width;
    char *names;      /* of all columns, each ended by NUL */
    char texts[TEXTS_SIZE]; /* in upper case */
    tc_scratch scratch;
};

static int column_of(tc_text name)
{
    for (int i = 0; i < TC_ORDER_COLUMN_COUNT; i++)
        if (tc_text_same(name, columns[i].name)) return i;
    return ABSENT;
}

static bool keep_names(tc_orders *o, const tc_csv_row *row)
{
    size_t size = 1;
    for (size_t i = 0; i < o->width; i++) size += row->cells[i].size + 1;
    char *to = o->names = malloc(size);
    for (size_t i = 0; to && i < o->width; i++) {
        tc_text name = tc_trim(row->cells[i]);
        if (name.size) memcpy(to, name.data, name.size);
        to[name.size] = '\0';
        to += name.size + 1;
    }
    return o->names != NULL;
}

int tc_orders_column(const tc_orders *orders, tc_text name)
{
    const char *at = orders->names;
    for (size_t i = 0; i < orders->width; i++, at += strlen(at) + 1)
        if (tc_text_same(name, at)) return (int)i;
    return ABSENT;
}

static tc_status read_header(tc_orders *o, tc_error *error)
{
    tc_csv_row row;
    bool end;
    tc_status status = tc_csv_next(o->csv, &row, &end, error);
    if (status != TC_OK) return status;
    for (int i = 0; i < TC_ORDER_COLUMN_COUNT; i++) o->place[i] = ABSENT;
    for (size_t i = 0; !end && i < row.count; i++) {
        int column = column_of(tc_trim(row.cells[i]));
        if (column == ABSENT) continue;
        if (o->place[column] != ABSENT)
            return tc_fail(error, TC_BAD_FORMAT, columns[column].name, "the column %s stands twice", columns[column].name);
        o->place[column] = (int)i;
    }
    o->width = end ? 0 : row.count;
    if (!keep_names(o, &row)) return tc_fail(error, TC_NO_MEMORY, "", "no memory");
    for (int i = 0; i < TC_ORDER_COLUMN_COUNT; i++)
        if (columns[i].needed && o->place[i] == ABSENT)
            return tc_fail(error, TC_BAD_FORMAT, columns[i].name, "orders need a column %s", columns[i].name);
    return TC_OK;
}

tc_status tc_orders_open(tc_orders **orders, tc_error *error, const char *path)
{
    tc_orders *o = calloc(1, sizeof *o);
    if (!o) return tc_fail(error, TC_NO_MEMORY, "", "no memory");
    tc_status status = tc_input_open(&o->input, error, path);
    if (status != TC_OK) {
        free(o);
        return status;
    }
    status = tc_csv_new(&o->csv, tc_input_read, &o->input);
    if (status == TC_OK) status = read_header(o, error);
    if (status == TC_OK) *orders = o;
    else tc_orders_close(o);
    return status;
}

void tc_orders_close(tc_orders *orders)
{
    if (!orders) return;
    tc_csv_free(orders->csv);
    tc_input_close(&orders->input);
    free(orders->names);
    free(orders);
}

/* Cells. */

static tc_text cell(const tc_orders *o, const tc_csv_row *from, tc_order_column column)
{
    int place = o->place[column];
    tc_text text = place == ABSENT || (size_t)place >= from->count ? (tc_text){0} : tc_trim(from->cells[place]);
    return tc_is_blank(text) ? (tc_text){0} : text;
}

static tc_status upper_case(tc_text *to, tc_orders *o, tc_error *error, tc_text text, tc_order_column column)
{
    *to = text;
    if (!text.size) return TC_OK;
    *to = tc_scratch_copy(&o->scratch, text.data, text.size);
    if (!to->size) return tc_fail(error, TC_LIMIT, columns[column].name, "too long");
    for (char *c = (char *)to->data; c < to->data + to->size; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    return TC_OK;
}

static tc_status read_amount(int64_t *micros, tc_error *error, tc_text text, tc_order_column column, int64_t most)
{
    if (!text.size) return TC_OK;
    tc_status status = tc_decimal_parse(micros, text.data, text.size, 6);
    if (status != TC_OK)
        return tc_fail(error, status, columns[column].name, "\"%.*s\" is not a number of at most 6 decimals", (int)text.size, text.data);
    if (*micros <= 0 || *micros > most)
        return tc_fail(error, TC_BAD_VALUE, columns[column].name, "must be above 0 and not beyond the limit");
    return TC_OK;
}

static tc_status read_time(int64_t *micros, tc_error *error, tc_text text, tc_order_column column)
{
    const int64_t day = INT64_C(86400000000), ist = INT64_C(19800000000);
    tc_date date;
    *micros = TC_TIME_UNKNOWN;
    if (!text.size) return TC_OK;
    int64_t of_day;
    if (tc_time_read(&date, &of_day, text.data, text.size) != TC_OK || date.day < TC_DATE_MIN)
        return tc_fail(error, TC_BAD_DATE, columns[column].name, "\"%.*s\" is no date with a time of day", (int)text.size, text.data);
    *micros = date.day * day - ist + of_day;
    return TC_OK;
}

static tc_status read_side(tc_order_row *row, tc_error *error, tc_text text)
{
    row->side = tc_word_find(TC_SEL_SIDE, text);
    return row->side ? TC_OK : tc_fail(error, TC_UNKNOWN_WORD, "side", "\"%.*s\" is neither buy nor sell", (int)text.size, text.data);
}

static tc_status check_order(const tc_order_row *row, tc_error *error)
{
    bool timed = row->time != TC_TIME_UNKNOWN;
    if (timed && row->decision_time != TC_TIME_UNKNOWN && row->decision_time > row->time)
        return tc_fail(error, TC_CONTRADICTION, "decision_time", "decided after it arrived");
    int64_t begin = timed ? row->time : row->decision_time;
    if (row->end_time != TC_TIME_UNKNOWN && begin != TC_TIME_UNKNOWN && row->end_time < begin)
        return tc_fail(error, TC_CONTRADICTION, "end_time", "ended before it began");
    return TC_OK;
}

#define TRY(call)                                 \
    do {                                          \
        tc_status tried = (call);                 \
        if (tried != TC_OK) return tried;         \
    } while (0)

static tc_status read_order(tc_orders *o, tc_order_row *row, tc_error *error, const tc_csv_row *from)
{
    if (from->count != o->width)
        return tc_fail(error, TC_BAD_ROW, "", "%zu cells, but the header has %zu", from->count, o->width);
    for (int i = 0; i < TC_ORDER_COLUMN_COUNT; i++)
        if (columns[i].needed && !cell(o, from, (tc_order_column)i).size)
            return tc_fail(error, TC_VALUE_NEEDED, columns[i].name, "%s is empty", columns[i].name);
    row->cells = from->cells;
    row->order_id = cell(o, from, TC_O_ID);
    row->client = cell(o, from, TC_O_CLIENT);
    TRY(upper_case(&row->symbol, o, error, cell(o, from, TC_O_SYMBOL), TC_O_SYMBOL));
    TRY(upper_case(&row->exchange, o, error, cell(o, from, TC_O_EXCHANGE), TC_O_EXCHANGE));
    TRY(read_side(row, error, cell(o, from, TC_O_SIDE)));
    TRY(read_amount(&row->quantity.micros, error, cell(o, from, TC_O_QUANTITY), TC_O_QUANTITY, TC_QUANTITY_MICROS_MAX));
    TRY(read_amount(&row->decision_price.micros, error, cell(o, from, TC_O_DECISION_PRICE), TC_O_DECISION_PRICE, TC_PRICE_MICROS_MAX));
    TRY(read_amount(&row->arrival_price.micros, error, cell(o, from, TC_O_ARRIVAL_PRICE), TC_O_ARRIVAL_PRICE, TC_PRICE_MICROS_MAX));
    TRY(read_amount(&row->end_price.micros, error, cell(o, from, TC_O_END_PRICE), TC_O_END_PRICE, TC_PRICE_MICROS_MAX));
    TRY(read_time(&row->time, error, cell(o, from, TC_O_TIME), TC_O_TIME));
    TRY(read_time(&row->decision_time, error, cell(o, from, TC_O_DECISION_TIME), TC_O_DECISION_TIME));
    TRY(read_time(&row->end_time, error, cell(o, from, TC_O_END_TIME), TC_O_END_TIME));
    return check_order(row, error);
}

static bool empty_line(const tc_csv_row *row)
{
    return row->count == 1 && !tc_trim(row->cells[0]).size;
}

tc_status tc_orders_next(tc_orders *orders, tc_order_row *row, bool *end, tc_error *error)
{
    tc_csv_row from;
    tc_error why = {0};
    do {
        *row = (tc_order_row){.time = TC_TIME_UNKNOWN, .decision_time = TC_TIME_UNKNOWN, .end_time = TC_TIME_UNKNOWN};
        tc_status status = tc_csv_next(orders->csv, &from, end, &why);
        row->line = from.line;
        if (status == TC_BAD_ROW) break;
        if (status != TC_OK) {
            if (error) *error = why;
            return status;
        }
        if (*end) return TC_OK;
    } while (empty_line(&from));
    orders->scratch = (tc_scratch){orders->texts, sizeof orders->texts};
    if (why.status == TC_OK) why.status = read_order(orders, row, &why, &from);
    row->status = why.status;
    row->error = why;
    row->error.line = row->line;
    return TC_OK;
}
