import Foundation
import SpeechSignal
import Testing
import TextFrontend

/// Measured against material of others; each fixture's first line credits its source.
@Suite struct FixtureTests {
    /// Cases Starling reads otherwise on purpose, or cannot read yet.
    static let different = [
        "Main St.": "an abbreviation is said in full: street",
        "1961–1965 and (2006–2012)": "an en dash between years is said: to",
        "go <noise/> home": "tags left over from markup are silent",
        "<pausing/>": "tags left over from markup are silent",
        "<pitch=-.3>123 123</pitch>": "tags left over from markup are silent",
    ]

    /// Held-out sentences in which a homograph is read in its sense.
    static let homographsRight = 465
    /// The same in everyday sentences.
    static let everydayHomographsRight = 252

    /// Letters and digits only, case ignored.
    private func plain(_ text: String) -> String {
        let folded = text.lowercased().replacingOccurrences(of: "’", with: "'")
        return folded.unicodeScalars.map { $0.properties.isAlphabetic || ("0"..."9").contains($0) ? String($0) : " " }
            .joined().split(separator: " ").joined(separator: " ")
    }

    @Test func normalization() throws {
        let rows = try Support.rows("normalization.tsv")
        #expect(rows.count == 253)
        var misses = 0
        for row in rows {
            let spoken = try Support.spoken(row[1])
            if plain(spoken) != plain(row[2]),
                plain(spoken).filter({ $0 != " " }) != plain(row[2]).filter({ $0 != " " })
            {
                misses += 1
                print(
                    "\(row[0]): \(row[1]) → \(spoken), expected \(row[2]) (\(Self.different[row[1]] ?? "unintended"))")
                #expect(Self.different[row[1]] != nil, "\(row[1]) → \(spoken), expected \(row[2])")
            }
        }
        print("normalization: \(rows.count - misses) of \(rows.count)")
        #expect(misses == Self.different.count, "docs/frontend.md lists those that are read otherwise")
    }

    @Test func homographs() throws {
        let rows = try Support.rows("homographs.tsv")
        #expect(rows.count > 400)
        var right = 0
        for row in rows {
            if try reads(row[3], at: #require(Int(row[2])), as: row[1]) { right += 1 }
        }
        print("homographs: \(right) of \(rows.count) held-out sentences")
        #expect(right >= Self.homographsRight)
    }

    /// Everyday sentences with a homograph in brackets, which were not learned from.
    @Test func homographsInEverydaySentences() throws {
        let rows = try Support.rows("homograph_cases.tsv")
        #expect(rows.count >= 200)
        var right = 0
        for row in rows {
            let start = try #require(row[1].utf8.firstIndex(of: UInt8(ascii: "[")))
            let place = row[1].utf8.distance(from: row[1].utf8.startIndex, to: start)
            let text = row[1].replacing("[", with: "").replacing("]", with: "")
            if try reads(text, at: place, as: row[0]) { right += 1 } else { print("homograph otherwise: \(row[1])") }
        }
        print("homographs: \(right) of \(rows.count) everyday sentences")
        #expect(right >= Self.everydayHomographsRight)
    }

    /// The word at a byte of a text has these phonemes.
    private func reads(_ text: String, at place: Int, as phonemes: String) throws -> Bool {
        let word = try Support.sentences(text).flatMap(\.words).first { $0.range.contains(place) }
        return word?.phonemes.symbols.contains(phonemes.replacing("ɾ", with: "T")) == true
    }

    @Test func homographsMatchTheirTrainer() throws {
        let rows = try Support.rows("homograph_scores.tsv")
        #expect(rows.count >= 40)
        let frontend = try Support.frontend.get()
        for row in rows {
            let expected = row[2].split(separator: " ").compactMap { Float($0) }
            let words = row[1].split(separator: " ").map(String.init)
            let readings = try frontend.readings(of: #require(Int(row[0])), in: words, accent: .american)
            #expect(readings.count == expected.count, "\(row[1])")
            let difference = zip(readings, expected).map { abs($0.probability - $1) }.max() ?? 1
            #expect(difference < 1e-3, "\(row[1]): \(readings), expected \(expected)")
        }
        #expect(frontend.readings(of: 0, in: ["house"], accent: .british).count == 2)
        #expect(frontend.readings(of: 1, in: ["house"], accent: .british).isEmpty)
        #expect(frontend.readings(of: 0, in: ["table"], accent: .british).isEmpty)
    }

    @Test func spellingToSoundMatchesItsTrainer() throws {
        let rows = try Support.rows("g2p.tsv")
        #expect(rows.count >= 30)
        for row in rows {
            let accent = try #require(Accent(rawValue: row[0]))
            #expect(try Support.frontend.get().soundOut(row[1], accent: accent) == row[2], "\(row[0]) \(row[1])")
        }
    }
}

/// Starling's own table: more than three thousand things as people write them, and exactly how each is read.
@Suite struct CaseTests {
    /// Columns: text (\n is a line's end), reading, accent where it is British, and of some words the phonemes:
    /// WORD=phonemes.
    @Test func everyCaseIsReadAsWritten() throws {
        let rows = try Support.rows("cases.tsv")
        #expect(rows.count >= 2600)
        for row in rows {
            let text = row[0].replacing("\\n", with: "\n")
            let sentences = try Support.sentences(text, row.count > 2 && row[2] == "british" ? .british : .american)
            let spoken = sentences.map(\.spoken).joined(separator: " ")
            #expect(spoken == row[1], "\(row[0])")
            // Whatever holds a figure was expanded, and says why.
            if row[0].unicodeScalars.contains(where: { ("0"..."9").contains($0) }) {
                let explained = sentences.flatMap(\.expansions).map(\.written).joined()
                #expect(explained.contains { $0.isNumber }, "\(row[0]) is not explained")
            }
            let words = sentences.flatMap(\.words)
            for heard in row.count > 3 ? row[3].split(separator: " ") : [] {
                let parts = heard.split(separator: "=").map(String.init)
                #expect(
                    words.contains { $0.text == parts[0] && $0.phonemes.symbols == parts[1] }, "\(row[0]): \(heard)")
            }
        }
    }
}
