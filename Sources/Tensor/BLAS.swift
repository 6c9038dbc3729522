internal import COpenBLAS

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
