public import FoundationEssentials
public import SpeechSignal
internal import Tensor

/// Converts text to phonemes. English is loaded at once, another language when it is first used.
///
/// ```swift
/// let frontend = try TextFrontend(data: URL(filePath: "data"))
/// for sentence in frontend.sentences(in: "Dr. Smith paid $20.", accent: .british) {
///     print(sentence.phonemes)
/// }
/// ```
///
/// A frontend is immutable; share one between threads. Reading never fails, whatever
/// the text; what cannot be read is silent and shows up in `Sentence.expansions`.
public struct TextFrontend: Sendable {
    let lexicon: Lexicon
    let names: NameTable
    /// Names that the lexicon lacks.
    let nameLexicon: Lexicon
    let tagger: Tagger
    let homographs: HomographModel
    var normalizer: Normalizer
    let scanner: SentenceScanner
    let spelling: SpellingModel
    let unicode: UnicodeTable
    let shelf: LanguageShelf

    /// How emoji are read; skipped unless asked for.
    public var emoji: EmojiReading {
        get { normalizer.emoji.reading }
        set { normalizer.emoji.reading = newValue }
    }

    /// - Parameter data: the folder with lexicon.bin, names.bin, tagger.bin, homographs.safetensors, g2p.safetensors
    ///   and frontend/.
    /// - Throws: `FrontendError`, or `WeightError` for *.safetensors, naming the file that is missing or damaged.
    public init(data: URL) throws {
        lexicon = try Lexicon(contentsOf: data.appendingPathComponent("lexicon.bin"))
        nameLexicon = try Lexicon(contentsOf: data.appendingPathComponent("names.bin"))
        tagger = try Tagger(contentsOf: data.appendingPathComponent("tagger.bin"))
        let folder = data.appendingPathComponent("frontend")
        let tables = try Tables(folder: folder)
        names = try NameTable(folder: folder)
        unicode = try UnicodeTable(folder: folder)
        normalizer = Normalizer(
            tables: tables, unicode: unicode, lexicon: lexicon, emoji: try EmojiNames(folder: folder))
        scanner = SentenceScanner(stops: EnglishFullStops(tables: tables))
        shelf = LanguageShelf(folder: folder)
        spelling = try SpellingModel(contentsOf: data.appendingPathComponent("g2p.safetensors"))
        homographs = try HomographModel(contentsOf: data.appendingPathComponent("homographs.safetensors"))
    }

    /// Words in the lexicon, both accents together.
    public var lexiconCount: Int { lexicon.count }

    /// The phonemes that the grapheme-to-phoneme network alone gives a word, without the lexicon.
    public func soundOut(_ word: String, accent: Accent) -> String {
        var speller = Speller(model: spelling, accent: accent)
        return speller.read(Letters(word.lowercased())).symbols
    }

    /// The ways to read a homograph among the words of a sentence, with their probabilities; none where word `i` is not
    /// a homograph.
    ///
    /// - Parameter words: words and marks, each by itself.
    public func readings(of i: Int, in words: [String], accent: Accent) -> [(phonemes: String, probability: Float)] {
        let inputs = words.map { Tagger.Input(Array($0.utf8)) }
        guard inputs.indices.contains(i), let homograph = homographs.homograph(inputs[i].lower) else { return [] }
        var workspace = HomographWorkspace()
        let scores = homographs.scores(homograph, inputs, tagger.tag(inputs), i, workspace: &workspace)
        var chances = Matrix(rows: 1, columns: scores.count, elements: scores)
        chances.softmax()
        return zip(homograph.senses, chances.elements).map {
            ((accent == .american ? $0.american : $0.british).symbols, $1)
        }
    }

    /// The supported languages, in the order of `Language.allCases`.
    public var languages: [Language] {
        Language.allCases.filter { $0.accent != nil || LanguageShelf.makers[$0.code] != nil }
    }

    /// The language of a sentence or a longer text; nil if it cannot be detected, as for names and figures.
    ///
    /// ```swift
    /// try frontend.language(of: "Ya es tarde.", among: frontend.languages)  // .europeanSpanish
    /// ```
    ///
    /// - Parameter languages: those that it may be; of regions of one language the first counts
    /// - Throws: `FrontendError` where the table of languages cannot be read
    public func language(of text: String, among languages: [Language]) throws(FrontendError) -> Language? {
        let detector = try shelf.detector()
        var text = text
        return text.withUTF8 { detector.language(of: $0, in: 0..<$0.count, among: languages.oneOfEach) }
    }

    /// Loads the tables of all languages, which are otherwise loaded when they are first used.
    ///
    /// - Returns: `languages`
    /// - Throws: `FrontendError` naming a table that is missing or damaged
    public func loadedLanguages() throws(FrontendError) -> [Language] {
        _ = try (rules(of: Set(languages)), shelf.detector())
        return languages
    }

    /// The sentences of an English text, read one by one as they are asked for: memory does not grow with the text.
    ///
    /// - Parameter lexicons: users' words; the first that has a word wins.
    public func sentences(in text: String, accent: Accent, lexicons: [UserLexicon] = []) -> some Sequence<Sentence> {
        SentenceSequence(frontend: self, english: text, accent: accent, lexicons: lexicons)
    }

    /// The sentences of a text in any of the `languages`, read one by one.
    ///
    /// ```swift
    /// for sentence in try frontend.sentences(in: "Son las 8:30.", reading: ReadingStyle(language: .europeanSpanish)) {
    ///     print(sentence.spoken)  // son las ocho y media
    /// }
    /// ```
    ///
    /// - Throws: `FrontendError` where the language is not there or its data cannot be read
    public func sentences(in text: String, reading: ReadingStyle) throws(FrontendError) -> some Sequence<Sentence> {
        try SentenceSequence(frontend: self, text: .plain(text), reading: reading)
    }

    /// The sentences of a document with markup, read one by one.
    ///
    /// - Parameters:
    ///   - reading: how to read what no voice element is around.
    ///   - voices: how to read where the document asks for a voice, by `MarkedText.VoiceUse.name`.
    /// - Throws: `FrontendError` where a language of the document is not there or its data cannot be read
    public func sentences(in text: MarkedText, reading: ReadingStyle, voices: [String: ReadingStyle] = [:])
        throws(FrontendError) -> some Sequence<Sentence>
    {
        try SentenceSequence(frontend: self, text: .marked(text), reading: reading, voices: voices)
    }

    /// The rules of languages; English has none, its own reader reads it.
    func rules(of languages: Set<Language>) throws(FrontendError) -> [Language: any LanguageRules] {
        var rules: [Language: any LanguageRules] = [:]
        for language in languages where language.accent == nil { rules[language] = try shelf.rules(of: language) }
        return rules
    }

    /// What reads plain text, by language.
    func readers(_ reading: ReadingStyle) throws(FrontendError) -> [Language: any StretchReader] {
        let rules = try rules(of: Set(reading.languages))
        var readers: [Language: any StretchReader] = [:]
        for language in reading.languages {
            readers[language] =
                if let rules = rules[language] {
                    LanguageReader(rules: rules, frontend: self, lexicons: reading.lexicons)
                } else {
                    SentenceReader(frontend: self, accent: language.accent ?? .american, lexicons: reading.lexicons)
                }
        }
        return readers
    }
}

/// The language and pronunciations that a voice reads with.
public struct ReadingStyle: Sendable, Equatable {
    /// The language of text for which the markup names none.
    public var language: Language
    /// Users' words; the first lexicon that has a word wins.
    public var lexicons: [UserLexicon]
    /// The languages to detect among, one region of each; empty: all are in `language`.
    public private(set) var detected: [Language] = []

    /// How a voice reads a language.
    public init(language: Language, lexicons: [UserLexicon] = []) {
        self.language = language
        self.lexicons = lexicons
    }

    /// The same, but each sentence is read in the language that it is found to be of. One that does not say is read as
    /// the sentence before it, and a text that never says in `language`.
    ///
    /// - Parameter languages: those that it may be; of regions of one language that of `language` counts, or else the
    ///   first
    public func detecting(_ languages: [Language]) -> ReadingStyle {
        var style = self
        style.detected = ([language] + languages).oneOfEach
        return style
    }

    /// How a voice of this accent reads English.
    public init(accent: Accent, lexicons: [UserLexicon] = []) {
        self.init(language: Language(accent), lexicons: lexicons)
    }

    /// All that are read without being marked up.
    var languages: [Language] { detected.isEmpty ? [language] : detected }

    /// The English accent; American where another language is read.
    public var accent: Accent { language.accent ?? .american }
}

extension [Language] {
    /// The first region of each language.
    var oneOfEach: [Language] {
        enumerated().filter { place, language in !self[..<place].contains { $0.code == language.code } }.map(\.element)
    }
}
