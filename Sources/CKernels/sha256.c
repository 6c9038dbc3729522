#include "kernels.h"
#include "reference.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>

/// Whether the CPU has the SHA extensions, and SSE4.1 beside them.
static int has_sha(void) {
    static _Atomic int known = -1;
    int has = atomic_load_explicit(&known, memory_order_relaxed);
    if (has < 0) {
        unsigned a, b, c, d, c1 = 0, b7 = 0;
        if (__get_cpuid(1, &a, &b, &c, &d)) c1 = c;
        if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) b7 = b;
        has = (c1 >> 19 & 1) && (b7 >> 29 & 1);
        atomic_store_explicit(&known, has, memory_order_relaxed);
    }
    return has;
}

/// Two rounds an instruction; the state is held as ABEF and CDGH, the message as the last 16 words.
__attribute__((target("sha,sse4.1"))) static void blocks_sha(uint32_t *state, const uint8_t *blocks, size_t count) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i *constants = (const __m128i *)reference_sha256_constants;
    const __m128i dcba = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
    const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(dcba, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, dcba, 0xf0);
    for (; count > 0; count--, blocks += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4];
        for (int i = 0; i < 16; i++) {
            __m128i *new = &w[i % 4];
            if (i < 4) {
                *new = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)blocks + i), big_endian);
            } else {
                const __m128i last = w[(i + 3) % 4];
                const __m128i seventh = _mm_alignr_epi8(last, w[(i + 2) % 4], 4);
                const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(*new, w[(i + 1) % 4]), seventh);
                *new = _mm_sha256msg2_epu32(sum, last);
            }
            const __m128i k = _mm_add_epi32(*new, _mm_loadu_si128(constants + i));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#else
static int has_sha(void) { return 0; }
static void blocks_sha(uint32_t *state, const uint8_t *blocks, size_t count) {
    reference_sha256(state, blocks, count);
}
#endif

void starling_sha256(uint32_t *state, const uint8_t *blocks, size_t count) {
    if (has_sha()) {
        blocks_sha(state, blocks, count);
    } else {
        reference_sha256(state, blocks, count);
    }
}
