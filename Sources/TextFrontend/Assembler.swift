/// Puts a sentence's phonemes together, with each word's place in them, and splits what is too long.
struct Assembler {
    let bytes: UnsafeBufferPointer<UInt8>
    let text: CleanText
    let units: [Unit]

    /// Phonemes the acoustic model takes at once.
    static let longest = 400

    private var codes: Phonemes = []
    private var words: [(unit: Int, range: Range<Int>)] = []
    /// What is said, piece by piece.
    private var parts: [(unit: Int, text: String, range: Range<Int>)] = []
    private var spoken = ""

    init(bytes: UnsafeBufferPointer<UInt8>, text: CleanText, units: [Unit]) {
        self.bytes = bytes
        self.text = text
        self.units = units
    }

    mutating func assemble(_ pieces: [SentenceReader.Piece], range: Range<Int>, endsParagraph: Bool) -> [Sentence] {
        var opened = false
        var current: (unit: Int, start: Int)?
        for piece in pieces where !piece.phonemes.isEmpty {
            let isMark: Bool
            if case .punctuation = piece.kind { isMark = true } else { isMark = false }
            let closing =
                isMark && piece.phonemes[0] != Self.parenthesis
                && (piece.phonemes[0] != Symbols.dash || !piece.spaceBefore)
            let hugging = codes.last == Symbols.dash && !piece.spaceBefore
            if !codes.isEmpty, !closing, !opened, !hugging { codes.append(Symbols.space) }
            opened = isMark && piece.phonemes[0] == Self.parenthesis
            if let word = current, word.unit != piece.unit { close(word) }
            if current?.unit != piece.unit { current = isMark ? nil : (piece.unit, codes.count) }
            if !isMark { parts.append((piece.unit, wording(piece), codes.count..<codes.count + piece.phonemes.count)) }
            codes += piece.phonemes
            speak(piece, mark: isMark, closing: closing, hugging: hugging)
            if let word = current, !isMark { ends = (word, codes.count) }
        }
        if let word = current { close(word) }
        let pause = pause
        guard !words.isEmpty || pause != nil else { return [] }
        if words.isEmpty { codes = [] }
        return split(range: range, endsParagraph: endsParagraph, pause: pause)
    }

    private static let parenthesis = Symbols.code("(")
    /// End of the open word's last sound.
    private var ends: (word: (unit: Int, start: Int), end: Int)?

    private mutating func close(_ word: (unit: Int, start: Int)) {
        guard let ends, ends.word.unit == word.unit, ends.end > word.start else { return }
        words.append((word.unit, word.start..<ends.end))
    }

    private var pause: Int? {
        var total = 0
        for unit in units { if case .pause(let milliseconds) = unit.content { total += milliseconds } }
        return total > 0 ? total : nil
    }

    private mutating func speak(_ piece: SentenceReader.Piece, mark: Bool, closing: Bool, hugging: Bool) {
        if !spoken.isEmpty, !closing, !hugging, spoken.utf8.last != UInt8(ascii: "(") { spoken += " " }
        spoken += wording(piece)
    }

    private func wording(_ piece: SentenceReader.Piece) -> String {
        switch piece.kind {
        case .word where units[piece.unit].category == nil, .phonemes: string(source(units[piece.unit]))
        case .word(let letters), .spelled(let letters): String(decoding: letters, as: UTF8.self)
        case .punctuation: Symbols.decode(piece.phonemes)
        }
    }

    /// Offsets of a unit in the original text.
    private func source(_ unit: Unit) -> Range<Int> {
        let end = max(text.offsets[unit.range.upperBound], text.offsets[unit.range.lowerBound])
        return text.offsets[unit.range.lowerBound]..<trimmed(end, from: text.offsets[unit.range.lowerBound])
    }

    /// A unit's end is where the next one begins, less what was dropped or blank in between.
    private func trimmed(_ end: Int, from start: Int) -> Int {
        var end = end
        while end > start + 1, bytes[end - 1] <= 32 { end -= 1 }
        return end
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    private func split(range: Range<Int>, endsParagraph: Bool, pause: Int?) -> [Sentence] {
        let expansions = expansions()
        let cuts = cuts()
        if cuts.isEmpty {
            return [
                Sentence(
                    phonemes: Symbols.decode(codes), words: words.map { word($0.unit, $0.range, from: 0) },
                    text: string(range),
                    range: range, endsParagraph: endsParagraph, spoken: spoken, expansions: expansions,
                    pauseMilliseconds: pause,
                    continues: false)
            ]
        }
        var result: [Sentence] = []
        var start = 0
        var from = range.lowerBound
        for (number, cut) in (cuts + [codes.count]).enumerated() {
            let last = number == cuts.count
            let inside = words.filter { $0.range.lowerBound >= start && $0.range.lowerBound < cut }
            let next = words.first { $0.range.lowerBound >= cut }
            let to =
                last ? range.upperBound : next.map { max(from, source(units[$0.unit]).lowerBound) } ?? range.upperBound
            let part = from..<to
            result.append(
                Sentence(
                    phonemes: Symbols.decode(codes[start..<cut]),
                    words: inside.map { word($0.unit, $0.range.clamped(to: start..<cut), from: start) },
                    text: string(part), range: part, endsParagraph: last && endsParagraph,
                    spoken: last && cuts.isEmpty ? spoken : string(part),
                    expansions: expansions.filter { part.contains($0.range.lowerBound) },
                    pauseMilliseconds: last ? pause : nil,
                    continues: !last))
            start = cut
            while start < codes.count, codes[start] == Symbols.space { start += 1 }
            from = to
        }
        return result
    }

    private func word(_ unit: Int, _ range: Range<Int>, from start: Int) -> Word {
        let place = source(units[unit])
        return Word(
            text: string(place), range: place, phonemes: Symbols.decode(codes[range]),
            phonemeRange: range.lowerBound - start..<range.upperBound - start, spoken: spoken(unit, range, from: start))
    }

    /// What is said of a unit within `range`.
    private func spoken(_ unit: Int, _ range: Range<Int>, from start: Int) -> [SpokenWord] {
        // Parts are in the order of their places.
        var low = parts.startIndex
        var high = parts.endIndex
        while low < high {
            let middle = (low + high) / 2
            if parts[middle].range.upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return parts[low...].prefix { $0.range.lowerBound < range.upperBound }.filter { $0.unit == unit }.map { part in
            let place = part.range.clamped(to: range)
            return SpokenWord(text: part.text, phonemeRange: place.lowerBound - start..<place.upperBound - start)
        }
    }

    private func expansions() -> [Expansion] {
        units.compactMap { unit in
            guard let category = unit.category else { return nil }
            let place = source(unit)
            var words = ""
            if case .spoken(let spoken) = unit.content {
                for item in spoken {
                    switch item {
                    case .word(let word), .letters(let word): words += words.isEmpty ? word : " " + word
                    case .comma: words += ","
                    }
                }
            }
            return Expansion(category: category, written: string(place), spoken: words, range: place)
        }
    }

    /// Where to cut phonemes longer than the model takes: after a stop, else a comma, else between words.
    private func cuts() -> [Int] {
        var result: [Int] = []
        var start = 0
        while codes.count - start > Self.longest {
            let limit = start + Self.longest
            var best: (rank: Int, at: Int)?
            for at in (start + Self.longest / 4..<limit).reversed() where codes[at] == Symbols.space {
                let before = codes[at - 1]
                let rank = before == Symbols.comma ? 2 : Symbols.isPause(before) ? 3 : 1
                if rank > best?.rank ?? 0 { best = (rank, at) }
                if rank == 3 { break }
            }
            let cut = best?.at ?? limit
            result.append(cut)
            start = cut
            while start < codes.count, codes[start] == Symbols.space { start += 1 }
        }
        return result
    }
}
