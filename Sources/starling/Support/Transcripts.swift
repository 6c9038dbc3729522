import Foundation

/// What is said in recordings, read from text files: those that were named, or those beside the recordings.
struct Transcripts {
    private var texts: [String: String] = [:]

    var isEmpty: Bool { texts.isEmpty }

    /// - Parameters:
    ///   - files: named like the recordings but for the ending, or one for each recording in their order; without any,
    ///     text
    ///     files beside the recordings are looked for
    ///   - recordings: paths
    /// - Throws: `CommandError.transcriptOfNothing`, `.unreadableText`, `.notText`
    init(_ files: [String], for recordings: [String]) throws {
        for recording in recordings where files.isEmpty {
            let beside = URL(filePath: recording).deletingPathExtension().path(percentEncoded: false) + ".txt"
            if beside != recording, FileManager.default.fileExists(atPath: beside) {
                texts[recording] = try TextInput.contents(of: beside)
            }
        }
        for (number, file) in files.enumerated() {
            let named = recordings.first { Self.stem($0) == Self.stem(file) }
            guard let recording = named ?? (files.count == recordings.count ? recordings[number] : nil) else {
                throw CommandError.transcriptOfNothing(path: file, recordings: recordings.count)
            }
            texts[recording] = try TextInput.contents(of: file)
        }
    }

    subscript(recording: String) -> String? { texts[recording] }

    private static func stem(_ path: String) -> String {
        URL(filePath: path).deletingPathExtension().lastPathComponent
    }
}
