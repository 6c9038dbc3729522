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

/// Tile registers 0-3 hold 32 by 32 sums, 4 and 5 the activations, 6 and 7 the weights. While the tiles of a block are
/// multiplied, the vector units finish the block before it.
INLINED void multiply(const halves_product *p, starling_finish_kind kind, int isScaled) {
    _Alignas(64) float sums[2][BLOCK * BLOCK];
    const size_t bytes = p->aStride * sizeof *p->a, line = BLOCK * sizeof(float);
    const size_t share = (BLOCK + p->steps - 1) / p->steps;
    const uint16_t *packed = p->packed;
    waiting before = {.rows = 0};
    int turn = 0;
    for (size_t n = 0; n < p->outputs; n += BLOCK, packed += p->steps * PAIR_OF_TILES) {
        for (size_t r = 0; r < p->rows; r += BLOCK, turn ^= 1) {
            const uint16_t *upper = p->a + r * p->aStride, *lower = upper + HALF * p->aStride, *block = packed;
            float *now = sums[turn];
            _tile_zero(0);
            _tile_zero(1);
            if (p->rows - r > HALF) {
                _tile_zero(2);
                _tile_zero(3);
                for (size_t step = 0; step < p->steps; step++, block += PAIR_OF_TILES) {
                    _tile_loadd(6, block, 64);
                    _tile_loadd(4, upper + step * BLOCK, bytes);
                    _tile_loadd(7, block + TILE, 64);
                    _tile_dpbf16ps(0, 4, 6);
                    _tile_loadd(5, lower + step * BLOCK, bytes);
                    _tile_dpbf16ps(1, 4, 7);
                    _tile_dpbf16ps(2, 5, 6);
                    _tile_dpbf16ps(3, 5, 7);
                    finish_some(&before, share, p, kind, isScaled);
                }
                _tile_stored(2, now + HALF * BLOCK, line);
                _tile_stored(3, now + HALF * BLOCK + HALF, line);
            } else {
                for (size_t step = 0; step < p->steps; step++, block += PAIR_OF_TILES) {
                    _tile_loadd(6, block, 64);
                    _tile_loadd(4, upper + step * BLOCK, bytes);
                    _tile_loadd(7, block + TILE, 64);
                    _tile_dpbf16ps(0, 4, 6);
                    _tile_dpbf16ps(1, 4, 7);
                    finish_some(&before, share, p, kind, isScaled);
                }
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
    configure_tiles();
    _tile_zero(4);
    _tile_zero(6);
    for (size_t round = 0; round < rounds; round++) {
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(1, 4, 6);
        _tile_dpbf16ps(2, 4, 6);
        _tile_dpbf16ps(3, 4, 6);
    }
    _tile_release();
    return (uint64_t)rounds * 4 * HALF * HALF * BLOCK * 2;
}
#pragma clang attribute pop
#endif
