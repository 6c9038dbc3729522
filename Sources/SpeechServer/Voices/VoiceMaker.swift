public import Enrollment

/// Makes profiles of recordings: what the server needs of an `Enroller`.
public protocol VoiceMaker: Sendable {
    /// Fingerprint of the profiles it makes (`ProfileSpace`), for their cards.
    func space() throws -> String

    /// Listens to the recordings of one person; `Enroller.measure` says how.
    ///
    /// It is called on a thread that speaks, in a task that is cancelled as soon as the server knows that its client is gone.
    func measure(_ recordings: [Recording], isOnePerson: Bool, atMost: Double) throws -> Enrollment
}

extension Enroller: VoiceMaker {}
