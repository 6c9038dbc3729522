import FoundationEssentials

/// An averaged-perceptron part-of-speech tagger (data/tagger.bin, layout in Training/frontend/train_tagger.py).
///
/// Greedy, left to right: each word's features vote for tags with small integer weights; words that only ever had one
/// tag are answered at once.
struct Tagger: Sendable {
    private let data: Data
    private let votes: VoteTable
    private let wordsOffset: Int
    private let wordCount: Int

    private static let magic = "STARTAG1"
    private static let tagCount = Int(Tag.punct.rawValue) + 2

    init(contentsOf url: URL) throws(FrontendError) {
        let file = url.path
        let (data, header) = try TableFile.open(url, magic: Self.magic)
        let length = TableFile.headerLength + 8 * header[0] + header[1] + 5 * header[2]
        guard length == data.count, header[0] > 0, header[0] & (header[0] - 1) == 0 else {
            throw .corrupt(file: file, reason: "it has \(data.count) bytes, but its header says \(length)")
        }
        self.data = data
        votes = VoteTable(slotsOffset: TableFile.headerLength, slots: header[0], rowBytes: header[1])
        wordsOffset = votes.end
        wordCount = header[2]
    }

    /// A word as the tagger sees it.
    struct Input {
        /// As written; punctuation is its own symbol.
        var text: [UInt8]
        var lower: [UInt8]
        /// Set where the tag is known beforehand.
        var tag: Tag?

        init(_ text: [UInt8], tag: Tag? = nil) {
            self.text = text
            self.tag = tag
            lower = text.first.map { $0 >= 48 && $0 <= 57 } == true ? Array("!num".utf8) : text.lowercased()
        }

        var shape: UInt8 {
            if text.contains(45) { return UInt8(ascii: "h") }
            guard let first = text.first else { return UInt8(ascii: "p") }
            if first >= 48, first <= 57 { return UInt8(ascii: "d") }
            guard (first | 32) >= 97, (first | 32) <= 122 else { return UInt8(ascii: "p") }
            if text.isLower { return UInt8(ascii: "x") }
            if text.isUpper { return text.count > 1 ? UInt8(ascii: "U") : UInt8(ascii: "u") }
            return text.dropFirst().contains { $0 >= 65 && $0 <= 90 } ? UInt8(ascii: "m") : UInt8(ascii: "X")
        }
    }

    private static let start = [Input(Array("-s1".utf8)), Input(Array("-s2".utf8))]
    private static let end = [Input(Array("-e1".utf8)), Input(Array("-e2".utf8))]

    func tag(_ words: [Input]) -> [Tag] {
        data.withUnsafeBytes { bytes in
            var result: [Tag] = []
            result.reserveCapacity(words.count)
            var previous = Self.none
            var before = Self.none
            var scores = [Int](repeating: 0, count: Self.tagCount)
            for (i, word) in words.enumerated() {
                var tag = word.tag ?? single(word.text, bytes)
                if tag == nil {
                    for k in scores.indices { scores[k] = 0 }
                    vote(words, i, previous, before, bytes, &scores)
                    var best = 0
                    for k in 1..<scores.count where scores[k] > scores[best] { best = k }
                    tag = Tag(rawValue: UInt8(best))
                }
                result.append(tag ?? .nn)
                before = previous
                previous = Self.tagNames[Int((tag ?? .nn).rawValue)]
            }
            return result
        }
    }

    private static let none = Array("-".utf8)
    static let tagNames: [[UInt8]] = Tag.allCases.map { tag in
        switch tag {
        case .prep: Array("IN".utf8)
        case .prps: Array("PRP$".utf8)
        case .wps: Array("WP$".utf8)
        default: Array("\(tag)".uppercased().utf8)
        }
    }

    /// The features of word `i`, as in train_tagger.py.
    private func vote(
        _ words: [Input], _ i: Int, _ previous: [UInt8], _ before: [UInt8], _ bytes: UnsafeRawBufferPointer,
        _ scores: inout [Int]
    ) {
        let own = words[i].lower
        let left = i > 0 ? words[i - 1].lower : Self.start[0].lower
        let left2 = i > 1 ? words[i - 2].lower : Self.start[1 - i].lower
        let right = i + 1 < words.count ? words[i + 1].lower : Self.end[0].lower
        let right2 = i + 2 < words.count ? words[i + 2].lower : Self.end[i + 2 - words.count].lower
        let blank = UInt8(ascii: " ")
        let hashes = [
            Hash("b"), Hash("w").adding(own), Hash("s").adding(own.suffix(3)), Hash("e").adding(own.suffix(2)),
            Hash("f").adding(own.prefix(1)),
            Hash("h").adding(words[i].shape).adding(UInt8(ascii: i == 0 ? "0" : "1")),
            Hash("p").adding(previous), Hash("q").adding(before).adding(blank).adding(previous),
            Hash("k").adding(previous).adding(blank).adding(own), Hash("l").adding(left), Hash("m").adding(left2),
            Hash("n").adding(right), Hash("o").adding(right2), Hash("t").adding(right.suffix(3)),
            Hash("u").adding(left.suffix(3)), Hash("x").adding(left).adding(blank).adding(own),
            Hash("y").adding(own).adding(blank).adding(right),
        ]
        hashes.withUnsafeBufferPointer { votes.add($0, bytes, &scores) }
    }

    private func single(_ word: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Tag? {
        let hash = Hash().adding(word).state
        var low = 0
        var high = wordCount
        while low < high {
            let middle = (low + high) / 2
            let found = bytes.loadUnaligned(fromByteOffset: wordsOffset + 5 * middle, as: UInt32.self)
            if found == hash { return Tag(rawValue: bytes[wordsOffset + 5 * middle + 4]) }
            if found < hash { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
