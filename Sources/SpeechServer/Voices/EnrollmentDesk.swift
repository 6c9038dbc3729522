import Enrollment
import Foundation
import SpeechSignal
import Synchronization
import Synthesis
import TextFrontend
import VoiceProfile
import VoiceStore

/// Makes voices one after the other, on threads that give way to those that speak.
final class EnrollmentDesk: Sendable {
    let enroller: any VoiceMaker
    let frontend: TextFrontend
    let store: VoiceStore
    let limits: ServerConfiguration.Limits
    /// Bounds the uploads that are in memory at a time, which are those that wait or are worked at.
    let uploads: Admission
    private let scheduler: SpeechScheduler
    private let turns = TurnQueue()
    /// Voices that are waited for or worked at, by name.
    private let making = Mutex<[VoiceName: Task<Made, any Error>]>([:])

    /// - Parameter scheduler: the threads for it
    init(
        enroller: any VoiceMaker, frontend: TextFrontend, store: VoiceStore, scheduler: SpeechScheduler,
        limits: ServerConfiguration.Limits
    ) {
        self.enroller = enroller
        self.frontend = frontend
        self.store = store
        self.limits = limits
        uploads = Admission(limit: limits.uploads)
        self.scheduler = scheduler
    }

    /// A voice that is in the store now.
    struct Made: Sendable {
        var card: VoiceCard
        var report: QualityReport
        var adaptation: AdaptationReport?
    }

    /// How far a voice is.
    enum Progress: Sendable {
        /// Others are before it.
        case waiting
        /// The recordings are listened to.
        case listening
        /// The networks adapt: a share from 0 to 1, and seconds that are left.
        case adapting(done: Double, secondsLeft: Double)
    }

    /// Pieces of work that wait or run.
    var load: Int { scheduler.load }

    /// Listens to the recordings and puts the voice into the store. A cancelled task leaves no trace there.
    ///
    /// - Parameter progress: called on any thread
    /// - Throws: `EnrollmentError`, `AudioError`, `VoiceStoreError`; `CancellationError` in a cancelled task, and after
    ///   `cancel`
    func enroll(
        _ upload: VoiceUpload, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Made {
        // Nobody likes to wait for a refusal.
        if (try? store.origin(upload.name)) == .user { throw VoiceStoreError.exists(upload.name.text) }
        let space = enroller.profileSpace
        if let expected = store.model, space != expected {
            throw VoiceStoreError.otherModel(upload.name.text, found: space, expected: expected)
        }
        let work = try making.withLock { making in
            // One that was given up may still be listening, but has no claim to its name.
            if let other = making[upload.name], !other.isCancelled { throw VoiceStoreError.exists(upload.name.text) }
            let work = Task.detached(executorPreference: scheduler, priority: .medium) {
                progress(.waiting)
                return try await self.turns.whenAlone { try await self.make(upload, space: space, progress: progress) }
            }
            making[upload.name] = work
            return work
        }
        defer { making.withLock { if $0[upload.name] == work { $0[upload.name] = nil } } }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }

    /// Gives up a voice that is being made.
    ///
    /// - Returns: whether there was one
    func cancel(_ name: VoiceName) -> Bool {
        guard let work = making.withLock({ $0[name] }) else { return false }
        work.cancel()
        return true
    }

    private func make(
        _ upload: VoiceUpload, space: String, progress: @escaping @Sendable (Progress) -> Void
    ) async throws -> Made {
        progress(.listening)
        let request =
            upload.strength > 0
            ? AdaptationRequest(
                frontend: frontend, language: upload.language ?? Language(upload.accent), listens: upload.adapts,
                strength: upload.strength, progress: { progress(.adapting(done: $0, secondsLeft: $1)) })
            : nil
        let enrollment = try await enroller.measure(
            upload.recordings, isOnePerson: upload.isOnePerson, atMost: limits.sound, adaptation: request)
        let card = try enrollment.card(
            name: upload.name, consent: upload.consent, description: upload.description, accent: upload.accent,
            gender: upload.gender, model: space)
        // Nothing is kept for a client that is gone, however far its voice is.
        try Task.checkCancellation()
        // From here on the voice is made whole, whether its owner still waits or not.
        try store.save(card, enrollment.profile)
        return Made(card: card, report: enrollment.report, adaptation: enrollment.adaptation)
    }
}
