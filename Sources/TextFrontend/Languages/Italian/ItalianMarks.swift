/// What the spelling of an Italian word leaves open: the stressed vowel, whether an e or o there is open, and which z
/// are voiced.
struct ItalianMarks: Sendable {
    /// The word's small letters without marks.
    var letters: [Unicode.Scalar]
    /// The place of the stressed vowel; nil where there is none.
    var stress: Int?
    /// The stressed e or o is open (è, ò).
    var isOpen = false
    /// Places of voiced z.
    var voiced: Set<Int> = []

    /// A word as a dictionary marks it: a grave or acute on the stressed vowel, ż for a voiced z. A word without marks
    /// has no stress.
    init(dictionary word: String) {
        letters = []
        for scalar in word.unicodeScalars {
            if let (vowel, isOpen) = Self.accents[scalar] {
                stress = letters.count
                self.isOpen = isOpen
                letters.append(vowel)
            } else if scalar == "ż" {
                voiced.insert(letters.count)
                letters.append("z")
            } else {
                letters.append(scalar)
            }
        }
    }

    /// Vowels with an accent: the plain vowel, and whether it is an open one.
    static let accents: [Unicode.Scalar: (vowel: Unicode.Scalar, isOpen: Bool)] = [
        "à": ("a", true), "á": ("a", true), "è": ("e", true), "é": ("e", false), "ì": ("i", true), "í": ("i", true),
        "î": ("i", true), "ò": ("o", true), "ó": ("o", false), "ù": ("u", true), "ú": ("u", true),
    ]

    static func isVowel(_ letter: Unicode.Scalar) -> Bool {
        switch letter {
        case "a", "e", "i", "o", "u": true
        default: false
        }
    }
}
