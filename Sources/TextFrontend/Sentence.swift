public import SpeechSignal

/// A sentence as phonemes for the acoustic model, with the place of each word in the original text.
public struct Sentence: Sendable, Equatable {
    /// The sentence's phonemes as the networks take them: words apart by spaces, punctuation kept.
    public var phonemes: Phonemes
    /// The written words, in order.
    public var words: [Word]
    /// The sentence as written.
    public var text: String
    /// UTF-8 offsets in the original text.
    public var range: Range<Int>
    /// A blank line or the end of the text follows.
    public var endsParagraph: Bool
    /// The sentence in words, as it is spoken.
    public var spoken: String
    /// What was not read as written, in order.
    public var expansions: [Expansion]
    /// The pause after this sentence that `[pause 500ms]` requests.
    public var pauseMilliseconds: Int?
    /// This is one part of a sentence that was too long, and another part follows.
    public var continues: Bool
    /// The pauses requested within the sentence.
    public var pauses: [InnerPause] = []
    /// The styles of its stretches, in order.
    public var styles: [StyledSpan] = []
    /// The marks in it, in order.
    public var marks: [TextMark] = []
    /// The language that it begins in.
    public var language = Language.americanEnglish
    /// The voice that the markup asks for, as it stands there.
    public var voice: String?
}

/// A pause within a sentence.
public struct InnerPause: Sendable, Equatable {
    /// The place of the punctuation in `Sentence.phonemes` at which it falls.
    public var phonemeOffset: Int
    /// Its duration.
    public var milliseconds: Int

    /// A pause at a place of a sentence.
    public init(phonemeOffset: Int, milliseconds: Int) {
        self.phonemeOffset = phonemeOffset
        self.milliseconds = milliseconds
    }
}

/// An SSML mark.
public struct TextMark: Sendable, Equatable {
    /// Its name in the markup.
    public var name: String
    /// UTF-8 offset in the original text.
    public var offset: Int
    /// The place in `Sentence.phonemes` of what is spoken next; their number at the end.
    public var phonemeOffset: Int

    /// A mark at a place of the text and of a sentence.
    public init(name: String, offset: Int, phonemeOffset: Int) {
        self.name = name
        self.offset = offset
        self.phonemeOffset = phonemeOffset
    }
}

/// A written word (or number, date, …) and the stretch of phonemes that speaks it.
public struct Word: Sendable, Equatable {
    /// As written.
    public var text: String
    /// UTF-8 offsets in the original text.
    public var range: Range<Int>
    /// Its phonemes.
    public var phonemes: Phonemes
    /// Their place in `Sentence.phonemes`.
    public var phonemeRange: Range<Int>
    /// The words that it is spoken as, in order: four for "$3.50", one for a plain word.
    public var spoken: [SpokenWord]

    /// A word at a place of the text and of a sentence.
    public init(
        text: String, range: Range<Int>, phonemes: Phonemes, phonemeRange: Range<Int>, spoken: [SpokenWord] = []
    ) {
        self.text = text
        self.range = range
        self.phonemes = phonemes
        self.phonemeRange = phonemeRange
        self.spoken = spoken
    }
}

/// One of the words that a written word is spoken as.
public struct SpokenWord: Sendable, Equatable {
    /// As it would be written in full: "fifty".
    public var text: String
    /// Their place in `Sentence.phonemes`.
    public var phonemeRange: Range<Int>

    /// A spoken word at a place of a sentence.
    public init(text: String, phonemeRange: Range<Int>) {
        self.text = text
        self.phonemeRange = phonemeRange
    }
}

/// Why something is read as it is: "$20" is money and spoken "twenty dollars".
public struct Expansion: Sendable, Equatable, Codable {
    /// What kind of thing was read.
    public var category: ExpansionClass
    /// As it stands in the text.
    public var written: String
    /// As it is spoken.
    public var spoken: String
    /// UTF-8 offsets in the original text.
    public var range: Range<Int>

    /// A reading of a place in the text.
    public init(category: ExpansionClass, written: String, spoken: String, range: Range<Int>) {
        self.category = category
        self.written = written
        self.spoken = spoken
        self.range = range
    }
}
