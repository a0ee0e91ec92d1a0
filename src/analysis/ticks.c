#include "ticks.h"

#include <math.h>
#include <stdlib.h>

#include "tape.h"
#include "text/values.h"

enum { BLOCK = 256 << 10, LINE_MAX_SIZE = 64 << 10, COLUMNS_MAX = 128, NAME_SIZE = 24 };

/* What a column is; from VALUE on a number of the row. */
enum { SKIP, TIME, DATE, SYMBOL, SERIES, VALUE };

#define BIT(kind) (1u << (kind))
#define QUOTES BIT(TC_QUOTES)
#define TRADES BIT(TC_TRADES)
#define BARS BIT(TC_BARS)

/* Names of columns: ours first, then those of NSE, Kite, LOBSTER, TAQ and Binance
 * files. A later row gives way to an earlier one where a file has both. */
static const struct {
    const char *names;
    unsigned kinds;
    uint8_t what;
    bool needed;
    double unit;
} known[] = {
    {"time timestamp datetime date_time dt local_ts_ns exch_ts_ms exchange_timestamp ts start", QUOTES | TRADES | BARS, TIME, false, 1},
    {"date date1 trade_date trad_dt traddt", QUOTES | TRADES | BARS, DATE, false, 1},
    {"symbol tradingsymbol tckrsymb ticker", QUOTES | TRADES | BARS, SYMBOL, false, 1},
    {"series sctysrs", BARS, SERIES, false, 1},
    {"bid bid_price best_bid best.bid.price", QUOTES, VALUE, true, 1},
    {"ask ofr offer ask_price best_ask best.ask.price", QUOTES, VALUE + 1, true, 1},
    {"bid_quantity bid_qty bid_size bidsiz best.bid.vol", QUOTES, VALUE + 2, false, 1},
    {"ask_quantity ask_qty ask_size ofrsiz best.ask.vol", QUOTES, VALUE + 3, false, 1},
    {"price last_price ltp last", TRADES, VALUE, true, 1},
    {"quantity qty size volume last_quantity last_qty", TRADES, VALUE + 1, true, 1},
    {"open open_price opnpric", BARS, VALUE, true, 1},
    {"high high_price hghpric", BARS, VALUE + 1, true, 1},
    {"low low_price lwpric", BARS, VALUE + 2, true, 1},
    {"close close_price clspric", BARS, VALUE + 3, true, 1},
    {"volume ttl_trd_qnty tottrdqty ttltradgvol", BARS, VALUE + 4, false, 1},
    {"value turnover tottrdval ttltrfval", BARS, VALUE + 5, false, 1},
    {"turnover_lacs", BARS, VALUE + 5, false, 1e5},
    {"vwap average avg_price", BARS, VALUE + 6, false, 1},
    {"previous_close prev_close prevclose prvsclsgpric", BARS, VALUE + 7, false, 1},
};
enum { KNOWN = sizeof known / sizeof *known };

struct tc_ticks {
    tc_read_fn *read;
    void *context;
    tc_tick_kind kind;
    size_t columns;
    struct column {
        uint8_t what;
        double unit;
        char name[NAME_SIZE]; /* ours, for messages */
    } column[COLUMNS_MAX];
    bool has_symbol;
    char *block;
    size_t next, end;
    bool ended;
    uint32_t line;
    char day_text[10]; /* the date seen last, and its midnight in India */
    int64_t midnight;
    tc_tick_row row;
};

/* Lines. */

static tc_status fill(tc_ticks *t, tc_error *error)
{
    memmove(t->block, t->block + t->next, t->end - t->next);
    t->end -= t->next;
    t->next = 0;
    if (t->end >= LINE_MAX_SIZE) return tc_fail(error, TC_LIMIT, "", "a line above 64 KiB");
    ptrdiff_t got = t->read(t->context, t->block + t->end, BLOCK - t->end);
    if (got < 0) return tc_fail(error, TC_IO, "", "cannot be read");
    t->end += (size_t)got;
    t->ended = !got;
    return TC_OK;
}

/* `*line` is NULL after the last. The byte behind it may be written. */
static tc_status next_line(tc_ticks *t, char **line, size_t *size, tc_error *error)
{
    *line = NULL;
    *size = 0;
    for (;;) {
        char *begin = t->block + t->next, *feed = memchr(begin, '\n', t->end - t->next);
        if (!feed && !t->ended) {
            tc_status status = fill(t, error);
            if (status != TC_OK) return status;
            continue;
        }
        if (!feed && t->next == t->end) return TC_OK;
        size_t length = feed ? (size_t)(feed - begin) : t->end - t->next;
        t->next += length + (feed != NULL);
        t->line++;
        if (length && begin[length - 1] == '\r') length--;
        if (!length) continue;
        *line = begin;
        *size = length;
        return TC_OK;
    }
}

/* The header. */

static bool is_one_of(tc_text name, const char *names)
{
    while (*names) {
        size_t size = strcspn(names, " ");
        if (size == name.size) {
            size_t i = 0;
            while (i < size && (name.data[i] | 32) == (names[i] | 32)) i++;
            if (i == size) return true;
        }
        names += size + (names[size] == ' ');
    }
    return false;
}

static int meaning(const tc_ticks *t, tc_text name)
{
    for (int k = 0; k < KNOWN; k++)
        if (known[k].kinds & BIT(t->kind) && is_one_of(name, known[k].names)) return k;
    return -1;
}

static bool has(const tc_ticks *t, uint8_t what)
{
    for (size_t i = 0; i < t->columns; i++)
        if (t->column[i].what == what) return true;
    return false;
}

static void first_word(char name[NAME_SIZE], const char *names)
{
    size_t size = strcspn(names, " ");
    memcpy(name, names, size);
    name[size] = '\0';
}

static void read_names(tc_ticks *t, const char *line, size_t size)
{
    const char *end = line + size;
    if (size >= 3 && !memcmp(line, "\xEF\xBB\xBF", 3)) line += 3;
    for (const char *at = line; at <= end && t->columns < COLUMNS_MAX;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        if (!comma) comma = end;
        int k = meaning(t, tc_trim((tc_text){at, (size_t)(comma - at)}));
        bool first = k >= 0 && !has(t, known[k].what);
        t->column[t->columns] = first ? (struct column){.what = known[k].what, .unit = known[k].unit} : (struct column){.what = SKIP};
        if (first) first_word(t->column[t->columns].name, known[k].names);
        t->columns++;
        at = comma + 1;
    }
}

static tc_status check_names(const tc_ticks *t, tc_error *error)
{
    for (int k = 0; k < KNOWN; k++) {
        if (!(known[k].kinds & BIT(t->kind)) || !known[k].needed || has(t, known[k].what)) continue;
        char name[NAME_SIZE];
        first_word(name, known[k].names);
        return tc_fail(error, TC_BAD_FORMAT, name, "the header has no column %s", name);
    }
    if (!has(t, TIME) && !(t->kind == TC_BARS && has(t, DATE)))
        return tc_fail(error, TC_BAD_FORMAT, "time", "the header has no column time");
    return TC_OK;
}

tc_status tc_ticks_open(tc_ticks **ticks, tc_error *error, tc_tick_kind kind, tc_read_fn *read, void *context)
{
    char *line;
    size_t size;
    tc_ticks *t = calloc(1, sizeof *t);
    if (t) t->block = malloc(BLOCK + 1);
    if (!t || !t->block) {
        free(t);
        return tc_fail(error, TC_NO_MEMORY, "", "no memory");
    }
    t->read = read, t->context = context, t->kind = kind;
    tc_status status = next_line(t, &line, &size, error);
    if (status == TC_OK && !line) status = tc_fail(error, TC_BAD_FORMAT, "", "empty, without a header");
    if (status == TC_OK) {
        read_names(t, line, size);
        t->has_symbol = has(t, SYMBOL);
        status = check_names(t, error);
    }
    if (status == TC_OK) *ticks = t;
    else tc_ticks_close(t);
    return status;
}

void tc_ticks_close(tc_ticks *ticks)
{
    if (ticks) free(ticks->block);
    free(ticks);
}

bool tc_ticks_has_symbol(const tc_ticks *ticks)
{
    return ticks->has_symbol;
}

/* Cells. */

static inline unsigned digit(char c)
{
    return (unsigned)(unsigned char)c - '0';
}

/* Decimals of up to 15 digits are exact in a double, and so is their power of ten:
 * one division rounds once, as strtod() does. Answers where the cell ends, or NULL
 * for a cell that is not as plain as that. */
static inline const char *plain_number(const char *cell, const char *line_end, double *value)
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    enum { EXACT_DIGITS = 15 };
    uint64_t units = 0;
    const char *at = cell, *point = NULL;
    for (; at < line_end; at++) {
        unsigned d = digit(*at);
        if (d <= 9) units = units * 10 + d;
        else if (*at == '.' && !point) point = at;
        else break;
    }
    size_t digits = (size_t)(at - cell) - (point != NULL);
    if (!digits || digits > EXACT_DIGITS || (at < line_end && *at != ',')) return NULL;
    *value = (double)units / power[point ? at - point - 1 : 0];
    return at;
}

static bool read_number(const char *cell, const char *end, double *value)
{
    char text[64], *last;
    if (plain_number(cell, end, value)) return true;
    tc_text trimmed = tc_trim((tc_text){cell, (size_t)(end - cell)});
    if (!trimmed.size || tc_text_is(trimmed, "-") || tc_text_is(trimmed, "NA")) return true; /* stays NAN */
    if (trimmed.size >= sizeof text) return false;
    memcpy(text, trimmed.data, trimmed.size);
    text[trimmed.size] = '\0';
    *value = strtod(text, &last);
    return !*last && isfinite(*value);
}

/* Since 1970, in the unit that the number of digits tells. */
static bool read_count(const char *cell, const char *end, int64_t *micros)
{
    enum { NANOSECOND_DIGITS = 19 };
    uint64_t count = 0;
    const char *at = cell;
    for (; at < end && digit(*at) <= 9 && at - cell <= NANOSECOND_DIGITS; at++) count = count * 10 + digit(*at);
    switch (at - cell) {
    case NANOSECOND_DIGITS: *micros = (int64_t)(count / 1000); break;
    case 16: *micros = (int64_t)count; break;
    case 13: *micros = (int64_t)count * 1000; break;
    case 10: {
        double fraction = 0;
        if (at < end && (*at != '.' || !read_number(at, end, &fraction))) return false;
        *micros = (int64_t)count * 1000000 + llround(fraction * 1e6);
        return true;
    }
    default: return false;
    }
    return at == end;
}

/* hh:mm:ss and the fraction behind it; the end of what was read, or NULL. */
static const char *read_clock(const char *at, const char *end, int64_t *micros)
{
    if (end - at < 8 || at[2] != ':' || at[5] != ':') return NULL;
    unsigned h = digit(at[0]) * 10 + digit(at[1]), m = digit(at[3]) * 10 + digit(at[4]), s = digit(at[6]) * 10 + digit(at[7]);
    if (h > 23 || m > 59 || s > 59 || digit(at[1]) > 9 || digit(at[4]) > 9 || digit(at[7]) > 9) return NULL;
    int64_t fraction = 0, scale = 1000000;
    at += 8;
    if (at < end && *at == '.')
        for (at++; at < end && digit(*at) <= 9; at++) {
            scale /= 10;
            fraction += (int64_t)digit(*at) * scale;
        }
    *micros = ((int64_t)h * 3600 + m * 60 + s) * 1000000 + fraction;
    return at;
}

static bool read_day(tc_ticks *t, const char *cell, size_t size)
{
    if (size == sizeof t->day_text && !memcmp(cell, t->day_text, size)) return true;
    tc_date date;
    if (tc_date_read(&date, cell, size) != TC_OK) return false;
    if (size == sizeof t->day_text) memcpy(t->day_text, cell, size);
    else memset(t->day_text, 0, sizeof t->day_text);
    t->midnight = date.day * TC_DAY_MICROS - TC_IST_MICROS;
    return true;
}

/* The slow and complete way: any zone, hh:mm, what spreadsheets write. */
static bool read_moment(tc_text cell, int64_t *micros, bool *dated)
{
    tc_date date;
    int64_t of_day;
    if (tc_time_read(&date, &of_day, cell.data, cell.size) != TC_OK) return false;
    *dated = date.day >= TC_DATE_MIN;
    *micros = of_day + (*dated ? date.day * TC_DAY_MICROS - TC_IST_MICROS : 0);
    return true;
}

/* yyyy-mm-dd, one byte, hh:mm:ss[.f] of the usual form; else by and by everything else. */
static bool read_time(tc_ticks *t, tc_text cell, int64_t *micros, bool *dated)
{
    enum { DATE_SIZE = 10 };
    const char *end = cell.data + cell.size, *rest;
    *dated = true;
    if (cell.size > DATE_SIZE && cell.data[4] == '-' && (cell.data[DATE_SIZE] == ' ' || cell.data[DATE_SIZE] == 'T') &&
        read_day(t, cell.data, DATE_SIZE) && (rest = read_clock(cell.data + DATE_SIZE + 1, end, micros)) == end) {
        *micros += t->midnight;
        return true;
    }
    if (read_count(cell.data, end, micros)) return true;
    return read_moment(cell, micros, dated);
}

static void refuse(tc_tick_row *row, tc_status status, const char *field)
{
    if (row->status != TC_OK) return;
    row->status = status;
    row->field = field;
}

/* What the cells of a line say of the time, before they are put together. */
struct when {
    int64_t micros;
    bool timed, dated, day;
};

static void read_cell(tc_ticks *t, const struct column *c, const char *at, const char *end, struct when *when)
{
    tc_tick_row *row = &t->row;
    tc_text cell = {at, (size_t)(end - at)};
    switch (c->what) {
    case SKIP: return;
    case TIME:
        when->timed = read_time(t, tc_trim(cell), &when->micros, &when->dated);
        if (!when->timed) refuse(row, TC_BAD_DATE, "time");
        return;
    case DATE:
        cell = tc_trim(cell);
        when->day = read_day(t, cell.data, cell.size);
        if (!when->day) when->timed = read_time(t, cell, &when->micros, &when->dated);
        if (!when->day && !when->timed) refuse(row, TC_BAD_DATE, "date");
        return;
    case SYMBOL: row->symbol = tc_trim(cell); return;
    case SERIES: row->series = tc_trim(cell); return;
    default:
        if (!read_number(at, end, &row->value[c->what - VALUE])) refuse(row, TC_BAD_NUMBER, c->name);
        row->value[c->what - VALUE] *= c->unit;
    }
}

static void set_time(tc_ticks *t, const struct when *when)
{
    tc_tick_row *row = &t->row;
    row->whole_day = !when->timed && t->kind == TC_BARS;
    row->time = when->micros + (when->timed && when->dated ? 0 : t->midnight);
    if (!when->day && !(when->timed && when->dated)) refuse(row, TC_BAD_DATE, "time");
}

/* A price is above 0 and a quantity at least that; what is empty says nothing. */
static void check_values(tc_ticks *t)
{
    tc_tick_row *row = &t->row;
    switch (t->kind) {
    case TC_QUOTES:
        if (row->bid > row->ask) refuse(row, TC_BAD_MARKET, "bid above ask");
        if (row->bid < 0 || row->ask < 0) refuse(row, TC_BAD_MARKET, "price below 0");
        return;
    case TC_TRADES:
        if (!(row->price > 0)) refuse(row, TC_BAD_MARKET, "price");
        if (!(row->quantity >= 0)) refuse(row, TC_BAD_MARKET, "quantity");
        return;
    default:
        if (!(row->low > 0) || !(row->high >= row->low)) refuse(row, TC_BAD_MARKET, "high and low");
        if (!(row->close >= row->low && row->close <= row->high)) refuse(row, TC_BAD_MARKET, "close outside of high and low");
    }
}

/* The cell that begins at `at`; answers where it ends. A plain number is looked at only once. */
static inline const char *read_next(tc_ticks *t, const struct column *c, const char *at, const char *end, struct when *when)
{
    double number;
    const char *stop = c->what >= VALUE ? plain_number(at, end, &number) : NULL;
    if (stop) {
        t->row.value[c->what - VALUE] = number * c->unit;
        return stop;
    }
    for (stop = at; stop < end && *stop != ',';) stop++;
    read_cell(t, c, at, stop, when);
    return stop;
}

static void read_row(tc_ticks *t, const char *line, size_t size)
{
    struct when when = {0};
    const char *end = line + size, *at = line;
    tc_tick_row *row = &t->row;
    row->status = TC_OK;
    row->field = "";
    row->line = t->line;
    for (int i = 0; i < TC_TICK_VALUES; i++) row->value[i] = NAN;
    for (size_t i = 0; i < t->columns; i++) {
        if (at > end) {
            refuse(row, TC_BAD_ROW, "fewer cells than the header");
            return;
        }
        at = read_next(t, &t->column[i], at, end, &when) + 1;
    }
    set_time(t, &when);
    check_values(t);
}

tc_status tc_ticks_next(tc_ticks *ticks, const tc_tick_row **row, tc_error *error)
{
    char *line;
    size_t size;
    tc_status status = next_line(ticks, &line, &size, error);
    *row = NULL;
    if (status != TC_OK || !line) return status;
    read_row(ticks, line, size);
    *row = &ticks->row;
    return TC_OK;
}
