/// Which capitals Spanish and Portuguese say as a word: OTAN, but not PSOE.
enum IberianAcronyms {
    /// Whether capitals can be said as a word: syllables of at most two consonants and a vowel, ending in a vowel or in a
    /// consonant that words end in.
    static func isWord(_ capitals: String) -> Bool {
        let letters = Array(capitals.lowercased().unicodeScalars)
        guard letters.count > 2, letters.allSatisfy({ ("a"..."z").contains($0) || $0.value >= 0x80 }) else {
            return false
        }
        var run = 0
        var syllables = 0
        for (i, letter) in letters.enumerated() {
            if isVowel(letter) {
                if i == 0 || !isVowel(letters[i - 1]) { syllables += 1 }
                run = 0
                continue
            }
            run += 1
            guard run <= 2, !(i > 0 && letters[i - 1] == letter && letter != "r" && letter != "l") else { return false }
            // Two at the start or within: a stop or f and a liquid, or one that closes the syllable before.
            if run == 2 {
                let pair = (letters[i - 1], letter)
                let isCluster = "bcdfgpt".unicodeScalars.contains(pair.0) && (pair.1 == "r" || pair.1 == "l")
                let closes = i > 1 && "nmlrsxzcdpt".unicodeScalars.contains(pair.0)
                guard isCluster || closes && i + 1 < letters.count else { return false }
            }
        }
        guard syllables > 0, let last = letters.last else { return false }
        // "PSOE" begins with none of these; "IVA", "ONU", "OTAN", "FIFA" do.
        return isVowel(last) || run == 1 && "nslrdzmcx".unicodeScalars.contains(last) && letters.count > 3
    }

    private static func isVowel(_ letter: Unicode.Scalar) -> Bool {
        "aeiouáâãàéêíóôõúü".unicodeScalars.contains(letter)
    }
}
