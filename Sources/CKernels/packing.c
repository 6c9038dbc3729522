#include "levels/levels.h"

static size_t rounded(size_t count) { return (count + PANEL - 1) / PANEL * PANEL; }

size_t starling_packed_count32(size_t outputs, size_t inputs) { return rounded(outputs) * inputs; }

/// Input by input a panel of outputs side by side, zeros where there are no more.
void starling_pack32(
    const float *weight, size_t outputStride, size_t inputStride, float *packed, size_t outputs, size_t inputs) {
    for (size_t n = 0; n < outputs; n += PANEL, packed += PANEL * inputs) {
        const float *first = weight + n * outputStride;
        if (outputs - n < PANEL) {
            for (size_t k = 0; k < inputs; k++) {
                for (size_t i = 0; i < PANEL; i++) {
                    packed[k * PANEL + i] = n + i < outputs ? first[i * outputStride + k * inputStride] : 0;
                }
            }
        } else {
            for (size_t k = 0; k < inputs; k++) {
                for (size_t i = 0; i < PANEL; i++) packed[k * PANEL + i] = first[i * outputStride + k * inputStride];
            }
        }
    }
}

size_t starling_attention_scratch(size_t keys, size_t dimension) {
    return QUERIES_AT_ONCE * KEYS_AT_ONCE + starling_packed_count32(keys, dimension) +
           starling_packed_count32(dimension, keys);
}
