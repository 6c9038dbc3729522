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
    /// Those that the text is read in, but English.
    let languages: [Language: any LanguageRules]
    /// Where the language is found sentence by sentence.
    let track: LanguageTrack?

    init(
        frontend: TextFrontend, text: Source, reading: ReadingStyle, voices: [String: ReadingStyle] = [:]
    ) throws(FrontendError) {
        (self.frontend, self.text, self.reading, self.voices) = (frontend, text, reading, voices)
        var needed = Set(reading.languages)
        if case .marked(let marked) = text {
            needed.formUnion(marked.languages)
            for voice in voices.values { needed.insert(voice.language) }
        }
        languages = try frontend.rules(of: needed)
        track = try LanguageTrack(reading, frontend: frontend)
    }

    /// English without markup, which needs no further data.
    init(frontend: TextFrontend, english text: String, accent: Accent, lexicons: [UserLexicon]) {
        (self.frontend, self.text, voices, languages, track) = (frontend, .plain(text), [:], [:], nil)
        reading = ReadingStyle(accent: accent, lexicons: lexicons)
    }

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
    /// By voice and language; plain text needs one.
    private var readers: [String: any StretchReader] = [:]
    private var track: LanguageTrack?

    init(_ sequence: SentenceSequence) {
        self.sequence = sequence
        track = sequence.track
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
        var reader = reader(voice: nil, language: nil)
        let found = text.utf8.withContiguousStorageIfAvailable { bytes -> (SentenceScanner.Found, [Sentence])? in
            let scanner = reader.scanner(detecting: track != nil)
            guard var found = scanner.next(bytes, from: start) else { return nil }
            if let language = track?.language(of: found, in: bytes, scanner: scanner), language != reader.language {
                // The language has full stops of its own.
                reader = self.reader(voice: nil, language: nil)
                found = reader.scanner(detecting: true).next(bytes, from: start) ?? found
            }
            return (found, reader.read(bytes, found))
        }
        guard let (found, sentences) = found ?? nil else { return nil }
        position = found.next
        return sentences
    }

    /// Scans no further than the next boundary that the markup sets.
    private mutating func nextMarked(_ marked: MarkedText) -> [Sentence]? {
        let count = marked.bytes.count
        guard position < count || position == 0 && !(marked.items.isEmpty && marked.marks.isEmpty) else { return nil }
        let start = position
        let boundary = marked.boundary(after: start)
        let limit = max(boundary.at, start)
        let opening = marked.style(at: start)
        var scanner = reader(voice: opening.voice, language: opening.language).scanner(detecting: track != nil)
        return marked.bytes.withUnsafeBufferPointer { bytes in
            let part = UnsafeBufferPointer(rebasing: bytes[..<limit])
            func next() -> SentenceScanner.Found {
                scanner.next(part, from: start, marked: marked)
                    ?? .init(range: limit..<limit, endsParagraph: true, next: limit)
            }
            var found = next()
            if opening.language == nil, let before = track?.current,
                let language = track?.language(of: found, in: bytes, scanner: scanner, marked: marked),
                language != before
            {
                scanner = reader(voice: opening.voice, language: nil).scanner(detecting: true)
                found = next()
            }
            let atBoundary = found.next >= limit
            if atBoundary { found.endsParagraph = boundary.kind == .paragraph || limit >= count }
            position = found.next
            // What stands at the very end belongs to the last sentence.
            let isLast = found.next >= count
            let end = isLast ? count + 1 : found.next
            if isLast { position = count + 1 }
            // A mark after the sentence and its blanks waits for what is said next.
            let marksEnd = isLast ? count + 1 : min(found.range.upperBound + 1, limit)
            let marks = marked.marks(in: marksFrom..<max(marksFrom, marksEnd))
            marksFrom = max(marksFrom, marksEnd)
            let style = marked.style(at: min(found.range.lowerBound, max(0, count - 1)))
            let reader = reader(voice: style.voice, language: style.language)
            var sentences = reader.read(
                bytes, found, marked: marked, span: start..<end, marks: marks,
                others: stretches(marked, start..<end, style.voice))
            for index in sentences.indices { sentences[index].voice = style.voice }
            if atBoundary, boundary.kind == .part, limit < count, let last = sentences.indices.last {
                // A voice that changes within a sentence makes no more than a short pause.
                let mark = sentences[last].phonemes.last
                sentences[last].continues = mark.map { !PhonemeSet.sentenceEnds.contains($0) } ?? false
            }
            return sentences
        }
    }

    /// The parts of a span that are read in different languages; none where one reader reads it all.
    private mutating func stretches(_ marked: MarkedText, _ span: Range<Int>, _ voice: String?)
        -> [(reader: any StretchReader, span: Range<Int>)]
    {
        var stretches: [(reader: any StretchReader, span: Range<Int>)] = []
        var start = span.lowerBound
        var language = marked.style(at: start).language
        for change in marked.languageChanges(in: span) {
            let isEnglish = [language, change.language].allSatisfy { self.language(voice, $0).accent != nil }
            if !isEnglish {
                stretches.append((reader(voice: voice, language: language), start..<change.at))
                start = change.at
            }
            language = change.language
        }
        guard !stretches.isEmpty else { return [] }
        return stretches + [(reader(voice: voice, language: language), start..<span.upperBound)]
    }

    /// The language that a place is read in: what the markup says, or what was found, in the region of the voice.
    private func language(_ voice: String?, _ language: Language?) -> Language {
        let own = (voice.flatMap { sequence.voices[$0] } ?? sequence.reading).language
        return language ?? track.map { $0.current.code == own.code ? own : $0.current } ?? own
    }

    private mutating func reader(voice: String?, language: Language?) -> any StretchReader {
        let language = self.language(voice, language)
        let key = "\(language) \(voice ?? "")"
        if let known = readers[key] { return known }
        let own = voice.flatMap { sequence.voices[$0] } ?? sequence.reading
        let reader: any StretchReader
        if let rules = sequence.languages[language] {
            reader = LanguageReader(rules: rules, frontend: frontend, lexicons: own.lexicons)
        } else {
            // English words have the accent of the voice unless the markup gives them one.
            let accent = language.accent ?? .american
            reader = SentenceReader(
                frontend: frontend, accent: accent, lexicons: own.lexicons, base: own.language.accent ?? accent)
        }
        // Only a document of very many mixes has more.
        if readers.count > 64 { readers.removeAll() }
        readers[key] = reader
        return reader
    }
}
