/// Decimals that begin with their point and are said as whole numbers: a .22 rifle, .357 Magnum, he hit .312.
enum BareDecimalRule {
    private static let arms: Set<String> = [
        "calibre", "caliber", "cal", "rifle", "rifles", "pistol", "pistols", "revolver", "revolvers", "handgun",
        "handguns", "magnum", "round", "rounds", "ammo", "ammunition", "bullet", "bullets", "shell", "shells", "gun",
    ]
    private static let batting: Set<String> = [
        "hit", "hits", "hitting", "batting", "batted", "bats", "slugging", "slugged", "slashed", "slashing",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "."), !line.touches(i) || line.symbol(i - 1, "("), line.touches(i + 1),
            let digits = line.digits(i + 1), (2...3).contains(digits.utf8.count), digits.utf8.first != 48
        else { return nil }
        let hyphen = line.joined(i + 2, "-")
        guard hyphen || line.ends(i + 2) else { return nil }
        let isArm = line.lower(hyphen ? i + 3 : i + 2).map(arms.contains) == true
        guard isArm || digits.utf8.count == 3 && !hyphen && line.lower(i - 1).map(batting.contains) == true else {
            return nil
        }
        return Reading(
            .serial, to: hyphen ? i + 3 : i + 2,
            words: digits.utf8.count == 2 ? NumberWords.cardinal(digits) : NumberWords.paired(digits))
    }
}
