/// What `<say-as>` asks for, in a language other than English.
extension SayAs {
    /// How it is spoken; nil to read it as the text that it is, or `rewritten` of it.
    func reading(_ rules: any LanguageRules) -> Reading? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        switch kind {
        case .cardinal:
            guard !digits.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber || ". \u{A0}".contains($0) }) else {
                return nil
            }
            return Reading(.cardinal, to: 0, words: rules.numbers.cardinal(digits, .alone))
        case .ordinal:
            guard let n = Int(digits), n > 0, n < 1_000_000 else { return nil }
            let sign = text.last.flatMap { rules.ordinalEndings[String($0)] }
            return Reading(
                .ordinal, to: 0, words: rules.numbers.ordinal(n, sign?.gender ?? .masculine, isBefore: false))
        case .characters: return Reading(.serial, to: 0, text.unicodeScalars.flatMap { characters($0, rules) })
        case .digits, .telephone:
            guard !digits.isEmpty else { return nil }
            var spoken: [Spoken] = []
            for group in text.split(whereSeparator: { !($0.isASCII && $0.isNumber) }) {
                if !spoken.isEmpty { spoken.append(.comma) }
                let isGroup = kind == .telephone && group.utf8.count <= 4
                let words =
                    isGroup ? rules.numbers.telephone(group: String(group)) : rules.numbers.digits(String(group))
                spoken += words.map(Spoken.word)
            }
            return Reading(kind == .telephone ? .telephone : .serial, to: 0, spoken)
        case .date: return date(rules)
        case .decimal, .fraction, .time, .currency, .unit, .address, .name: return nil
        }
    }

    private func characters(_ scalar: Unicode.Scalar, _ rules: any LanguageRules) -> [Spoken] {
        let lower = String(Character(scalar)).lowercased()
        if rules.tables.letters[lower] != nil { return [.letters(lower.uppercased())] }
        if ("0"..."9").contains(scalar) { return rules.numbers.digits(String(Character(scalar))).map(Spoken.word) }
        let words = rules.words
        switch scalar {
        case ".": return [Spoken](words: words.dot)
        case "-": return [Spoken](words: words.dash)
        case "/": return [Spoken](words: words.slash)
        case ":": return [Spoken](words: words.colon)
        case "_": return [Spoken](words: words.underscore)
        case "@": return [Spoken](words: words.at)
        default: return rules.tables.symbols[scalar.value].map { [Spoken](words: $0) } ?? []
        }
    }

    /// Figures in the order that the format gives: dmy, ymd and so on.
    private func date(_ rules: any LanguageRules) -> Reading? {
        guard let format else { return nil }
        var order: [Character] = []
        for letter in format where order.last != letter { order.append(letter) }
        let fields = text.split { !($0.isASCII && $0.isNumber) }.compactMap { Int($0) }
        guard fields.count == order.count else { return nil }
        var parts: [Character: Int] = [:]
        for (letter, field) in zip(order, fields) { parts[letter] = field }
        guard parts["d"].map((1...31).contains) ?? true, parts["m"].map((1...12).contains) ?? true,
            parts["y"].map((1...9999).contains) ?? true
        else { return nil }
        return Reading(
            .date, to: 0, words: rules.numbers.date(day: parts["d"], month: parts["m"], year: parts["y"]))
    }
}
