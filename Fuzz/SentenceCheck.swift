import Foundation
import TextFrontend

/// What holds for every sentence, whatever the text was.
struct SentenceCheck {
    private let symbols: Set<Unicode.Scalar>

    /// - Parameter data: the folder with symbols.json.
    init(data: URL) throws {
        symbols = Set(
            try JSONDecoder().decode([String].self, from: Data(contentsOf: data.appending(path: "symbols.json")))
                .compactMap(\.unicodeScalars.first))
    }

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
            let scalars = Array(sentence.phonemes.unicodeScalars)
            if scalars.count > 400 { return "\(scalars.count) phonemes" }
            for scalar in scalars where !symbols.contains(scalar) { return "symbol \(scalar)" }
            for word in sentence.words {
                if word.range.lowerBound < 0 || word.range.upperBound > bytes.count { return "word \(word.range)" }
                if word.phonemeRange.upperBound > scalars.count { return "phonemes \(word.phonemeRange)" }
            }
            for expansion in sentence.expansions where expansion.range.upperBound > bytes.count {
                return "expansion \(expansion.range)"
            }
        }
        return nil
    }
}
