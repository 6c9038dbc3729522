import Foundation

/// Raised-cosine ramps at the ends of a sentence, so that joins with silence never click.
enum Fade {
    /// Samples: 5 ms.
    static let length = 120

    static func fadeIn(_ samples: inout [Float]) {
        for index in 0..<min(length, samples.count) { samples[index] *= gain(index) }
    }

    static func fadeOut(_ samples: inout [Float]) {
        for index in 0..<min(length, samples.count) { samples[samples.count - 1 - index] *= gain(index) }
    }

    private static func gain(_ index: Int) -> Float {
        0.5 - 0.5 * cos(.pi * (Float(index) + 0.5) / Float(length))
    }
}
