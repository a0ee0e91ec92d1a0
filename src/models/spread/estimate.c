#include <stdlib.h>
#include <string.h>

#include "window.h"

typedef void estimate_fn(tc_spread_estimate *estimate, const tc_window *window);

static estimate_fn *const functions[] = {
    [TC_EDGE] = tc_edge, [TC_OHLC] = tc_open_high_low_close, [TC_CHLO] = tc_close_high_low_open, [TC_OHL] = tc_open_high_low,
    [TC_CHL] = tc_close_high_low, [TC_ROLL] = tc_roll, [TC_CORWIN_SCHULTZ] = tc_corwin_schultz,
    [TC_CORWIN_SCHULTZ_2] = tc_corwin_schultz_2, [TC_ABDI_RANALDO] = tc_abdi_ranaldo, [TC_ABDI_RANALDO_2] = tc_abdi_ranaldo_2};

#define AS_ROW(name, word, needs, least, source) {word, needs, least, source},
static const struct {
    const char *word;
    unsigned needs, least;
    const char *source;
} estimators[] = {TC_SPREAD_ESTIMATORS(AS_ROW)};

const char *tc_spread_estimator_name(tc_spread_estimator estimator)
{
    return (unsigned)estimator < TC_SPREAD_ESTIMATOR_COUNT ? estimators[estimator].word : NULL;
}

const char *tc_spread_estimator_source(tc_spread_estimator estimator)
{
    return (unsigned)estimator < TC_SPREAD_ESTIMATOR_COUNT ? estimators[estimator].source : NULL;
}

unsigned tc_spread_estimator_needs(tc_spread_estimator estimator)
{
    return (unsigned)estimator < TC_SPREAD_ESTIMATOR_COUNT ? estimators[estimator].needs : 0;
}

int tc_spread_estimator_find(const char *name, size_t size)
{
    for (int i = 0; i < TC_SPREAD_ESTIMATOR_COUNT; i++)
        if (strlen(estimators[i].word) == size && !memcmp(estimators[i].word, name, size)) return i;
    return -1;
}

/* The columns in the order of their bits. */
enum { OPEN, HIGH, LOW, CLOSE, PRICES, MIDDLE = PRICES, LOGS };
static const char *const column_names[] = {"open", "high", "low", "close"};

/* One allocation: logarithms of five columns, and room to work in. */
typedef struct {
    double *room;
    tc_window all;
} logarithms;

static tc_status check_row(const double *const column[PRICES], size_t i, tc_error *error)
{
    for (int k = 0; k < PRICES; k++) {
        if (!column[k] || !(column[k][i] == column[k][i]) || (column[k][i] > 0 && column[k][i] < INFINITY)) continue;
        tc_status status = tc_fail(error, TC_BAD_MARKET, column_names[k], "row %zu: %s is %.15g, not a price", i + 1, column_names[k], column[k][i]);
        if (error) error->row = i + 1;
        return status;
    }
    if (!column[HIGH] || !column[LOW] || !(column[HIGH][i] < column[LOW][i])) return TC_OK;
    tc_status status = tc_fail(error, TC_BAD_MARKET, "high", "row %zu: high %.15g is below low %.15g", i + 1, column[HIGH][i], column[LOW][i]);
    if (error) error->row = i + 1;
    return status;
}

/* What is wrong with prices of which something is. */
static tc_status find_bad(tc_error *error, const double *const column[PRICES], size_t count)
{
    tc_status status = TC_OK;
    for (size_t i = 0; !status && i < count; i++) status = check_row(column, i, error);
    return status;
}

static bool are_ranges(const double *high, const double *low, size_t count)
{
    size_t bad = 0;
    for (size_t i = 0; i < count; i++) bad += high[i] < low[i];
    return !bad;
}

/* Some bars at a time, while they are in the processor's nearest memory: whether
 * they can be, and the logarithms of the columns that the estimator works on. */
static bool take_logarithms(double *const log_of[LOGS], const double *const column[PRICES], size_t from, size_t count)
{
    bool sound = true;
    for (int k = 0; k < PRICES; k++) {
        sound = sound && (!column[k] || tc_are_prices(column[k] + from, count));
        for (size_t i = from; log_of[k] && i < from + count; i++) log_of[k][i] = log(column[k][i]);
    }
    for (size_t i = from; log_of[MIDDLE] && i < from + count; i++) log_of[MIDDLE][i] = (log_of[HIGH][i] + log_of[LOW][i]) / 2;
    return sound && (!column[HIGH] || !column[LOW] || are_ranges(column[HIGH] + from, column[LOW] + from, count));
}

static tc_status need_columns(tc_error *error, tc_spread_estimator estimator, const double *const column[PRICES])
{
    for (int k = 0; k < PRICES; k++)
        if (estimators[estimator].needs & 1u << k && !column[k])
            return tc_fail(error, TC_VALUE_NEEDED, column_names[k], "%s needs the column %s", estimators[estimator].word, column_names[k]);
    return TC_OK;
}

/* Of the columns that the estimator needs, and of the close where there is one: it tells whether a bar traded. */
static tc_status prepare(logarithms *logs, tc_error *error, tc_spread_estimator estimator, const tc_ohlc *bars)
{
    enum { SOME = 256 };
    const double *const column[PRICES] = {bars->open, bars->high, bars->low, bars->close};
    size_t n = bars->count;
    bool sound = true;
    tc_status status = need_columns(error, estimator, column);
    if (status) return status;
    double *room = malloc((n ? n : 1) * (LOGS + TC_WINDOW_COLUMNS) * sizeof *room), *log_of[LOGS] = {0};
    if (!room) return tc_fail(error, TC_NO_MEMORY, "", "for %zu bars", n);
    for (int k = 0; k < PRICES; k++)
        if (estimators[estimator].needs & 1u << k || (k == CLOSE && bars->close)) log_of[k] = room + (size_t)k * n;
    if (log_of[HIGH]) log_of[MIDDLE] = room + MIDDLE * n;
    for (size_t from = 0; from < n; from += SOME) sound = take_logarithms(log_of, column, from, n - from < SOME ? n - from : SOME) && sound;
    logs->room = room;
    logs->all = (tc_window){log_of[OPEN], log_of[HIGH], log_of[LOW], log_of[CLOSE], log_of[MIDDLE], n, room + LOGS * n};
    if (sound) return TC_OK;
    free(room);
    return find_bad(error, column, n);
}

static const double *behind(const double *column, size_t from)
{
    return column ? column + from : NULL;
}

static tc_window part_of(const tc_window *all, size_t from, size_t count)
{
    return (tc_window){behind(all->o, from), behind(all->h, from), behind(all->l, from), behind(all->c, from), behind(all->m, from), count, all->room};
}

/* Rounding may leave something like -0; a spread of nothing is plain 0. */
static void finish(tc_spread_estimate *e, bool is_signed)
{
    if (e->s2 == e->s2) e->spread = e->s2 < 0 ? -sqrt(-e->s2) : sqrt(e->s2);
    if (!is_signed || e->spread == 0) e->spread = fabs(e->spread);
}

static void estimate_window(tc_spread_estimate *e, tc_spread_estimator estimator, const tc_window *window, bool is_signed)
{
    *e = (tc_spread_estimate){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (window->count < estimators[estimator].least) return;
    functions[estimator](e, window);
    finish(e, is_signed);
}

tc_status tc_spread_of(tc_spread_estimate *estimate, tc_error *error, tc_spread_estimator estimator, const tc_ohlc *bars, bool is_signed)
{
    logarithms logs;
    tc_spread_estimate found;
    const char *word = estimators[estimator].word;
    tc_status status = prepare(&logs, error, estimator, bars);
    if (status) return status;
    estimate_window(&found, estimator, &logs.all, is_signed);
    free(logs.room);
    if (found.spread == found.spread) {
        *estimate = found;
        return TC_OK;
    }
    if (bars->count < estimators[estimator].least)
        return tc_fail(error, TC_NO_SOLUTION, "", "%s needs %u bars; there are %zu", word, estimators[estimator].least, bars->count);
    return tc_fail(error, TC_NO_SOLUTION, "", "%s: too few of these prices are known, or move, to tell a spread", word);
}

tc_status tc_spread_rolling(double *spread, tc_error *error, tc_spread_estimator estimator, const tc_ohlc *bars, size_t window, bool is_signed)
{
    logarithms logs;
    if (window < estimators[estimator].least)
        return tc_fail(error, TC_OUT_OF_DOMAIN, "window", "window is %zu; %s needs %u bars", window, estimators[estimator].word,
                       estimators[estimator].least);
    tc_status status = prepare(&logs, error, estimator, bars);
    if (status) return status;
    /* Each window anew: sums that only add and subtract drift, and centred ones cannot be carried on. */
    for (size_t i = 0; i < bars->count; i++) {
        tc_spread_estimate found = {.spread = NAN};
        if (i + 1 >= window) {
            tc_window part = part_of(&logs.all, i + 1 - window, window);
            estimate_window(&found, estimator, &part, is_signed);
        }
        spread[i] = found.spread;
    }
    free(logs.room);
    return TC_OK;
}
