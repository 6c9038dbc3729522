/// What a core can do at most: independent multiply-adds on sums that stay in registers.

static uint64_t AT_LEVEL(peak)(size_t rounds) {
    enum { SUMS = 12 };  // more than latency times units
    volatile float seed = 0.999f;
    lanes sums[SUMS], factor = (lanes){0} + seed, summand = (lanes){0} + (1 - seed);
    for (int i = 0; i < SUMS; i++) sums[i] = factor * (float)i;
    for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < SUMS; i++) sums[i] = sums[i] * factor + summand;
    }
    for (int i = 1; i < SUMS; i++) sums[0] += sums[i];
    seed = sums[0][0];
    return (uint64_t)rounds * SUMS * LANES * 2;
}

/// The same in int8. Sums are weights as well, so that none of the products can be left out.
static uint64_t AT_LEVEL(peak8)(size_t rounds) {
#if defined(TILES)
    REPEAT_PRODUCTS(_tile_dpbusd, rounds);
    return (uint64_t)rounds * 4 * TILE_ROWS * TILE_ROWS * TILE_BYTES * 2;
#else
#if defined(I8MM)
    enum { SUMS = 12, OPERATIONS = 2 * 2 * 8 * 2 };
#else
    enum { SUMS = 12, OPERATIONS = LANES * 4 * 2 };
#endif
    volatile uint32_t seed = 0x01020304;
    const uint32_t inputs = seed;
    ints sums[SUMS];
    for (int i = 0; i < SUMS; i++) sums[i] = (ints){0} + i;
    for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < SUMS; i++) {
#if defined(I8MM)
            sums[i] = (ints)vusmmlaq_s32((int32x4_t)sums[i], vreinterpretq_u8_u32(vdupq_n_u32(inputs)), (int8x16_t)sums[i]);
#else
            sums[i] = add_quads(sums[i], inputs, sums[i]);
#endif
        }
    }
    for (int i = 1; i < SUMS; i++) sums[0] += sums[i];
    seed = (uint32_t)sums[0][0];
    return (uint64_t)rounds * SUMS * OPERATIONS;
#endif
}
