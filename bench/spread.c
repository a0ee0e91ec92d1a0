/* Spreads: EDGE beside one pass that takes the same logarithms, and trades
 * measured against quotes beside a plain walk over both. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "models/spread/measures.h"
#include "tradecost/spread.h"

enum { BARS = 10000, QUOTES = 4000000, TRADES = 1000000, RUNS = 101, WALKS = 7 };

static double uniform(uint64_t *state)
{
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* A random walk; one price in `missing_in` is missing, 0: none. */
static void draw_bars(double column[4][BARS], unsigned missing_in)
{
    uint64_t state = 88172645463325252u;
    double price = 100;
    for (int i = 0; i < BARS; i++) {
        double open = price * exp(0.01 * (uniform(&state) - 0.5)), close = open * exp(0.03 * (uniform(&state) - 0.5));
        column[0][i] = open;
        column[1][i] = fmax(open, close) * (1 + 0.01 * uniform(&state));
        column[2][i] = fmin(open, close) * (1 - 0.01 * uniform(&state));
        column[3][i] = price = close;
        for (int k = 0; k < 4 && missing_in; k++)
            if (uniform(&state) * missing_in < 1) column[k][i] = NAN;
    }
}

static double logarithms_ns(double column[4][BARS])
{
    static double samples[RUNS], taken[4][BARS];
    volatile double seen = 0;
    for (int r = 0; r < RUNS; r++) {
        double start = now_ns();
        for (int k = 0; k < 4; k++)
            for (int i = 0; i < BARS; i++) taken[k][i] = log(column[k][i]);
        samples[r] = now_ns() - start;
        seen = taken[r % 4][r];
    }
    (void)seen;
    return median(samples, RUNS);
}

static double edge_ns(double column[4][BARS])
{
    static double samples[RUNS];
    const tc_ohlc bars = {column[0], column[1], column[2], column[3], BARS};
    tc_spread_estimate estimate;
    for (int r = 0; r < RUNS; r++) {
        double start = now_ns();
        if (tc_spread_of(&estimate, NULL, TC_EDGE, &bars, false)) exit(1);
        samples[r] = now_ns() - start;
    }
    return median(samples, RUNS);
}

static void bench_edge(const char *name, unsigned missing_in)
{
    static double column[4][BARS];
    draw_bars(column, missing_in);
    double logarithms = logarithms_ns(column), edge = edge_ns(column);
    printf("%-25s %8.1f ns a bar               %.2f times one pass that takes the same logarithms (at most 3)\n", name, edge / BARS, edge / logarithms);
}

static double walk_ns(const tc_quote_tick *quote, const tc_trade_tick *trade)
{
    static double samples[WALKS];
    volatile int64_t seen = 0;
    for (int r = 0; r < WALKS; r++) {
        double start = now_ns();
        int64_t sum = 0;
        for (int i = 0; i < QUOTES; i++) sum += quote[i].time;
        for (int i = 0; i < TRADES; i++) sum += trade[i].time;
        samples[r] = now_ns() - start;
        seen = sum;
    }
    (void)seen;
    return median(samples, WALKS);
}

static double measure_ns(const tc_quote_tick *quote, const tc_trade_tick *trade)
{
    static double samples[WALKS];
    volatile double seen = 0; /* or the sums are left out */
    const tc_quote_source source = {.tick = quote, .count = QUOTES};
    for (int r = 0; r < WALKS; r++) {
        tc_measurer measurer;
        tc_measure_means means = {0};
        double start = now_ns();
        tc_measurer_begin(&measurer, source, source, 0, 300 * INT64_C(1000000));
        for (int i = 0; i < TRADES; i++) {
            tc_measured measured;
            bool known;
            if (tc_measurer_next(&measurer, &measured, &known, NULL, &trade[i])) exit(1);
            tc_measure_add(&means, &measured);
        }
        samples[r] = now_ns() - start;
        for (int i = 0; i < TC_MEASURE_COUNT; i++) seen += means.sum[i];
    }
    (void)seen;
    return median(samples, WALKS);
}

static void bench_measures(void)
{
    tc_quote_tick *quote = malloc(QUOTES * sizeof *quote);
    tc_trade_tick *trade = malloc(TRADES * sizeof *trade);
    uint64_t state = 362436069;
    if (!quote || !trade) exit(1);
    for (int i = 0; i < QUOTES; i++) {
        double bid = 100 + 0.05 * floor(20 * uniform(&state));
        quote[i] = (tc_quote_tick){i * INT64_C(5000), bid, bid + 0.05, 100 + i % 7, 200 + i % 5};
    }
    for (int i = 0; i < TRADES; i++) trade[i] = (tc_trade_tick){i * INT64_C(20000) + 17, 100 + 0.05 * floor(20 * uniform(&state)), 10};
    double walk = walk_ns(quote, trade), run = measure_ns(quote, trade), events = QUOTES + TRADES;
    printf("trades against quotes     %8.1f M events a second    %.1f ns each, of which a fifth are trades with every measure; %.1f walks over both\n",
           events / run * 1e3, run / events, run / walk);
    free(quote);
    free(trade);
}

void bench_spread(void)
{
    bench_edge("EDGE, 10,000 bars", 0);
    bench_edge("EDGE, one in 50 missing", 50);
    bench_measures();
}
