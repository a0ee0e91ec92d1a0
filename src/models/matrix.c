#include "matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool tc_cholesky(double *a, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        double *row = a + j * n, whole = row[j];
        for (size_t k = 0; k < j; k++) row[j] -= row[k] * row[k];
        if (!(row[j] > 1e-14 * (double)n * fabs(whole))) return false;
        row[j] = sqrt(row[j]);
        for (size_t i = j + 1; i < n; i++) {
            double *below = a + i * n, sum = below[j];
            for (size_t k = 0; k < j; k++) sum -= below[k] * row[k];
            below[j] = sum / row[j];
        }
    }
    return true;
}

void tc_cholesky_solve(double *x, const double *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) x[i] -= a[i * n + k] * x[k];
        x[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        x[i] /= a[i * n + i];
        for (size_t k = 0; k < i; k++) x[k] -= a[i * n + k] * x[i];
    }
}

static double off_diagonal(const double *a, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) sum += a[i * n + j] * a[i * n + j];
    return sum;
}

/* Turns rows and columns p and q so that a[p][q] vanishes. */
static void rotate(double *a, double *vectors, size_t n, size_t p, size_t q)
{
    double apq = a[p * n + q];
    if (apq == 0) return;
    double angle = (a[q * n + q] - a[p * n + p]) / (2 * apq);
    double t = copysign(1, angle) / (fabs(angle) + hypot(angle, 1)), c = 1 / hypot(t, 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double kp = a[k * n + p], kq = a[k * n + q];
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for (size_t k = 0; k < n; k++) {
        double pk = a[p * n + k], qk = a[q * n + k];
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
    }
    for (size_t k = 0; k < n; k++) {
        double kp = vectors[k * n + p], kq = vectors[k * n + q];
        vectors[k * n + p] = c * kp - s * kq;
        vectors[k * n + q] = s * kp + c * kq;
    }
}

void tc_eigen(double *values, double *vectors, double *a, size_t n)
{
    enum { SWEEPS = 60 };
    double whole = 0;
    memset(vectors, 0, n * n * sizeof *vectors);
    for (size_t i = 0; i < n; i++) vectors[i * n + i] = 1;
    for (size_t i = 0; i < n * n; i++) whole += a[i] * a[i];
    for (int sweep = 0; sweep < SWEEPS && off_diagonal(a, n) > 1e-34 * whole; sweep++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
    for (size_t i = 0; i < n; i++) values[i] = a[i * n + i];
}
