/// Every kernel of the best level against its scalar reference, as a C program: for architectures that Swift has no
/// toolchain for where the tests run. KernelTests.swift has the same comparisons, level by level. The only argument is
/// the name of the level that the processor has.
#include "kernels.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;
static uint32_t state = 1;

/// A number in -limit ... limit.
static float next(float limit) {
    state = state * 1664525u + 1013904223u;
    return ((float)(state >> 8) / (float)(1 << 23) - 1) * limit;
}

static float *numbers(size_t count, float limit) {
    float *x = malloc((count + 1) * sizeof *x);
    for (size_t i = 0; i < count; i++) x[i] = next(limit);
    return x;
}

static float *copy(const float *x, size_t count) {
    float *y = malloc((count + 1) * sizeof *y);
    memcpy(y, x, count * sizeof *y);
    return y;
}

/// Compares and frees both.
static void expect(const char *name, float *actual, float *expected, size_t count, float tolerance) {
    float worst = 0;
    for (size_t i = 0; i < count; i++) {
        float error = fabsf(actual[i] - expected[i]) / fmaxf(1, fabsf(expected[i]));
        if (!(error <= worst)) worst = error;  // NaN too
    }
    int failed = !(worst <= tolerance);
    if (failed) printf("%s of %zu: error %g, more than %g\n", name, count, (double)worst, (double)tolerance);
    failures += failed;
    free(actual);
    free(expected);
}

typedef void function(const float *x, float *y, size_t count);

static void compare(const char *name, function *fast, function *twin, float limit, float tolerance) {
    const size_t count = 1007;
    float *x = numbers(count, limit), *actual = copy(x, count), *expected = copy(x, count);
    fast(x, actual, count);
    twin(x, expected, count);
    expect(name, actual, expected, count, tolerance);
    free(x);
}

static void functions(void) {
    compare("exp", starling_exp, reference_exp, 80, 5e-7f);
    compare("tanh", starling_tanh, reference_tanh, 12, 1e-6f);
    compare("sigmoid", starling_sigmoid, reference_sigmoid, 100, 1e-6f);
    compare("add", starling_add, reference_add, 30, 0);
    float x[501], y[501], z[501];
    for (int i = 0; i < 501; i++) x[i] = 0.01f * (float)(i + 1);
    starling_log(x, y, 501);
    reference_log(x, z, 501);
    expect("log", copy(y, 501), copy(z, 501), 501, 2e-6f);
    float *a = numbers(1007, 8), *gelu = copy(a, 1007), *gelu2 = copy(a, 1007), *silu = copy(a, 1007), *silu2 = copy(a, 1007);
    starling_gelu(gelu, 1007);
    reference_gelu(gelu2, 1007);
    expect("gelu", gelu, gelu2, 1007, 2e-6f);
    starling_silu(silu, 1007);
    reference_silu(silu2, 1007);
    expect("silu", silu, silu2, 1007, 2e-6f);
    float *sine = copy(a, 1007), *cosine = copy(a, 1007), *sine2 = copy(a, 1007), *cosine2 = copy(a, 1007);
    starling_sin_cos(a, sine, cosine, 1007);
    reference_sin_cos(a, sine2, cosine2, 1007);
    expect("sin", sine, sine2, 1007, 1e-6f);
    expect("cos", cosine, cosine2, 1007, 1e-6f);
    free(a);
}

static void rows(size_t columns) {
    const size_t rows = 5, taps = 3, count = rows * columns;
    float *x = numbers(count, 1), *gain = numbers(columns, 1), *shift = numbers(columns, 1), *weight = numbers(taps * columns, 1);
    float *a = copy(x, count), *b = copy(x, count);
    starling_layer_norm(x, gain, shift, a, rows, columns, 1e-5f);
    reference_layer_norm(x, gain, shift, b, rows, columns, 1e-5f);
    expect("layer norm", a, b, count, 5e-6f);
    a = copy(x, count), b = copy(x, count);
    starling_softmax(a, rows, columns, 7);
    reference_softmax(b, rows, columns, 7);
    expect("softmax", a, b, count, 1e-6f);
    a = copy(x, count), b = copy(x, count);
    starling_add_bias(a, shift, rows, columns);
    reference_add_bias(b, shift, rows, columns);
    starling_add_scaled(a, x, gain, rows, columns);
    reference_add_scaled(b, x, gain, rows, columns);
    expect("bias and scaled sum", a, b, count, 1e-6f);
    a = copy(x, count), b = copy(x, count);
    starling_depthwise(x, weight, shift, a, rows - taps + 1, columns, taps);
    reference_depthwise(x, weight, shift, b, rows - taps + 1, columns, taps);
    expect("depthwise convolution", a, b, count, 1e-6f);
    float dot[] = {starling_dot(x, x, count)}, twin[] = {reference_dot(x, x, count)};
    expect("dot", copy(dot, 1), copy(twin, 1), 1, 1e-5f);
    free(x), free(gain), free(shift), free(weight);
}

static void product(size_t rows, size_t outputs, size_t inputs, size_t stride) {
    float *x = numbers((rows - 1) * stride + inputs, 1), *weight = numbers(outputs * inputs, 1), *bias = numbers(outputs, 1);
    float *scale = numbers(outputs, 1), *before = numbers(rows * outputs, 1);
    float *packed = malloc(starling_packed_count32(outputs, inputs) * sizeof *packed);
    starling_pack32(weight, inputs, 1, packed, outputs, inputs);
    for (int kind = STARLING_STORE; kind <= STARLING_ADD; kind++) {
        const float *factors = kind == STARLING_ADD && outputs % 2 ? scale : NULL;
        float *actual = copy(before, rows * outputs), *expected = copy(before, rows * outputs);
        starling_finish finish = {(starling_finish_kind)kind, factors};
        starling_gemm32(x, stride, packed, bias, actual, outputs, rows, outputs, inputs, finish);
        reference_gemm32(x, stride, weight, bias, expected, outputs, rows, outputs, inputs);
        reference_finish(expected, before, factors, rows, outputs, finish.kind);
        expect("product", actual, expected, rows * outputs, 1e-4f);
    }
    // Weights in bfloat16, widened on their way into the registers: to the last bit what they give in float32.
    uint16_t *halves = malloc(outputs * inputs * sizeof *halves);
    uint16_t *tiles = malloc(starling_packed_count(outputs, inputs) * sizeof *tiles);
    starling_to_bfloat16(weight, halves, outputs * inputs);
    starling_from_bfloat16(halves, weight, outputs * inputs);
    starling_pack32(weight, inputs, 1, packed, outputs, inputs);
    starling_pack_halves(halves, tiles, outputs, inputs, 1);
    float *actual = copy(before, rows * outputs), *expected = copy(before, rows * outputs);
    const starling_finish store = {STARLING_STORE, NULL};
    starling_gemm_widened(x, stride, tiles, bias, actual, outputs, rows, outputs, inputs, store);
    starling_gemm32(x, stride, packed, bias, expected, outputs, rows, outputs, inputs, store);
    expect("product of widened weights", actual, expected, rows * outputs, 0);
    uint8_t *bytes = malloc(starling_packed_count8(outputs, inputs));
    uint8_t *scratch = malloc(starling_scratch_count8(rows, inputs));
    starling_pack8(weight, bytes, outputs, inputs);
    actual = copy(before, rows * outputs), expected = copy(before, rows * outputs);
    starling_gemm8(x, stride, bytes, bias, actual, outputs, rows, outputs, inputs, store, scratch);
    reference_gemm8(x, stride, weight, bias, expected, outputs, rows, outputs, inputs);
    expect("product in int8", copy(actual, rows * outputs), expected, rows * outputs, 1e-4f);
    expected = copy(before, rows * outputs);
    starling_kernels_at(STARLING_BASELINE)
        ->gemm8(x, stride, bytes, bias, expected, outputs, rows, outputs, inputs, store, scratch);
    expect("product in int8 at the baseline", actual, expected, rows * outputs, 0);
    free(x), free(weight), free(bias), free(scale), free(before), free(packed), free(halves), free(tiles);
    free(bytes), free(scratch);
}

static void attention(size_t queries, size_t keys, size_t dimension) {
    const size_t stride = 2 * dimension + 3;
    const float scale = 1 / sqrtf((float)dimension);
    float *query = numbers(queries * dimension, 3), *memory = numbers(keys * stride, 3);
    float *scratch = malloc(starling_attention_scratch(keys, dimension) * sizeof *scratch);
    float *actual = copy(query, queries * dimension), *expected = copy(query, queries * dimension);
    starling_attention(
        query, dimension, memory, memory + dimension, stride, actual, dimension, queries, keys, dimension, scale, scratch);
    reference_attention(
        query, dimension, memory, memory + dimension, stride, expected, dimension, queries, keys, dimension, scale);
    expect("attention", actual, expected, queries * dimension, 2e-5f);
    free(query), free(memory), free(scratch);
}

static void spectra(void) {
    enum { BINS = 601 };
    float *parts = numbers(5 * BINS, 5), *source = numbers(2 * BINS, 1), *noise = numbers(2 * BINS, 1), *a, *b;
    a = copy(source, BINS), b = copy(source, BINS);
    starling_magnitude(source, a, BINS);
    reference_magnitude(source, b, BINS);
    expect("magnitude", a, b, BINS, 1e-6f);
    a = copy(source, 1000), b = copy(source, 1000);
    starling_gaussian(42, 10, a, 1000);
    reference_gaussian(42, 10, b, 1000);
    expect("gaussian", a, b, 1000, 1e-5f);
    a = copy(source, 300), b = copy(source, 300);
    starling_pulses(0.3, 1.5, 1.65, 91, a, 300);
    reference_pulses(0.3, 1.5, 1.65, 91, b, 300);
    expect("pulses", a, b, 300, 0.02f);
    a = copy(source, 7 * 100), b = copy(source, 7 * 100);
    starling_rotary(a, parts, parts + 7 * 13, 7, 100, 3, 13);
    reference_rotary(b, parts, parts + 7 * 13, 7, 100, 3, 13);
    expect("rotary", a, b, 7 * 100, 1e-5f);
    free(parts), free(source), free(noise);
}

static void frames(size_t size, size_t fine) {
    enum { FRAMES = 7, PERIOD = 3 };
    const size_t bins = size / 2 + 1, hop = size / STARLING_OVERLAP;
    float *window = numbers(size, 1), *turns = numbers(2 * size, 1), *gains = numbers(bins * (PERIOD + STARLING_FRAMES), 1);
    for (size_t i = 0; i < size; i++) {
        turns[2 * i] = (float)cos(2 * M_PI * (double)i / (double)size);
        turns[2 * i + 1] = (float)-sin(2 * M_PI * (double)i / (double)size);
    }
    for (size_t bin = 0; bin < bins; bin++) {
        float *row = gains + bin * (PERIOD + STARLING_FRAMES);
        for (size_t i = PERIOD; i < PERIOD + STARLING_FRAMES; i++) row[i] = row[i - PERIOD];
    }
    const starling_frames s = {size, window, turns, fine, 4, 0.05f, 2, gains, PERIOD};
    float *pulses = numbers((FRAMES + 3) * hop, 1), *tells = numbers(FRAMES * starling_frame_numbers(&s), 3);
    float *noise = numbers(FRAMES * 2 * bins, 1), *scratch = malloc(starling_frames_scratch(&s) * sizeof *scratch);
    const size_t length = (FRAMES + 4) * hop;
    float *actual = numbers(length, 1);
    memset(actual + 3 * hop, 0, (length - 3 * hop) * sizeof *actual);
    float *expected = copy(actual, length);
    starling_prepare_frames(&s, pulses, tells, noise, 5, FRAMES, scratch);
    starling_add_frames(&s, actual, FRAMES, scratch);
    reference_make_frames(&s, pulses, tells, noise, 5, expected, FRAMES);
    expect("frames", actual, expected, length, 2e-4f);
    free(window), free(turns), free(gains), free(pulses), free(tells), free(noise), free(scratch);
}

static void halves(void) {
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        uint16_t half = (uint16_t)bits, back;
        float fast, wide;
        starling_from_float16(&half, &fast, 1);
        float twin = reference_from_float16(half);
        int same = fast == twin || (isnan(fast) && isnan(twin));
        starling_from_bfloat16(&half, &wide, 1);
        starling_to_bfloat16(&wide, &back, 1);
        same = same && (back == half || isnan(wide));
        if (!same) printf("half precision of %#x\n", bits);
        failures += !same;
    }
}

int main(int count, char **arguments) {
    const char *level = starling_level_name(starling_best_level());
    if (count != 2 || strcmp(arguments[1], level)) {
        printf("the level is %s\n", level);
        return 1;
    }
    functions();
    const size_t columns[] = {1, 15, 16, 100, 257, 1601};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) rows(columns[i]);
    const size_t shapes[][4] = {{1, 1, 1, 1},       {33, 70, 102, 102}, {16, 32, 32, 32}, {61, 33, 700, 100},
                                {12, 320, 320, 320}, {5, 17, 129, 129},  {101, 31, 7, 7}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        product(shapes[i][0], shapes[i][1], shapes[i][2], shapes[i][3]);
    }
    attention(1, 1, 8);
    attention(37, 129, 33);
    attention(73, 257, 64);
    spectra();
    frames(432, 150);
    frames(1200, 200);
    halves();
    printf("%s: %d failures\n", level, failures);
    return failures > 0;
}
