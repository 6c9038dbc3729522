private import Foundation
internal import Tensor

/// AdamW (Loshchilov and Hutter 2019): steps along gradients divided by their own size, and weights that decay.
struct AdamW: Sendable {
    /// Rate of the largest steps.
    let rate: Float
    /// Steps until the rate is reached, and in all; from there it falls as a cosine.
    let (warmup, steps): (Int, Int)
    private static let (beta1, beta2): (Float, Float) = (0.9, 0.98)
    private static let decay: Float = 0.01
    private static let epsilon: Float = 1e-8
    /// Longer gradients are cut to this length.
    private static let longest: Float = 1

    private var step = 0
    private var first: [Matrix] = []
    private var second: [Matrix] = []

    init(rate: Float, warmup: Int, steps: Int) { (self.rate, self.warmup, self.steps) = (rate, warmup, steps) }

    /// Changes values by their gradients, of the same shapes.
    mutating func step(_ values: inout [Matrix], _ gradients: [Matrix]) {
        if first.isEmpty {
            first = gradients.map { Matrix(rows: $0.rows, columns: $0.columns) }
            second = first
        }
        let length = gradients.reduce(Float(0)) { $0 + $1.elements.reduce(0) { $0 + $1 * $1 } }.squareRoot()
        let cut = min(1, Self.longest / max(length, 1e-12))
        let rate = currentRate
        step += 1
        let (correction1, correction2) = (1 - powf(Self.beta1, Float(step)), 1 - powf(Self.beta2, Float(step)))
        for index in values.indices {
            let count = values[index].elements.count
            values[index].withUnsafeMutablePointer { value in
                first[index].withUnsafeMutablePointer { first in
                    second[index].withUnsafeMutablePointer { second in
                        gradients[index].elements.withUnsafeBufferPointer { gradient in
                            for i in 0..<count {
                                let g = gradient[i] * cut
                                first[i] = Self.beta1 * first[i] + (1 - Self.beta1) * g
                                second[i] = Self.beta2 * second[i] + (1 - Self.beta2) * g * g
                                let size = (second[i] / correction2).squareRoot() + Self.epsilon
                                value[i] -= rate * (first[i] / correction1 / size + Self.decay * value[i])
                            }
                        }
                    }
                }
            }
        }
    }

    private var currentRate: Float {
        if step < warmup { return rate * Float(step + 1) / Float(warmup) }
        let done = Float(step - warmup) / Float(max(1, steps - warmup))
        return rate * 0.5 * (1 + cosf(.pi * min(1, done)))
    }
}
