import Foundation
import SpeechSignal
import Testing
import TextFrontend

/// What the tests of languages share: Fixtures/CODE/cases.tsv and the like.
enum LanguageFixtures {
    static func sentences(_ text: String, _ language: Language, lexicons: [UserLexicon] = []) throws -> [Sentence] {
        Array(
            try Support.frontend.get().sentences(
                in: text, reading: ReadingStyle(language: language, lexicons: lexicons)))
    }

    static func phonemes(_ text: String, _ language: Language) throws -> String {
        try sentences(text, language).map(\.phonemes.symbols).joined(separator: " ")
    }

    /// The words that are said, in small letters and without punctuation.
    static func words(_ text: String, _ language: Language) throws -> String {
        plain(try sentences(text, language).map(\.spoken).joined(separator: " "))
    }

    static func plain(_ text: String) -> String {
        String(text.lowercased().map { $0.isLetter || $0.isNumber || $0 == "'" || $0 == "-" ? $0 : " " })
            .split(separator: " ").filter { $0 != "-" }.joined(separator: " ")
    }

    /// Checks a table of own cases.
    ///
    /// Columns: language, text, words, phonemes of the whole where they are given.
    static func check(_ code: String, atLeast count: Int) throws {
        let rows = try Support.rows("\(code)/cases.tsv")
        #expect(rows.count >= count)
        for row in rows {
            let language = try Language(tag: row[0])
            #expect(language.code == code)
            #expect(try words(row[1], language) == row[2], "\(row[1])")
            if row.count > 3 { #expect(try phonemes(row[1], language) == row[3], "\(row[1])") }
        }
    }
}
