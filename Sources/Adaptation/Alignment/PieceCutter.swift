internal import AcousticModel
package import SpeechSignal
internal import Tensor

/// What became of the recordings: pieces to tune on, and stretches that do not fit their text.
package struct CutPieces: Sendable {
    /// In the order of the recordings.
    package var pieces: [SpokenPiece] = []
    /// How unlike each piece is to what the clone says, as a share of what chance would give; in the same order.
    package var misfits: [Float] = []
    /// What was left out.
    package var leftOut: [LeftOutPiece] = []
    /// Which sentences were said as they are written, for every recording.
    package var understood: [[Bool]] = []
}

/// A stretch of a recording that is not tuned on.
package struct LeftOutPiece: Sendable, Equatable {
    /// The recording.
    package var recording: String
    /// Where it is, in seconds.
    package var seconds: ClosedRange<Double>
    /// Why.
    package var reason: Reason
    /// How unlike it is to its text, as a share of what chance would give; nil where nothing could be aligned.
    package var misfit: Float?

    /// Why a stretch is not tuned on.
    package enum Reason: Sendable {
        /// There are more phonemes than the recording has room for, or none.
        case tooManyWords
        /// It sounds like something else than its text.
        case otherWords
        /// A sound lasts longer than anybody would say it: something lies between that the text does not have.
        case stretchedSound
    }
}

/// Cuts aligned recordings where the speaker pauses into pieces of a few seconds, and leaves out those that do not say
/// their text.
package struct PieceCutter: Sendable {
    /// Share of the misfit of another text from which on a recording, or a piece of it, does not say its own.
    private static let mostMisfit: Float = 0.88
    /// Seconds that a piece should have at most, and must have at least.
    private static let (longest, shortest) = (7.0, 1.0)
    /// Frames of a pause that a piece keeps at each end.
    private static let margin = 12
    /// Frames that no sound lasts, 0.8 s.
    private static let longestSound = 64

    private let aligner: Aligner
    private let decoys: [Phonemes]

    /// - Parameters:
    ///   - aligner: finds when everything is said
    ///   - decoys: sentences that nobody said, without pads; how they fit a recording is what chance gives
    package init(_ aligner: Aligner, decoys: [Phonemes]) { (self.aligner, self.decoys) = (aligner, decoys) }

    /// - Throws: `AcousticError`
    package func pieces(of recordings: [RecordedSpeech]) async throws -> CutPieces {
        let each = try await concurrently(recordings) { try pieces(of: $0) }
        return each.reduce(into: CutPieces()) { all, one in
            all.pieces += one.pieces
            all.misfits += one.misfits
            all.leftOut += one.leftOut
            all.understood += one.understood
        }
    }

    private func pieces(of speech: RecordedSpeech) throws -> CutPieces {
        var result = CutPieces()
        guard let alignment = try aligner.align(speech) else {
            let seconds = Signal.seconds(frames: speech.mel.rows)
            result.leftOut.append(
                LeftOutPiece(recording: speech.name, seconds: 0...seconds, reason: .tooManyWords, misfit: nil))
            result.understood = [speech.sentences.map { _ in false }]
            return result
        }
        let parts = alignment.sentences.map { cut($0, speech) }
        let most = try Self.mostMisfit * chance(speech)
        // A whole text that is another's may fit here and there.
        let isMisread = misfit(of: parts.flatMap(\.self).flatMap(\.self), alignment) >= most
        var understood: [Bool] = []
        for sentence in parts {
            var isUnderstood = true
            for tokens in sentence {
                let stretched = tokens.filter(isStretched)
                let misfit = misfit(of: tokens.filter { !isStretched($0) }, alignment)
                guard !isMisread, misfit < most else {
                    result.leftOut.append(leftOut(tokens, of: speech, .otherWords, misfit))
                    isUnderstood = false
                    continue
                }
                // Only that sound is doubtful, not what stands around it.
                result.leftOut += stretched.map { leftOut([$0], of: speech, .stretchedSound, misfit) }
                guard let piece = piece(tokens, of: speech) else { continue }
                result.pieces.append(piece)
                result.misfits.append(misfit)
            }
            understood.append(isUnderstood)
        }
        result.understood = [understood]
        return result
    }

    private func leftOut(
        _ tokens: [AlignedToken], of speech: RecordedSpeech, _ reason: LeftOutPiece.Reason, _ misfit: Float
    ) -> LeftOutPiece {
        let frames = frames(of: tokens)
        return LeftOutPiece(
            recording: speech.name,
            seconds: Signal.seconds(frames: frames.lowerBound)...Signal.seconds(frames: frames.upperBound),
            reason: reason, misfit: misfit)
    }

    /// The misfit of another text, about as long; infinite if there is none.
    private func chance(_ speech: RecordedSpeech) throws -> Float {
        guard !decoys.isEmpty else { return .infinity }
        var other = speech
        let wanted = speech.sentences.reduce(0) { $0 + $1.count }
        other.sentences = []
        while other.sentences.reduce(0, { $0 + $1.count }) < wanted {
            other.sentences.append(decoys[other.sentences.count % decoys.count])
        }
        // The last decoy may be what does not fit in.
        while other.sentences.count > 1 {
            if let alignment = try aligner.align(other) {
                return misfit(of: alignment.sentences.flatMap(\.self), alignment)
            }
            other.sentences.removeLast()
        }
        return .infinity
    }

    private func frames(of tokens: [AlignedToken]) -> Range<Int> {
        aligner.frames(of: tokens[0].steps.lowerBound..<tokens[tokens.count - 1].steps.upperBound)
    }

    private func isStretched(_ token: AlignedToken) -> Bool {
        token.phoneme.isSound && aligner.frames(of: token.steps).count > Self.longestSound
    }

    /// The mean over what sounds; infinite if nothing does.
    private func misfit(of tokens: [AlignedToken], _ alignment: Alignment) -> Float {
        let steps = tokens.filter(\.phoneme.isSound).flatMap { Array($0.steps) }
        return steps.isEmpty ? .infinity : steps.reduce(0) { $0 + alignment.misfit[$1] } / Float(steps.count)
    }

    /// A sentence in parts of at most the longest length where its pauses allow, each with a pad at both ends.
    private func cut(_ sentence: [AlignedToken], _ speech: RecordedSpeech) -> [[AlignedToken]] {
        // Places after a pause at which a part may end: a mark and the space after it.
        var places: [Int] = []
        for index in sentence.indices.dropFirst().dropLast(2)
        where sentence[index].phoneme == .space && sentence[index - 1].phoneme.isPause {
            let steps = sentence[index - 1].steps.lowerBound..<sentence[index].steps.upperBound
            if steps.count >= 3, speech.quiet(in: aligner.frames(of: steps)) >= Aligner.pause { places.append(index) }
        }
        places.append(sentence.count - 1)
        func seconds(_ from: Int, _ to: Int) -> Double {
            let steps = sentence[from].steps.lowerBound..<sentence[to].steps.upperBound
            return Signal.seconds(frames: aligner.frames(of: steps).count)
        }
        var parts: [[AlignedToken]] = []
        var start = 0
        for (number, place) in places.enumerated() {
            let isLast = number == places.count - 1
            if isLast || seconds(start, places[number + 1]) > Self.longest {
                parts.append(part(of: sentence, from: start, to: place))
                start = place
            }
        }
        return parts
    }

    /// The tokens from the pause at one place to that at another; each pause is parted among the two sides.
    private func part(of sentence: [AlignedToken], from first: Int, to last: Int) -> [AlignedToken] {
        var tokens = Array(sentence[(first == 0 ? 0 : first + 1)..<last])
        if first > 0 {
            let pause = sentence[first - 1].steps.lowerBound..<sentence[first].steps.upperBound
            tokens.insert(
                AlignedToken(phoneme: .pad, steps: pause.lowerBound + (pause.count + 1) / 2..<pause.upperBound), at: 0)
        }
        if last == sentence.count - 1 {
            tokens.append(sentence[last])
        } else {
            let pause = sentence[last - 1].steps.lowerBound..<sentence[last].steps.upperBound
            let middle = pause.lowerBound + (pause.count + 1) / 2
            let mark = max(1, (middle - pause.lowerBound) / 2)
            tokens[tokens.count - 1].steps = pause.lowerBound..<pause.lowerBound + mark
            tokens.append(AlignedToken(phoneme: .pad, steps: pause.lowerBound + mark..<middle))
        }
        // Long silences teach nothing.
        let margin = max(1, Self.margin / aligner.stride)
        let (front, back) = (tokens[0].steps, tokens[tokens.count - 1].steps)
        tokens[0].steps = max(front.lowerBound, front.upperBound - margin)..<front.upperBound
        tokens[tokens.count - 1].steps = back.lowerBound..<min(back.upperBound, back.lowerBound + margin)
        return tokens
    }

    /// nil if it is too short, or most of it is doubtful.
    private func piece(_ tokens: [AlignedToken], of speech: RecordedSpeech) -> SpokenPiece? {
        let frames = frames(of: tokens)
        guard tokens.allSatisfy({ !$0.steps.isEmpty }) else { return nil }
        let mel = speech.mel.rows(frames)
        let piece = SpokenPiece(
            recording: speech.name, phonemes: tokens.map(\.phoneme),
            heard: HeardProsody(
                durations: tokens.map { aligner.frames(of: $0.steps).count }, f0: Array(speech.f0[frames]),
                energy: AcousticModel.energy(of: mel)),
            mel: mel, isSpeech: Array(speech.isSpeech[frames]), background: speech.noise, average: speech.average,
            doubtful: tokens.indices.filter { isStretched(tokens[$0]) })
        return piece.seconds >= max(Self.shortest, Signal.seconds(frames: frames.count) / 2) ? piece : nil
    }
}
