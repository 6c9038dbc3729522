/// What every CPU of the architecture runs: NEON on aarch64, SSE2 on x86-64.
#include "levels.h"

#define LEVEL baseline
#define LANES 4
#define UNROLLED 4
#define PANELS 1
#if defined(__aarch64__)
#define HEIGHT 6  // of 32 registers 24 hold sums, 4 weights
#else
#define HEIGHT 2  // of 16 registers 8 hold sums, 4 weights
#endif
#include "level.h"
