import FoundationEssentials
import SpeechSignal

/// Words written alike and spoken differently: which sense a sentence means (data/homographs.bin, layout in
/// Training/frontend/train_homographs.py).
struct Homographs: Sendable {
    private let data: Data
    private let votes: VoteTable
    /// American and British phonemes of each sense.
    private let senses: [Letters: [(american: Phonemes, british: Phonemes)]]

    private static let magic = "STARHOM1"
    /// Words on each side that count wherever they stand.
    private static let reach = 8

    init(contentsOf url: URL) throws(FrontendError) {
        let file = url.path
        let (data, header) = try TableFile.open(url, magic: Self.magic)
        let length = TableFile.headerLength + 8 * header[0] + header[1] + header[2]
        guard length == data.count, header[0] > 0, header[0] & (header[0] - 1) == 0 else {
            throw .corrupt(file: file, reason: "it has \(data.count) bytes where its header says \(length)")
        }
        votes = VoteTable(slotsOffset: TableFile.headerLength, slots: header[0], rowBytes: header[1])
        var senses: [Letters: [(american: Phonemes, british: Phonemes)]] = [:]
        for line in [UInt8](data[votes.end...]).split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: "\t")).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count >= 5, fields.count % 2 == 1 else {
                throw .corrupt(file: file, reason: "the senses of \"\(fields.first ?? "")\" are incomplete")
            }
            senses[Letters(fields[0])] = stride(from: 1, to: fields.count, by: 2).map {
                (Phonemes(symbols: fields[$0]), Phonemes(symbols: fields[$0 + 1]))
            }
        }
        self.data = data
        self.senses = senses
    }

    /// The phonemes of word `i` where it is a homograph.
    func phonemes(_ words: [Tagger.Input], _ tags: [Tag], _ i: Int, accent: Accent) -> Phonemes? {
        guard let candidates = senses[words[i].lower] else { return nil }
        var scores = [Int](repeating: 0, count: candidates.count)
        data.withUnsafeBytes { bytes in vote(words, tags, i, bytes, &scores) }
        var best = 0
        for k in 1..<scores.count where scores[k] > scores[best] { best = k }
        return accent == .american ? candidates[best].american : candidates[best].british
    }

    /// The features of word `i`, as in train_homographs.py.
    private func vote(
        _ words: [Tagger.Input], _ tags: [Tag], _ i: Int, _ bytes: UnsafeRawBufferPointer, _ scores: inout [Int]
    ) {
        let blank = UInt8(ascii: " ")
        let own = Hash().adding(words[i].lower).adding(blank)
        func lower(_ k: Int) -> [UInt8] { words.indices.contains(k) ? words[k].lower : Self.none }
        func tag(_ k: Int) -> [UInt8] { tags.indices.contains(k) ? Self.name(tags[k]) : Self.none }
        func add(_ kind: Unicode.Scalar, _ parts: [UInt8]...) {
            var hash = own.adding(UInt8(ascii: kind))
            for (number, part) in parts.enumerated() {
                hash = number == 0 ? hash.adding(part) : hash.adding(blank).adding(part)
            }
            votes.add(hash, bytes, &scores)
        }
        add("o")
        add("a", lower(i - 1))
        add("b", lower(i - 2))
        add("c", lower(i + 1))
        add("d", lower(i + 2))
        add("e", lower(i - 1), lower(i + 1))
        add("f", tag(i))
        add("g", tag(i - 1))
        add("h", tag(i + 1))
        add("i", tag(i - 1), tag(i + 1))
        add("j", lower(i + 1).suffix(3))
        add("k", lower(i - 1).suffix(3))
        add("m", [words[i].shape])
        add("p", lower(i - 2), lower(i - 1))
        add("q", lower(i + 1), lower(i + 2))
        add("r", tag(i - 2), tag(i - 1))
        for k in max(0, i - Self.reach)..<min(words.count, i + Self.reach + 1) where k != i {
            if let first = words[k].text.first, (first | 32) >= 97, (first | 32) <= 122 { add("n", words[k].lower) }
        }
    }

    private static let none = Array("-".utf8)

    private static func name(_ tag: Tag) -> [UInt8] { Tagger.tagNames[Int(tag.rawValue)] }
}

extension [UInt8] {
    fileprivate func suffix(_ length: Int) -> [UInt8] { Array(self[Swift.max(0, count - length)...]) }
}
