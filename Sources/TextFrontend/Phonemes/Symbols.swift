/// A string of phonemes as the frontend handles it: one code per symbol, the code being the acoustic model's token
/// id (position in `Symbols.all` + 1; 0 never occurs).
typealias Phonemes = [UInt8]

/// The phoneme alphabet: Kokoro's and misaki's symbols (Apache-2.0) in the order of data/symbols.json.
enum Symbols {
    static let text =
        ";:,.!?—…\"()“” \u{0303}ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ"
    static let all = Array(text.unicodeScalars)
    /// UTF-8 of each symbol.
    private static let written = all.map { Array(String($0).utf8) }
    static let codes = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, UInt8($0 + 1)) })

    static let primary = code("ˈ")
    static let secondary = code("ˌ")
    static let space = code(" ")
    static let dash = code("—")
    static let comma = code(",")
    static let period = code(".")

    private static let vowels = table("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ")
    private static let consonants = table("bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ")
    private static let marks = table(";:,.!?—…\"()“” ")
    private static let pausing = table(";:,.!?—…")

    static func isVowel(_ code: UInt8) -> Bool { vowels[Int(code)] }
    static func isConsonant(_ code: UInt8) -> Bool { consonants[Int(code)] }
    static func isPause(_ code: UInt8) -> Bool { pausing[Int(code)] }
    /// Blanks and punctuation, which sound only as a pause.
    static func isMark(_ code: UInt8) -> Bool { marks[Int(code)] }
    static func isStress(_ code: UInt8) -> Bool { code == primary || code == secondary }

    /// The code of a symbol known at compile time.
    static func code(_ symbol: Unicode.Scalar) -> UInt8 { codes[symbol] ?? 0 }

    /// The codes of `string`; symbols outside the alphabet are left out.
    static func encode(_ string: some StringProtocol) -> Phonemes { string.unicodeScalars.compactMap { codes[$0] } }

    static func decode(_ phonemes: some Sequence<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * phonemes.underestimatedCount)
        for code in phonemes where code > 0 && Int(code) <= written.count { bytes += written[Int(code) - 1] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Membership by code, 256 entries.
    static func table(_ string: String) -> [Bool] {
        var result = [Bool](repeating: false, count: 256)
        for code in encode(string) { result[Int(code)] = true }
        return result
    }
}
