#include "parse.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "formats.h"
#include "inside.h"
#include "text/values.h"

enum {
    FIRST_ROWS = 1 << 8,
    BATCH_ROWS = 1 << 18,
    BATCH_FULL = BATCH_ROWS - (1 << 12), /* from here on a batch ends where the time changes: equal times stay together */
    HEADER_ROWS = 8, /* within these a header is looked for */
    NAMES_MAX = 1 << 22,
    DAY_EARLIEST = 0, /* 1970 */
    MESSAGE_SIZE = 200
};

typedef struct {
    const file_format *format;
    const tc_parse_options *options;
    const tc_parse_sink *sink;
    tc_error *error;
    uint8_t field[TC_CSV_CELLS_MAX + 1];
    size_t width;
    bool has_exchange;
    tc_parse_row *row;
    size_t count, room; /* there is room for one row more than are kept */
    TC_ARRAY(tc_parse_name) names;
    uint32_t *slot; /* name + 1; 0: free */
    size_t slots;
    uint32_t last_name;
    char date_text[32];
    size_t date_size;
    tc_date date;    /* of date_text */
    tc_date sheet;   /* of the preamble, or of --date */
    bool has_sheet;
    tc_bar_time bar_time;
    uint32_t bar_seconds;
    const char *refusal; /* of the whole file, which looks like what it is not */
    char message[MESSAGE_SIZE];
} parser;

/* --- numbers --- */

static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

static bool read_slowly(double *number, tc_text text)
{
    char copy[64], *end;
    if (!text.size || text.size >= sizeof copy || !(text.data[0] == '-' || text.data[0] == '.' || (text.data[0] >= '0' && text.data[0] <= '9')))
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (!strchr("0123456789.+-eE", text.data[i])) return false; /* no names, no hexadecimals */
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    *number = strtod(copy, &end);
    return end == copy + text.size && isfinite(*number);
}

/* Up to 15 digits make an integer that a double holds exactly, and a division by an exact power rounds once: the nearest double. */
bool tc_parse_number(double *number, tc_text text)
{
    enum { EXACT_DIGITS = 15 };
    const char *at = text.data, *end = text.data + text.size;
    uint64_t digits = 0;
    unsigned count = 0, decimals = 0;
    while (at < end && *at == ' ') at++;
    while (end > at && (unsigned char)end[-1] <= ' ') end--;
    tc_text trimmed = {at, (size_t)(end - at)};
    if (at == end) return *number = NAN, true;
    bool negative = *at == '-' && end - at > 1;
    at += negative;
    for (; at < end && (unsigned char)(*at - '0') < 10; at++, count++) digits = digits * 10 + (unsigned)(*at - '0');
    if (at < end && *at == '.')
        for (at++; at < end && (unsigned char)(*at - '0') < 10; at++, count++, decimals++) digits = digits * 10 + (unsigned)(*at - '0');
    if (at == end && count && count <= EXACT_DIGITS) {
        double size = (double)digits / powers[decimals];
        *number = negative ? -size : size;
        return true;
    }
    if (tc_is_blank(trimmed)) return *number = NAN, true;
    return read_slowly(number, trimmed);
}

/* --- names --- */

static uint64_t hash_bytes(uint64_t hash, tc_text text)
{
    for (size_t i = 0; i < text.size; i++) hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001B3);
    return (hash ^ text.size) * UINT64_C(0x9E3779B97F4A7C15);
}

static bool grow_slots(parser *p)
{
    if (p->slots && p->names.count * 2 < p->slots) return true;
    size_t slots = p->slots ? p->slots * 2 : 1 << 12;
    uint32_t *grown = calloc(slots, sizeof *grown);
    if (!grown) return false;
    for (uint32_t i = 0; i < p->names.count; i++) {
        size_t at = p->names.data[i].hash >> 20;
        while (grown[at & (slots - 1)]) at++;
        grown[at & (slots - 1)] = i + 1;
    }
    free(p->slot);
    p->slot = grown;
    p->slots = slots;
    return true;
}

static bool is_text(const char *kept, tc_text text)
{
    return !strncmp(kept, text.data ? text.data : "", text.size) && !kept[text.size];
}

static bool keep_text(char *to, size_t size, tc_text text)
{
    if (text.size >= size) return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if ((unsigned char)c < ' ') return false;
        to[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    return true;
}

static const char *make_name(tc_parse_name *made, const tc_text *text)
{
    memset(made, 0, sizeof *made);
    made->first = INT32_MAX;
    bool fits = keep_text(made->exchange, sizeof made->exchange, text[FIELD_EXCHANGE]) &&
                keep_text(made->symbol, sizeof made->symbol, text[FIELD_SYMBOL]) && keep_text(made->series, sizeof made->series, text[FIELD_SERIES]) &&
                keep_text(made->isin, sizeof made->isin, text[FIELD_ISIN]) && keep_text(made->code, sizeof made->code, text[FIELD_CODE]);
    if (!*made->symbol) return "no symbol";
    return fits ? NULL : "a symbol, series, ISIN or exchange that is none";
}

static bool same_name(const tc_parse_name *kept, const tc_parse_name *made)
{
    return !strcmp(kept->symbol, made->symbol) && !strcmp(kept->series, made->series) && !strcmp(kept->isin, made->isin) &&
           !strcmp(kept->exchange, made->exchange) && !strcmp(kept->code, made->code);
}

/* Files of ticks name one security row by row. */
static bool is_last_name(const parser *p, const tc_text *text)
{
    if (p->last_name == UINT32_MAX) return false;
    const tc_parse_name *last = &p->names.data[p->last_name];
    return is_text(last->symbol, text[FIELD_SYMBOL]) && is_text(last->series, text[FIELD_SERIES]) && is_text(last->isin, text[FIELD_ISIN]) &&
           is_text(last->exchange, text[FIELD_EXCHANGE]) && is_text(last->code, text[FIELD_CODE]);
}

/* What is wrong with the name, or NULL; `*status` where nothing is wrong with it. */
static const char *find_name(parser *p, uint32_t *name, const tc_text *text, tc_status *status)
{
    tc_parse_name made;
    *status = TC_OK;
    if (is_last_name(p, text)) return *name = p->last_name, NULL;
    const char *wrong = make_name(&made, text);
    if (wrong) return wrong;
    uint64_t hash = hash_bytes(hash_bytes(hash_bytes(1, text[FIELD_SYMBOL]), text[FIELD_SERIES]), text[FIELD_ISIN]);
    made.hash = hash;
    if (!grow_slots(p) || p->names.count >= NAMES_MAX) return *status = p->names.count >= NAMES_MAX ? TC_LIMIT : TC_NO_MEMORY, NULL;
    size_t at = hash >> 20;
    for (; p->slot[at & (p->slots - 1)]; at++) {
        uint32_t other = p->slot[at & (p->slots - 1)] - 1;
        if (p->names.data[other].hash != hash || !same_name(&p->names.data[other], &made)) continue;
        *name = p->last_name = other;
        return NULL;
    }
    tc_parse_name *kept = tc_array_push(&p->names, sizeof *kept);
    if (!kept) return *status = TC_NO_MEMORY, NULL;
    *kept = made;
    *name = p->last_name = p->names.count - 1;
    p->slot[at & (p->slots - 1)] = p->names.count;
    return NULL;
}

/* --- times --- */

/* Rows of one day follow each other: the same text means the same day. */
static bool read_date(parser *p, tc_date *date, tc_text text)
{
    text = tc_trim(text);
    if (text.size && text.size == p->date_size && !memcmp(text.data, p->date_text, text.size)) return *date = p->date, true;
    tc_moment moment;
    if (tc_moment_read(&moment, text, false) != TC_OK || !moment.has_date || moment.has_time || moment.date.day < DAY_EARLIEST) return false;
    *date = p->date = moment.date;
    p->date_size = text.size <= sizeof p->date_text ? text.size : 0;
    memcpy(p->date_text, text.data, p->date_size);
    return true;
}

static bool two_digits(const char *text, int *number)
{
    unsigned tens = (unsigned)(text[0] - '0'), ones = (unsigned)(text[1] - '0');
    *number = (int)(tens * 10 + ones);
    return tens < 10 && ones < 10;
}

/* hh:mm or hh:mm:ss of the day; else whatever a moment can look like. */
static bool read_clock(tc_moment *moment, tc_text text)
{
    int hour, minute, second = 0;
    bool plain = (text.size == 5 || text.size == 8) && text.data[2] == ':' && two_digits(text.data, &hour) && two_digits(text.data + 3, &minute);
    if (plain && text.size == 8) plain = text.data[5] == ':' && two_digits(text.data + 6, &second);
    if (!plain) return tc_moment_read(moment, text, false) == TC_OK && moment->has_time;
    *moment = (tc_moment){.has_time = true, .micros = ((hour * 60 + minute) * 60 + second) * INT64_C(1000000)};
    return hour < 24 && minute < 60 && second < 60;
}

static const char *read_moment(parser *p, int64_t *at, const file_row *row)
{
    const double ms = row->number[FIELD_EPOCH_MS], ns = row->number[FIELD_EPOCH_NS];
    tc_text text = tc_trim(row->text[FIELD_TIME]);
    tc_moment moment;
    if (ms > 0 && ms < 4e12) return *at = (int64_t)ms * 1000, NULL;
    if (ns > 0 && ns < 4e18) return *at = (int64_t)(ns / 1000), NULL;
    if (!text.size || !read_clock(&moment, text)) return "time: not a time of day, with its date or beside it";
    if (!moment.has_date) {
        if (!read_date(p, &moment.date, row->text[FIELD_DATE])) return "date: not a date";
    }
    if (moment.date.day < DAY_EARLIEST) return "date: before 1970";
    *at = start_of(moment.date) + moment.micros;
    return NULL;
}

static const char *read_day(parser *p, int64_t *day, const file_row *row)
{
    tc_date date = p->sheet;
    if (tc_trim(row->text[FIELD_DATE]).size) {
        if (!read_date(p, &date, row->text[FIELD_DATE])) return "date: not a date";
    } else if (!p->has_sheet) {
        return "no date";
    }
    *day = date.day;
    return NULL;
}

/* --- rows --- */

/* Whether prices lie between low and high; unknown ones do. A paisa is forgiven to prices that were rounded. */
static const char *check_range(const double *price, const double *inside, size_t count)
{
    double low = price[0], high = price[1], slack = 0.0101;
    if (low > high) return "low is above high";
    for (size_t i = 0; i < count; i++)
        if (inside[i] < low - slack || inside[i] > high + slack) return "open, last or close is not between low and high";
    return NULL;
}

static const char *check(tc_table_id table, const double *v, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        if (v[i] < 0 && !(table == TABLE_VOLATILITY && i == VOLATILITY_RETURN)) return "a number below 0";
    switch (table) {
    case TABLE_DAILY:
        if (!tc_is_known(v[DAILY_CLOSE]) && !tc_is_known(v[DAILY_VOLUME])) return "neither close nor volume";
        return check_range((const double[]){v[DAILY_LOW], v[DAILY_HIGH]}, (const double[]){v[DAILY_OPEN], v[DAILY_LAST]}, 2);
    case TABLE_BAR:
        if (!(v[BAR_CLOSE] > 0)) return "no close";
        return check_range((const double[]){v[BAR_LOW], v[BAR_HIGH]}, (const double[]){v[BAR_OPEN], v[BAR_CLOSE]}, 2);
    case TABLE_QUOTE:
        if (v[QUOTE_BID] >= v[QUOTE_ASK]) return v[QUOTE_BID] > v[QUOTE_ASK] ? "bid is above ask" : "bid and ask are one price";
        return tc_is_known(v[QUOTE_BID]) || tc_is_known(v[QUOTE_ASK]) ? NULL : "neither bid nor ask";
    case TABLE_TRADE:
        return v[TRADE_PRICE] > 0 && v[TRADE_QUANTITY] > 0 ? NULL : "price and quantity of a trade are above 0";
    default:
        return NULL;
    }
}

/* A row that names a security and says nothing of it, as CMVOLT has for those that do not trade. */
static bool says_nothing(const double *value, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        if (tc_is_known(value[i])) return false;
    return true;
}

static const char *field_name(const parser *p, uint8_t field)
{
    return field >= FIELD_VALUE ? tc_tables[p->format->table].column[field - FIELD_VALUE] : "number";
}

static const char *read_cells(parser *p, file_row *row, const tc_csv_row *cells)
{
    size_t count = cells->count < p->width ? cells->count : p->width;
    for (size_t i = 0; i < FIELD_TEXTS; i++) row->text[i] = (tc_text){"", 0};
    for (size_t i = FIELD_TEXTS; i < FIELD_COUNT; i++) row->number[i] = NAN;
    for (size_t i = 0; i < count; i++) {
        uint8_t field = p->field[i];
        if (field == FIELD_NONE) continue;
        if (field < FIELD_TEXTS) {
            row->text[field] = tc_trim(cells->cells[i]);
        } else if (!tc_parse_number(&row->number[field], cells->cells[i])) {
            tc_text cell = tc_trim(cells->cells[i]);
            snprintf(p->message, sizeof p->message, "%s: bad number: \"%.*s\"", field_name(p, field), (int)(cell.size < 40 ? cell.size : 40), cell.data);
            return p->message;
        }
    }
    return NULL;
}

static void fill_gaps(const parser *p, tc_text *text)
{
    if (!text[FIELD_EXCHANGE].size) text[FIELD_EXCHANGE] = p->options->exchange.size ? p->options->exchange : tc_text_of("NSE");
    if (!text[FIELD_SYMBOL].size) text[FIELD_SYMBOL] = p->options->symbol;
    if (!text[FIELD_SERIES].size) text[FIELD_SERIES] = p->options->series;
}

/* What is wrong with a row, or NULL; `*status`: what ends the file. */
static const char *read_row(parser *p, tc_parse_row *out, const tc_csv_row *cells, tc_status *status)
{
    file_row row;
    const tc_table *table = &tc_tables[p->format->table];
    const char *wrong = read_cells(p, &row, cells);
    *status = TC_OK;
    if (wrong) return wrong;
    out->line = cells->line;
    out->third = 0;
    out->slack = 0;
    memcpy(out->value, row.number + FIELD_VALUE, table->columns * sizeof *out->value);
    fill_gaps(p, row.text);
    wrong = p->format->adjust ? p->format->adjust(&row, out) : NULL;
    if (!wrong) wrong = check(p->format->table, out->value, table->columns);
    if (!wrong) wrong = table->daily ? read_day(p, &out->at, &row) : read_moment(p, &out->at, &row);
    if (!wrong) wrong = find_name(p, &out->name, row.text, status);
    if (wrong || *status) return wrong;
    int32_t day = table->daily ? (int32_t)out->at : date_of(out->at).day;
    tc_parse_name *name = &p->names.data[out->name];
    if (day < name->first) name->first = day;
    return NULL;
}

/* --- bars --- */

static uint32_t gcd(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* How long the bars are: what all distances between neighbours are a multiple of. Their times are of the start if more of
 * them are 09:15, when the session begins, than 15:30, when it ends; and the other way round. */
static tc_status learn_bars(parser *p)
{
    enum { HOUR = 3600, DAY = 86400 };
    uint32_t step = p->options->bar_seconds;
    size_t opens = 0, closes = 0;
    for (size_t i = 0; i < p->count; i++) {
        int64_t of_day = (p->row[i].at - start_of(date_of(p->row[i].at))) / 1000000;
        opens += of_day == TC_SESSION_OPENS_MINUTE * 60;
        closes += of_day == (TC_SESSION_OPENS_MINUTE + TC_SESSION_MINUTES) * 60;
        int64_t gap = i && p->row[i].name == p->row[i - 1].name ? (p->row[i].at - p->row[i - 1].at) / 1000000 : 0;
        if (gap < 0) gap = -gap;
        if (!p->options->bar_seconds && gap && gap < DAY) step = gcd((uint32_t)gap, step);
    }
    if (!step || step > HOUR * 4)
        return tc_fail(p->error, TC_BAD_FORMAT, "", "the times of the bars do not show how long the bars are: one or none, or above 4 hours");
    p->bar_seconds = step;
    p->bar_time = p->options->bar_time;
    if (!p->bar_time) p->bar_time = opens > closes ? TC_BAR_TIME_START : closes > opens ? TC_BAR_TIME_END : TC_BAR_TIME_UNKNOWN;
    if (p->bar_time) return TC_OK;
    return tc_fail(p->error, TC_BAD_FORMAT, "", "the times do not show whether they are of a bar's start (09:15) or end (15:30): say --bar-time");
}

static tc_status place_bars(parser *p)
{
    tc_status status = p->bar_seconds ? TC_OK : learn_bars(p);
    for (size_t i = 0; i < p->count && !status; i++) {
        p->row[i].third = p->bar_seconds;
        if (p->bar_time == TC_BAR_TIME_END) p->row[i].at -= p->bar_seconds * INT64_C(1000000);
    }
    return status;
}

/* --- the file --- */

static tc_status flush(parser *p)
{
    tc_status status = TC_OK;
    if (!p->count) return TC_OK;
    if (p->format->table == TABLE_BAR) status = place_bars(p);
    const tc_parse_batch batch = {p->format->name, p->format->table, p->row, p->count, p->names.data,
                                  p->names.count, p->bar_time, p->bar_seconds};
    if (!status) status = p->sink->batch(p->sink->context, &batch, p->error);
    p->count = 0;
    return status;
}

/* Whether one of the headers stands there: `word` may be several with | between. */
static bool has_header(const char *word, size_t size, char (*normal)[FILE_HEADER_SIZE], size_t count)
{
    while (size) {
        size_t part = 0;
        while (part < size && word[part] != '|') part++;
        for (size_t i = 0; i < count; i++)
            if (!strncmp(normal[i], word, part) && !normal[i][part]) return true;
        word += part + (part < size);
        size -= part + (part < size);
    }
    return false;
}

static bool has_all(const char *required, char (*normal)[FILE_HEADER_SIZE], size_t count)
{
    while (*required) {
        size_t size = strcspn(required, " ");
        if (!has_header(required, size, normal, count)) return false;
        required += size + (required[size] == ' ');
    }
    return true;
}

static void bind_columns(parser *p, char (*normal)[FILE_HEADER_SIZE], size_t count)
{
    const file_column *column = p->format->columns;
    p->width = 0;
    for (; p->format->by_place && column->header; column++) p->field[p->width++] = column->field;
    if (p->format->by_place) return;
    bool taken[FIELD_COUNT] = {false};
    for (; p->width < count; p->width++) {
        p->field[p->width] = FIELD_NONE;
        for (const file_column *c = column; c->header; c++) {
            if (strcmp(c->header, normal[p->width]) || taken[c->field]) continue;
            p->field[p->width] = c->field;
            taken[c->field] = true;
            break;
        }
    }
}

/* 10,MTO,DDMMYYYY,...: the date of a delivery file. */
static void note_preamble(parser *p, const tc_csv_row *row)
{
    int day, month, high, low;
    if (row->count < 3 || !tc_text_is(row->cells[1], "MTO") || row->cells[2].size != 8) return;
    const char *digits = row->cells[2].data;
    if (!two_digits(digits, &day) || !two_digits(digits + 2, &month) || !two_digits(digits + 4, &high) || !two_digits(digits + 6, &low)) return;
    if (tc_date_of(&p->sheet, high * 100 + low, month, day) == TC_OK && p->sheet.day >= DAY_EARLIEST) p->has_sheet = true;
}

/* One's own fills look like the market's trades, but for whose they are. */
static bool is_tradebook(char (*normal)[FILE_HEADER_SIZE], size_t count)
{
    static const char own[] = "side|orderid|fillid|tradetype|transactiontype|product|client";
    return has_header(own, sizeof own - 1, normal, count);
}

static bool recognise(parser *p, const tc_csv_row *row)
{
    char normal[64][FILE_HEADER_SIZE];
    size_t count = row->count < 64 ? row->count : 64;
    for (size_t i = 0; i < count; i++) file_header_normalise(normal[i], row->cells[i]);
    for (size_t i = 0; i < file_format_count && !p->format; i++)
        if (has_all(file_formats[i].required, normal, count)) p->format = &file_formats[i];
    if (p->format && p->format->table == TABLE_TRADE && is_tradebook(normal, count)) p->refusal = "one's own orders and fills, not the trades of the market";
    if (p->format && has_all("contracts settlepr optiontyp", normal, count)) p->refusal = "NSE's derivatives before 2024 do not tell their lots: they are not read";
    if (p->format) bind_columns(p, normal, count);
    else note_preamble(p, row);
    return p->format != NULL;
}

static tc_status find_header(parser *p, tc_csv *csv)
{
    for (int i = 0; i < HEADER_ROWS; i++) {
        tc_csv_row row;
        bool end;
        tc_status status = tc_csv_next(csv, &row, &end, p->error);
        if (status && status != TC_BAD_ROW) return status;
        if (end) return tc_fail(p->error, TC_BAD_FORMAT, "", i ? "no header that is known; see tradecost market import --help" : "the file is empty");
        if (!status && recognise(p, &row)) return TC_OK;
    }
    return tc_fail(p->error, TC_BAD_FORMAT, "", "no header that is known; see tradecost market import --help");
}

/* A file whose every row would be refused for the same want is refused at once. */
static tc_status check_wants(parser *p)
{
    bool symbol = false, date = false, code = false;
    if (p->refusal) return tc_fail(p->error, TC_BAD_FORMAT, "", "%s", p->refusal);
    for (size_t i = 0; i < p->width; i++) {
        symbol = symbol || p->field[i] == FIELD_SYMBOL;
        code = code || p->field[i] == FIELD_CODE;
        date = date || p->field[i] == FIELD_DATE;
    }
    if (!symbol && !code && !p->options->symbol.size)
        return tc_fail(p->error, TC_BAD_FORMAT, "symbol", "the file does not say of which symbol it is: say --symbol");
    if (p->format->table == TABLE_INSTRUMENT && !p->has_sheet && p->options->today.day > DAY_EARLIEST) {
        p->sheet = p->options->today;
        p->has_sheet = true;
    }
    if (tc_tables[p->format->table].daily && !date && !p->has_sheet)
        return tc_fail(p->error, TC_BAD_FORMAT, "date", "the file does not say of which day it is: say --date");
    return TC_OK;
}

static tc_status grow_rows(parser *p)
{
    size_t room = p->room * 4 < BATCH_ROWS ? p->room * 4 : BATCH_ROWS;
    tc_parse_row *grown = realloc(p->row, room * sizeof *grown);
    if (!grown) return tc_fail(p->error, TC_NO_MEMORY, "", "%s", "");
    p->row = grown;
    p->room = room;
    return TC_OK;
}

/* Takes the row behind the kept ones. */
static tc_status keep_row(parser *p)
{
    const tc_parse_row *row = &p->row[p->count];
    if (says_nothing(row->value, tc_tables[p->format->table].columns)) return TC_OK;
    bool ends = p->count == BATCH_ROWS - 1 || (p->count >= BATCH_FULL && row->at != row[-1].at);
    if (!ends && ++p->count < p->room) return TC_OK;
    if (!ends) return grow_rows(p);
    tc_parse_row first = *row;
    tc_status status = flush(p);
    p->row[p->count++] = first;
    return status;
}

static tc_status read_rows(parser *p, tc_csv *csv, uint64_t *rows, uint64_t *refused)
{
    for (;;) {
        tc_csv_row cells;
        bool end;
        tc_error why = {0};
        const char *wrong = NULL;
        tc_status status = tc_csv_next(csv, &cells, &end, &why);
        if (status && status != TC_BAD_ROW) {
            if (p->error) *p->error = why;
            return status;
        }
        if (end) return flush(p);
        if (!status && cells.count == 1 && !cells.cells[0].size) continue;
        ++*rows;
        if (status) wrong = why.message;
        else wrong = read_row(p, &p->row[p->count], &cells, &status);
        if (!wrong && status) return tc_fail(p->error, status, "", "too many names in one file");
        if (wrong) {
            ++*refused;
            p->sink->refused(p->sink->context, cells.line, wrong);
        } else if ((status = keep_row(p))) {
            return status;
        }
    }
}

tc_status tc_parse(tc_read_fn *read, void *context, const tc_parse_options *options, const tc_parse_sink *sink,
                   uint64_t *rows, uint64_t *refused, tc_error *error)
{
    tc_csv *csv = NULL;
    parser *p = calloc(1, sizeof *p);
    tc_parse_row *first = malloc(FIRST_ROWS * sizeof *first);
    tc_status status = p && first ? tc_csv_new(&csv, read, context) : TC_NO_MEMORY;
    *rows = *refused = 0;
    if (!status) {
        *p = (parser){.options = options, .sink = sink, .error = error, .row = first, .room = FIRST_ROWS, .last_name = UINT32_MAX, .has_sheet = options->has_date,
                      .sheet = options->date};
        status = find_header(p, csv);
        if (!status) status = check_wants(p);
        if (!status) status = read_rows(p, csv, rows, refused);
    } else {
        tc_fail(error, status, "", "%s", "");
    }
    tc_csv_free(csv);
    if (p && p->row) first = p->row; /* it may have moved */
    if (p) tc_array_free(&p->names);
    if (p) free(p->slot);
    free(first);
    free(p);
    return status;
}
