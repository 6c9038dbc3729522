internal import Foundation
private import SpeechSignal

/// symbols.json: the phonemes of the weights beside it, a JSON list of strings of one Unicode scalar each.
enum AlphabetFile {
    /// Checks that the weights were trained on the alphabet that is compiled in, `Phoneme.alphabet`.
    ///
    /// - Throws: `VoiceModelError.alphabet`, `.missingFile`
    static func check(_ url: URL) throws(VoiceModelError) {
        let path = url.path(percentEncoded: false)
        guard let data = try? Data(contentsOf: url) else { throw .missingFile(path: path) }
        guard (try? JSONDecoder().decode([String].self, from: data)) == Phoneme.alphabet.map({ String($0) }) else {
            throw .alphabet(path: path)
        }
    }
}
