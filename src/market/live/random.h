/* random.h - random numbers that are the same bit for bit on every machine.
 *
 * Only integers, and of doubles only +, -, x, / and square root, which IEEE 754 rounds
 * correctly everywhere, in a written order (the build forbids fused operations). Where a
 * logarithm or an exponential is wanted it is computed here, not by the C library.
 *
 * Generator: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 47, 2021), its state from splitmix64. Normals: the inverse of the normal
 * distribution at a uniform of 53 bits by AS 241, PPND16 (Wichura, Applied Statistics 37, 1988),
 * one uniform each. */
#ifndef TC_MARKET_LIVE_RANDOM_H
#define TC_MARKET_LIVE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t state[4];
} tc_random;

/* A stream of its own for every list of keys. */
tc_random tc_random_of(const uint64_t *key, size_t count);
uint64_t tc_random_next(tc_random *random);
/* Inside (0, 1), both ends excluded. */
double tc_random_uniform(tc_random *random);
double tc_random_normal(tc_random *random);

/* Within 2 ulp of the true value: `x` in [-700, 700], and `x` above 0 and normal. */
double tc_exact_exp(double x);
double tc_exact_log(double x);
/* The inverse of the normal distribution at p inside (0, 1). */
double tc_normal_quantile(double p);

#endif
