public import Foundation

/// A release of tiny, made-up weights that speak English, Spanish and Italian: what a network that speaks several
/// languages is tested with, whichever ones those in data/ speak. Nobody would understand it.
public enum TinyModel {
    /// Codes of the languages that it speaks. It reads French, too.
    public static let languages = ["en", "es", "it"]

    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Makes a data folder in another folder, with the voices beside it, of links to those of the repository.
    ///
    /// - Returns: the data folder, for `--data` and `Synthesizer(data:voices:)`
    public static func link(in folder: URL) throws -> URL {
        let manager = FileManager.default
        let data = folder.appending(path: "tiny/data", directoryHint: .isDirectory)
        try manager.createDirectory(at: data, withIntermediateDirectories: true)
        let original = repository.appending(path: "data")
        for name in try manager.contentsOfDirectory(atPath: original.path(percentEncoded: false)) {
            let target =
                name == "acoustic.safetensors"
                ? repository.appending(path: "Tests/NetworkTests/Fixtures/tiny-acoustic.safetensors")
                : original.appending(path: name)
            try manager.createSymbolicLink(at: data.appending(path: name), withDestinationURL: target)
        }
        try manager.createSymbolicLink(at: voices(of: data), withDestinationURL: repository.appending(path: "voices"))
        return data
    }

    /// The voices beside a data folder that `link` made.
    public static func voices(of data: URL) -> URL { data.deletingLastPathComponent().appending(path: "voices") }

    /// Makes such a folder for the time of a closure.
    public static func linked<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-tiny-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(link(in: folder))
    }
}
