#include "kernels.h"
#include "support.h"

DISPATCHED void starling_add_bias(float *y, const float *bias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, y += columns) {
        for (size_t c = 0; c < columns; c++) y[c] += bias[c];
    }
}

DISPATCHED void starling_add_scaled(float *y, const float *x, const float *scale, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        for (size_t c = 0; c < columns; c++) y[c] += scale[c] * x[c];
    }
}

DISPATCHED void starling_layer_norm(
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

/// In 16 lanes: the compiler does not vectorise a plain maximum, whose order matters if there are NaNs.
INLINED float maximum(const float *x, size_t count) {
    float lanes[16];
    for (int i = 0; i < 16; i++) lanes[i] = x[(size_t)i < count ? i : 0];
    size_t c = 0;
    for (; c + 16 <= count; c += 16) {
        for (int i = 0; i < 16; i++) lanes[i] = x[c + i] > lanes[i] ? x[c + i] : lanes[i];
    }
    for (; c < count; c++) lanes[0] = x[c] > lanes[0] ? x[c] : lanes[0];
    for (int i = 1; i < 16; i++) lanes[0] = lanes[i] > lanes[0] ? lanes[i] : lanes[0];
    return lanes[0];
}

DISPATCHED void starling_softmax(float *x, size_t rows, size_t columns, float scale) {
    REORDER_SUMS
    for (size_t r = 0; r < rows; r++, x += columns) {
        float top = maximum(x, columns);
        float sum = 0;
        for (size_t c = 0; c < columns; c++) {
            x[c] = fast_exp(scale * (x[c] - top));
            sum += x[c];
        }
        float inverse = 1.0f / sum;
        for (size_t c = 0; c < columns; c++) x[c] *= inverse;
    }
}

DISPATCHED void starling_rotary(
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

DISPATCHED void starling_depthwise(
    const float *x, const float *weight, const float *bias, float *y, size_t rows, size_t columns, size_t taps) {
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        for (size_t c = 0; c < columns; c++) y[c] = bias[c] + weight[c] * x[c];
        for (size_t k = 1; k < taps; k++) {
            for (size_t c = 0; c < columns; c++) y[c] += weight[k * columns + c] * x[k * columns + c];
        }
    }
}
