static void AT_LEVEL(exp)(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = fast_exp(x[i]);
}

static void AT_LEVEL(log)(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = fast_log(x[i]);
}

static void AT_LEVEL(tanh)(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = fast_tanh(x[i]);
}

static void AT_LEVEL(sigmoid)(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = 1.0f / (1.0f + fast_exp(-x[i]));
}

static void AT_LEVEL(sin_cos)(const float *x, float *sine, float *cosine, size_t count) {
    for (size_t i = 0; i < count; i++) fast_sin_cos(x[i], &sine[i], &cosine[i]);
}

static void AT_LEVEL(gelu)(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = gelu(x[i]);
}

static void AT_LEVEL(silu)(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = silu(x[i]);
}

static void AT_LEVEL(add)(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += x[i];
}

static float AT_LEVEL(dot)(const float *x, const float *y, size_t count) {
    REORDER_SUMS
    float sum = 0;
    for (size_t i = 0; i < count; i++) sum += x[i] * y[i];
    return sum;
}
