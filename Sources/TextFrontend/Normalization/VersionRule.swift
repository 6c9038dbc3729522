/// Versions of programs and the numbers of standards: v2.0, 1.0.0-beta.3, H.264.
enum VersionRule {
    /// v2.0, v1.2.3: the version's parts apart by "point".
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i), text == "v" || text == "V", !line.touches(i) || line.symbol(i - 1, "("),
            line.touches(i + 1), let major = line.digits(i + 1)
        else { return nil }
        var words = (line.lower(i - 1) == "version" ? [] : ["version"]) + part(major)
        var end = i + 2
        while line.joined(end, "."), line.touches(end + 1), let next = line.digits(end + 1) {
            words += ["point"] + part(next)
            end += 2
        }
        if end > i + 2, let stage = stage(line, at: end) {
            return Reading(.serial, to: stage.end, [Spoken](words: words) + stage.spoken)
        }
        // "V8" is an engine.
        guard text == "v" || end > i + 2, line.ends(end) || line.isDash(end) else { return nil }
        return Reading(.serial, to: end, words: words)
    }

    /// -rc.1, -beta2: how far a version is from its release.
    static func stage(_ line: Line, at i: Int) -> (spoken: [Spoken], end: Int)? {
        guard line.joined(i, "-"), line.touches(i + 1), let stage = line.lower(i + 1),
            ["rc", "beta", "alpha", "dev", "pre"].contains(stage)
        else { return nil }
        let word = stage == "rc" ? Spoken.letters("RC") : .word(stage)
        let dot = line.joined(i + 2, ".") ? i + 3 : i + 2
        guard line.touches(dot), let number = line.digits(dot) else { return ([word], i + 2) }
        return ([word] + [Spoken](words: part(number)), dot + 1)
    }

    private static func part(_ digits: String) -> [String] {
        digits.first == "0" || digits.utf8.count > 3 ? NumberWords.digits(digits) : NumberWords.cardinal(digits)
    }

    /// H.264, X.509, G.711, T.38: standards for pictures, certificates and telephones.
    static func readStandard(_ line: Line, at i: Int) -> Reading? {
        guard let series = line.letters(i), ["G", "H", "T", "X"].contains(series), line.begins(i),
            line.joined(i + 1, "."), line.touches(i + 2), let number = line.digits(i + 2),
            (2...3).contains(number.utf8.count), line.ends(i + 3)
        else { return nil }
        return Reading(.serial, to: i + 3, [.letters(series)] + [Spoken](words: NumberWords.paired(number)))
    }
}
