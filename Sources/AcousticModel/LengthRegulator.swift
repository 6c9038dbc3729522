private import Foundation
internal import Tensor

/// From phonemes to frames: every phoneme's state is repeated for as many frames as it lasts, and told where inside the
/// phoneme each frame lies.
struct LengthRegulator: Sendable {
    let position: Linear  // 4 -> C

    /// - Parameters:
    ///   - states: [N, C]
    ///   - durations: frames, [N], each at least 1
    /// - Returns: [T, C], T the sum of the durations
    func callAsFunction(_ states: Matrix, durations: [Int], scratch: inout Scratch) -> Matrix {
        let frames = durations.reduce(0, +)
        var features: [Float] = []
        features.reserveCapacity(frames * 4)
        for duration in durations {
            let length = Float(duration)
            for frame in 0..<duration {
                let inside = Float(frame) + 0.5
                features += [inside / length, inside / 10, (length - inside) / 10, log(length)]
            }
        }
        var repeated = Matrix(rows: frames, columns: states.columns)
        var frame = 0
        for (phoneme, duration) in durations.enumerated() {
            for _ in 0..<duration {
                repeated.copy(rows: phoneme..<phoneme + 1, of: states, to: frame)
                frame += 1
            }
        }
        repeated.add(position(Matrix(rows: frames, columns: 4, elements: features), scratch: &scratch))
        return repeated
    }
}
