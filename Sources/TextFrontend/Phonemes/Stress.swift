import SpeechSignal

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
    var hasPrimary: Bool { contains(.primaryStress) }

    func applying(_ change: StressChange?) -> Phonemes {
        guard let change else { return self }
        let primary = Phoneme.primaryStress
        let secondary = Phoneme.secondaryStress
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
    private func marking(_ mark: Phoneme) -> Phonemes {
        guard let vowel = firstIndex(where: \.isVowel) else { return self }
        var result = self
        result.insert(mark, at: vowel)
        return result
    }

    /// Length as compounds weigh it: diphthongs and affricates count twice.
    var weight: Int {
        reduce(0) { $0 + (heavySounds.contains($1) ? 2 : 1) }
    }

    /// What a following sound tells the word before it: a vowel, a consonant, or a pause (nil).
    func onset(otherwise next: Onset) -> Onset {
        for code in self {
            // The article of "to a friend" tells nothing: the networks learned "to" by what follows it.
            if code == article { continue }
            if code.isVowel { return .vowel }
            if code.isConsonant { return .consonant }
            if code.isPause { return .pause }
        }
        return next
    }
}

/// English "a".
private let article: Phoneme = "ɐ"
private let heavySounds: PhonemeSet = "AIOQWYʤʧ"

/// The first sound of what follows a word.
enum Onset: UInt8 { case pause, consonant, vowel }
