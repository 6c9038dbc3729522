#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void reference_exp(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = (float)exp(x[i]);
}

void reference_log(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = (float)log(x[i]);
}

void reference_tanh(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = (float)tanh(x[i]);
}

void reference_sigmoid(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = (float)(1 / (1 + exp(-(double)x[i])));
}

void reference_sin_cos(const float *x, float *sine, float *cosine, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sine[i] = (float)sin(x[i]);
        cosine[i] = (float)cos(x[i]);
    }
}

void reference_gelu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = (float)(0.5 * x[i] * (1 + erf(x[i] / sqrt(2))));
}

void reference_silu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = (float)(x[i] / (1 + exp(-(double)x[i])));
}

void reference_add(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += x[i];
}

float reference_dot(const float *x, const float *y, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)x[i] * y[i];
    return (float)sum;
}

void reference_add_bias(float *y, const float *bias, size_t rows, size_t columns) {
    for (size_t i = 0; i < rows * columns; i++) y[i] += bias[i % columns];
}

void reference_add_scaled(float *y, const float *x, const float *scale, size_t rows, size_t columns) {
    for (size_t i = 0; i < rows * columns; i++) y[i] += scale[i % columns] * x[i];
}

void reference_layer_norm(
    const float *x, const float *gain, const float *shift, float *y, size_t rows, size_t columns, float epsilon) {
    for (size_t r = 0; r < rows; r++) {
        double mean = 0, variance = 0;
        for (size_t c = 0; c < columns; c++) mean += x[r * columns + c] / (double)columns;
        for (size_t c = 0; c < columns; c++) variance += pow(x[r * columns + c] - mean, 2) / (double)columns;
        for (size_t c = 0; c < columns; c++) {
            y[r * columns + c] = (float)(gain[c] * (x[r * columns + c] - mean) / sqrt(variance + epsilon) + shift[c]);
        }
    }
}

void reference_softmax(float *x, size_t rows, size_t columns, float scale) {
    for (size_t r = 0; r < rows; r++, x += columns) {
        double top = -INFINITY, sum = 0;
        for (size_t c = 0; c < columns; c++) top = fmax(top, scale * (double)x[c]);
        for (size_t c = 0; c < columns; c++) sum += exp(scale * (double)x[c] - top);
        for (size_t c = 0; c < columns; c++) x[c] = (float)(exp(scale * (double)x[c] - top) / sum);
    }
}

void reference_rotary(
    float *x, const float *cosine, const float *sine, size_t rows, size_t stride, size_t heads, size_t half) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t h = 0; h < heads; h++) {
            for (size_t i = 0; i < half; i++) {
                size_t at = r * stride + h * 2 * half + i;
                double a = x[at], b = x[at + half], c = cosine[r * half + i], s = sine[r * half + i];
                x[at] = (float)(a * c - b * s);
                x[at + half] = (float)(a * s + b * c);
            }
        }
    }
}

void reference_depthwise(
    const float *x, const float *weight, const float *bias, float *y, size_t rows, size_t columns, size_t taps) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            double sum = bias[c];
            for (size_t k = 0; k < taps; k++) sum += (double)weight[k * columns + c] * x[(r + k) * columns + c];
            y[r * columns + c] = (float)sum;
        }
    }
}

uint16_t reference_to_bfloat16(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (isnan(x)) return (uint16_t)(bits >> 16 | 0x40);
    uint32_t below = bits & 0xffff, kept = bits >> 16;
    if (below > 0x8000 || (below == 0x8000 && kept % 2 == 1)) kept++;
    return (uint16_t)kept;
}

float reference_from_float16(uint16_t x) {
    double sign = x >> 15 ? -1 : 1, fraction = x & 0x3ff;
    int exponent = x >> 10 & 0x1f;
    if (exponent == 31) return fraction ? NAN : (float)(sign * INFINITY);
    if (exponent == 0) return (float)(sign * ldexp(fraction, -24));
    return (float)(sign * ldexp(1024 + fraction, exponent - 25));
}

static float through_bfloat16(float x) {
    uint32_t bits = (uint32_t)reference_to_bfloat16(x) << 16;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static float as_it_is(float x) { return x; }

/// Sums in double precision of what `through` makes of both factors.
static void product(
    const float *x, size_t xStride, const float *weight, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, float (*through)(float)) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t n = 0; n < outputs; n++) {
            double sum = bias ? bias[n] : 0;
            for (size_t k = 0; k < inputs; k++) sum += (double)through(x[r * xStride + k]) * through(weight[n * inputs + k]);
            y[r * yStride + n] = (float)sum;
        }
    }
}

void reference_gemm(
    const float *x, size_t xStride, const float *weight, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs) {
    product(x, xStride, weight, bias, y, yStride, rows, outputs, inputs, through_bfloat16);
}

void reference_gemm32(
    const float *x, size_t xStride, const float *weight, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs) {
    product(x, xStride, weight, bias, y, yStride, rows, outputs, inputs, as_it_is);
}

void reference_quantize(const float *x, uint8_t *q, size_t count, float *low, float *step) {
#pragma STDC FP_CONTRACT OFF
    float high = x[0];
    int isFinite = 1;
    *low = x[0];
    for (size_t i = 0; i < count; i++) {
        isFinite = isFinite && isfinite(x[i]);
        *low = fminf(*low, x[i]);
        high = fmaxf(high, x[i]);
    }
    float range = high - *low, factor = range > 1e-30f && range < 1e38f ? 255 / range : 0;
    for (size_t i = 0; i < count && isFinite; i++) {
        float scaled = (x[i] - *low) * factor;
        q[i] = (uint8_t)(scaled + 0.5f);
    }
    *step = factor > 0 ? range / 255 : 0;
    if (!isFinite || !(range < 1e38f)) *low = NAN;
}

float reference_quantize_weights(const float *weight, int8_t *q, size_t count) {
    float most = 0;
    for (size_t i = 0; i < count; i++) most = fmaxf(most, fabsf(weight[i]));
    float factor = most > 1e-30f ? 63 / most : 0;
    for (size_t i = 0; i < count; i++) q[i] = (int8_t)roundf(weight[i] * factor);
    return factor > 0 ? most / 63 : 0;
}

void reference_gemm8(
    const float *x, size_t xStride, const float *weight, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs) {
    uint8_t row[inputs];
    int8_t column[inputs];
    for (size_t r = 0; r < rows; r++) {
        float low, step;
        reference_quantize(x + r * xStride, row, inputs, &low, &step);
        for (size_t n = 0; n < outputs; n++) {
            double scale = reference_quantize_weights(weight + n * inputs, column, inputs), sum = 0;
            for (size_t k = 0; k < inputs; k++) sum += ((double)low + (double)step * row[k]) * scale * column[k];
            y[r * yStride + n] = (float)(sum + (bias ? bias[n] : 0));
        }
    }
}

void reference_finish(
    float *y, const float *before, const float *scale, size_t rows, size_t outputs, starling_finish_kind kind) {
    if (kind == STARLING_GELU) reference_gelu(y, rows * outputs);
    if (kind == STARLING_SILU) reference_silu(y, rows * outputs);
    for (size_t i = 0; kind == STARLING_ADD && i < rows * outputs; i++) {
        y[i] = before[i] + (scale ? scale[i % outputs] : 1) * y[i];
    }
}

void reference_attention(
    const float *query, size_t queryStride, const float *key, const float *value, size_t keyStride, float *y, size_t yStride,
    size_t queries, size_t keys, size_t dimension, float scale) {
    for (size_t q = 0; q < queries; q++) {
        double top = -INFINITY, sum = 0;
        for (int pass = 0; pass < 3; pass++) {
            for (size_t c = 0; c < dimension && pass == 2; c++) y[q * yStride + c] = 0;
            for (size_t k = 0; k < keys; k++) {
                double score = 0;
                for (size_t c = 0; c < dimension; c++) score += (double)query[q * queryStride + c] * key[k * keyStride + c];
                score *= scale;
                if (pass == 0) top = fmax(top, score);
                if (pass == 1) sum += exp(score - top);
                for (size_t c = 0; c < dimension && pass == 2; c++) {
                    y[q * yStride + c] += (float)(exp(score - top) / sum * value[k * keyStride + c]);
                }
            }
        }
    }
}

static uint64_t scramble(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

void reference_gaussian(uint64_t seed, uint64_t first, float *z, size_t count) {
    uint64_t key = scramble(seed + 0x9e3779b97f4a7c15u);
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = scramble(key + (first + i) / 2 * 0x9e3779b97f4a7c15u);
        double u = ((double)(bits >> 41) + 1) / 8388608, turn = 2 * M_PI * (double)(bits & 0x7fffff) / 8388608;
        z[i] = (float)(sqrt(-2 * log(u)) * ((first + i) % 2 ? sin(turn) : cos(turn)));
    }
}

void reference_magnitude(const float *x, float *y, size_t bins) {
    for (size_t f = 0; f < bins; f++) y[f] = (float)hypot(x[2 * f], x[2 * f + 1]);
}

/// A number at a bin, on the straight line between knots.
static double at_bin(const starling_frames *s, const float *knots, size_t bin) {
    if (bin < s->fine) return knots[bin];
    size_t left = s->fine + (bin - s->fine) / s->coarse, beyond = (bin - s->fine) % s->coarse;
    double share = beyond / (double)s->coarse;
    return beyond ? (1 - share) * knots[left] + share * knots[left + 1] : knots[left];
}

void reference_make_frames(
    const starling_frames *s, const float *pulses, const float *numbers, const float *noise, size_t first, float *sum,
    size_t frames) {
    size_t size = s->size, hop = size / STARLING_OVERLAP, bins = size / 2 + 1, knots = starling_knot_count(s);
    double *real = calloc(bins, sizeof *real), *imaginary = calloc(bins, sizeof *imaginary);
    for (size_t t = 0; t < frames; t++, pulses += hop, noise += 2 * bins, sum += hop) {
        const float *h = numbers, *theta = h + knots, *n = theta + knots, *r = n + knots, *phi = r + s->fine;
        numbers += starling_frame_numbers(s);
        for (size_t f = 1; f + 1 < bins; f++) {
            double x = 0, y = 0;
            for (size_t i = 0; i < size; i++) {
                double turn = 2 * M_PI * (double)(f * i % size) / (double)size, sample = s->window[i] * pulses[i];
                x += sample * cos(turn);
                y -= sample * sin(turn);
            }
            double harmonic = exp(fmin(at_bin(s, h, f), s->ceiling)) * s->pulseGain, offset = M_PI * tanh(at_bin(s, theta, f));
            double hiss = exp(fmin(at_bin(s, n, f), s->ceiling));
            double residual = f < s->fine ? exp(fmin(r[f], s->ceiling)) : 0, phase = f < s->fine ? phi[f] : 0;
            double gain = s->gains[f * (s->gainPeriod + STARLING_FRAMES) + (first + t) % s->gainPeriod];
            real[f] = harmonic * (cos(offset) * x - sin(offset) * y) + hiss * noise[2 * f] + residual * cos(phase);
            imaginary[f] = harmonic * (sin(offset) * x + cos(offset) * y) + hiss * noise[2 * f + 1] + residual * sin(phase);
            real[f] *= gain;
            imaginary[f] *= gain;
        }
        for (size_t i = 0; i < size; i++) {
            double sample = 0;
            for (size_t f = 1; f + 1 < bins; f++) {
                double turn = 2 * M_PI * (double)(f * i % size) / (double)size;
                sample += 2 * (real[f] * cos(turn) - imaginary[f] * sin(turn));
            }
            sum[i] += (float)(s->window[i] * sample);
        }
    }
    free(real);
    free(imaginary);
}

void reference_pulses(double cycles, double before, double after, float harmonics, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) {
        double offset = (i + 0.5) / (double)count - 0.5, position = cycles + offset * (offset < 0 ? before : after);
        double sum = 0;
        for (int k = 1; k <= (int)harmonics; k++) sum += cos(2 * M_PI * k * position);
        y[i] = (float)sum;
    }
}

const uint32_t reference_sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotated(uint32_t x, int count) { return x >> count | x << (32 - count); }

void reference_sha256(uint32_t *state, const uint8_t *blocks, size_t count) {
    for (size_t block = 0; block < count; block++, blocks += 64) {
        uint32_t w[64];
        for (int i = 0; i < 16; i++) {
            w[i] = (uint32_t)blocks[4 * i] << 24 | (uint32_t)blocks[4 * i + 1] << 16 | (uint32_t)blocks[4 * i + 2] << 8
                   | blocks[4 * i + 3];
        }
        for (int i = 16; i < 64; i++) {
            const uint32_t s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
            const uint32_t s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int i = 0; i < 64; i++) {
            const uint32_t s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
            const uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + reference_sha256_constants[i] + w[i];
            const uint32_t s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
            const uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}
