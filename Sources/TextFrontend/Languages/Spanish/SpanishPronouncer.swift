import SpeechSignal

/// Gives the words of a Spanish sentence their phonemes: lexicon or spelling, weak words without stress, and then the
/// sounds that neighbors shape across words.
struct SpanishPronouncer: Sendable {
    private let sounds: SpanishSounds
    /// Words that are not said as they are spelled.
    private let lexicon: [String: Phonemes]
    private let letters: [String: String]
    private let cache = WordCache()

    init(tables: LanguageTables, isSeseo: Bool) {
        sounds = SpanishSounds(isSeseo: isSeseo)
        letters = tables.letters
        // A few hundred rows: made at once, so that none can fail later.
        let sounds = sounds
        lexicon = tables.lexicon.mapValues { rows in
            let row = isSeseo && rows.count > 1 ? rows[1] : rows[0]
            if row.hasPrefix("/") { return Phonemes(symbols: row.dropFirst().dropLast()) }
            return Phonemes(row.split(separator: " ").map { sounds.phonemes(String($0)) }.joined())
        }
    }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) {
        for i in pieces.indices where !pieces[i].isOwn {
            switch pieces[i].kind {
            case .word(let letters): pieces[i].phonemes = word(letters)
            case .spelled(let letters): pieces[i].phonemes = spelled(String(decoding: letters, as: UTF8.self))
            case .phonemes, .punctuation, .pause: break
            }
        }
        stressAlone(&pieces)
        SpanishAllophones.apply(to: &pieces)
    }

    private func word(_ letters: Letters) -> Phonemes {
        cache.value(letters) {
            let written = String(decoding: letters, as: UTF8.self)
            let lower = written.lowercased()
            if let weak = Self.weak[lower] { return known(lower).applying(weak) }
            guard lower.utf8.contains(UInt8(ascii: "-")) else { return known(lower) }
            return Phonemes(lower.split(separator: "-").map { known(String($0)) }.joined())
        }
    }

    private func known(_ word: String) -> Phonemes {
        if let entry = lexicon[word] { return entry }
        let bare = word.filter { $0 != "'" }
        // The plural of a foreign word: webs, emails.
        if bare.hasSuffix("s"), let stem = lexicon[String(bare.dropLast())] { return stem + ["s"] }
        let phonemes = sounds.phonemes(bare)
        // Consonants alone are named.
        return phonemes.contains(where: \.isVowel) || bare.unicodeScalars.count > 4 ? phonemes : spelled(bare)
    }

    /// Letters by their names in one word, the last one stressed.
    private func spelled(_ text: String) -> Phonemes {
        var phonemes = Phonemes()
        for letter in text.lowercased() {
            for name in letters[String(letter), default: ""].split(separator: " ") {
                phonemes += known(String(name)).applying(.weaken)
            }
        }
        if let last = phonemes.lastIndex(of: .secondaryStress) { phonemes[last] = .primaryStress }
        return phonemes
    }

    /// Weak words are stressed where nothing else in the sentence is.
    private func stressAlone(_ pieces: inout [SentenceReader.Piece]) {
        guard !pieces.contains(where: { $0.phonemes.hasPrimary }),
            let last = pieces.lastIndex(where: { piece in
                if case .word = piece.kind { return !piece.isOwn }
                return false
            })
        else { return }
        pieces[last].phonemes = pieces[last].phonemes.applying(.primary)
    }

    /// Words that lean on their neighbors: without stress, those of two syllables with a lesser one.
    private static let weak: [String: StressChange] = {
        var words: [String: StressChange] = [:]
        let light =
            "el la los las lo le les me te se nos os mi mis tu tus su sus de del a al en con por que y e o u si sin quien quienes"
        for word in light.split(separator: " ") { words[String(word)] = StressChange.none }
        let heavy =
            "para pero sobre entre desde hasta hacia cuanto cuanta cuantos cuantas adonde cuando como donde porque aunque mientras bajo ante nuestro nuestra nuestros nuestras vuestro "
            + "vuestra vuestros vuestras sino"
        for word in heavy.split(separator: " ") { words[String(word)] = .demote }
        return words
    }()
}

/// Sounds that neighbors shape, within words and across them up to a pause.
private enum SpanishAllophones {
    private static let nasals: PhonemeSet = "mnŋɲ"

    static func apply(to pieces: inout [SentenceReader.Piece]) {
        var previous: Phoneme?
        for i in pieces.indices {
            switch pieces[i].kind {
            case .punctuation:
                if pieces[i].phonemes.contains(where: \.isPause) { previous = nil }
                continue
            case .pause:
                previous = nil
                continue
            case .phonemes, .word, .spelled: break
            }
            guard !pieces[i].isOwn else {
                previous = pieces[i].phonemes.last { $0.isSound } ?? previous
                continue
            }
            let last = pieces[i].phonemes.count - 1
            for k in pieces[i].phonemes.indices {
                let sound = pieces[i].phonemes[k]
                guard sound.isSound else { continue }
                var shaped = sound
                switch sound {
                // Stops at the beginning, after nasals, and where the sentence pauses after them.
                case "b", "d", "ɡ":
                    guard let previous, !nasals.contains(previous), k < last || following(pieces, i, k) != nil else {
                        break
                    }
                    shaped = sound == "b" ? "β" : sound == "ɡ" ? "ɣ" : previous == "l" ? "d" : "ð"
                case "ʝ": if previous == "n" || previous == "m" { shaped = "ʤ" }
                case "n":
                    switch following(pieces, i, k) {
                    case "b", "p", "f": shaped = "m"
                    case "k", "ɡ", "x": shaped = "ŋ"
                    default: break
                    }
                default: break
                }
                pieces[i].phonemes[k] = shaped
                previous = shaped
            }
        }
    }

    /// The sound after a place; nil before a pause.
    private static func following(_ pieces: [SentenceReader.Piece], _ piece: Int, _ place: Int) -> Phoneme? {
        if let sound = pieces[piece].phonemes[(place + 1)...].first(where: \.isSound) { return sound }
        for next in pieces[(piece + 1)...] {
            switch next.kind {
            case .pause: return nil
            case .punctuation where next.phonemes.contains(where: \.isPause): return nil
            default: if let sound = next.phonemes.first(where: \.isSound) { return sound }
            }
        }
        return nil
    }
}
