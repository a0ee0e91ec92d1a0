#include "response.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "matrix.h"

/* A matrix whose least prediction error is below this part of C(0) is taken for singular. */
static const double singular = 1e-10;

static double dot(const double *a, const double *b, size_t count)
{
    double part[4] = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (size_t k = 0; k < 4; k++) part[k] += a[i + k] * b[i + k];
    for (; i < count; i++) part[0] += a[i] * b[i];
    return (part[0] + part[1]) + (part[2] + part[3]);
}

void tc_lag_sums(double *sum, const double *a, const double *b, size_t count, size_t lags)
{
    for (size_t l = 0; l <= lags && l < count; l++) {
        sum[lags + l] += dot(a + l, b, count - l);
        if (l) sum[lags - l] += dot(a, b + l, count - l);
    }
}

void tc_lag_moments(double *moment, const double *a, const double *b, const size_t *day_end, size_t days, size_t lags)
{
    size_t from = 0;
    memset(moment, 0, (2 * lags + 1) * sizeof *moment);
    for (size_t d = 0; d < days; from = day_end[d++]) tc_lag_sums(moment, a + from, b + from, day_end[d] - from, lags);
    for (size_t i = 0; i <= 2 * lags && from; i++) moment[i] /= (double)from;
}

void tc_bare_response(double *bare, const double *differential, size_t lags)
{
    bare[lags] = 0;
    for (size_t l = 1; l <= lags; l++) {
        bare[lags + l] = bare[lags + l - 1] + differential[lags + l - 1];
        bare[lags - l] = bare[lags - l + 1] - differential[lags - l];
    }
}

void tc_kernel_integrate(double *bare, const double *differential, size_t count)
{
    double sum = 0;
    for (size_t l = 0; l < count; l++) {
        bare[l] = sum;
        sum += differential[l];
    }
}

void tc_propagate(double *out, const double *sign, size_t count, const double *kernel, size_t kernel_count)
{
    for (size_t t = 0; t < count; t++) {
        double sum = 0;
        for (size_t n = 0; n <= t && n < kernel_count; n++) sum += kernel[n] * sign[t - n];
        out[t] = sum;
    }
}

void tc_tim2(double *move, const double *sign, const bool *changes, size_t count, tc_kernel_pair kernel)
{
    for (size_t t = 0; t < count; t++) {
        double sum = 0;
        for (size_t n = 0; n <= t && n < kernel.count; n++)
            sum += (changes[t - n] ? kernel.changed : kernel.unchanged)[n] * sign[t - n];
        move[t] = sum;
    }
}

void tc_hdim2(double *move, const double *sign, const bool *changes, size_t count, tc_kernel_pair kernel)
{
    tc_tim2(move, sign, changes, count, kernel);
    for (size_t t = 0; t < count; t++)
        if (!changes[t]) move[t] = 0;
}

/* The sum of c(k - i) x(i) over i < k. */
static double reversed(const double *c, const double *x, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < k; i++) sum += c[k - i] * x[i];
    return sum;
}

/* x += by * y read backwards; x and y may be the same. */
static void add_reversed(double *x, double by, const double *y, size_t count)
{
    for (size_t i = 0, j = count; i < j--; i++) {
        double front = by * y[j], back = by * y[i];
        x[i] += front;
        if (i != j) x[j] += back;
    }
}

/* Golub and Van Loan 2013, Matrix Computations, algorithm 4.7.2: from the solution
 * for k rows and the predictor of k steps to those of k + 1. */
tc_status tc_tim1_calibrate(double *kernel, double *work, tc_error *error, const double *covariance, const double *response,
                            size_t count)
{
    const double *c = covariance;
    double left = c[0], reflection = 0; /* what the last k signs leave unpredicted */
    if (!(left > 0) || !isfinite(left)) return tc_fail(error, TC_NOT_IDENTIFIED, "sign_covariance", "the signs have no variance");
    for (size_t k = 0; k < count; k++) {
        left *= 1 - reflection * reflection;
        if (!(left > singular * c[0]))
            return tc_fail(error, TC_NOT_IDENTIFIED, "sign_covariance", "at lag %zu a sign says nothing that those before it did not", k);
        double step = (response[k] - reversed(c, kernel, k)) / left;
        add_reversed(kernel, step, work, k);
        kernel[k] = step;
        if (k + 1 == count) break;
        reflection = -(c[k + 1] + reversed(c, work, k)) / left;
        add_reversed(work, reflection, work, k);
        work[k] = reflection;
    }
    return TC_OK;
}

/* E[a(t+l) a(t)] at l = i - j, of either kind. */
static void put_block(double *matrix, const double *covariance, size_t at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++) matrix[(at + i) * 2 * count + at + j] = covariance[i - j];
}

/* Rows are S against a sign at lag i, columns g(j) of the other kind: row i of the
 * changed against column j of the unchanged takes E[s(n)_(t+i-j) s(c)_t], which is mixed at j - i. */
static void put_mixed(double *matrix, const double *mixed, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) matrix[(count + i) * 2 * count + j] = mixed[count - 1 + j - i];
}

/* Scaled so that its diagonal is 1 where there is anything: pivots then tell singularity. */
static bool factor(double *matrix, double *scale, size_t size)
{
    for (size_t i = 0; i < size; i++) scale[i] = sqrt(matrix[i * size + i]);
    for (size_t i = 0; i < size; i++) {
        if (!(scale[i] > 0)) return false;
        for (size_t j = 0; j <= i; j++) matrix[i * size + j] /= scale[i] * scale[j];
    }
    if (!tc_cholesky(matrix, size)) return false;
    for (size_t i = 0; i < size; i++)
        if (!(matrix[i * size + i] * matrix[i * size + i] > singular)) return false;
    return true;
}

tc_status tc_tim2_calibrate(double *unchanged, double *changed, tc_error *error, const tc_tim2_moments *m)
{
    size_t count = m->count, size = 2 * count;
    double *matrix = malloc((size * size + 2 * size) * sizeof *matrix);
    if (!matrix) return tc_fail(error, TC_NO_MEMORY, "", "a system of %zu lags of two kinds", count);
    double *x = matrix + size * size, *scale = x + size;
    put_block(matrix, m->unchanged, 0, count);
    put_block(matrix, m->changed, count, count);
    put_mixed(matrix, m->mixed, count);
    memcpy(x, m->to_unchanged, count * sizeof *x);
    memcpy(x + count, m->to_changed, count * sizeof *x);
    bool solved = factor(matrix, scale, size);
    if (solved) {
        for (size_t i = 0; i < size; i++) x[i] /= scale[i];
        tc_cholesky_solve(x, matrix, size);
        for (size_t i = 0; i < count; i++) unchanged[i] = x[i] / scale[i], changed[i] = x[count + i] / scale[count + i];
    }
    free(matrix);
    if (solved) return TC_OK;
    return tc_fail(error, TC_NOT_IDENTIFIED, "sign_covariance", "trades that change the mid cannot be told from those that do not");
}
