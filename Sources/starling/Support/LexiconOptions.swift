import ArgumentParser
import Foundation
import TextFrontend

/// Words to say otherwise.
struct LexiconOptions: ParsableArguments {
    @Option(
        name: .customLong("lexicon"),
        help: ArgumentHelp(
            "A file of pronunciations, a line each: WORD = PRONUNCIATION. May be repeated; the first file that has a word wins.",
            valueName: "file"), completion: .file())
    var files: [String] = []

    func read() throws -> [UserLexicon] { try files.map { try UserLexicon(contentsOf: URL(filePath: $0)) } }
}
