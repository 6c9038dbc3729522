import Enrollment
import Foundation
import Synthesis
import VoiceProfile
import VoiceStore

/// Makes voices on the threads that speak, behind the first sentences of those who wait for speech.
struct EnrollmentDesk: Sendable {
    let enroller: any VoiceMaker
    let store: VoiceStore
    let scheduler: SpeechScheduler
    let limits: ServerConfiguration.Limits
    /// Bounds the uploads that are in memory at a time.
    let uploads: Admission

    init(enroller: any VoiceMaker, store: VoiceStore, scheduler: SpeechScheduler, limits: ServerConfiguration.Limits) {
        self.enroller = enroller
        self.store = store
        self.scheduler = scheduler
        self.limits = limits
        uploads = Admission(limit: limits.uploads)
    }

    /// A voice that is in the store now.
    struct Made: Sendable {
        var card: VoiceCard
        var report: QualityReport
    }

    /// Listens to the recordings and puts the voice into the store. A cancelled task leaves no trace there.
    ///
    /// - Throws: `EnrollmentError`, `AudioError`, `VoiceStoreError`, `CancellationError`
    func enroll(_ upload: VoiceUpload) async throws -> Made {
        let work = Task.detached(executorPreference: scheduler, priority: .medium) {
            // Nobody likes to wait for a refusal.
            if (try? store.origin(upload.name)) == .user { throw VoiceStoreError.exists(upload.name.text) }
            let space = enroller.profileSpace
            if let expected = store.model, space != expected {
                throw VoiceStoreError.otherModel(upload.name.text, found: space, expected: expected)
            }
            let enrollment = try await enroller.measure(
                upload.recordings, isOnePerson: upload.isOnePerson, atMost: limits.sound)
            let card = try enrollment.card(
                name: upload.name, consent: upload.consent, description: upload.description, accent: upload.accent,
                gender: upload.gender, model: space)
            // Nothing is kept for a client that is gone, however far its voice is.
            try Task.checkCancellation()
            // From here on the voice is made whole, whether its owner still waits or not.
            try store.save(card, enrollment.profile)
            return Made(card: card, report: enrollment.report)
        }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }
}
