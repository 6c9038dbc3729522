private import AcousticModel
internal import Adaptation
private import Foundation
private import SpeechSignal
private import Tensor
private import TextFrontend
internal import VoiceModel
internal import VoiceProfile

/// Adapts a voice to recordings whose text is known, where that makes it more alike.
struct VoiceTuning {
    /// Seconds of a recording, and characters of its text, that are aligned at most.
    private static let (longest, longestText) = (ReadingPassage.longest, 20_000)
    /// Seconds of pieces without which nothing is learned.
    private static let neededSeconds = 6.0

    let networks: SpeechNetworks
    let request: AdaptationRequest

    /// - Parameters:
    ///   - measured: the profile as it was measured
    ///   - calibrated: the zero-shot clone
    ///   - recordings: those with a transcript
    /// - Returns: the adaptation, nil if the voice is better without; and the report
    /// - Throws: `AcousticError`, `FrontendError`, `CancellationError` in a cancelled task
    func adapt(
        _ measured: SpeakerProfile, clone calibrated: SpeakerProfile,
        to recordings: [(recording: AnalyzedRecording, transcript: String)]
    ) async throws -> (adaptation: VoiceAdaptation?, report: AdaptationReport) {
        var report = AdaptationReport(
            keptBecause: nil, pieces: 0, seconds: 0, heldBackSeconds: 0, leftOut: [], readings: [], misfits: [],
            error: [], strength: Double(request.strength))
        var speech: [TranscribedSpeech] = []
        for (recording, transcript) in recordings {
            switch try read(recording, transcript) {
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
        report.pieces = cut.pieces.count
        report.misfits = cut.misfits.map { (Double($0) * 1000).rounded() / 1000 }
        let seconds = cut.pieces.reduce(0) { $0 + $1.seconds }
        report.seconds = seconds
        if let shortage = Self.shortage(pieces: cut.pieces.count, seconds: seconds) {
            report.keptBecause = shortage
            return (nil, report)
        }
        let tuner = Tuner(SpeakingVoice(networks.acoustic, profile: measured, language: language))
        let outcome = try await tuner.tune(
            on: cut.pieces, anchors: spare, strength: request.strength
        ) { [request] in request.progress($0.done, $0.secondsLeft) }
        (report.seconds, report.heldBackSeconds) = outcome.seconds
        report.error = [outcome.mel.before, outcome.mel.after].map { (Double($0) * 10_000).rounded() / 10_000 }
        if outcome.adaptation == nil {
            report.keptBecause = "adaptation did not improve the held-out sentences"
        }
        return (outcome.adaptation, report)
    }

    /// What is missing to tune on, and what to do about it; nil if nothing is.
    private static func shortage(pieces: Int, seconds: Double) -> String? {
        if seconds < neededSeconds {
            return "only \(Int(seconds)) s of the recordings match their transcripts, but "
                + "\(Int(neededSeconds)) s are needed; record more sentences"
        }
        return pieces < 2
            ? "only one sentence matches its transcript, but two are needed (one to train on, one to validate); "
                + "record another sentence" : nil
    }

    private static func words(for reason: LeftOutPiece.Reason) -> String {
        switch reason {
        case .tooManyWords: "its transcript has more words than the audio has room for"
        case .otherWords: "it does not match the transcript"
        case .stretchedSound: "it contains sound that is not in the transcript"
        }
    }

    private struct Unfit: Error { let reason: String }

    /// A recording with the phonemes of what is said in it, and the sentences as they are written.
    private func read(
        _ recording: AnalyzedRecording, _ transcript: String
    ) throws -> Result<(speech: TranscribedSpeech, texts: [String]), Unfit> {
        let channel = recording.channel
        guard channel.bandwidth.isWide else { return .failure(Unfit(reason: "it was recorded over a telephone")) }
        guard channel.signalToNoise >= MeasuredVoice.clear else {
            return .failure(
                Unfit(reason: "its background is less than \(Int(MeasuredVoice.clear)) dB below the speech"))
        }
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
        let frames = min(channel.mel.rows, channel.f0.count, channel.speech.isSpeech.count)
        let mel = ProfileMeasurement.levelled(channel)
        let shift = mel.rows > 0 ? mel[0, 0] - channel.mel[0, 0] : 0
        let speech = TranscribedSpeech(
            name: recording.name, mel: mel.rows(0..<frames), f0: Array(channel.f0.prefix(frames)),
            isSpeech: Array(channel.speech.isSpeech.prefix(frames)),
            background: channel.background?.map { 0.5 * logf(max($0, 1e-10)) + shift },
            sentences: sentences.map(\.phonemes))
        return .success((speech, sentences.map(\.text)))
    }
}
