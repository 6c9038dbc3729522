/// y = x W^T + bias in float32, for networks that need it and for CPUs without bfloat16 products. W is packed once, in blocks of 32 outputs: a BLAS packs it for
/// every call, which takes up to a third of the time with as few rows as a sentence has, and picks slow loops for CPUs it does not
/// know.
#include "kernels.h"
#include "support.h"

enum { WIDTH = 32, HALF = 16, SLAB = 128, SUMS = 16 };

/// Sums of a row for half a block.
typedef float lanes __attribute__((vector_size(HALF * sizeof(float)), aligned(sizeof(float))));

size_t starling_packed_count32(size_t outputs, size_t inputs) { return (outputs + WIDTH - 1) / WIDTH * WIDTH * inputs; }

void starling_pack32(const float *weight, float *packed, size_t outputs, size_t inputs) {
    for (size_t n = 0; n < outputs; n += WIDTH, packed += WIDTH * inputs) {
        for (size_t k = 0; k < inputs; k++) {
            for (size_t i = 0; i < WIDTH; i++) {
                packed[k * WIDTH + i] = n + i < outputs ? weight[(n + i) * inputs + k] : 0;
            }
        }
    }
}

/// Adds to `height` rows of `halves` halves of a block of y, both constants. Rows beyond `rows` are computed from the last one and
/// not stored.
INLINED void rows_by_block(
    int height, int halves, const float *x, size_t xStride, const float *block, float *y, size_t yStride, size_t rows,
    size_t columns, size_t depth) {
    lanes sums[SUMS];
    const float *row[SUMS];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
        for (int h = 0; h < halves; h++) sums[r * halves + h] = (lanes){0};
        row[r] = x + ((size_t)r < rows ? (size_t)r : rows - 1) * xStride;
    }
    for (size_t k = 0; k < depth; k++) {
        lanes w[2];
        memcpy(w, block + k * WIDTH, (size_t)halves * sizeof *w);
#pragma clang loop unroll(full)
        for (int r = 0; r < height; r++) {
            for (int h = 0; h < halves; h++) sums[r * halves + h] += row[r][k] * w[h];
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
        if ((size_t)r >= rows) continue;
        float result[WIDTH], *place = y + (size_t)r * yStride;
        memcpy(result, sums + r * halves, (size_t)halves * sizeof *sums);
        for (size_t i = 0; i < columns; i++) place[i] += result[i];
    }
}

/// A slab of a block of weights, small enough for the level 1 cache, meets all rows before the next one does.
INLINED void product(
    int height, int halves, const float *x, size_t xStride, const float *packed, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs) {
    const int few = height < 4 ? height : 4;
    const size_t width = (size_t)halves * HALF;
    for (size_t n = 0; n < outputs; n += width) {
        size_t columns = outputs - n < width ? outputs - n : width;
        const float *block = packed + n / WIDTH * WIDTH * inputs + n % WIDTH;
        for (size_t k = 0; k < inputs; k += SLAB) {
            size_t depth = inputs - k < SLAB ? inputs - k : SLAB, r = 0;
            for (; r + (size_t)height <= rows; r += (size_t)height) {
                rows_by_block(
                    height, halves, x + r * xStride + k, xStride, block + k * WIDTH, y + r * yStride + n, yStride,
                    (size_t)height, columns, depth);
            }
            if (r + 1 == rows) {
                rows_by_block(
                    1, halves, x + r * xStride + k, xStride, block + k * WIDTH, y + r * yStride + n, yStride, 1, columns, depth);
                continue;
            }
            for (; r < rows; r += (size_t)few) {
                rows_by_block(
                    few, halves, x + r * xStride + k, xStride, block + k * WIDTH, y + r * yStride + n, yStride, rows - r,
                    columns, depth);
            }
        }
    }
}

/// The product for CPUs with the given instructions, with as many rows at a time as their registers hold sums of.
#define PRODUCT_FOR(name, attributes, height, halves)                                                               \
    attributes static void name(                                                                                    \
        const float *x, size_t xStride, const float *packed, float *y, size_t yStride, size_t rows, size_t outputs, \
        size_t inputs) {                                                                                            \
        product(height, halves, x, xStride, packed, y, yStride, rows, outputs, inputs);                             \
    }

PRODUCT_FOR(product_baseline, , 3, 1)
#if defined(__x86_64__)
PRODUCT_FOR(product_avx2, __attribute__((target("arch=x86-64-v3"))), 6, 1)
// Without its minimum the compiler takes half the registers' width.
PRODUCT_FOR(product_avx512, __attribute__((target("arch=x86-64-v4"), min_vector_width(512))), 8, 2)
#endif

void starling_gemm32(
    const float *x, size_t xStride, const float *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs) {
    for (size_t r = 0; r < rows; r++) {
        if (bias) {
            memcpy(y + r * yStride, bias, outputs * sizeof *y);
        } else {
            memset(y + r * yStride, 0, outputs * sizeof *y);
        }
    }
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) {
        product_avx512(x, xStride, packed, y, yStride, rows, outputs, inputs);
        return;
    }
    if (__builtin_cpu_supports("x86-64-v3")) {
        product_avx2(x, xStride, packed, y, yStride, rows, outputs, inputs);
        return;
    }
#endif
    product_baseline(x, xStride, packed, y, yStride, rows, outputs, inputs);
}
