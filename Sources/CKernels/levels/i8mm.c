/// Arm's products of 2 by 8 bytes: usmmla (FEAT_I8MM), and sdot.
#include "levels.h"

#if defined(__aarch64__)
#define LEVEL i8mm
#define DOTPROD
#define I8MM
#define LANES 4
#define UNROLLED 4
#define PANELS 1
#define HEIGHT 6  // of 32 registers 24 hold sums, 4 weights
#pragma clang attribute push(__attribute__((target("arch=armv8.2-a+dotprod+i8mm"))), apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
