import Files
import Foundation

/// The program `starling-media`, which has FFmpeg's libraries in it, at work.
///
/// Decoders of what others send are the usual way into a program, and these libraries take a tenth of a second to load.
/// So they are in a program of their own, that is started for a file, gives up all it does not need, and ends with the
/// file.
final class MediaProcess {
    private let process: pid_t
    /// Our ends of its standard input, output and error; nil where it has a file there, or where it was closed.
    private var input: OwnedDescriptor?
    private var output: OwnedDescriptor?
    private let complaints: OwnedDescriptor
    private var status: Int32?

    /// What its standard input or output is.
    enum Channel {
        case pipe
        /// An open file.
        case file(Int32)
    }

    /// How it ended.
    enum Ending: Equatable {
        case success
        /// What was wrong, as a phrase.
        case failure(String)
    }

    /// The descriptors of `extra`, as in media.h; it closes all above them itself.
    private static let extraNumbers: ClosedRange<Int32> = 3...4

    /// Starts it.
    ///
    /// - Parameters:
    ///   - arguments: see Sources/starling-media/media.h
    ///   - extra: open files that it gets as descriptors 3 and 4; nil leaves one closed
    /// - Throws: `AudioError.noMedia`
    init(_ arguments: [String], input: Channel, output: Channel, extra: [Int32?] = []) throws(AudioError) {
        guard let program = MediaHelper.path else { throw .noMedia(reason: "it was not found") }
        let (into, out, complaints) = (try Self.pair(), try Self.pair(), try Self.pair())
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Copies that lie above all numbers that they are to get, so that none is lost on the way.
        var copies: [OwnedDescriptor] = []
        func give(_ descriptor: Int32, as number: Int32) throws(AudioError) {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 16)
            guard copy >= 0 else { throw .noMedia(reason: String(cString: strerror(errno))) }
            copies.append(OwnedDescriptor(copy))
            posix_spawn_file_actions_adddup2(&actions, copy, number)
        }
        if case .file(let file) = input { try give(file, as: 0) } else { try give(into.theirs.number, as: 0) }
        if case .file(let file) = output { try give(file, as: 1) } else { try give(out.theirs.number, as: 1) }
        try give(complaints.theirs.number, as: 2)
        for (place, number) in Self.extraNumbers.enumerated() {
            if place < extra.count, let descriptor = extra[place] {
                try give(descriptor, as: number)
            } else {
                // This process may have been started with an open file of that number.
                posix_spawn_file_actions_addclose(&actions, number)
            }
        }
        let words = ([program] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        // Nothing of the environment is its business.
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var child: pid_t = 0
        let code = withExtendedLifetime(copies) {
            withSignalsUnblocked { posix_spawn(&child, program, &actions, nil, words + [nil], &environment) }
        }
        process = child
        self.complaints = complaints.ours
        guard code == 0 else {
            status = -1
            throw .noMedia(reason: String(cString: strerror(code)))
        }
        if case .pipe = input { self.input = into.ours }
        if case .pipe = output { self.output = out.ours }
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            wait()
        }
    }

    /// Takes from its standard output until the buffer is full or it ends.
    ///
    /// - Returns: bytes taken
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let output else { return 0 }
        var filled = 0
        while filled < buffer.count {
            let got = Glibc.read(output.number, buffer.baseAddress! + filled, buffer.count - filled)
            if got < 0, errno == EINTR { continue }
            if got <= 0 { break }
            filled += got
        }
        return filled
    }

    /// Gives bytes to its standard input, and passes on what comes out meanwhile, so that neither waits for the other.
    ///
    /// - Returns: whether it took all of them; otherwise it has ended
    func write(_ bytes: UnsafeRawBufferPointer, passing take: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        guard let input else { return false }
        var rest = bytes
        while true {
            var waits = [pollfd(fd: input.number, events: Int16(rest.isEmpty ? 0 : POLLOUT), revents: 0)]
            if let output { waits.append(pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)) }
            // With nothing left to give, only what is ready is taken.
            let ready = poll(&waits, nfds_t(waits.count), rest.isEmpty ? 0 : -1)
            if ready < 0, errno == EINTR { continue }
            if waits.count > 1, waits[1].revents != 0, try !pass(take) { return false }
            if rest.isEmpty {
                if waits.count > 1, waits[1].revents != 0 { continue }
                return true
            }
            if waits[0].revents & Int16(POLLERR | POLLHUP) != 0 { return false }
            if waits[0].revents != 0 {
                let count = send(input.number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
                if count < 0, errno != EAGAIN, errno != EINTR { return false }
                if count > 0 { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
            }
        }
    }

    /// Gives it all of a file.
    ///
    /// - Returns: whether it took all of it
    func write(_ file: borrowing OpenFile) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let got = Glibc.read(file.descriptor, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw FileError.unreadable(path: file.path, reason: String(cString: strerror(errno))) }
            if got == 0 { return true }
            let isTaken = try buffer.withUnsafeBytes { bytes in
                try write(UnsafeRawBufferPointer(rebasing: bytes[..<got])) { _ in }
            }
            if !isTaken { return false }
        }
    }

    /// Ends its input, passes on the rest of its output, and waits for its end.
    func finish(passing take: (UnsafeRawBufferPointer) throws -> Void = { _ in }) throws -> Ending {
        input = nil
        if output != nil { while try pass(take) {} }
        return end()
    }

    /// Waits for its end. What it still wants to write goes nowhere.
    func end() -> Ending {
        (input, output) = (nil, nil)
        let line = complaint()
        wait()
        let status = status ?? 0
        if status & 0x7f == 0 { return status >> 8 == 0 ? .success : .failure(line) }
        switch status & 0x7f {
        case SIGXCPU: return .failure("it takes too long to decode")
        case SIGPIPE: return .failure("decoding was canceled")
        default: return .failure("the decoder crashed (signal \(status & 0x7f))")
        }
    }

    /// Passes on what is ready; false at the end.
    private func pass(_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        guard let output else { return false }
        return try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
            while true {
                let got = Glibc.read(output.number, buffer.baseAddress, buffer.count)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return false }
                try take(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
                return true
            }
        }
    }

    /// The line on its standard error.
    private func complaint() -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        while text.count < 4096 {
            let got = Glibc.read(complaints.number, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            if got <= 0 { break }
            text += buffer[..<got]
        }
        let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.isEmpty ? "it ended early" : line
    }

    private func wait() {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        self.status = status
    }

    /// A stream between us and it. Sockets can be written to without a signal when the other end is gone.
    private static func pair() throws(AudioError) -> (ours: OwnedDescriptor, theirs: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .noMedia(reason: String(cString: strerror(errno)))
        }
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }
}

/// The program `starling-media`, which reads and writes what libsndfile does not.
public enum MediaHelper {
    /// Its path: that in `STARLING_MEDIA`, beside the running program, or where `make install` puts it; nil if there is
    /// none.
    public static let path: String? = {
        if let asked = ProcessInfo.processInfo.environment["STARLING_MEDIA"] { return asked.isEmpty ? nil : asked }
        let running = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = URL(filePath: running).deletingLastPathComponent()
        return ["starling-media", "../libexec/starling/starling-media"].map {
            folder.appending(path: $0).standardized.path(percentEncoded: false)
        }.first { access($0, X_OK) == 0 }
    }()
}

/// An open descriptor, closed with its owner.
final class OwnedDescriptor {
    let number: Int32
    init(_ number: Int32) { self.number = number }
    deinit { close(number) }
}
