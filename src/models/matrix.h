/* matrix.h - the little linear algebra that models need: symmetric matrices, row by row. */
#ifndef TC_MODELS_MATRIX_H
#define TC_MODELS_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

/* Replaces the lower triangle of `a` by its Cholesky factor; false: not positive definite. */
bool tc_cholesky(double *a, size_t n);
/* Solves for `x`, which holds the right side, by a factor that tc_cholesky() made. */
void tc_cholesky_solve(double *x, const double *a, size_t n);

/* Eigenvalues, and vectors in the columns of `vectors` (n x n), by cyclic Jacobi rotations; spoils `a`. */
void tc_eigen(double *values, double *vectors, double *a, size_t n);

#endif
