import Foundation
import SpeechSignal
import TextFrontend

/// What comes of finding the language of sentences that are all in one: `starling-fuzz --detect FILE`.
struct Detection {
    private let frontend: TextFrontend
    /// One region of each language.
    private let languages: [Language]

    init(_ frontend: TextFrontend) {
        self.frontend = frontend
        var seen: Set<String> = []
        languages = frontend.languages.filter { seen.insert($0.code).inserted }
    }

    /// Counts of a text of one sentence a line: whole sentences, and each three words of them.
    func report(_ text: String) throws -> [String] {
        let sentences = text.split(separator: "\n").map(String.init).filter { !$0.isEmpty }
        let snippets = sentences.flatMap { sentence in
            let words = sentence.split(separator: " ")
            return stride(from: 0, to: max(0, words.count - 2), by: 3).map { words[$0..<$0 + 3].joined(separator: " ") }
        }
        return try [("sentences", sentences), ("three words", snippets)].map { name, texts in
            let found = try texts.map { try frontend.language(of: $0, among: languages)?.code ?? "open" }
            let counts = Dictionary(grouping: found) { $0 }.mapValues(\.count).sorted { $0.value > $1.value }
            return "\(texts.count) \(name): " + counts.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
    }

    /// Finds the language of every line.
    func find(_ text: String) throws {
        for line in text.split(separator: "\n") { _ = try frontend.language(of: String(line), among: languages) }
    }
}
