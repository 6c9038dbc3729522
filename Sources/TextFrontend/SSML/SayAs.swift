import SpeechSignal

/// What `<say-as>` asks for: text and how to take it. What does not fit its class is read as plain text.
struct SayAs: Sendable {
    enum Kind: String, CaseIterable {
        case cardinal, ordinal, characters, digits, date, time, telephone, currency, unit, fraction, decimal, address,
            name

        private static let others: [String: Kind] = [
            "number": .cardinal, "spell-out": .characters, "verbatim": .characters, "letters": .characters,
            "money": .currency,
            "measure": .unit, "phone": .telephone, "digit": .digits,
        ]

        static var names: [String] { (allCases.map(\.rawValue) + others.keys).sorted() }

        init?(name: String) {
            guard let kind = Kind(rawValue: name) ?? Self.others[name] else { return nil }
            self = kind
        }
    }

    static let dateFormats: Set<String> = [
        "mdy", "dmy", "ymd", "ydm", "md", "dm", "ym", "my", "d", "m", "y", "yyyymmdd", "mmddyyyy", "ddmmyyyy", "mmddyy",
        "ddmmyy", "mmdd", "ddmm", "yyyymm", "mmyyyy",
    ]

    var kind: Kind
    var format: String?
    var text: String

    /// How it is spoken; nil to read it as the text that it is, or `rewritten` of it.
    func reading(_ tables: Tables, accent: Accent) -> Reading? {
        let text = trimmed
        switch kind {
        case .cardinal, .decimal: return number(text).map { Reading(.cardinal, to: 0, words: $0) }
        case .ordinal:
            let digits = text.filter { $0 != "," }
            let bare =
                OrdinalRule.suffixes.contains(String(digits.suffix(2)).lowercased())
                ? String(digits.dropLast(2)) : digits
            if isDigits(bare) { return Reading(.ordinal, to: 0, words: NumberWords.ordinal(bare)) }
            return NumberWords.roman(text).map { Reading(.ordinal, to: 0, words: NumberWords.ordinal($0)) }
        case .characters: return Reading(.serial, to: 0, characters(text, tables))
        case .digits:
            guard text.contains(where: { $0.isASCII && $0.isNumber }) else { return nil }
            return Reading(.serial, to: 0, groups(text, tables))
        case .telephone:
            guard text.contains(where: { $0.isASCII && $0.isNumber }) else { return nil }
            return Reading(.telephone, to: 0, groups(Self.grouped(text), tables))
        case .fraction: return fraction(text).map { Reading(.fraction, to: 0, words: $0) }
        case .date: return date(text, accent: accent).map { Reading(.date, to: 0, words: $0) }
        case .time, .currency, .unit, .address, .name: return nil
        }
    }

    /// The text in a form in which plain reading understands it.
    var rewritten: String {
        let text = trimmed
        switch kind {
        case .unit:
            // "5 in" is no measure to one who does not know.
            let parts = text.split(separator: " ")
            if parts.count == 2, parts[0].allSatisfy({ $0.isNumber || $0 == "." || $0 == "," }) {
                return parts.joined()
            }
            return text
        case .time:
            let parts = text.split(whereSeparator: { $0 == "." || $0 == ":" })
            let isClock = parts.count > 1 && parts.prefix(2).allSatisfy { $0.first?.isNumber == true }
            return isClock ? parts.joined(separator: ":") : text
        default: return text
        }
    }

    private var trimmed: String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    }

    private func number(_ text: String) -> [String]? {
        var body = text.filter { $0 != "," && $0 != " " && $0 != "\u{A0}" }
        var sign: [String] = []
        if let first = body.first, "-−–+".contains(first) {
            sign = [first == "+" ? "plus" : "minus"]
            body.removeFirst()
        }
        if isDigits(body) { return sign + NumberWords.cardinal(body) }
        let parts = body.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, isDigits(parts[1]), parts[0].isEmpty || isDigits(parts[0]) {
            return sign + NumberWords.decimal(parts[0], parts[1])
        }
        return sign.isEmpty ? NumberWords.roman(body).map { NumberWords.cardinal($0) } : nil
    }

    /// 3/4, 1 1/2, 1+1/2.
    private func fraction(_ text: String) -> [String]? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "+" }).map(String.init)
        guard let last = parts.last, (1...2).contains(parts.count) else { return nil }
        let sides = last.split(whereSeparator: { $0 == "/" || $0 == "⁄" }).map(String.init)
        guard sides.count == 2, sides.allSatisfy(isDigits), Int(sides[1]) ?? 2 > 1 else { return nil }
        let words = NumberWords.cardinal(sides[0]) + NumberWords.part(sides[1], plural: sides[0] != "1")
        guard parts.count == 2 else { return words }
        return isDigits(parts[0]) ? NumberWords.cardinal(parts[0]) + ["and"] + words : nil
    }

    // MARK: Characters

    private static let signs: [Unicode.Scalar: String] = [
        ".": "dot", ",": "comma", "-": "dash", "'": "apostrophe", "!": "exclamation mark", "?": "question mark",
        ":": "colon",
        ";": "semicolon", "\"": "quote", "(": "open parenthesis", ")": "close parenthesis", "/": "slash",
        "\\": "backslash",
        "_": "underscore", "[": "open bracket", "]": "close bracket", "{": "open brace", "}": "close brace",
        "<": "less than",
        ">": "greater than", "|": "bar", "`": "backtick", "~": "tilde", "^": "caret", "*": "star", "=": "equals",
        "#": "hash",
        " ": "space", "@": "at", "&": "ampersand", "+": "plus", "%": "percent", "$": "dollar",
    ]

    private func characters(_ text: String, _ tables: Tables) -> [Spoken] {
        text.unicodeScalars.flatMap { scalar -> [Spoken] in
            if scalar.isASCII, scalar.properties.isAlphabetic { return [.letters(String(scalar).uppercased())] }
            if ("0"..."9").contains(scalar) { return NumberWords.digits(String(scalar)).map(Spoken.word) }
            let name = Self.signs[scalar] ?? tables.symbols[scalar.value]
            return name.map { [Spoken](cell: $0) } ?? []
        }
    }

    /// Digits one by one, a pause between groups; letters are spelled.
    private func groups(_ text: String, _ tables: Tables) -> [Spoken] {
        var result: [Spoken] = []
        var isJoined = true
        for scalar in text.unicodeScalars {
            let isDigit = ("0"..."9").contains(scalar)
            guard isDigit || scalar.isASCII && scalar.properties.isAlphabetic || scalar == "+" else {
                isJoined = false
                continue
            }
            if !isJoined, !result.isEmpty { result.append(.comma) }
            isJoined = true
            if scalar == "+" {
                result.append(.word("plus"))
            } else {
                result += characters(String(scalar), tables)
            }
        }
        return result
    }

    /// Bare North American numbers in their usual groups.
    private static func grouped(_ text: String) -> String {
        guard text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return text }
        let sizes: [Int]
        switch text.utf8.count {
        case 7: sizes = [3, 4]
        case 10: sizes = [3, 3, 4]
        case 11 where text.hasPrefix("1"): sizes = [1, 3, 3, 4]
        default: return text
        }
        var rest = text[...]
        return sizes.map { size in
            defer { rest = rest.dropFirst(size) }
            return String(rest.prefix(size))
        }.joined(separator: " ")
    }

    // MARK: Dates

    /// - Returns: nil where no format is given or the text does not fit it.
    private func date(_ text: String, accent: Accent) -> [String]? {
        guard let format else { return nil }
        // yyyymmdd → ymd
        var order: [Character] = []
        for letter in format where order.last != letter { order.append(letter) }
        var fields = text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
        if fields.count == 1, order.count > 1, isDigits(text) {
            let years = text.utf8.count - 2 * (order.count - 1)
            guard !order.contains("y") || years == 2 || years == 4 else { return nil }
            var rest = text[...]
            fields = order.map { letter in
                let size = letter == "y" ? years : 2
                defer { rest = rest.dropFirst(size) }
                return String(rest.prefix(size))
            }
            guard rest.isEmpty else { return nil }
        }
        guard fields.count == order.count else { return nil }
        var (day, month): (Int?, Int?)
        var year: [String] = []
        for (letter, field) in zip(order, fields) {
            switch letter {
            case "d":
                let digits = field.filter(\.isNumber)
                guard let n = Int(digits), (1...31).contains(n) else { return nil }
                day = n
            case "m":
                guard let n = CalendarRule.month(field).map({ $0 + 1 }) ?? Int(field), (1...12).contains(n) else {
                    return nil
                }
                month = n
            default:
                guard isDigits(field), field.utf8.count == 2 || field.utf8.count == 4, let n = Int(field) else {
                    return nil
                }
                year = field.utf8.count == 4 ? NumberWords.year(n) : CalendarRule.shortYear(field)
            }
        }
        let dayFirst = accent == .british || order.firstIndex(of: "d") ?? 9 < order.firstIndex(of: "m") ?? 0
        switch (day, month) {
        case (let day?, let month?):
            let name = CalendarRule.months[month - 1]
            return (dayFirst ? ["the"] + NumberWords.ordinal(day) + ["of", name] : [name] + NumberWords.ordinal(day))
                + year
        case (let day?, nil): return ["the"] + NumberWords.ordinal(day) + year
        case (nil, let month?): return [CalendarRule.months[month - 1]] + year
        default: return year
        }
    }
}
