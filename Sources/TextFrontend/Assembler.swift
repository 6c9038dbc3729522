import SpeechSignal

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

    private let marked: MarkedText?
    private let marks: ArraySlice<MarkedText.Mark>
    /// Milliseconds of silence before the first sound, and after what was put together last.
    private var leading = 0
    private var pending: Int?
    private var pauses: [InnerPause] = []
    private var styles = StyleTrack()

    /// - Parameters:
    ///   - marked: what the bytes belong to, if it is not plain text.
    ///   - marks: its marks in this sentence.
    init(
        bytes: UnsafeBufferPointer<UInt8>, text: CleanText, units: [Unit], marked: MarkedText? = nil,
        marks: ArraySlice<MarkedText.Mark> = []
    ) {
        self.bytes = bytes
        self.text = text
        self.units = units
        self.marked = marked
        self.marks = marks
    }

    mutating func assemble(_ pieces: [SentenceReader.Piece], range: Range<Int>, endsParagraph: Bool) -> [Sentence] {
        var opened = false
        var current: (unit: Int, start: Int)?
        for piece in pieces {
            if case .pause(let milliseconds) = piece.kind {
                pending = (pending ?? 0) + milliseconds
                continue
            }
            if piece.phonemes.isEmpty { continue }
            let isMark: Bool
            if case .punctuation = piece.kind { isMark = true } else { isMark = false }
            let closing =
                isMark && piece.phonemes[0] != Self.parenthesis
                && (piece.phonemes[0] != "—" || !piece.spaceBefore)
            if !closing {
                if let word = current, pending != nil {
                    close(word)
                    current = nil
                }
                place()
            }
            let hugging = codes.last == "—" && !piece.spaceBefore
            if !codes.isEmpty, !closing, !opened, !hugging { codes.append(.space) }
            opened = isMark && piece.phonemes[0] == Self.parenthesis
            if let word = current, word.unit != piece.unit { close(word) }
            if current?.unit != piece.unit { current = isMark ? nil : (piece.unit, codes.count) }
            if !isMark { parts.append((piece.unit, wording(piece), codes.count..<codes.count + piece.phonemes.count)) }
            styles.add(piece, at: codes.count)
            codes += piece.phonemes
            speak(piece, mark: isMark, closing: closing, hugging: hugging)
            if let word = current, !isMark { ends = (word, codes.count) }
        }
        if let word = current { close(word) }
        guard !words.isEmpty || leading > 0 || pending ?? 0 > 0 || !marks.isEmpty else { return [] }
        if words.isEmpty {
            (codes, pauses, styles) = ([], [], StyleTrack())
            pending = leading + (pending ?? 0)
            leading = 0
        }
        let sentences = split(range: range, endsParagraph: endsParagraph, pause: pending.flatMap { $0 > 0 ? $0 : nil })
        return leading > 0 ? [silence(before: range)] + sentences : sentences
    }

    /// Puts the pause that was asked for here; a pause within a sentence wants a comma to fall on.
    private mutating func place() {
        guard let milliseconds = pending else { return }
        pending = nil
        guard codes.contains(where: { !$0.isMark }) else {
            leading += milliseconds
            return
        }
        if let last = codes.last, !last.isPause {
            codes.append(",")
            spoken += ","
        }
        if milliseconds > 0 { pauses.append(InnerPause(phonemeOffset: codes.count - 1, milliseconds: milliseconds)) }
    }

    /// A pause before anything is said.
    private func silence(before range: Range<Int>) -> Sentence {
        let place = origin(range.lowerBound..<range.lowerBound)
        return Sentence(
            phonemes: [], words: [], text: "", range: place, endsParagraph: false, spoken: "", expansions: [],
            pauseMilliseconds: leading, continues: false)
    }

    private static let parenthesis: Phoneme = "("
    /// End of the open word's last sound.
    private var ends: (word: (unit: Int, start: Int), end: Int)?

    private mutating func close(_ word: (unit: Int, start: Int)) {
        guard let ends, ends.word.unit == word.unit, ends.end > word.start else { return }
        words.append((word.unit, word.start..<ends.end))
    }

    private mutating func speak(_ piece: SentenceReader.Piece, mark: Bool, closing: Bool, hugging: Bool) {
        if !spoken.isEmpty, !closing, !hugging, spoken.utf8.last != UInt8(ascii: "(") { spoken += " " }
        spoken += wording(piece)
    }

    private func wording(_ piece: SentenceReader.Piece) -> String {
        switch piece.kind {
        case .word where units[piece.unit].category == nil, .phonemes: written(source(units[piece.unit]))
        case .word(let letters), .spelled(let letters): String(decoding: piece.written ?? letters, as: UTF8.self)
        case .punctuation: piece.phonemes.symbols
        case .pause: ""
        }
    }

    /// Where a stretch of the bytes stands in the original text.
    private func origin(_ range: Range<Int>) -> Range<Int> { marked?.source(of: range) ?? range }

    /// Offsets of a unit in the bytes.
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

    /// The text of a place; an element that has none is its own.
    private func written(_ place: Range<Int>) -> String {
        guard let marked, bytes[place].elementsEqual(MarkedText.placeholder) else { return string(place) }
        let (source, text) = (origin(place), marked.document.utf8)
        let start = text.index(text.startIndex, offsetBy: source.lowerBound)
        return String(decoding: text[start..<text.index(start, offsetBy: source.count)], as: UTF8.self)
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
                    phonemes: codes, words: words.map { word($0.unit, $0.range, from: 0) },
                    text: string(range), range: origin(range), endsParagraph: endsParagraph, spoken: spoken,
                    expansions: expansions, pauseMilliseconds: pause, continues: false, pauses: pauses,
                    styles: styles.spans(in: 0..<codes.count), marks: marks(in: 0..<codes.count, isLast: true))
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
            let place = origin(part)
            result.append(
                Sentence(
                    phonemes: Phonemes(codes[start..<cut]),
                    words: inside.map { word($0.unit, $0.range.clamped(to: start..<cut), from: start) },
                    text: string(part), range: place, endsParagraph: last && endsParagraph,
                    spoken: last && cuts.isEmpty ? spoken : string(part),
                    expansions: expansions.filter { place.contains($0.range.lowerBound) },
                    pauseMilliseconds: last ? pause : nil, continues: !last,
                    pauses: pauses.filter { (start..<cut).contains($0.phonemeOffset) }.map {
                        InnerPause(phonemeOffset: $0.phonemeOffset - start, milliseconds: $0.milliseconds)
                    },
                    styles: styles.spans(in: start..<cut), marks: marks(in: start..<cut, isLast: last)))
            start = cut
            while start < codes.count, codes[start] == .space { start += 1 }
            from = to
        }
        return result
    }

    /// The marks that are reached within a stretch of phonemes: each at the next word's first sound.
    private func marks(in range: Range<Int>, isLast: Bool) -> [TextMark] {
        marks.compactMap { mark in
            let next = words.first { source(units[$0.unit]).lowerBound >= mark.at }?.range.lowerBound ?? codes.count
            guard range.contains(next) || isLast && next >= range.upperBound else { return nil }
            return TextMark(name: mark.name, offset: mark.source, phonemeOffset: next - range.lowerBound)
        }
    }

    private func word(_ unit: Int, _ range: Range<Int>, from start: Int) -> Word {
        let place = source(units[unit])
        return Word(
            text: written(place), range: origin(place), phonemes: Phonemes(codes[range]),
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
            if case .word(let word) = unit.content { words = word }
            if case .phonemes(let phonemes) = unit.content { words = "/\(phonemes.symbols)/" }
            if case .spoken(let spoken) = unit.content {
                for item in spoken {
                    switch item {
                    case .word(let word), .letters(let word): words += words.isEmpty ? word : " " + word
                    case .comma: words += ","
                    }
                }
            }
            return Expansion(category: category, written: written(place), spoken: words, range: origin(place))
        }
    }

    /// Where to cut phonemes longer than the model takes: after a stop, else a comma, else between words.
    private func cuts() -> [Int] {
        var result: [Int] = []
        var start = 0
        while codes.count - start > Self.longest {
            let limit = start + Self.longest
            var best: (rank: Int, at: Int)?
            for at in (start + Self.longest / 4..<limit).reversed() where codes[at] == .space {
                let before = codes[at - 1]
                let rank = before == "," ? 2 : before.isPause ? 3 : 1
                if rank > best?.rank ?? 0 { best = (rank, at) }
                if rank == 3 { break }
            }
            let cut = best?.at ?? limit
            result.append(cut)
            start = cut
            while start < codes.count, codes[start] == .space { start += 1 }
        }
        return result
    }
}
