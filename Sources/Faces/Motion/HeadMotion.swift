import Foundation
import SpeechSignal
import Synthesis

/// Small motion of the head: it drifts by some degrees as a seed wants, and nods with stressed syllables, for heads of
/// speakers go with pitch and loudness (Munhall et al. 2004).
struct HeadMotion {
    private struct Beat {
        var time: Double
        var known: Double
    }

    /// Radians.
    private static let drift = FaceFrame.Head(yaw: 0.05, pitch: 0.025, roll: 0.02)
    private static let nod: Float = 0.03
    /// Hz and share of the sines whose sum is the drift.
    private static let waves: [(frequency: Double, share: Double)] = [(0.11, 0.5), (0.27, 0.35), (0.53, 0.15)]
    /// Seconds from the start in which the head leaves its place.
    private static let start = 1.0
    /// Seconds from a nod's deepest point at which a third (1/e) is left.
    private static let width = 0.12
    /// Seconds between nods at least: not every stress gets one.
    private static let pause = 0.5

    private let seed: UInt64
    private var beats: [Beat] = []

    init(seed: UInt64) { self.seed = seed }

    /// Adds stressed vowels, in order, that are known from a moment on.
    mutating func append(_ stresses: [Double], known: Double) {
        for time in stresses where time - (beats.last?.time ?? -1) >= Self.pause {
            beats.append(Beat(time: time, known: known))
        }
        // Those that are over; the last one stays, for the pause to the next.
        let over = beats.dropLast().prefix { $0.time < known - 4 * Self.width }
        beats.removeFirst(over.count)
    }

    /// How strong the nod is at a moment, from 0 to 1.
    func beat(at time: Double) -> Float {
        let sum = beats.reduce(0.0) { sum, beat in
            let distance = (time - beat.time) / Self.width
            return sum + exp(-distance * distance) * smoothstep((time - beat.known) / Self.width)
        }
        return Float(min(sum, 1))
    }

    func head(at time: Double) -> FaceFrame.Head {
        let leaving = smoothstep(time / Self.start)
        func drift(_ axis: UInt64) -> Float {
            var sum = 0.0
            for (place, wave) in Self.waves.enumerated() {
                let phase = SplitMix64.fraction(at: 3 * axis + UInt64(place), seed: seed)
                sum += wave.share * sin(2 * .pi * (wave.frequency * time + phase))
            }
            return Float(sum * leaving)
        }
        return FaceFrame.Head(
            yaw: Self.drift.yaw * drift(0), pitch: Self.drift.pitch * drift(1) - Self.nod * beat(at: time),
            roll: Self.drift.roll * drift(2))
    }
}
