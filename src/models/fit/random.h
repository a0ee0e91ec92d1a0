/* random.h - random numbers that are the same on every machine: SplitMix64
 * (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195). */
#ifndef TC_MODELS_FIT_RANDOM_H
#define TC_MODELS_FIT_RANDOM_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t state;
} tc_random;

static inline uint64_t tc_random_next(tc_random *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Streams that do not meet: one a purpose. */
static inline tc_random tc_random_stream(uint64_t seed, uint64_t purpose)
{
    tc_random r = {seed * UINT64_C(0xda942042e4dd58b5) + purpose};
    return (tc_random){tc_random_next(&r)};
}

/* Between 0 and 1, neither. */
static inline double tc_random_uniform(tc_random *r) { return ((double)(tc_random_next(r) >> 11) + 0.5) / 9007199254740992.0; }

/* Below `end`; its bias of end/2^64 is nothing. */
static inline size_t tc_random_below(tc_random *r, size_t end)
{
    size_t at = (size_t)(tc_random_uniform(r) * (double)end);
    return at < end ? at : end - 1;
}

/* Box and Muller 1958. */
static inline double tc_random_normal(tc_random *r)
{
    double radius = sqrt(-2 * log(tc_random_uniform(r)));
    return radius * cos(6.283185307179586 * tc_random_uniform(r));
}

#endif
