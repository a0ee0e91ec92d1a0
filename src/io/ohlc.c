#include "ohlc.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "text/buffer.h"
#include "text/csv.h"
#include "text/input.h"
#include "text/values.h"

enum { OPEN, HIGH, LOW, CLOSE, PRICES, TIME = PRICES, COLUMNS, ABSENT = -1, ROWS_MAX = 100000000 };
static const char *const names[] = {"open", "high", "low", "close"};
static const char *const time_names[] = {"date", "time", "datetime", "timestamp", "day"};

struct tc_ohlc_room {
    int place[COLUMNS]; /* in a row, or ABSENT */
    size_t width;       /* cells of a row */
    double *price[PRICES];
    size_t count, rooms;
    tc_buffer times;
    size_t *time_end;   /* of each row's, in `times` */
    char time_name[64];
};

static int column_of(tc_text name)
{
    for (int k = 0; k < PRICES; k++)
        if (tc_text_same(name, names[k])) return k;
    for (size_t k = 0; k < sizeof time_names / sizeof *time_names; k++)
        if (tc_text_same(name, time_names[k])) return TIME;
    return ABSENT;
}

static tc_status take_header(struct tc_ohlc_room *room, tc_error *error, const tc_csv_row *row)
{
    bool any = false;
    for (int k = 0; k < COLUMNS; k++) room->place[k] = ABSENT;
    for (size_t i = 0; i < row->count; i++) {
        tc_text name = tc_trim(row->cells[i]);
        int column = column_of(name);
        if (column == ABSENT || (column == TIME && room->place[TIME] != ABSENT)) continue;
        if (room->place[column] != ABSENT) return tc_fail(error, TC_BAD_FORMAT, names[column], "the column %s stands twice", names[column]);
        room->place[column] = (int)i;
        any = any || column < PRICES;
        if (column != TIME) continue;
        memcpy(room->time_name, name.data, name.size);
        room->time_name[name.size] = '\0';
    }
    room->width = row->count;
    return any ? TC_OK : tc_fail(error, TC_BAD_FORMAT, "", "the header has none of open, high, low, close");
}

/* Digits, sign, point and exponent: strtod() would take words and hexadecimal too. */
static bool read_real(double *value, tc_text text)
{
    char copy[64], *end;
    if (!text.size || text.size >= sizeof copy) return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    if (strspn(copy, "+-.0123456789eE") != text.size) return false;
    *value = strtod(copy, &end);
    return !*end && isfinite(*value);
}

static tc_status read_price(double *price, tc_error *error, tc_text cell, int column)
{
    tc_text text = tc_trim(cell);
    if (tc_is_blank(text) || tc_text_same(text, "nan")) return TC_OK;
    if (!read_real(price, text))
        return tc_fail(error, TC_BAD_NUMBER, names[column], "%s: \"%.*s\"", names[column], (int)(text.size < 60 ? text.size : 60), text.data);
    if (*price > 0) return TC_OK;
    return tc_fail(error, TC_BAD_MARKET, names[column], "%s is %.15g, not a price", names[column], *price);
}

static tc_status read_prices(double price[PRICES], tc_error *error, const struct tc_ohlc_room *room, const tc_csv_row *row)
{
    if (row->count != room->width)
        return tc_fail(error, TC_BAD_ROW, "", "%zu cells; the header has %zu", row->count, room->width);
    for (int k = 0; k < PRICES; k++) {
        tc_status status = room->place[k] == ABSENT ? TC_OK : read_price(&price[k], error, row->cells[room->place[k]], k);
        if (status) return status;
    }
    if (!(price[HIGH] < price[LOW])) return TC_OK;
    return tc_fail(error, TC_BAD_MARKET, "high", "high %.15g is below low %.15g", price[HIGH], price[LOW]);
}

static bool grow(struct tc_ohlc_room *room, bool timed)
{
    size_t rooms = room->rooms ? room->rooms * 2 : 1024;
    for (int k = 0; k < PRICES; k++) {
        if (room->place[k] == ABSENT) continue;
        double *grown = realloc(room->price[k], rooms * sizeof *grown);
        if (!grown) return false;
        room->price[k] = grown;
    }
    if (timed) {
        size_t *grown = realloc(room->time_end, rooms * sizeof *grown);
        if (!grown) return false;
        room->time_end = grown;
    }
    room->rooms = rooms;
    return true;
}

static tc_status add_row(struct tc_ohlc_room *room, tc_error *error, const double price[PRICES], const tc_csv_row *row, bool timed)
{
    if (room->count == ROWS_MAX) return tc_fail(error, TC_LIMIT, "", "more than %d rows", ROWS_MAX);
    if (room->count == room->rooms && !grow(room, timed)) return tc_fail(error, TC_NO_MEMORY, "", "for %zu bars", room->count);
    for (int k = 0; k < PRICES; k++)
        if (room->price[k]) room->price[k][room->count] = price[k];
    if (timed) {
        if ((size_t)room->place[TIME] < row->count) {
            tc_text time = tc_trim(row->cells[room->place[TIME]]);
            tc_buffer_put(&room->times, time.data, time.size);
        }
        room->time_end[room->count] = room->times.size;
        if (room->times.failed) return tc_fail(error, TC_NO_MEMORY, "", "for the times of %zu bars", room->count);
    }
    room->count++;
    return TC_OK;
}

/* An empty line is no row, but where there is one column only: there it is a cell. */
static bool is_no_row(const struct tc_ohlc_room *room, const tc_csv_row *row)
{
    return room->width > 1 && row->count == 1 && !tc_trim(row->cells[0]).size;
}

static tc_status read_rows(tc_ohlc_file *file, tc_error *error, tc_csv *csv, bool timed, tc_ohlc_refuse *refuse, void *context)
{
    struct tc_ohlc_room *room = file->room;
    tc_csv_row row;
    bool end;
    for (;;) {
        double price[PRICES] = {NAN, NAN, NAN, NAN};
        tc_error wrong = {0};
        tc_status status = tc_csv_next(csv, &row, &end, &wrong);
        if (status == TC_OK && end) return TC_OK;
        if (status == TC_OK && is_no_row(room, &row)) continue;
        if (status == TC_OK) status = read_prices(price, &wrong, room, &row);
        if (status == TC_BAD_FORMAT || status == TC_IO || status == TC_LIMIT || status == TC_NO_MEMORY) {
            if (error) *error = wrong;
            return status;
        }
        if (status) {
            wrong.line = row.line;
            wrong.row = room->count + 1;
            for (int k = 0; k < PRICES; k++) price[k] = NAN;
            file->refused++;
            refuse(context, status, &wrong);
        }
        status = add_row(room, error, price, &row, timed);
        if (status) return status;
    }
}

static tc_status read_file(tc_ohlc_file *file, tc_error *error, tc_csv *csv, bool timed, tc_ohlc_refuse *refuse, void *context)
{
    tc_csv_row row;
    bool end;
    struct tc_ohlc_room *room = file->room;
    tc_status status = tc_csv_next(csv, &row, &end, error);
    if (status == TC_BAD_ROW || (status == TC_OK && end)) return tc_fail(error, TC_BAD_FORMAT, "", "no header");
    if (status == TC_OK) status = take_header(room, error, &row);
    if (status) return status;
    timed = timed && room->place[TIME] != ABSENT;
    if (!grow(room, timed)) return tc_fail(error, TC_NO_MEMORY, "", "for a first bar");
    status = read_rows(file, error, csv, timed, refuse, context);
    if (status) return status;
    file->bars = (tc_ohlc){room->price[OPEN], room->price[HIGH], room->price[LOW], room->price[CLOSE], room->count};
    file->time_name = timed ? room->time_name : NULL;
    return TC_OK;
}

tc_status tc_ohlc_read(tc_ohlc_file *file, tc_error *error, const char *path, bool timed, tc_ohlc_refuse *refuse, void *context)
{
    tc_input input;
    tc_csv *csv = NULL;
    *file = (tc_ohlc_file){.room = calloc(1, sizeof(struct tc_ohlc_room))};
    if (!file->room) return tc_fail(error, TC_NO_MEMORY, "", "for a file of bars");
    tc_status status = tc_input_open(&input, error, path);
    if (status == TC_OK) {
        status = tc_csv_new(&csv, tc_input_read, &input);
        if (status == TC_OK) status = read_file(file, error, csv, timed, refuse, context);
        tc_csv_free(csv);
        tc_input_close(&input);
    }
    if (status) tc_ohlc_free(file);
    return status;
}

void tc_ohlc_free(tc_ohlc_file *file)
{
    struct tc_ohlc_room *room = file->room;
    if (room) {
        for (int k = 0; k < PRICES; k++) free(room->price[k]);
        free(room->time_end);
        tc_buffer_free(&room->times);
    }
    free(room);
    *file = (tc_ohlc_file){0};
}

tc_text tc_ohlc_time(const tc_ohlc_file *file, size_t row)
{
    const struct tc_ohlc_room *room = file->room;
    if (!file->time_name || !room->times.size) return (tc_text){0};
    size_t begin = row ? room->time_end[row - 1] : 0;
    return (tc_text){room->times.data + begin, room->time_end[row] - begin};
}
