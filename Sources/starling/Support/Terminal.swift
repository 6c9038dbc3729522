import Files
import Foundation

/// The terminal behind standard error, if there is one.
enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// Writes a line to standard error.
    static func complain(_ line: String) { write(line + "\n") }

    /// Writes to standard error as it is.
    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// Writes a line to standard output.
    ///
    /// - Throws: `CommandError.output` when nobody can read it any more or the disk is full.
    static func say(_ line: String) throws {
        do throws(FileError) {
            try OpenFile.write(Array((line + "\n").utf8), to: STDOUT_FILENO, path: "standard output")
        } catch {
            throw CommandError.output(reason: error.reason)
        }
    }
}

/// A bar on standard error that shows how far a long text is; silent unless a person is looking.
struct ProgressBar {
    private let start = ContinuousClock.now
    private let isShown: Bool
    private var last = ContinuousClock.now

    init(isWanted: Bool) {
        isShown = isWanted && Terminal.isInteractive
    }

    /// - Parameters:
    ///   - done: bytes of text that have been spoken.
    ///   - total: bytes of the whole text.
    ///   - seconds: of speech so far.
    mutating func show(done: Int, of total: Int, seconds: Double) {
        let now = ContinuousClock.now
        guard isShown, now - last > .milliseconds(100) else { return }
        last = now
        let fraction = min(1, Double(done) / Double(max(1, total)))
        let bar = Self.bar(fraction)
        let elapsed = (now - start) / .seconds(1)
        let left = fraction > 0.01 ? " \(Self.clock(elapsed / fraction - elapsed)) left" : ""
        let pace = elapsed > 0 ? String(format: " %.0f× real time", seconds / elapsed) : ""
        Terminal.write("\r\u{1b}[K\(bar) \(Int(100 * fraction)) % \(Self.clock(seconds)) of speech,\(pace)\(left)")
    }

    /// - Parameter fraction: 0 to 1.
    static func bar(_ fraction: Double) -> String {
        let filled = Int(30 * min(1, fraction))
        return String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
    }

    func clear() { if isShown { Terminal.write("\r\u{1b}[K") } }

    /// Seconds as m:ss.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds))
        return String(format: "%d:%02d", whole / 60, whole % 60)
    }
}
