package import AcousticModel
internal import SpeechSignal
internal import Tensor

/// Makes pieces to tune on without a text: the content encoder hears what is said in them.
package struct ContentListener: Sendable {
    /// Seconds that a piece has at most, and must have at least.
    private static let (longest, shortest) = (7.0, 1.5)
    /// Seconds that all pieces together have at most, give or take a piece.
    private static let most = 120.0
    /// Frames of a pause that a piece keeps at each end.
    private static let margin = 12

    private let voice: SpeakingVoice
    private let content: ContentEncoder

    /// - Parameters:
    ///   - content: trained for the voice's acoustic model
    ///   - voice: whose owner speaks
    package init(_ content: ContentEncoder, for voice: SpeakingVoice) { (self.content, self.voice) = (content, voice) }

    /// Recordings cut at their pauses into pieces of a few seconds; of long ones some, evenly spread.
    ///
    /// - Throws: `AcousticError`
    package func pieces(of recordings: [RecordedSpeech]) async throws -> [SpokenPiece] {
        let pieces = recordings.flatMap { speech in Self.stretches(of: speech).compactMap { piece($0, of: speech) } }
        let seconds = pieces.reduce(0) { $0 + $1.seconds }
        let kept = min(pieces.count, Int(Double(pieces.count) * Self.most / max(seconds, Self.most)))
        return try await concurrently((0..<kept).map { pieces[$0 * pieces.count / kept] }, heard)
    }

    /// A piece without its phonemes, as it is heard.
    ///
    /// - Throws: `AcousticError`
    package func heard(_ piece: SpokenPiece) throws -> SpokenPiece {
        var heard = piece
        heard.content = try content(ContentEncoder.heard(piece.mel, average: piece.average), voice: voice.inputs)
        (heard.phonemes, heard.heard.durations, heard.doubtful) = ([], [], [])
        return heard
    }

    /// nil if it is too short.
    private func piece(_ stretch: Range<Int>, of speech: RecordedSpeech) -> SpokenPiece? {
        let frames = stretch.dropLast(stretch.count % voice.model.config.stride)
        guard Signal.seconds(frames: frames.count) >= Self.shortest else { return nil }
        let mel = speech.mel.rows(frames)
        return SpokenPiece(
            recording: speech.name, phonemes: [],
            heard: HeardProsody(durations: [], f0: Array(speech.f0[frames]), energy: AcousticModel.energy(of: mel)),
            mel: mel, isSpeech: Array(speech.isSpeech[frames]), background: speech.noise, average: speech.average)
    }

    /// What lies between pauses, joined as far as it is short enough, and divided where it is not.
    private static func stretches(of speech: RecordedSpeech) -> [Range<Int>] {
        let longest = Int(longest * Double(Signal.frameRate))
        var stretches: [Range<Int>] = []
        for span in spans(of: speech) {
            if let last = stretches.last, span.upperBound - last.lowerBound <= longest {
                stretches[stretches.count - 1] = last.lowerBound..<span.upperBound
            } else {
                stretches.append(span)
            }
        }
        return stretches.flatMap { stretch in
            let parts = (stretch.count + longest - 1) / longest
            let ends = (0...parts).map { stretch.lowerBound + $0 * stretch.count / parts }
            return zip(ends, ends.dropFirst()).map { from, to in
                let front = from == stretch.lowerBound ? margin : 0
                let back = to == stretch.upperBound ? margin : 0
                return max(0, from - front)..<min(speech.mel.rows, to + back)
            }
        }
    }

    /// What lies between pauses that are long enough to cut in.
    private static func spans(of speech: RecordedSpeech) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        for frame in speech.isQuiet.indices where !speech.isQuiet[frame] {
            if let last = spans.last, frame - last.upperBound < Aligner.pause {
                spans[spans.count - 1] = last.lowerBound..<frame + 1
            } else {
                spans.append(frame..<frame + 1)
            }
        }
        return spans
    }
}
