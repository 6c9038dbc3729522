import SpeechSignal

/// Phonemes as American dictionaries write them: HH AH0 L OW1.
enum ARPAbet {
    private static let vowels = [
        "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ", "EY": "A", "IH": "ɪ",
        "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u",
    ]
    /// What is heard of these without stress.
    private static let weak = ["AH": "ə", "ER": "əɹ"]
    private static let consonants = [
        "B": "b", "CH": "ʧ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l",
        "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v",
        "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
    ]
    private static let stresses: [Character: String] = ["0": "", "1": "ˈ", "2": "ˌ"]

    /// - Returns: nil unless all of the text is ARPAbet: two symbols or more, a vowel with its figure for stress among
    ///   them.
    static func phonemes(_ text: String) -> Phonemes? {
        let symbols = text.split(separator: " ").map(String.init)
        guard symbols.count > 1 else { return nil }
        var result = ""
        var hasVowel = false
        for symbol in symbols {
            if let consonant = consonants[symbol] {
                result += consonant
                continue
            }
            guard let figure = symbol.last, let stress = stresses[figure], let vowel = vowels[String(symbol.dropLast())]
            else { return nil }
            result += stress + (figure == "0" ? weak[String(symbol.dropLast())] ?? vowel : vowel)
            hasVowel = true
        }
        return hasVowel ? Transcription.lenient(result) : nil
    }
}
