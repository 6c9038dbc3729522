import SpeechSignal

/// The tokens of one sentence, with the language whose rules look at them.
struct LanguageLine: TokenLine {
    let tokens: [Token]
    let rules: any LanguageRules
    // Kept here, because rules ask for them many times a word.
    let tables: LanguageTables
    let numbers: any NumberGrammar
    let words: ConnectingWords
    /// Last labels of hosts and extensions of files.
    let labels: Set<String>
    /// The words of users.
    let lexicon: LexiconStack?
    /// Most of its words are in capitals, which then say nothing about a word.
    let isShouted: Bool

    init(tokens: [Token], rules: any LanguageRules, labels: Set<String>, lexicon: LexiconStack?) {
        (self.tokens, self.rules, self.labels, self.lexicon) = (tokens, rules, labels, lexicon)
        (tables, numbers, words) = (rules.tables, rules.numbers, rules.words)
        var (words, capitals) = (0, 0)
        for token in tokens where token.kind == .letters && token.text.utf8.count > 2 {
            words += 1
            if token.isUpper, NumberWords.roman(token.text) == nil { capitals += 1 }
        }
        isShouted = capitals > 1 && 2 * capitals > words
    }

    /// A number as written.
    struct Number {
        /// Digits before the decimal sign, without what parts the groups.
        var whole: String
        /// Digits after it.
        var fraction: String?
        /// The groups are parted.
        var isGrouped = false
        /// The token after it.
        var end: Int

        /// What is counted stands in the singular.
        var isOne: Bool
        /// A whole number that is not too long.
        var value: Int? { fraction == nil ? Int(whole) : nil }
    }

    /// 1.234,5 or 1 234,5 or 3.5 at `i`: a comma before decimals, or a point that cannot part groups.
    func number(_ i: Int) -> Number? {
        guard var whole = digits(i) else { return nil }
        var end = i + 1
        var isGrouped = false
        if whole.utf8.count <= 3, whole.utf8.first != 48 {
            for separator in rules.format.groups + (rules.format.commaGroups ? [","] : []) {
                while let group = group(end, separator) {
                    whole += group.digits
                    end = group.end
                    isGrouped = true
                }
                if isGrouped { break }
            }
        }
        for mark: Unicode.Scalar in [",", "."] {
            guard joined(end, mark), touches(end + 1), let fraction = digits(end + 1) else { continue }
            // 1.2.3, 5.3.2020: no number. In "1,2,3" the first is one.
            if mark == ".", joined(end + 2, "."), touches(end + 3), digits(end + 3) != nil { continue }
            if mark == ",", joined(end + 2, ","), touches(end + 3), digits(end + 3) != nil { continue }
            return made(whole, fraction, isGrouped: isGrouped, end: end + 2)
        }
        return made(whole, nil, isGrouped: isGrouped, end: end)
    }

    private func made(_ whole: String, _ fraction: String?, isGrouped: Bool, end: Int) -> Number {
        let isBelowTwo = whole == "0" || whole == "1"
        let isOne = rules.format.isSingularBelowTwo ? isBelowTwo : whole == "1" && fraction == nil
        return Number(whole: whole, fraction: fraction, isGrouped: isGrouped, end: end, isOne: isOne)
    }

    /// A group of exactly three digits after a separator.
    private func group(_ at: Int, _ separator: Unicode.Scalar) -> (digits: String, end: Int)? {
        if separator == " " {
            guard let next = digits(at), next.utf8.count == 3, !touches(at), isClear(at + 1) else { return nil }
            return (next, at + 1)
        }
        guard joined(at, separator), touches(at + 1), let next = digits(at + 1), next.utf8.count == 3,
            isClear(at + 2)
        else { return nil }
        return (next, at + 2)
    }

    /// No letter touches here that would make a code of the digits before; units and ordinal signs may.
    private func isClear(_ at: Int) -> Bool { !touches(at) || kind(at) != .digits }

    /// The number's words, in a form.
    func spoken(_ number: Number, _ form: NumberForm) -> [String] {
        if let fraction = number.fraction { return numbers.decimal(number.whole, fraction, form) }
        return numbers.cardinal(number.whole, form)
    }

    /// The token after "de", if that stands here.
    func behindJoint(_ i: Int) -> Int { lower(i).map { $0 == rules.scaleJoint } == true ? i + 1 : i }

    /// The scale after a number: "millones", "M", "mil".
    func scale(_ i: Int) -> (scale: LanguageTables.Scale, end: Int)? {
        guard let text = letters(i) else { return nil }
        // One letter must touch its number: 5M.
        guard var scale = tables.scales[text], text.utf8.count > 1 || touches(i) else { return nil }
        if text == scale.one || text == scale.many { scale.written = text }
        let end = joined(i + 1, ".") && tables.abbreviations[text] != nil && i + 2 < count ? i + 2 : i + 1
        return (scale, end)
    }
}

extension Token {
    /// Letters without a small one.
    var isUpper: Bool {
        guard kind == .letters else { return false }
        if text.utf8.contains(where: { $0 >= 97 && $0 <= 122 }) { return false }
        return text.utf8.allSatisfy { $0 < 0x80 } || text == text.uppercased()
    }
}

extension [Spoken] {
    /// Words of a table's cell, apart by blanks.
    init(words cell: String) { self = cell.split(separator: " ").map { .word(String($0)) } }
}
