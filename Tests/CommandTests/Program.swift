import Foundation
import Testing

/// The built program, run as a user runs it.
enum Program {
    struct Outcome {
        var status: Int32
        var output: Data
        var complaint: String

        var text: String { String(decoding: output, as: UTF8.self) }
        /// Lines on standard error.
        var lines: [Substring] { complaint.split(separator: "\n") }
    }

    /// The repository, which holds data and voices.
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The test runner lies beside the program.
    static let url: URL = {
        let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(filePath: runner).deletingLastPathComponent().appending(path: "starling")
        if FileManager.default.isExecutableFile(atPath: beside.path(percentEncoded: false)) { return beside }
        // Some toolchains load the tests into a program of their own; then the bundle is named on its command line.
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            let folder = URL(filePath: argument.components(separatedBy: ".xctest")[0]).deletingLastPathComponent()
            let program = folder.appending(path: "starling")
            if FileManager.default.isExecutableFile(atPath: program.path(percentEncoded: false)) { return program }
        }
        return beside
    }()

    static var data: String { repository.appending(path: "data").path(percentEncoded: false) }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - program: another one than Starling.
    ///   - folder: the working directory; user voices go to a folder in it.
    ///   - shell: a line for `sh` that runs before the program takes its place, such as a limit.
    static func run(
        _ arguments: [String], of program: URL = Program.url, input: Data = Data(), in folder: URL,
        environment: [String: String] = [:], shell: String? = nil
    ) throws -> Outcome {
        let process = Process()
        if let shell {
            process.executableURL = URL(filePath: "/bin/sh")
            let program = program.path(percentEncoded: false)
            process.arguments = ["-c", "\(shell); exec \"$0\" \"$@\"", program] + arguments
        } else {
            process.executableURL = program
            process.arguments = arguments
        }
        process.currentDirectoryURL = folder
        process.environment = baseEnvironment(folder).merging(environment) { $1 }
        let scratch = FileManager.default.temporaryDirectory
        let id = UUID().uuidString
        let files = ["in", "out", "err"].map { scratch.appending(path: "starling-\($0)-\(id)") }
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        try input.write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: try Data(contentsOf: files[1]),
            complaint: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }

    /// Runs the program to its end, and tells how many seconds of processor time it took on all cores together. Unlike
    /// the time on the clock it does not depend on what else the machine is doing.
    static func measure(_ arguments: [String], in folder: URL) throws -> (outcome: Outcome, processorSeconds: Double) {
        // The shell writes its own times and then those of its children: minutes and seconds, as user and as system.
        var outcome = try run(arguments, in: folder, shell: "\"$0\" \"$@\"; status=$?; times >&2; exit $status")
        let times = try #require(outcome.complaint.firstMatch(of: /\S+ \S+\n(\d+)m([\d.]+)s (\d+)m([\d.]+)s\n$/)).output
        outcome.complaint = String(outcome.complaint[..<times.0.startIndex])
        let numbers = [times.1, times.2, times.3, times.4].compactMap { Double($0) }
        return (outcome, 60 * (numbers[0] + numbers[2]) + numbers[1] + numbers[3])
    }

    static func baseEnvironment(_ folder: URL) -> [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": folder.path(percentEncoded: false), "STARLING_DATA": data,
            "XDG_DATA_HOME": folder.appending(path: ".share").path(percentEncoded: false),
        ]
    }
}

/// An empty folder that is gone when the closure returns.
func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "starling-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Names in a folder, hidden ones too.
func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
}
