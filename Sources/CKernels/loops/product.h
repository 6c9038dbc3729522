/// y = x W^T + bias in float32. W is packed once, in panels of 16 outputs: a BLAS packs it for every call, which takes
/// up to a third of the time with as few rows as a sentence has, and picks slow loops for CPUs it does not know.
///
/// A level says how it multiplies: LANES numbers of a vector, HEIGHT rows and PANELS panels whose sums its registers
/// hold.

enum { WIDTH = PANELS * PANEL, VECTORS = PANEL / LANES };

/// How weights are packed: panels of float32, tiles of bfloat16, panels of int8.
typedef enum { FLOATS, HALVES, BYTES } packing;

/// A product with packed weights, `depth` of the `panelDepth` inputs of each output.
typedef struct {
    const void *weights;
    const float *x, *bias;
    float *y;
    size_t xStride, yStride, outputs, depth, panelDepth;
    starling_finish finish;
    /// With weights in int8, x is not used: whole numbers, and what they stand for in every row.
    const uint8_t *bytes;
    size_t byteStride;
    const float *low, *step;
} product;

/// Rows of a tile.
INLINED int height_of(packing form) { return form == BYTES ? HEIGHT8 : HEIGHT; }

/// Inputs between two fetches.
INLINED size_t inputs_of_step(packing form) { return form == BYTES ? 64 : form == HALVES ? BLOCK : 8; }

/// Bytes of the weights of one step to one panel of outputs.
INLINED size_t bytes_of_step(packing form) {
    return inputs_of_step(form) * PANEL * (form == BYTES ? 1 : form == HALVES ? sizeof(uint16_t) : sizeof(float));
}

/// Where the weights of a panel of outputs begin.
INLINED const char *weights_at(packing form, const product *p, size_t output) {
    const size_t panel = output / PANEL;
    switch (form) {
    case FLOATS: return (const char *)((const float *)p->weights + output * p->panelDepth);
    case BYTES: return (const char *)p->weights + panel * bytes_of_panel8(p->panelDepth);
    case HALVES: break;
    }
    const size_t steps = (p->panelDepth + BLOCK - 1) / BLOCK;
    return (const char *)((const uint16_t *)p->weights + panel / 2 * steps * PAIR_OF_TILES + panel % 2 * TILE);
}

/// Weights to fetch for the next panels: `lines` of every step.
typedef struct {
    const char *next;
    size_t lines;
} fetching;

enum { LINE = 64 };

/// The last step for the rows of a tile.
static __attribute__((noinline)) void finish_tile(
    const float *sums, size_t width, const product *p, size_t row, size_t rows, size_t output, size_t columns) {
    float *y = p->y + row * p->yStride + output;
    for (size_t r = 0; r < rows; r++) finish_row(sums + r * width, y + r * p->yStride, columns, output, &p->finish);
}

/// Adds the products of one input to the sums of a tile.
INLINED void add_products(int height, int vectors, const float *x, size_t xStride, const lanes *weights, lanes *sums) {
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sums[r * vectors + v] += x[(size_t)r * xStride] * weights[v];
    }
}

/// The k-th input of a step, its weights in panels.
INLINED void add_input(int height, int panels, const product *p, const float *x, const char *w, size_t k, lanes *sums) {
    const int vectors = panels * VECTORS;
    lanes weights[PANELS * VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        const float *panel = (const float *)w + (size_t)(v / VECTORS) * PANEL * p->panelDepth;
        memcpy(&weights[v], panel + k * PANEL + v % VECTORS * LANES, sizeof(lanes));
    }
    add_products(height, vectors, x + k, p->xStride, weights, sums);
}

/// The k-th input of a step and, if there is one, the next, their weights in tiles: a word holds those of both.
INLINED void add_pair(
    int height, int panels, const product *p, const float *x, const char *w, size_t k, int isWhole, lanes *sums) {
    const int vectors = panels * VECTORS;
    const uint16_t *pair = (const uint16_t *)w + k * PANEL;
    words both[PANELS * VECTORS];
    lanes weights[PANELS * VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        memcpy(&both[v], pair + v / VECTORS * TILE + v % VECTORS * LANES * 2, sizeof(words));
        weights[v] = (lanes)(both[v] << 16);
    }
    add_products(height, vectors, x + k, p->xStride, weights, sums);
    if (!isWhole) return;
    // Where registers are few the words are loaded again: kept, they would take those of the sums.
    if (LANES < 16) __asm__("" : "+r"(pair));
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        if (LANES < 16) memcpy(&both[v], pair + v / VECTORS * TILE + v % VECTORS * LANES * 2, sizeof(words));
        weights[v] = (lanes)(both[v] & 0xffff0000u);
    }
    add_products(height, vectors, x + k + 1, p->xStride, weights, sums);
}

/// The products of all inputs of a tile in float32.
INLINED void add_floats(
    packing form, int height, int panels, const product *p, size_t row, const char *w, fetching f, const float *start,
    lanes *sums) {
    const int vectors = panels * VECTORS, pairs = form == HALVES;
    // Of a pair of tiles the other lies between a step and the next.
    const size_t inputs = inputs_of_step(form), bytes = bytes_of_step(form) * (pairs ? 2 : 1);
    const float *x = p->x + row * p->xStride;
    size_t left = p->depth;
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) memcpy(&sums[r * vectors + v], start + v * LANES, sizeof(lanes));
    }
    for (; left >= inputs; left -= inputs, x += inputs, w += bytes) {
        // A few lines at a time: more would keep the loads of this tile waiting.
        for (size_t i = 0; i < f.lines; i++) __builtin_prefetch(f.next + i * LINE, 0, 2);
        f.next += pairs ? bytes : f.lines * LINE;
        if (pairs) {
#pragma clang loop unroll_count(2)
            for (size_t k = 0; k < inputs; k += 2) add_pair(height, panels, p, x, w, k, 1, sums);
        } else {
#pragma clang loop unroll_count(UNROLLED)
            for (size_t k = 0; k < inputs; k++) add_input(height, panels, p, x, w, k, sums);
        }
    }
    if (pairs) {
        size_t k = 0;
        for (; k + 2 <= left; k += 2) add_pair(height, panels, p, x, w, k, 1, sums);
        if (k < left) add_pair(height, panels, p, x, w, k, 0, sums);
    } else {
        for (size_t k = 0; k < left; k++) add_input(height, panels, p, x, w, k, sums);
    }
}

#include "product8.h"

/// `height` rows of `panels` panels, both constants; `columns` of them exist. Fetches a part of the next panels
/// meanwhile: they come from far away.
INLINED void tile(
    packing form, int height, int panels, const product *p, size_t row, size_t output, size_t columns,
    const float *start, fetching f) {
    const int vectors = panels * VECTORS, width = panels * PANEL;
    float *y = p->y + row * p->yStride + output;
    const int added = p->finish.kind == STARLING_ADD && !p->finish.scale;
    const int direct = columns == (size_t)width && (added || p->finish.kind == STARLING_STORE);
    lanes sums[HEIGHT * PANELS * VECTORS];
    const char *w = weights_at(form, p, output);
    if (form == BYTES) {
        add_bytes(height, panels, p, row, w, f, start, sums);
    } else {
        add_floats(form, height, panels, p, row, w, f, start, sums);
    }
    float whole[HEIGHT * WIDTH];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
        float *place = direct ? y + (size_t)r * p->yStride : whole + r * width;
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            lanes before = {0};
            if (direct && added) memcpy(&before, place + v * LANES, sizeof before);
            before += sums[r * vectors + v];
            memcpy(place + v * LANES, &before, sizeof before);
        }
    }
    if (!direct) finish_tile(whole, (size_t)width, p, row, (size_t)height, output, columns);
}

/// All rows of `panels` panels; what is left of the rows is taken in the largest tiles that fit.
INLINED void column(
    packing form, int panels, const product *p, size_t from, size_t to, size_t output, size_t columns) {
    const int height = height_of(form);
    size_t tiles = (to - from) / (size_t)height, row = from, end = output + (size_t)panels * PANEL;
    // Every tile fetches its share of the next panels.
    size_t all = bytes_of_step(form) * (size_t)panels / LINE;
    fetching f = {weights_at(form, p, end), tiles && end < p->outputs ? (all + tiles - 1) / tiles : 0};
    const fetching none = {f.next, 0};
    size_t share = f.lines * LINE * (form == HALVES ? 1 : p->depth / inputs_of_step(form));
    float start[WIDTH] = {0};
    if (p->bias) memcpy(start, p->bias + output, columns * sizeof *start);
    for (; row + (size_t)height <= to; row += (size_t)height, f.next += share) {
        tile(form, height, panels, p, row, output, columns, start, f);
    }
    for (; height > 4 && row + 4 <= to; row += 4) {
        tile(form, 4 < HEIGHT ? 4 : 1, panels, p, row, output, columns, start, none);
    }
    for (; height > 2 && row + 2 <= to; row += 2) {
        tile(form, 2 < HEIGHT ? 2 : 1, panels, p, row, output, columns, start, none);
    }
    for (; row < to; row++) tile(form, 1, panels, p, row, output, columns, start, none);
}

INLINED void multiply(packing form, const product *p, size_t rows) {
    for (size_t from = 0; from < rows; from += ROWS_AT_ONCE) {
        size_t to = rows - from < ROWS_AT_ONCE ? rows : from + ROWS_AT_ONCE, n = 0;
        for (; n + (PANELS - 1) * PANEL < p->outputs; n += WIDTH) {
            column(form, PANELS, p, from, to, n, p->outputs - n < WIDTH ? p->outputs - n : WIDTH);
        }
        for (; n < p->outputs; n += PANEL) {
            column(form, 1, p, from, to, n, p->outputs - n < PANEL ? p->outputs - n : PANEL);
        }
    }
}

#if defined(TILES)
#include "tiles8.h"
#else
INLINED void multiply_bytes(const product *p, size_t rows) { multiply(BYTES, p, rows); }
#endif

static __attribute__((noinline)) void multiply_panels(const product *p, size_t rows) { multiply(FLOATS, p, rows); }

static void AT_LEVEL(gemm32)(
    const float *x, size_t xStride, const float *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish) {
    const product p = {
        .x = x, .xStride = xStride, .weights = packed, .bias = bias, .y = y, .yStride = yStride, .outputs = outputs,
        .depth = inputs, .panelDepth = inputs, .finish = finish};
    multiply_panels(&p, rows);
}

static void AT_LEVEL(gemm_widened)(
    const float *x, size_t xStride, const uint16_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish) {
    const product p = {
        .x = x, .xStride = xStride, .weights = packed, .bias = bias, .y = y, .yStride = yStride, .outputs = outputs,
        .depth = inputs, .panelDepth = inputs, .finish = finish};
    multiply(HALVES, &p, rows);
}

static void AT_LEVEL(gemm8)(
    const float *x, size_t xStride, const uint8_t *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish, uint8_t *scratch) {
    float low[ROWS_AT_ONCE], step[ROWS_AT_ONCE];
    const size_t stride = rounded_to_tiles(inputs);
    product p = {
        .bytes = scratch, .byteStride = stride, .low = low, .step = step, .weights = packed, .bias = bias, .y = y,
        .yStride = yStride, .outputs = outputs, .depth = inputs, .panelDepth = inputs, .finish = finish};
    for (size_t from = 0; from < rows; from += ROWS_AT_ONCE, p.y += ROWS_AT_ONCE * yStride) {
        const size_t count = rows - from < ROWS_AT_ONCE ? rows - from : ROWS_AT_ONCE;
        for (size_t r = 0; r < count; r++) {
            uint8_t *row = scratch + r * stride;
            AT_LEVEL(quantize)(x + (from + r) * xStride, row, inputs, &low[r], &step[r]);
            // What is beyond meets weights of zero.
            for (size_t k = inputs; k < stride; k++) row[k] = 0;
        }
        multiply_bytes(&p, count);
    }
}
