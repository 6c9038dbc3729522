/// Attention without a matrix of scores (Milakov and Gimelshein 2018, Dao et al. 2022): a block of queries meets a
/// block of keys at a time. The softmax's maximum and sum so far go with every query, and what was summed is scaled
/// when the maximum grows.

/// The largest of a row, in 16 lanes: the compiler does not vectorise a plain maximum, whose order matters if there are
/// NaNs.
INLINED float maximum(const float *x, size_t count) {
    float lanes[16];
    for (int i = 0; i < 16; i++) lanes[i] = x[(size_t)i < count ? i : 0];
    size_t c = 0;
    for (; c + 16 <= count; c += 16) {
        for (int i = 0; i < 16; i++) lanes[i] = x[c + i] > lanes[i] ? x[c + i] : lanes[i];
    }
    for (; c < count; c++) lanes[0] = x[c] > lanes[0] ? x[c] : lanes[0];
    for (int i = 1; i < 16; i++) lanes[0] = lanes[i] > lanes[0] ? lanes[i] : lanes[0];
    return lanes[0];
}

/// Rows become e^(scale (x - top)); returns their sum.
INLINED float exponentials(float *x, size_t count, float scale, float top) {
    REORDER_SUMS
    float sum = 0;
    for (size_t c = 0; c < count; c++) {
        x[c] = fast_exp(scale * (x[c] - top));
        sum += x[c];
    }
    return sum;
}

static void AT_LEVEL(softmax)(float *x, size_t rows, size_t columns, float scale) {
    for (size_t r = 0; r < rows; r++, x += columns) {
        float inverse = 1.0f / exponentials(x, columns, scale, maximum(x, columns));
        for (size_t c = 0; c < columns; c++) x[c] *= inverse;
    }
}

static void AT_LEVEL(attention)(
    const float *query, size_t queryStride, const float *key, const float *value, size_t keyStride, float *y, size_t yStride,
    size_t queries, size_t keys, size_t dimension, float scale, float *scratch) {
    float *scores = scratch, *packedKeys = scores + QUERIES_AT_ONCE * KEYS_AT_ONCE;
    float *packedValues = packedKeys + starling_packed_count32(keys, dimension);
    starling_pack32(key, keyStride, 1, packedKeys, keys, dimension);
    starling_pack32(value, 1, keyStride, packedValues, dimension, keys);
    const starling_finish store = {STARLING_STORE, NULL}, add = {STARLING_ADD, NULL};
    for (size_t q = 0; q < queries; q += QUERIES_AT_ONCE) {
        size_t rows = queries - q < QUERIES_AT_ONCE ? queries - q : QUERIES_AT_ONCE;
        float top[QUERIES_AT_ONCE], sum[QUERIES_AT_ONCE], *out = y + q * yStride;
        for (size_t k = 0; k < keys; k += KEYS_AT_ONCE) {
            size_t count = keys - k < KEYS_AT_ONCE ? keys - k : KEYS_AT_ONCE;
            const product meet = {
                .x = query + q * queryStride, .xStride = queryStride, .weights = packedKeys + k * dimension,
                .y = scores, .yStride = KEYS_AT_ONCE, .outputs = count, .depth = dimension, .panelDepth = dimension,
                .finish = store};
            multiply_panels(&meet, rows);
            for (size_t r = 0; r < rows; r++) {
                float *row = scores + r * KEYS_AT_ONCE, largest = maximum(row, count);
                if (k > 0) {
                    largest = largest > top[r] ? largest : top[r];
                    float fading = fast_exp(scale * (top[r] - largest));
                    for (size_t c = 0; c < dimension; c++) out[r * yStride + c] *= fading;
                    sum[r] = sum[r] * fading + exponentials(row, count, scale, largest);
                } else {
                    sum[r] = exponentials(row, count, scale, largest);
                }
                top[r] = largest;
            }
            const product gather = {
                .x = scores, .xStride = KEYS_AT_ONCE, .weights = packedValues + k * PANEL, .y = out, .yStride = yStride,
                .outputs = dimension, .depth = count, .panelDepth = keys, .finish = k > 0 ? add : store};
            multiply_panels(&gather, rows);
        }
        for (size_t r = 0; r < rows; r++) {
            float inverse = 1.0f / sum[r];
            for (size_t c = 0; c < dimension; c++) out[r * yStride + c] *= inverse;
        }
    }
}
