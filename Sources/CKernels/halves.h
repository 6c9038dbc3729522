/// What products in bfloat16 have in common, on vectors (bfloat16.c) and on tiles (tiles.c).
#pragma once
#include "levels/levels.h"
#include "loops/functions.h"

/// Half of a block: the outputs of a tile, and the lanes of a vector.
enum { HALF = PANEL };

/// What functions may use. For this architecture the compiler prefers half of the registers' width.
#define AVX512_BFLOAT16 \
    __attribute__((target("arch=x86-64-v4,no-prefer-256-bit,avx512bf16"), min_vector_width(512)))
#define AMX \
    __attribute__((target("arch=x86-64-v4,no-prefer-256-bit,avx512bf16,amx-tile,amx-bf16"), min_vector_width(512)))

#if defined(__x86_64__)
#pragma clang attribute push(AVX512_BFLOAT16, apply_to = function)
#endif

#include "loops/finish.h"

/// A product y = finish(a W^T + bias) of rows in bfloat16.
typedef struct {
    const uint16_t *a;
    size_t aStride;
    const uint16_t *packed;
    const float *bias;
    float *y;
    size_t yStride, rows, outputs, steps;  // of BLOCK inputs each
    starling_finish finish;
} halves_product;

/// Rows `first` to `last` of the sums of a block, from `row` and `output` on, become outputs. The kind of what finishes
/// them is a constant.
INLINED void finish_rows(
    const float *sums, size_t first, size_t last, const halves_product *p, size_t row, size_t output,
    starling_finish_kind kind, int isScaled) {
    static const float zeros[BLOCK];
    const size_t columns = p->outputs - output;
    const float *bias = p->bias ? p->bias + output : zeros, *scale = isScaled ? p->finish.scale + output : NULL;
    float *y = p->y + (row + first) * p->yStride + output;
    sums += first * BLOCK;
    for (size_t r = first; r < last; r++, sums += BLOCK, y += p->yStride) {
        if (columns < BLOCK) {
            float some[BLOCK];
            for (size_t c = 0; c < columns; c++) some[c] = sums[c] + bias[c];
            finish_row(some, y, columns, 0, &(starling_finish){kind, scale});
            continue;
        }
        // Unrolled, the two vectors would become many narrow ones.
#pragma clang loop vectorize_width(16) interleave_count(1) unroll(disable)
        for (size_t c = 0; c < BLOCK; c++) {
            const float sum = sums[c] + bias[c];
            switch (kind) {
            case STARLING_STORE: y[c] = sum; break;
            case STARLING_GELU: y[c] = gelu(sum); break;
            case STARLING_SILU: y[c] = silu(sum); break;
            case STARLING_ADD: y[c] += scale ? scale[c] * sum : sum;
            }
        }
    }
}

#if defined(__x86_64__)
#pragma clang attribute pop
#endif

/// On tile registers (tiles.c).
void starling_multiply_tiles(const halves_product *p);
uint64_t starling_peak_tiles(size_t rounds);
