/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014) over seed and counter.
INLINED uint64_t scramble(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static void AT_LEVEL(gaussian)(uint64_t seed, uint64_t first, float *z, size_t count) {
    uint64_t key = scramble(seed + 0x9e3779b97f4a7c15u);
    for (size_t i = 0; i < count / 2; i++) {
        uint64_t bits = scramble(key + (first / 2 + i) * 0x9e3779b97f4a7c15u);
        // Box and Muller: two uniform numbers, the first in (0, 1], make two normal ones.
        float u = ((float)(int32_t)(uint32_t)(bits >> 41) + 1.0f) * 0x1p-23f;
        float v = (float)(int32_t)(uint32_t)(bits & 0x7fffffu) * 0x1p-23f;
        float radius = square_root(-2.0f * fast_log(u)), sine, cosine;
        fast_sin_cos(6.28318531f * v, &sine, &cosine);
        z[2 * i] = radius * cosine;
        z[2 * i + 1] = radius * sine;
    }
}

static void AT_LEVEL(magnitude)(const float *x, float *y, size_t bins) {
    for (size_t f = 0; f < bins; f++) y[f] = square_root(x[2 * f] * x[2 * f] + x[2 * f + 1] * x[2 * f + 1]);
}

static void AT_LEVEL(pulses)(
    double cycles, double before, double after, float harmonics, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) {
        double offset = ((double)i + 0.5) / (double)count - 0.5;
        double position = cycles + offset * (offset < 0 ? before : after);
        float angle = (float)(6.283185307179586 * (position - __builtin_floor(position)));
        float half, ignored, top;
        fast_sin_cos(angle * 0.5f, &half, &ignored);
        fast_sin_cos((harmonics + 0.5f) * angle, &top, &ignored);
        // sum of cos(k a) = sin((K + 1/2) a) / (2 sin(a / 2)) - 1/2, and K where a is a whole turn.
        int whole = __builtin_fabsf(half) < 1e-3f;
        float sum = top / (2.0f * (whole ? 1.0f : half)) - 0.5f;
        y[i] = whole ? harmonics : sum;
    }
}
