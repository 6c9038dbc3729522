public import Foundation

/// Which of a release's networks speak.
///
/// Both take the same profiles: a voice that was made with one of them is spoken by the other. What was tuned for a
/// voice (its adaptation) belongs to the networks that it was tuned on.
public enum ModelSize: String, Sendable, CaseIterable {
    /// The most natural.
    case base
    /// About half the work, for slow machines and many listeners.
    case small

    /// The name that clients of a server read.
    public var name: String { self == .base ? "starling" : "starling-\(rawValue)" }

    /// The folder with acoustic.safetensors and vocoder.safetensors.
    ///
    /// - Parameter data: the data folder of the release
    public func folder(in data: URL) -> URL {
        self == .base ? data : data.appending(path: rawValue, directoryHint: .isDirectory)
    }
}
