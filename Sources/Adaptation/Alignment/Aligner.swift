internal import AcousticModel
internal import SpeechSignal
internal import Tensor
internal import VoiceProfile

/// Finds out when every phoneme of a transcript is said in a recording: the zero-shot clone says it, whose times are
/// known, and its speech is warped to the recording's.
///
/// Then the clone says it once more at the pace and with the pauses and the F0 that were found, which is more alike
/// and easier to warp; and once again.
package struct Aligner: Sendable {
    private static let refinements = 2
    /// Frames of quiet between two words that are a pause: 0.15 s.
    static let pause = 12

    private let clone: SpeakingVoice

    /// - Parameter clone: calibrated, in the language of the transcripts
    package init(_ clone: SpeakingVoice) { self.clone = clone }

    /// Frames of a step.
    var stride: Int { clone.model.config.stride }

    /// - Returns: nil where the recording is too short for the text
    /// - Throws: `AcousticError`
    func align(_ speech: RecordedSpeech) throws -> Alignment? {
        let recording = AlignmentFeatures(mel: speech.mel, f0: speech.f0, stride: stride)
        let sentences = speech.sentences.map { [.pad] + $0 + [.pad] }
        let spoken = try sentences.map { phonemes in
            var utterance = try clone.says(phonemes)
            correct(&utterance.mel)
            return utterance
        }
        guard var alignment = warp(spoken, of: sentences, to: recording) else { return nil }
        for _ in 0..<Self.refinements {
            alignment = withPauses(alignment, speech)
            let sentences = alignment.sentences.map { $0.map(\.phoneme) }
            let spoken = try alignment.sentences.map { try say($0, like: speech) }
            guard let better = warp(spoken, of: sentences, to: recording) else { break }
            alignment = better
        }
        return alignment
    }

    /// What the clone says, warped to the recording; nil if that has fewer steps than there are phonemes.
    private func warp(
        _ spoken: [Utterance], of sentences: [Phonemes], to recording: AlignmentFeatures
    ) -> Alignment? {
        let tokens = sentences.flatMap(\.self)
        guard recording.rows.rows >= tokens.count, !tokens.isEmpty else { return nil }
        var mel = spoken[0].mel
        for utterance in spoken.dropFirst() { mel.append(utterance.mel) }
        let features = AlignmentFeatures(mel: mel, f0: spoken.flatMap(\.f0), stride: stride)
        let lengths = spoken.flatMap(\.durations).map { $0 / stride }
        let owners = lengths.indices.flatMap { repeatElement($0, count: lengths[$0]) }
        let path = WarpingPath(
            features, isRest: owners.map { tokens[$0].isMark || tokens[$0] == .pad }, to: recording)
        let ends = Self.ends(of: tokens.count, path.places.map { owners[$0] })

        var (aligned, token): ([[AlignedToken]], Int) = ([], 0)
        for sentence in sentences {
            aligned.append(
                sentence.map { phoneme in
                    defer { token += 1 }
                    return AlignedToken(phoneme: phoneme, steps: (token == 0 ? 0 : ends[token - 1])..<ends[token])
                })
        }
        return Alignment(sentences: aligned, misfit: path.misfit)
    }

    /// The step after each token, where every step has its token; each token has a step at least.
    private static func ends(of tokens: Int, _ owners: [Int]) -> [Int] {
        var ends = [Int](repeating: 0, count: tokens)
        for (step, owner) in owners.enumerated() { ends[owner] = step + 1 }
        for token in 0..<tokens { ends[token] = max(ends[token], (token == 0 ? 0 : ends[token - 1]) + 1) }
        for token in (0..<tokens).reversed() { ends[token] = min(ends[token], owners.count - (tokens - 1 - token)) }
        ends[tokens - 1] = owners.count
        return ends
    }

    /// Commas where the speaker paused between words and the text has none.
    private func withPauses(_ alignment: Alignment, _ speech: RecordedSpeech) -> Alignment {
        var alignment = alignment
        alignment.sentences = alignment.sentences.map { sentence in
            var tokens: [AlignedToken] = []
            for token in sentence {
                let isBehindMark = tokens.last?.phoneme.isPunctuation ?? true
                guard token.phoneme == .space, !isBehindMark, token.steps.count > 1,
                    speech.quiet(in: frames(of: token.steps)) >= Self.pause
                else {
                    tokens.append(token)
                    continue
                }
                tokens.append(
                    AlignedToken(phoneme: ",", steps: token.steps.lowerBound..<token.steps.upperBound - 1))
                tokens.append(
                    AlignedToken(phoneme: .space, steps: token.steps.upperBound - 1..<token.steps.upperBound))
            }
            return tokens
        }
        return alignment
    }

    /// A sentence as the clone says it at the given times, with the F0 and the energy of the recording.
    private func say(_ sentence: [AlignedToken], like speech: RecordedSpeech) throws -> Utterance {
        let frames = frames(of: (sentence.first?.steps.lowerBound ?? 0)..<(sentence.last?.steps.upperBound ?? 0))
        let mel = speech.mel.rows(frames)
        let heard = HeardProsody(
            durations: sentence.map { $0.steps.count * stride }, f0: Array(speech.f0[frames]),
            energy: AcousticModel.energy(of: mel))
        let prepared = try clone.prepared(sentence.map(\.phoneme), heard)
        var said = clone.model.mel(of: prepared, voice: clone.inputs)
        correct(&said)
        return Utterance(mel: said, f0: heard.f0, durations: heard.durations)
    }

    func frames(of steps: Range<Int>) -> Range<Int> { steps.lowerBound * stride..<steps.upperBound * stride }

    private func correct(_ mel: inout Matrix) {
        var scratch = Scratch()
        clone.profile.melCorrection?.apply(to: &mel, scratch: &scratch)
    }
}

/// A phoneme and the steps of a recording in which it is said.
struct AlignedToken: Sendable {
    var phoneme: Phoneme
    /// Steps of the recording, one or more.
    var steps: Range<Int>
}

/// When every sentence of a recording is said.
struct Alignment: Sendable {
    /// With the pad at both ends; together they are all steps of the recording.
    var sentences: [[AlignedToken]]
    /// How unlike recording and clone are at each step, as a share of what chance would give, [V].
    var misfit: [Float]
}
