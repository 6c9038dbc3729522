public import SpeechSignal
public import TextFrontend

/// How to adapt a voice to its speaker. `Recording.transcript` holds the transcript of each recording.
///
/// The networks adapt to recordings with a transcript and, if `listens`, to the others as well: the content encoder hears
/// what they say.
public struct AdaptationRequest: Sendable {
    /// The frontend that reads the transcripts.
    public var frontend: TextFrontend
    /// The language and region of the transcripts.
    public var language: Language
    /// Whether to adapt to recordings without a transcript. Only the base networks can.
    public var listens: Bool
    /// Strength of the adaptation, 0 to 1.
    public var strength: Float
    /// Called on any thread with the progress, 0 to 1, and the estimated seconds left.
    public var progress: @Sendable (_ done: Double, _ secondsLeft: Double) -> Void

    /// The default strength.
    public static let standardStrength: Float = 1

    /// - Parameters:
    ///   - frontend: what reads the transcripts
    ///   - language: one that the networks speak
    ///   - listens: whether to adapt to recordings without a transcript
    ///   - strength: 0 to 1
    public init(
        frontend: TextFrontend, language: Language = .americanEnglish, listens: Bool = false,
        strength: Float = standardStrength, progress: @escaping @Sendable (Double, Double) -> Void = { _, _ in }
    ) {
        (self.frontend, self.language, self.listens) = (frontend, language, listens)
        (self.strength, self.progress) = (strength, progress)
    }
}
