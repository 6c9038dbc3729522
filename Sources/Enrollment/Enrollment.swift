public import Foundation
public import SpeechSignal
public import VoiceProfile
public import VoiceStore

/// A cloned voice before it has a name.
///
///     let enrollment = try await enroller.measure([Recording(file)])
///     try store.save(enrollment.card(name: name, consent: "I agree …"), enrollment.profile)
public struct Enrollment: Sendable {
    /// The calibrated profile, to speak with.
    public var profile: SpeakerProfile
    /// The profile as measured, before calibration.
    public var measured: SpeakerProfile
    /// The quality of the recordings.
    public var report: QualityReport
    /// The result of adapting the networks; nil if adaptation was not requested.
    public var adaptation: AdaptationReport?
    /// Names and SHA-256 of the recordings that went into the voice.
    public var sources: [VoiceCard.Source]

    /// SHA-256, in hexadecimal, of the recording in which the statement was spoken and recognized; nil if there is
    /// none. Only transcripts say what is spoken.
    public func spokenConsent(_ statement: String) -> String? {
        adaptation?.readings.first { $0.says(statement) }?.sha256
    }

    /// The card to keep with the profile.
    ///
    /// - Parameters:
    ///   - consent: who agreed to what, in words; if they are spoken in a recording too, the card keeps its SHA-256
    ///   - model: fingerprint of the networks the profile is for
    /// - Throws: `EnrollmentError.noConsent` if the statement holds no words
    public func card(
        name: VoiceName, consent: String, description: String? = nil, accent: Accent = .american,
        gender: String? = nil, model: String? = nil, created: Date = Date()
    ) throws(EnrollmentError) -> VoiceCard {
        let statement = consent.trimmingCharacters(in: .whitespacesAndNewlines)
        guard statement.contains(where: \.isLetter) else { throw .noConsent(name: name.text) }
        return VoiceCard(
            name: name, description: description, accent: accent, gender: gender, created: created, sources: sources,
            model: model, consent: statement, spokenConsent: spokenConsent(statement))
    }
}
