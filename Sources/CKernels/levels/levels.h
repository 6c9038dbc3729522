/// The tables of the levels, and what all levels agree on.
#pragma once
#include "../include/kernels.h"

#include <stdint.h>
#include <string.h>

/// Outputs of a panel of packed float32 weights, and of a tile of packed bfloat16 weights.
enum { PANEL = 16 };

/// Packed bfloat16 weights: blocks of 32 outputs by 32 inputs, each two tiles of 16 pairs of inputs by 16 outputs by 2.
/// The blocks of the same outputs lie one after the other.
enum { BLOCK = 32, TILE = 512, PAIR_OF_TILES = 1024 };

/// Attention: queries and keys that meet at a time; their scores fill half of a level 1 cache.
enum { QUERIES_AT_ONCE = 36, KEYS_AT_ONCE = 128 };

/// Calls M with the name of every kernel that levels compile for themselves.
#define EACH_KERNEL(M) \
    M(exp) M(log) M(tanh) M(sigmoid) M(sin_cos) M(gelu) M(silu) M(add) M(dot) M(add_bias) M(add_scaled) M(layer_norm) \
    M(softmax) M(rotary) M(depthwise) M(to_bfloat16) M(from_bfloat16) M(from_float16) M(gemm32) M(gemm_widened) \
    M(attention) M(gaussian) M(magnitude) M(interpolate) M(mix) M(pulses) M(peak)

/// The operations of the products of this thread; see starling_operations.
extern _Thread_local uint64_t starling_operations_done;

extern const starling_kernels starling_kernels_baseline;
#if defined(__x86_64__)
extern const starling_kernels starling_kernels_avx2, starling_kernels_avx512;
#endif
