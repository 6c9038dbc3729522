#pragma once
#include <cblas.h>

/// Where OpenBLAS has threads of its own it exports this; it is what runs before a fork.
extern int blas_thread_shutdown_(void) __attribute__((weak));

/// Ends the threads that OpenBLAS starts, one for each core, as it is loaded.
static inline void openblas_end_threads(void) {
    if (blas_thread_shutdown_) blas_thread_shutdown_();
}

/// LAPACK, which OpenBLAS holds but whose C header it does not bring: eigenvalues and, for job 'V', eigenvectors of a
/// real symmetric matrix, column after column.
extern void dsyev_(
    const char *job, const char *triangle, const blasint *order, double *matrix, const blasint *leading,
    double *eigenvalues, double *work, const blasint *length, blasint *info);
