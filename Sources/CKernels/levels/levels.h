/// The tables of the levels, and what all levels agree on.
#pragma once
#include "../include/kernels.h"

#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/// Outputs of a panel of packed float32 weights, and of a tile of packed bfloat16 weights.
enum { PANEL = 16 };

/// Packed bfloat16 weights: blocks of 32 outputs by 32 inputs, each two tiles of 16 pairs of inputs by 16 outputs by 2.
/// The blocks of the same outputs lie one after the other.
enum { BLOCK = 32, TILE = 512, PAIR_OF_TILES = 1024 };

/// Rows that meet all weights before the next ones do: few enough for the level 2 cache, enough to use each weight
/// often.
enum { ROWS_AT_ONCE = 96 };

/// Packed int8 weights: panels of 16 outputs, each a scale and the sum of the weights of every output in float32, then
/// for every four inputs 16 outputs by 4 bytes, and zeros up to a whole tile of 64 inputs. The sums begin at
/// CORRECTION8, the bytes of weights at HEADER8.
enum { CORRECTION8 = PANEL * sizeof(float), HEADER8 = 2 * CORRECTION8 };

/// The largest quantized input and weight. vpmaddubsw sums two products in 16 bits: these, 2 * 255 * 63, fit. Of the
/// ways to share 15 bits this loses least: rows of inputs have outliers, weights have few.
enum { MOST8 = 255, MOST_WEIGHT8 = 63 };

/// The lowest multiple of 4 that is no less.
static inline size_t rounded_to_quads(size_t count) { return (count + 3) / 4 * 4; }

/// The inputs of whole tiles of int8 weights.
static inline size_t rounded_to_tiles(size_t inputs) { return (inputs + 63) / 64 * 64; }

static inline size_t bytes_of_panel8(size_t inputs) { return HEADER8 + rounded_to_tiles(inputs) * PANEL; }

/// Attention: queries and keys that meet at a time; their scores fill half of a level 1 cache.
enum { QUERIES_AT_ONCE = 36, KEYS_AT_ONCE = 128 };

/// Calls M with the name of every kernel that levels compile for themselves.
#define EACH_KERNEL(M) \
    M(exp) M(log) M(tanh) M(sigmoid) M(sin_cos) M(gelu) M(silu) M(add) M(dot) M(add_bias) M(add_scaled) M(layer_norm) \
    M(softmax) M(rotary) M(depthwise) M(to_bfloat16) M(from_bfloat16) M(from_float16) M(gemm32) M(gemm_widened) \
    M(quantize) M(pack8) M(pack8_halves) M(gemm8) M(attention) M(gaussian) M(magnitude) \
    M(prepare_frames) M(add_frames) M(pulses) M(peak) M(peak8)

/// What starling_pack does where there are bfloat16 instructions, and one of the strides is 1; returns whether there
/// are (bfloat16.c). Subnormal numbers become zero.
int starling_pack_vectors(
    const float *weight, size_t outputStride, size_t inputStride, uint16_t *packed, size_t outputs, size_t inputs);

/// The operations of the products of this thread; see starling_operations.
extern _Thread_local uint64_t starling_operations_done, starling_operations8_done;

extern const starling_kernels starling_kernels_baseline;
#if defined(__x86_64__)
extern const starling_kernels starling_kernels_avx2, starling_kernels_avxvnni, starling_kernels_avx512;
extern const starling_kernels starling_kernels_avx512vnni, starling_kernels_amx;
#elif defined(__aarch64__)
extern const starling_kernels starling_kernels_dotprod, starling_kernels_i8mm;
#endif
