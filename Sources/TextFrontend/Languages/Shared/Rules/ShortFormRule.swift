/// Abbreviations and acronyms: Sr., EE. UU., ONU, DVD.
enum ShortFormRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        abbreviation(line, at: i) ?? acronym(line, at: i)
    }

    /// Signs within abbreviations: "J.-C.", "c/c".
    private static let signs: [UInt32: String] = [45: "-", 46: ".", 47: "/"]

    /// The longest written form in the table that stands here: "a. C.", "EE. UU.", "Sr.".
    private static func abbreviation(_ line: LanguageLine, at i: Int) -> Reading? {
        guard line.tables.openers.contains(line.tokens[i].text) else { return nil }
        var written = ""
        var best: (abbreviation: Tables.Abbreviation, end: Int, hasStop: Bool)?
        var at = i
        while at < line.count, at - i < 8 {
            let token = line.tokens[at]
            if at > i, token.spaceBefore {
                guard token.kind == .letters else { break }
                written += " "
            }
            if token.kind == .letters {
                written += token.text
            } else if at > i, let sign = Self.signs[token.symbol] {
                written += sign
            } else if token.symbol == 0xBA || token.symbol == 0xAA, at > i {
                written += token.symbol == 0xBA ? "º" : "ª"
            } else {
                break
            }
            at += 1
            let key = written.hasSuffix(".") ? String(written.dropLast()) : written
            let hasStop = written.hasSuffix(".")
            guard let candidates = line.tables.abbreviations[key],
                !(line.touches(at) && line.kind(at) != .symbol)
            else { continue }
            if let fitting = candidates.first(where: {
                fits($0, key, line, at, hasStop: hasStop || line.joined(at, "."))
            }) {
                best = (fitting, at, hasStop)
            }
        }
        guard let best else { return nil }
        var end = best.end
        if !best.hasStop, line.joined(end, ".") { end += 1 }
        // The full stop of an abbreviation that may end a sentence is the sentence's, too.
        if line.symbol(end - 1, "."), end - 1 > i, end >= line.count || isLast(line, end),
            best.abbreviation.endsSentence
        {
            end -= 1
        }
        return Reading(.abbreviation, to: end, [Spoken](words: best.abbreviation.spoken))
    }

    private static func isLast(_ line: LanguageLine, _ end: Int) -> Bool {
        (end..<line.count).allSatisfy { line.symbol($0, "\"") || line.symbol($0, ")") || line.symbol($0, "'") }
    }

    private static func fits(
        _ abbreviation: Tables.Abbreviation, _ key: String, _ line: LanguageLine, _ end: Int, hasStop: Bool
    ) -> Bool {
        let next = line.joined(end, ".") ? end + 1 : end
        switch abbreviation.place {
        case .number: return line.digits(next) != nil || line.letters(next).map { NumberWords.roman($0) != nil } == true
        case .name: return hasStop && line.tokens.indices.contains(next) && line.tokens[next].startsUpper
        default: return hasStop || line.tables.bare.contains(key)
        }
    }

    private static func acronym(_ line: LanguageLine, at i: Int) -> Reading? {
        let token = line.tokens[i]
        guard token.isUpper, token.text.unicodeScalars.count > 1, !(line.touches(i + 1) && line.kind(i + 1) == .digits)
        else {
            return nil
        }
        if let known = line.tables.acronyms[token.text] {
            return Reading(.acronym, to: i + 1, known.map { [Spoken](words: $0) } ?? [.letters(token.text)])
        }
        guard !line.isShouted, token.text.utf8.count < 7, !line.rules.isWord(acronym: token.text) else { return nil }
        return Reading(.acronym, to: i + 1, [.letters(token.text)])
    }
}

extension Token {
    var startsUpper: Bool { kind == .letters && text.first?.isUppercase == true }
}
