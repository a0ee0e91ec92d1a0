#include "market/live/random.h"

#include <float.h>
#include <math.h>
#include <string.h>

_Static_assert(FLT_EVAL_METHOD == 0, "doubles are computed as doubles");
_Static_assert(DBL_MANT_DIG == 53, "doubles are those of IEEE 754");

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

tc_random tc_random_of(const uint64_t *key, size_t count)
{
    tc_random random;
    uint64_t state = count;
    for (size_t i = 0; i < count; i++) {
        state ^= key[i];
        state = splitmix(&state); /* so that keys in another order are other keys */
    }
    for (size_t i = 0; i < 4; i++) random.state[i] = splitmix(&state);
    return random;
}

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

uint64_t tc_random_next(tc_random *random)
{
    uint64_t *s = random->state, result = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

double tc_random_uniform(tc_random *random)
{
    /* The middle of one of 2^52 steps: an odd multiple of 2^-53 below 1, hence exact. */
    return ((double)(tc_random_next(random) >> 12) + 0.5) * 0x1p-52;
}

/* A polynomial, its coefficients from the constant on. */
static double polynomial(const double *coefficient, size_t count, double x)
{
    double value = coefficient[--count];
    while (count) value = value * x + coefficient[--count];
    return value;
}

#define POLYNOMIAL(coefficients, x) polynomial(coefficients, sizeof(coefficients) / sizeof *(coefficients), x)

double tc_normal_quantile(double p)
{
    static const double a[] = {3.3871328727963666080e0,  1.3314166789178437745e2, 1.9715909503065514427e3,
                               1.3731693765509461125e4,  4.5921953931549871457e4, 6.7265770927008700853e4,
                               3.3430575583588128105e4,  2.5090809287301226727e3};
    static const double b[] = {1.0,                      4.2313330701600911252e1, 6.8718700749205790830e2,
                               5.3941960214247511077e3,  2.1213794301586595867e4, 3.9307895800092710610e4,
                               2.8729085735721942674e4,  5.2264952788528545610e3};
    static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,  5.76949722146069140550e0,
                               3.64784832476320460504e0,  1.27045825245236838258e0,  2.41780725177450611770e-1,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1.0,                       2.05319162663775882187e0,  1.67638483018380384940e0,
                               6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
                               5.47593808499534494600e-4, 1.05075007164441684324e-9};
    static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                               2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1.0,                       5.99832206555887937690e-1, 1.36929880922735805310e-1,
                               1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
                               1.42151175831644588870e-7, 2.04426310338993978564e-15};
    double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425) {
        double r = 0.180625 - q * q;
        return q * POLYNOMIAL(a, r) / POLYNOMIAL(b, r);
    }
    double r = sqrt(-tc_exact_log(q < 0 ? p : 1 - p));
    double tail = r <= 5 ? POLYNOMIAL(c, r - 1.6) / POLYNOMIAL(d, r - 1.6) : POLYNOMIAL(e, r - 5) / POLYNOMIAL(f, r - 5);
    return q < 0 ? -tail : tail;
}

double tc_random_normal(tc_random *random)
{
    return tc_normal_quantile(tc_random_uniform(random));
}

/* ln 2 in two parts, the first with so few bits that a whole number of them is exact. */
static const double LN2_HIGH = 0x1.62e42fee00000p-1, LN2_LOW = 0x1.a39ef35793c76p-33;

/* e^x = 2^k e^r with |r| <= ln(2)/2, and Taylor's series for e^r up to r^13/13!. */
double tc_exact_exp(double x)
{
    double k = x / (LN2_HIGH + LN2_LOW);
    int whole = (int)(k < 0 ? k - 0.5 : k + 0.5);
    double r = x - whole * LN2_HIGH - whole * LN2_LOW, sum = 1;
    for (int n = 13; n > 0; n--) sum = 1 + r / n * sum;
    return ldexp(sum, whole);
}

/* x = 2^k m with m in [sqrt(1/2), sqrt(2)), and ln m = 2 artanh((m - 1)/(m + 1)) by its series. */
double tc_exact_log(double x)
{
    int whole;
    double m = frexp(x, &whole); /* exact, as ldexp() is */
    if (m < 0.70710678118654752) {
        m *= 2;
        whole--;
    }
    double s = (m - 1) / (m + 1), square = s * s, sum = 0;
    for (int n = 21; n > 0; n -= 2) sum = sum * square + 1.0 / n;
    return whole * LN2_HIGH + (2 * s * sum + whole * LN2_LOW);
}
