/// AVX-VNNI: vpdpbusd on vectors of AVX2, for processors without AVX-512.
#include "levels.h"

#if defined(__x86_64__)
#define LEVEL avxvnni
#define VNNI
#define LANES 8
#define UNROLLED 4
#define PANELS 1
#define HEIGHT 6  // of 16 registers 12 hold sums, 2 weights
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3,avxvnni"))), apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
