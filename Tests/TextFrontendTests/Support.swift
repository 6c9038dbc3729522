import Foundation
import SpeechSignal
import TextFrontend

/// What the tests share: one frontend over the repository's data folder.
enum Support {
    static let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("data")
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let frontend = Result { try TextFrontend(data: data) }

    static func sentences(_ text: String, _ accent: Accent = .american) throws -> [Sentence] {
        Array(try frontend.get().sentences(in: text, accent: accent))
    }

    static func phonemes(_ text: String, _ accent: Accent = .american) throws -> String {
        try sentences(text, accent).map(\.phonemes.symbols).joined(separator: " ")
    }

    static func spoken(_ text: String) throws -> String {
        try sentences(text).map(\.spoken).joined(separator: " ")
    }

    /// The rows of a fixture, columns apart by tabs. Comments have none: a row may begin with "# Heading".
    static func rows(_ name: String) throws -> [[String]] {
        try String(contentsOf: fixtures.appendingPathComponent(name), encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("# ") || $0.contains("\t") }
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }
}
