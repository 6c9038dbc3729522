private import Foundation
internal import Tensor

/// From phonemes to steps of a frame or more: every phoneme's state is repeated for as many steps as it lasts, and told
/// where inside the phoneme each step lies.
struct LengthRegulator: Sendable {
    let position: Linear  // 4 -> C
    /// Frames of a step.
    let stride: Int

    /// - Parameters:
    ///   - states: [N, C]
    ///   - durations: frames, [N], each one step or more and whole steps
    /// - Returns: [U, C], U the sum of the durations in steps
    func callAsFunction(_ states: Matrix, durations: [Int], scratch: inout Scratch) -> Matrix {
        let steps = durations.reduce(0, +) / stride
        var features: [Float] = []
        features.reserveCapacity(steps * 4)
        for duration in durations {
            let length = Float(duration)
            for step in 0..<duration / stride {
                let inside = Float(stride) * (Float(step) + 0.5)
                features += [inside / length, inside / 10, (length - inside) / 10, log(length)]
            }
        }
        var repeated = Matrix(rows: steps, columns: states.columns)
        var step = 0
        for (phoneme, duration) in durations.enumerated() {
            for _ in 0..<duration / stride {
                repeated.copy(rows: phoneme..<phoneme + 1, of: states, to: step)
                step += 1
            }
        }
        repeated.add(position(Matrix(rows: steps, columns: 4, elements: features), scratch: &scratch))
        return repeated
    }
}
