/* A fit is passes of the model over the orders: how many, and how far each is from the bare power that it needs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "models/fit/fit.h"
#include "models/fit/random.h"

enum { ORDERS = 1000, FITS = 41 };

typedef struct {
    double x[ORDERS], y[ORDERS];
} orders;

static bool power_law(const void *context, size_t at, const double *b, double *y, double *slope)
{
    double x = ((const orders *)context)->x[at], power = pow(x, b[1]);
    *y = b[0] * power;
    if (slope) slope[0] = power, slope[1] = *y * log(x);
    return true;
}

static double pass_ns(const orders *o)
{
    double samples[FITS], seen = 0;
    volatile double exponent = 0.55;
    for (int s = 0; s < FITS; s++) {
        double start = now_ns();
        for (size_t i = 0; i < ORDERS; i++) seen += pow(o->x[i], exponent);
        samples[s] = now_ns() - start;
    }
    if (!(seen > 0)) exit(1);
    return median(samples, FITS);
}

void bench_fit(void)
{
    static orders o;
    double samples[FITS];
    tc_random r = {1};
    for (size_t i = 0; i < ORDERS; i++) {
        o.x[i] = pow(10, -1 - 3 * tc_random_uniform(&r));
        o.y[i] = 0.8 * pow(o.x[i], 0.55) + 0.02 * tc_random_normal(&r);
    }
    double pass = pass_ns(&o);
    for (int loss = 0; loss < TC_LOSS_COUNT; loss++) {
        const tc_fit_problem p = {.count = ORDERS, .observed = o.y, .predict = power_law, .context = &o, .parameter_count = 2,
                                  .parameter = {{.name = "y", .low = 0, .high = INFINITY, .start = 1, .log = true},
                                                {.name = "delta", .low = 0.01, .high = 1, .start = 0.5}},
                                  .loss = (tc_fit_loss)loss};
        for (int s = 0; s < FITS; s++) {
            tc_fit fit;
            double start = now_ns();
            if (tc_fit_solve(&fit, NULL, &p, NULL)) exit(1);
            samples[s] = now_ns() - start;
        }
        double fit = median(samples, FITS);
        printf("fit of %d orders, %-7s %7.2f ms   %.0f passes of pow() over them\n", ORDERS,
               tc_fit_loss_name((tc_fit_loss)loss), fit / 1e6, fit / pass);
    }
}
