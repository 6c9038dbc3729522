/// A paragraph split into quotations and narration.
struct Quotations {
    struct Piece: Equatable {
        var text: String
        var isSaid: Bool
    }

    /// Which marks a book puts around what is said.
    enum Marks {
        case double
        /// As British books have it.
        case single

        /// Those that open most quotations.
        init(of texts: some Sequence<String>) {
            var (double, single) = (0, 0)
            for text in texts {
                for character in text {
                    switch character {
                    case "“", "«", "„": double += 2
                    case "\"": double += 1
                    case "‘": single += 2
                    default: break
                    }
                }
            }
            self = double >= single ? .double : .single
        }
    }

    private(set) var pieces: [Piece] = []
    /// Whether the last quotation continues in the next paragraph.
    private(set) var isOpen = false

    init(_ paragraph: String, marks: Marks) {
        let characters = Array(paragraph)
        var piece = Piece(text: "", isSaid: false)
        var opening: Character = "“"
        func end(_ isSaid: Bool) {
            if !piece.text.isEmpty { pieces.append(piece) }
            piece = Piece(text: "", isSaid: isSaid)
        }
        for (place, character) in characters.enumerated() {
            let before = place > 0 ? characters[place - 1] : " "
            let after = place + 1 < characters.count ? characters[place + 1] : " "
            if piece.isSaid {
                piece.text.append(character)
                if Self.closes(character, opening, before, after) { end(false) }
            } else {
                if Self.opens(character, before, after, marks) {
                    end(true)
                    opening = character
                }
                piece.text.append(character)
            }
        }
        isOpen = piece.isSaid
        end(false)
    }

    private static func opens(_ mark: Character, _ before: Character, _ after: Character, _ marks: Marks) -> Bool {
        switch (mark, marks) {
        case ("“", .double), ("«", .double), ("„", .double): true
        case ("\"", .double): !after.isWhitespace && !before.isLetter
        // ‘Tis the season: an apostrophe, if it closes nowhere; told apart by what closes.
        case ("‘", .single): !after.isWhitespace && !before.isLetter
        default: false
        }
    }

    /// Whether a mark ends what another began; marks of the other kind stand for quotations within.
    private static func closes(_ mark: Character, _ opening: Character, _ before: Character, _ after: Character) -> Bool
    {
        switch (opening, mark) {
        case ("“", "”"), ("«", "»"), ("„", "“"), ("„", "”"): true
        case ("\"", "\""): !before.isWhitespace
        // Behind a stop, before no letter: other apostrophes stand in words or at their ends.
        case ("‘", "’"): !after.isLetter && ".,!?—–-…”".contains(before)
        default: false
        }
    }
}
