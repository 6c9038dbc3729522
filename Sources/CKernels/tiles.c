/// Products in bfloat16 on tile registers: tdpbf16ps.
#include "halves.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(AMX, apply_to = function)
#include "loops/tiles.h"

/// Sums that wait to be finished, of up to 32 rows by 32 outputs.
typedef struct {
    const float *sums;
    size_t row, output, rows, done;
} waiting;

/// Finishes up to `count` of the rows that wait.
INLINED void finish_some(
    waiting *w, size_t count, const halves_product *p, starling_finish_kind kind, int isScaled) {
    const size_t last = w->done + count < w->rows ? w->done + count : w->rows;
    finish_rows(w->sums, w->done, last, p, w->row, w->output, kind, isScaled);
    w->done = last;
}

/// The sums of a block of rows from `upper` on, in tile registers 0-3, or 0 and 1 if no more than 16 rows are there; a
/// constant. Meanwhile the vector units finish the block before it.
INLINED void multiply_block(
    const halves_product *p, const uint16_t *upper, const uint16_t *packed, int hasLower, waiting *before,
    starling_finish_kind kind, int isScaled) {
    const uint16_t *lower = upper + HALF * p->aStride;
    const size_t bytes = p->aStride * sizeof *p->a, share = (BLOCK + p->steps - 1) / p->steps;
    zero_tiles();
    for (size_t step = 0; step < p->steps; step++, packed += PAIR_OF_TILES) {
        ADD_STEP(_tile_dpbf16ps, packed, packed + TILE, upper + step * BLOCK, lower + step * BLOCK, bytes, hasLower);
        finish_some(before, share, p, kind, isScaled);
    }
}

INLINED void multiply(const halves_product *p, starling_finish_kind kind, int isScaled) {
    _Alignas(64) float sums[2][BLOCK * BLOCK];
    const size_t line = BLOCK * sizeof(float);
    const uint16_t *packed = p->packed;
    waiting before = {.rows = 0};
    int turn = 0;
    for (size_t n = 0; n < p->outputs; n += BLOCK, packed += p->steps * PAIR_OF_TILES) {
        for (size_t r = 0; r < p->rows; r += BLOCK, turn ^= 1) {
            const uint16_t *upper = p->a + r * p->aStride;
            float *now = sums[turn];
            if (p->rows - r > HALF) {
                multiply_block(p, upper, packed, 1, &before, kind, isScaled);
                _tile_stored(2, now + HALF * BLOCK, line);
                _tile_stored(3, now + HALF * BLOCK + HALF, line);
            } else {
                multiply_block(p, upper, packed, 0, &before, kind, isScaled);
            }
            _tile_stored(0, now, line);
            _tile_stored(1, now + HALF, line);
            before = (waiting){now, r, n, p->rows - r < BLOCK ? p->rows - r : BLOCK, 0};
        }
    }
    finish_some(&before, BLOCK, p, kind, isScaled);
}

void starling_multiply_tiles(const halves_product *p) {
    configure_tiles();
#define MULTIPLY(kind, isScaled, p) multiply(p, kind, isScaled)
    BY_FINISH(p->finish, MULTIPLY, p);
    _tile_release();
}

uint64_t starling_peak_tiles(size_t rounds) {
    REPEAT_PRODUCTS(_tile_dpbf16ps, rounds);
    return (uint64_t)rounds * 4 * HALF * HALF * BLOCK * 2;
}
#pragma clang attribute pop
#endif
