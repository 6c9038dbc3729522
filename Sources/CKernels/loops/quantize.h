/// Numbers as whole ones: rows of inputs in 8 bits from their lowest number on, weights in 7 with a sign.

/// The lower, and the higher, of two numbers, lane by lane.
#if LANES == 16
INLINED lanes lower(lanes a, lanes b) { return (lanes)_mm512_min_ps((__m512)a, (__m512)b); }
INLINED lanes higher(lanes a, lanes b) { return (lanes)_mm512_max_ps((__m512)a, (__m512)b); }
#elif LANES == 8
INLINED lanes lower(lanes a, lanes b) { return (lanes)_mm256_min_ps((__m256)a, (__m256)b); }
INLINED lanes higher(lanes a, lanes b) { return (lanes)_mm256_max_ps((__m256)a, (__m256)b); }
#elif defined(__x86_64__)
INLINED lanes lower(lanes a, lanes b) { return (lanes)_mm_min_ps((__m128)a, (__m128)b); }
INLINED lanes higher(lanes a, lanes b) { return (lanes)_mm_max_ps((__m128)a, (__m128)b); }
#else
INLINED lanes lower(lanes a, lanes b) { return (lanes)vminq_f32((float32x4_t)a, (float32x4_t)b); }
INLINED lanes higher(lanes a, lanes b) { return (lanes)vmaxq_f32((float32x4_t)a, (float32x4_t)b); }
#endif

/// Whole numbers of 0...255 as bytes.
INLINED void store_bytes(uint8_t *q, ints whole) {
#if LANES == 8
    // Two halves of 16-bit numbers, of which each has its place in both: 0-3 0-3 4-7 4-7.
    const __m256i pairs = _mm256_packus_epi32((__m256i)whole, (__m256i)whole);
    const __m256i bytes = _mm256_packus_epi16(pairs, pairs);
    const uint32_t first = (uint32_t)_mm256_extract_epi32(bytes, 0), second = (uint32_t)_mm256_extract_epi32(bytes, 4);
    memcpy(q, &first, sizeof first);
    memcpy(q + sizeof first, &second, sizeof second);
#else
    typedef uint8_t octets __attribute__((vector_size(LANES)));
    const octets bytes = __builtin_convertvector(whole, octets);
    memcpy(q, &bytes, sizeof bytes);
#endif
}

/// q = (x - low) / step rounded, 0...255, for one row. A row with a number that is not finite has no lowest.
static void AT_LEVEL(quantize)(const float *x, uint8_t *q, size_t count, float *low, float *step) {
    // As written, so that all levels round alike.
#pragma clang fp contract(off)
    enum { VECTORS_AT_ONCE = 4, WIDE = VECTORS_AT_ONCE * LANES };
    lanes least[VECTORS_AT_ONCE], most[VECTORS_AT_ONCE], nothing[VECTORS_AT_ONCE];
    for (int v = 0; v < VECTORS_AT_ONCE; v++) least[v] = most[v] = (lanes){0} + x[0], nothing[v] = (lanes){0};
    size_t i = 0;
    for (; i + WIDE <= count; i += WIDE) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < VECTORS_AT_ONCE; v++) {
            lanes some;
            memcpy(&some, x + i + v * LANES, sizeof some);
            least[v] = lower(some, least[v]);
            most[v] = higher(some, most[v]);
            nothing[v] += 0 * some;
        }
    }
    for (int v = VECTORS_AT_ONCE / 2; v > 0; v /= 2) {
        for (int u = 0; u < v; u++) {
            least[u] = lower(least[u], least[u + v]);
            most[u] = higher(most[u], most[u + v]);
            nothing[u] += nothing[u + v];
        }
    }
    for (; i + LANES <= count; i += LANES) {
        lanes some;
        memcpy(&some, x + i, sizeof some);
        least[0] = lower(some, least[0]);
        most[0] = higher(some, most[0]);
        nothing[0] += 0 * some;
    }
    float lows[LANES], highs[LANES], nones[LANES];
    memcpy(lows, &least[0], sizeof lows);
    memcpy(highs, &most[0], sizeof highs);
    memcpy(nones, &nothing[0], sizeof nones);
#pragma clang loop unroll(full)
    for (int half = LANES / 2; half > 0; half /= 2) {
#pragma clang loop unroll(full)
        for (int j = 0; j < half; j++) {
            lows[j] = lows[j + half] < lows[j] ? lows[j + half] : lows[j];
            highs[j] = highs[j + half] > highs[j] ? highs[j + half] : highs[j];
            nones[j] += nones[j + half];
        }
    }
    float first = lows[0], last = highs[0], none = nones[0];
    for (; i < count; i++) {
        first = x[i] < first ? x[i] : first;
        last = x[i] > last ? x[i] : last;
        none += 0 * x[i];
    }
    const float range = last - first;
    // Below this the factor would overflow; above, it was not finite.
    const int isUsual = range > 1e-30f && range < 1e38f;
    const float factor = isUsual ? MOST8 / range : 0;
    *step = isUsual ? range / MOST8 : 0;
    *low = range < 1e38f ? first + none : from_bits(0x7fc00000u);
    for (i = 0; i + LANES <= count; i += LANES) {
        lanes some;
        memcpy(&some, x + i, sizeof some);
        store_bytes(q + i, __builtin_convertvector((some - first) * factor + 0.5f, ints));
    }
    for (; i < count; i++) q[i] = (uint8_t)(int32_t)((x[i] - first) * factor + 0.5f);
}

/// The weights to one output in float32, or `halves` if there are any, in their place among those of the others; see
/// starling_pack8. The k-th input of the product is channel k % channels at tap k / channels.
INLINED void pack_output8(
    const float *floats, const uint16_t *halves, uint8_t *packed, size_t output, size_t channels, size_t taps) {
    // As written, so that all levels round alike.
#pragma clang fp contract(off)
    enum { WIDE = 64 };
    const size_t inputs = channels * taps;
    uint32_t most = 0;  // sizes of numbers are ordered as their bits are
    for (size_t k = 0; k < inputs; k++) {
        const uint32_t size = (halves ? (uint32_t)halves[k] << 16 : to_bits(floats[k])) & 0x7fffffffu;
        most = size > most ? size : most;
    }
    const float largest = from_bits(most);
    const int isUsual = largest > 1e-30f && most < 0x7f800000u;
    const float factor = isUsual ? MOST_WEIGHT8 / largest : 0;
    char *panel = (char *)packed + output / PANEL * bytes_of_panel8(inputs);
    char *place = panel + HEADER8 + output % PANEL * 4;
    int32_t sum = 0;
    for (size_t k = 0; k < inputs; k += WIDE) {
        const size_t count = inputs - k < WIDE ? inputs - k : WIDE;
        float some[WIDE] = {0};
        int8_t bytes[WIDE];
        if (!halves) {
            memcpy(some, floats + k, count * sizeof *some);
        } else if (taps == 1) {
            for (size_t i = 0; i < count; i++) some[i] = from_bits((uint32_t)halves[k + i] << 16);
        } else {
            size_t channel = k % channels, tap = k / channels;
            for (size_t i = 0; i < count; i++) {
                some[i] = from_bits((uint32_t)halves[channel * taps + tap] << 16);
                if (++channel == channels) channel = 0, tap++;
            }
        }
        for (int i = 0; i < WIDE; i++) {
            const float scaled = some[i] * factor;
            const int32_t whole = (int32_t)(scaled + (scaled < 0 ? -0.5f : 0.5f));
            sum += whole;
            bytes[i] = (int8_t)whole;
        }
        for (size_t i = 0; i < count; i += 4, place += 4 * PANEL) memcpy(place, bytes + i, 4);
    }
    // A weight that is not finite makes its output so.
    const float scale = isUsual ? largest / MOST_WEIGHT8 : most >= 0x7f800000u ? from_bits(0x7fc00000u) : 0;
    const float correction = (float)sum;
    memcpy(panel + output % PANEL * sizeof scale, &scale, sizeof scale);
    memcpy(panel + (PANEL + output % PANEL) * sizeof correction, &correction, sizeof correction);
}

static void AT_LEVEL(pack8)(const float *weight, uint8_t *packed, size_t outputs, size_t inputs) {
    memset(packed, 0, starling_packed_count8(outputs, inputs));
    for (size_t n = 0; n < outputs; n++) pack_output8(weight + n * inputs, NULL, packed, n, inputs, 1);
}

static void AT_LEVEL(pack8_halves)(
    const uint16_t *weight, uint8_t *packed, size_t outputs, size_t inputs, size_t taps) {
    memset(packed, 0, starling_packed_count8(outputs, inputs * taps));
    for (size_t n = 0; n < outputs; n++) {
        pack_output8(NULL, weight + n * inputs * taps, packed, n, inputs, taps);
    }
}
