import Files
import Foundation
import Tensor
import Testing
import VoiceModel
import Weights

/// How near the networks are to the trainer's.
enum Agreement {
    /// In float32, every number of every stage, such as the natural log of the mel.
    static let stages: Float = 5e-5
    /// In float32, samples of full scale 1 and embeddings of length 1.
    static let samples: Float = 1e-5
    /// In int8, the mean over the natural log of the mel.
    static let coarseMel: Float = 0.03
    /// In int8, dB between the error of the samples and the samples.
    static let coarseSamples: Float = -30
}

/// The golden fixture of a network, which must have been computed with its weights.
func fixture(_ name: String, _ size: ModelSize = .base) throws -> WeightFile {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    let prefix = size == .base ? "" : "\(size.rawValue)-"
    let file = try WeightFile(contentsOf: folder.appending(path: "\(prefix)\(name).safetensors"))
    let digest = try Digest.sha256(contentsOf: weights(name, size))
    try #require(
        file.metadata["weights"] == digest,
        "the fixture \(prefix)\(name) is of other weights: run python -m starling_training.fixtures \(name)")
    return file
}

func matrix(_ name: String, in file: WeightFile) throws -> Matrix {
    let shape = try #require(file.tensors[name]).shape
    return Matrix(rows: shape[0], columns: shape[1], elements: try #require(file.values(of: name)))
}

/// The trained weights, data/NAME.safetensors of this repository or of the folder STARLING_DATA names.
func weights(_ name: String, _ size: ModelSize = .base) -> URL {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    let data = ProcessInfo.processInfo.environment["STARLING_DATA"].map { URL(filePath: $0) }
    return size.folder(in: data ?? repository.appending(path: "data")).appending(path: "\(name).safetensors")
}
