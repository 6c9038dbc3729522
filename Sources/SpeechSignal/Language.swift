/// A language that text is read in, with the region where regions are read differently.
///
/// ```swift
/// let language = try Language(tag: "es-MX")  // .latinAmericanSpanish
/// print(language)                            // es-419
/// ```
///
/// The raw value is the BCP 47 tag.
public enum Language: String, Sendable, Codable, CaseIterable, CustomStringConvertible {
    /// English in General American.
    case americanEnglish = "en-US"
    /// English in Standard British.
    case britishEnglish = "en-GB"
    /// Spanish as in Spain: "cielo" with θ.
    case europeanSpanish = "es-ES"
    /// Spanish as in Latin America: "cielo" with s.
    case latinAmericanSpanish = "es-419"
    /// Italian.
    case italian = "it-IT"
    /// French of France.
    case french = "fr-FR"
    /// French of Belgium: 70 is "septante".
    case belgianFrench = "fr-BE"
    /// French of Switzerland: 80 is "huitante".
    case swissFrench = "fr-CH"
    /// Portuguese of Brazil.
    case brazilianPortuguese = "pt-BR"

    /// English in an accent.
    public init(_ accent: Accent) {
        switch accent {
        case .american: self = .americanEnglish
        case .british: self = .britishEnglish
        }
    }

    /// The language of a BCP 47 tag, such as "es", "es-MX", "ES_es" or "es-Latn-AR": the nearest supported region.
    ///
    /// - Throws: `LanguageError.unknown`, whose line lists the languages
    public init(tag: String) throws(LanguageError) {
        let subtags = tag.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" })
        let region = subtags.dropFirst().last { $0.utf8.count == 2 || $0.utf8.count == 3 && $0.allSatisfy(\.isNumber) }
        // Books have three letters too.
        switch subtags.first {
        case "en", "eng": self = region.map(Self.british.contains) == true ? .britishEnglish : .americanEnglish
        case "es", "spa":
            self = region == nil || region == "es" || region == "gq" ? .europeanSpanish : .latinAmericanSpanish
        case "it", "ita": self = .italian
        case "fr", "fra", "fre": self = region == "be" ? .belgianFrench : region == "ch" ? .swissFrench : .french
        case "pt", "por": self = .brazilianPortuguese
        default: throw .unknown(tag)
        }
    }

    private static let british: Set<Substring> = ["gb", "uk", "ie", "au", "nz", "za", "in"]

    /// The language without its region: "es".
    public var code: String { String(rawValue.prefix(2)) }

    /// Which English; nil for another language.
    public var accent: Accent? {
        switch self {
        case .americanEnglish: .american
        case .britishEnglish: .british
        default: nil
        }
    }

    /// The BCP 47 tag.
    public var description: String { rawValue }
}

/// The choice of language for a text: a language, or detection.
///
/// ```swift
/// options.languageChoice = try LanguageChoice(tag: "auto")
/// ```
public enum LanguageChoice: Sendable, Hashable, CustomStringConvertible {
    /// One language for the whole text.
    case language(Language)
    /// The language is detected for each sentence.
    case auto

    /// The choice by a BCP 47 tag, or by "auto".
    ///
    /// - Throws: `LanguageError.unknown`, whose line lists the languages
    public init(tag: String) throws(LanguageError) {
        self = tag.lowercased() == "auto" ? .auto : .language(try Language(tag: tag))
    }

    /// The language; nil if it is detected for each sentence.
    public var language: Language? {
        if case .language(let language) = self { language } else { nil }
    }

    /// The tag.
    public var description: String { language?.rawValue ?? "auto" }
}

/// An unsupported language.
public enum LanguageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A BCP 47 tag of an unsupported language.
    case unknown(String)

    /// One line: what was wrong, and the languages.
    public var description: String {
        switch self {
        case .unknown(let tag):
            "the language \"\(tag.prefix(20))\" is not supported; use one of \(Language.allCases.map(\.rawValue).joined(separator: ", "))"
        }
    }
}
