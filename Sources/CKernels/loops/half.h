static void AT_LEVEL(to_bfloat16)(const float *x, uint16_t *y, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = to_bits(x[i]);
        uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
        uint32_t quiet = (bits >> 16) | 0x40u;  // a NaN must not round to infinity
        y[i] = (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? quiet : rounded);
    }
}

static void AT_LEVEL(from_bfloat16)(const uint16_t *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = from_bits((uint32_t)x[i] << 16);
}

/// The exponent is moved by a multiplication, which also makes normal numbers of float16's subnormal ones.
static void AT_LEVEL(from_float16)(const uint16_t *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t magnitude = x[i] & 0x7fffu;
        float value = from_bits(magnitude << 13) * 0x1p112f;
        uint32_t bits = magnitude >= 0x7c00u ? 0x7f800000u | magnitude << 13 : to_bits(value);
        y[i] = from_bits(bits | (uint32_t)(x[i] & 0x8000u) << 16);
    }
}
