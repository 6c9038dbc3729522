/// y = x W^T + bias with W and x in bfloat16. W is packed in tiles (levels.h), the layout that both tdpbf16ps and
/// vdpbf16ps take.
#include "levels/levels.h"
#include "loops/functions.h"
#include "loops/finish.h"

enum { HALF = PANEL };

static size_t rounded(size_t count) { return (count + BLOCK - 1) / BLOCK * BLOCK; }

size_t starling_scratch_count(size_t rows, size_t stride, size_t inputs) {
    if (rows == 0) return 0;
    if (rows > ROWS_AT_ONCE) rows = ROWS_AT_ONCE;
    return stride < inputs ? (rounded(rows) - 1) * stride + rounded(inputs) : rounded(rows) * rounded(inputs);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512_BFLOAT16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))
#define AMX __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16,amx-tile,amx-bf16")))

static inline uint16_t mask_of(size_t columns) { return columns >= HALF ? 0xffff : (uint16_t)((1u << columns) - 1); }

/// What all rows of a block of 32 outputs have in common.
typedef struct {
    const float *bias;
    float *y;
    size_t yStride, output, columns;
    const starling_finish *finish;
} block_end;

/// Adds the bias to one row of a finished block and takes the columns that exist.
AVX512_BFLOAT16 static inline void end(__m512 left, __m512 right, size_t row, const block_end *e) {
    __mmask16 leftMask = mask_of(e->columns), rightMask = mask_of(e->columns > HALF ? e->columns - HALF : 0);
    if (e->bias) {
        left = _mm512_add_ps(left, _mm512_maskz_loadu_ps(leftMask, e->bias + e->output));
        right = _mm512_add_ps(right, _mm512_maskz_loadu_ps(rightMask, e->bias + e->output + HALF));
    }
    float *y = e->y + row * e->yStride + e->output;
    if (e->finish->kind == STARLING_STORE) {
        _mm512_mask_storeu_ps(y, leftMask, left);
        _mm512_mask_storeu_ps(y + HALF, rightMask, right);
    } else {
        float sums[BLOCK];
        _mm512_storeu_ps(sums, left);
        _mm512_storeu_ps(sums + HALF, right);
        finish_row(sums, y, e->columns, e->output, e->finish);
    }
}

static block_end end_at(
    size_t output, size_t outputs, const float *bias, float *y, size_t yStride, const starling_finish *finish) {
    return (block_end){bias, y, yStride, output, outputs - output < BLOCK ? outputs - output : BLOCK, finish};
}

/// Rows whose sums fit in the registers, 2 for each.
#define ROWS 12

/// `rows` rows, a constant, by 32 outputs.
AVX512_BFLOAT16 INLINED void rows_by_block(
    int rows, const uint16_t *a, size_t aStride, const uint16_t *block, size_t steps, size_t row, const block_end *e,
    const uint16_t *next, size_t lines) {
    __m512 left[ROWS], right[ROWS];
    a += row * aStride;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) left[r] = right[r] = _mm512_setzero_ps();
    for (size_t step = 0; step < steps; step++, block += PAIR_OF_TILES) {
        for (size_t i = 0; i < lines; i++, next += BLOCK) __builtin_prefetch(next, 0, 2);
        for (size_t pair = 0; pair < HALF; pair++) {
            __m512bh b0 = (__m512bh)_mm512_loadu_si512(block + pair * BLOCK);
            __m512bh b1 = (__m512bh)_mm512_loadu_si512(block + TILE + pair * BLOCK);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                int32_t both;
                memcpy(&both, a + (size_t)r * aStride + step * BLOCK + pair * 2, sizeof both);
                __m512bh x = (__m512bh)_mm512_set1_epi32(both);
                left[r] = _mm512_dpbf16_ps(left[r], x, b0);
                right[r] = _mm512_dpbf16_ps(right[r], x, b1);
            }
        }
    }
    const int added = e->finish->kind == STARLING_ADD && !e->finish->scale;
    if (e->columns < BLOCK || !(added || e->finish->kind == STARLING_STORE)) {
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) end(left[r], right[r], row + (size_t)r, e);
        return;
    }
    const __m512 leftBias = e->bias ? _mm512_loadu_ps(e->bias + e->output) : _mm512_setzero_ps();
    const __m512 rightBias = e->bias ? _mm512_loadu_ps(e->bias + e->output + HALF) : _mm512_setzero_ps();
    float *y = e->y + row * e->yStride + e->output;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++, y += e->yStride) {
        left[r] = _mm512_add_ps(left[r], leftBias);
        right[r] = _mm512_add_ps(right[r], rightBias);
        if (added) {
            left[r] = _mm512_add_ps(_mm512_loadu_ps(y), left[r]);
            right[r] = _mm512_add_ps(_mm512_loadu_ps(y + HALF), right[r]);
        }
        _mm512_storeu_ps(y, left[r]);
        _mm512_storeu_ps(y + HALF, right[r]);
    }
}

AVX512_BFLOAT16 static void gemm_avx512(
    const uint16_t *a, size_t aStride, const uint16_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t steps, const starling_finish *finish) {
    const size_t size = steps * PAIR_OF_TILES, tiles = rows / ROWS;
    for (size_t n = 0; n < outputs; n += BLOCK, packed += size) {
        block_end e = end_at(n, outputs, bias, y, yStride, finish);
        // The next block's weights come from far away: every tile fetches its share of them, a few lines at a time.
        const uint16_t *next = packed + size;
        size_t lines = tiles && n + BLOCK < outputs ? (BLOCK + tiles - 1) / tiles : 0, r = 0;
        for (; r + ROWS <= rows; r += ROWS, next += steps * lines * BLOCK) {
            rows_by_block(ROWS, a, aStride, packed, steps, r, &e, next, lines);
        }
        for (; r + 4 <= rows; r += 4) rows_by_block(4, a, aStride, packed, steps, r, &e, next, 0);
        for (; r < rows; r++) rows_by_block(1, a, aStride, packed, steps, r, &e, next, 0);
    }
}

/// Columns become rows: 16 words of 16 rows.
AVX512_BFLOAT16 INLINED void turn_words(__m512i *rows) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#pragma clang loop unroll(full)
    for (int s = 1; s < HALF; s *= 2) {
        // Squares of s by s change places: lanes 16 and more are those of the second row.
        const __m512i isSecond = _mm512_and_si512(lane, _mm512_set1_epi32(s));
        const __mmask16 second = _mm512_test_epi32_mask(isSecond, isSecond);
        const __m512i upper = _mm512_mask_add_epi32(lane, second, lane, _mm512_set1_epi32(HALF - s));
        const __m512i lower = _mm512_add_epi32(upper, _mm512_set1_epi32(s));
#pragma clang loop unroll(full)
        for (int r = 0; r < HALF; r++) {
            if (r & s) continue;
            const __m512i a = rows[r], b = rows[r + s];
            rows[r] = _mm512_permutex2var_epi32(a, upper, b);
            rows[r + s] = _mm512_permutex2var_epi32(a, lower, b);
        }
    }
}

/// Numbers of two vectors as bfloat16, those of the first before those of the second.
AVX512_BFLOAT16 static inline __m512i halves_of(__m512 first, __m512 second) {
    return (__m512i)_mm512_cvtne2ps_pbh(second, first);
}

/// Packs weights [outputs, inputs] whose inputs lie side by side.
AVX512_BFLOAT16 static void pack_rows(
    const float *weight, size_t stride, uint16_t *packed, size_t outputs, size_t inputs) {
    const size_t steps = rounded(inputs) / BLOCK;
    for (size_t n = 0; n < rounded(outputs); n += HALF) {
        uint16_t *tile = packed + n / BLOCK * steps * PAIR_OF_TILES + n % BLOCK / HALF * TILE;
        for (size_t k = 0; k < inputs; k += BLOCK, tile += PAIR_OF_TILES) {
            const __mmask16 left = mask_of(inputs - k), right = mask_of(inputs - k > HALF ? inputs - k - HALF : 0);
            __m512i rows[HALF];
#pragma clang loop unroll(full)
            for (size_t r = 0; r < HALF; r++) {
                const int exists = n + r < outputs;
                const float *row = weight + (exists ? n + r : 0) * stride + k;
                rows[r] = halves_of(
                    _mm512_maskz_loadu_ps(exists ? left : 0, row),
                    _mm512_maskz_loadu_ps(exists ? right : 0, row + HALF));
            }
            turn_words(rows);
#pragma clang loop unroll(full)
            for (size_t pair = 0; pair < HALF; pair++) _mm512_storeu_si512(tile + pair * BLOCK, rows[pair]);
        }
    }
}

/// Packs weights [outputs, inputs] whose outputs lie side by side.
AVX512_BFLOAT16 static void pack_columns(
    const float *weight, size_t stride, uint16_t *packed, size_t outputs, size_t inputs) {
    const size_t steps = rounded(inputs) / BLOCK;
    const __m512i half = _mm512_set1_epi32(HALF << 16);  // of a pair the second comes from the upper half
    const __m512i order = _mm512_or_si512(
        half, _mm512_mullo_epi32(
                  _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                  _mm512_set1_epi32(0x10001)));
    for (size_t k = 0; k < rounded(inputs); k += 2) {
        const float *first = weight + k * stride, *second = first + stride;
        uint16_t *pair = packed + k / BLOCK * PAIR_OF_TILES + k % BLOCK / 2 * BLOCK;
        for (size_t n = 0; n < rounded(outputs); n += HALF) {
            const __mmask16 mask = mask_of(n < outputs ? outputs - n : 0);
            const __m512 a = _mm512_maskz_loadu_ps(k < inputs ? mask : 0, first + n);
            const __m512 b = _mm512_maskz_loadu_ps(k + 1 < inputs ? mask : 0, second + n);
            _mm512_storeu_si512(
                pair + n / BLOCK * steps * PAIR_OF_TILES + n % BLOCK / HALF * TILE,
                _mm512_permutexvar_epi16(order, halves_of(a, b)));
        }
    }
}

int starling_pack_vectors(
    const float *weight, size_t outputStride, size_t inputStride, uint16_t *packed, size_t outputs, size_t inputs) {
    if (starling_best_level() < STARLING_AVX512_BFLOAT16 || (inputStride != 1 && outputStride != 1)) return 0;
    if (inputStride == 1) pack_rows(weight, outputStride, packed, outputs, inputs);
    else pack_columns(weight, inputStride, packed, outputs, inputs);
    return 1;
}

/// Makes all eight tile registers 16 rows of 64 bytes.
AMX static void configure_tiles(void) {
    struct {
        uint8_t palette, start, reserved[14];
        uint16_t bytesPerRow[16];
        uint8_t rows[16];
    } configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) configuration.bytesPerRow[tile] = 64, configuration.rows[tile] = 16;
    _tile_loadconfig(&configuration);
}

/// Tile registers 0-3 hold 32 by 32 sums, 4 and 5 the activations, 6 and 7 the weights; all are 16 rows of 64 bytes.
AMX static void gemm_amx(
    const uint16_t *a, size_t aStride, const uint16_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t steps, const starling_finish *finish) {
    configure_tiles();
    _Alignas(64) float sums[BLOCK][BLOCK];
    size_t bytes = aStride * sizeof *a;
    for (size_t n = 0; n < outputs; n += BLOCK, packed += steps * PAIR_OF_TILES) {
        block_end e = end_at(n, outputs, bias, y, yStride, finish);
        for (size_t r = 0; r < rows; r += BLOCK) {
            const uint16_t *upper = a + r * aStride, *lower = upper + HALF * aStride, *block = packed;
            int both = rows - r > HALF;
            _tile_zero(0);
            _tile_zero(1);
            _tile_zero(2);
            _tile_zero(3);
            if (both) {
                for (size_t step = 0; step < steps; step++, block += PAIR_OF_TILES) {
                    _tile_loadd(6, block, 64);
                    _tile_loadd(4, upper + step * BLOCK, bytes);
                    _tile_loadd(7, block + TILE, 64);
                    _tile_dpbf16ps(0, 4, 6);
                    _tile_loadd(5, lower + step * BLOCK, bytes);
                    _tile_dpbf16ps(1, 4, 7);
                    _tile_dpbf16ps(2, 5, 6);
                    _tile_dpbf16ps(3, 5, 7);
                }
                _tile_stored(2, &sums[HALF][0], BLOCK * sizeof(float));
                _tile_stored(3, &sums[HALF][HALF], BLOCK * sizeof(float));
            } else {
                for (size_t step = 0; step < steps; step++, block += PAIR_OF_TILES) {
                    _tile_loadd(6, block, 64);
                    _tile_loadd(4, upper + step * BLOCK, bytes);
                    _tile_loadd(7, block + TILE, 64);
                    _tile_dpbf16ps(0, 4, 6);
                    _tile_dpbf16ps(1, 4, 7);
                }
            }
            _tile_stored(0, &sums[0][0], BLOCK * sizeof(float));
            _tile_stored(1, &sums[0][HALF], BLOCK * sizeof(float));
            size_t count = rows - r < BLOCK ? rows - r : BLOCK;
            for (size_t i = 0; i < count; i++) end(_mm512_load_ps(sums[i]), _mm512_load_ps(sums[i] + HALF), r + i, &e);
        }
    }
    _tile_release();
}

/// Rounds to nearest even; unlike starling_to_bfloat16 the instruction takes subnormal numbers for zero.
AVX512_BFLOAT16 static void convert(const float *x, uint16_t *y, size_t count) {
    for (size_t i = 0; i < count; i += HALF) {
        __mmask16 mask = mask_of(count - i);
        __m256bh rounded = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, x + i));
        _mm256_mask_storeu_epi16(y + i, mask, (__m256i)rounded);
    }
}

/// Converts up to ROWS_AT_ONCE rows; returns the stride they then have.
static size_t convert_panel(const float *x, size_t xStride, uint16_t *a, size_t rows, size_t inputs) {
    size_t aStride = rounded(inputs);
    if (xStride < inputs) {
        // Overlapping rows stay so. What the last step reads beyond a row meets zero weights, but must be finite.
        size_t used = (rows - 1) * xStride + inputs;
        convert(x, a, used);
        memset(a + used, 0, (starling_scratch_count(rows, xStride, inputs) - used) * sizeof *a);
        return xStride;
    }
    for (size_t r = 0; r < rows; r++) {
        convert(x + r * xStride, a + r * aStride, inputs);
        memset(a + r * aStride + inputs, 0, (aStride - inputs) * sizeof *a);
    }
    return aStride;
}

AVX512_BFLOAT16 static uint64_t peak_avx512(size_t rounds) {
    __m512 sums[ROWS];
    __m512bh half = (__m512bh)_mm512_set1_epi16(0x3f00);
    for (int i = 0; i < ROWS; i++) sums[i] = _mm512_set1_ps((float)i);
    for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < ROWS; i++) sums[i] = _mm512_dpbf16_ps(sums[i], half, half);
    }
    for (int i = 1; i < ROWS; i++) sums[0] = _mm512_add_ps(sums[0], sums[i]);
    volatile float kept = _mm512_cvtss_f32(sums[0]);
    (void)kept;
    return (uint64_t)rounds * ROWS * HALF * 4;
}

AMX static uint64_t peak_amx(size_t rounds) {
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

uint64_t starling_peak_bfloat16(size_t rounds) {
    return starling_best_level() == STARLING_AMX_BFLOAT16 ? peak_amx(rounds) : peak_avx512(rounds);
}
#else
uint64_t starling_peak_bfloat16(size_t rounds) { return 0 * rounds; }

int starling_pack_vectors(
    const float *weight, size_t outputStride, size_t inputStride, uint16_t *packed, size_t outputs, size_t inputs) {
    return 0;
}
#endif

void starling_gemm(
    const float *x, size_t xStride, const uint16_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish, uint16_t *scratch, starling_level level) {
    starling_operations_done += 2 * (uint64_t)rows * outputs * inputs;
#if defined(__x86_64__)
    size_t steps = rounded(inputs) / BLOCK;
    for (size_t r = 0; r < rows; r += ROWS_AT_ONCE, x += ROWS_AT_ONCE * xStride, y += ROWS_AT_ONCE * yStride) {
        size_t count = rows - r < ROWS_AT_ONCE ? rows - r : ROWS_AT_ONCE;
        size_t aStride = convert_panel(x, xStride, scratch, count, inputs);
        if (level == STARLING_AMX_BFLOAT16) {
            gemm_amx(scratch, aStride, packed, bias, y, yStride, count, outputs, steps, &finish);
        } else {
            gemm_avx512(scratch, aStride, packed, bias, y, yStride, count, outputs, steps, &finish);
        }
    }
#endif
}
