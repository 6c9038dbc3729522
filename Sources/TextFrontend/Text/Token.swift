/// A run of letters, a run of digits, or one other character.
struct Token {
    enum Kind: UInt8 { case letters, digits, symbol, foreign }

    var kind: Kind
    /// Positions in the clean text.
    var start: Int
    var end: Int
    var spaceBefore: Bool
    /// Letters and digits; a symbol's own character.
    var text: String
    /// A symbol's scalar; 0 for letters and digits.
    var symbol: UInt32

    func isSymbol(_ character: Unicode.Scalar) -> Bool { symbol == character.value }
    var isCapitalized: Bool { kind == .letters && text.utf8.first.map { $0 >= 65 && $0 <= 90 } ?? false }
}

enum Lexer {
    /// Splits clean text; an apostrophe between letters belongs to its word.
    ///
    /// - Parameter letters: what is a letter
    static func tokens(_ text: CleanText, letters: LetterSet = .ascii) -> [Token] {
        let scalars = text.scalars
        var result: [Token] = []
        result.reserveCapacity(scalars.count / 4)
        var space = true
        var at = 0
        while at < scalars.count {
            let scalar = scalars[at]
            if scalar == 32 {
                space = true
                at += 1
                continue
            }
            let start = at
            var token = Token(kind: .symbol, start: start, end: start + 1, spaceBefore: space, text: "", symbol: 0)
            if letters.isLetter(scalar) {
                at = endOfWord(scalars, from: at, letters)
                token.kind = .letters
            } else if isDigit(scalar) {
                while at < scalars.count, isDigit(scalars[at]) { at += 1 }
                token.kind = .digits
            } else if isForeignLetter(scalar), !letters.keeps(scalar) {
                while at < scalars.count, isForeignLetter(scalars[at]), !letters.keeps(scalars[at]) { at += 1 }
                token.kind = .foreign
            } else {
                token.symbol = scalar
                at += 1
            }
            token.end = at
            token.text = string(scalars, start, at)
            result.append(token)
            space = false
        }
        return result
    }

    private static func endOfWord(_ scalars: [UInt32], from start: Int, _ letters: LetterSet) -> Int {
        var at = start
        while at < scalars.count {
            if letters.isLetter(scalars[at]) {
                at += 1
            } else if scalars[at] == 39, at + 1 < scalars.count, letters.isLetter(scalars[at + 1]) {
                at += 2
            } else {
                break
            }
        }
        return at
    }

    private static func string(_ scalars: [UInt32], _ start: Int, _ end: Int) -> String {
        if end - start == 1, let scalar = Unicode.Scalar(scalars[start]) { return String(Character(scalar)) }
        if scalars[start..<end].contains(where: { $0 >= 0x80 }) {
            var view = String.UnicodeScalarView()
            for scalar in scalars[start..<end] { if let scalar = Unicode.Scalar(scalar) { view.append(scalar) } }
            return String(view)
        }
        return String(unsafeUninitializedCapacity: end - start) { buffer in
            for i in 0..<end - start { buffer[i] = UInt8(truncatingIfNeeded: scalars[start + i]) }
            return end - start
        }
    }

    static func isLetter(_ scalar: UInt32) -> Bool { scalar < 0x80 && (scalar | 32) >= 97 && (scalar | 32) <= 122 }
    static func isDigit(_ scalar: UInt32) -> Bool { scalar >= 48 && scalar <= 57 }

    /// A letter of a script the frontend does not read.
    private static func isForeignLetter(_ scalar: UInt32) -> Bool {
        scalar >= 0xC0 && !(0x370...0x3FF).contains(scalar) && scalar != 0xD7 && scalar != 0xF7 && scalar != 0xC5
            && Unicode.Scalar(scalar)?.properties.isAlphabetic == true
    }
}
