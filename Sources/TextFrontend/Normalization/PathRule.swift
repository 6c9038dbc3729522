/// Paths of files: /usr/bin/python, ~/Documents, C:\Users\John.
enum PathRule {
    /// At a slash, a tilde or a drive's letter.
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard !line.touches(i) || line.symbol(i - 1, "(") || line.symbol(i - 1, "\"") || line.symbol(i - 1, "'") else {
            return nil
        }
        let start: Int
        var separators = 0
        if line.symbol(i, "/") {
            start = i
        } else if line.symbol(i, "~") || line.symbol(i, "."), line.joined(i + 1, "/") {
            start = i + 1
            separators = 1
        } else if let drive = line.letters(i), drive.utf8.count == 1, line.joined(i + 1, ":"), line.joined(i + 2, "\\")
        {
            start = i + 2
            separators = 1
        } else {
            return nil
        }
        var end = start
        while end == start || line.touches(end), end < line.count, isPart(line, end), end - i < 200 {
            if line.symbol(end, "/") || line.symbol(end, "\\") { separators += 1 }
            end += 1
        }
        // The query of a server's path.
        if line.symbol(i, "/"), line.joined(end, "?"), line.touches(end + 1), line.letters(end + 1) != nil,
            (end + 2..<max(end + 2, min(line.count, end + 12))).contains(where: { line.joined($0, "=") })
        {
            while line.touches(end), end < line.count,
                isPart(line, end) || "?=&%".unicodeScalars.contains(where: { line.symbol(end, $0) }),
                end - i < 200
            {
                end += 1
            }
        }
        while end > i + 1, line.symbol(end - 1, ".") || line.symbol(end - 1, ":") { end -= 1 }
        guard end > start + 1, line.kind(start + 1) != .symbol || line.symbol(start + 1, "."),
            separators > 1 || line.symbol(end - 2, ".")
        else { return nil }
        return Reading(.electronic, to: end, ElectronicRule.spell(line, i, end))
    }

    private static func isPart(_ line: Line, _ k: Int) -> Bool {
        guard line.kind(k) == .symbol else { return line.kind(k) != .foreign }
        return "/\\.-_+~".unicodeScalars.contains { line.symbol(k, $0) }
    }
}
