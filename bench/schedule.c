/* Schedules: the closed form should cost little more than its exponentials, the
 * exact one little more than looking at every pair of states once. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "tradecost/tradecost.h"

enum { SLICES = 20, SHARES = 3000, ROUNDS = 5 };

static const tc_schedule_market market = {.price = 500, .side = -1, .sigma = 10, .epsilon = 0.05, .gamma = 1e-5, .eta = 1e-4, .exponent = 1};

static double optimal_ns(void)
{
    static double samples[SAMPLES];
    const tc_schedule_task task = {SHARES, 1, 50, 1e-4};
    double quantity[50];
    for (int s = 0; s < SAMPLES; s++) {
        double start = now_ns();
        for (int i = 0; i < BATCH; i++)
            if (tc_schedule_optimal(quantity, NULL, NULL, &market, &task)) exit(1);
        samples[s] = (now_ns() - start) / BATCH;
    }
    return median(samples, SAMPLES);
}

static tc_trade order(void)
{
    static const char *const said[][2] = {{"broker", "zerodha"}, {"exchange", "NSE"}, {"product", "intraday"}, {"side", "sell"},
                                          {"quantity", "3000"}, {"price", "500"}, {"date", "2026-04-02"}, {"state", "MH"}};
    tc_request request = {0};
    const tc_context context = {.today = {TC_DATE_MIN - 1}};
    tc_trade trade;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        request.field[tc_field_find((tc_text){said[i][0], strlen(said[i][0])})] = (tc_text){said[i][1], strlen(said[i][1])};
    if (tc_resolve(&trade, NULL, tc_book_builtin(), &request, &context)) exit(1);
    return trade;
}

static double exact_ns(tc_exact_report *report)
{
    double samples[ROUNDS], quantity[SLICES];
    const tc_trade trade = order();
    const tc_schedule_task task = {SHARES, 1, SLICES, 1e-5};
    const tc_slice_terms terms = {tc_book_builtin(), &trade, false, 0.05, 1, 0, 0};
    for (int s = 0; s < ROUNDS; s++) {
        double start = now_ns();
        if (tc_schedule_exact(quantity, report, NULL, &market, &task, &terms, 1)) exit(1);
        samples[s] = now_ns() - start;
    }
    return median(samples, ROUNDS);
}

/* The least sum of a pair of states, as often: the same loop without costs or choices to remember. */
static double pairs_ns(uint64_t *pairs)
{
    static double after[SHARES + 1], best[SHARES + 1];
    double samples[ROUNDS], seen = 0;
    for (int k = 0; k <= SHARES; k++) after[k] = sin(k);
    for (int s = 0; s < ROUNDS; s++) {
        double start = now_ns();
        *pairs = 0;
        for (int j = 0; j < SLICES; j++)
            for (int move = SHARES; move >= 1; move--) {
                for (int k = move; k <= SHARES; k++) best[k] = after[k - move] + move < best[k] ? after[k - move] + move : best[k];
                *pairs += (uint64_t)(SHARES - move + 1);
            }
        samples[s] = now_ns() - start;
        seen += best[SHARES];
    }
    if (seen > 1e9) exit(1);
    return median(samples, ROUNDS);
}

void bench_schedule(void)
{
    tc_exact_report report;
    uint64_t pairs;
    double least = pairs_ns(&pairs), exact = exact_ns(&report);
    printf("schedule, 50 slices       %8.0f ns   closed form of Almgren and Chriss\n", optimal_ns());
    printf("exact schedule            %8.0f ms   %d slices, %d shares: %.2f ns a trial, %.1f times a bare loop; %llu quotes\n", exact / 1e6,
           SLICES, SHARES, exact / (double)report.tried, exact / (double)report.tried / (least / (double)pairs), (unsigned long long)report.quotes);
}
