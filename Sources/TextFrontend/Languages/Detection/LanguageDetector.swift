import FoundationEssentials
import SpeechSignal

/// Tells the language of a sentence by its words and their letters.
///
/// Each word speaks for the languages that are likely to have it (naive Bayes): a frequent one by how often they do,
/// any other by its letters, three at a time. Names say less, as they are of any language, and no word says so much
/// that it could not be outvoted. data/frontend/languages.tsv has the counts. A value is immutable and shared by
/// threads.
struct LanguageDetector: Sendable {
    /// Codes, in the order of the lanes of `Evidence`.
    private let codes: [String]
    private let words: [UInt64: Evidence]
    /// Rows by the letters of a triple; 0 says nothing.
    private let places: [UInt16]
    private let rows: [Evidence]

    /// For each language how much less likely it is than the best, in tenths of a natural logarithm, below 0.
    private typealias Evidence = SIMD8<Int32>

    /// What a sentence must say more for a language than for any other: twelve times as likely.
    private static let margin: Int32 = 25
    /// The most that a word says.
    private static let most: Int32 = 60
    /// How much of what letters say counts, as neighboring triples repeat each other; and of a word with a capital
    /// within the sentence, which is likely a name.
    private static let (lettersShare, nameShare): (Int32, Int32) = (70, 40)
    /// Letters of a word that are looked at.
    private static let longest = 40

    /// - Parameter folder: data/frontend
    init(folder: URL) throws(FrontendError) {
        let name = "languages.tsv"
        var codes: [String] = []
        var words: [UInt64: Evidence] = [:]
        var places = [UInt16](repeating: 0, count: 1 << (3 * DetectorAlphabet.bits))
        var rows = [Evidence()]
        var problems: [String] = []
        try Tables.rows(folder, name, columns: 4) { fields in
            if fields[0] == "languages" {
                codes = Array(fields[2...].prefix(Evidence.scalarCount))
                return
            }
            guard let row = Self.row(fields[2...], of: codes.count) else {
                return problems.append("\"\(fields[1])\" has a value that is not a whole number from 0 to \(Self.most)")
            }
            let letters = fields[1].unicodeScalars.map(DetectorAlphabet.code)
            guard !letters.contains(0), letters.count <= DetectorAlphabet.longestKey else {
                return problems.append("\"\(fields[1])\" has letters that the detector does not know")
            }
            switch fields[0] {
            case "word": words[DetectorAlphabet.key(letters)] = row
            case "letters" where letters.count == 3 && rows.count < Int(UInt16.max):
                places[Int(DetectorAlphabet.key(letters))] = UInt16(rows.count)
                rows.append(row)
            default: problems.append("\"\(fields[0])\" is not a known kind of row")
            }
        }
        if codes.isEmpty { problems.append("it names no languages") }
        if let problem = problems.first {
            throw .corrupt(file: folder.appendingPathComponent(name).path, reason: problem)
        }
        (self.codes, self.words, self.places, self.rows) = (codes, words, places, rows)
    }

    /// The values of a row; nil where one is none, or where there are more than languages.
    private static func row(_ fields: ArraySlice<String>, of count: Int) -> Evidence? {
        var row = Evidence()
        for (lane, text) in fields.enumerated() {
            guard lane < count, let value = Int32(text), (0...most).contains(value) else { return nil }
            row[lane] = -value
        }
        return row
    }

    /// The language of a stretch of a text; nil where it does not say, as names and figures do not.
    ///
    /// - Parameter languages: those that it may be, one region of each
    func language(
        of bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, among languages: [Language]
    ) -> Language? {
        let lanes = languages.compactMap { language in codes.firstIndex(of: language.code).map { (language, $0) } }
        guard let first = lanes.first else { return nil }
        var candidates = SIMDMask<SIMD8<Int32>>(repeating: false)
        for (_, lane) in lanes { candidates[lane] = true }
        let evidence = evidence(bytes, in: range, among: candidates)
        let best = lanes.reduce(first) { evidence[$1.1] > evidence[$0.1] ? $1 : $0 }
        let isDecided = lanes.allSatisfy { $0.1 == best.1 || evidence[best.1] - evidence[$0.1] > Self.margin }
        return isDecided && lanes.count > 1 ? best.0 : nil
    }

    private func evidence(
        _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>, among candidates: SIMDMask<SIMD8<Int32>>
    ) -> Evidence {
        var sum = Evidence()
        var letters: [UInt8] = []
        letters.reserveCapacity(Self.longest)
        var isName = false
        var isFirst = true
        var at = range.lowerBound
        func endWord() {
            guard !letters.isEmpty else { return }
            let said = said(by: letters, among: candidates)
            sum &+= isName && !isFirst ? said &* Self.nameShare / 100 : said
            letters.removeAll(keepingCapacity: true)
            isFirst = false
        }
        while at < range.upperBound {
            // A pause or phonemes are no words of a language.
            if bytes[at] == UInt8(ascii: "["), let (_, end) = Markup.parse(bytes, at: at) {
                endWord()
                at = end
                continue
            }
            let letter = DetectorAlphabet.letter(bytes, at, end: range.upperBound)
            at += letter.length
            switch letter.kind {
            case .letter:
                if letters.isEmpty { isName = letter.isCapital }
                if letters.count < Self.longest { letters.append(letter.code) }
            case .apostrophe:
                // It ends what is elided: "l'", "don'".
                if !letters.isEmpty { letters.append(letter.code) }
                endWord()
            case .sign:
                endWord()
                letters.append(letter.code)
                isName = false
                let wasFirst = isFirst
                endWord()
                isFirst = wasFirst
            case .mark: break
            case .none: endWord()
            }
        }
        endWord()
        return sum
    }

    /// What one word says.
    private func said(by letters: [UInt8], among candidates: SIMDMask<SIMD8<Int32>>) -> Evidence {
        var row: Evidence
        if letters.count <= DetectorAlphabet.longestKey, let known = words[DetectorAlphabet.key(letters)] {
            row = known
        } else {
            row = Evidence()
            var triple = UInt64(DetectorAlphabet.edge) << DetectorAlphabet.bits | UInt64(DetectorAlphabet.edge)
            func add(_ code: UInt8) {
                triple = (triple << DetectorAlphabet.bits | UInt64(code)) & UInt64(places.count - 1)
                row &+= rows[Int(places[Int(triple)])]
            }
            for code in letters { add(code) }
            add(DetectorAlphabet.edge)
            row = row &* Self.lettersShare / 100
        }
        let best = row.replacing(with: Int32.min, where: .!candidates).max()
        return (row &- best).clamped(lowerBound: Evidence(repeating: -Self.most), upperBound: Evidence())
    }
}
