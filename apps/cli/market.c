#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "depth.h"
#include "market/store/import.h"
#include "market/store/store.h"
#include "mode.h"
#include "progress.h"
#include "text/input.h"

enum { REFUSALS_SHOWN = 100 };

static bool open_store(cli *c, tc_store **store, bool read_only)
{
    tc_error error = {0};
    tc_status status = tc_store_open(store, &error, c->args.value[OPT_STORE], read_only);
    if (status) complain(c, exit_status_of(status), "%s: %s", tc_status_code(status), error.message);
    return !status;
}

/* Symbols are kept in capitals. */
static tc_text in_capitals(char *to, size_t size, tc_text text)
{
    size_t kept = text.size < size ? text.size : size;
    for (size_t i = 0; i < kept; i++) to[i] = text.data[i] >= 'a' && text.data[i] <= 'z' ? (char)(text.data[i] - 32) : text.data[i];
    return (tc_text){to, kept};
}

/* --- import --- */

typedef struct {
    cli *c;
    const char *file;
    uint64_t refused;
} refusals;

static void refuse(void *context, uint32_t line, const char *message)
{
    refusals *r = context;
    raise_status(r->c, EXIT_NO_RESULT);
    if (r->refused++ < REFUSALS_SHOWN) complain_at(r->c, EXIT_NO_RESULT, r->file, line, "%s", message);
}

typedef struct {
    tc_input input;
    uint64_t reads;
} watched_input;

static ptrdiff_t read_watched(void *context, void *bytes, size_t size)
{
    watched_input *w = context;
    if (++w->reads % 16 == 0) progress_show(w->input.bytes, w->input.bytes_total, 0);
    return tc_input_read(&w->input, bytes, size);
}

static bool parse_options(cli *c, tc_parse_options *options)
{
    const tc_text *field = c->args.order.field;
    const char *bar_time = c->args.value[OPT_BAR_TIME];
    *options = (tc_parse_options){.exchange = field[TC_F_EXCHANGE], .symbol = field[TC_F_SYMBOL], .series = field[TC_F_SERIES],
                                  .today = c->context.today, .has_date = field[TC_F_DATE].size > 0};
    if (bar_time) options->bar_time = !strcmp(bar_time, "start") ? TC_BAR_TIME_START : TC_BAR_TIME_END;
    return !options->has_date || option_date(c, "--date", field[TC_F_DATE], &options->date);
}

static tc_status import_file(cli *c, tc_store *store, const tc_parse_options *options, const char *file, tc_import_report *report, tc_error *error)
{
    refusals r = {c, strcmp(file, "-") ? file : "standard input", 0};
    watched_input w = {0};
    memset(report, 0, sizeof *report);
    tc_status status = tc_input_open(&w.input, error, file);
    if (status) return status;
    status = tc_input_unzip(&w.input, error, file);
    if (!status) status = tc_store_import(store, report, error, read_watched, &w, options, refuse, &r);
    tc_input_close(&w.input);
    progress_clear();
    if (r.refused > REFUSALS_SHOWN)
        complain_at(c, EXIT_NO_RESULT, r.file, 0, "%llu more refused", (unsigned long long)(r.refused - REFUSALS_SHOWN));
    return status;
}

static void put_date(sheet *s, bool known, tc_date date)
{
    char text[TC_DATE_TEXT_SIZE] = "";
    if (known) tc_date_format(text, date);
    sheet_string(s, text);
}

static void put_report(sheet *s, const char *file, const tc_import_report *report, bool done)
{
    static const char *const labels[] = {"", "start", "end"};
    char bars[40] = "";
    if (report->bar_seconds) snprintf(bars, sizeof bars, "%u s, times of the %s", report->bar_seconds, labels[report->bar_time]);
    sheet_string(s, file);
    sheet_string(s, report->format ? report->format : "");
    put_date(s, report->has_days, report->first);
    put_date(s, report->has_days, report->last);
    sheet_count(s, report->rows);
    sheet_count(s, report->added);
    sheet_count(s, report->changed);
    sheet_count(s, report->same);
    sheet_count(s, report->refused);
    sheet_string(s, bars);
    sheet_string(s, !done ? "nothing kept" : report->added || report->changed ? "" : "nothing new");
    sheet_end_row(s);
}

void run_market_import(cli *c)
{
    static const sheet_column columns[] = {{"file", false}, {"format", false}, {"first", false}, {"last", false}, {"rows", true}, {"new", true},
                                           {"changed", true}, {"same", true}, {"refused", true}, {"bars", false}, {"remark", false}};
    tc_parse_options options;
    tc_store *store;
    sheet s;
    if (!parse_options(c, &options) || !open_store(c, &store, false)) return;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < c->args.operand_count; i++) {
        const char *file = c->args.operands[i];
        tc_import_report report;
        tc_error error = {0};
        tc_status status = import_file(c, store, &options, file, &report, &error);
        if (status) complain_file(c, file, status, &error);
        put_report(&s, file, &report, !status);
    }
    sheet_close(&s);
    tc_store_close(store);
}

/* --- show --- */

static const sheet_column show_columns[] = {{"field", false}, {"value", true}, {"unit", false}, {"window", false}, {"meaning", false}};

static void put_text(sheet *s, const char *field, const char *value, const char *unit, const char *window, const char *meaning)
{
    sheet_string(s, field);
    sheet_string(s, value);
    sheet_string(s, unit);
    sheet_string(s, window);
    sheet_string(s, meaning);
    sheet_end_row(s);
}

static void put_real(sheet *s, const char *field, double value, const char *unit, const char *window, const char *meaning)
{
    sheet_string(s, field);
    sheet_real(s, value);
    sheet_string(s, unit);
    sheet_string(s, window);
    sheet_string(s, meaning);
    sheet_end_row(s);
}

static void put_fields(sheet *s, const tc_market *market)
{
#define AS_MEANING(field, name, unit, meaning) meaning,
    static const char *const meanings[] = {TC_MARKET_FIELDS(AS_MEANING)};
#undef AS_MEANING
    for (int i = 0; i < TC_M_COUNT; i++) {
        char window[32] = "";
        if (i == TC_M_ADV && market->adv_days) snprintf(window, sizeof window, "%u sessions", market->adv_days);
        if (i == TC_M_VOLATILITY && market->volatility_days) snprintf(window, sizeof window, "%u returns", market->volatility_days);
        put_real(s, tc_market_name((tc_market_field)i), market->value[i], tc_market_unit((tc_market_field)i), window, meanings[i]);
    }
}

/* What has been done of the day by each hour of the session. */
static void put_curve(sheet *s, const char *name, tc_curve curve, const char *meaning)
{
    tc_buffer text = {0};
    for (int minute = 45; curve.count && minute <= TC_SESSION_MINUTES; minute += minute == 345 ? 30 : 60)
        buffer_print(&text, "%s%02d:%02d %.1f%%", text.size ? " " : "", (TC_SESSION_OPENS_MINUTE + minute) / 60,
                     (TC_SESSION_OPENS_MINUTE + minute) % 60, tc_curve_at(curve, minute) * 100);
    buffer_char(&text, '\0');
    put_text(s, name, text.failed ? "" : text.data, "", "", meaning);
    tc_buffer_free(&text);
}

static void put_flags(sheet *s, uint32_t flags)
{
#define AS_WORD(name, word, meaning) {name, word},
    static const struct { uint32_t flag; const char *word; } words[] = {TC_MARKET_FLAGS(AS_WORD)};
#undef AS_WORD
    tc_buffer text = {0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (flags & words[i].flag) buffer_print(&text, "%s%s", text.size ? " " : "", words[i].word);
    buffer_char(&text, '\0');
    put_text(s, "flags", text.failed ? "" : text.data, "", "", "remarks on how it was come by");
    tc_buffer_free(&text);
}

static void put_time(sheet *s, int64_t time)
{
    enum { SECONDS_OF_ZONE = 19800 };
    if (time == INT64_MIN) {
        put_text(s, "time", "", "India", "", "the moment that all this was known at");
        return;
    }
    int64_t india = time / 1000000 + SECONDS_OF_ZONE;
    tc_moment moment = {.has_date = true, .has_time = true, .date = tc_date_in_ist(time / 1000000)};
    char text[TC_MOMENT_TEXT_SIZE];
    moment.micros = (india - moment.date.day * INT64_C(86400)) * 1000000 + time % 1000000;
    tc_moment_format(text, &moment);
    put_text(s, "time", text, "India", "", "the moment that all this was known at");
}

static void put_exchange_volatility(cli *c, sheet *s, tc_store *store, const tc_security *which, int64_t at)
{
    tc_date day;
    double daily, annual;
    char text[TC_DATE_TEXT_SIZE] = "";
    tc_error error;
    if (tc_store_volatility(store, &day, &daily, &annual, &error, which, at) != TC_OK) return;
    (void)c;
    if (tc_is_known(daily)) tc_date_format(text, day);
    put_real(s, "exchange_volatility", daily, "a day", text, "NSE's own (CMVOLT), exponentially weighted with 0.995");
    put_real(s, "exchange_volatility_annual", annual, "a year", text, "the same times the root of 365");
}

/* As --bids and --asks take it. */
static void put_levels(sheet *s, const char *name, const tc_depth *level, size_t count, const char *meaning)
{
    tc_buffer text = {0};
    depth_write(&text, level, count);
    buffer_char(&text, '\0');
    put_text(s, name, text.failed ? "" : text.data, "rupees x shares", "", meaning);
    tc_buffer_free(&text);
}

/* `store` may be NULL: another provider told it. */
static void put_market(cli *c, tc_store *store, const tc_market *market, const tc_security *which, int64_t at)
{
    sheet s;
    sheet_open(&s, &c->out, c->format, show_columns, sizeof show_columns / sizeof *show_columns);
    put_time(&s, market->time);
    put_text(&s, "session", tc_session_name(market->session), "", "", "what the exchange's clock said; it does not know holidays");
    put_fields(&s, market);
    put_curve(&s, "volume_curve", market->volume_curve, "of the day's volume, done by");
    put_curve(&s, "variance_curve", market->variance_curve, "of the day's variance, done by");
    put_levels(&s, "bids", market->bid, market->bid_levels, "the book, best first");
    put_levels(&s, "asks", market->ask, market->ask_levels, "the book, best first");
    if (store) put_exchange_volatility(c, &s, store, which, at);
    put_flags(&s, market->flags);
    put_text(&s, "source", market->source, "", "", "who says so");
    sheet_close(&s);
}

static const char *listed_symbol(const void *context, size_t index)
{
    const tc_store_entry *entry = context;
    return *entry[index].symbol ? entry[index].symbol : NULL;
}

static void complain_unknown(cli *c, tc_store *store, const tc_security *which, tc_status status, const tc_error *error)
{
    tc_store_entry *entries = NULL;
    size_t count = 0;
    const char *like = NULL;
    if (status == TC_MARKET_MISSING && tc_store_list(store, &entries, &count, NULL) == TC_OK) {
        tc_store_entry *ended = realloc(entries, (count + 1) * sizeof *entries);
        if (ended) {
            entries = ended;
            memset(&entries[count], 0, sizeof *entries);
            like = nearest(which->symbol, listed_symbol, entries);
        }
    }
    bool listed = like && tc_text_is(which->symbol, like), unknown = status == TC_MARKET_MISSING && !listed;
    complain(c, exit_status_of(status), "%s: %s%s%s%s", tc_status_code(status), error->message,
             !unknown ? "" : like ? "; did you mean " : "; see tradecost market list", unknown && like ? like : "", unknown && like ? "?" : "");
    free(entries);
}

/* What somebody else than the store says, or nobody but chance. */
static void show_provider(cli *c, const tc_security *which)
{
    market_source source;
    tc_market market;
    tc_error error = {0};
    if (!market_open(c, &source)) return;
    tc_status status = market_ask(&source, &market, &error, which);
    if (status) complain_market(c, which, status, &error);
    else put_market(c, NULL, &market, which, source.at);
    market_close(&source);
}

void run_market_show(cli *c)
{
    char symbol[80], exchange[24], series[24], isin[24];
    const tc_text *field = c->args.order.field;
    const tc_security which = {.symbol = in_capitals(symbol, sizeof symbol, tc_text_of(c->args.operand_count ? c->args.operands[0] : "")),
                               .exchange = in_capitals(exchange, sizeof exchange, field[TC_F_EXCHANGE]),
                               .series = in_capitals(series, sizeof series, field[TC_F_SERIES]), .isin = in_capitals(isin, sizeof isin, field[TC_F_ISIN])};
    const tc_store_options options = {.with_short_sessions = c->args.value[OPT_SHORT_SESSIONS] != NULL};
    tc_store *store;
    tc_market market;
    tc_error error = {0};
    int64_t at;
    if (!which.symbol.size && !which.isin.size) {
        complain(c, EXIT_USAGE, "give a SYMBOL or --isin");
        return;
    }
    if (c->args.value[OPT_MODE] || c->args.value[OPT_PROVIDER] || c->args.value[OPT_SEED]) {
        show_provider(c, &which);
        return;
    }
    if (!option_at_time(c, &at) || !open_store(c, &store, true)) return;
    tc_status status = tc_store_market(store, &market, &error, &which, at, &options);
    if (status) complain_unknown(c, store, &which, status, &error);
    else put_market(c, store, &market, &which, at);
    tc_store_close(store);
}

/* --- list --- */

static bool is_asked(const cli *c, const tc_store_entry *entry)
{
    char symbol[80];
    for (size_t i = 0; i < c->args.operand_count; i++)
        if (tc_text_is(in_capitals(symbol, sizeof symbol, tc_text_of(c->args.operands[i])), entry->symbol)) return true;
    return !c->args.operand_count;
}

static void put_entry(sheet *s, const tc_store_entry *entry)
{
    bool any = entry->days || entry->bars || entry->quotes || entry->trades;
    sheet_string(s, entry->exchange);
    sheet_string(s, entry->symbol);
    sheet_string(s, entry->series);
    sheet_count(s, entry->days);
    sheet_count(s, entry->bars);
    sheet_count(s, entry->quotes);
    sheet_count(s, entry->trades);
    put_date(s, any, entry->first);
    put_date(s, any, entry->last);
    sheet_end_row(s);
}

void run_market_list(cli *c)
{
    static const sheet_column columns[] = {{"exchange", false}, {"symbol", false}, {"series", false}, {"days", true}, {"bars", true},
                                           {"quotes", true}, {"trades", true}, {"first", false}, {"last", false}};
    tc_store *store;
    tc_store_entry *entries;
    size_t count;
    tc_error error = {0};
    sheet s;
    if (!open_store(c, &store, true)) return;
    tc_status status = tc_store_list(store, &entries, &count, &error);
    if (status) {
        complain(c, exit_status_of(status), "%s: %s", tc_status_code(status), error.message);
    } else {
        sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
        for (size_t i = 0; i < count; i++)
            if (is_asked(c, &entries[i])) put_entry(&s, &entries[i]);
        sheet_close(&s);
        free(entries);
    }
    tc_store_close(store);
}
