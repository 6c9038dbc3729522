private import Foundation
import SpeechSignal

/// The sum of windowed frames. Every hop of samples leaves, divided by the sum of its squared windows, as soon as no
/// later frame reaches it: that is torch.istft.
///
///     sum.add(frames: n, to: &samples) { /* add n frames from here on */ }
///     sum.finish(to: &samples)  // T + 1 frames made T · 300 samples
struct OverlapAdd: Sendable {
    /// Hops of a frame.
    private static let overlap = Signal.fftSize / Signal.hop
    /// The periodic Hann window, [size].
    static let window = (0..<Signal.fftSize).map {
        Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(Signal.fftSize)))
    }
    /// What a hop that all its frames have reached is multiplied by, [hop].
    private static let factors = factors(of: 0..<overlap)

    /// From the first sample of the next frame on; nothing where no frame has been.
    private var sum: [Float]
    private let most: Int
    private var frames = 0

    /// - Parameter most: frames that are added at a time, at most
    init(most: Int) {
        self.most = most
        sum = [Float](repeating: 0, count: (most + Self.overlap) * Signal.hop)
    }

    /// Takes the next frames and appends the hops they complete.
    ///
    /// - Parameters:
    ///   - count: how many
    ///   - body: adds them, `size` times too large, from the first one's first sample on; there is room for one hop
    ///     more than they have
    mutating func add(frames count: Int, to samples: inout [Float], _ body: (UnsafeMutablePointer<Float>) -> Void) {
        precondition(count <= most)
        let length = count * Signal.hop
        // The middle of a frame is where its second hop ends; nothing is heard before the middle of the first.
        let silent = min(count, max(0, Self.overlap / 2 - frames))
        let first = Self.overlap / 2 - frames
        sum.withUnsafeMutableBufferPointer { sum in
            let start = sum.baseAddress!
            body(start)
            Self.append(start, hops: silent..<count, first: first, to: &samples)
            start.update(from: start + length, count: sum.count - length)
            (start + sum.count - length).update(repeating: 0, count: length)
        }
        frames += count
    }

    /// Appends the last hop, which lacks its last frame.
    mutating func finish(to samples: inout [Float]) {
        guard frames > 0 else { return }
        let factors = Self.factors(of: 1..<min(Self.overlap, frames + 1))
        samples += zip(sum, factors).map { $0 * $1 }
    }

    /// Appends hops of a sum that are complete; `first` is the first of the signal, if it is among them.
    private static func append(_ sum: UnsafePointer<Float>, hops: Range<Int>, first: Int, to samples: inout [Float]) {
        guard !hops.isEmpty else { return }
        samples += [Float](unsafeUninitializedCapacity: hops.count * Signal.hop) { target, used in
            used = target.count
            for hop in hops {
                // It lacks its first frame, which would have begun before the signal.
                let factors = hop == first ? Self.factors(of: 0..<overlap - 1) : Self.factors
                let source = sum + hop * Signal.hop
                let target = target.baseAddress! + (hop - hops.lowerBound) * Signal.hop
                factors.withUnsafeBufferPointer { factors in
                    for place in 0..<Signal.hop { target[place] = source[place] * factors[place] }
                }
            }
        }
    }

    /// One over the sum of the squared windows of some frames that reach a hop, the newest first, and over the size.
    private static func factors(of frames: Range<Int>) -> [Float] {
        (0..<Signal.hop).map { place in
            let squares = frames.reduce(Float(0)) { sum, frame in
                let weight = window[frame * Signal.hop + place]
                return sum + weight * weight
            }
            return 1 / (squares * Float(Signal.fftSize))
        }
    }
}
