#include "kernels.h"

#include <stdatomic.h>

#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>

/// Linux hands out the tile registers on request only (ARCH_REQ_XCOMP_PERM for XFEATURE_XTILEDATA), per process.
static int tiles_permitted(void) {
    const long request = 0x1023, tile_data = 18;
    return syscall(SYS_arch_prctl, request, tile_data) == 0;
}

static starling_level detect(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx512bf16") || !__builtin_cpu_supports("avx512bw")) return STARLING_PORTABLE;
    if (__builtin_cpu_supports("amx-bf16") && tiles_permitted()) return STARLING_AMX_BFLOAT16;
    return STARLING_AVX512_BFLOAT16;
}

const char *starling_vector_name(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return "AVX-512";
    if (__builtin_cpu_supports("x86-64-v3")) return "AVX2";
    return "baseline";
}
#else
static starling_level detect(void) { return STARLING_PORTABLE; }
const char *starling_vector_name(void) { return "baseline"; }
#endif

starling_level starling_bfloat16_level(void) {
    static _Atomic int known = -1;
    int level = atomic_load_explicit(&known, memory_order_relaxed);
    if (level < 0) {
        level = detect();
        atomic_store_explicit(&known, level, memory_order_relaxed);
    }
    return (starling_level)level;
}
