#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/ticks.h"
#include "given.h"
#include "models/spread/measures.h"
#include "spread.h"
#include "text/input.h"

#define STANDARD_AFTER "5m"

enum { CHUNK = 1024, SYMBOL_SIZE = 65 };

/* A file of ticks of one security, in order of time. */
typedef struct {
    const char *path;
    tc_input input;
    tc_ticks *ticks;
    refusals *refused;        /* NULL: another reader of the same file says it */
    tc_text wanted;           /* --symbol; empty: whichever, but one only */
    char symbol[SYMBOL_SIZE]; /* the one met first */
    int64_t last;
    uint64_t rows;
    tc_quote_tick *chunk;
} tick_file;

static tc_status open_ticks(tick_file *f, tc_error *error, tc_tick_kind kind)
{
    tc_status status = tc_input_open(&f->input, error, f->path);
    if (status) return status;
    status = tc_ticks_open(&f->ticks, error, kind, tc_input_read, &f->input);
    f->last = INT64_MIN;
    if (!status && f->wanted.size && !tc_ticks_has_symbol(f->ticks))
        status = tc_fail(error, TC_BAD_FORMAT, "symbol", "--symbol chooses, but there is no column symbol");
    if (status) tc_input_close(&f->input);
    return status;
}

static void close_ticks(tick_file *f)
{
    if (f->ticks) tc_input_close(&f->input);
    tc_ticks_close(f->ticks);
    free(f->chunk);
}

/* Whether a row is of the security asked for; two of them without asking is an error. */
static tc_status take_symbol(tick_file *f, const tc_tick_row *row, bool *taken, tc_error *error)
{
    *taken = true;
    if (!row->symbol.size) return TC_OK;
    if (f->wanted.size) {
        *taken = row->symbol.size == f->wanted.size && tc_text_begins(row->symbol, f->symbol);
        return TC_OK;
    }
    if (!*f->symbol) snprintf(f->symbol, sizeof f->symbol, "%.*s", (int)row->symbol.size, row->symbol.data);
    if (tc_text_same(row->symbol, f->symbol) || row->symbol.size >= SYMBOL_SIZE) return TC_OK;
    tc_status status = tc_fail(error, TC_VALUE_NEEDED, "symbol", "both %s and %.*s are here; choose with --symbol", f->symbol,
                               (int)(row->symbol.size < 64 ? row->symbol.size : 64), row->symbol.data);
    if (error) error->line = row->line;
    return status;
}

static void say_refused(tick_file *f, const tc_tick_row *row)
{
    tc_error error = {.line = row->line};
    bool is_name = row->status == TC_BAD_NUMBER; /* then the field has all names of the column */
    if (!f->refused) return;
    snprintf(error.message, sizeof error.message, "%.*s", is_name ? (int)strcspn(row->field, " ") : 80, row->field);
    refuse_row(f->refused, row->status, &error);
}

/* The next row of the security that says something; NULL after the last. A book
 * that is crossed comes too, with its status: it makes the one before it past. */
static tc_status next_tick(tick_file *f, const tc_tick_row **row, tc_error *error)
{
    for (;;) {
        bool taken;
        tc_status status = tc_ticks_next(f->ticks, row, error);
        if (status || !*row) return status;
        const tc_tick_row *at = *row;
        status = take_symbol(f, at, &taken, error);
        if (status) return status;
        if (!taken) continue;
        f->rows++;
        if (at->status) say_refused(f, at);
        if (at->status && at->status != TC_BAD_MARKET) continue;
        if (at->time < f->last) {
            status = tc_fail(error, TC_BAD_MARKET, "time", "its time is before that of the row above; sort the file by time");
            if (error) error->line = at->line;
            return status;
        }
        f->last = at->time;
        return TC_OK;
    }
}

/* A tc_quote_source. */
static tc_status more_quotes(void *context, const tc_quote_tick **tick, size_t *count, tc_error *error)
{
    tick_file *f = context;
    for (*count = 0; *count < CHUNK; ++*count) {
        const tc_tick_row *row;
        tc_status status = next_tick(f, &row, error);
        if (status) return status;
        if (!row) break;
        f->chunk[*count] = (tc_quote_tick){row->time, row->bid, row->ask, row->bid_quantity, row->ask_quantity};
        if (row->status) f->chunk[*count].bid = f->chunk[*count].ask = NAN;
    }
    *tick = f->chunk;
    return TC_OK;
}

typedef struct {
    tick_file now, then, trades;
    int64_t lag, after;
    uint64_t matched;
    tc_measure_means means;
} measuring;

static void put_means(cli *c, const measuring *m)
{
    enum { BEFORE = 5 };
    sheet_column columns[BEFORE + TC_MEASURE_COUNT] = {
        {"trades", true}, {"matched", true}, {"followed", true}, {"lag_seconds", true}, {"realised_after_seconds", true}};
    sheet s;
    for (int i = 0; i < TC_MEASURE_COUNT; i++) columns[BEFORE + i] = (sheet_column){tc_measure_name((tc_measure)i), true};
    sheet_open(&s, &c->out, c->format, columns, BEFORE + TC_MEASURE_COUNT);
    sheet_real(&s, (double)(m->trades.rows - m->trades.refused->refused));
    sheet_real(&s, (double)m->matched);
    sheet_real(&s, (double)m->means.count[TC_E_REALISED]);
    sheet_real(&s, (double)m->lag / 1e6);
    sheet_real(&s, (double)m->after / 1e6);
    for (int i = 0; i < TC_MEASURE_COUNT; i++) sheet_real(&s, tc_measure_mean(&m->means, (tc_measure)i));
    sheet_end_row(&s);
    sheet_close(&s);
}

/* Says of which file an error is: the measurer's own come from the quotes. */
static tc_status measure_all(measuring *m, const char **path, tc_error *error)
{
    tc_measurer measurer;
    tc_measurer_begin(&measurer, (tc_quote_source){.more = more_quotes, .context = &m->now},
                      (tc_quote_source){.more = more_quotes, .context = &m->then}, m->lag, m->after);
    for (;;) {
        const tc_tick_row *row;
        tc_measured measured;
        bool known;
        *path = m->trades.path;
        tc_status status = next_tick(&m->trades, &row, error);
        if (status || !row) return status;
        if (row->status) continue;
        *path = m->now.path;
        status = tc_measurer_next(&measurer, &measured, &known, error, &(tc_trade_tick){row->time, row->price, row->quantity});
        if (status) return status;
        if (!known) continue; /* a mean of all measures is over the same trades */
        m->matched++;
        tc_measure_add(&m->means, &measured);
    }
}

/* Reads what is left of the quotes, so that every bad row of the file is named. */
static tc_status read_out(measuring *m, tc_error *error)
{
    const tc_tick_row *row;
    tc_status status;
    do status = next_tick(&m->now, &row, error);
    while (!status && row);
    return status;
}

static bool same_security(const measuring *m)
{
    return !*m->now.symbol || !*m->trades.symbol || tc_text_same(tc_text_of(m->now.symbol), m->trades.symbol);
}

static void measure(cli *c, measuring *m)
{
    tc_error error = {0};
    const char *path = m->now.path;
    tc_status status = open_ticks(&m->now, &error, TC_QUOTES);
    if (!status) status = open_ticks(&m->then, &error, TC_QUOTES);
    if (!status) path = m->trades.path, status = open_ticks(&m->trades, &error, TC_TRADES);
    if (!status) status = measure_all(m, &path, &error);
    if (!status) path = m->now.path, status = read_out(m, &error);
    refuse_rest(m->now.refused, m->now.rows, "and no quote stands at a crossed one");
    refuse_rest(m->trades.refused, m->trades.rows, "and left out");
    if (status) {
        complain_file(c, path, status, &error);
        return;
    }
    if (!same_security(m)) {
        complain_at(c, EXIT_NO_RESULT, m->trades.path, 0, "%s: trades of %s, quotes of %s", tc_status_code(TC_CONTRADICTION), m->trades.symbol, m->now.symbol);
        return;
    }
    if (!m->matched) complain_at(c, EXIT_NO_RESULT, m->trades.path, 0, "%s: no trade meets a quote", tc_status_code(TC_MARKET_MISSING));
    put_means(c, m);
}

static bool read_span(cli *c, option_id id, const char *name, const char *standard, int64_t *micros)
{
    const char *text = c->args.value[id] ? c->args.value[id] : standard;
    double minutes;
    if (!given_duration(c, name, text, 0, &minutes)) return false;
    *micros = minutes >= 0 && minutes <= TC_SESSION_MINUTES ? llround(minutes * 60e6) : -1;
    if (*micros >= 0) return true;
    complain(c, EXIT_USAGE, "%s: \"%s\" is not from 0s to a session of 375m", name, text);
    return false;
}

void spread_of_trades(cli *c)
{
    const char *quotes = c->args.value[OPT_QUOTES], *trades = c->args.value[OPT_TRADES];
    tc_text symbol = c->args.order.field[TC_F_SYMBOL];
    measuring m = {0};
    if (!quotes || !trades) {
        complain(c, EXIT_USAGE, "--quotes and --trades need one another");
        return;
    }
    if (!strcmp(quotes, "-")) {
        complain(c, EXIT_USAGE, "--quotes must be a file: it is read twice at a time");
        return;
    }
    if (symbol.size >= SYMBOL_SIZE) {
        complain(c, EXIT_USAGE, "--symbol: longer than 64 bytes");
        return;
    }
    if (!read_span(c, OPT_LAG, "--lag", "0s", &m.lag)) return;
    if (!read_span(c, OPT_REALISED_AFTER, "--realised-after", STANDARD_AFTER, &m.after)) return;
    refusals of_quotes = {c, quotes, 0}, of_trades = {c, trades, 0};
    m.now = (tick_file){.path = quotes, .refused = &of_quotes, .wanted = symbol, .chunk = need_memory(NULL, CHUNK, sizeof *m.now.chunk)};
    m.then = (tick_file){.path = quotes, .wanted = symbol, .chunk = need_memory(NULL, CHUNK, sizeof *m.then.chunk)};
    m.trades = (tick_file){.path = trades, .refused = &of_trades, .wanted = symbol};
    tick_file *const files[] = {&m.now, &m.then, &m.trades};
    for (size_t i = 0; i < 3; i++) snprintf(files[i]->symbol, SYMBOL_SIZE, "%.*s", (int)symbol.size, symbol.size ? symbol.data : "");
    measure(c, &m);
    for (size_t i = 0; i < 3; i++) close_ticks(files[i]);
}
