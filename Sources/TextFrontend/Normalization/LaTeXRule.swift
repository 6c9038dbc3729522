/// Formulas in LaTeX: $x^2 + y^2$, \(a \le b\), $$\frac{a}{b}$$.
enum LaTeXRule {
    private static let commands: [String: String] = [
        "pm": "plus or minus", "mp": "minus or plus", "times": "times", "cdot": "times", "div": "divided by",
        "le": "is less than or equal to", "leq": "is less than or equal to", "ge": "is greater than or equal to",
        "geq": "is greater than or equal to", "lt": "is less than", "gt": "is greater than", "ne": "is not equal to",
        "neq": "is not equal to", "approx": "is approximately", "equiv": "is equivalent to", "sim": "is similar to",
        "infty": "infinity", "to": "to", "rightarrow": "to", "in": "in", "notin": "not in", "subset": "is a subset of",
        "cup": "union", "cap": "intersection", "partial": "partial", "nabla": "nabla", "forall": "for all",
        "exists": "there exists",
        "sin": "sine", "cos": "cosine", "tan": "tangent", "log": "log", "ln": "natural log", "exp": "exponential",
        "degree": "degrees", "circ": "degrees", "percent": "percent",
        "propto": "is proportional to", "Rightarrow": "implies", "implies": "implies", "iff": "if and only if",
        "land": "and", "lor": "or", "neg": "not", "hbar": "h bar", "ell": "l", "dots": "and so on",
        "ldots": "and so on",
        "cdots": "and so on", "prime": "prime",
    ]
    private static let greek: Set<String> = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ]
    /// Commands whose argument is text.
    private static let texts: Set<String> = ["text", "mathrm", "textbf", "textit", "mathbf", "operatorname", "mbox"]
    private static let signs: [UInt32: String] = [
        0x2B: "plus", 0x2D: "minus", 0x3D: "equals", 0x2A: "times", 0x2F: "over", 0x3C: "is less than",
        0x3E: "is greater than",
        0x21: "factorial", 0x25: "percent", 0xB1: "plus or minus", 0xD7: "times", 0x2212: "minus",
    ]

    /// A formula that begins at `i`, with its delimiters.
    static func read(_ line: Line, at i: Int) -> Reading? {
        var reader: Reader
        let end: Int
        if line.symbol(i, "$") {
            let isDouble = line.joined(i + 1, "$")
            let start = isDouble ? i + 2 : i + 1
            guard line.touches(start), let close = closing(line, from: start) else { return nil }
            reader = Reader(line: line, at: start, end: close)
            end = isDouble && line.joined(close + 1, "$") ? close + 2 : close + 1
        } else if line.symbol(i, "\\"), line.joined(i + 1, "(") || line.joined(i + 1, "[") {
            let bracket: Unicode.Scalar = line.symbol(i + 1, "(") ? ")" : "]"
            guard
                let close = (i + 2..<max(i + 2, min(line.count, i + 300)))
                    .first(where: { line.symbol($0, "\\") && line.joined($0 + 1, bracket) })
            else { return nil }
            reader = Reader(line: line, at: i + 2, end: close)
            end = close + 2
        } else if line.symbol(i, "\\"), line.touches(i + 1), let name = line.letters(i + 1), isCommand(name) {
            // A command outside of a formula reads as far as its arguments.
            reader = Reader(line: line, at: i, end: line.count)
            let spoken = reader.atom()
            return spoken.isEmpty ? nil : Reading(.math, to: reader.at, spoken)
        } else {
            return nil
        }
        let spoken = reader.all()
        return spoken.isEmpty ? nil : Reading(.math, to: end, spoken)
    }

    private static func isCommand(_ name: String) -> Bool {
        commands[name] != nil || greek.contains(name.lowercased()) || ["frac", "sqrt", "sum", "int"].contains(name)
    }

    /// The dollar sign that closes a formula: it touches what it closes, and something no price has precedes it.
    private static func closing(_ line: Line, from start: Int) -> Int? {
        guard let close = (start..<max(start, min(line.count, start + 200))).first(where: { line.symbol($0, "$") }),
            close > start, line.touches(close) || line.symbol(close - 1, "}")
        else { return nil }
        let inside = start..<close
        let hasSign = inside.contains { k in "\\^_=".unicodeScalars.contains { line.symbol(k, $0) } }
        let isLetter = inside.count == 1 && line.letters(start)?.utf8.count == 1
        let isShort =
            inside.count < 8 && line.letters(start)?.utf8.count == 1
            && inside.contains { k in "+-<>(*/".unicodeScalars.contains { line.symbol(k, $0) } }
        guard hasSign || isLetter || isShort, line.digits(close + 1) == nil || !line.touches(close + 1) else {
            return nil
        }
        return close
    }

    /// Reads a formula from left to right.
    private struct Reader {
        /// What has bounds below and above.
        private static let bounded = [
            "sum": "the sum", "prod": "the product", "int": "the integral", "lim": "the limit", "max": "the maximum",
            "min": "the minimum",
        ]

        let line: Line
        var at: Int
        let end: Int

        mutating func all() -> [Spoken] {
            var spoken: [Spoken] = []
            while at < end { spoken += atom() }
            return spoken
        }

        /// Something and its power or index.
        mutating func atom() -> [Spoken] {
            var spoken = plain()
            while at < end {
                if line.symbol(at, "^") {
                    at += 1
                    spoken += power()
                } else if line.symbol(at, "_"), line.touches(at) {
                    at += 1
                    spoken += [.word("sub")] + argument()
                } else if line.symbol(at, "²") || line.symbol(at, "³") {
                    spoken.append(.word(line.symbol(at, "²") ? "squared" : "cubed"))
                    at += 1
                } else {
                    break
                }
            }
            return spoken
        }

        private mutating func power() -> [Spoken] {
            let argument = argument()
            switch argument {
            case [.word("two")]: return [.word("squared")]
            case [.word("three")]: return [.word("cubed")]
            case [.word("degrees")], [.word("prime")]: return argument
            default: return [.word("to"), .word("the")] + argument
            }
        }

        /// {…}, a command, or one letter or figure.
        private mutating func argument() -> [Spoken] {
            guard at < end else { return [] }
            if line.symbol(at, "{") { return group() }
            return plain()
        }

        private mutating func group() -> [Spoken] {
            at += 1
            var spoken: [Spoken] = []
            while at < end, !line.symbol(at, "}") { spoken += atom() }
            if at < end { at += 1 }
            return spoken
        }

        private mutating func plain() -> [Spoken] {
            guard at < end else { return [] }
            if line.symbol(at, "\\"), line.touches(at + 1), let name = line.letters(at + 1) {
                at += 2
                return command(name)
            }
            if line.symbol(at, "{") { return group() }
            if let number = line.number(at), line.kind(at) == .digits {
                at = min(number.end, end)
                return [Spoken](words: line.quantity(number))
            }
            let k = at
            at += 1
            if let text = line.letters(k) {
                return text.map { .letters(String($0)) }
            }
            return signs[line.tokens[k].symbol].map { [Spoken](cell: $0) }
                ?? line.tables.symbols[line.tokens[k].symbol].flatMap {
                    line.tokens[k].symbol > 0x7F ? [Spoken](cell: $0) : nil
                }
                ?? (line.symbol(k, ",") ? [.comma] : [])
        }

        private mutating func command(_ name: String) -> [Spoken] {
            if name == "frac" || name == "dfrac" || name == "tfrac" {
                let over = argument()
                return over + [.word("over")] + argument()
            }
            if name == "sqrt" {
                var root = ["the", "square", "root", "of"]
                if line.symbol(at, "["), at + 2 < end, let digits = line.digits(at + 1), line.symbol(at + 2, "]") {
                    root =
                        digits == "3"
                        ? ["the", "cube", "root", "of"] : ["the"] + NumberWords.ordinal(digits) + ["root", "of"]
                    at += 3
                }
                return [Spoken](words: root) + argument()
            }
            if let bounded = Self.bounded[name] {
                var words = [Spoken](cell: bounded)
                while at < end, line.symbol(at, "_") || line.symbol(at, "^") {
                    let isFrom = line.symbol(at, "_")
                    at += 1
                    words += [.word(isFrom ? (name == "lim" ? "as" : "from") : "to")] + argument()
                }
                return words + [.word("of")]
            }
            if texts.contains(name), line.symbol(at, "{") {
                var words: [Spoken] = []
                at += 1
                while at < end, !line.symbol(at, "}") {
                    if let text = line.letters(at) { words.append(.word(text)) }
                    if let digits = line.digits(at) { words += [Spoken](words: NumberWords.cardinal(digits)) }
                    at += 1
                }
                if at < end { at += 1 }
                return words
            }
            if greek.contains(name.lowercased()) { return [.word(name.lowercased())] }
            if let words = commands[name] {
                return words.split(separator: " ").map { $0.utf8.count == 1 ? .letters(String($0)) : .word(String($0)) }
            }
            // \left and \right, \, and the like are for the eye.
            return []
        }
    }
}
