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
        guard let tag = Self.said(language) else { return nil }
        guard let known = Self.known(tag, among: spoken) else {
            throw .language(tag: tag, spoken: spoken.map(\.rawValue))
        }
        return known.accent == nil ? known : nil
    }

    /// The language to narrate a chapter in.
    ///
    /// A chapter that declares another language than the book is read in it. A tag that differs by its region alone,
    /// one of a language that is not spoken, and none at all leave the book's.
    ///
    /// - Parameters:
    ///   - index: the chapter's, from 0
    ///   - language: that of the book, as ``language(among:)`` gives it
    ///   - spoken: `Synthesizer.languages`
    /// - Returns: nil for English, which every voice speaks its own way
    public func language(ofChapter index: Int, in language: Language?, among spoken: [Language]) -> Language? {
        guard let tag = Self.said(chapters[index].language), let known = Self.known(tag, among: spoken),
            known.code != (language ?? .americanEnglish).code
        else { return language }
        return known.accent == nil ? known : nil
    }

    /// Chapters, from 0, that declare a language that is not spoken.
    public func unspokenChapters(among spoken: [Language]) -> [Int] {
        chapters.indices.filter { index in
            Self.said(chapters[index].language).map { Self.known($0, among: spoken) == nil } ?? false
        }
    }

    /// Forgets what the book declares about languages, so that all of it is read in the language that is asked for.
    public mutating func forgetLanguages() {
        language = nil
        for index in chapters.indices { chapters[index].language = nil }
    }

    private static func known(_ tag: String, among spoken: [Language]) -> Language? {
        (try? Language(tag: tag)).flatMap { spoken.contains($0) ? $0 : nil }
    }

    /// A tag that names a language; nil for that of undetermined, several or no languages, and for what is not a tag at
    /// all.
    private static func said(_ language: String?) -> String? {
        let tag = (language ?? "").trimmingCharacters(in: .whitespaces)
        let primary = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
        let isTag = (2...3).contains(primary.utf8.count) && primary.utf8.allSatisfy { $0 >= 97 && $0 <= 122 }
        return isTag && !["und", "mul", "zxx", "mis"].contains(primary) ? tag : nil
    }
}
