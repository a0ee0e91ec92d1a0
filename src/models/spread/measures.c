#include "measures.h"

#include <math.h>

#define AS_NAME(name, word, unit, formula) word,
static const char *const names[] = {TC_MEASURES(AS_NAME)};

const char *tc_measure_name(tc_measure measure)
{
    return (unsigned)measure < TC_MEASURE_COUNT ? names[measure] : NULL;
}

int tc_lee_ready(tc_tick_test *test, double price, double mid)
{
    if (test->price > 0 && price != test->price) test->direction = price > test->price ? 1 : -1;
    test->price = price;
    if (price > mid) return 1;
    if (price < mid) return -1;
    return test->direction < 0 ? -1 : 1;
}

void tc_measure_trade(tc_measured *m, double price, const tc_quote_tick *quote, double later, int direction)
{
    double mid = (quote->bid + quote->ask) / 2, quoted = quote->ask - quote->bid, d = direction;
    double effective = 2 * d * (price - mid), realised = 2 * d * (price - later), impact = d * (later - mid);
    bool sized = quote->bid_quantity > 0 && quote->ask_quantity > 0;
    double size = sized ? log(quote->ask_quantity) + log(quote->bid_quantity) : NAN;
    double slope = size != 0 ? quoted / size : NAN;
    *m = (tc_measured){{[TC_E_MIDPOINT] = mid, [TC_E_DIRECTION] = d, [TC_E_QUOTED] = quoted, [TC_E_EFFECTIVE] = effective,
                        [TC_E_REALISED] = realised, [TC_E_IMPACT] = impact, [TC_E_RELATIVE_QUOTED] = quoted / mid,
                        [TC_E_RELATIVE_EFFECTIVE] = effective / mid, [TC_E_RELATIVE_REALISED] = realised / mid,
                        [TC_E_RELATIVE_IMPACT] = impact / mid, [TC_E_LOG_QUOTED] = log(quote->ask / quote->bid),
                        [TC_E_LOG_SIZE] = size, [TC_E_SLOPE] = slope}};
}

void tc_measurer_begin(tc_measurer *m, tc_quote_source now, tc_quote_source then, int64_t lag, int64_t after)
{
    *m = (tc_measurer){.lag = lag, .after = after};
    tc_join_begin(&m->now, now, TC_REACH_SESSION);
    tc_join_begin(&m->then, then, TC_REACH_SESSION);
}

/* A book with both sides, the better one below. */
static bool is_book(const tc_quote_tick *quote)
{
    return quote && quote->bid > 0 && quote->ask >= quote->bid;
}

tc_status tc_measurer_next(tc_measurer *m, tc_measured *measured, bool *known, tc_error *error, const tc_trade_tick *trade)
{
    tc_standing now, then;
    tc_status status = tc_join_at(&m->now, &now, error, trade->time - m->lag);
    if (!status) status = tc_join_at(&m->then, &then, error, trade->time - m->lag + m->after);
    if (status) return status;
    *known = is_book(now.quote);
    double mid = *known ? (now.quote->bid + now.quote->ask) / 2 : NAN;
    double later = then.followed && is_book(then.quote) ? (then.quote->bid + then.quote->ask) / 2 : NAN;
    int direction = tc_lee_ready(&m->test, trade->price, mid);
    if (*known) {
        tc_measure_trade(measured, trade->price, now.quote, later, direction);
        return TC_OK;
    }
    for (int i = 0; i < TC_MEASURE_COUNT; i++) measured->value[i] = NAN;
    measured->value[TC_E_DIRECTION] = direction;
    return TC_OK;
}

/* With what rounding loses (Neumaier 1974): averages of a day's trades are right to the last digits. */
void tc_measure_add(tc_measure_means *means, const tc_measured *measured)
{
    for (int i = 0; i < TC_MEASURE_COUNT; i++) {
        double value = measured->value[i];
        if (value != value) continue;
        double sum = means->sum[i] + value, part = sum - means->sum[i];
        means->lost[i] += (means->sum[i] - (sum - part)) + (value - part);
        means->sum[i] = sum;
        means->count[i]++;
    }
}

double tc_measure_mean(const tc_measure_means *means, tc_measure measure)
{
    return (means->sum[measure] + means->lost[measure]) / (double)means->count[measure];
}
