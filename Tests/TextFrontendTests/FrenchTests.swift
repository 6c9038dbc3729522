import Foundation
import SpeechSignal
import Testing
import TextFrontend

/// French as people write it.
@Suite struct FrenchTests {
    @Test func everyCaseIsReadAsWritten() throws { try LanguageFixtures.check("fr", atLeast: 800) }

    /// What Starling reads otherwise than NeMo's grammars on purpose.
    static let different = [
        "6°": "degrees: six degrés", "10°": "degrees: dix degrés", "les 80s": "English: eighties",
        "Mˡˡᵉˢ": "the word is mesdemoiselles",
    ]

    /// Small letters and digits.
    private func plain(_ text: String) -> String {
        text.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }.map(
            String.init
        ).joined()
    }

    @Test func nemo() throws {
        let rows = try Support.rows("fr/normalization.tsv")
        #expect(rows.count == 116)
        var misses = 0
        for row in rows {
            let read = try LanguageFixtures.words(row[1], .french)
            guard plain(read) != plain(row[2]) else { continue }
            misses += 1
            #expect(Self.different[row[1]] != nil, "\(row[1]) → \(read), expected \(row[2])")
        }
        print("French normalization: \(rows.count - misses) of \(rows.count)")
        #expect(misses == Self.different.count, "docs/languages.md lists those that are read otherwise")
    }

    /// Whatever the text, each sentence's places lie in it and its phonemes are not too many.
    @Test func hostileTextIsRead() throws {
        let texts = [
            "", "'", "''''", "l'", "'l'l'l", "qu'", "d'd'd'", "°", "1°2°3°", String(repeating: "aux-", count: 3000),
            String(repeating: "qu'", count: 2000), String(repeating: "9", count: 5000), "1 1 1 1 1 1 1",
            "1.1.1.1.1.1,,,1", "€€€5€€€",
            "½½½", "e\u{301}\u{301}\u{301}", "e\u{301}te\u{301}", "ÀÂÇÉÈÊËÎÏÔÖÛÜŸŒÆ", "q", "qqq", "œ", "æ", "ÿ",
            "x'y'z", "@", "@@@", "http://",
            "XXXXXXXXXe", "IIIIe siècle", "\u{0}\u{1}", "🙂🙂 salut 🙂", "日本語 bonjour", "25h61", "99 h 99", "31/31/3131",
            "0/0", "1/0", "-", "--5",
            "+", "+33", "tél. ", "h", "12 h", "1 h h h", "av. J.-C.", "J.-", "M.", "M. M. M.", "p. ex.", "n°", "n° n°",
            "« « »", "…", "17/18/19/20/21",
            "-t-il", "t-il-t-il", "vas-y-en-y", "<a><b", "&&&", "l'8'8'8", "km/h/h", "5 l/100", "d'1'2",
            "\u{202F}5\u{202F}000\u{202F}", "5\u{A0}%",
        ]
        for text in texts {
            for language in [Language.french, .belgianFrench, .swissFrench] {
                for sentence in try LanguageFixtures.sentences(text, language) {
                    #expect(sentence.phonemes.count <= 400, "\(text.prefix(20))")
                    #expect(sentence.range.upperBound <= text.utf8.count, "\(text.prefix(20))")
                    for word in sentence.words {
                        #expect(
                            word.range.upperBound <= text.utf8.count
                                && word.phonemeRange.upperBound <= sentence.phonemes.count)
                    }
                }
            }
        }
    }

    /// Every letter of the alphabet is heard, alone and with its accent.
    @Test func everyLetterHasAName() throws {
        for letter in "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûœ" {
            #expect(
                try !LanguageFixtures.sentences("la lettre \(letter.uppercased())", .french).flatMap(\.words).contains {
                    $0.phonemes.isEmpty
                },
                "\(letter)")
        }
    }

    /// Words map back to the text, spaces of all widths between digits included.
    @Test func placesAreKept() throws {
        let text = "« Où ? » L’été, 1\u{202F}250\u{A0}€ d’économies !"
        let bytes = Array(text.utf8)
        let words = try LanguageFixtures.sentences(text, .french).flatMap(\.words)
        for word in words { #expect(String(decoding: bytes[word.range], as: UTF8.self) == word.text) }
        #expect(words.map(\.text) == ["Où", "L’été", "1\u{202F}250\u{A0}€", "d’économies"])
    }

    /// A sentence ends at its full stop, and not at those of abbreviations.
    @Test(arguments: [
        ("M. Dupont est là. Il attend.", 2), ("Le Dr. Petit arrive. Bien !", 2), ("Vers 52 av. J.-C. Rome grandit.", 1),
        ("Il est 8 h. Partons.", 2), ("Né le 3 févr. 1990 à Lyon. Mort à Nice.", 2),
        ("« Viens ! » dit-il. Elle vint.", 2),
        ("Voir p. 12 et fig. 3. Fin.", 2), ("École fermée. Études finies.", 2),
    ])
    func splits(_ text: String, _ count: Int) throws {
        #expect(try LanguageFixtures.sentences(text, .french).count == count)
    }
}
