/// Scalar, obvious twins of the kernels in kernels.h, in double precision inside: what the fast ones are tested
/// against.
#pragma once
#include "kernels.h"

#include <stddef.h>
#include <stdint.h>

void reference_exp(const float *x, float *y, size_t count);
void reference_log(const float *x, float *y, size_t count);
void reference_tanh(const float *x, float *y, size_t count);
void reference_sigmoid(const float *x, float *y, size_t count);
void reference_sin_cos(const float *x, float *sine, float *cosine, size_t count);
void reference_gelu(float *x, size_t count);
void reference_silu(float *x, size_t count);
void reference_add(const float *x, float *y, size_t count);
float reference_dot(const float *x, const float *y, size_t count);
void reference_add_bias(float *y, const float *bias, size_t rows, size_t columns);
void reference_add_scaled(float *y, const float *x, const float *scale, size_t rows, size_t columns);
void reference_layer_norm(
    const float *x, const float *gain, const float *shift, float *y, size_t rows, size_t columns, float epsilon);
void reference_softmax(float *x, size_t rows, size_t columns, float scale);
void reference_rotary(
    float *x, const float *cosine, const float *sine, size_t rows, size_t stride, size_t heads, size_t half);
void reference_depthwise(
    const float *x, const float *weight, const float *bias, float *y, size_t rows, size_t columns, size_t taps);
uint16_t reference_to_bfloat16(float x);
float reference_from_float16(uint16_t x);
/// Rounds x and weight [outputs, inputs] to bfloat16 first, then sums in double precision.
void reference_gemm(
    const float *x, size_t xStride, const float *weight, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs);
void reference_gemm32(
    const float *x, size_t xStride, const float *weight, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs);
/// Undefined q if x has a number that is not finite.
void reference_quantize(const float *x, uint8_t *q, size_t count, float *low, float *step);
/// Returns what one stands for.
float reference_quantize_weights(const float *weight, int8_t *q, size_t count);
/// Quantizes the rows of x and of weight [outputs, inputs] first, then sums in double precision.
void reference_gemm8(
    const float *x, size_t xStride, const float *weight, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs);
/// What `finish` makes of the sums in y, where y was `before`; scale may be null.
void reference_finish(
    float *y, const float *before, const float *scale, size_t rows, size_t outputs, starling_finish_kind kind);
void reference_attention(
    const float *query, size_t queryStride, const float *key, const float *value, size_t keyStride, float *y, size_t yStride,
    size_t queries, size_t keys, size_t dimension, float scale);
void reference_gaussian(uint64_t seed, uint64_t first, float *z, size_t count);
void reference_magnitude(const float *x, float *y, size_t bins);
void reference_make_frames(
    const starling_frames *s, const float *pulses, const float *numbers, const float *noise, size_t first, float *sum,
    size_t frames);
void reference_pulses(double cycles, double before, double after, float harmonics, float *y, size_t count);
void reference_sha256(uint32_t *state, const uint8_t *blocks, size_t count);
/// The round constants of SHA-256 (FIPS 180-4, 4.2.2).
extern const uint32_t reference_sha256_constants[64];
