import ArgumentParser
import Foundation
import TextFrontend

/// Words to say otherwise.
struct LexiconOptions: ParsableArguments {
    @Option(
        name: .customLong("lexicon"),
        help: ArgumentHelp(
            "Words to say otherwise, a file of lines WORD = PRONUNCIATION. May be given several times; the first that has a word wins.",
            valueName: "file"), completion: .file())
    var files: [String] = []

    func read() throws -> [UserLexicon] { try files.map { try UserLexicon(contentsOf: URL(filePath: $0)) } }
}
