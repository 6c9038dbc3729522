package import AcousticModel
internal import SpeechSignal
internal import Tensor

/// Makes pieces to tune on without a text: the content encoder hears what is said in them.
package struct ContentListener: Sendable {
    /// Seconds that a piece has at most, and must have at least.
    private static let (longest, shortest) = (7.0, 1.5)
    /// Frames of a pause that a piece keeps at each end.
    private static let margin = 12

    private let voice: SpeakingVoice
    private let content: ContentEncoder

    /// - Parameters:
    ///   - content: trained for the voice's acoustic model
    ///   - voice: whose owner speaks
    package init(_ content: ContentEncoder, for voice: SpeakingVoice) { (self.content, self.voice) = (content, voice) }

    /// Recordings cut at their pauses into pieces of a few seconds.
    ///
    /// - Throws: `AcousticError`
    package func pieces(of recordings: [RecordedSpeech]) async throws -> [SpokenPiece] {
        try await concurrently(recordings) { speech in
            try Self.stretches(of: speech).compactMap { try piece($0, of: speech) }
        }.flatMap(\.self)
    }

    /// A piece without its phonemes.
    ///
    /// - Parameter speech: the recording that it is of
    /// - Throws: `AcousticError`
    package func heard(_ piece: SpokenPiece, in speech: RecordedSpeech) throws -> SpokenPiece {
        var heard = piece
        heard.content = try states(of: piece.mel, in: speech)
        (heard.phonemes, heard.heard.durations, heard.doubtful) = ([], [], [])
        return heard
    }

    /// nil if it is too short.
    private func piece(_ stretch: Range<Int>, of speech: RecordedSpeech) throws -> SpokenPiece? {
        let frames = stretch.dropLast(stretch.count % voice.model.config.stride)
        guard Signal.seconds(frames: frames.count) >= Self.shortest else { return nil }
        let mel = speech.mel.rows(frames)
        return SpokenPiece(
            recording: speech.name, phonemes: [],
            heard: HeardProsody(durations: [], f0: Array(speech.f0[frames]), energy: AcousticModel.energy(of: mel)),
            mel: mel, isSpeech: Array(speech.isSpeech[frames]), background: speech.noise,
            content: try states(of: mel, in: speech))
    }

    private func states(of mel: Matrix, in speech: RecordedSpeech) throws -> Matrix {
        let average = speech.average
        var heard = Matrix(rows: mel.rows, columns: average.count)
        for frame in 0..<heard.rows {
            for band in average.indices { heard[frame, band] = mel[frame, band] - average[band] }
        }
        return try content(heard, voice: voice.inputs)
    }

    /// What lies between pauses, joined as far as it is short enough, and divided where it is not.
    static func stretches(of speech: RecordedSpeech) -> [Range<Int>] {
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

extension RecordedSpeech {
    /// The mean log mel of voiced speech below 7.6 kHz, [H]; zeros if there is none.
    fileprivate var average: [Float] {
        let voiced = f0.indices.filter { isSpeech[$0] && f0[$0] > 0 }
        var sums = [Float](repeating: 0, count: Signal.wideBands)
        for frame in voiced {
            for band in sums.indices { sums[band] += mel[frame, band] }
        }
        return sums.map { $0 / Float(max(1, voiced.count)) }
    }
}
