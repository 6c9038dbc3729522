/// A symbol of the phoneme alphabet, stored as the token of the networks.
///
///     let word: [Phoneme] = Phonemes(symbols: "həlˈO")
///     let stressed = word.contains(.primaryStress)
///
/// The alphabet is Kokoro's and misaki's (Apache-2.0), one Unicode scalar a symbol. A symbol's token is its place in
/// `alphabet` plus one; token 0 is the pad at both ends of an utterance. `data/symbols.json` lists the same symbols.
public struct Phoneme: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The token, 0 to `alphabet.count`.
    public let rawValue: UInt8

    /// Every symbol, in the order of the tokens from 1.
    public static let alphabet = Array(
        ";:,.!?—…\"()“” \u{0303}ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ"
            .unicodeScalars)

    private static let tokens = Dictionary(uniqueKeysWithValues: zip(alphabet, UInt8(1)...))
    /// UTF-8 of each symbol.
    fileprivate static let written = alphabet.map { Array(String($0).utf8) }

    /// - Returns: nil for a token that the alphabet does not have
    public init?(rawValue: UInt8) {
        guard Int(rawValue) <= Self.alphabet.count else { return nil }
        self.rawValue = rawValue
    }

    /// - Returns: nil for a symbol that the alphabet does not have
    public init?(symbol: Unicode.Scalar) {
        guard let token = Self.tokens[symbol] else { return nil }
        rawValue = token
    }

    /// The symbol; empty for the pad.
    public var description: String { [self].symbols }

    /// The symbol; nil for the pad.
    public var symbol: Unicode.Scalar? { rawValue == 0 ? nil : Self.alphabet[Int(rawValue) - 1] }

    private init(token: UInt8) { rawValue = token }

    /// The token at both ends of an utterance.
    public static let pad = Phoneme(token: 0)
    /// Primary stress; precedes the vowel.
    public static let primaryStress: Phoneme = "ˈ"
    /// Secondary stress; precedes the vowel.
    public static let secondaryStress: Phoneme = "ˌ"
    /// Length mark; follows a long vowel or consonant.
    public static let length: Phoneme = "ː"
    /// Between words.
    public static let space: Phoneme = " "
}

extension Phoneme: ExpressibleByUnicodeScalarLiteral {
    /// A symbol of the alphabet written in source code; others are a mistake there.
    public init(unicodeScalarLiteral symbol: Unicode.Scalar) {
        guard let phoneme = Phoneme(symbol: symbol) else { preconditionFailure("\(symbol) is no phoneme") }
        self = phoneme
    }
}

/// Phonemes in the order they are spoken.
public typealias Phonemes = [Phoneme]

extension [Phoneme] {
    /// - Parameter symbols: one scalar a phoneme; those outside the alphabet are left out
    public init(symbols: some StringProtocol) { self = symbols.unicodeScalars.compactMap(Phoneme.init(symbol:)) }
}

extension Sequence<Phoneme> {
    /// The symbols as text, without pads.
    public var symbols: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * underestimatedCount)
        for phoneme in self where phoneme != .pad { bytes += Phoneme.written[Int(phoneme.rawValue) - 1] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
