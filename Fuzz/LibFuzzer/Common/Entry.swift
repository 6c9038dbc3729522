import Foundation

/// One kind of input.
protocol FuzzTarget: Sendable {
    /// Takes an input. What must not happen ends the process, by a trap or by `broken`.
    func take(_ input: [UInt8])
}

/// The target that `STARLING_FUZZ` names.
private let target: any FuzzTarget = {
    let environment = ProcessInfo.processInfo.environment
    let repository = URL(filePath: environment["STARLING_REPOSITORY"] ?? ".", directoryHint: .isDirectory)
    signal(SIGPIPE, SIG_IGN)
    guard let make = targets[environment["STARLING_FUZZ"] ?? ""] else {
        broken("STARLING_FUZZ is none of \(targets.keys.sorted().joined(separator: " "))")
    }
    do { return try make(repository) } catch { broken("\(error)") }
}()

/// Ends the process as a crash does, so that the input is kept.
func broken(_ message: String) -> Never {
    FileHandle.standardError.write(Data("fuzz: \(message)\n".utf8))
    abort()
}

/// Every error is one line that says something.
func check(_ error: any Error) { check(line: "\(error)") }

func check(line: String) {
    if line.isEmpty || line.contains(where: \.isNewline) { broken("the error is no line: \(line.debugDescription)") }
}

/// A place in memory for files that have to have a name.
func scratchFolder() throws -> URL {
    let shared = "/dev/shm"
    let root = access(shared, W_OK) == 0 ? URL(filePath: shared) : FileManager.default.temporaryDirectory
    let folder = root.appending(path: "starling-fuzz-\(getpid())", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

/// libFuzzer's loop, of the library that the toolchain brings.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>,
    _ take: @convention(c) (_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt
) -> CInt

typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?

/// The program: what the package manager makes of `main` calls this.
func runFuzzer(_ count: CInt, _ arguments: Arguments) -> CInt {
    var (count, arguments) = (count, arguments)
    return runDriver(&count, &arguments) { start, count in
        target.take(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
}
