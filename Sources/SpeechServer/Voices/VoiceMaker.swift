public import Enrollment

/// Makes profiles of recordings: what the server needs of an `Enroller`.
public protocol VoiceMaker: Sendable {
    /// Fingerprint of the profiles it makes (`ProfileSpace`), for their cards.
    var profileSpace: String { get }

    /// Listens to the recordings of one person; `Enroller.measure` says how.
    ///
    /// It is called on a thread for new voices, in a task that prefers those threads and is cancelled as soon as the
    /// server knows that nobody wants the voice any more.
    func measure(
        _ recordings: [Recording], isOnePerson: Bool, atMost: Double, adaptation: AdaptationRequest?
    ) async throws -> Enrollment
}

extension Enroller: VoiceMaker {}
