/// Arm's dot products of bytes: sdot (Armv8.2, FEAT_DotProd).
#include "levels.h"

#if defined(__aarch64__)
#define LEVEL dotprod
#define DOTPROD
#define LANES 4
#define UNROLLED 4
#define PANELS 1
#define HEIGHT 6  // of 32 registers 24 hold sums, 4 weights
#pragma clang attribute push(__attribute__((target("arch=armv8.2-a+dotprod"))), apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
