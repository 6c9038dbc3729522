import SpeechSignal
import Synchronization

/// Phonemes of words that were met before; shared by threads, and emptied when it has grown large.
final class WordCache: Sendable {
    private let words = Mutex<[Letters: Phonemes]>([:])
    private static let most = 50_000

    /// The word's phonemes, made if it is met for the first time.
    func value(_ word: Letters, _ make: () -> Phonemes) -> Phonemes {
        if let known = words.withLock({ $0[word] }) { return known }
        let made = make()
        words.withLock {
            if $0.count >= Self.most { $0.removeAll(keepingCapacity: true) }
            $0[word] = made
        }
        return made
    }
}
