#include "levels/levels.h"

#include <stdatomic.h>
#include <stdlib.h>

#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>

/// Linux hands out the tile registers on request only (ARCH_REQ_XCOMP_PERM for XFEATURE_XTILEDATA), per process.
static int tiles_permitted(void) {
    const long request = 0x1023, tile_data = 18;
    return syscall(SYS_arch_prctl, request, tile_data) == 0;
}
#elif defined(__x86_64__)
static int tiles_permitted(void) { return 0; }
#elif defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

int starling_has_level(starling_level level) {
    if (level == STARLING_BASELINE) return 1;
#if defined(__x86_64__)
    __builtin_cpu_init();
    switch (level) {
    case STARLING_AVX2: return __builtin_cpu_supports("x86-64-v3") != 0;
    case STARLING_AVX_VNNI: return starling_has_level(STARLING_AVX2) && __builtin_cpu_supports("avxvnni");
    case STARLING_AVX512: return __builtin_cpu_supports("x86-64-v4") != 0;
    case STARLING_AVX512_VNNI: return starling_has_level(STARLING_AVX512) && __builtin_cpu_supports("avx512vnni");
    case STARLING_AVX512_BFLOAT16:
        return starling_has_level(STARLING_AVX512_VNNI) && __builtin_cpu_supports("avx512bf16");
    case STARLING_AMX:
        return starling_has_level(STARLING_AVX512_BFLOAT16) && __builtin_cpu_supports("amx-bf16") &&
            __builtin_cpu_supports("amx-int8") && tiles_permitted();
    default: return 0;
    }
#elif defined(__aarch64__) && defined(__linux__)
    const int hasDotProducts = (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
    if (level == STARLING_I8MM) return hasDotProducts && (getauxval(AT_HWCAP2) & HWCAP2_I8MM) != 0;
    return level == STARLING_DOTPROD && hasDotProducts;
#else
    return 0;
#endif
}

static starling_level detect(starling_level limit) {
    int level = limit;
    while (!starling_has_level((starling_level)level)) level--;
    return (starling_level)level;
}

static const char *const names[] = {
    "baseline", "dotprod", "i8mm", "avx2", "avx-vnni", "avx512", "avx512-vnni", "avx512-bf16", "amx"};

const char *starling_level_name(starling_level level) { return names[level]; }

/// What STARLING_CPU allows; everything if it names no level.
static starling_level limit(void) {
    const char *wanted = getenv("STARLING_CPU");
    for (int level = STARLING_BASELINE; wanted && level < STARLING_AMX; level++) {
        if (strcmp(wanted, names[level]) == 0) return (starling_level)level;
    }
    return STARLING_AMX;
}

starling_level starling_best_level(void) {
    static _Atomic int known = -1;
    int level = atomic_load_explicit(&known, memory_order_relaxed);
    if (level < 0) {
        level = detect(limit());
        atomic_store_explicit(&known, level, memory_order_relaxed);
    }
    return (starling_level)level;
}

const starling_kernels *starling_kernels_at(starling_level level) {
#if defined(__x86_64__)
    if (level == STARLING_AMX) return &starling_kernels_amx;
    if (level >= STARLING_AVX512_VNNI) return &starling_kernels_avx512vnni;
    if (level == STARLING_AVX512) return &starling_kernels_avx512;
    if (level == STARLING_AVX_VNNI) return &starling_kernels_avxvnni;
    if (level == STARLING_AVX2) return &starling_kernels_avx2;
#elif defined(__aarch64__)
    if (level == STARLING_I8MM) return &starling_kernels_i8mm;
    if (level == STARLING_DOTPROD) return &starling_kernels_dotprod;
#endif
    return &starling_kernels_baseline;
}

_Thread_local uint64_t starling_operations_done, starling_operations8_done;

uint64_t starling_operations(void) { return starling_operations_done; }
uint64_t starling_operations8(void) { return starling_operations8_done; }

#define BEST starling_kernels_at(starling_best_level())

void starling_exp(const float *x, float *y, size_t count) { BEST->exp(x, y, count); }
void starling_log(const float *x, float *y, size_t count) { BEST->log(x, y, count); }
void starling_tanh(const float *x, float *y, size_t count) { BEST->tanh(x, y, count); }
void starling_sigmoid(const float *x, float *y, size_t count) { BEST->sigmoid(x, y, count); }
void starling_sin_cos(const float *x, float *sine, float *cosine, size_t count) { BEST->sin_cos(x, sine, cosine, count); }
void starling_gelu(float *x, size_t count) { BEST->gelu(x, count); }
void starling_silu(float *x, size_t count) { BEST->silu(x, count); }
void starling_add(const float *x, float *y, size_t count) { BEST->add(x, y, count); }
float starling_dot(const float *x, const float *y, size_t count) { return BEST->dot(x, y, count); }
void starling_add_bias(float *y, const float *bias, size_t rows, size_t columns) { BEST->add_bias(y, bias, rows, columns); }
void starling_add_scaled(float *y, const float *x, const float *scale, size_t rows, size_t columns) {
    BEST->add_scaled(y, x, scale, rows, columns);
}
void starling_layer_norm(
    const float *x, const float *gain, const float *shift, float *y, size_t rows, size_t columns, float epsilon) {
    BEST->layer_norm(x, gain, shift, y, rows, columns, epsilon);
}
void starling_softmax(float *x, size_t rows, size_t columns, float scale) { BEST->softmax(x, rows, columns, scale); }
void starling_rotary(
    float *x, const float *cosine, const float *sine, size_t rows, size_t stride, size_t heads, size_t half) {
    BEST->rotary(x, cosine, sine, rows, stride, heads, half);
}
void starling_depthwise(
    const float *x, const float *weight, const float *bias, float *y, size_t rows, size_t columns, size_t taps) {
    BEST->depthwise(x, weight, bias, y, rows, columns, taps);
}
void starling_to_bfloat16(const float *x, uint16_t *y, size_t count) { BEST->to_bfloat16(x, y, count); }
void starling_from_bfloat16(const uint16_t *x, float *y, size_t count) { BEST->from_bfloat16(x, y, count); }
void starling_from_float16(const uint16_t *x, float *y, size_t count) { BEST->from_float16(x, y, count); }
void starling_gemm32(
    const float *x, size_t xStride, const float *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish) {
    starling_operations_done += 2 * (uint64_t)rows * outputs * inputs;
    BEST->gemm32(x, xStride, packed, bias, y, yStride, rows, outputs, inputs, finish);
}
void starling_gemm_widened(
    const float *x, size_t xStride, const uint16_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish) {
    starling_operations_done += 2 * (uint64_t)rows * outputs * inputs;
    BEST->gemm_widened(x, xStride, packed, bias, y, yStride, rows, outputs, inputs, finish);
}
void starling_quantize(const float *x, uint8_t *q, size_t count, float *low, float *step) {
    BEST->quantize(x, q, count, low, step);
}
void starling_pack8(const float *weight, uint8_t *packed, size_t outputs, size_t inputs) {
    BEST->pack8(weight, packed, outputs, inputs);
}
void starling_pack8_halves(const uint16_t *weight, uint8_t *packed, size_t outputs, size_t inputs, size_t taps) {
    BEST->pack8_halves(weight, packed, outputs, inputs, taps);
}
void starling_gemm8(
    const float *x, size_t xStride, const uint8_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish, uint8_t *scratch) {
    starling_operations_done += 2 * (uint64_t)rows * outputs * inputs;
    starling_operations8_done += 2 * (uint64_t)rows * outputs * inputs;
    BEST->gemm8(x, xStride, packed, bias, y, yStride, rows, outputs, inputs, finish, scratch);
}
void starling_attention(
    const float *query, size_t queryStride, const float *key, const float *value, size_t keyStride, float *y, size_t yStride,
    size_t queries, size_t keys, size_t dimension, float scale, float *scratch) {
    starling_operations_done += 4 * (uint64_t)queries * keys * dimension;
    BEST->attention(
        query, queryStride, key, value, keyStride, y, yStride, queries, keys, dimension, scale, scratch);
}
void starling_gaussian(uint64_t seed, uint64_t first, float *z, size_t count) { BEST->gaussian(seed, first, z, count); }
void starling_magnitude(const float *x, float *y, size_t bins) { BEST->magnitude(x, y, bins); }
void starling_prepare_frames(
    const starling_frames *s, const float *pulses, const float *numbers, const float *noise, size_t first,
    size_t frames, float *scratch) {
    BEST->prepare_frames(s, pulses, numbers, noise, first, frames, scratch);
}
void starling_add_frames(const starling_frames *s, float *sum, size_t frames, const float *scratch) {
    BEST->add_frames(s, sum, frames, scratch);
}
void starling_pulses(double cycles, double before, double after, float harmonics, float *y, size_t count) {
    BEST->pulses(cycles, before, after, harmonics, y, count);
}
uint64_t starling_peak(size_t rounds) { return BEST->peak(rounds); }
uint64_t starling_peak8(size_t rounds) { return BEST->peak8(rounds); }
