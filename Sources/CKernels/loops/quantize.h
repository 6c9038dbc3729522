/// Numbers as whole ones: rows of inputs in 8 bits from their lowest number on, weights in 7 with a sign.

/// q = (x - low) / step rounded, 0...255, for one row. A row with a number that is not finite has no lowest.
static void AT_LEVEL(quantize)(const float *x, uint8_t *q, size_t count, float *low, float *step) {
    // As written, so that all levels round alike.
#pragma clang fp contract(off)
    enum { WIDE = 4 * LANES };
    float least[WIDE], most[WIDE], nothing[WIDE];
    for (int j = 0; j < WIDE; j++) least[j] = most[j] = x[0], nothing[j] = 0;
    size_t i = 0;
    for (; i + WIDE <= count; i += WIDE) {
#pragma clang loop vectorize(enable)
        for (int j = 0; j < WIDE; j++) {
            least[j] = x[i + (size_t)j] < least[j] ? x[i + (size_t)j] : least[j];
            most[j] = x[i + (size_t)j] > most[j] ? x[i + (size_t)j] : most[j];
            nothing[j] += 0 * x[i + (size_t)j];
        }
    }
    for (; i < count; i++) {
        least[0] = x[i] < least[0] ? x[i] : least[0];
        most[0] = x[i] > most[0] ? x[i] : most[0];
        nothing[0] += 0 * x[i];
    }
    for (int j = 1; j < WIDE; j++) {
        least[0] = least[j] < least[0] ? least[j] : least[0];
        most[0] = most[j] > most[0] ? most[j] : most[0];
        nothing[0] += nothing[j];
    }
    const float first = least[0], range = most[0] - first;
    // Below this the factor would overflow; above, it was not finite.
    const int isUsual = range > 1e-30f && range < 1e38f;
    const float factor = isUsual ? MOST8 / range : 0;
    *step = isUsual ? range / MOST8 : 0;
    *low = range < 1e38f ? first + nothing[0] : from_bits(0x7fc00000u);
    for (i = 0; i < count; i++) q[i] = (uint8_t)(int32_t)((x[i] - first) * factor + 0.5f);
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
