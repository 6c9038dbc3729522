public import SpeechSignal
public import TextFrontend

/// How a voice is to be adapted to its owner: `Recording.transcript` says what is said in each recording.
public struct AdaptationRequest: Sendable {
    /// What reads the transcripts.
    public var frontend: TextFrontend
    /// What they are written in, and how the speaker reads it.
    public var language: Language
    /// How much of what was learned is used, 0 to 1.
    public var strength: Float
    /// Told how far the work is, 0 to 1, and how many seconds are left; on any thread.
    public var progress: @Sendable (_ done: Double, _ secondsLeft: Double) -> Void

    /// How much is used unless something else is asked for.
    public static let standardStrength: Float = 1

    /// - Parameters:
    ///   - frontend: what reads the transcripts
    ///   - language: one that the networks speak
    ///   - strength: 0 to 1
    public init(
        frontend: TextFrontend, language: Language = .americanEnglish, strength: Float = standardStrength,
        progress: @escaping @Sendable (Double, Double) -> Void = { _, _ in }
    ) {
        (self.frontend, self.language, self.strength, self.progress) = (frontend, language, strength, progress)
    }
}
