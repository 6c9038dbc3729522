internal import CKernels

/// What the numeric core runs on; `starling doctor` prints it.
public enum Processor {
    /// What the kernels run on: the best level that this processor offers and STARLING_CPU, if set, allows: "baseline"
    /// (SSE2 or NEON), "dotprod", "i8mm", "avx2", "avx-vnni", "avx512", "avx512-vnni", "avx512-bf16" or "amx".
    public static var level: String { String(cString: starling_level_name(starling_best_level())) }

    /// The levels that there are, from the least; what STARLING_CPU takes.
    public static var levels: [String] {
        (STARLING_BASELINE.rawValue...STARLING_AMX.rawValue).map {
            String(cString: starling_level_name(starling_level($0)))
        }
    }

    /// What products with bfloat16 weights run on: "AMX", "AVX-512" or "none", then they are done in float32.
    public static var bfloat16: String {
        switch starling_best_level() {
        case STARLING_AMX: "AMX"
        case STARLING_AVX512_BFLOAT16: "AVX-512"
        default: "none"
        }
    }
}
