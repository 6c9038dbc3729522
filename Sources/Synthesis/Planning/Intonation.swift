import SpeechSignal
import TextFrontend

/// Which sentences end in a rise, and from where.
enum Intonation {
    /// Words that ask for something other than yes or no; questions that begin with one fall like statements.
    private static let interrogatives: Set<String> = [
        "what", "what's", "who", "who's", "whom", "whose", "which", "why", "how", "how's", "where", "where's", "when",
    ]

    /// The places in `sentence.phonemes` from the last stressed vowel to the last sound, if the sentence asks for yes
    /// or no.
    ///
    /// Questions of alternatives ("tea or coffee?") fall, too.
    static func rise(of sentence: Sentence) -> Range<Int>? {
        let phonemes = sentence.phonemes
        let sounds = phonemes.count - phonemes.reversed().prefix(while: \.isMark).count
        guard phonemes[sounds...].contains("?"), !phonemes[sounds...].contains("…") else { return nil }
        let words = sentence.words.map { $0.text.lowercased().replacing("’", with: "'") }
        guard !words.prefix(2).contains(where: interrogatives.contains), !words.contains("or") else { return nil }
        guard let stress = phonemes[..<sounds].lastIndex(of: .primaryStress) else { return nil }
        return stress..<sounds
    }
}
