#pragma once
#include <cblas.h>

/// Where OpenBLAS has threads of its own it exports this; it is what runs before a fork.
extern int blas_thread_shutdown_(void) __attribute__((weak));

/// Ends the threads that OpenBLAS starts, one for each core, as it is loaded.
static inline void openblas_end_threads(void) {
    if (blas_thread_shutdown_) blas_thread_shutdown_();
}
