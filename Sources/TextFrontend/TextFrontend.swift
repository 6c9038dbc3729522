public import FoundationEssentials

/// English text to phonemes.
///
/// ```swift
/// let frontend = try TextFrontend(data: URL(filePath: "data"))
/// for sentence in frontend.sentences(in: "Dr. Smith paid $20.", accent: .british) {
///     print(sentence.phonemes)
/// }
/// ```
///
/// A frontend is a handful of mapped files and small tables: share one between threads. Reading never fails, whatever
/// the text; what cannot be read is silent and shows up in `Sentence.expansions`.
public struct TextFrontend: Sendable {
    let lexicon: Lexicon
    let tagger: Tagger
    let homographs: Homographs
    var normalizer: Normalizer
    let scanner: SentenceScanner
    let spelling: SpellingModel
    let unicode: UnicodeTable

    /// How emoji are read; skipped unless asked for.
    public var emoji: EmojiReading {
        get { normalizer.emoji.reading }
        set { normalizer.emoji.reading = newValue }
    }

    /// - Parameter data: the folder with lexicon.bin, tagger.bin, homographs.bin, g2p.safetensors and frontend/.
    /// - Throws: `FrontendError`, or `WeightError` for g2p.safetensors, naming the file that is missing or damaged.
    public init(data: URL) throws {
        lexicon = try Lexicon(contentsOf: data.appendingPathComponent("lexicon.bin"))
        tagger = try Tagger(contentsOf: data.appendingPathComponent("tagger.bin"))
        let folder = data.appendingPathComponent("frontend")
        let tables = try Tables(folder: folder)
        normalizer = Normalizer(tables: tables, emoji: try EmojiNames(folder: folder))
        scanner = SentenceScanner(tables: tables)
        unicode = try UnicodeTable(folder: folder)
        spelling = try SpellingModel(contentsOf: data.appendingPathComponent("g2p.safetensors"))
        homographs = try Homographs(contentsOf: data.appendingPathComponent("homographs.bin"))
    }

    /// Words in the lexicon, both accents together.
    public var lexiconCount: Int { lexicon.count }

    /// How the spelling-to-sound network alone reads a word, the lexicon not asked.
    public func soundOut(_ word: String, accent: Accent) -> String {
        var speller = Speller(model: spelling, accent: accent)
        return Symbols.decode(speller.read(Letters(word.lowercased())))
    }

    /// The sentences of `text`, read one by one as they are asked for: memory does not grow with the text.
    public func sentences(in text: String, accent: Accent) -> some Sequence<Sentence> {
        SentenceSequence(frontend: self, text: text, accent: accent)
    }
}

struct SentenceSequence: Sequence {
    let frontend: TextFrontend
    let text: String
    let accent: Accent

    func makeIterator() -> SentenceIterator { SentenceIterator(frontend: frontend, text: text, accent: accent) }
}

struct SentenceIterator: IteratorProtocol {
    private var text: String
    private var position = 0
    private var ready: [Sentence] = []
    private let frontend: TextFrontend
    private let reader: SentenceReader

    init(frontend: TextFrontend, text: String, accent: Accent) {
        self.frontend = frontend
        self.text = text
        self.text.makeContiguousUTF8()
        reader = SentenceReader(frontend: frontend, accent: accent)
    }

    mutating func next() -> Sentence? {
        while ready.isEmpty {
            let start = position
            let found = text.utf8.withContiguousStorageIfAvailable { bytes -> (SentenceScanner.Found, [Sentence])? in
                guard let found = frontend.scanner.next(bytes, from: start) else { return nil }
                return (found, reader.read(bytes, found))
            }
            guard let (found, sentences) = found ?? nil else { return nil }
            position = found.next
            ready = sentences.reversed()
        }
        return ready.removeLast()
    }
}
