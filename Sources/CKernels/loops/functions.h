/// What the kernels share: branch-free elementary functions that the compiler vectorises.
#pragma once
#include <stdint.h>
#include <string.h>

#define INLINED static inline __attribute__((always_inline))

/// Inside a function: sums may be reordered, so that reductions vectorise.
#define REORDER_SUMS _Pragma("clang fp reassociate(on) contract(fast)")

#pragma clang fp contract(fast)

INLINED float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

INLINED uint32_t to_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/// Unlike sqrtf this never sets errno, so that it vectorises.
INLINED float square_root(float x) { return __builtin_elementwise_sqrt(x); }

/// e^x to about 2 units in the last place: 2^n times the Taylor polynomial of the remainder, |r| <= ln 2 / 2.
INLINED float fast_exp(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    float n = __builtin_rintf(x * 1.44269504f);
    float r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return p * from_bits((uint32_t)((int32_t)n + 127) << 23);
}

/// ln x of a normal positive x: exponent plus 2 artanh((m - 1) / (m + 1)), m in [sqrt 1/2, sqrt 2).
INLINED float fast_log(float x) {
    uint32_t bits = to_bits(x) - 0x3f3504f3u;
    float e = (float)((int32_t)bits >> 23);
    float m = from_bits((bits & 0x007fffffu) + 0x3f3504f3u);
    float s = (m - 1.0f) / (m + 1.0f);
    float q = s * s;
    float p = 2.0f / 9;
    p = p * q + 2.0f / 7;
    p = p * q + 2.0f / 5;
    p = p * q + 2.0f / 3;
    p = p * q * s + 2.0f * s;
    return e * 0.693359375f + (p - e * 2.12194440e-4f);
}

INLINED float fast_tanh(float x) {
    x = x < -9.0f ? -9.0f : x;
    x = x > 9.0f ? 9.0f : x;
    float e = fast_exp(2.0f * x);
    return (e - 1.0f) / (e + 1.0f);
}

/// The share of a normal distribution below x, (1 + erf(x / sqrt 2)) / 2: a polynomial in x^2 on |x| <= 5.2, beyond
/// which less than 2e-7 is missing. x times it is within 1e-6, and no division or exponential is needed.
INLINED float fast_normal(float x) {
    x = x < -5.2f ? -5.2f : x;
    x = x > 5.2f ? 5.2f : x;
    float t = x * x * 0.073964497f - 1.0f;
    float p = -0.000388189184f;
    p = p * t + 0.00118868751f;
    p = p * t - 0.00146877056f;
    p = p * t + 0.00200517592f;
    p = p * t - 0.00454231445f;
    p = p * t + 0.00836510025f;
    p = p * t - 0.0126196602f;
    p = p * t + 0.018038772f;
    p = p * t - 0.0246988386f;
    p = p * t + 0.031973917f;
    p = p * t - 0.0399319865f;
    p = p * t + 0.0500256158f;
    p = p * t - 0.0677436218f;
    p = p * t + 0.135949984f;
    float share = x * p + 0.5f;
    share = share < 0.0f ? 0.0f : share;
    return share > 1.0f ? 1.0f : share;
}

INLINED float gelu(float x) { return x * fast_normal(x); }

INLINED float silu(float x) { return x / (1.0f + fast_exp(-x)); }

/// sin x and cos x: reduction to |r| <= pi / 4 in three steps (Cody and Waite), Taylor polynomials, quadrant.
INLINED void fast_sin_cos(float x, float *sine, float *cosine) {
    float n = __builtin_rintf(x * 0.636619772f);
    float r = x - n * 1.5703125f;
    r = r - n * 4.83751297e-4f;
    r = r - n * 7.54953362e-8f;
    float q = r * r;
    float s = 1.0f / 362880;
    s = s * q - 1.0f / 5040;
    s = s * q + 1.0f / 120;
    s = s * q - 1.0f / 6;
    s = s * q * r + r;
    float c = -1.0f / 3628800;
    c = c * q + 1.0f / 40320;
    c = c * q - 1.0f / 720;
    c = c * q + 1.0f / 24;
    c = c * q - 0.5f;
    c = c * q + 1.0f;
    uint32_t quadrant = (uint32_t)(int32_t)n;
    uint32_t swap = 0u - (quadrant & 1u);
    uint32_t sineBits = (to_bits(s) & ~swap) | (to_bits(c) & swap);
    uint32_t cosineBits = (to_bits(c) & ~swap) | (to_bits(s) & swap);
    *sine = from_bits(sineBits ^ ((quadrant & 2u) << 30));
    *cosine = from_bits(cosineBits ^ (((quadrant + 1u) & 2u) << 30));
}
