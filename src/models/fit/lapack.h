/* lapack.h - the few routines of LAPACK that are used, as Fortran names and calls
 * them: everything by address, matrices column by column, lengths of texts last. */
#ifndef TC_MODELS_FIT_LAPACK_H
#define TC_MODELS_FIT_LAPACK_H

#include <stddef.h>

/* A P = Q R with column pivoting; `pivot` counts from 1. */
void dgeqp3_(const int *rows, const int *columns, double *a, const int *lda, int *pivot, double *tau, double *work,
             const int *work_size, int *info);
/* The first columns of Q from what dgeqp3 left. */
void dorgqr_(const int *rows, const int *columns, const int *reflectors, double *a, const int *lda, const double *tau,
             double *work, const int *work_size, int *info);
/* The inverse of a triangle. */
void dtrtri_(const char *which, const char *diagonal, const int *size, double *a, const int *lda, int *info, size_t, size_t);
/* The reciprocal condition of a triangle. */
void dtrcon_(const char *norm, const char *which, const char *diagonal, const int *size, const double *a, const int *lda,
             double *rcond, double *work, int *iwork, int *info, size_t, size_t, size_t);
/* Eigenvalues, rising, and eigenvectors of a symmetric matrix. */
void dsyev_(const char *job, const char *which, const int *size, double *a, const int *lda, double *eigenvalue, double *work,
            const int *work_size, int *info, size_t, size_t);

#endif
