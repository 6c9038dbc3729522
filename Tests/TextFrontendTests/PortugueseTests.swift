import Foundation
import SpeechSignal
import Testing
import TextFrontend

@Suite struct PortugueseTests {
    private func phonemes(_ text: String) throws -> String { try LanguageFixtures.phonemes(text, .brazilianPortuguese) }

    @Test func everyCaseIsReadAsWritten() throws { try LanguageFixtures.check("pt", atLeast: 600) }

    @Test(arguments: ["pt", "pt-BR", "PT_br", "pt-PT", "por"]) func tagsAreRead(_ tag: String) throws {
        #expect(try Language(tag: tag) == .brazilianPortuguese)
    }

    /// Verbs have an open vowel where nouns have a closed one.
    @Test(arguments: [
        ("Eu gosto de café.", "ɡˈɔstʊ"), ("O gosto do café.", "ɡˈostʊ"), ("Eu jogo bola.", "ʒˈɔɡʊ"),
        ("O jogo parou.", "ʒˈoɡʊ"), ("Eu começo cedo.", "komˈɛsʊ"), ("O começo do ano.", "komˈesʊ"),
        ("Uma colher de sopa.", "koljˈɛr"), ("Vamos colher milho.", "koljˈer"), ("Tenho sede.", "sˈeʤy"),
        ("A sede da empresa.", "sˈɛʤy"), ("Eu choro muito.", "ʃˈɔɾʊ"), ("Ouvi o choro.", "ʃˈoɾʊ"),
    ])
    func heteronym(_ text: String, _ word: String) throws {
        let plain = try phonemes(text).filter { $0 != "ˌ" }
        #expect(plain.contains(word), "\(text): \(plain)")
    }

    /// Function words have no stress, and their own before a pause; neighbours shape last s, r, e and o.
    @Test(arguments: [
        ("a casa azul", "a kˈazæ azˈuw"), ("os amigos", "ʊz ˌæmˈiɡʊs"), ("os carros", "ʊs kˈaxʊs"),
        ("luz verde", "lˈuz vˈeɾəʤy"), ("mar azul", "mˈaɾ azˈuw"), ("leite azul", "lˈAʧj azˈuw"),
        ("gato amarelo", "ɡˈatw ˌæmaɾˈɛlʊ"), ("não sei", "nˌɐ̃ʊ̃ sˈA"), ("Não.", "nˈɐ̃ʊ̃."),
        ("por favor", "por favˈor"), ("diga-me", "ʤˈiɡæmy"), ("guarda-chuva", "ɡwˈaɾədæʃˈuvæ"),
    ])
    func sentences(_ text: String, _ expected: String) throws { #expect(try phonemes(text) == expected, "\(text)") }

    /// Whatever the text, each sentence's places lie in it and its phonemes are of the alphabet and not too many.
    @Test func hostileTextIsRead() throws {
        let texts = [
            "", "'", "-", "--", "a-", "-a", "que-que-", "ã", "õ", "ão", "ãe", "õe", "~", "º", "1º2º3º", "R$", "R$R$5R$",
            String(repeating: "nh", count: 3000), String(repeating: "ão", count: 2000),
            String(repeating: "qu", count: 3000),
            String(repeating: "x", count: 3000), String(repeating: "aiu", count: 2000),
            String(repeating: "9", count: 5000), "1.1.1.1.1,,,1", "€€€5€€€", "½½½", "a\u{303}o\u{303}", "na\u{303}o",
            "ÁÂÃÀÇÉÊÍÓÔÕÚÜ", "q", "qu", "gu", "güe", "rr", "r", "ss", "lh", "nh", "h", "xx", "exx", "mm", "x'y'z",
            "@", "http://", "XXXXXXXXX", "IIII século", "\u{0}\u{1}", "🙂 olá 🙂", "日本語 olá", "12:99", "99h99", "25h",
            "31/31/3131", "0/0", "1/0", "+55", "tel. ", "(11)", "(11) 9", "a.C.", "d.C.", "<a><b", "&&&", "km/h/h",
            "1 h/h",
        ]
        for text in texts {
            for sentence in try LanguageFixtures.sentences(text, .brazilianPortuguese) {
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

    /// A decomposed tilde reads as a composed one.
    @Test func composedAndDecomposedLettersAreTheSame() throws {
        #expect(try phonemes("não, maçã") == phonemes("na\u{303}o, mac\u{327}a\u{303}"))
    }
}
