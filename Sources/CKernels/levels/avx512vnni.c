/// AVX-512 with VNNI: vpdpbusd.
#include "levels.h"

#if defined(__x86_64__)
#define LEVEL avx512vnni
#define VNNI
#define LANES 16
#define UNROLLED 1
#define PANELS 2
#define HEIGHT 12  // of 32 registers 24 hold sums, 2 weights
// For this architecture the compiler prefers half of the registers' width.
#pragma clang attribute push( \
    __attribute__((target("arch=x86-64-v4,no-prefer-256-bit,avx512vnni"), min_vector_width(512))), apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
