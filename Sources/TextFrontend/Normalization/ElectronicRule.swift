/// E-mail addresses, URLs, host and file names, hashtags, @names.
enum ElectronicRule {
    private static let schemes: Set<String> = ["http", "https", "ftp", "file", "ssh", "git", "mailto", "tel"]
    private static let marks: [UInt32: String] = [
        0x2E: "dot", 0x2D: "dash", 0x5F: "underscore", 0x2F: "slash", 0x3A: "colon", 0x40: "at", 0x26: "ampersand",
        0x3F: "question mark", 0x3D: "equals", 0x23: "hash", 0x25: "percent", 0x2B: "plus", 0x7E: "tilde",
        0x2C: "comma",
        0x21: "exclamation mark", 0x2A: "asterisk", 0x24: "dollar", 0x3B: "semicolon", 0x5C: "backslash",
    ]

    /// .NET, and what else begins with a dot before capitals.
    static func readDotted(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "."), !line.touches(i), line.touches(i + 1), let text = line.letters(i + 1),
            text.utf8.count > 1, text == text.uppercased() || line.tables.extensions[text] != nil, line.ends(i + 2)
        else { return nil }
        let spoken: Spoken
        if let isWord = line.tables.extensions[text.lowercased()] ?? line.tables.domains[text.lowercased()],
            isWord || text == text.lowercased()
        {
            spoken = isWord ? .word(text.lowercased()) : .letters(text.uppercased())
        } else {
            spoken = .word(text)
        }
        return Reading(.electronic, to: i + 2, [.word("dot"), spoken])
    }

    /// .vimrc and .gitignore, which no name precedes.
    static func readHidden(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "."), !line.touches(i), line.touches(i + 1), let text = line.letters(i + 1),
            text.hasSuffix("rc") || hidden.contains(text), line.ends(i + 2)
        else { return nil }
        return Reading(.electronic, to: i + 2, [.word("dot")] + label(line, i + 1))
    }

    private static let hidden: Set<String> = [
        "gitignore", "gitattributes", "env", "profile", "htaccess", "dockerignore", "editorconfig", "ssh", "config",
        "cache", "local", "github", "vscode",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        if line.symbol(i + 1, ":"), line.lower(i) == "localhost", line.joined(i + 1, ":"), line.touches(i + 2),
            line.digits(i + 2) != nil
        {
            var end = i + 3
            if line.joined(end, "/") {
                while line.touches(end), !line.symbol(end, "\""), !line.symbol(end, "<"), end - i < 200 { end += 1 }
                while line.kind(end - 1) == .symbol, !line.symbol(end - 1, "/") || end == i + 4 { end -= 1 }
            }
            return Reading(.electronic, to: end, spell(line, i, end))
        }
        if line.symbol(i, "#") || line.symbol(i, "@") { return tag(line, at: i) }
        guard line.kind(i) != .symbol || line.symbol(i, "."), line.touches(i + 1) else { return nil }
        if i > 0, line.touches(i), line.kind(i - 1) != .symbol { return nil }
        var end = i + 1
        while line.touches(end), line.kind(end) != .foreign, !line.symbol(end, "\""), !line.symbol(end, "<"),
            !line.symbol(end, ">"), !line.symbol(end, "—"),
            end - i < 200
        {
            end += 1
        }
        while end > i + 1, line.kind(end - 1) == .symbol, !line.symbol(end - 1, "/") || end - i < 3 { end -= 1 }
        let trailingSlash = line.symbol(end - 1, "/")
        if trailingSlash { end -= 1 }
        guard end - i >= 3 else { return nil }
        if let colon = (i..<end).first(where: { line.symbol($0, ":") }), colon == i + 1,
            schemes.contains(line.lower(i) ?? ""), line.symbol(colon + 1, "/")
        {
            return Reading(.electronic, to: trailingSlash ? end + 1 : end, spell(line, i, end))
        }
        if let at = (i..<end).first(where: { line.symbol($0, "@") }), at > i, at + 1 < end,
            line.kind(at - 1) != .symbol,
            (at + 1..<end).contains(where: { line.symbol($0, ".") })
        {
            let start = line.symbol(i, ".") ? i + 1 : i
            guard start == i else { return nil }
            return Reading(.electronic, to: end, spell(line, i, end))
        }
        return isHost(line, i, end) ? Reading(.electronic, to: trailingSlash ? end + 1 : end, spell(line, i, end)) : nil
    }

    /// www.…, or labels joined by dots whose last is a known domain or file extension.
    private static func isHost(_ line: Line, _ i: Int, _ end: Int) -> Bool {
        if line.lower(i) == "www", line.symbol(i + 1, ".") { return true }
        var hostEnd = i
        var dots = 0
        while hostEnd < end,
            line.kind(hostEnd) != .symbol || line.symbol(hostEnd, ".") || line.symbol(hostEnd, "-")
                || line.symbol(hostEnd, "_")
        {
            if line.symbol(hostEnd, ".") { dots += 1 }
            hostEnd += 1
        }
        guard dots > 0, line.symbol(hostEnd - 2, "."), let last = line.letters(hostEnd - 1), line.kind(i) != .symbol
        else { return false }
        var lower = last.lowercased()
        if lower.hasSuffix("'s") { lower.removeLast(2) }
        if hostEnd == end, line.tables.extensions[lower] != nil,
            last == lower && (lower.utf8.count > 1 || (line.letters(i)?.utf8.count ?? 2) > 1)
                || last == last.uppercased() && last.utf8.count > 1
        {
            return true
        }
        guard line.tables.domains[lower] != nil, last == last.lowercased() else { return false }
        // "the end.in" and "e.g.": a host's first label is longer, and a known one is no English word.
        let first = line.letters(i)?.utf8.count ?? 3
        let isWord = ["in", "me", "at", "be", "is", "so", "us", "it", "no"].contains(lower)
        return first > 1 && (!isWord || dots > 1 || hostEnd < end)
    }

    static func spell(_ line: Line, _ i: Int, _ end: Int) -> [Spoken] {
        var spoken: [Spoken] = []
        for k in i..<end {
            let token = line.tokens[k]
            switch token.kind {
            case .digits: spoken += [Spoken](words: NumberWords.digits(token.text))
            case .symbol: if let name = marks[token.symbol] { spoken += [Spoken](cell: name) }
            case .foreign: break
            case .letters: spoken += label(line, k)
            }
        }
        return spoken
    }

    private static func label(_ line: Line, _ k: Int) -> [Spoken] {
        let text = line.tokens[k].text
        let lower = text.lowercased()
        let afterDot = line.symbol(k - 1, ".")
        if lower == "etc" || lower == "www"
            || schemes.contains(lower) && line.symbol(k + 1, ":") && lower.hasPrefix("http")
        {
            return [.letters(text.uppercased())]
        }
        if afterDot, lower.hasSuffix("'s"), let word = line.tables.domains[String(lower.dropLast(2))] {
            return [word ? .word(lower) : .letters(String(text.dropLast(2)).uppercased() + "'s")]
        }
        if afterDot, let word = line.tables.domains[lower] ?? line.tables.extensions[lower] {
            return [word ? .word(lower) : .letters(text.uppercased())]
        }
        // .bashrc, .zshrc
        if afterDot, lower.hasSuffix("rc"), lower.utf8.count > 4 {
            let name = String(lower.dropLast(2))
            return [readable(name) ? .word(name) : .letters(name.uppercased()), .letters("RC")]
        }
        let pieces = camelPieces(text)
        if pieces.count > 1 {
            return pieces.map { $0.utf8.count < 2 ? .letters($0.uppercased()) : .word($0.lowercased()) }
        }
        return [
            readable(lower)
                ? .word(text == text.uppercased() && text.utf8.count < 5 ? text : lower) : .letters(text.uppercased())
        ]
    }

    /// Something that can be said as a word: it has a vowel and is not too short.
    private static func readable(_ text: String) -> Bool {
        text.utf8.count > 2 && text.utf8.contains { [97, 101, 105, 111, 117, 121].contains($0) }
            || ["go", "my", "me", "to", "in", "on", "up", "we", "us", "it", "is"].contains(text)
    }

    /// #ThrowbackThursday, @mypizza.
    private static func tag(_ line: Line, at i: Int) -> Reading? {
        guard line.touches(i + 1), !line.touches(i) || line.kind(i - 1) == .symbol else { return nil }
        var spoken: [Spoken] = []
        if line.symbol(i, "#") {
            if line.digits(i + 1) != nil, line.joined(i + 2, "-") {
                return Reading(.symbol, to: i + 1, words: ["number"])
            }
            if let digits = line.digits(i + 1), line.ends(i + 2) {
                return Reading(
                    .symbol, to: i + 2,
                    words: ["number"]
                        + (digits.utf8.count > 4 ? NumberWords.digits(digits) : NumberWords.cardinal(digits)))
            }
            // Invoice #INV-2024-0042
            if let series = line.letters(i + 1), series == series.uppercased(), line.joined(i + 2, "-") {
                return Reading(.symbol, to: i + 1, words: ["number"])
            }
            // #include <stdio.h>
            let isDirective = ["include", "define", "ifdef", "ifndef", "endif", "pragma"].contains(line.letters(i + 1))
            if i == 0, isDirective { return Reading(.symbol, to: 1, words: ["hash"]) }
            spoken.append(.word("hashtag"))
        } else {
            spoken.append(.word("at"))
        }
        guard line.letters(i + 1) != nil || line.symbol(i, "#") && line.touches(i + 2) && line.letters(i + 2) != nil
        else {
            return nil
        }
        var end = i + 1
        while end < line.count, end == i + 1 || line.touches(end),
            line.kind(end) == .letters || line.kind(end) == .digits || line.symbol(end, "_")
        {
            let token = line.tokens[end]
            switch token.kind {
            case .digits:
                let isYear = token.text.utf8.count == 4 && (token.text.hasPrefix("19") || token.text.hasPrefix("20"))
                let words =
                    line.symbol(i, "#") && !isYear ? NumberWords.cardinal(token.text) : NumberWords.paired(token.text)
                spoken += [Spoken](words: words)
            case .letters: spoken += camelPieces(token.text).map(Spoken.word)
            default: if line.symbol(i, "@") { spoken.append(.word("underscore")) }
            }
            end += 1
        }
        return Reading(.electronic, to: end, spoken)
    }

    /// "ThrowbackThursday" → Throwback, Thursday; capitals in a row stay together.
    static func camelPieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var current: [UInt8] = []
        let bytes = Array(text.utf8)
        func isUpper(_ i: Int) -> Bool { i < bytes.count && bytes[i] >= 65 && bytes[i] <= 90 }
        func isLower(_ i: Int) -> Bool { i < bytes.count && bytes[i] >= 97 }
        for (i, byte) in bytes.enumerated() {
            if i > 0, isUpper(i), isLower(i - 1) || isUpper(i - 1) && isLower(i + 1) {
                pieces.append(String(decoding: current, as: UTF8.self))
                current = []
            }
            current.append(byte)
        }
        pieces.append(String(decoding: current, as: UTF8.self))
        return pieces
    }
}
