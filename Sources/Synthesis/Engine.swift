import AcousticModel
import Foundation
import Tensor
import TextFrontend
import Vocoder
import VoiceProfile
import VoiceStore
import Watermark

/// The loaded networks, and what they make of one sentence.
struct Engine: Sendable {
    let frontend: TextFrontend
    let alphabet: PhonemeAlphabet
    let acoustic: AcousticModel
    let vocoder: Vocoder

    static let sampleRate = Synthesizer.sampleRate
    /// LUFS of every voice (ITU-R BS.1770): with its pauses the RMS of a narration is within the -23 to -18 dB that
    /// publishers of audiobooks ask for, and its peaks need hardly be bent.
    static let loudness: Float = -21
    /// Samples of a frame.
    static let hop = 300
    static let framesPerMillisecond = Double(sampleRate) / Double(hop) / 1000
    /// Frames given to the vocoder at a time: 0.8 s of speech.
    static let block = 64
    /// The first time fewer, so that something is heard sooner. The vocoder keeps the newest 30 or so, which leaves 0.13 s.
    static let firstBlock = 48

    init(data: URL) throws {
        func file(_ name: String) throws(SynthesisError) -> URL {
            let url = data.appending(path: name)
            let path = url.path(percentEncoded: false)
            guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(path: path) }
            return url
        }
        alphabet = try PhonemeAlphabet(contentsOf: file("symbols.json"))
        acoustic = try AcousticModel(weights: file("acoustic.safetensors"))
        vocoder = try Vocoder(weights: file("vocoder.safetensors"))
        frontend = try TextFrontend(data: data)
    }

    /// What is ready of a sentence: first the times, then samples piece by piece.
    enum Piece: Sendable {
        /// Times count from the sentence's first sample.
        case begin(SpokenSentence)
        case samples([Float])
    }

    /// Speaks a sentence.
    ///
    /// - Parameters:
    ///   - place: where the sentence comes in the whole speech; told the length before the first sample is made.
    ///   - emit: takes the pieces in order; returns false to stop.
    func speak(
        _ sentence: Sentence, voice: Voice, options: SpeechOptions, seed: UInt64, at place: SentencePlace,
        emit: (Piece) -> Bool
    ) async throws {
        // Symbols the networks do not know have no token and take no time.
        var input: [Int32] = [0]
        var tokenOf: [Int?] = []
        for scalar in sentence.phonemes.unicodeScalars {
            if let token = alphabet.token(of: scalar) {
                tokenOf.append(input.count)
                input.append(token)
            } else {
                tokenOf.append(nil)
            }
        }
        input.append(0)
        let rise = Intonation.rise(of: sentence).flatMap { scalars -> FinalRise? in
            let risen = tokenOf[scalars.clamped(to: tokenOf.indices)].compactMap { $0 }
            guard let first = risen.first, let last = risen.last else { return nil }
            return FinalRise(tokens: first..<last + 1)
        }
        var manner = Manner(
            sentence, tokenOf: tokenOf, count: input.count, options: options, profile: voice.profile)
        let pauses = pauses(in: sentence, tokenOf: tokenOf)
        for pause in pauses { manner.rest(at: pause.token) }
        let predicted = try acoustic.predict(
            phonemes: input, profile: voice.profile, prosody: manner.prosody, rise: rise)
        guard predicted.mel.rows > 0 else {
            throw SynthesisError.noFrames(excerpt: SynthesisError.excerpt(sentence.text))
        }
        let heard = EdgeTrim.kept(
            mel: predicted.mel, leading: predicted.durations.first ?? 0, trailing: trailing(predicted, sentence))
        var utterance = Performance(predicted, kept: heard, gains: manner.gains, level: Self.level(of: voice.profile))
        for pause in pauses.reversed() { utterance.pause(at: pause.token, frames: pause.frames) }
        let (frames, kept) = (utterance.mel.rows, utterance.kept)
        let timed = spoken(sentence, utterance, tokenOf: tokenOf, options: options)
        guard emit(.begin(timed)) else { return }

        let context = max(0, kept.lowerBound - EdgeTrim.context)..<min(frames, kept.upperBound + EdgeTrim.context)
        let origin =
            await place.claim(length: kept.count * Self.hop) - (kept.lowerBound - context.lowerBound) * Self.hop
        var stream = VocoderStream(vocoder, seed: seed, gains: options.watermark ? Self.mark(from: origin) : [])
        var pending: [Float] = []
        var toSkip = (kept.lowerBound - context.lowerBound) * Self.hop
        var left = kept.count * Self.hop
        var isFirst = true
        var rows = context.lowerBound..<context.lowerBound
        while rows.upperBound < context.upperBound {
            if Task.isCancelled { throw CancellationError() }
            let size = rows.upperBound == context.lowerBound ? Self.firstBlock : Self.block
            rows = rows.upperBound..<min(rows.upperBound + size, context.upperBound)
            try stream.push(mel: utterance.mel.rows(rows), f0: Array(utterance.f0[rows]), to: &pending)
            if rows.upperBound == context.upperBound { stream.finish(to: &pending) }
            let skipped = min(toSkip, pending.count)
            pending.removeFirst(skipped)
            toSkip -= skipped
            if pending.count > left { pending.removeLast(pending.count - left) }
            // The last samples wait for the next block, so that the fade at the end finds them.
            let isLast = rows.upperBound == context.upperBound
            let ready = isLast ? pending.count : max(0, pending.count - EdgeTrim.ramp)
            guard ready > 0 else { continue }
            var samples = Array(pending[..<ready])
            utterance.shape(&samples, first: kept.count * Self.hop - left)
            pending.removeFirst(ready)
            left -= ready
            if isFirst { EdgeTrim.fadeIn(&samples) }
            if isLast { EdgeTrim.fadeOut(&samples) }
            isFirst = false
            guard emit(.samples(samples)) else { return }
            // Lets the listener have it before the next block is made, also where there is only one core.
            await Task.yield()
        }
    }

    /// What brings a voice to the loudness of all speech.
    private static func level(of profile: SpeakerProfile) -> Float { powf(10, (loudness - profile.loudness) / 20) }

    /// The tokens that pauses fall on, and how many frames each is to last. Together they are no longer than one may be.
    private func pauses(in sentence: Sentence, tokenOf: [Int?]) -> [(token: Int, frames: Int)] {
        var left = SpeechOptions.longestPause * 1000
        return sentence.pauses.compactMap { pause in
            guard tokenOf.indices.contains(pause.phonemeOffset), let token = tokenOf[pause.phonemeOffset] else {
                return nil
            }
            let milliseconds = min(left, Double(pause.milliseconds))
            left -= milliseconds
            return (token, Int((milliseconds * Self.framesPerMillisecond).rounded()))
        }
    }

    /// The watermark for frames from a place in the whole speech on.
    private static func mark(from origin: Int) -> [[Float]] {
        Watermark.gains(sampleRate: Double(sampleRate), size: 4 * hop, hop: hop, start: origin)
    }

    /// Frames at the end in which silence may be cut: the last pad and the punctuation before it.
    private func trailing(_ utterance: Utterance, _ sentence: Sentence) -> Int {
        let marks = sentence.phonemes.unicodeScalars.reversed().prefix(while: EdgeTrim.isMark).count
        return utterance.durations.suffix(marks + 1).reduce(0, +)
    }

    private func spoken(
        _ sentence: Sentence, _ utterance: Performance, tokenOf: [Int?], options: SpeechOptions
    ) -> SpokenSentence {
        let kept = utterance.kept
        // ends[i]: the frame at which token i ends.
        var ends: [Int] = []
        ends.reserveCapacity(utterance.durations.count)
        var frame = 0
        for duration in utterance.durations {
            frame += duration
            ends.append(frame)
        }
        func seconds(_ frame: Int) -> Double {
            Double(min(max(frame, kept.lowerBound), kept.upperBound) - kept.lowerBound) * Double(Self.hop)
                / Double(Self.sampleRate)
        }
        func span(_ token: Int) -> (Double, Double) { (seconds(token > 0 ? ends[token - 1] : 0), seconds(ends[token])) }

        let phonemes = zip(sentence.phonemes.unicodeScalars, tokenOf).compactMap {
            scalar, token -> SpokenSentence.TimedPhoneme? in
            guard let token else { return nil }
            let (start, end) = span(token)
            return .init(symbol: String(scalar), start: start, end: end)
        }
        let end = seconds(kept.upperBound)
        return SpokenSentence(
            text: sentence.text, range: sentence.range, endsParagraph: sentence.endsParagraph, start: 0, end: end,
            words: words(sentence, tokenOf: tokenOf, span: span), phonemes: phonemes,
            visemes: SpokenSentence.visemes(of: phonemes, end: end),
            marks: sentence.marks.map { mark in
                let next =
                    tokenOf.indices.contains(mark.phonemeOffset)
                    ? tokenOf[mark.phonemeOffset...].lazy.compactMap { $0 }.first : nil
                return .init(name: mark.name, time: next.map { span($0).0 } ?? end, offset: mark.offset)
            },
            features: options.keepsFeatures
                ? .init(mel: utterance.mel.rows(kept), f0: Array(utterance.f0[kept]), start: 0) : nil)
    }

    /// Every word that is said.
    ///
    /// - Parameter span: start and end of a token in seconds.
    private func words(_ sentence: Sentence, tokenOf: [Int?], span: (Int) -> (Double, Double))
        -> [SpokenSentence.TimedWord]
    {
        let scalars = Array(sentence.phonemes.unicodeScalars)
        var reached = 0.0
        return sentence.words.flatMap { word in
            word.spoken.map { spoken in
                let place = spoken.phonemeRange.clamped(to: tokenOf.indices)
                let tokens = tokenOf[place].compactMap { $0 }
                let start = tokens.first.map { span($0).0 } ?? reached
                let end = tokens.last.map { span($0).1 } ?? start
                reached = end
                var phonemes = String.UnicodeScalarView()
                phonemes.append(contentsOf: scalars[place])
                return .init(
                    text: word.text, spoken: spoken.text, range: word.range, phonemes: String(phonemes), start: start,
                    end: end)
            }
        }
    }
}
