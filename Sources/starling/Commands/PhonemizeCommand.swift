public import ArgumentParser
import Foundation
public import SpeechSignal
import Synthesis
import TextFrontend

extension Accent: ExpressibleByArgument {}

struct PhonemizeCommand: ParsableCommand {
    enum Form: String, ExpressibleByArgument, CaseIterable { case phonemes, normalized, json }

    static let configuration = CommandConfiguration(
        commandName: "phonemize",
        abstract: "Show how text is read: a line of phonemes for each line of text.")

    @OptionGroup var input: TextInput

    @Option(name: .shortAndLong, help: "The accent of English, unless --language names one.")
    var accent = Accent.american

    @OptionGroup var reading: LanguageOptions

    @Option(
        name: .customLong("print"), help: "phonemes, normalized (the text in words), or json (both, with positions).")
    var form = Form.phonemes

    @Flag(help: "Below each line, show what is not read as it is written, and why.")
    var explain = false

    @OptionGroup var lexicon: LexiconOptions

    @Option(help: ArgumentHelp("The folder with weights and lexicon.", valueName: "dir"), completion: .directory)
    var data: String?

    func run() throws {
        let text = try input.read()
        let lexicons = try lexicon.read() + UserLexicon.personal()
        let frontend = try TextFrontend(data: DataLocation.find(asked: data).data)
        let choice = self.reading.choice
        var reading = ReadingStyle(language: choice?.language ?? Language(accent), lexicons: lexicons)
        if choice == .auto { reading = reading.detecting(frontend.languages) }
        if input.ssml || MarkedText.isSSML(text) {
            // A document is one line.
            return try show(Array(try frontend.sentences(in: MarkedText(ssml: text), reading: reading)))
        }
        // Lines stay lines: an empty one gives an empty one, so that output and input can be laid side by side.
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            let sentences = Array(try frontend.sentences(in: String(line), reading: reading))
            try show(sentences)
            // A line that does not say is read as the one before it.
            if choice == .auto, let last = sentences.last { reading.language = last.language }
        }
    }

    private func show(_ sentences: [Sentence]) throws {
        switch form {
        case .phonemes: try Terminal.say(Self.symbols(sentences))
        case .normalized: try Terminal.say(sentences.map(\.spoken).joined(separator: " "))
        case .json: try Terminal.say(try Self.json(sentences))
        }
        guard explain else { return }
        if reading.choice == .auto {
            try Terminal.say("    read as \(Self.languages(sentences).joined(separator: ", "))")
        }
        for expansion in sentences.flatMap(\.expansions) {
            let name = expansion.category.rawValue
            try Terminal.say("    \(expansion.written) → \(expansion.spoken) (\(name))")
        }
        for word in sentences.flatMap(\.words) { try Terminal.say("    \(word.text) [\(word.phonemes.symbols)]") }
    }

    /// The phonemes of all sentences on one line.
    private static func symbols(_ sentences: [Sentence]) -> String {
        sentences.map(\.phonemes.symbols).joined(separator: " ")
    }

    /// The languages of the sentences; once where neighbors have the same.
    private static func languages(_ sentences: [Sentence]) -> [String] {
        sentences.map(\.language.rawValue).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    private struct Line: Encodable {
        struct Word: Encodable {
            var text: String
            var range: [Int]
            var phonemes: String
        }
        struct Change: Encodable {
            var written: String
            var spoken: String
            var category: String
            var range: [Int]
        }
        var phonemes: String
        var normalized: String
        var languages: [String]
        var words: [Word]
        var expansions: [Change]
    }

    private static func json(_ sentences: [Sentence]) throws -> String {
        let line = Line(
            phonemes: symbols(sentences),
            normalized: sentences.map(\.spoken).joined(separator: " "), languages: languages(sentences),
            words: sentences.flatMap(\.words).map {
                .init(text: $0.text, range: [$0.range.lowerBound, $0.range.upperBound], phonemes: $0.phonemes.symbols)
            },
            expansions: sentences.flatMap(\.expansions).map {
                .init(
                    written: $0.written, spoken: $0.spoken, category: $0.category.rawValue,
                    range: [$0.range.lowerBound, $0.range.upperBound])
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(line), as: UTF8.self)
    }
}
