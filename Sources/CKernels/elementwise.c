#include "kernels.h"
#include "support.h"

DISPATCHED void starling_exp(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = fast_exp(x[i]);
}

DISPATCHED void starling_log(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = fast_log(x[i]);
}

DISPATCHED void starling_tanh(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = fast_tanh(x[i]);
}

DISPATCHED void starling_sigmoid(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = 1.0f / (1.0f + fast_exp(-x[i]));
}

DISPATCHED void starling_sin_cos(const float *x, float *sine, float *cosine, size_t count) {
    for (size_t i = 0; i < count; i++) fast_sin_cos(x[i], &sine[i], &cosine[i]);
}

DISPATCHED void starling_gelu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = 0.5f * x[i] * (1.0f + fast_erf(x[i] * 0.707106781f));
}

DISPATCHED void starling_silu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = x[i] / (1.0f + fast_exp(-x[i]));
}

DISPATCHED void starling_add(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += x[i];
}

DISPATCHED float starling_dot(const float *x, const float *y, size_t count) {
    REORDER_SUMS
    float sum = 0;
    for (size_t i = 0; i < count; i++) sum += x[i] * y[i];
    return sum;
}
