import FoundationEssentials

/// Marks words: by their written accent, by the lexicon of those that the rules get wrong, or by their ending.
///
/// data/frontend/it/stress.txt has a marked word a line, sorted by plain spelling; it is mapped and searched.
/// endings.tsv has the longest endings that determine the stress ("ico", third vowel from the end) and the quality of e
/// and o. Training/frontend/compile_italian.py makes both.
struct ItalianStress: Sendable {
    private let lexicon: Data
    private let stress: [String: Int]
    private let quality: [Unicode.Scalar: [String: Bool]]
    private let longest: Int

    /// - Throws: `FrontendError` naming the file that is missing or damaged
    init(folder: URL) throws(FrontendError) {
        let url = folder.appendingPathComponent("stress.txt")
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped) else { throw .missing(file: url.path) }
        guard data.last == UInt8(ascii: "\n") else {
            throw .corrupt(file: url.path, reason: "its last line is incomplete")
        }
        lexicon = data
        var stress: [String: Int] = [:]
        var quality: [Unicode.Scalar: [String: Bool]] = [:]
        var longest = 0
        try Tables.rows(folder, "endings.tsv", columns: 3) { row in
            longest = max(longest, row[1].unicodeScalars.count)
            if row[0] == "stress" {
                stress[row[1]] = Int(row[2])
            } else if let vowel = row[0].unicodeScalars.first {
                quality[vowel, default: [:]][row[1]] = row[2] == "open"
            }
        }
        guard stress[""] != nil, quality["e"]?[""] != nil, quality["o"]?[""] != nil else {
            throw .corrupt(
                file: folder.appendingPathComponent("endings.tsv").path,
                reason: "the row for words with any ending is missing"
            )
        }
        self.stress = stress
        self.quality = quality
        self.longest = longest
    }

    /// - Parameter word: small letters
    func marks(_ word: String) -> ItalianMarks {
        var marks = ItalianMarks(dictionary: word)
        if marks.stress != nil {
            marks.voiced = Self.voicedByRule(marks.letters)
            return marks
        }
        if let known = known(word) { return ItalianMarks(dictionary: known) }
        marks.voiced = Self.voicedByRule(marks.letters)
        let vowels = marks.letters.indices.filter { ItalianMarks.isVowel(marks.letters[$0]) }
        guard !vowels.isEmpty else { return marks }
        let count = vowels.count == 1 ? 1 : min(answer(stress, marks.letters) ?? 2, vowels.count)
        let place = Self.nucleus(vowels[vowels.count - count], marks.letters)
        marks.stress = place
        if let endings = quality[marks.letters[place]] { marks.isOpen = answer(endings, marks.letters) ?? true }
        return marks
    }

    /// The vowel that is stressed where the one at `place` is only a glide: quel, dietro, buon, maggior, causa.
    private static func nucleus(_ place: Int, _ letters: [Unicode.Scalar]) -> Int {
        func letter(_ k: Int) -> Unicode.Scalar? { letters.indices.contains(k) ? letters[k] : nil }
        guard let next = letter(place + 1) else { return place }
        let before = letter(place - 1)
        guard ItalianMarks.isVowel(next) else {
            return letters[place] == "u" && (before == "a" || before == "e") ? place - 1 : place
        }
        let isWithin = place + 2 < letters.count
        let isGlide =
            letters[place] == "u" && (before == "q" || isWithin && (next == "o" || before == "g"))
            || letters[place] == "i" && isWithin && (next == "e" || before == "c" || before == "g")
        return isGlide ? place + 1 : place
    }

    /// What the longest ending in the list says.
    private func answer<Answer>(_ endings: [String: Answer], _ letters: [Unicode.Scalar]) -> Answer? {
        for length in (0...min(longest, letters.count)).reversed() {
            var ending = String.UnicodeScalarView()
            ending.append(contentsOf: letters[(letters.count - length)...])
            if let found = endings[String(ending)] { return found }
        }
        return nil
    }

    /// The first z of a word is voiced, and those of -izzare and its forms.
    private static func voicedByRule(_ letters: [Unicode.Scalar]) -> Set<Int> {
        var places: Set<Int> = letters.first == "z" ? [0] : []
        guard letters.count > 6 else { return places }
        for at in 1..<letters.count - 3
        where letters[at] == "i" && letters[at + 1] == "z" && letters[at + 2] == "z"
            && "aeio".unicodeScalars.contains(letters[at + 3])
        {
            places.formUnion([at + 1, at + 2])
            break
        }
        return places
    }

    // MARK: The lexicon

    /// The marked word, if the lexicon has it.
    private func known(_ word: String) -> String? {
        let key = Array(word.utf8)
        return lexicon.withUnsafeBytes { bytes -> String? in
            var low = 0
            var high = bytes.count
            while low < high {
                // The line around the middle.
                var start = (low + high) / 2
                while start > low, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
                var end = start
                while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
                switch Self.order(bytes[start..<end], key) {
                case 0: return String(decoding: bytes[start..<end], as: UTF8.self)
                case ..<0: low = min(end + 1, high)
                default: high = start
                }
            }
            return nil
        }
    }

    /// Compares a line's letters, marks left out, with a key: negative where the line comes first.
    private static func order(_ line: Slice<UnsafeRawBufferPointer>, _ key: [UInt8]) -> Int {
        var at = line.startIndex
        for byte in key {
            guard at < line.endIndex else { return -1 }
            var letter = line[at]
            at += 1
            if letter >= 0x80, at < line.endIndex {
                letter = plain(letter, line[at])
                at += 1
            }
            if letter != byte { return letter < byte ? -1 : 1 }
        }
        return at < line.endIndex ? 1 : 0
    }

    /// The letter below a mark, from the two bytes of its UTF-8.
    private static func plain(_ first: UInt8, _ second: UInt8) -> UInt8 {
        guard first == 0xC3 else { return UInt8(ascii: "z") }
        return switch second {
        case 0xA0, 0xA1: UInt8(ascii: "a")
        case 0xA8, 0xA9: UInt8(ascii: "e")
        case 0xAC, 0xAD: UInt8(ascii: "i")
        case 0xB2, 0xB3: UInt8(ascii: "o")
        default: UInt8(ascii: "u")
        }
    }
}
