/* bench.h - what the benchmarks share. Each part is a file with one function, called
 * from main(); it prints its figures beside a baseline of the same run. */
#ifndef BENCH_H
#define BENCH_H

enum { SAMPLES = 401, BATCH = 256 };

/* Of a clock that never goes back. */
double now_ns(void);
/* Sorts the samples. */
double median(double *samples, int count);

void bench_estimate(void);
void bench_models(void);
void bench_schedule(void);
/* Before others: a child's peak counts its parent's memory at the fork. */
void bench_tca(const char *tradecost);
void bench_fit(void);
void bench_kernel(void);
void bench_providers(void);
void bench_spread(void);
void bench_store(void);

#endif
