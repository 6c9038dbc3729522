public import Foundation

/// Where encoded bytes go.
///
/// A sink that cannot seek says so; encoders that would patch their header at the end then write a header that is valid
/// for a stream of unknown length.
public protocol ByteSink: AnyObject {
    /// Whether bytes already written can be replaced.
    var canSeek: Bool { get }
    /// Writes at the current position.
    func write(_ bytes: UnsafeRawBufferPointer) throws(AudioError)
    /// Moves the current position, in bytes from the start. Never called when `canSeek` is false.
    func seek(to position: Int) throws(AudioError)
    /// Makes everything written permanent. Called once, last.
    func commit() throws(AudioError)
}

extension ByteSink {
    public func write(_ bytes: [UInt8]) throws(AudioError) {
        var failure: AudioError?
        bytes.withUnsafeBytes { buffer in
            do throws(AudioError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

/// A sink over an open descriptor that cannot seek: standard output, a pipe, a socket, a device.
public final class StreamSink: ByteSink {
    private let descriptor: Int32
    private let name: String
    private let owned: Bool

    public var canSeek: Bool { false }

    /// - Parameters:
    ///   - descriptor: open for writing.
    ///   - name: what errors call it.
    ///   - owned: whether to close it at the end.
    public init(descriptor: Int32, name: String, owned: Bool = false) {
        self.descriptor = descriptor
        self.name = name
        self.owned = owned
    }

    /// The process's standard output.
    public static func standardOutput() -> StreamSink { StreamSink(descriptor: STDOUT_FILENO, name: "standard output") }

    deinit { if owned { close(descriptor) } }

    public func write(_ bytes: UnsafeRawBufferPointer) throws(AudioError) {
        try writeAll(bytes, to: descriptor, name: name)
    }

    public func seek(to position: Int) throws(AudioError) {
        throw .unwritable(path: name, reason: "it cannot seek")
    }

    public func commit() throws(AudioError) {}
}

/// A sink in memory.
public final class MemorySink: ByteSink {
    /// Everything written so far.
    public private(set) var data = Data()
    private var position = 0

    public var canSeek: Bool { true }

    public init() {}

    public func write(_ bytes: UnsafeRawBufferPointer) throws(AudioError) {
        let end = position + bytes.count
        if end > data.count { data.append(Data(count: end - data.count)) }
        data.replaceSubrange(position..<end, with: bytes)
        position = end
    }

    public func seek(to position: Int) throws(AudioError) { self.position = position }

    public func commit() throws(AudioError) {}
}

/// Writes all bytes, resuming after signals and short writes.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, name: String) throws(AudioError) {
    var rest = bytes
    while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 {
            if errno == EINTR { continue }
            throw .writing(name, code: errno)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
}
