import Foundation
import Testing
import TextFrontend

/// Every letter, every figure and every sign that has a name is heard, whatever stands beside it.
@Suite struct NothingLostTests {
    /// Signs that have a name but are silent where they are markup, part or enclose: rules, emphasis, tags,
    /// alternatives.
    static let silent = Set("*_~^|\\`#/<>")
    private static let words = [
        "apple", "Boston", "the", "is", "NASA", "NOT", "x", "A", "b", "km", "John", "no", "version", "page", "due",
        "USB", "of", "per",
        "I", "may", "Mr", "St", "kg", "Part", "code", "order", "us", "OK", "read", "v", "e", "mm", "ft", "in", "q",
        "Gen",
    ]
    private static let numbers = [
        "0", "1", "2", "7", "12", "30", "100", "1999", "2024", "4821", "00", "3.5", "1,000", "12:30", "1/2", "10/10",
        "9/30",
    ]
    private static let marks = [",", ".", ":", ";", "!", "?", "(", ")", "\"", "'", "-", "–", "—"]

    private static func symbols() throws -> [String] {
        try String(contentsOf: Support.data.appendingPathComponent("frontend/symbols.tsv"), encoding: .utf8).split(
            separator: "\n"
        )
        .dropFirst().compactMap { $0.split(separator: "\t").first.map(String.init) }
        .filter { !silent.contains(Character($0)) }
    }

    @Test func namedSignsStandAlone() throws {
        for symbol in try Self.symbols() {
            #expect(try !Support.phonemes(symbol).isEmpty, "\(symbol)")
        }
    }

    @Test func nothingIsLostInAnyOrder() throws {
        var random = SeededGenerator(20)
        let symbols = try Self.symbols()
        let audible = Set(symbols.map { Character($0) })
        var lost: [String] = []
        for _ in 0..<4000 {
            var text = "Say"
            for _ in 0..<Int.random(in: 2...9, using: &random) {
                let kinds = [Self.words, Self.words, Self.numbers, Self.numbers, symbols, Self.marks]
                let piece = kinds.randomElement(using: &random)!.randomElement(using: &random)!
                text += (Bool.random(using: &random) ? " " : "") + piece
            }
            let heard = try Support.sentences(text).flatMap(\.words).filter { !$0.phonemes.isEmpty }.map(\.range)
            var offset = 0
            for character in text {
                let length = String(character).utf8.count
                let isAudible = character.isLetter || character.isNumber || audible.contains(character)
                if isAudible, !heard.contains(where: { $0.contains(offset) }) {
                    lost.append("\(character) in \(text)")
                    break
                }
                offset += length
            }
        }
        #expect(lost.isEmpty, "\(lost.count) lost, among them \(lost.prefix(20).joined(separator: " | "))")
    }
}
