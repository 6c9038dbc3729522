/// Where in the whole speech a sentence begins. Sentences are worked on side by side; each learns its place as soon as
/// those before it know their lengths, which is before any of them has a sample.
struct SentencePlace: Sendable {
    /// Samples of silence in front of the sentence.
    let silence: Int
    /// Whether no sentence comes before it: somebody waits for its first sound.
    var isFirst: Bool { endBefore == nil }
    private let endBefore: AsyncStream<Int>?
    private let end: AsyncStream<Int>
    private let report: AsyncStream<Int>.Continuation

    init(behind previous: SentencePlace?, silence: Int) {
        self.silence = silence
        endBefore = previous?.end
        (end, report) = AsyncStream.makeStream()
    }

    /// - Parameter length: the sentence's samples.
    /// - Returns: the place of the first of them.
    func claim(length: Int) async -> Int {
        var start = silence
        if let endBefore {
            for await end in endBefore {
                start += end
                break
            }
        }
        report.yield(start + length)
        return start
    }

    /// Lets the sentences after go on, whether or not this one claimed its place.
    func leave() { report.finish() }
}
