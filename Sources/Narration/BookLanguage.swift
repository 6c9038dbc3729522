public import Books
import Foundation
public import SpeechSignal

extension Book {
    /// The language to narrate the book in, from what it says of itself.
    ///
    /// - Parameter spoken: `Synthesizer.languages`
    /// - Returns: nil where the book does not say, and for English, which every voice speaks its own way
    /// - Throws: `NarrationError.language` for a language that is not spoken
    public func language(among spoken: [Language]) throws(NarrationError) -> Language? {
        let tag = (language ?? "").trimmingCharacters(in: .whitespaces)
        guard !Self.isUnsaid(tag) else { return nil }
        guard let known = try? Language(tag: tag), spoken.contains(known) else {
            throw .language(tag: tag, spoken: spoken.map(\.rawValue))
        }
        return known.accent == nil ? known : nil
    }

    /// Whether a tag names no language: that of undetermined, several or no languages, and what is no tag at all.
    private static func isUnsaid(_ tag: String) -> Bool {
        let primary = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
        let isTag = (2...3).contains(primary.utf8.count) && primary.utf8.allSatisfy { $0 >= 97 && $0 <= 122 }
        return !isTag || ["und", "mul", "zxx", "mis"].contains(primary)
    }
}
