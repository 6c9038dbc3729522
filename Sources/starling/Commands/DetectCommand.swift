import ArgumentParser
import AudioIO
import Foundation
import Watermark

struct DetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Find Starling's inaudible mark in recordings.",
        discussion: """
            Recordings may have any length and any format that `starling enroll` reads. A recording without a mark may still be \
            synthetic, since the mark can be removed.

            Exit status: 0 if any recording has a mark, 1 if none has one, 2 if one cannot be read.
            """)

    @Argument(help: ArgumentHelp("Recordings, or - for standard input.", valueName: "file"), completion: .file())
    var files: [String]

    @Flag(help: "Print a line of JSON per recording.")
    var json = false

    func run() throws {
        var isFound = false
        var hasFailed = false
        for file in files {
            do {
                let finding = try Self.detect(file)
                isFound = isFound || finding.verdict == .marked
                try Terminal.say(json ? try DetectReport(file, finding).json() : Self.line(file, finding))
            } catch let error as AudioError {
                hasFailed = true
                Terminal.complain("starling: \(error)")
            }
        }
        if hasFailed { throw ExitCode(2) }
        if !isFound { throw ExitCode(1) }
    }

    private static func detect(_ file: String) throws(AudioError) -> WatermarkFinding {
        var detector = WatermarkDetector()
        let blocks = try AudioSource(argument: file).blocks(sampleRate: WatermarkDetector.sampleRate)
        while let samples = try blocks.next() { detector.push(samples) }
        return detector.finish()
    }

    private static func line(_ file: String, _ finding: WatermarkFinding) -> String {
        switch finding.verdict {
        case .marked:
            let places = finding.regions.map { String(format: "%.1f–%.1f s", $0.start, $0.end) }
            let shown = places.prefix(8).joined(separator: ", ") + (places.count > 8 ? ", …" : "")
            return "\(file): marked at \(shown), \(confidence(finding))"
        case .notFound:
            return "\(file): not found"
        case .tooShort:
            return String(format: "\(file): too short to tell, only %.1f s of sound", finding.audibleSeconds)
        }
    }

    /// The chance of a false alarm, as odds.
    private static func confidence(_ finding: WatermarkFinding) -> String {
        let digits = -log10(max(finding.chance, 1e-12))
        return digits >= 12
            ? "chance of error below 1 in a trillion"
            : "chance of error 1 in \(Int(pow(10, digits).rounded()).formatted(.number.grouping(.never)))"
    }
}

/// What `detect --json` prints: seconds from the beginning of the file.
struct DetectReport: Encodable {
    var file: String
    var verdict: String
    /// 1 less the chance that unmarked sound of this length scores so high.
    var confidence: Double
    var score: Double
    var seconds: Double
    var audibleSeconds: Double
    var regions: [WatermarkFinding.Region]

    init(_ file: String, _ finding: WatermarkFinding) {
        self.file = file
        verdict = finding.verdict.rawValue
        confidence = 1 - finding.chance
        score = finding.score
        seconds = finding.seconds
        audibleSeconds = finding.audibleSeconds
        regions = finding.regions
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
