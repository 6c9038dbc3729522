/// Texts that try to break the frontend, from a seed.
struct Texts {
    private var state: UInt64
    /// Real sentences, to be damaged.
    private let corpus: [[Unicode.Scalar]]

    init(seed: UInt64, corpus: [String]) {
        state = seed
        self.corpus = corpus.map { Array($0.unicodeScalars) }
    }

    /// SplitMix64.
    mutating func random(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((z ^ (z >> 31)) >> 1) % max(1, bound)
    }

    private mutating func pick<T>(_ list: [T]) -> T { list[random(list.count)] }

    /// The kinds of texts; `next` takes them in turn.
    static let kinds = ["unicode", "damaged", "grammar", "run", "numbers", "brackets", "marks", "control"]

    mutating func next(_ index: Int) -> String {
        switch Self.kinds[index % Self.kinds.count] {
        case "unicode": unicode()
        case "damaged": damaged()
        case "grammar": grammar()
        case "run": run()
        case "numbers": numbers()
        case "brackets": brackets()
        case "marks": marks()
        default: control()
        }
    }

    private mutating func scalar() -> Unicode.Scalar {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x7F, 0x80...0x24F, 0x300...0x36F, 0x370...0x52F, 0x590...0x6FF, 0x900...0x97F, 0x2000...0x206F,
            0x20A0...0x20CF, 0x2100...0x218F, 0x2190...0x22FF, 0x2460...0x24FF, 0x2600...0x27BF, 0x3000...0x30FF,
            0x4E00...0x4EFF, 0xE000...0xE010, 0xFE00...0xFE0F, 0xFF00...0xFFEF, 0x1D400...0x1D7FF, 0x1F1E6...0x1F1FF,
            0x1F300...0x1F9FF, 0xE0000...0xE007F, 0x10FFF0...0x10FFFF,
        ]
        let range = pick(ranges)
        let value = range.lowerBound + UInt32(random(Int(range.upperBound - range.lowerBound) + 1))
        return Unicode.Scalar(value) ?? "?"
    }

    private func string(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private mutating func unicode() -> String { string((0..<random(60)).map { _ in scalar() }) }

    /// A real sentence with scalars dropped, doubled, swapped or replaced, and pieces of another in it.
    private mutating func damaged() -> String {
        var text = pick(corpus)
        for _ in 0...random(8) where !text.isEmpty {
            let at = random(text.count)
            switch random(6) {
            case 0: text.remove(at: at)
            case 1: text.insert(text[at], at: at)
            case 2: text[at] = scalar()
            case 3: text.swapAt(at, random(text.count))
            case 4: text.insert(contentsOf: pick(corpus).prefix(random(40)), at: at)
            default: text.removeSubrange(at..<min(text.count, at + random(10)))
            }
        }
        return string(text)
    }

    private static let atoms = [
        "the", "a", "Dr.", "St.", "No.", "$", "£", "€", "CHF", "5", "19", "2012", "007", "1e9", ".", ",", " ", " ", " ",
        "-",
        "–", "—", "/", ":", "pm", "a.m.", "km", "°C", "@", "com", "[[", "]]", "[pause", "'", "s", "(", ")", "%", "°",
        "½",
        "²", "#", "&", "&amp;", "&#x41;", "&#0;", "U.S.", "IV", "July", "Mon", "é", "好", "😀", "\n", "\n\n", "?", "!",
        "…",
        "“", "”", "X", "=", "+", "*", "st", "th", "1,000", "1.000.000", "v", "v2", "Ave", "N", "NW", "SW1A", "1AA",
        "PO Box",
        "ISBN", "978", "<", ">", "<=", "~", "[", "](", "http://", "www.", "C:\\", "~/", "UTC", "GMT", "h", "m", "kΩ",
        "π",
        "Å", "sq", "ft", "oz", "bn", "M", "K", "p", "''", "\"", "\\", "|", "_", "`", "```", "^", "√", "×", "÷", "−",
        "±", "≥",
        "II", "iii", "Henry", "chapter", "I", "vs", "v.", "e.g.", "'90s", "90s", "s'", "o'", "'s", "won", "3-2", "24/7",
        "9/11", "\t", "\u{A0}", "\u{200B}", "\u{FEFF}", "\u{AD}", "<speak>", "</p>", "<break time='1s'/>", "]]>",
        "<!--", "siglo", "Felipe", "1.º", "3.ª", "n.º", "¿", "¡", "«", "»", "EE. UU.", "a. C.", "p. m.", "millones",
        "de mayo", "km/h",
        "m²", "½", "ñ", "ü", "uno", "XXI", "-5", "º", "ª", "h", "min", "1/2", "l'", "qu'", "ß", "œ",
    ]

    private mutating func grammar() -> String {
        (0...random(24)).map { _ in pick(Self.atoms) }.joined(separator: random(3) == 0 ? " " : "")
    }

    /// One piece again and again, sometimes for a long while.
    private mutating func run() -> String {
        let piece =
            random(3) == 0
            ? string([scalar()]) : pick(Self.atoms + ["s'", "1", "a", "A.", "1,", "a-", "1/", "1:", "(", "é"])
        let count = random(50) == 0 ? 2000 + random(4000) : random(200)
        let tail = random(2) == 0 ? pick(Self.atoms) : ""
        return String(repeating: piece, count: count) + tail
    }

    private mutating func digits(_ longest: Int) -> String {
        String((0...random(longest)).map { _ in Character(Unicode.Scalar(UInt8(48 + random(10)))) })
    }

    private mutating func numbers() -> String {
        let marks = [
            ".", ",", "-", "–", "/", ":", " ", "e", "x", "%", "'", "\"", "°", "$", "€", "th", "s", "k", "M", " km",
            "pm", "+", "^", "(", ")",
        ]
        var text = pick(["", "", "-", "$", "+", "#", "(", "~", "<", "."])
        for _ in 0...random(8) { text += digits(random(20) == 0 ? 400 : 5) + pick(marks) }
        return text
    }

    private mutating func brackets() -> String {
        let pieces = [
            "(", ")", "[", "]", "[[", "]]", "{", "}", "<", ">", "\"", "'", "“", "”", "«", "`", "[pause 1s]", "a", "1",
            " ", "](", "![",
        ]
        return (0...random(80)).map { _ in pick(pieces) }.joined()
    }

    /// Combining marks, joiners, variation selectors, flags.
    private mutating func marks() -> String {
        let pieces = [
            "\u{301}", "\u{308}", "\u{20E3}", "\u{200D}", "\u{FE0F}", "🇬🇧", "🇬", "👨‍👩‍👧", "e", "a", "1", " ", "\u{34F}",
            "\u{1F3FD}", "Å", "ß",
        ]
        return (0...random(80)).map { _ in pick(pieces) }.joined()
    }

    /// Controls: C0, C1, directions, separators, and what is no character.
    private mutating func control() -> String {
        let pieces = [
            "\u{0}", "\u{1}", "\u{7}", "\u{8}", "\u{B}", "\u{C}", "\r", "\r\n", "\n", "\u{1B}[31m", "\u{7F}", "\u{85}",
            "\u{2028}",
            "\u{2029}", "\u{202A}", "\u{202E}", "\u{202C}", "\u{2066}", "\u{2069}", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}",
            "a", "word", " ",
            "12", ".",
        ]
        return (0...random(60)).map { _ in pick(pieces) }.joined()
    }
}
