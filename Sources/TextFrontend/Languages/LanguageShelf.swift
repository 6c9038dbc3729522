import FoundationEssentials
import SpeechSignal
import Synchronization

/// The languages beside English: each is loaded when it is first asked for, and kept.
final class LanguageShelf: Sendable {
    typealias Maker = @Sendable (_ language: Language, _ folder: URL) throws(FrontendError) -> any LanguageRules

    /// How the rules of a language are made, by its code.
    static let makers: [String: Maker] = [
        "es": { language, folder throws(FrontendError) in try SpanishRules(language, folder: folder) },
        "fr": { language, folder throws(FrontendError) in try FrenchRules(language, folder: folder) },
        "it": { language, folder throws(FrontendError) in try ItalianRules(language, folder: folder) },
        "pt": { language, folder throws(FrontendError) in try PortugueseRules(language, folder: folder) },
    ]

    private let folder: URL
    private let loaded = Mutex<[Language: any LanguageRules]>([:])
    private let known = Mutex<LanguageDetector?>(nil)

    /// - Parameter folder: data/frontend
    init(folder: URL) { self.folder = folder }

    /// - Throws: `FrontendError.language` where there is none, or what its tables throw
    func rules(of language: Language) throws(FrontendError) -> any LanguageRules {
        if let known = loaded.withLock({ $0[language] }) { return known }
        guard let maker = Self.makers[language.code] else {
            throw .language(
                language, there: Language.allCases.filter { $0.accent != nil || Self.makers[$0.code] != nil })
        }
        let rules = try maker(language, folder.appendingPathComponent(language.code))
        loaded.withLock { $0[language] = rules }
        return rules
    }
    /// The language detector.
    ///
    /// - Throws: `FrontendError` where its table is missing or damaged
    func detector() throws(FrontendError) -> LanguageDetector {
        if let detector = known.withLock({ $0 }) { return detector }
        let detector = try LanguageDetector(folder: folder)
        known.withLock { $0 = detector }
        return detector
    }
}
