/// The last step of a product, on sums that are still in the level 1 cache.

/// Takes `columns` sums of a row from output `first` on.
INLINED void finish_row(const float *sums, float *y, size_t columns, size_t first, const starling_finish *finish) {
    const float *scale = finish->scale ? finish->scale + first : NULL;
    switch (finish->kind) {
    case STARLING_STORE: memcpy(y, sums, columns * sizeof *y); break;
    case STARLING_GELU:
        for (size_t c = 0; c < columns; c++) y[c] = gelu(sums[c]);
        break;
    case STARLING_SILU:
        for (size_t c = 0; c < columns; c++) y[c] = silu(sums[c]);
        break;
    case STARLING_ADD:
        if (scale) {
            for (size_t c = 0; c < columns; c++) y[c] += scale[c] * sums[c];
        } else {
            for (size_t c = 0; c < columns; c++) y[c] += sums[c];
        }
    }
}

/// Calls M(kind, isScaled, ...) with constants for what finishes a product.
#define BY_FINISH(finish, M, ...) \
    do { \
        switch ((finish).kind) { \
        case STARLING_STORE: M(STARLING_STORE, 0, __VA_ARGS__); break; \
        case STARLING_GELU: M(STARLING_GELU, 0, __VA_ARGS__); break; \
        case STARLING_SILU: M(STARLING_SILU, 0, __VA_ARGS__); break; \
        case STARLING_ADD: \
            if ((finish).scale) M(STARLING_ADD, 1, __VA_ARGS__); \
            else M(STARLING_ADD, 0, __VA_ARGS__); \
        } \
    } while (0)
