/// y = x W^T + bias in float32. W is packed once, in panels of 16 outputs: a BLAS packs it for every call, which takes up to a
/// third of the time with as few rows as a sentence has, and picks slow loops for CPUs it does not know.
///
/// A level says how it multiplies: LANES numbers of a vector, HEIGHT rows and PANELS panels whose sums its registers hold.

/// Rows that meet all panels before the next ones do: few enough for the level 2 cache.
enum { ROWS_AT_ONCE = 96, WIDTH = PANELS * PANEL, VECTORS = PANEL / LANES };

/// Inputs between two fetches.
enum { STEPS = 8 };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));

/// A product whose weights are packed in panels, `depth` of the `panelDepth` inputs of each.
typedef struct {
    const float *x, *panels, *bias;
    float *y;
    size_t xStride, yStride, outputs, depth, panelDepth;
    starling_finish finish;
} product;

/// The last step for the rows of a tile.
static __attribute__((noinline)) void finish_tile(
    const float *sums, size_t width, const product *p, size_t row, size_t rows, size_t output, size_t columns) {
    float *y = p->y + row * p->yStride + output;
    for (size_t r = 0; r < rows; r++) finish_row(sums + r * width, y + r * p->yStride, columns, output, &p->finish);
}

/// Adds the products of one input to the sums of a tile.
INLINED void step(int height, int panels, const product *p, const float *x, const float *w, size_t k, lanes *sums) {
    const int vectors = panels * VECTORS;
    lanes weights[PANELS * VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        const float *panel = w + (size_t)(v / VECTORS) * PANEL * p->panelDepth;
        memcpy(&weights[v], panel + k * PANEL + v % VECTORS * LANES, sizeof(lanes));
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sums[r * vectors + v] += x[(size_t)r * p->xStride + k] * weights[v];
    }
}

/// `height` rows of `panels` panels, both constants; `columns` of them exist. Fetches a part of the next panels meanwhile: they
/// come from far away.
INLINED void tile(
    int height, int panels, const product *p, size_t row, size_t output, size_t columns, const float *start, const float *next,
    size_t lines) {
    const int vectors = panels * VECTORS, width = panels * PANEL;
    const float *x = p->x + row * p->xStride, *w = p->panels + output * p->panelDepth;
    float *y = p->y + row * p->yStride + output;
    const int added = p->finish.kind == STARLING_ADD && !p->finish.scale;
    const int direct = columns == (size_t)width && (added || p->finish.kind == STARLING_STORE);
    lanes sums[HEIGHT * PANELS * VECTORS];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) memcpy(&sums[r * vectors + v], start + v * LANES, sizeof(lanes));
    }
    size_t k = 0;
    for (; k + STEPS <= p->depth; k += STEPS) {
        // A few lines at a time: more would keep the loads of this tile waiting.
        for (size_t i = 0; i < lines; i++, next += PANEL) __builtin_prefetch(next, 0, 2);
#pragma clang loop unroll_count(UNROLLED)
        for (size_t i = 0; i < STEPS; i++) step(height, panels, p, x, w, k + i, sums);
    }
    for (; k < p->depth; k++) step(height, panels, p, x, w, k, sums);
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
INLINED void column(int panels, const product *p, size_t from, size_t to, size_t output, size_t columns) {
    size_t tiles = (to - from) / HEIGHT, row = from;
    // Panels lie one after the other; every tile fetches its share of the next ones.
    size_t end = output + (size_t)panels * PANEL;
    const float *next = p->panels + end * p->panelDepth;
    size_t lines = tiles && end < p->outputs ? (STEPS * (size_t)panels + tiles - 1) / tiles : 0;
    size_t share = p->depth / STEPS * lines * PANEL;
    float start[WIDTH] = {0};
    if (p->bias) memcpy(start, p->bias + output, columns * sizeof *start);
    for (; row + HEIGHT <= to; row += HEIGHT, next += share) tile(HEIGHT, panels, p, row, output, columns, start, next, lines);
    for (; HEIGHT > 4 && row + 4 <= to; row += 4) tile(4 < HEIGHT ? 4 : 1, panels, p, row, output, columns, start, next, 0);
    for (; HEIGHT > 2 && row + 2 <= to; row += 2) tile(2 < HEIGHT ? 2 : 1, panels, p, row, output, columns, start, next, 0);
    for (; row < to; row++) tile(1, panels, p, row, output, columns, start, next, 0);
}

static void multiply(const product *p, size_t rows) {
    for (size_t from = 0; from < rows; from += ROWS_AT_ONCE) {
        size_t to = rows - from < ROWS_AT_ONCE ? rows : from + ROWS_AT_ONCE, n = 0;
        for (; n + (PANELS - 1) * PANEL < p->outputs; n += WIDTH) {
            column(PANELS, p, from, to, n, p->outputs - n < WIDTH ? p->outputs - n : WIDTH);
        }
        for (; n < p->outputs; n += PANEL) column(1, p, from, to, n, p->outputs - n < PANEL ? p->outputs - n : PANEL);
    }
}

static void AT_LEVEL(gemm32)(
    const float *x, size_t xStride, const float *packed, const float *bias, float *y, size_t yStride, size_t rows,
    size_t outputs, size_t inputs, starling_finish finish) {
    product p = {x, packed, bias, y, xStride, yStride, outputs, inputs, inputs, finish};
    multiply(&p, rows);
}
