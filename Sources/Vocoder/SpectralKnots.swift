internal import CKernels

/// The places along the spectrum at which the trunk tells a frame's envelopes: every bin below `fine`, then every fourth, with
/// straight lines between them. The residual is told below `fine` only.
///
/// Letters: F frequency bins, G knots, R = fine bins with a residual.
struct SpectralKnots: Sendable {
    let fine: Int
    let bins: Int

    /// Bins between knots from `fine` on.
    static let coarse = 4
    /// The logarithm of the residual's gain where there is none: e^-80 is nothing beside any signal.
    private static let none: Float = -80

    /// G
    var count: Int { fine + max(0, bins - fine + Self.coarse - 1) / Self.coarse }

    /// Numbers of a frame: harmonic log gain, phase offset and noise log gain at the knots, then the residual's log gain and
    /// phase, 3 G + 2 R.
    var numbers: Int { 3 * count + 2 * fine }

    /// The five parts of a frame for every bin, [5, F].
    ///
    /// - Parameters:
    ///   - numbers: of one frame, 3 G + 2 R
    ///   - parts: room for 5 F
    func spread(_ numbers: UnsafePointer<Float>, into parts: inout [Float]) {
        parts.withUnsafeMutableBufferPointer { parts in
            guard let base = parts.baseAddress else { return }
            for part in 0..<3 {
                starling_interpolate(numbers + part * count, base + part * bins, fine, Self.coarse, bins)
            }
            for part in 3..<5 {
                let own = numbers + 3 * count + (part - 3) * fine
                (base + part * bins).update(from: own, count: fine)
                (base + part * bins + fine).update(repeating: part == 3 ? Self.none : 0, count: bins - fine)
            }
        }
    }
}
