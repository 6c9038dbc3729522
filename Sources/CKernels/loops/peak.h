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
