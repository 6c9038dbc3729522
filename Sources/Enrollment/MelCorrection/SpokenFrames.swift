private import Foundation
import SpeechSignal
package import Tensor
import VoiceProfile

/// Frames of speech as the estimation of a `MelCorrection` looks at them.
///
/// Letters: T frames of a recording, N of speech, M = 100 mel bands.
package struct SpokenFrames: Sendable {
    /// Mels smoothed over time, [N, M].
    package private(set) var slow = Matrix(rows: 0, columns: Signal.melBands)
    /// What smoothing takes away, [N, M].
    package private(set) var fast = Matrix(rows: 0, columns: Signal.melBands)

    /// The class of sound of each, [N]; the last of S + 1 is none.
    package private(set) var soundClasses: [Int] = []
    /// How much each counts, [N]: a voice is known by its loud sounds more than by its soft ones.
    private(set) var prominence: [Double] = []

    package init() {}

    /// Those of several utterances, each with its F0.
    ///
    /// - Throws: `CancellationError` in a cancelled task
    package init(_ utterances: [(mel: Matrix, f0: [Float])], codebook: SoundCodebook) async throws {
        let each = try await concurrently(utterances) { utterance in
            var frames = SpokenFrames()
            frames.add(utterance.mel, f0: utterance.f0, codebook: codebook)
            return frames
        }
        for frames in each { append(frames) }
    }

    package var count: Int { slow.rows }

    /// - Parameters:
    ///   - mel: natural log mel at the level of the acoustic model, [T, M]
    ///   - f0: Hz, 0 where unvoiced, at least [T]
    ///   - isKept: which frames may count, those beyond its end may not; all of them if nil
    package mutating func add(_ mel: Matrix, f0: [Float], isKept: [Bool]? = nil, codebook: SoundCodebook) {
        let smooth = MelCorrection.smoothed(mel)
        let isVoiced = (0..<mel.rows).map { $0 < f0.count && f0[$0] > 0 }
        let classes = codebook.classes(
            mel, average: mel.mean(of: isVoiced.indices.filter { isVoiced[$0] }), isVoiced: isVoiced)
        for (frame, level) in MelCorrection.speechLevel(mel).enumerated() where level > 0 {
            if let isKept, frame >= isKept.count || !isKept[frame] { continue }
            let row = smooth.rows(frame..<frame + 1)
            slow.append(row)
            fast.append(
                Matrix(rows: 1, columns: mel.columns, elements: zip(mel.row(frame), row.elements).map { $0 - $1 }))
            soundClasses.append(classes[frame] ?? SpeakerProfile.soundClasses)
            prominence.append(exp(Self.prominence * Double(level)))
        }
    }

    /// Frames of all of the speech for the decoder to attend to; nil if there is none.
    ///
    /// - Parameter bands: the leading ones that were measured
    func references(bands: Int) -> ReferenceFrames? {
        let kept = min(count, ReferenceFrames.most)
        guard kept > 0 else { return nil }
        var frames: [Float] = []
        for index in 0..<kept {
            let frame = index * count / kept
            for (band, values) in zip(slow.row(frame), fast.row(frame)).enumerated() {
                frames.append(band < bands ? values.0 + values.1 : 0)
            }
        }
        return ReferenceFrames(frames: frames)
    }

    private mutating func append(_ others: SpokenFrames) {
        slow.append(others.slow)
        fast.append(others.fast)
        soundClasses += others.soundClasses
        prominence += others.prominence
    }

    /// Their prominence, [N], multiplied so that each class of sound has the share that it has in others: they said
    /// other words.
    func prominence(withSharesOf others: SpokenFrames) -> [Double] {
        let factors = zip(others.shares, shares).map { min(max($0 / $1, 1 / Self.widest), Self.widest) }
        return zip(prominence, soundClasses).map { $0 * factors[$1] }
    }

    /// Shares of the classes, [S + 1].
    private var shares: [Double] {
        var counts = [Double](repeating: Self.seen, count: SpeakerProfile.soundClasses + 1)
        for soundClass in soundClasses { counts[soundClass] += 1 }
        let total = counts.reduce(0, +)
        return counts.map { $0 / total }
    }

    /// Powers of the amplitude with which frames count.
    private static let prominence = 0.5
    /// No frame counts more than so many times, or less than by so many parts.
    private static let widest = 3.0
    /// Frames of each class that are thought in addition.
    private static let seen = 5.0
}
