private import AudioIO
private import Files
public import Foundation

/// A recording to clone a voice from: a file, a pipe, or bytes received over a network.
public struct Recording: Sendable {
    /// Its name in reports and errors.
    public var name: String
    /// Its transcript; nil if unknown. Adaptation needs it (`AdaptationRequest`).
    public var transcript: String?
    private let content: Content

    private enum Content: Sendable {
        case file(URL)
        case bytes(Data)
    }

    /// - Parameters:
    ///   - file: in any format that `AudioReader` reads; `/dev/stdin` and other pipes work too
    ///   - name: how to call it; by default its path as it was given
    public init(_ file: URL, named name: String? = nil) {
        self.name = name ?? file.relativePath
        content = .file(file)
    }

    /// - Parameter bytes: the contents of a file in any format that `AudioReader` reads
    public init(_ bytes: Data, named name: String) {
        self.name = name
        content = .bytes(bytes)
    }

    /// The bytes of the file.
    ///
    /// - Throws: `AudioError`
    func bytes() throws -> Data {
        switch content {
        case .file(let url): try AudioReader.contents(of: url, named: name)
        case .bytes(let data): data
        }
    }

    static func digest(_ bytes: Data) -> String { Digest.sha256(bytes) }
}
