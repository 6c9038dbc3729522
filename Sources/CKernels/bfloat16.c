/// y = x W^T + bias with W and x in bfloat16. W is packed in tiles (levels.h), the layout that both tdpbf16ps and
/// vdpbf16ps take.
#include "halves.h"

static size_t rounded(size_t count) { return (count + BLOCK - 1) / BLOCK * BLOCK; }

size_t starling_scratch_count(size_t rows, size_t stride, size_t inputs) {
    if (rows == 0) return 0;
    if (rows > ROWS_AT_ONCE) rows = ROWS_AT_ONCE;
    return stride < inputs ? (rounded(rows) - 1) * stride + rounded(inputs) : rounded(rows) * rounded(inputs);
}

#if defined(__x86_64__)
#include <immintrin.h>

static inline uint16_t mask_of(size_t columns) { return columns >= HALF ? 0xffff : (uint16_t)((1u << columns) - 1); }

/// Rows whose sums fit in the registers, 2 for each.
#define ROWS 12

/// Finishes the sums of a tile other than those that `rows_by_block` stores by itself.
AVX512_BFLOAT16 static __attribute__((noinline)) void finish_tile(
    const float *sums, size_t rows, const halves_product *p, size_t row, size_t output) {
#define FINISH(kind, isScaled, sums, rows, p, row, output) finish_rows(sums, 0, rows, p, row, output, kind, isScaled)
    BY_FINISH(p->finish, FINISH, sums, rows, p, row, output);
}

/// `rows` rows, a constant, by 32 outputs. Fetches some lines of the next weights in every step.
AVX512_BFLOAT16 INLINED void rows_by_block(
    int rows, const halves_product *p, const uint16_t *block, size_t row, size_t output, const uint16_t *next,
    size_t lines) {
    __m512 left[ROWS], right[ROWS];
    const uint16_t *a = p->a + row * p->aStride;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) left[r] = right[r] = _mm512_setzero_ps();
    for (size_t step = 0; step < p->steps; step++, block += PAIR_OF_TILES) {
        for (size_t i = 0; i < lines; i++, next += BLOCK) __builtin_prefetch(next, 0, 2);
        for (size_t pair = 0; pair < HALF; pair++) {
            __m512bh b0 = (__m512bh)_mm512_loadu_si512(block + pair * BLOCK);
            __m512bh b1 = (__m512bh)_mm512_loadu_si512(block + TILE + pair * BLOCK);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                int32_t both;
                memcpy(&both, a + (size_t)r * p->aStride + step * BLOCK + pair * 2, sizeof both);
                __m512bh x = (__m512bh)_mm512_set1_epi32(both);
                left[r] = _mm512_dpbf16_ps(left[r], x, b0);
                right[r] = _mm512_dpbf16_ps(right[r], x, b1);
            }
        }
    }
    const int added = p->finish.kind == STARLING_ADD && !p->finish.scale;
    if (p->outputs - output < BLOCK || !(added || p->finish.kind == STARLING_STORE)) {
        float sums[ROWS * BLOCK];
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            _mm512_storeu_ps(sums + r * BLOCK, left[r]);
            _mm512_storeu_ps(sums + r * BLOCK + HALF, right[r]);
        }
        finish_tile(sums, (size_t)rows, p, row, output);
        return;
    }
    const __m512 leftBias = p->bias ? _mm512_loadu_ps(p->bias + output) : _mm512_setzero_ps();
    const __m512 rightBias = p->bias ? _mm512_loadu_ps(p->bias + output + HALF) : _mm512_setzero_ps();
    float *y = p->y + row * p->yStride + output;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++, y += p->yStride) {
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

AVX512_BFLOAT16 static void multiply_vectors(const halves_product *p) {
    const uint16_t *packed = p->packed;
    const size_t size = p->steps * PAIR_OF_TILES, tiles = p->rows / ROWS;
    for (size_t n = 0; n < p->outputs; n += BLOCK, packed += size) {
        // The next block's weights come from far away: every tile fetches its share of them, a few lines at a time.
        const uint16_t *next = packed + size;
        size_t lines = tiles && n + BLOCK < p->outputs ? (BLOCK + tiles - 1) / tiles : 0, r = 0;
        for (; r + ROWS <= p->rows; r += ROWS, next += p->steps * lines * BLOCK) {
            rows_by_block(ROWS, p, packed, r, n, next, lines);
        }
        for (; r + 4 <= p->rows; r += 4) rows_by_block(4, p, packed, r, n, next, 0);
        for (; r < p->rows; r++) rows_by_block(1, p, packed, r, n, next, 0);
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

/// Rounds to nearest even; unlike starling_to_bfloat16 the instruction takes subnormal numbers for zero.
AVX512_BFLOAT16 static void convert(const float *x, uint16_t *y, size_t count) {
    size_t i = 0;
    for (; i + BLOCK <= count; i += BLOCK) {
        _mm512_storeu_si512(y + i, halves_of(_mm512_loadu_ps(x + i), _mm512_loadu_ps(x + i + HALF)));
    }
    for (; i < count; i += HALF) {
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

uint64_t starling_peak_bfloat16(size_t rounds) {
    return starling_best_level() == STARLING_AMX ? starling_peak_tiles(rounds) : peak_avx512(rounds);
}
#else
uint64_t starling_peak_bfloat16(size_t rounds) { return 0 * rounds; }

int starling_pack_vectors(
    const float *weight, size_t outputStride, size_t inputStride, uint16_t *packed, size_t outputs, size_t inputs) {
    return 0;
}
#endif

#if defined(__x86_64__)
static void multiply(const halves_product *p, starling_level level) {
    if (level == STARLING_AMX) starling_multiply_tiles(p);
    else multiply_vectors(p);
}
#endif

void starling_gemm(
    const float *x, size_t xStride, const uint16_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish, uint16_t *scratch, starling_level level) {
    starling_operations_done += 2 * (uint64_t)rows * outputs * inputs;
#if defined(__x86_64__)
    halves_product p = {scratch, 0, packed, bias, y, yStride, 0, outputs, rounded(inputs) / BLOCK, finish};
    for (size_t r = 0; r < rows; r += ROWS_AT_ONCE, x += ROWS_AT_ONCE * xStride, p.y += ROWS_AT_ONCE * yStride) {
        p.rows = rows - r < ROWS_AT_ONCE ? rows - r : ROWS_AT_ONCE;
        p.aStride = convert_panel(x, xStride, scratch, p.rows, inputs);
        multiply(&p, level);
    }
#endif
}

size_t starling_attention_halves_floats(size_t queries, size_t keys) {
    return rounded(queries < ROWS_AT_ONCE ? queries : ROWS_AT_ONCE) * rounded(keys);
}

size_t starling_attention_halves_scratch(size_t keys, size_t dimension) {
    const size_t query = starling_scratch_count(ROWS_AT_ONCE, dimension, dimension);
    const size_t weights = ROWS_AT_ONCE * rounded(keys);
    return 2 * starling_packed_count(keys, dimension) + (query > weights ? query : weights);
}

#if defined(__x86_64__)
/// 2^x: a polynomial of the remainder, |r| <= 1/2, to 3e-6; far more than what bfloat16 keeps.
AVX512_BFLOAT16 INLINED __m512 power_of_two(__m512 x) {
    const __m512 whole = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    const __m512 r = _mm512_sub_ps(x, whole);
    __m512 p = _mm512_set1_ps(9.58283e-3f);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.590636e-2f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.24024099f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.6931242f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(p, whole);
}

/// Scores [rows, keys] become e^(scale (score - the row's maximum)) in bfloat16; their sums are taken row by row.
AVX512_BFLOAT16 static void weigh(
    const float *scores, uint16_t *weights, float *sums, size_t rows, size_t keys, size_t stride, float scale) {
    const __m512 factor = _mm512_set1_ps(scale * 1.44269504f);
    const size_t whole = keys / HALF * HALF;
    const __mmask16 rest = mask_of(keys - whole);
    for (size_t r = 0; r < rows; r++, scores += stride, weights += stride) {
        __m512 top = _mm512_mask_loadu_ps(_mm512_set1_ps(scores[0]), rest, scores + whole);
        for (size_t k = 0; k < whole; k += HALF) top = _mm512_max_ps(top, _mm512_loadu_ps(scores + k));
        top = _mm512_set1_ps(_mm512_reduce_max_ps(top));
        __m512 sum = _mm512_setzero_ps();
        for (size_t k = 0; k < whole; k += HALF) {
            const __m512 below = _mm512_sub_ps(_mm512_loadu_ps(scores + k), top);
            const __m512 weight = power_of_two(_mm512_mul_ps(factor, below));
            sum = _mm512_add_ps(sum, weight);
            _mm256_storeu_si256((__m256i *)(weights + k), (__m256i)_mm512_cvtneps_pbh(weight));
        }
        memset(weights + whole, 0, (stride - whole) * sizeof *weights);
        if (rest) {
            const __m512 below = _mm512_sub_ps(_mm512_maskz_loadu_ps(rest, scores + whole), top);
            const __m512 weight = _mm512_maskz_mov_ps(rest, power_of_two(_mm512_mul_ps(factor, below)));
            sum = _mm512_add_ps(sum, weight);
            _mm256_mask_storeu_epi16(weights + whole, rest, (__m256i)_mm512_cvtneps_pbh(weight));
        }
        sums[r] = _mm512_reduce_add_ps(sum);
    }
}

AVX512_BFLOAT16 static void divide_rows(float *y, size_t yStride, const float *sums, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, y += yStride) {
        const float inverse = 1 / sums[r];
        for (size_t c = 0; c < columns; c++) y[c] *= inverse;
    }
}
#endif

void starling_attention_halves(
    const float *query, size_t queryStride, const float *key, const float *value, size_t keyStride, float *y,
    size_t yStride, size_t queries, size_t keys, size_t dimension, float scale, float *floats, uint16_t *scratch,
    starling_level level) {
    starling_operations_done += 4 * (uint64_t)queries * keys * dimension;
#if defined(__x86_64__)
    // Keys and values are packed as the weights of two products.
    const size_t stride = rounded(keys), packed = starling_packed_count(keys, dimension);
    uint16_t *packedKeys = scratch, *packedValues = packedKeys + packed, *a = packedValues + packed;
    starling_pack(key, keyStride, 1, packedKeys, keys, dimension);
    starling_pack(value, 1, keyStride, packedValues, dimension, keys);
    float sums[ROWS_AT_ONCE];
    for (size_t q = 0; q < queries; q += ROWS_AT_ONCE, query += ROWS_AT_ONCE * queryStride) {
        const size_t rows = queries - q < ROWS_AT_ONCE ? queries - q : ROWS_AT_ONCE;
        float *out = y + q * yStride;
        const size_t aStride = convert_panel(query, queryStride, a, rows, dimension);
        const halves_product meet = {
            .a = a, .aStride = aStride, .packed = packedKeys, .y = floats, .yStride = stride, .rows = rows,
            .outputs = keys, .steps = rounded(dimension) / BLOCK};
        multiply(&meet, level);
        weigh(floats, a, sums, rows, keys, stride, scale);
        const halves_product gather = {
            .a = a, .aStride = stride, .packed = packedValues, .y = out, .yStride = yStride, .rows = rows,
            .outputs = dimension, .steps = stride / BLOCK};
        multiply(&gather, level);
        divide_rows(out, yStride, sums, rows, dimension);
    }
#endif
}
