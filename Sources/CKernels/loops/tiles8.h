/// Products in int8 on tile registers: tdpbusd. A tile of weights is 64 inputs of a panel, as panels lie in memory.

#include "tiles.h"

/// Whole sums that wait to be finished, of up to 32 rows by 32 outputs.
typedef struct {
    const int32_t *whole;
    size_t row, output, rows, done;
} waiting8;

/// Finishes up to `count` of the rows that wait. The kind of what finishes them is a constant.
INLINED void finish_some(waiting8 *w, size_t count, const product *p, starling_finish_kind kind, int isScaled) {
    // As written, so that all levels round alike.
#pragma clang fp contract(off)
    const size_t last = w->done + count < w->rows ? w->done + count : w->rows;
    const size_t columns = p->outputs - w->output < BLOCK ? p->outputs - w->output : BLOCK;
    const int vectors = columns > PANEL ? 2 : 1;
    const char *weights = weights_at(BYTES, p, w->output);
    const starling_finish finish = {kind, isScaled ? p->finish.scale : NULL};
    lanes scale[2], correction[2], start[2] = {{0}, {0}};
    for (int v = 0; v < vectors; v++) {
        memcpy(&scale[v], of_vector(p, weights, v), sizeof *scale);
        memcpy(&correction[v], of_vector(p, weights + CORRECTION8, v), sizeof *correction);
    }
    if (p->bias) memcpy(start, p->bias + w->output, columns * sizeof(float));
    float *y = p->y + (w->row + w->done) * p->yStride + w->output;
    for (size_t r = w->done; r < last; r++, y += p->yStride) {
        const float step = p->step[w->row + r], low = p->low[w->row + r];
        float sums[BLOCK];
        for (int v = 0; v < vectors; v++) {
            ints whole;
            memcpy(&whole, w->whole + r * BLOCK + v * LANES, sizeof whole);
            const lanes sum = (__builtin_convertvector(whole, lanes) * step + correction[v] * low) * scale[v] + start[v];
            memcpy(sums + v * LANES, &sum, sizeof sum);
        }
        if (columns < BLOCK) {
            finish_row(sums, y, columns, w->output, &finish);
            continue;
        }
        // Unrolled, the two vectors would become many narrow ones.
#pragma clang loop vectorize_width(16) interleave_count(1) unroll(disable)
        for (size_t c = 0; c < BLOCK; c++) {
            switch (kind) {
            case STARLING_STORE: y[c] = sums[c]; break;
            case STARLING_GELU: y[c] = gelu(sums[c]); break;
            case STARLING_SILU: y[c] = silu(sums[c]); break;
            case STARLING_ADD: y[c] += isScaled ? p->finish.scale[w->output + c] * sums[c] : sums[c];
            }
        }
    }
    w->done = last;
}

/// The sums of a block of rows from `upper` on, in tile registers 0-3, or 0 and 1 if no more than 16 rows are there; a
/// constant. Meanwhile the vector units finish the block before it.
INLINED void multiply_block(
    const product *p, const uint8_t *upper, const char *left, const char *right, int hasLower, waiting8 *before,
    starling_finish_kind kind, int isScaled) {
    const uint8_t *lower = upper + TILE_ROWS * p->byteStride;
    const size_t steps = p->byteStride / TILE_BYTES, share = (BLOCK + steps - 1) / steps;
    zero_tiles();
    for (size_t step = 0; step < steps; step++) {
        const size_t weights = step * TILE8, inputs = step * TILE_BYTES;
        ADD_STEP(
            _tile_dpbusd, left + weights, right + weights, upper + inputs, lower + inputs, p->byteStride, hasLower);
        finish_some(before, share, p, kind, isScaled);
    }
}

INLINED void multiply_tiles8(const product *p, size_t rows, starling_finish_kind kind, int isScaled) {
    _Alignas(64) int32_t whole[2][BLOCK * BLOCK];
    const size_t line = BLOCK * sizeof **whole;
    waiting8 before = {.rows = 0};
    int turn = 0;
    for (size_t n = 0; n < p->outputs; n += BLOCK) {
        const char *left = weights_at(BYTES, p, n) + HEADER8;
        const char *right = n + PANEL < p->outputs ? left + bytes_of_panel8(p->panelDepth) : left;
        for (size_t r = 0; r < rows; r += BLOCK, turn ^= 1) {
            const uint8_t *upper = p->bytes + r * p->byteStride;
            int32_t *now = whole[turn];
            if (rows - r > TILE_ROWS) {
                multiply_block(p, upper, left, right, 1, &before, kind, isScaled);
                _tile_stored(2, now + TILE_ROWS * BLOCK, line);
                _tile_stored(3, now + TILE_ROWS * BLOCK + TILE_ROWS, line);
            } else {
                multiply_block(p, upper, left, right, 0, &before, kind, isScaled);
            }
            _tile_stored(0, now, line);
            _tile_stored(1, now + TILE_ROWS, line);
            before = (waiting8){now, r, n, rows - r < BLOCK ? rows - r : BLOCK, 0};
        }
    }
    finish_some(&before, BLOCK, p, kind, isScaled);
}

static void multiply_bytes(const product *p, size_t rows) {
    configure_tiles();
#define MULTIPLY(kind, isScaled, p) multiply_tiles8(p, rows, kind, isScaled)
    BY_FINISH(p->finish, MULTIPLY, p);
    _tile_release();
}
