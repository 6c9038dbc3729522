#include "levels/levels.h"

/// The lowest multiple of `unit` that is no less.
static size_t rounded(size_t count, size_t unit) { return (count + unit - 1) / unit * unit; }

size_t starling_packed_count32(size_t outputs, size_t inputs) { return rounded(outputs, PANEL) * inputs; }

size_t starling_packed_count(size_t outputs, size_t inputs) { return rounded(outputs, BLOCK) * rounded(inputs, BLOCK); }

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

void starling_pack(
    const float *weight, size_t outputStride, size_t inputStride, uint16_t *packed, size_t outputs, size_t inputs) {
    if (starling_pack_vectors(weight, outputStride, inputStride, packed, outputs, inputs)) return;
    memset(packed, 0, starling_packed_count(outputs, inputs) * sizeof *packed);
    size_t steps = rounded(inputs, BLOCK) / BLOCK;
    for (size_t step = 0; step < steps; step++) {
        size_t first = step * BLOCK, count = inputs - first < BLOCK ? inputs - first : BLOCK;
        for (size_t n = 0; n < outputs; n++) {
            const float *source = weight + n * outputStride + first * inputStride;
            float values[BLOCK] = {0};
            uint16_t halves[BLOCK];
            for (size_t k = 0; k < count; k++) values[k] = source[k * inputStride];
            starling_to_bfloat16(values, halves, BLOCK);
            uint16_t *tile = packed + (n / BLOCK * steps + step) * PAIR_OF_TILES + n % BLOCK / PANEL * TILE;
            uint16_t *column = tile + n % PANEL * 2;
            for (size_t pair = 0; pair < PANEL; pair++) memcpy(column + pair * BLOCK, halves + pair * 2, 4);
        }
    }
}

void starling_pack_halves(const uint16_t *weight, uint16_t *packed, size_t outputs, size_t inputs, size_t taps) {
    size_t depth = inputs * taps, steps = rounded(depth, BLOCK) / BLOCK;
    for (size_t n = 0; n < rounded(outputs, BLOCK); n += PANEL) {
        size_t rows = n >= outputs ? 0 : outputs - n < PANEL ? outputs - n : PANEL;
        uint16_t *tile = packed + n / BLOCK * steps * PAIR_OF_TILES + n % BLOCK / PANEL * TILE;
        for (size_t k = 0; k < depth; k += BLOCK, tile += PAIR_OF_TILES) {
            size_t count = depth - k < BLOCK ? depth - k : BLOCK;
            // Without taps the inputs of a pair lie side by side.
            size_t width = taps == 1 && count % 2 == 0 ? 2 : 1;
            if (rows < PANEL || count < BLOCK) memset(tile, 0, TILE * sizeof *tile);
            for (size_t i = 0; i < count; i += width) {
                const uint16_t *source = weight + n * depth + (k + i) % inputs * taps + (k + i) / inputs;
                uint16_t *place = tile + i / 2 * BLOCK + i % 2;
                if (width == 2) {
                    for (size_t r = 0; r < rows; r++) memcpy(place + 2 * r, source + r * depth, 2 * sizeof *place);
                } else {
                    for (size_t r = 0; r < rows; r++) place[2 * r] = source[r * depth];
                }
            }
        }
    }
}

size_t starling_packed_count8(size_t outputs, size_t inputs) {
    return rounded(outputs, PANEL) / PANEL * bytes_of_panel8(inputs);
}

size_t starling_scratch_count8(size_t rows, size_t inputs) {
    // Tiles take 32 rows at a time, whether there are as many or not.
    return rounded(rows < ROWS_AT_ONCE ? rows : ROWS_AT_ONCE, BLOCK) * rounded_to_tiles(inputs);
}

size_t starling_attention_scratch(size_t keys, size_t dimension) {
    return QUERIES_AT_ONCE * KEYS_AT_ONCE + starling_packed_count32(keys, dimension) +
           starling_packed_count32(dimension, keys);
}

size_t starling_frames_scratch(const starling_frames *s) {
    // Where lanes are few there are more rows of them, each with what overlaps at its end.
    const size_t pitch = 2 * STARLING_FRAMES, line = 64 / sizeof(float);
    return 2 * (s->size + 1) * pitch + (starling_frame_numbers(s) + s->size + 2) * STARLING_FRAMES + 8 * line;
}
