/// AVX2 and FMA (x86-64-v3).
#include "levels.h"

#if defined(__x86_64__)
#define LEVEL avx2
#define LANES 8
#define UNROLLED 4
#define PANELS 1
#define HEIGHT 6  // of 16 registers 12 hold sums, 2 weights
#define HEIGHT8 4  // 8 sums, 2 weights, 2 products, ones, inputs
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
