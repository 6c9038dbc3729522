/// Keys pressed together: Ctrl+C, Alt+F4, Cmd-Shift-P.
enum KeyRule {
    private static let modifiers = [
        "ctrl": "control", "control": "control", "alt": "alt", "cmd": "command", "command": "command",
        "shift": "shift", "opt": "option", "option": "option", "win": "windows", "super": "super", "meta": "meta",
    ]
    private static let keys = [
        "del": "delete", "delete": "delete", "esc": "escape", "escape": "escape", "ins": "insert", "tab": "tab",
        "enter": "enter", "return": "return", "space": "space", "backspace": "backspace", "home": "home", "end": "end",
        "pgup": "page up", "pgdn": "page down", "up": "up", "down": "down", "left": "left", "right": "right",
        "insert": "insert", "click": "click",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i + 1, "+") || line.symbol(i + 1, "-"), line.begins(i), line.tokens[i].isCapitalized,
            let first = line.lower(i).flatMap({ modifiers[$0] })
        else { return nil }
        var spoken: [Spoken] = [.word(first)]
        var end = i + 1
        while line.joined(end, "+") || line.joined(end, "-"), line.touches(end + 1),
            let (key, next) = key(line, end + 1, plus: line.symbol(end, "+"))
        {
            spoken += key
            end = next
        }
        return end > i + 1 && line.ends(end) ? Reading(.electronic, to: end, spoken) : nil
    }

    /// A letter, a figure, F4 or a key by its name; after a hyphen names are capitalized.
    private static func key(_ line: Line, _ i: Int, plus: Bool) -> (spoken: [Spoken], end: Int)? {
        if let digits = line.digits(i) {
            return plus && digits.utf8.count == 1 ? ([Spoken](words: NumberWords.digits(digits)), i + 1) : nil
        }
        guard let text = line.letters(i), plus || line.tokens[i].isCapitalized else { return nil }
        if text.utf8.count == 1 {
            guard text.lowercased() == "f", line.touches(i + 1), let number = line.digits(i + 1) else {
                return ([.letters(text.uppercased())], i + 1)
            }
            return ([.letters("F")] + [Spoken](words: NumberWords.cardinal(number)), i + 2)
        }
        return (modifiers[text.lowercased()] ?? keys[text.lowercased()]).map { ([Spoken](cell: $0), i + 1) }
    }
}
