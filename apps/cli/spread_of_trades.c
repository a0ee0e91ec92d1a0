#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "given.h"
#include "models/spread/measures.h"
#include "tick_file.h"

#define STANDARD_AFTER "5m"

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
    tc_measurer_begin(&measurer, (tc_quote_source){.more = tick_file_quotes, .context = &m->now},
                      (tc_quote_source){.more = tick_file_quotes, .context = &m->then}, m->lag, m->after);
    for (;;) {
        const tc_tick_row *row;
        tc_measured measured;
        bool known;
        *path = m->trades.path;
        tc_status status = tick_file_next(&m->trades, &row, error);
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
    do status = tick_file_next(&m->now, &row, error);
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
    tc_status status = tick_file_open(&m->now, &error, TC_QUOTES);
    if (!status) status = tick_file_open(&m->then, &error, TC_QUOTES);
    if (!status) path = m->trades.path, status = tick_file_open(&m->trades, &error, TC_TRADES);
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

bool option_span(cli *c, option_id id, const char *name, const char *standard, int64_t *micros)
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
    measuring m = {0};
    if (!quotes || !trades) {
        complain(c, EXIT_USAGE, "--quotes and --trades need one another");
        return;
    }
    if (!strcmp(quotes, "-")) {
        complain(c, EXIT_USAGE, "--quotes must be a file: it is read twice at a time");
        return;
    }
    if (!option_span(c, OPT_LAG, "--lag", "0s", &m.lag)) return;
    if (!option_span(c, OPT_REALISED_AFTER, "--realised-after", STANDARD_AFTER, &m.after)) return;
    refusals of_quotes = {c, quotes, 0}, of_trades = {c, trades, 0};
    if (!tick_file_begin(&m.now, c, quotes, &of_quotes) || !tick_file_begin(&m.then, c, quotes, NULL)) return;
    if (!tick_file_begin(&m.trades, c, trades, &of_trades)) return;
    measure(c, &m);
    tick_file_close(&m.now);
    tick_file_close(&m.then);
    tick_file_close(&m.trades);
}
