#include "kernel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/tape.h"
#include "mode.h"
#include "models/spread/measures.h"
#include "tick_file.h"

enum { LAGS = 100, REPLICATES = 200, REPLICATES_MAX = 10000, SEED = 1 };

/* Fills of one instant are one trade: parts of an order, or in no order that is known. */
typedef struct {
    int64_t time;
    double value, weight, shares; /* weight: shares, or 1 a fill where they are not told */
} instant;

/* Trades as they are met, in the time of trades. */
typedef struct {
    tick_file trades, quotes;
    int64_t lag;
    tc_join join;
    tc_tick_test test;
    double *sign, *mid, *move;
    int64_t *day;
    size_t count, room;
    size_t *day_end, days, day_room;
    double shares, mids;
    uint64_t fills, unmatched;
} meeting;

static void add_fill(instant *at, const tc_tick_row *row)
{
    double weight = row->quantity > 0 ? row->quantity : 1;
    at->value += weight * row->price;
    at->weight += weight;
    at->shares += row->quantity;
}

/* Against the quote that stood before it: one of the same instant may be its own doing. */
static tc_status meet(meeting *m, const instant *at, tc_error *error)
{
    tc_standing now;
    tc_status status = tc_join_at(&m->join, &now, error, at->time - m->lag - 1);
    if (status) return status;
    bool known = now.quote && now.quote->bid > 0 && now.quote->ask >= now.quote->bid;
    double mid = known ? (now.quote->bid + now.quote->ask) / 2 : NAN;
    int sign = tc_lee_ready(&m->test, at->value / at->weight, mid);
    if (!known) {
        m->unmatched++;
        return TC_OK;
    }
    if (m->count == m->room) {
        m->room = m->room ? 2 * m->room : 1024;
        m->sign = need_memory(m->sign, m->room, sizeof *m->sign);
        m->mid = need_memory(m->mid, m->room, sizeof *m->mid);
        m->day = need_memory(m->day, m->room, sizeof *m->day);
    }
    m->sign[m->count] = sign, m->mid[m->count] = mid, m->day[m->count] = tc_day_of_time(at->time);
    m->count++;
    m->shares += at->shares, m->mids += mid;
    return TC_OK;
}

/* `*path`: the file that an error is of. */
static tc_status meet_all(meeting *m, const char **path, tc_error *error)
{
    instant now = {0};
    for (;;) {
        const tc_tick_row *row;
        *path = m->trades.path;
        tc_status status = tick_file_next(&m->trades, &row, error);
        if (status) return status;
        if (row && row->status) continue;
        if (now.weight > 0 && (!row || row->time != now.time)) {
            *path = m->quotes.path;
            status = meet(m, &now, error);
            now = (instant){0};
        }
        if (status || !row) return status;
        now.time = row->time;
        add_fill(&now, row);
        m->fills++;
    }
}

/* What each trade moved the mid until the next one of its day, in place; the last of a day is left out, for nothing shows what it moved. */
static void find_moves(meeting *m)
{
    size_t to = 0;
    m->move = need_memory(NULL, m->count + 1, sizeof *m->move);
    for (size_t t = 0; t < m->count; t++) {
        bool last = t + 1 == m->count || m->day[t + 1] != m->day[t];
        if (!last) {
            m->move[to] = 1e4 * log(m->mid[t + 1] / m->mid[t]);
            m->sign[to++] = m->sign[t];
        } else if (to > (m->days ? m->day_end[m->days - 1] : 0)) {
            NEED_ROOM(m->day_end, m->days, m->day_room);
            m->day_end[m->days++] = to;
        }
    }
}

static tc_status read_meeting(meeting *m, const char **path, tc_error *error)
{
    *path = m->quotes.path;
    tc_status status = tick_file_open(&m->quotes, error, TC_QUOTES);
    if (!status) *path = m->trades.path, status = tick_file_open(&m->trades, error, TC_TRADES);
    if (status) return status;
    tc_join_begin(&m->join, (tc_quote_source){.more = tick_file_quotes, .context = &m->quotes}, TC_REACH_SESSION);
    status = meet_all(m, path, error);
    if (status) return status;
    const char *ours = m->trades.symbol, *theirs = m->quotes.symbol;
    *path = m->trades.path;
    if (*ours && *theirs && strcmp(ours, theirs) != 0) return tc_fail(error, TC_CONTRADICTION, "symbol", "trades of %s, quotes of %s", ours, theirs);
    if (!m->count) return tc_fail(error, TC_MARKET_MISSING, "quotes", "no trade meets a quote");
    find_moves(m);
    return TC_OK;
}

static void close_meeting(meeting *m)
{
    tick_file_close(&m->trades);
    tick_file_close(&m->quotes);
    free(m->sign);
    free(m->mid);
    free(m->move);
    free(m->day);
    free(m->day_end);
}

schedule_options schedule_options_of(const calibrated_kernel *found)
{
    const tc_kernel_schedule *s = &found->kernel.schedule;
    double daily = (double)found->kernel.trades / (double)found->kernel.days;
    if (!s->usable) return (schedule_options){NAN, NAN, NAN};
    return (schedule_options){s->g0 * 1e-4 * found->mid / found->size, s->rate * daily, s->decay};
}

/* With --output and no --format the JSON is wanted there, and the report here. */
static void put_result(cli *c, const calibrated_kernel *found)
{
    bool to_file = c->args.value[OPT_OUTPUT] != NULL;
    sheet_format format = to_file && !c->args.value[OPT_FORMAT] ? FORMAT_JSON : c->format;
    if (format == FORMAT_HTML) put_kernel_page(&c->out.text, found);
    else if (format == FORMAT_JSON || format == FORMAT_NDJSON) put_kernel_json(&c->out.text, format == FORMAT_JSON, found);
    else if (format == FORMAT_TABLE) put_kernel_report(&c->out, found);
    else put_kernel_rows(&c->out, format, found);
    if (!to_file || c->quiet) return;
    output report;
    output_open(&report, NULL);
    put_kernel_report(&report, found);
    output_close(&report);
}

/* --- options --- */

/* delta=0.5 */
static bool read_delta(cli *c, double *delta)
{
    const char *text = c->args.value[OPT_FIX];
    char *end;
    *delta = 1;
    if (!text) return true;
    if (!strncmp(text, "delta=", 6) && text[6]) {
        *delta = strtod(text + 6, &end);
        if (!*end && *delta > 0 && *delta <= 1) return true;
    }
    complain(c, EXIT_USAGE, "--fix: \"%s\": of a propagator only delta is given, above 0 and at most 1: impact goes with that power of the rate", text);
    return false;
}

static bool read_options(cli *c, tc_kernel_options *options)
{
    static const option_id of_orders[] = {OPT_LOSS, OPT_START, OPT_BUCKETS, OPT_STORE};
    unsigned lags = LAGS;
    *options = (tc_kernel_options){.replicates = REPLICATES};
    for (size_t i = 0; i < sizeof of_orders / sizeof *of_orders; i++)
        if (c->args.value[of_orders[i]]) {
            complain(c, EXIT_USAGE, "--loss, --start, --buckets and --store are for models that are fitted to orders");
            return false;
        }
    if (!c->args.value[OPT_QUOTES]) {
        complain(c, EXIT_USAGE, "--quotes is needed: a propagator is about what trades do to the mid");
        return false;
    }
    if (!strcmp(c->args.value[OPT_QUOTES], "-") && !strcmp(c->args.operands[0], "-")) {
        complain(c, EXIT_USAGE, "trades and quotes cannot both be standard input");
        return false;
    }
    if (!read_delta(c, &options->delta) || !option_seed(c, &options->seed, SEED) || !option_count(c, OPT_KERNEL_LAGS, "lags", TC_KERNEL_LAGS_MAX, &lags) ||
        !option_count(c, OPT_BOOTSTRAP, "bootstrap", REPLICATES_MAX, &options->replicates))
        return false;
    options->lags = lags;
    if (lags >= TC_KERNEL_LAGS_LEAST) return true;
    complain(c, EXIT_USAGE, "--lags: %u is below %d", lags, TC_KERNEL_LAGS_LEAST);
    return false;
}

void calibrate_kernel(cli *c)
{
    tc_kernel_options options;
    tc_error error = {0};
    meeting m = {0};
    const char *trades = c->args.operands[0], *quotes = c->args.value[OPT_QUOTES], *path;
    refusals of_quotes = {c, quotes, 0}, of_trades = {c, trades, 0};
    if (!read_options(c, &options) || !option_span(c, OPT_LAG, "--lag", "0s", &m.lag)) return;
    if (!tick_file_begin(&m.quotes, c, quotes, &of_quotes) || !tick_file_begin(&m.trades, c, trades, &of_trades)) return;
    tc_status status = read_meeting(&m, &path, &error);
    refuse_rest(&of_quotes, m.quotes.rows, "and no quote stands at a crossed one");
    refuse_rest(&of_trades, m.trades.rows, "and left out");
    calibrated_kernel found = {.fills = m.fills, .unmatched = m.unmatched, .mid = m.mids / (double)m.count, .size = m.shares / (double)m.count};
    const tc_trade_flow flow = {m.sign, m.move, m.days ? m.day_end[m.days - 1] : 0, m.day_end, m.days};
    if (!status) status = tc_kernel_calibrate(&found.kernel, &error, &options, &flow);
    if (status) complain_file(c, path, status, &error);
    else put_result(c, &found);
    if (!status) tc_kernel_free(&found.kernel);
    close_meeting(&m);
}
