import FoundationEssentials
import SpeechSignal

/// Names and words of our time that the lexicon lacks or has otherwise (data/frontend/names.tsv): brands, programs,
/// people, places.
struct NameTable: Sendable {
    private struct Name {
        var written: Letters
        var american: Phonemes
        var british: Phonemes
    }

    /// By the name in small letters.
    private let names: [Letters: Name]

    init(folder: URL) throws(FrontendError) {
        var names: [Letters: Name] = [:]
        try Tables.rows(folder, "names.tsv", columns: 2) {
            let written = Letters($0[0])
            names[written.lowercased()] = Name(
                written: written, american: Phonemes(symbols: $0[1]),
                british: Phonemes(symbols: $0.count > 2 ? $0[2] : $0[1]))
        }
        self.names = names
    }

    /// A name in small letters stands for itself however it is written; one with capitals for itself and for all
    /// capitals.
    func phonemes(_ word: Letters, accent: Accent) -> Phonemes? {
        guard let name = names[word.lowercased()],
            name.written.isLower || name.written == word || word.isUpper && word.count > 1
        else { return nil }
        return accent == .american ? name.american : name.british
    }
}
