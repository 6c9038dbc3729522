internal import CFFTW
private import Synchronization

/// FFTW plans for real transforms of one size, in both directions.
///
/// `@unchecked Sendable`: FFTW allows plans to be executed from any thread, on any buffers; only planning must be
/// serialised, and it happens once per size under a lock.
package final class FourierPlan: @unchecked Sendable {
    package let size: Int
    private let forwardPlan: fftwf_plan
    private let inversePlan: fftwf_plan

    private static let plans = Mutex<[Int: FourierPlan]>([:])

    /// The plan for `size` real samples; ESTIMATE, because measuring costs more than it gains here.
    package static func shared(size: Int) -> FourierPlan {
        plans.withLock { plans in
            if let plan = plans[size] { return plan }
            let plan = FourierPlan(size: size)
            plans[size] = plan
            return plan
        }
    }

    private init(size: Int) {
        precondition(size > 0)
        var real = [Float](repeating: 0, count: size)
        var complex = [Float](repeating: 0, count: 2 * (size / 2 + 1))
        self.size = size
        (forwardPlan, inversePlan) = real.withUnsafeMutableBufferPointer { real in
            complex.withUnsafeMutableBytes { complex in
                let real = real.baseAddress!
                let complex = complex.assumingMemoryBound(to: fftwf_complex.self).baseAddress!
                // The flags are not imported from C: FFTW_ESTIMATE is bit 6, FFTW_DESTROY_INPUT bit 0.
                return (
                    fftwf_plan_dft_r2c_1d(Int32(size), real, complex, 1 << 6 | 1),
                    fftwf_plan_dft_c2r_1d(Int32(size), complex, real, 1 << 6 | 1)
                )
            }
        }
    }

    /// complex[f] = sum over i of real[i] e^(-2 pi i f / size); both buffers lie at the start of Swift arrays, which
    /// gives them the alignment the plan was made for, and `real` is overwritten.
    package func forward(_ real: inout [Float], into complex: inout [Float]) {
        precondition(real.count == size && complex.count == 2 * (size / 2 + 1))
        real.withUnsafeMutableBufferPointer { real in
            complex.withUnsafeMutableBytes { complex in
                fftwf_execute_dft_r2c(
                    forwardPlan, real.baseAddress!, complex.assumingMemoryBound(to: fftwf_complex.self).baseAddress!)
            }
        }
    }

    /// The inverse, `size` times too large; `complex` is overwritten.
    package func inverse(_ complex: inout [Float], into real: inout [Float]) {
        precondition(real.count == size && complex.count == 2 * (size / 2 + 1))
        real.withUnsafeMutableBufferPointer { real in
            complex.withUnsafeMutableBytes { complex in
                fftwf_execute_dft_c2r(
                    inversePlan, complex.assumingMemoryBound(to: fftwf_complex.self).baseAddress!, real.baseAddress!)
            }
        }
    }
}
