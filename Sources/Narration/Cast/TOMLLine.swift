/// A line of TOML, as far as `CastFile` needs it.
struct TOMLLine {
    struct Problem: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    enum Value: Equatable {
        case text(String)
        case list([String])
        case table([(String, Value)])

        static func == (a: Value, b: Value) -> Bool {
            switch (a, b) {
            case (.text(let a), .text(let b)): a == b
            case (.list(let a), .list(let b)): a == b
            case (.table(let a), .table(let b)): a.elementsEqual(b) { $0.0 == $1.0 && $0.1 == $1.1 }
            default: false
            }
        }
    }

    enum Entry: Equatable {
        case table(String)
        case value(String, Value)
    }

    private var rest: Substring

    init(_ line: Substring) { rest = line }

    /// What the line says; nil for a blank one or a comment.
    mutating func entry() throws(Problem) -> Entry? {
        skip()
        guard let first = rest.first, first != "#" else { return nil }
        let entry: Entry
        if take("[") {
            entry = .table(try key())
            try expect("]")
        } else {
            let name = try key()
            try expect("=")
            entry = .value(name, try value(depth: 0))
        }
        skip()
        guard rest.isEmpty || rest.first == "#" else {
            throw Problem("unexpected \"\(rest.prefix(20))\" at the end of the line")
        }
        return entry
    }

    private mutating func key() throws(Problem) -> String {
        skip()
        if rest.first == "\"" || rest.first == "'" { return try string() }
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        guard !name.isEmpty else { throw Problem("a name is missing; put quotes around names with spaces") }
        rest = rest[name.endIndex...]
        return String(name)
    }

    private mutating func value(depth: Int) throws(Problem) -> Value {
        skip()
        if take("[") {
            var list: [String] = []
            while !take("]") {
                list.append(try string())
                guard take(",") else {
                    try expect("]")
                    break
                }
            }
            return .list(list)
        }
        if depth == 0, take("{") {
            var fields: [(String, Value)] = []
            while !take("}") {
                let name = try key()
                try expect("=")
                fields.append((name, try value(depth: depth + 1)))
                guard take(",") else {
                    try expect("}")
                    break
                }
            }
            return .table(fields)
        }
        return .text(try string())
    }

    private mutating func string() throws(Problem) -> String {
        skip()
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            throw Problem("a quoted string is missing")
        }
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return text }
            if character == "\\", quote == "\"" {
                switch rest.popFirst() {
                case "\"": text += "\""
                case "\\": text += "\\"
                case "n": text += "\n"
                case "t": text += "\t"
                default: throw Problem("\\ may precede only \", \\, n or t")
                }
            } else {
                text.append(character)
            }
        }
        throw Problem("a closing quote is missing")
    }

    private mutating func skip() { rest = rest.drop(while: \.isWhitespace) }

    /// Whether the character is next; then it is passed.
    private mutating func take(_ character: Character) -> Bool {
        skip()
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func expect(_ character: Character) throws(Problem) {
        if !take(character) { throw Problem("a \(character) is missing") }
    }
}
