#include <math.h>
#include <stdlib.h>

#include "io/ohlc.h"
#include "spread.h"

void refuse_row(void *context, tc_status status, const tc_error *error)
{
    refusals *r = context;
    if (r->refused++ < REFUSED_SHOWN) complain_at(r->c, EXIT_NO_RESULT, r->path, error->line, "%s: %s", tc_status_code(status), error->message);
    raise_status(r->c, EXIT_NO_RESULT);
}

void refuse_rest(const refusals *r, uint64_t rows, const char *taken)
{
    unsigned long long refused = r->refused;
    if (refused > REFUSED_SHOWN) complain_at(r->c, EXIT_NO_RESULT, r->path, 0, "... and %llu rows more", refused - REFUSED_SHOWN);
    if (refused) remark(r->c, "%s: %llu of %llu rows refused, %s", r->path, refused, (unsigned long long)rows, taken);
}

static const char *estimator_at(const void *context, size_t index)
{
    (void)context;
    return tc_spread_estimator_name((tc_spread_estimator)index);
}

/* --estimator, else EDGE: the most exact of them, and it needs nothing but bars. */
static bool choose_estimator(cli *c, tc_spread_estimator *estimator)
{
    const char *name = c->args.value[OPT_ESTIMATOR];
    int found = name ? tc_spread_estimator_find(name, strlen(name)) : TC_EDGE;
    *estimator = (tc_spread_estimator)found;
    if (found >= 0) return true;
    const char *like = nearest(tc_text_of(name), estimator_at, NULL);
    if (like) complain(c, EXIT_USAGE, "--estimator: unknown word \"%s\"; did you mean %s?", name, like);
    else complain(c, EXIT_USAGE, "--estimator: unknown word \"%s\"; see tradecost spread --help", name);
    return false;
}

/* --window, or 0 without. */
static bool choose_window(cli *c, size_t *window)
{
    const char *text = c->args.value[OPT_WINDOW];
    *window = 0;
    if (!text) return true;
    size_t digits = strspn(text, "0123456789");
    if (digits && digits <= 9 && !text[digits]) *window = strtoul(text, NULL, 10);
    if (*window) return true;
    complain(c, EXIT_USAGE, "--window: bad number: \"%s\" (bars, a whole number)", text);
    return false;
}

static void put_one(cli *c, const char *path, tc_spread_estimator estimator, const tc_ohlc *bars)
{
    static const sheet_column columns[] = {{"estimator", false}, {"bars", true}, {"spread", true}};
    sheet s;
    tc_error error;
    tc_spread_estimate estimate = {.spread = NAN};
    tc_status status = tc_spread_of(&estimate, &error, estimator, bars, c->args.value[OPT_SIGNED] != NULL);
    if (status == TC_VALUE_NEEDED) {
        complain_at(c, EXIT_FAILED, path, 1, "%s: %s", tc_status_code(TC_BAD_FORMAT), error.message);
        return;
    }
    if (status) complain_at(c, exit_status_of(status), path, 0, "%s: %s", tc_status_code(status), error.message);
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    sheet_string(&s, tc_spread_estimator_name(estimator));
    sheet_real(&s, (double)bars->count);
    sheet_real(&s, estimate.spread);
    sheet_end_row(&s);
    sheet_close(&s);
}

static void put_rows(cli *c, const tc_ohlc_file *file, const double *spread)
{
    const sheet_column timed[] = {{"row", true}, {file->time_name, false}, {"spread", true}};
    const sheet_column untimed[] = {{"row", true}, {"spread", true}};
    sheet s;
    sheet_open(&s, &c->out, c->format, file->time_name ? timed : untimed, file->time_name ? 3 : 2);
    for (size_t i = 0; i < file->bars.count; i++) {
        sheet_real(&s, (double)(i + 1));
        if (file->time_name) sheet_text(&s, tc_ohlc_time(file, i));
        sheet_real(&s, spread[i]);
        sheet_end_row(&s);
    }
    sheet_close(&s);
}

static bool any_known(const double *spread, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isnan(spread[i])) return true;
    return false;
}

static void put_rolling(cli *c, const char *path, tc_spread_estimator estimator, const tc_ohlc_file *file, size_t window)
{
    tc_error error;
    double *spread = need_memory(NULL, file->bars.count + 1, sizeof *spread);
    tc_status status = tc_spread_rolling(spread, &error, estimator, &file->bars, window, c->args.value[OPT_SIGNED] != NULL);
    if (status == TC_OUT_OF_DOMAIN) complain(c, EXIT_USAGE, "--%s", error.message);
    else if (status) complain_at(c, EXIT_FAILED, path, status == TC_VALUE_NEEDED, "%s: %s", tc_status_code(TC_BAD_FORMAT), error.message);
    else put_rows(c, file, spread);
    if (!status && !any_known(spread, file->bars.count))
        complain_at(c, EXIT_NO_RESULT, path, 0, "%s: no window of %zu bars tells a spread", tc_status_code(TC_NO_SOLUTION), window);
    free(spread);
}

static void spread_of_bars(cli *c, const char *path)
{
    tc_spread_estimator estimator;
    size_t window;
    tc_error error = {0};
    tc_ohlc_file file;
    refusals refused = {c, path, 0};
    if (!choose_estimator(c, &estimator) || !choose_window(c, &window)) return;
    tc_status status = tc_ohlc_read(&file, &error, path, window != 0, refuse_row, &refused);
    if (status) {
        complain_file(c, path, status, &error);
        return;
    }
    refuse_rest(&refused, file.bars.count, "and taken for missing");
    if (window) put_rolling(c, path, estimator, &file, window);
    else put_one(c, path, estimator, &file.bars);
    tc_ohlc_free(&file);
}

/* Whether nothing was given that only the other half would heed. */
static bool is_heeded(cli *c, const char *half, const option_id *other, size_t count)
{
    option found;
    for (size_t i = 0; option_at(c, i, &found); i++)
        for (size_t k = 0; k < count; k++) {
            if (found.field >= 0 || found.id != other[k] || !c->args.value[found.id]) continue;
            complain(c, EXIT_USAGE, "--%s means nothing %s", found.name, half);
            return false;
        }
    return true;
}

void run_spread(cli *c)
{
    static const option_id of_bars[] = {OPT_ESTIMATOR, OPT_WINDOW, OPT_SIGNED}, of_ticks[] = {OPT_LAG, OPT_REALISED_AFTER};
    bool ticks = c->args.value[OPT_QUOTES] || c->args.value[OPT_TRADES], bars = c->args.operand_count;
    if (ticks == bars) {
        complain(c, EXIT_USAGE, "usage: tradecost spread [options] FILE, or --quotes FILE --trades FILE");
    } else if (ticks) {
        if (is_heeded(c, "with quotes and trades", of_bars, sizeof of_bars / sizeof *of_bars)) spread_of_trades(c);
    } else if (c->args.order.field[TC_F_SYMBOL].size) {
        complain(c, EXIT_USAGE, "--symbol means nothing with a file of bars");
    } else if (is_heeded(c, "with a file of bars", of_ticks, sizeof of_ticks / sizeof *of_ticks)) {
        spread_of_bars(c, c->args.operands[0]);
    }
}
