public import FoundationEssentials
public import SpeechSignal

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
    let names: NameTable
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
        names = try NameTable(folder: folder)
        unicode = try UnicodeTable(folder: folder)
        normalizer = Normalizer(
            tables: tables, unicode: unicode, lexicon: lexicon, emoji: try EmojiNames(folder: folder))
        scanner = SentenceScanner(tables: tables)
        spelling = try SpellingModel(contentsOf: data.appendingPathComponent("g2p.safetensors"))
        homographs = try Homographs(contentsOf: data.appendingPathComponent("homographs.bin"))
    }

    /// Words in the lexicon, both accents together.
    public var lexiconCount: Int { lexicon.count }

    /// How the spelling-to-sound network alone reads a word, the lexicon not asked.
    public func soundOut(_ word: String, accent: Accent) -> String {
        var speller = Speller(model: spelling, accent: accent)
        return speller.read(Letters(word.lowercased())).symbols
    }

    /// The sentences of `text`, read one by one as they are asked for: memory does not grow with the text.
    ///
    /// - Parameter lexicons: users' words; the first that has a word wins.
    public func sentences(in text: String, accent: Accent, lexicons: [UserLexicon] = []) -> some Sequence<Sentence> {
        SentenceSequence(
            frontend: self, text: .plain(text), reading: .init(accent: accent, lexicons: lexicons), voices: [:])
    }

    /// The sentences of a document with mark-up, read one by one.
    ///
    /// - Parameters:
    ///   - reading: how to read what no voice element is around.
    ///   - voices: how to read where the document asks for a voice, by `MarkedText.VoiceUse.name`.
    public func sentences(in text: MarkedText, reading: ReadingStyle, voices: [String: ReadingStyle] = [:])
        -> some Sequence<Sentence>
    {
        SentenceSequence(frontend: self, text: .marked(text), reading: reading, voices: voices)
    }
}

/// How a voice reads.
public struct ReadingStyle: Sendable, Equatable {
    /// The accent of the lexicon and of the rules.
    public var accent: Accent
    /// Users' words; the first lexicon that has a word wins.
    public var lexicons: [UserLexicon]

    /// How a voice of this accent reads.
    public init(accent: Accent, lexicons: [UserLexicon] = []) {
        self.accent = accent
        self.lexicons = lexicons
    }
}
