import Foundation
import SpeechSignal

/// Letters to sound for French words that no lexicon has: an averaged perceptron that gives each letter its chunk of 0
/// to 3 phonemes, by the letters around it and the two chunks before it.
///
/// data/frontend/fr/letters.bin; layout, features and training in Training/frontend/french/train_letters.py.
struct FrenchLetters: Sendable {
    private let data: Data
    private let votes: VoteTable
    private let chunks: [Phonemes]

    private static let magic = "STARFRL1"
    /// Letters looked at on each side.
    private static let reach = 5
    private static let spans = [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2)]
    private static let codes: [Unicode.Scalar: UInt8] = Dictionary(
        uniqueKeysWithValues: zip("abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿœæ'".unicodeScalars, UInt8(1)...))

    /// - Throws: `FrontendError` if the file is missing or damaged
    init(contentsOf url: URL) throws(FrontendError) {
        let (data, counts) = try TableFile.open(url, magic: Self.magic)
        let length = TableFile.headerLength + 8 * counts[0] + counts[1] + counts[2]
        guard length == data.count, counts[0] > 0, counts[0] & (counts[0] - 1) == 0 else {
            throw .corrupt(file: url.path, reason: "it has \(data.count) bytes, but its header says \(length)")
        }
        self.data = data
        votes = VoteTable(slotsOffset: TableFile.headerLength, slots: counts[0], rowBytes: counts[1])
        chunks = data[data.startIndex + votes.end..<data.endIndex].split(
            separator: 10, omittingEmptySubsequences: false
        )
        .dropLast().map { Phonemes(symbols: String(decoding: $0, as: UTF8.self)) }
        guard !chunks.isEmpty, chunks.count < 256 else {
            throw .corrupt(file: url.path, reason: "it has \(chunks.count) labels")
        }
    }

    /// The phonemes of a word in small letters, without stress; what is no French letter is skipped.
    func phonemes(_ word: String) -> Phonemes {
        let pad = [UInt8](repeating: 0, count: Self.reach)
        let letters = pad + word.unicodeScalars.compactMap { Self.codes[$0] } + pad
        var result = Phonemes()
        var (before, last) = (UInt8(0), UInt8(0))
        var scores = [Int](repeating: 0, count: chunks.count)
        data.withUnsafeBytes { bytes in
            for at in Self.reach..<letters.count - Self.reach {
                for k in scores.indices { scores[k] = 0 }
                features(letters, at, before, last).withUnsafeBufferPointer { votes.add($0, bytes, &scores) }
                var best = 0
                for k in 1..<scores.count where scores[k] > scores[best] { best = k }
                result += chunks[best]
                (before, last) = (last, UInt8(best + 1))
            }
        }
        return result
    }

    private func features(_ letters: [UInt8], _ at: Int, _ before: UInt8, _ last: UInt8) -> [Hash] {
        var result: [Hash] = [Hash("a").adding(letters[at])]
        result.reserveCapacity(24)
        for n in 1...Self.reach {
            result.append(Hash("r").adding(letters[at...at + n]))
            result.append(Hash("l").adding(letters[at - n...at]))
        }
        for (left, right) in Self.spans {
            let name = Hash().adding(UInt8(48 + left)).adding(UInt8(48 + right))
            result.append(name.adding(letters[at - left...at + right]))
        }
        result.append(Hash("p").adding(letters[at]).adding(last))
        result.append(Hash("q").adding(letters[at]).adding(before).adding(last))
        result.append(Hash("s").adding(letters[at...at + 1]).adding(last))
        result.append(Hash("t").adding(letters[at...at + 2]).adding(last))
        return result
    }
}
