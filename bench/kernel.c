/* The propagator from trades: what a pair of trades costs beside one multiplication and addition of a plain pass. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "models/fit/kernel.h"
#include "models/fit/random.h"
#include "models/response.h"

enum { TRADES = 100000, DAYS = 20, LAGS = 100, RUNS = 11 };

static double sign[TRADES], move[TRADES];
static size_t day_end[DAYS];

static double pass_ns(void)
{
    double samples[RUNS];
    for (int s = 0; s < RUNS; s++) {
        double sum = 0, start = now_ns();
        for (size_t t = 0; t < TRADES; t++) sum += sign[t] * move[t];
        samples[s] = now_ns() - start;
        if (isnan(sum)) exit(1);
    }
    return median(samples, RUNS);
}

static double moments_ns(void)
{
    static double moment[2 * LAGS + 1];
    double samples[RUNS];
    for (int s = 0; s < RUNS; s++) {
        double start = now_ns();
        tc_lag_moments(moment, move, sign, day_end, DAYS, LAGS);
        samples[s] = now_ns() - start;
    }
    return median(samples, RUNS);
}

static double calibration_ns(void)
{
    const tc_kernel_options options = {.lags = LAGS, .delta = 1, .replicates = 200, .seed = 1};
    const tc_trade_flow flow = {sign, move, TRADES, day_end, DAYS};
    tc_kernel kernel;
    double start = now_ns();
    if (tc_kernel_calibrate(&kernel, NULL, &options, &flow)) exit(1);
    double took = now_ns() - start;
    tc_kernel_free(&kernel);
    return took;
}

void bench_kernel(void)
{
    tc_random r = {1};
    for (size_t t = 0; t < TRADES; t++) {
        sign[t] = t && tc_random_uniform(&r) < 0.3 ? sign[t - 1] : tc_random_uniform(&r) < 0.5 ? 1 : -1;
        move[t] = 2 * sign[t] - 0.2 * (t ? sign[t - 1] : 0) + tc_random_normal(&r);
    }
    for (size_t d = 0; d < DAYS; d++) day_end[d] = (d + 1) * TRADES / DAYS;
    double pass = pass_ns(), moments = moments_ns(), all = calibration_ns();
    printf("kernel of %d trades, %d lags: moments %.2f ns a pair, %.2f times a plain pass; with 200 replicates %.0f ms\n", TRADES, LAGS,
           moments / TRADES / (2 * LAGS + 1), moments / (2 * LAGS + 1) / pass, all / 1e6);
}
