/// Dates in figures: 12/10/1492, 5.3.2020, 2020-07-25; and months and weekdays in short: 5 ene. 2020.
enum DateRule {
    static func readNumeric(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let first = line.digits(i), !line.touches(i) || line.begins(i) else { return nil }
        for separator: Unicode.Scalar in ["/", "-", "."]
        where line.joined(i + 1, separator) || line.isDashed(i + 1, separator) {
            guard line.touches(i + 2), let second = line.digits(i + 2), second.utf8.count <= 2 else { return nil }
            if line.joined(i + 3, separator) || line.isDashed(i + 3, separator), line.touches(i + 4),
                let third = line.digits(i + 4), line.ends(i + 5)
            {
                if first.utf8.count == 4, third.utf8.count <= 2 { return date(line, third, second, first, i + 5) }
                if first.utf8.count <= 2, third.utf8.count == 4 || third.utf8.count == 2 && separator != "." {
                    return date(line, first, second, third, i + 5)
                }
                return nil
            }
        }
        return nil
    }

    private static func date(_ line: LanguageLine, _ day: String, _ month: String, _ year: String, _ end: Int)
        -> Reading?
    {
        guard var day = Int(day), var month = Int(month), let number = Int(year) else { return nil }
        // 03/15/2024: the month first, as there is no fifteenth.
        if month > 12, year.utf8.count == 4 { (day, month) = (month, day) }
        guard (1...31).contains(day), (1...12).contains(month) else { return nil }
        // 5/3/21: of this century below 50.
        let whole = year.utf8.count == 2 ? (number < 50 ? 2000 : 1900) + number : number
        guard whole > 0 else { return nil }
        return Reading(.date, to: end, words: line.numbers.date(day: day, month: month, year: whole))
    }

    /// A day and a month's name: 5 de mayo, 5 mayo 1990; a year after a word of its own is a number like others.
    static func readNamed(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let text = line.digits(i), text.utf8.count <= 2, let day = Int(text), (1...31).contains(day) else {
            return nil
        }
        var at = i + 1
        if line.symbol(at, "º") || line.symbol(at, "°"), line.touches(at) { at += 1 }
        if let joint = line.lower(at), line.rules.dateJoints.contains(joint) { at += 1 }
        guard let name = line.lower(at), let month = line.tables.months[name], !line.touches(at) || line.touches(i + 1)
        else {
            return nil
        }
        let isShort = line.tables.monthNames[month - 1] != name
        var end = at + 1
        if isShort, line.joined(end, ".") { end += 1 }
        var year: Int?
        if let digits = line.digits(end), digits.utf8.count == 4, line.ends(end + 1) {
            year = Int(digits)
            end += 1
        }
        return Reading(.date, to: end, words: line.numbers.date(day: day, month: month, year: year))
    }

    /// A month or a weekday in short: "ene.", "lun". Alone it must have its point or stand beside a number.
    static func readShort(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let text = line.letters(i), text.utf8.count <= 5 else { return nil }
        let hasPoint = line.joined(i + 1, ".")
        let end = hasPoint ? i + 2 : i + 1
        let isBeside =
            line.digits(i - 1) != nil || line.digits(end) != nil || line.isDash(i - 1) || line.isDash(i + 1)
        guard isBeside || hasPoint else { return nil }
        let lower = text.lowercased()
        if isBeside, let month = line.tables.months[lower], line.tables.monthNames[month - 1] != lower {
            return Reading(.date, to: end, words: [line.tables.monthNames[month - 1]])
        }
        if hasPoint, let weekday = line.tables.weekdays[lower], line.tables.weekdayNames[weekday - 1] != lower,
            // "la mer." is the sea.
            line.tables.lexicon[lower] == nil || line.digits(end) != nil
        {
            return Reading(.date, to: end, words: [line.tables.weekdayNames[weekday - 1]])
        }
        return nil
    }
}

extension LanguageLine {
    /// A typographical dash in place of "-".
    func isDashed(_ i: Int, _ separator: Unicode.Scalar) -> Bool { separator == "-" && joined(i, "–") }
}
