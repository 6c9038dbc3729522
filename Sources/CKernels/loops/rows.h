static void AT_LEVEL(add_bias)(float *y, const float *bias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, y += columns) {
        for (size_t c = 0; c < columns; c++) y[c] += bias[c];
    }
}

static void AT_LEVEL(add_scaled)(float *y, const float *x, const float *scale, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        for (size_t c = 0; c < columns; c++) y[c] += scale[c] * x[c];
    }
}

static void AT_LEVEL(layer_norm)(
    const float *x, const float *gain, const float *shift, float *y, size_t rows, size_t columns, float epsilon) {
    REORDER_SUMS
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        float sum = 0, squares = 0;
        for (size_t c = 0; c < columns; c++) sum += x[c];
        float mean = sum / (float)columns;
        for (size_t c = 0; c < columns; c++) squares += (x[c] - mean) * (x[c] - mean);
        float inverse = 1.0f / square_root(squares / (float)columns + epsilon);
        for (size_t c = 0; c < columns; c++) y[c] = gain[c] * ((x[c] - mean) * inverse) + shift[c];
    }
}

static void AT_LEVEL(rotary)(
    float *x, const float *cosine, const float *sine, size_t rows, size_t stride, size_t heads, size_t half) {
    for (size_t r = 0; r < rows; r++, x += stride, cosine += half, sine += half) {
        for (size_t h = 0; h < heads; h++) {
            float *head = x + h * 2 * half;
            for (size_t i = 0; i < half; i++) {
                float a = head[i], b = head[i + half];
                head[i] = a * cosine[i] - b * sine[i];
                head[i + half] = a * sine[i] + b * cosine[i];
            }
        }
    }
}

static void AT_LEVEL(depthwise)(
    const float *x, const float *weight, const float *bias, float *y, size_t rows, size_t columns, size_t taps) {
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        for (size_t c = 0; c < columns; c++) y[c] = bias[c] + weight[c] * x[c];
        for (size_t k = 1; k < taps; k++) {
            for (size_t c = 0; c < columns; c++) y[c] += weight[k * columns + c] * x[k * columns + c];
        }
    }
}
