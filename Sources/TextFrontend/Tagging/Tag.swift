/// Parts of speech, Penn Treebank names.
enum Tag: UInt8, CaseIterable {
    case nn, nns, nnp, nnps, vb, vbd, vbg, vbn, vbp, vbz, jj, jjr, jjs, rb, rbr, rbs, prep, dt, pdt, prp, prps
    case wp, wps, wdt, wrb, cc, cd, to, md, rp, ex, uh, fw, punct, other

    static let names: [String: Tag] = {
        var names: [String: Tag] = [:]
        for tag in allCases { names["\(tag)".uppercased()] = tag }
        names["IN"] = .prep
        names["PRP$"] = .prps
        names["WP$"] = .wps
        names["POS"] = .other
        return names
    }()

    var isNoun: Bool { rawValue <= Tag.nnps.rawValue }
    var isVerb: Bool { (Tag.vb.rawValue...Tag.vbz.rawValue).contains(rawValue) }
    var isAdjective: Bool { self == .jj || self == .jjr || self == .jjs }
    var isAdverb: Bool { self == .rb || self == .rbr || self == .rbs }
}
