import SpeechSignal

/// The sentences of a text, one after the other.
struct SentenceSequence: Sequence {
    enum Source {
        case plain(String)
        case marked(MarkedText)
    }

    let frontend: TextFrontend
    let text: Source
    let reading: ReadingStyle
    let voices: [String: ReadingStyle]

    func makeIterator() -> SentenceIterator { SentenceIterator(self) }
}

struct SentenceIterator: IteratorProtocol {
    private var text: String
    private let marked: MarkedText?
    private var position = 0
    /// Where the next mark may stand.
    private var marksFrom = 0
    private var ready: [Sentence] = []
    private let sequence: SentenceSequence
    private var frontend: TextFrontend { sequence.frontend }
    /// By voice and accent; plain text needs one.
    private var readers: [String: SentenceReader] = [:]

    init(_ sequence: SentenceSequence) {
        self.sequence = sequence
        switch sequence.text {
        case .plain(let text):
            self.text = text
            self.text.makeContiguousUTF8()
            marked = nil
        case .marked(let marked):
            text = ""
            self.marked = marked
        }
    }

    mutating func next() -> Sentence? {
        while ready.isEmpty {
            guard let sentences = marked.map({ nextMarked($0) }) ?? nextPlain() else { return nil }
            ready = sentences.reversed()
        }
        return ready.removeLast()
    }

    private mutating func nextPlain() -> [Sentence]? {
        let start = position
        let reader = reader(voice: nil, accent: nil)
        let scanner = frontend.scanner
        let found = text.utf8.withContiguousStorageIfAvailable { bytes -> (SentenceScanner.Found, [Sentence])? in
            guard let found = scanner.next(bytes, from: start) else { return nil }
            return (found, reader.read(bytes, found))
        }
        guard let (found, sentences) = found ?? nil else { return nil }
        position = found.next
        return sentences
    }

    /// Scans no further than the next boundary that the mark-up sets.
    private mutating func nextMarked(_ marked: MarkedText) -> [Sentence]? {
        let count = marked.bytes.count
        guard position < count || position == 0 && !(marked.items.isEmpty && marked.marks.isEmpty) else { return nil }
        let start = position
        let boundary = marked.boundary(after: start)
        let limit = max(boundary.at, start)
        return marked.bytes.withUnsafeBufferPointer { bytes in
            let part = UnsafeBufferPointer(rebasing: bytes[..<limit])
            var found =
                frontend.scanner.next(part, from: start, marked: marked)
                ?? .init(range: limit..<limit, endsParagraph: true, next: limit)
            let atBoundary = found.next >= limit
            if atBoundary { found.endsParagraph = boundary.kind == .paragraph || limit >= count }
            position = found.next
            // What stands at the very end belongs to the last sentence.
            let isLast = found.next >= count
            let end = isLast ? count + 1 : found.next
            if isLast { position = count + 1 }
            // A mark behind the sentence and its blanks waits for what is said next.
            let marksEnd = isLast ? count + 1 : min(found.range.upperBound + 1, limit)
            let marks = marked.marks(in: marksFrom..<max(marksFrom, marksEnd))
            marksFrom = max(marksFrom, marksEnd)
            let style = marked.style(at: min(found.range.lowerBound, max(0, count - 1)))
            let reader = reader(voice: style.voice, accent: style.accent)
            var sentences = reader.read(bytes, found, marked: marked, span: start..<end, marks: marks)
            for index in sentences.indices { sentences[index].voice = style.voice }
            if atBoundary, boundary.kind == .part, limit < count, let last = sentences.indices.last {
                // A voice that changes within a sentence makes no more than a short pause.
                let mark = sentences[last].phonemes.last
                sentences[last].continues = mark.map { !PhonemeSet.sentenceEnds.contains($0) } ?? false
            }
            return sentences
        }
    }

    private mutating func reader(voice: String?, accent: Accent?) -> SentenceReader {
        let key = "\(accent?.rawValue ?? "") \(voice ?? "")"
        if let known = readers[key] { return known }
        let reading = voice.flatMap { sequence.voices[$0] } ?? sequence.reading
        let reader = SentenceReader(
            frontend: frontend, accent: accent ?? reading.accent, lexicons: reading.lexicons, base: reading.accent)
        // Only a document of very many mixes has more.
        if readers.count > 64 { readers.removeAll() }
        readers[key] = reader
        return reader
    }
}
