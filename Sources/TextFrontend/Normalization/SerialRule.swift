/// Letters and digits run together: B2A23C, MIG-25/235212, ab9453, 7-eleven, v2.0.1.
enum SerialRule {
    /// Digits that touch letters, or a chain of numbers and dashes.
    static func readDigits(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i) else { return nil }
        let before = i > 0 && line.touches(i)
        let after = line.touches(i + 1)
        let touchesLetters = before && line.kind(i - 1) == .letters || after && line.kind(i + 1) == .letters
        let number = line.number(i)
        if number?.grouped == true { return nil }
        // PM2.5
        if before, line.kind(i - 1) == .letters, let number, let fraction = number.fraction, line.ends(number.end) {
            return Reading(.serial, to: number.end, words: NumberWords.decimal(number.whole, fraction))
        }
        // 2.0.1
        if after, line.symbol(i + 1, "."), line.touches(i + 2), line.digits(i + 2) != nil, line.joined(i + 3, "."),
            line.touches(i + 4), line.digits(i + 4) != nil
        {
            var words = NumberWords.cardinal(digits)
            var end = i + 1
            while line.joined(end, "."), line.touches(end + 1), let next = line.digits(end + 1) {
                words += ["point"] + (next.first == "0" ? NumberWords.digits(next) : NumberWords.cardinal(next))
                end += 2
            }
            // 1.0.0-beta.3
            if let stage = VersionRule.stage(line, at: end) {
                return Reading(.serial, to: stage.end, [Spoken](words: words) + stage.spoken)
            }
            return Reading(.serial, to: end, words: words)
        }
        let slashed = before && line.symbol(i - 1, "/") || after && line.symbol(i + 1, "/")
        let dashed =
            before && line.isDash(i - 1) && line.touches(i - 1) || after && line.isDash(i + 1) && line.touches(i + 2)
        guard touchesLetters || slashed || dashed else { return nil }
        // 1/f
        if slashed, line.symbol(i + 1, "/"), line.touches(i + 2), let letter = line.letters(i + 2),
            letter.utf8.count == 1, line.ends(i + 3), !before
        {
            return Reading(
                .serial, to: i + 3,
                [Spoken](words: NumberWords.cardinal(digits)) + [.word("per"), .letters(letter.uppercased())])
        }
        // f/2.8
        if slashed, let number, let fraction = number.fraction, line.ends(number.end) {
            return Reading(.serial, to: number.end, words: NumberWords.decimal(number.whole, fraction))
        }
        let long = digits.utf8.count > 3 && (touchesLetters || digits.utf8.count > 4) || digits.first == "0"
        if touchesLetters, digits.utf8.count == 4, let n = Int(digits), (1900...2099).contains(n) {
            return Reading(.serial, to: i + 1, words: NumberWords.year(n))
        }
        // 7800X3D
        if touchesLetters, digits.utf8.count == 4, digits.hasSuffix("00"), !digits.hasSuffix("000"), !before {
            return Reading(.serial, to: i + 1, words: NumberWords.paired(digits))
        }
        // SR-520, SHA-256, Blink-182
        if !touchesLetters, digits.utf8.count == 3, digits.first != "0", !digits.hasSuffix("00"), before,
            line.isDash(i - 1), line.touches(i - 1), line.tokens[i - 2].isCapitalized,
            line.ends(i + 1) || line.isDash(i + 1)
        {
            return Reading(.serial, to: i + 1, words: NumberWords.paired(digits))
        }
        // 7ABC123, a car's plate
        if digits.utf8.count > 2, before, line.touches(i - 1), line.kind(i - 2) == .digits, line.ends(i + 1),
            let middle = line.letters(i - 1), (2...3).contains(middle.utf8.count), middle == middle.uppercased()
        {
            return Reading(.serial, to: i + 1, words: NumberWords.digits(digits))
        }
        // A380, RX580
        if digits.utf8.count == 3, digits.first != "0", !digits.hasSuffix("00"), before,
            let maker = line.letters(i - 1),
            maker.utf8.count < 4, maker == maker.uppercased(), line.begins(i - 1),
            !line.touches(i + 1) || line.ends(i + 1)
        {
            return Reading(.serial, to: i + 1, words: NumberWords.paired(digits))
        }
        if !touchesLetters, digits.utf8.count == 4 {
            // ISO-8859
            guard before, line.isDash(i - 1), let name = line.letters(i - 2), name == name.uppercased(),
                line.touches(i - 1)
            else { return nil }
            return Reading(.serial, to: i + 1, words: NumberWords.paired(digits))
        }
        return Reading(
            .serial, to: i + 1,
            words: long ? NumberWords.digits(digits) : NumberWords.cardinal(digits, and: !chainHasLetters(line, i)))
    }

    /// Letters stand in the same chain of dashes and figures.
    private static func chainHasLetters(_ line: Line, _ i: Int) -> Bool {
        var first = i
        while line.touches(first), i - first < 12 { first -= 1 }
        var last = i
        while line.touches(last + 1), last - i < 12 { last += 1 }
        return (first...last).contains { line.kind($0) == .letters }
    }

    /// MP3s, F-16s, 747s, 00s, 49ers.
    static func readPlural(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i), line.touches(i + 1), line.ends(i + 2) else { return nil }
        // 49ers
        if line.letters(i + 1) == "ers", line.begins(i), digits.utf8.count < 4 {
            var words = NumberWords.cardinal(digits)
            let last = words.removeLast()
            return Reading(.serial, to: i + 2, words: words + [last.hasSuffix("e") ? last + "rs" : last + "ers"])
        }
        guard line.letters(i + 1) == "s" else { return nil }
        if isPlural(line, i) {
            return Reading(
                .cardinal, to: i + 2, words: NumberWords.pluralized(NumberWords.cardinal(digits, and: false)))
        }
        if digits == "00", !line.touches(i) || line.symbol(i - 1, "'") {
            return Reading(.date, to: i + 2, words: ["two", "thousands"])
        }
        let joins =
            i > 0 && line.touches(i) && (line.kind(i - 1) == .letters || line.symbol(i - 1, "-") && line.touches(i - 1))
        guard joins || digits.utf8.count == 3 && !digits.hasSuffix("0") else { return nil }
        let words =
            digits.utf8.count == 3
            ? NumberWords.paired(digits)
            : digits.utf8.count > 3 ? NumberWords.digits(digits) : NumberWords.cardinal(digits, and: false)
        return Reading(.serial, to: i + 2, words: NumberWords.pluralized(words))
    }

    /// size 8s, in 2s and 3s: more than one of a figure, and no seconds.
    private static func isPlural(_ line: Line, _ i: Int) -> Bool {
        func isOne(_ k: Int) -> Bool { line.digits(k) != nil && line.touches(k + 1) && line.letters(k + 1) == "s" }
        guard let before = line.lower(i - 1), !line.touches(i) else { return false }
        if ["size", "sizes", "all", "straight"].contains(before) { return true }
        let joining: Set<String> = ["in", "by"]
        if joining.contains(before) { return ["and", "or"].contains(line.lower(i + 2) ?? "") && isOne(i + 3) }
        return ["and", "or"].contains(before) && isOne(i - 3) && joining.contains(line.lower(i - 4) ?? "")
    }

    /// 401(k) and its kin.
    static func readPlan(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i), digits.utf8.count == 3, line.joined(i + 1, "("), line.touches(i + 2),
            let letter = line.letters(i + 2), letter.utf8.count == 1, line.joined(i + 3, ")")
        else { return nil }
        let middle = digits.utf8.dropFirst().first == 48
        let words =
            middle
            ? NumberWords.digits(digits.prefix(1)) + ["oh"] + NumberWords.digits(digits.suffix(1))
            : NumberWords.paired(digits)
        var spoken = [Spoken](words: words) + [.letters(letter.uppercased())]
        var end = i + 4
        // 501(c)(3)
        if line.joined(end, "("), line.touches(end + 1), let more = line.digits(end + 1), line.joined(end + 2, ")") {
            var words = NumberWords.cardinal(more)
            end += 3
            if line.touches(end), line.letters(end) == "s", line.ends(end + 1) {
                words = NumberWords.pluralized(words)
                end += 1
            }
            spoken += [Spoken](words: words)
        }
        return Reading(.serial, to: end, spoken)
    }
}
