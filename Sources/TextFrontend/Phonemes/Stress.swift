/// How a word's stress is changed by its place in the sentence.
///
/// The rules are misaki's (Apache-2.0), because the acoustic model learned speech phonemized by them.
enum StressChange {
    /// Drop every mark.
    case none
    /// Primary becomes secondary.
    case demote
    /// Primary becomes secondary; without any mark, a secondary one is added.
    case weaken
    /// Without any mark, a secondary one is added.
    case atLeastSecondary
    /// Secondary becomes primary where there is no primary; without any mark, a primary one is added.
    case primary
}

extension Phonemes {
    var hasPrimary: Bool { contains(Symbols.primary) }

    func applying(_ change: StressChange?) -> Phonemes {
        guard let change else { return self }
        let primary = Symbols.primary
        let secondary = Symbols.secondary
        let marked = contains { $0 == primary || $0 == secondary }
        switch change {
        case .none:
            return filter { $0 != primary && $0 != secondary }
        case .demote:
            return compactMap { $0 == secondary ? nil : $0 == primary ? secondary : $0 }
        case .weaken:
            return contains(primary) ? applying(.demote) : marked ? self : marking(secondary)
        case .atLeastSecondary:
            return marked ? self : marking(secondary)
        case .primary:
            if contains(primary) { return self }
            return marked ? map { $0 == secondary ? primary : $0 } : marking(primary)
        }
    }

    /// The stress mark goes right before the first vowel; a word without vowels gets none.
    private func marking(_ mark: UInt8) -> Phonemes {
        guard let vowel = firstIndex(where: Symbols.isVowel) else { return self }
        var result = self
        result.insert(mark, at: vowel)
        return result
    }

    /// Length as compounds weigh it: diphthongs and affricates count twice.
    var weight: Int {
        reduce(0) { $0 + (Self.heavy[Int($1)] ? 2 : 1) }
    }

    private static var heavy: [Bool] { heavySymbols }

    /// What a following sound tells the word before it: a vowel, a consonant, or a pause (nil).
    func onset(otherwise next: Onset) -> Onset {
        for code in self {
            if Symbols.isVowel(code) { return .vowel }
            if Symbols.isConsonant(code) { return .consonant }
            if Symbols.isPause(code) { return .pause }
        }
        return next
    }
}

private let heavySymbols = Symbols.table("AIOQWYʤʧ")

/// The first sound of what follows a word.
enum Onset: UInt8 { case pause, consonant, vowel }
