/// The heart of products in int8: bytes of inputs without a sign meet bytes of weights with one, and whole numbers are
/// summed. Weights have 7 bits, so that no sum of two products leaves 16 bits: all levels give the same sums.

/// sums[i] += the products of the four bytes of `inputs` with those of weights[i].
INLINED ints add_quads(ints sums, uint32_t inputs, ints weights) {
#if LANES == 16 && defined(VNNI)
    return (ints)_mm512_dpbusd_epi32((__m512i)sums, _mm512_set1_epi32((int)inputs), (__m512i)weights);
#elif LANES == 16
    const __m512i pairs = _mm512_maddubs_epi16(_mm512_set1_epi32((int)inputs), (__m512i)weights);
    return sums + (ints)_mm512_madd_epi16(pairs, _mm512_set1_epi16(1));
#elif LANES == 8 && defined(VNNI)
    return (ints)_mm256_dpbusd_avx_epi32((__m256i)sums, _mm256_set1_epi32((int)inputs), (__m256i)weights);
#elif LANES == 8
    const __m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi32((int)inputs), (__m256i)weights);
    return sums + (ints)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
#elif defined(DOTPROD)
    // Both have a sign: inputs are taken 128 lower, which `sums_before` makes good.
    const int8x16_t lower = vreinterpretq_s8_u32(vdupq_n_u32(inputs ^ 0x80808080u));
    return (ints)vdotq_s32((int32x4_t)sums, (int8x16_t)weights, lower);
#else
    for (int byte = 0; byte < 4; byte++) {
        sums += (weights << (24 - 8 * byte) >> 24) * (int32_t)(inputs >> 8 * byte & 0xff);
    }
    return sums;
#endif
}

/// Sums without any input, of outputs whose weights sum up to `correction`.
INLINED ints sums_before(lanes correction) {
#if defined(DOTPROD)
    return __builtin_convertvector(correction, ints) * 128;
#else
    (void)correction;
    return (ints){0};
#endif
}

/// What a vector of outputs has at `w`, a place in the first of their panels.
INLINED const char *of_vector(const product *p, const char *w, int vector) {
    return w + vector / VECTORS * bytes_of_panel8(p->depth) + vector % VECTORS * sizeof(ints);
}

/// Adds the products of four inputs to the sums of a tile.
INLINED void add_quad(int height, int vectors, const product *p, const uint8_t *x, const char *w, ints *sums) {
    ints weights[PANELS * VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) memcpy(&weights[v], of_vector(p, w, v), sizeof(ints));
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
        uint32_t inputs;
        memcpy(&inputs, x + (size_t)r * p->byteStride, sizeof inputs);
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sums[r * vectors + v] = add_quads(sums[r * vectors + v], inputs, weights[v]);
    }
}

/// What the sums of a tile stand for: scale (step sum + low correction) + start.
INLINED void scale_sums(
    int height, int vectors, const product *p, size_t row, const char *w, const float *start, const ints *whole,
    lanes *sums) {
    // As written, so that all levels round alike.
#pragma clang fp contract(off)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        lanes scale, correction, first;
        memcpy(&scale, of_vector(p, w, v), sizeof scale);
        memcpy(&correction, of_vector(p, w + CORRECTION8, v), sizeof correction);
        memcpy(&first, start + v * LANES, sizeof first);
#pragma clang loop unroll(full)
        for (int r = 0; r < height; r++) {
            lanes sum = __builtin_convertvector(whole[r * vectors + v], lanes) * p->step[row + (size_t)r];
            sums[r * vectors + v] = (sum + correction * p->low[row + (size_t)r]) * scale + first;
        }
    }
}

#if defined(I8MM)
/// The sums of all inputs of a tile, two rows and two outputs at a time: usmmla adds the products of eight inputs of
/// both rows with eight weights to both outputs.
INLINED void add_bytes(
    int height, int panels, const product *p, size_t row, const char *w, fetching f, const float *start, lanes *sums) {
    enum { PAIRS = (HEIGHT8 + 1) / 2 };
    const int vectors = panels * VECTORS, pairs = (height + 1) / 2;
    const uint8_t *x = p->bytes + row * p->byteStride;
    const char *quads = w + HEADER8;
    const size_t inputs = inputs_of_step(BYTES);
    int32x4_t squares[PAIRS * 2 * PANELS * VECTORS] = {0};
    // What is beyond the inputs is zero up to a whole tile.
    for (size_t k = 0; k < p->depth; k += 8, x += 8, quads += 8 * PANEL) {
        if (k % inputs == 0) {
            for (size_t i = 0; i < f.lines; i++) __builtin_prefetch(f.next + i * LINE, 0, 2);
            f.next += f.lines * LINE;
        }
        uint8x16_t rows[PAIRS];
#pragma clang loop unroll(full)
        for (int r = 0; r < pairs; r++) {
            const uint8_t *upper = x + (size_t)(2 * r) * p->byteStride;
            const uint8_t *lower = 2 * r + 1 < height ? upper + p->byteStride : upper;
            rows[r] = vcombine_u8(vld1_u8(upper), vld1_u8(lower));
        }
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            int32x4_t first, second;
            memcpy(&first, of_vector(p, quads, v), sizeof first);
            memcpy(&second, of_vector(p, quads + 4 * PANEL, v), sizeof second);
            const int8x16_t outputs[2] = {
                vreinterpretq_s8_s32(vzip1q_s32(first, second)), vreinterpretq_s8_s32(vzip2q_s32(first, second))};
#pragma clang loop unroll(full)
            for (int i = 0; i < 2 * pairs; i++) {
                int32x4_t *square = &squares[i / 2 * 2 * vectors + 2 * v + i % 2];
                *square = vusmmlaq_s32(*square, rows[i / 2], outputs[i % 2]);
            }
        }
    }
    ints whole[HEIGHT * PANELS * VECTORS];
#pragma clang loop unroll(full)
    for (int i = 0; i < height * vectors; i++) {
        const int64x2_t *halves = (const int64x2_t *)&squares[i / vectors / 2 * 2 * vectors + 2 * (i % vectors)];
        whole[i] = (ints)(i / vectors % 2 ? vzip2q_s64(halves[0], halves[1]) : vzip1q_s64(halves[0], halves[1]));
    }
    scale_sums(height, vectors, p, row, w, start, whole, sums);
}
#else
/// The sums of all inputs of a tile.
INLINED void add_bytes(
    int height, int panels, const product *p, size_t row, const char *w, fetching f, const float *start, lanes *sums) {
    const int vectors = panels * VECTORS;
    const uint8_t *x = p->bytes + row * p->byteStride;
    const char *quads = w + HEADER8;
    const size_t inputs = inputs_of_step(BYTES);
    size_t left = rounded_to_quads(p->depth);
    ints whole[HEIGHT * PANELS * VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        lanes correction;
        memcpy(&correction, of_vector(p, w + CORRECTION8, v), sizeof correction);
#pragma clang loop unroll(full)
        for (int r = 0; r < height; r++) whole[r * vectors + v] = sums_before(correction);
    }
    for (; left >= inputs; left -= inputs) {
        for (size_t i = 0; i < f.lines; i++) __builtin_prefetch(f.next + i * LINE, 0, 2);
        f.next += f.lines * LINE;
#pragma clang loop unroll_count(2)
        for (size_t k = 0; k < inputs; k += 4, x += 4, quads += 4 * PANEL) {
            add_quad(height, vectors, p, x, quads, whole);
        }
    }
    for (; left > 0; left -= 4, x += 4, quads += 4 * PANEL) add_quad(height, vectors, p, x, quads, whole);
    scale_sums(height, vectors, p, row, w, start, whole, sums);
}
#endif
