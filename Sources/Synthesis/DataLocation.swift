public import Foundation

/// Finds the data folder (weights, lexicon, symbols) and the bundled voices beside it.
public struct DataLocation: Sendable {
    /// Holds symbols.json and the weights.
    public var data: URL
    /// Holds a folder for each bundled voice.
    public var voices: URL

    /// A location that the caller knows; `find` searches for one.
    public init(data: URL, voices: URL) {
        self.data = data
        self.voices = voices
    }

    /// The first that exists of: the folder asked for, `$STARLING_DATA`, `share/starling/data` and `data` in the
    /// folders above the executable (an installation, a source checkout).
    ///
    /// A folder that is asked for but does not exist is an error; nothing else is tried then.
    public static func find(
        asked: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: URL? = executableURL
    ) throws(SynthesisError) -> DataLocation {
        for path in [asked, environment["STARLING_DATA"]] {
            guard let path, !path.isEmpty else { continue }
            let folder = URL(filePath: path, directoryHint: .isDirectory)
            guard isData(folder) else { throw .noData(tried: [path]) }
            return beside(folder)
        }
        var tried: [String] = []
        var folder = executable?.deletingLastPathComponent()
        // .build/x86_64-unknown-linux-gnu/release/starling lies three folders deep in a checkout.
        for _ in 0..<6 {
            guard let here = folder else { break }
            for candidate in ["share/starling/data", "data"] {
                let data = here.appending(path: candidate, directoryHint: .isDirectory)
                if isData(data) { return beside(data) }
                tried.append(data.path(percentEncoded: false))
            }
            let parent = here.deletingLastPathComponent()
            if parent.path() == here.path() { break }
            folder = parent
        }
        throw .noData(tried: Array(tried.prefix(2)))
    }

    /// The running program's file, links resolved.
    public static var executableURL: URL? {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        return URL(filePath: path)
    }

    private static func isData(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "symbols.json").path(percentEncoded: false))
    }

    private static func beside(_ data: URL) -> DataLocation {
        DataLocation(
            data: data, voices: data.deletingLastPathComponent().appending(path: "voices", directoryHint: .isDirectory))
    }
}
