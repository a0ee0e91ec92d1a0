/* Any bytes as quotes and trades: what is measured agrees with itself, and what is out of order is said. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/spread/measures.h"

enum { TICK_SIZE = 6 };

/* Steps of time that mostly rise, prices of a few ticks, now and then something odd. */
static int64_t step_of(const uint8_t *at)
{
    return at[0] == 255 ? -1 : at[0] == 254 ? TC_REACH_SESSION : at[0] % 8;
}

static double price_of(uint8_t byte)
{
    static const double odd[] = {NAN, 0, -1, INFINITY, 1e308, 5e-324};
    return byte >= 250 ? odd[byte - 250] : 100 + byte % 16;
}

static size_t make_quotes(tc_quote_tick *quote, const uint8_t *bytes, size_t count, bool *sorted)
{
    int64_t time = 0;
    *sorted = true;
    for (size_t i = 0; i < count; i++, bytes += TICK_SIZE) {
        *sorted = *sorted && step_of(bytes) >= 0;
        quote[i] = (tc_quote_tick){time += step_of(bytes), price_of(bytes[1]), price_of(bytes[2]), bytes[3], bytes[4]};
    }
    return count;
}

static void check(const tc_measured *m, bool known)
{
    double effective = m->value[TC_E_EFFECTIVE], realised = m->value[TC_E_REALISED], impact = m->value[TC_E_IMPACT];
    if (fabs(m->value[TC_E_DIRECTION]) != 1) abort();
    if (known && m->value[TC_E_QUOTED] < 0) abort();
    if (!known && !isnan(effective)) abort();
    if (fabs(effective) < 1e6 && fabs(realised) < 1e6 && fabs(effective - realised - 2 * impact) > 1e-9) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2 * TICK_SIZE) return 0;
    size_t quotes = size / TICK_SIZE / 2, trades = (size - quotes * TICK_SIZE) / TICK_SIZE;
    tc_quote_tick *quote = malloc(quotes * sizeof *quote);
    tc_measurer measurer;
    tc_measure_means means = {0};
    bool sorted;
    int64_t time = 0;
    if (!quote) return 0;
    tc_quote_source source = {.tick = quote, .count = make_quotes(quote, bytes, quotes, &sorted)};
    tc_measurer_begin(&measurer, source, source, bytes[0] % 4, bytes[1] % 16);
    bytes += quotes * TICK_SIZE;
    for (size_t i = 0; i < trades; i++, bytes += TICK_SIZE) {
        tc_measured m;
        bool known;
        time += step_of(bytes);
        tc_status status = tc_measurer_next(&measurer, &m, &known, NULL, &(tc_trade_tick){time, 100 + bytes[1] % 16, 1});
        if (status == TC_OK) check(&m, known), tc_measure_add(&means, &m);
        else if (status != TC_BAD_MARKET || (sorted && step_of(bytes) >= 0)) abort();
        if (status) break;
    }
    free(quote);
    return 0;
}
