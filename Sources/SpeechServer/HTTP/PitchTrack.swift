import SpeechSignal
import Synthesis

/// F0 of a whole speech from its sentences'.
struct PitchTrack {
    /// Frames per second.
    static let rate = Double(Signal.frameRate)

    /// Hz, one for each frame from the beginning of the speech; 0 where unvoiced or silent.
    private var hertz: [Float] = []

    /// Adds a sentence after those before it.
    mutating func add(_ features: SpokenSentence.Features) {
        extend(to: Int((features.start * Self.rate).rounded()))
        hertz += features.f0
    }

    private mutating func extend(to frames: Int) {
        if frames > hertz.count { hertz += [Float](repeating: 0, count: frames - hertz.count) }
    }

    /// - Parameter seconds: of the speech.
    mutating func json(seconds: Double) -> JSON {
        let frames = Int((seconds * Self.rate).rounded())
        extend(to: frames)
        return Self.json(hertz.prefix(frames))
    }

    /// To a tenth of a hertz.
    static func json(_ hertz: some Collection<Float>) -> JSON {
        .array(
            hertz.map { value in
                value > 0 ? .number((Double(value) * 10).rounded() / 10) : 0
            })
    }
}
