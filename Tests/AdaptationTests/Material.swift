import AcousticModel
import Foundation
import SpeechSignal
import VoiceProfile
import Weights

/// What the tests read.
enum Material {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let voices = repository.appending(path: "voices")
    /// A network of made-up weights that has every part.
    static let tinyAcoustic = repository.appending(path: "Tests/NetworkTests/Fixtures/tiny-acoustic.safetensors")
    /// The folder of the networks, or the one that STARLING_DATA names.
    static let data =
        ProcessInfo.processInfo.environment["STARLING_DATA"].map { URL(filePath: $0) }
        ?? repository.appending(path: "data")
    /// The network there; loaded once.
    static let acoustic = Result { try AcousticModel(weights: data.appending(path: "acoustic.safetensors")) }

    /// A fixture of the trainer's.
    static func fixture() throws -> WeightFile {
        try WeightFile(
            contentsOf: repository.appending(path: "Tests/AdaptationTests/Fixtures/tuning.safetensors"))
    }

    /// The made-up speaker of the fixture.
    static func profile(_ file: WeightFile) -> SpeakerProfile {
        let numbers = file.values(of: "profile") ?? []
        return SpeakerProfile(
            embedding: Array(numbers[..<256]), pitchMean: numbers[256], pitchDeviation: numbers[257],
            logFramesPerPhoneme: numbers[258], energyDeviation: numbers[259], spectrum: Array(numbers[260...]),
            classResiduals: file.values(of: "colours"),
            references: file.values(of: "references").map(ReferenceFrames.init),
            bands: 85)
    }
}
