/// All loops, compiled for the instructions of one level, and their table. A level includes this once, inside the
/// pragma that turns its instructions on, with LEVEL, LANES, HEIGHT and PANELS defined, and HEIGHT8 where tiles of
/// products in int8 are not as high.
#ifndef HEIGHT8
#define HEIGHT8 HEIGHT
#endif
#define JOINED(a, b) a##_##b
#define NAMED(a, b) JOINED(a, b)
/// The name of a loop at this level.
#define AT_LEVEL(name) NAMED(name, LEVEL)

/// What a vector register holds.
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));
typedef uint32_t words __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));
typedef int32_t ints __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));

#include "../loops/functions.h"

#include "../loops/elementwise.h"
#include "../loops/half.h"
#include "../loops/rows.h"
#include "../loops/spectrum.h"

#include "../loops/finish.h"

#include "../loops/quantize.h"

#include "../loops/product.h"

#include "../loops/attention.h"

#include "../loops/fourier.h"

#include "../loops/frames.h"

#include "../loops/peak.h"

#define ENTRY(name) .name = AT_LEVEL(name),
const starling_kernels AT_LEVEL(starling_kernels) = {EACH_KERNEL(ENTRY)};
