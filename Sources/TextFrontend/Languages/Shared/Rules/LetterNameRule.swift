/// Single letters that are no words: la letra B, J. L. Borges, x.
enum LetterNameRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        let token = line.tokens[i]
        guard token.text.unicodeScalars.count == 1 else { return nil }
        let lower = token.text.lowercased()
        let isInitial = line.joined(i + 1, ".") && token.isUpper && i + 2 < line.count
        if line.rules.singleLetterWords.contains(lower), !isInitial {
            // "Y" begins a sentence, or all is in capitals; "vitamina A" is the letter.
            guard token.isUpper, !line.isShouted, i > 0, line.kind(i - 1) == .letters, !line.touches(i) else {
                return nil
            }
        }
        guard line.tables.letters[lower] != nil else { return nil }
        return Reading(.acronym, to: isInitial ? i + 2 : i + 1, [.letters(token.text.uppercased())])
    }
}

/// Letters and digits in one: B2, A-4, COVID-19, 4K, MP3.
enum SerialCodeRule {
    /// Versions and sections: 3.2.1.
    static func readVersion(_ line: LanguageLine, at i: Int) -> Reading? {
        // 1.000.000 is a number.
        guard line.joined(i + 1, "."), line.number(i)?.isGrouped == false else { return nil }
        var words: [String] = []
        var end = i
        while let digits = line.digits(end), digits.utf8.count < 6, end == i || line.touches(end) {
            words += digits.utf8.first == 48 ? line.numbers.digits(digits) : line.numbers.cardinal(digits, .alone)
            guard line.joined(end + 1, "."), line.touches(end + 2), line.digits(end + 2) != nil else {
                return end > i + 2 && line.ends(end + 1) ? Reading(.serial, to: end + 1, words: words) : nil
            }
            words += line.words.dot.split(separator: " ").map(String.init)
            end += 2
        }
        return nil
    }

    /// Digits that letters touch: 3D, 4x4.
    static func readDigits(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let digits = line.digits(i), line.touches(i + 1), let letters = line.letters(i + 1),
            // 5M is a number; 4K is a screen.
            letters.utf8.count < 4, line.tables.scales[letters] == nil || letters == "K"
        else {
            return nil
        }
        if letters.lowercased() == "x", line.touches(i + 2), let second = line.digits(i + 2) {
            return Reading(
                .math, to: i + 3,
                words: line.numbers.cardinal(digits, .alone) + [line.words.times]
                    + line.numbers.cardinal(second, .alone))
        }
        return Reading(
            .serial, to: i + 2, line.numbers.cardinal(digits, .alone).map(Spoken.word) + spelled(line, letters))
    }

    /// Letters that digits touch, or a dash and digits: B2, A-4.
    static func readLetters(_ line: LanguageLine, at i: Int) -> Reading? {
        let token = line.tokens[i]
        let isDashed = line.joined(i + 1, "-") && line.touches(i + 2)
        let place = isDashed ? i + 2 : i + 1
        guard line.touches(place), let digits = line.digits(place), token.text.utf8.count < 8,
            !line.touches(place + 1) || line.ends(place + 1) || isDashed
        else { return nil }
        let isShort = token.text.unicodeScalars.count < 4 && token.isUpper || token.text.unicodeScalars.count == 1
        let isWord = !isShort || token.text.unicodeScalars.count > 1 && line.rules.isWord(acronym: token.text)
        if isDashed, isWord, !token.isUpper { return nil }
        let number =
            digits.utf8.first == 48 && digits.utf8.count > 1
            ? line.numbers.digits(digits) : line.numbers.cardinal(digits, .alone)
        let name = isWord ? [Spoken.word(token.text)] : spelled(line, token.text)
        return Reading(.serial, to: place + 1, name + number.map(Spoken.word))
    }

    private static func spelled(_ line: LanguageLine, _ letters: String) -> [Spoken] {
        [.letters(letters.uppercased())]
    }
}
