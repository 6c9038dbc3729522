import Foundation
import SpeechSignal
import TextFrontend

/// What holds for every sentence, whatever the text was.
struct SentenceCheck {
    /// What is wrong with sentences of a text; nil if nothing is.
    func problem(in sentences: some Sequence<Sentence>, of text: String) -> String? {
        let bytes = Array(text.utf8)
        var end = 0
        for sentence in sentences {
            if sentence.range.lowerBound < end || sentence.range.upperBound > bytes.count {
                return "sentence \(sentence.range)"
            }
            end = sentence.range.upperBound
            if String(decoding: bytes[sentence.range], as: UTF8.self) != sentence.text {
                return "text of \(sentence.range)"
            }
            let count = sentence.phonemes.count
            if count > 400 { return "\(count) phonemes" }
            if sentence.phonemes.contains(.pad) { return "a pad" }
            for word in sentence.words {
                if word.range.lowerBound < 0 || word.range.upperBound > bytes.count { return "word \(word.range)" }
                if word.phonemeRange.upperBound > count { return "phonemes \(word.phonemeRange)" }
            }
            for expansion in sentence.expansions where expansion.range.upperBound > bytes.count {
                return "expansion \(expansion.range)"
            }
        }
        return nil
    }
}
