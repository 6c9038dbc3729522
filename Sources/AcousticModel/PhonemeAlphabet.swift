public import Foundation

/// Phoneme symbols and their tokens: token 0 is the pad at both ends of every utterance, a symbol's token is its place in
/// the list plus one.
public struct PhonemeAlphabet: Sendable {
    /// All symbols, in the order of their tokens.
    public let symbols: [Unicode.Scalar]
    private let tokens: [Unicode.Scalar: Int32]

    /// - Parameter url: symbols.json, a JSON list of strings of one Unicode scalar each
    /// - Throws: `AcousticError.alphabet`, or why the file cannot be read
    public init(contentsOf url: URL) throws {
        let data = try Data(contentsOf: url)
        guard let strings = try? JSONDecoder().decode([String].self, from: data), !strings.isEmpty,
            strings.allSatisfy({ $0.unicodeScalars.count == 1 }), Set(strings).count == strings.count
        else { throw AcousticError.alphabet(path: url.path) }
        self.init(symbols: strings.flatMap { Array($0.unicodeScalars) })
    }

    /// - Parameter symbols: distinct symbols
    public init(symbols: [Unicode.Scalar]) {
        self.symbols = symbols
        tokens = Dictionary(uniqueKeysWithValues: zip(symbols, 1...))
    }

    public func contains(_ symbol: Unicode.Scalar) -> Bool { tokens[symbol] != nil }

    /// The token of a symbol, nil if the networks do not know it.
    public func token(of symbol: Unicode.Scalar) -> Int32? { tokens[symbol] }

    /// The tokens of a string of phonemes with the pad at both ends; unknown symbols are left out.
    public func encode(_ phonemes: String) -> [Int32] {
        [0] + phonemes.unicodeScalars.compactMap { tokens[$0] } + [0]
    }

    /// The symbol of a token, nil for the pad and for tokens of no symbol.
    public func symbol(of token: Int32) -> Unicode.Scalar? {
        symbols.indices.contains(Int(token) - 1) ? symbols[Int(token) - 1] : nil
    }
}
