internal import CKernels
internal import COpenBLAS

/// What the numeric core runs on; `starling doctor` prints it.
public enum Processor {
    /// The core type OpenBLAS picked its kernels for, such as "SkylakeX".
    public static var blasCore: String {
        BLAS.prepare()
        return String(cString: openblas_get_corename())
    }

    /// The vector instructions of the plain loops: "AVX-512", "AVX2" or "baseline".
    public static var vectors: String { String(cString: starling_vector_name()) }

    /// What products with bfloat16 weights run on: "AMX", "AVX-512" or "none", then they are done in float32.
    public static var bfloat16: String {
        switch starling_bfloat16_level() {
        case STARLING_AMX_BFLOAT16: "AMX"
        case STARLING_AVX512_BFLOAT16: "AVX-512"
        default: "none"
        }
    }
}

/// OpenBLAS limited to one thread: two collapse on a busy machine, and requests run beside each other anyway.
///
/// The threads it starts as it is loaded spin for some time on all cores before they sleep; they are ended.
enum BLAS {
    private static let limited: Void = {
        openblas_set_num_threads(1)
        openblas_end_threads()
    }()

    static func prepare() { _ = limited }
}
