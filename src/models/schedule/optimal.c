#include "averse.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

void tc_sum_add(tc_sum *to, double value)
{
    double sum = to->sum + value;
    to->lost += fabs(to->sum) >= fabs(value) ? (to->sum - sum) + value : (value - sum) + to->sum;
    to->sum = sum;
}

double tc_sinh_ratio(double k, double u, double w)
{
    if (k * w < 1e-8) return u / w; /* the next term is (k w)^2/6 */
    return exp(-k * (w - u)) * expm1(-2 * k * u) / expm1(-2 * k * w);
}

static tc_status refuse(tc_error *error, const char *field, double value, const char *why)
{
    return tc_fail(error, TC_OUT_OF_DOMAIN, field, "%s is %.15g; %s", field, value, why);
}

typedef struct {
    const char *name;
    double value, least;
    bool open; /* the least value is not itself allowed */
} bound;

static tc_status check_bounds(tc_error *error, const bound *bounds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const bound *b = &bounds[i];
        if (!isfinite(b->value)) return refuse(error, b->name, b->value, "it must be finite");
        if (b->open ? b->value <= b->least : b->value < b->least)
            return refuse(error, b->name, b->value, b->open ? "it must be above 0" : "it must be 0 or above");
    }
    return TC_OK;
}
#define CHECK(error, bounds) check_bounds(error, bounds, sizeof(bounds) / sizeof *(bounds))

/* Almgren-Chriss */

static tc_status check_ac(tc_error *error, const tc_ac_problem *p)
{
    const bound bounds[] = {
        {"quantity", p->quantity, 0, true}, {"duration", p->duration, 0, true}, {"count", (double)p->count, 0, true},
        {"sigma", p->sigma, 0, false},      {"gamma", p->gamma, 0, false},      {"eta", p->eta, 0, false},
        {"epsilon", p->epsilon, 0, false},  {"lambda", p->lambda, -INFINITY, true}, {"alpha", p->alpha, -INFINITY, true}};
    return CHECK(error, bounds);
}

/* kappa tau = 2 asinh(kappa~ tau/2), which is cosh(kappa tau) - 1 = kappa~^2 tau^2/2
 * without its cancellation. */
static tc_status solve_kappa(tc_ac_solution *s, tc_error *error, const tc_ac_problem *p, double tau)
{
    double squared = p->lambda * p->sigma * p->sigma / s->eta_tilde, half = sqrt(fabs(squared)) * tau / 2;
    s->imaginary = squared < 0;
    if (s->imaginary && half > 1)
        return tc_fail(error, TC_NO_SOLUTION, "lambda", "lambda %g seeks more risk than there is a best schedule for", p->lambda);
    s->kappa = 2 / tau * (s->imaginary ? asin(half) : asinh(half));
    s->theta = 1 / s->kappa;
    if (s->imaginary && s->kappa * p->duration >= pi)
        return tc_fail(error, TC_NO_SOLUTION, "lambda", "lambda %g: kappa T is %.6g, not below pi, so that more risk is always better",
                       p->lambda, s->kappa * p->duration);
    return TC_OK;
}

/* sinh or sin of both, as the case is. */
static double ratio(const tc_ac_solution *s, double u, double w)
{
    if (!s->imaginary) return tc_sinh_ratio(s->kappa, u, w);
    return s->kappa * w < 1e-8 ? u / w : sin(s->kappa * u) / sin(s->kappa * w);
}

/* What a drift adds to the holding at t: xbar [1 - (sinh k(T-t) + sinh kt)/sinh kT],
 * eq. (26). The bracket is 2 sinh(kt/2) sinh(k(T-t)/2)/cosh(kT/2), which does not
 * cancel (with sines its sign turns, and so does xbar's); and as k vanishes, xbar
 * grows so that alpha t(T-t)/(4 eta~) is left. */
static double drift_holding(const tc_ac_solution *s, const tc_ac_problem *p, double before, double after)
{
    double k = s->kappa, whole = before + after;
    if (p->alpha == 0) return 0;
    if (k * whole < 1e-8) return p->alpha * before * after / (4 * s->eta_tilde);
    if (s->imaginary) return -s->static_holding * 2 * sin(k * before / 2) * sin(k * after / 2) / cos(k * whole / 2);
    return s->static_holding * expm1(-k * before) * expm1(-k * after) / (1 + exp(-k * whole));
}

/* x_j, eq. (17) and (26). Times are counted in intervals, so that both ends are exact. */
static double holding(const tc_ac_solution *s, const tc_ac_problem *p, size_t j)
{
    double tau = p->duration / (double)p->count, before = tau * (double)j, after = tau * (double)(p->count - j);
    if (j == 0) return p->quantity;
    if (j == p->count) return 0;
    return p->quantity * ratio(s, after, tau * (double)p->count) + drift_holding(s, p, before, after);
}

/* n_j, eq. (18): X 2 sinh(k tau/2) cosh(k(T - t_{j-1/2}))/sinh(kT), in exponentials
 * that do not overflow; differences of holdings would lose the small ones' digits. */
static double trade(const tc_ac_solution *s, const tc_ac_problem *p, size_t j)
{
    double tau = p->duration / (double)p->count, k = s->kappa, whole = p->duration;
    double left = tau * ((double)(p->count - j) + 0.5), share;
    if (p->count == 1) return p->quantity;
    if (k * whole < 1e-8) share = 1 / (double)p->count;
    else if (s->imaginary) share = 2 * sin(k * tau / 2) * cos(k * left) / sin(k * whole);
    else share = exp(-k * tau * (double)(j - 1)) * expm1(-k * tau) * (1 + exp(-2 * k * left)) / expm1(-2 * k * whole);
    if (p->alpha == 0) return p->quantity * share;
    double first = tau * (double)(j - 1), second = tau * (double)j;
    return p->quantity * share + drift_holding(s, p, first, whole - first) - drift_holding(s, p, second, whole - second);
}

/* The sums of E and V: holdings and their squares, trades' sizes and squares. */
typedef struct {
    tc_sum held, squares, sizes, traded;
} ac_sums;

static void add_interval(ac_sums *sums, double held, double traded)
{
    tc_sum_add(&sums->squares, held * held);
    tc_sum_add(&sums->held, held);
    tc_sum_add(&sums->sizes, fabs(traded));
    tc_sum_add(&sums->traded, traded * traded);
}

static void cost_of(double *expected, double *variance, const tc_ac_problem *p, const ac_sums *sums)
{
    double tau = p->duration / (double)p->count, eta_tilde = p->eta - p->gamma * tau / 2;
    tc_sum e = {0};
    tc_sum_add(&e, p->gamma * p->quantity * p->quantity / 2);
    tc_sum_add(&e, p->epsilon * tc_sum_of(sums->sizes));
    tc_sum_add(&e, eta_tilde / tau * tc_sum_of(sums->traded));
    tc_sum_add(&e, -p->alpha * tau * tc_sum_of(sums->held));
    *expected = tc_sum_of(e);
    *variance = p->sigma * p->sigma * tau * tc_sum_of(sums->squares);
}

void tc_ac_cost(double *expected, double *variance, const tc_ac_problem *p, const double *holdings)
{
    ac_sums sums = {0};
    for (size_t j = 1; j <= p->count; j++) add_interval(&sums, holdings[j], holdings[j - 1] - holdings[j]);
    cost_of(expected, variance, p, &sums);
}

tc_status tc_ac_solve(tc_ac_solution *solution, double *holdings, double *trades, tc_error *error, const tc_ac_problem *p)
{
    tc_ac_solution s;
    ac_sums sums = {0};
    tc_status status = check_ac(error, p);
    if (status) return status;
    double tau = p->duration / (double)p->count;
    s.eta_tilde = p->eta - p->gamma * tau / 2;
    if (!(s.eta_tilde > 0)) return refuse(error, "eta_tilde", s.eta_tilde, "eta - gamma tau/2 must be above 0: shorten the interval");
    status = solve_kappa(&s, error, p, tau);
    if (status) return status;
    double risk = 2 * p->lambda * p->sigma * p->sigma;
    s.static_holding = p->alpha == 0 ? 0 : risk != 0 ? p->alpha / risk : NAN;
    if (holdings) holdings[0] = p->quantity;
    for (size_t j = 1; j <= p->count; j++) {
        double held = holding(&s, p, j), traded = trade(&s, p, j);
        if (holdings) holdings[j] = held;
        if (trades) trades[j - 1] = traded;
        add_interval(&sums, held, traded);
    }
    cost_of(&s.expected, &s.variance, p, &sums);
    if (!isfinite(s.expected) || !isfinite(s.variance)) return tc_fail(error, TC_OVERFLOW, "", "the cost does not fit into a double");
    *solution = s;
    return TC_OK;
}

/* Obizhaeva-Wang */

/* (z - 1 + e^-z)/z^2, from 1/2 at 0; below 1 by its series, where the three terms cancel. */
static double twap_factor(double z)
{
    double term = 0.5, sum = 0.5;
    if (z >= 1) return (z + expm1(-z)) / (z * z);
    for (int k = 3; fabs(term) > 1e-18 * sum; k++) {
        term *= -z / k;
        sum += term;
    }
    return sum;
}

/* A block, an even rate, a block: section 5.1. V is sigma^2 X0^2 T (1 + z + z^2/3)/(z + 2)^2. */
static void solve_neutral(tc_ow_solution *s, double *holdings, size_t count, const tc_ow_problem *p)
{
    double z = p->resilience * p->duration, squared = p->quantity * p->quantity;
    s->first = s->last = p->quantity / (z + 2);
    s->rate = p->resilience * p->quantity / (z + 2);
    s->optimal = p->permanent * squared / 2 + s->kappa * squared / (z + 2);
    s->variance = p->sigma * p->sigma * p->duration * s->first * s->first * (1 + z + z * z / 3);
    for (size_t j = 0; holdings && j <= count; j++) holdings[j] = s->first * (1 + z * (double)(count - j) / (double)count);
}

tc_status tc_ow_solve(tc_ow_solution *s, double *holdings, size_t count, tc_error *error, const tc_ow_problem *p)
{
    const bound bounds[] = {{"quantity", p->quantity, 0, true}, {"duration", p->duration, 0, true}, {"resilience", p->resilience, 0, false},
                            {"depth", p->depth, 0, true}, {"permanent", p->permanent, 0, false}, {"sigma", p->sigma, 0, false},
                            {"aversion", p->aversion, 0, false}};
    tc_status status = CHECK(error, bounds);
    if (status) return status;
    double kappa = 1 / p->depth - p->permanent, z = p->resilience * p->duration, squared = p->quantity * p->quantity;
    if (!(kappa > 0)) return refuse(error, "permanent", p->permanent, "it must be below 1/depth, the whole impact");
    if (!isfinite(z) || !isfinite(squared / p->depth)) return tc_fail(error, TC_OVERFLOW, "", "the cost does not fit into a double");
    bool averse = p->aversion * p->sigma * p->sigma > 0;
    if (averse && z > TC_OW_DECAYS_MAX)
        return tc_fail(error, TC_LIMIT, "resilience", "the book refills %g times over while one trades; at most %d", z, TC_OW_DECAYS_MAX);
    s->kappa = kappa;
    if (averse) tc_ow_solve_averse(s, holdings, count, p);
    else solve_neutral(s, holdings, count, p);
    s->twap = p->permanent * squared / 2 + kappa * squared * twap_factor(z);
    s->immediate = squared / (2 * p->depth);
    return TC_OK;
}

/* Propagator */

/* 1'M1 n^-2/2: what equal trades cost. */
static double equal_cost(const double *kernel, size_t count, double quantity)
{
    tc_sum sum = {0};
    double n = (double)count;
    tc_sum_add(&sum, kernel[0] * n);
    for (size_t k = 1; k < count; k++) tc_sum_add(&sum, 2 * kernel[k] * (double)(count - k));
    return tc_sum_of(sum) * (quantity / n) * (quantity / n) / 2;
}

/* One order of Levinson's recursion further: `a` is the predictor of order m
 * (a[0] = 1), `x` solves the m x m system of ones. */
static bool extend(double *a, double *x, double *error_left, const double *g, size_t m)
{
    double reflection = 0, short_of = 1;
    for (size_t i = 0; i < m; i++) reflection += a[i] * g[m - i];
    reflection /= -*error_left;
    a[m] = 0;
    for (size_t i = 0, j = m; i <= j; i++, j--) {
        double low = a[i], high = a[j];
        a[i] = low + reflection * high;
        a[j] = high + reflection * low;
    }
    *error_left *= (1 - reflection) * (1 + reflection);
    if (!(*error_left > 0)) return false;
    for (size_t i = 0; i < m; i++) short_of -= x[i] * g[m - i];
    x[m] = 0;
    for (size_t i = 0; i <= m; i++) x[i] += short_of / *error_left * a[m - i];
    return true;
}

tc_status tc_propagator_solve(tc_propagator_solution *s, double *trades, double *work, tc_error *error, const tc_propagator_problem *p)
{
    const bound bounds[] = {{"quantity", p->quantity, 0, true}, {"count", (double)p->count, 0, true},
                            {"kernel", p->count ? p->kernel[0] : 1, 0, true}};
    tc_status status = CHECK(error, bounds);
    if (status) return status;
    double *a = work, *x = trades, left = p->kernel[0];
    for (size_t k = 1; k < p->count; k++)
        if (!isfinite(p->kernel[k])) return refuse(error, "kernel", p->kernel[k], "it must be finite");
    a[0] = 1;
    x[0] = 1 / left;
    for (size_t m = 1; m < p->count; m++)
        if (!extend(a, x, &left, p->kernel, m) || left < 1e-14 * (double)p->count * p->kernel[0])
            return tc_fail(error, TC_NO_SOLUTION, "kernel",
                           "the kernel is not positive definite over %zu trades: a round trip would earn money", p->count);
    tc_sum sum = {0};
    for (size_t i = 0; i < p->count; i++) tc_sum_add(&sum, x[i]);
    double total = tc_sum_of(sum);
    s->condition = left / p->kernel[0];
    s->optimal = p->quantity * (p->quantity / total) / 2;
    s->twap = equal_cost(p->kernel, p->count, p->quantity);
    s->one_sided = true;
    for (size_t i = 0; i < p->count; i++) {
        trades[i] = p->quantity * (x[i] / total);
        s->one_sided = s->one_sided && trades[i] >= 0;
    }
    return TC_OK;
}

/* 1'M1 of the exponential kernel: sum of e^(-decay |i - j|) over n x n. */
static double exponential_equal_cost(size_t count, double decay)
{
    tc_sum sum = {0};
    double n = (double)count;
    tc_sum_add(&sum, n);
    for (size_t k = 1; k < count; k++) tc_sum_add(&sum, 2 * (n - (double)k) * exp(-decay * (double)k));
    return tc_sum_of(sum) / (2 * n * n);
}

tc_status tc_propagator_exponential(tc_propagator_solution *s, double *trades, tc_error *error, double quantity, size_t count, double decay)
{
    const bound bounds[] = {{"quantity", quantity, 0, true}, {"count", (double)count, 0, true}, {"decay", decay, 0, true}};
    tc_status status = CHECK(error, bounds);
    if (status) return status;
    double lost = -expm1(-decay), end = quantity; /* 1 - a */
    if (count > 1) end = quantity / (((double)count - 2) * lost + 2);
    s->optimal = count > 1 ? end * quantity * (2 - lost) / 2 : quantity * quantity / 2;
    s->twap = exponential_equal_cost(count, decay) * quantity * quantity;
    s->condition = count > 1 ? lost * (2 - lost) : 1;
    s->one_sided = true;
    for (size_t i = 0; trades && i < count; i++) trades[i] = i == 0 || i == count - 1 ? end : lost * end;
    return TC_OK;
}
