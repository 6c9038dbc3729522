/// AMX: tdpbusd on tiles, and AVX-512 with VNNI.
#include "levels.h"

#if defined(__x86_64__)
#define LEVEL amx
#define VNNI
#define TILES
#define LANES 16
#define UNROLLED 1
#define PANELS 2
#define HEIGHT 12  // of 32 registers 24 hold sums, 2 weights
// For this architecture the compiler prefers half of the registers' width.
#pragma clang attribute push( \
    __attribute__(( \
        target("arch=x86-64-v4,no-prefer-256-bit,avx512vnni,amx-tile,amx-int8"), min_vector_width(512))), \
    apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
