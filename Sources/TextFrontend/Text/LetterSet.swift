/// The letters and signs beyond ASCII that a language keeps; everything else is folded as data/frontend/unicode.tsv
/// says.
struct LetterSet: Sendable {
    /// English: letters lose their diacritics.
    static let ascii = LetterSet(letters: "", signs: "")

    private static let bound = 0x250
    private static let letter: UInt8 = 1
    private static let sign: UInt8 = 2
    private let classes: [UInt8]
    /// Kept letters by their base letter and their combining mark.
    private let compositions: [UInt64: UInt32]

    /// - Parameters:
    ///   - letters: small letters such as "ñéü"; their capitals count too. Those from U+0250 on are left out.
    ///   - signs: what is kept and no letter, such as "º"
    init(letters: String, signs: String) {
        var classes = [UInt8](repeating: 0, count: letters.isEmpty && signs.isEmpty ? 0 : Self.bound)
        var compositions: [UInt64: UInt32] = [:]
        for scalar in (letters + letters.uppercased()).unicodeScalars where Int(scalar.value) < Self.bound {
            guard scalar.value >= 0x80 else { continue }
            classes[Int(scalar.value)] = Self.letter
            for mark in Self.marks {
                for base in Self.bases where Character(scalar) == Self.character(base, mark) {
                    compositions[UInt64(base.value) << 32 | UInt64(mark.value)] = scalar.value
                }
            }
        }
        for scalar in signs.unicodeScalars where scalar.value >= 0x80 && Int(scalar.value) < Self.bound {
            classes[Int(scalar.value)] = Self.sign
        }
        self.classes = classes
        self.compositions = compositions
    }

    private static let marks: [Unicode.Scalar] = [
        "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{308}", "\u{327}",
    ]
    private static let bases = Array("aceinouyACEINOUY".unicodeScalars)

    private static func character(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) -> Character {
        var text = String.UnicodeScalarView()
        text.append(base)
        text.append(mark)
        return Character(String(text))
    }

    /// Whether the scalar, which is beyond ASCII, stays as it is.
    func keeps(_ scalar: UInt32) -> Bool { scalar < UInt32(classes.count) && classes[Int(scalar)] != 0 }

    /// Whether a scalar is a letter: of ASCII, or kept as one.
    func isLetter(_ scalar: UInt32) -> Bool {
        scalar < 0x80
            ? (scalar | 32) >= 97 && (scalar | 32) <= 122
            : scalar < UInt32(classes.count) && classes[Int(scalar)] == Self.letter
    }

    /// The kept letter that a letter and a combining mark make.
    func composed(_ base: UInt32, _ mark: UInt32) -> UInt32? {
        mark < 0x300 || mark > 0x36F ? nil : compositions[UInt64(base) << 32 | UInt64(mark)]
    }
}
