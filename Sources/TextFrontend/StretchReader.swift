import SpeechSignal

/// Reads stretches of text in one language: a sentence, or a part of one where the markup changes the language within
/// it.
protocol StretchReader: AnyObject {
    /// The language that it reads.
    var language: Language { get }
    /// Finds where sentences of the language end.
    var scanner: SentenceScanner { get }

    /// What is said of a stretch of the text.
    ///
    /// - Parameters:
    ///   - bytes: the whole text.
    ///   - span: the stretch; its end may lie one after the text, for pauses that stand there.
    ///   - marked: what the bytes belong to, if it is not plain text.
    func stretch(_ bytes: UnsafeBufferPointer<UInt8>, in span: Range<Int>, marked: MarkedText?) -> Stretch
}

/// A stretch of a sentence as it is said.
struct Stretch {
    var text: CleanText
    var units: [Unit]
    var pieces: [SentenceReader.Piece]

    /// Puts another stretch, which begins where this one ends, after it.
    mutating func append(_ other: Stretch) {
        let (scalars, count) = (text.scalars.count, units.count)
        text.offsets.removeLast()
        text.offsets += other.text.offsets
        text.scalars += other.text.scalars
        text.markups += other.text.markups
        units += other.units.map { unit in
            var unit = unit
            unit.range = unit.range.lowerBound + scalars..<unit.range.upperBound + scalars
            return unit
        }
        pieces += other.pieces.map { piece in
            var piece = piece
            piece.unit += count
            return piece
        }
    }
}

extension StretchReader {
    /// What finds sentences; where languages change from one to the next, ¿ and letters beyond ASCII begin one in
    /// English text too.
    func scanner(detecting: Bool) -> SentenceScanner {
        var scanner = scanner
        if detecting { scanner.readsAccents = true }
        return scanner
    }

    /// The sentences of speech that a sentence of the text makes: more than one if it is long.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - found: a sentence of it.
    ///   - marked: what the bytes belong to, if it is not plain text.
    ///   - span: with `marked`, the sentence and everything around it that no other sentence has.
    ///   - marks: with `marked`, the marks that are reached in this sentence.
    ///   - others: stretches of the span, in order and without gaps, with their readers; none: this one reads it all.
    func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ found: SentenceScanner.Found, marked: MarkedText? = nil,
        span: Range<Int>? = nil, marks: ArraySlice<MarkedText.Mark> = [],
        others: [(reader: any StretchReader, span: Range<Int>)] = []
    ) -> [Sentence] {
        var whole =
            others.first.map { $0.reader.stretch(bytes, in: $0.span, marked: marked) }
            ?? stretch(bytes, in: span ?? found.range, marked: marked)
        for other in others.dropFirst() { whole.append(other.reader.stretch(bytes, in: other.span, marked: marked)) }
        var assembler = Assembler(bytes: bytes, text: whole.text, units: whole.units, marked: marked, marks: marks)
        var sentences = assembler.assemble(whole.pieces, range: found.range, endsParagraph: found.endsParagraph)
        for index in sentences.indices { sentences[index].language = language }
        if found.continues, !sentences.isEmpty { sentences[sentences.count - 1].continues = true }
        return sentences
    }
}

extension CleanText {
    /// The clean text of a stretch; its end may lie one after the text, for pauses that stand there.
    init(_ bytes: UnsafeBufferPointer<UInt8>, in span: Range<Int>, table: UnicodeTable, marked: MarkedText?) {
        let inside = span.clamped(to: 0..<bytes.count)
        self.init(
            UnsafeBufferPointer(rebasing: bytes[inside]), base: inside.lowerBound, table: table,
            literal: marked != nil, items: marked?.items(in: span) ?? [])
    }
}

extension MarkedText {
    /// Gives pieces the styles of their places.
    func style(_ pieces: inout [SentenceReader.Piece], of units: [Unit], in text: CleanText) {
        guard !styles.isEmpty else { return }
        for i in pieces.indices {
            pieces[i].style = style(at: text.offsets[units[pieces[i].unit].range.lowerBound])
        }
    }
}
