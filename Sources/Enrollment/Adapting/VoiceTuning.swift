internal import AcousticModel
internal import Adaptation
private import Foundation
private import SpeechSignal
private import Tensor
private import TextFrontend
internal import VoiceModel
internal import VoiceProfile

/// Adapts a voice to recordings of its owner, where that makes it more alike.
struct VoiceTuning {
    /// Seconds of a recording, and characters of its text, that are aligned at most.
    private static let (longest, longestText) = (ReadingPassage.longest, 20_000)
    /// Seconds of pieces without which nothing is learned.
    private static let neededSeconds = 6.0

    let networks: SpeechNetworks
    /// Hears what is said; nil if it belongs to other networks.
    let content: ContentEncoder?
    let request: AdaptationRequest

    /// - Parameters:
    ///   - measured: the profile as it was measured
    ///   - calibrated: the zero-shot clone
    ///   - recordings: with their transcripts; those without are heard, if there is a content encoder
    /// - Returns: the adaptation, nil if the voice is better without; and the report
    /// - Throws: `AcousticError`, `FrontendError`, `CancellationError` in a cancelled task
    func adapt(
        _ measured: SpeakerProfile, clone calibrated: SpeakerProfile,
        to recordings: [(recording: AnalyzedRecording, transcript: String?)]
    ) async throws -> (adaptation: VoiceAdaptation?, report: AdaptationReport) {
        var report = AdaptationReport(
            keptBecause: nil, pieces: 0, seconds: 0, heldBackSeconds: 0, leftOut: [], readings: [], misfits: [],
            error: [], strength: Double(request.strength))
        var (speech, untitled): ([RecordedSpeech], [RecordedSpeech]) = ([], [])
        for (recording, transcript) in recordings {
            switch try read(recording, transcript) {
            case .success(let read) where transcript == nil: untitled.append(read.speech)
            case .success(let read):
                speech.append(read.speech)
                report.readings.append(
                    .init(
                        name: recording.name, sha256: recording.digest,
                        sentences: read.texts.map { .init(text: $0, isUnderstood: false) }))
            case .failure(let unfit):
                report.leftOut.append(
                    .init(name: recording.name, from: 0, to: recording.seconds, reason: unfit.reason))
            }
        }
        let language = request.language.code
        let spare = try SpareSentences.phonemes(request.language, request.frontend)
        let aligner = Aligner(SpeakingVoice(networks.acoustic, profile: calibrated, language: language))
        let cut = try await PieceCutter(aligner, decoys: spare.map { Array($0.dropFirst().dropLast()) })
            .pieces(of: speech)
        for (reading, understood) in cut.understood.enumerated() {
            for (sentence, isUnderstood) in understood.enumerated() {
                report.readings[reading].sentences[sentence].isUnderstood = isUnderstood
            }
        }
        report.leftOut += cut.leftOut.map {
            .init(
                name: $0.recording, from: $0.seconds.lowerBound, to: $0.seconds.upperBound,
                reason: Self.words(for: $0.reason))
        }
        report.misfits = cut.misfits.map { (Double($0) * 1000).rounded() / 1000 }
        let voice = SpeakingVoice(networks.acoustic, profile: measured, language: language)
        let listener = content.map { ContentListener($0, for: voice) }
        let heard = try listener.map { try cut.pieces.map($0.heard) } ?? []
        let pieces = cut.pieces + (try await listener?.pieces(of: untitled) ?? [])
        let seconds = pieces.reduce(0) { $0 + $1.seconds }
        (report.pieces, report.seconds) = (pieces.count, seconds)
        let isRead = recordings.allSatisfy { $0.transcript != nil }
        if let shortage = Self.shortage(pieces: pieces.count, seconds: seconds, isRead: isRead) {
            report.keptBecause = shortage
            return (nil, report)
        }
        let outcome = try await Tuner(voice).tune(
            on: pieces, heard: heard, anchors: spare, strength: request.strength
        ) { [request] in request.progress($0.done, $0.secondsLeft) }
        (report.seconds, report.heldBackSeconds) = outcome.seconds
        report.error = [outcome.mel.before, outcome.mel.after].map { (Double($0) * 10_000).rounded() / 10_000 }
        if outcome.adaptation == nil {
            report.keptBecause = "adaptation did not improve the held-out sentences"
        }
        return (outcome.adaptation, report)
    }

    /// What is missing to tune on, and what to do about it; nil if nothing is.
    ///
    /// - Parameter isRead: whether all recordings have a transcript
    private static func shortage(pieces: Int, seconds: Double, isRead: Bool) -> String? {
        if seconds < neededSeconds {
            let matching = isRead ? "match their transcripts" : "are clear speech"
            return "only \(Int(seconds)) s of the recordings \(matching), but \(Int(neededSeconds)) s are needed; "
                + "record more sentences"
        }
        guard pieces < 2 else { return nil }
        return (isRead ? "only one sentence matches its transcript" : "there is only one stretch of speech")
            + ", but two are needed (one to train on, one to validate); record another sentence"
    }

    private static func words(for reason: LeftOutPiece.Reason) -> String {
        switch reason {
        case .tooManyWords: "its transcript has more words than the audio has room for"
        case .otherWords: "it does not match the transcript"
        case .stretchedSound: "it contains sound that is not in the transcript"
        }
    }

    private struct Unfit: Error { let reason: String }

    /// A recording with the phonemes of what is said in it, and the sentences as they are written; without a
    /// transcript there are none.
    private func read(
        _ recording: AnalyzedRecording, _ transcript: String?
    ) throws -> Result<(speech: RecordedSpeech, texts: [String]), Unfit> {
        let channel = recording.channel
        guard channel.bandwidth.isWide else { return .failure(Unfit(reason: "it was recorded over a telephone")) }
        guard channel.signalToNoise >= MeasuredVoice.clear else {
            return .failure(
                Unfit(reason: "its background is less than \(Int(MeasuredVoice.clear)) dB below the speech"))
        }
        guard let transcript else { return .success((Self.speech(of: recording, sentences: []), [])) }
        guard recording.seconds <= Self.longest else {
            return .failure(Unfit(reason: "it is longer than \(Int(Self.longest)) s; cut it into parts"))
        }
        guard transcript.utf8.count <= Self.longestText else {
            return .failure(Unfit(reason: "its transcript has more than \(Self.longestText) characters"))
        }
        // Transcripts in capitals are words, not abbreviations.
        let text = transcript.contains(where: \.isLowercase) ? transcript : transcript.lowercased()
        let reading = ReadingStyle(language: request.language)
        let sentences = try request.frontend.sentences(in: text, reading: reading).filter {
            $0.phonemes.contains(where: \.isSound) && $0.phonemes.count < Convention.longestUtterance - 2
        }
        guard !sentences.isEmpty else { return .failure(Unfit(reason: "its transcript has no words")) }
        return .success(
            (Self.speech(of: recording, sentences: sentences.map(\.phonemes)), sentences.map(\.text)))
    }

    private static func speech(of recording: AnalyzedRecording, sentences: [Phonemes]) -> RecordedSpeech {
        let channel = recording.channel
        let frames = min(channel.mel.rows, channel.f0.count, channel.speech.isSpeech.count)
        let mel = ProfileMeasurement.levelled(channel)
        let shift = mel.rows > 0 ? mel[0, 0] - channel.mel[0, 0] : 0
        return RecordedSpeech(
            name: recording.name, mel: mel.rows(0..<frames), f0: Array(channel.f0.prefix(frames)),
            isSpeech: Array(channel.speech.isSpeech.prefix(frames)),
            background: channel.background?.map { 0.5 * logf(max($0, 1e-10)) + shift }, sentences: sentences)
    }
}
