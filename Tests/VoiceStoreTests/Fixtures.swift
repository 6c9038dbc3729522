import Foundation
import SpeechSignal
import VoiceProfile
import VoiceStore

/// A store over two empty folders that are gone when the closure returns.
func withStore<R>(inMemory: Bool = false, _ body: (_ store: VoiceStore, _ user: URL, _ bundled: URL) throws -> R) throws
    -> R
{
    let memory = URL(filePath: "/dev/shm")
    let useMemory = inMemory && FileManager.default.isWritableFile(atPath: "/dev/shm")
    let root = (useMemory ? memory : FileManager.default.temporaryDirectory).appending(
        path: "starling-voices-\(UUID().uuidString)")
    let (user, bundled) = (root.appending(path: "user"), root.appending(path: "bundled"))
    try FileManager.default.createDirectory(at: bundled, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    return try body(VoiceStore(user: user, bundled: [bundled]), user, bundled)
}

/// A profile whose embedding points along one axis.
func profile(axis: Int, pitch: Float = 5) -> SpeakerProfile {
    var embedding = [Float](repeating: 0, count: 256)
    embedding[axis] = 1
    return SpeakerProfile(
        embedding: embedding, pitchMean: pitch, pitchDeviation: 0.2, logFramesPerPhoneme: 2, energyDeviation: 0.5,
        spectrum: [Float](repeating: 0, count: 100), bands: 100)
}

func card(_ name: String, accent: Accent = .american, model: String? = nil) throws -> VoiceCard {
    VoiceCard(
        name: try VoiceName(name), description: "made for a test", accent: accent, gender: "female",
        sources: [.init(name: "a.wav", sha256: "00")], model: model, consent: "I agree.", licence: "CC0-1.0")
}

/// Puts a voice among the bundled ones.
func bundle(_ card: VoiceCard, _ profile: SpeakerProfile, in folder: URL) throws {
    try VoiceStore(user: folder, bundled: []).save(card, profile)
}
