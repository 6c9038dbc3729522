private import Foundation
internal import VoiceProfile

extension QualityReport {
    /// dB below which the background is worth a warning, and below which the voice suffers badly.
    static let (noisy, veryNoisy): (Double, Double) = (20, 10)
    /// Shares of samples cut off, likewise.
    static let (clipped, veryClipped): (Double, Double) = (0.001, 0.02)
    /// Hz up to which speech must reach, likewise.
    static let (narrow, veryNarrow): (Double, Double) = (Bandwidth.wide, 5_000)
    /// Shares of the time in which notes are held, likewise.
    static let (musical, veryMusical): (Double, Double) = (Double(HeldNotes.music), 0.2)
    /// Deviation of ln F0 below which somebody reads in a monotone: about one semitone.
    static let monotonous: Float = 0.06

    init(
        analyzed: [AnalyzedRecording], used: [AnalyzedRecording], voice: MeasuredVoice, consistency: Float,
        notes: [Warning]
    ) {
        var seconds: [String: Double] = [:]
        for (recording, spoken) in zip(used, voice.secondsOf) { seconds[recording.digest] = spoken }
        samples = analyzed.map { recording in
            let used = used.first { $0.digest == recording.digest }
            return Sample(
                name: recording.name, seconds: Self.rounded(recording.seconds, 2),
                speechSeconds: Self.rounded(seconds[recording.digest] ?? 0, 2), sampleRate: recording.sourceRate,
                bandwidth: Int(recording.channel.bandwidth.high.rounded()),
                signalToNoise: Self.rounded(Double(recording.channel.signalToNoise), 1),
                clipping: Self.rounded(Double(recording.clipping), 5),
                similarity: used?.similarity.map { Self.rounded(Double($0), 3) }, isUsed: used != nil)
        }
        let counted = samples.filter(\.isUsed)
        let total = max(1e-9, counted.reduce(0) { $0 + $1.speechSeconds })
        func mean(_ value: (Sample) -> Double) -> Double {
            counted.reduce(0) { $0 + value($1) * $1.speechSeconds } / total
        }
        speechSeconds = Self.rounded(voice.seconds, 2)
        signalToNoise = Self.rounded(mean(\.signalToNoise), 1)
        clipping = Self.rounded(mean(\.clipping), 5)
        bandwidth = counted.map(\.bandwidth).max() ?? 0
        self.consistency = Self.rounded(Double(consistency), 3)

        var warnings: [Warning] = analyzed.compactMap { recording in
            recording.problem.map { .unused(name: recording.name, reason: "it contains \($0.rawValue)") }
        }
        let music = Self.rounded(Double(used.map(\.channel.music).max() ?? 0), 2)
        if music >= Self.musical { warnings.append(.music(share: music)) }
        if consistency < Consistency.doubtful { warnings.append(.perhapsTwoPeople(similarity: self.consistency)) }
        if clipping >= Self.clipped { warnings.append(.clipped(share: clipping)) }
        if signalToNoise < Self.noisy { warnings.append(.noisy(decibels: signalToNoise)) }
        let isNarrow = Double(bandwidth) < Self.narrow && !used.contains { $0.channel.bandwidth.isMasked }
        if isNarrow { warnings.append(.narrow(hertz: bandwidth)) }
        if speechSeconds < Enroller.recommendedSeconds { warnings.append(.short(seconds: speechSeconds)) }
        let other = used.reduce(0) { $0 + $1.channel.speech.otherSeconds }
        if other >= 2 { warnings.append(.otherSounds(seconds: Self.rounded(other, 1))) }
        if let deviation = voice.profile?.pitchDeviation, deviation < Self.monotonous {
            warnings.append(.monotonous(semitones: Self.rounded(Double(2 * deviation * 12 / logf(2)), 1)))
        }
        self.warnings = warnings + notes

        let isPoor =
            clipping >= Self.veryClipped || signalToNoise < Self.veryNoisy
            || music >= Self.veryMusical || (isNarrow && Double(bandwidth) < Self.veryNarrow)
            || consistency < Consistency.twoPeople
        let isFair =
            clipping >= Self.clipped || signalToNoise < Self.noisy || music >= Self.musical || isNarrow
            || speechSeconds < Enroller.recommendedSeconds || consistency < Consistency.doubtful
        grade = isPoor ? .poor : isFair ? .fair : .good
    }

    private static func rounded(_ value: Double, _ digits: Int) -> Double {
        let scale = pow(10, Double(digits))
        return (value * scale).rounded() / scale
    }
}
