public import Foundation

/// Where bytes go.
///
/// A sink that cannot seek says so; encoders that would patch their header at the end then write a header that is valid
/// for a stream of unknown length.
public protocol ByteSink: AnyObject {
    /// Whether bytes already written can be replaced.
    var canSeek: Bool { get }
    /// Writes at the current position.
    func write(_ bytes: UnsafeRawBufferPointer) throws(FileError)
    /// Moves the current position, in bytes from the start. Never called when `canSeek` is false.
    func seek(to position: Int) throws(FileError)
    /// Makes everything written permanent. Called once, last.
    func commit() throws(FileError)
}

extension ByteSink {
    /// Writes at the current position.
    ///
    /// - Throws: `FileError`
    public func write(_ bytes: [UInt8]) throws(FileError) { try write(contentsOf: bytes) }

    /// Writes bytes in whatever holds them.
    public func write(contentsOf bytes: some ContiguousBytes) throws(FileError) {
        // `ContiguousBytes` does not pass the type of an error on.
        var failure: FileError?
        bytes.withUnsafeBytes { buffer in
            do throws(FileError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

/// A sink over an open descriptor that cannot seek: standard output, a pipe, a socket, a device.
public final class StreamSink: ByteSink {
    private let descriptor: Int32
    private let name: String

    /// Never: what was written is gone.
    public var canSeek: Bool { false }

    /// - Parameters:
    ///   - descriptor: open for writing; it stays open.
    ///   - name: what errors call it.
    public init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// The process's standard output.
    public static func standardOutput() -> StreamSink { StreamSink(descriptor: STDOUT_FILENO, name: "standard output") }

    /// Writes all bytes, going on after signals and short writes.
    ///
    /// - Throws: `FileError`
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        try OpenFile.write(bytes, to: descriptor, path: name)
    }

    /// - Throws: `FileError.unwritable`, always
    public func seek(to position: Int) throws(FileError) {
        throw .unwritable(path: name, reason: "it is not seekable")
    }

    /// Does nothing, as everything was written at once.
    public func commit() throws(FileError) {}
}

/// A sink in memory.
public final class MemorySink: ByteSink {
    /// Everything written so far.
    public private(set) var data = Data()
    private var position = 0

    /// Always.
    public var canSeek: Bool { true }

    /// Empty.
    public init() {}

    /// Writes at the current position.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        let end = position + bytes.count
        if end > data.count { data.append(Data(count: end - data.count)) }
        data.replaceSubrange(position..<end, with: bytes)
        position = end
    }

    /// Moves the current position, in bytes from the start.
    public func seek(to position: Int) throws(FileError) { self.position = position }

    /// Does nothing, as `data` is there all along.
    public func commit() throws(FileError) {}
}
