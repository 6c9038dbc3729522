private import Foundation
internal import SpeakerEncoder

/// Whether windows of speech are of one person.
struct Consistency: Sendable {
    /// Similarity of the two parts into which the windows fall most naturally; the lower, the more likely they are of
    /// two people. 1 if there is too little to part.
    var similarity: Float
    /// Whether a window belongs to the smaller part.
    var isOther: [Bool]

    /// Windows the smaller part must have, 2.3 s of speech or more: single windows are too noisy.
    static let smallestPart = 3
    /// Below, two people are speaking: hardly ever so of one person, mostly so of two (docs/enrollment.md).
    static let twoPeople: Float = 0.78
    /// Below, it may be two people.
    static let doubtful: Float = 0.85

    /// Parts the windows in two around their own centres (spherical k-means from the pair that differs most).
    ///
    /// - Parameter embeddings: of windows in order of time, neighbors overlapping by half
    init(_ embeddings: [[Float]]) {
        similarity = 1
        isOther = [Bool](repeating: false, count: embeddings.count)
        guard embeddings.count >= 2 * Self.smallestPart else { return }
        // Three neighbors together are steadier, and people do not take turns faster.
        let smooth = embeddings.indices.map { index -> [Float] in
            let around = max(0, index - 1)...min(embeddings.count - 1, index + 1)
            return SpeakerEncoder.mean(of: embeddings[around]) ?? embeddings[index]
        }
        // A few hundred windows are as good as all.
        let every = max(1, smooth.count / 200)
        let chosen = stride(from: 0, to: smooth.count, by: every).map { $0 }
        var farthest = (similarity: Float(2), first: 0, second: 0)
        for (place, first) in chosen.enumerated() {
            for second in chosen[(place + 1)...] {
                let similarity = SpeakerEncoder.similarity(smooth[first], smooth[second])
                if similarity < farthest.similarity { farthest = (similarity, first, second) }
            }
        }
        var centres = [smooth[farthest.first], smooth[farthest.second]]
        var assigned = [Int](repeating: -1, count: smooth.count)
        for _ in 0..<20 {
            let now = smooth.map { window in
                SpeakerEncoder.similarity(window, centres[0]) >= SpeakerEncoder.similarity(window, centres[1]) ? 0 : 1
            }
            if now == assigned { break }
            assigned = now
            for part in 0..<2 {
                let members = embeddings.indices.filter { assigned[$0] == part }.map { embeddings[$0] }
                centres[part] = SpeakerEncoder.mean(of: members) ?? centres[part]
            }
        }
        let smaller = assigned.count { $0 == 1 } * 2 < assigned.count ? 1 : 0
        guard assigned.count(where: { $0 == smaller }) >= Self.smallestPart else { return }
        similarity = SpeakerEncoder.similarity(centres[0], centres[1])
        isOther = assigned.map { $0 == smaller }
    }
}

/// The windows of one person, without those that contain something else.
struct RobustVoice: Sendable {
    /// The mean direction of the windows kept, unit length, [256].
    var embedding: [Float]
    /// Which windows were kept.
    var isKept: [Bool]
    /// Mean similarity of the windows kept with the mean direction: how steady the voice is.
    var steadiness: Float

    /// Deviations below the middle at which a window is left out,
    private static let outlying: Float = 3
    /// but not those that are this similar anyway.
    private static let similar: Float = 0.75

    /// - Returns: nil if there are no windows
    init?(_ embeddings: [[Float]]) {
        guard var centre = SpeakerEncoder.mean(of: embeddings) else { return nil }
        var kept = [Bool](repeating: true, count: embeddings.count)
        var similarities: [Float] = []
        for _ in 0..<3 {
            similarities = embeddings.map { SpeakerEncoder.similarity($0, centre) }
            let middle = Statistics.quantile(similarities, 0.5)
            // The median distance from the median, as a deviation.
            let spread = 1.483 * Statistics.quantile(similarities.map { abs($0 - middle) }, 0.5)
            let least = min(Self.similar, middle - Self.outlying * max(spread, 0.02))
            kept = similarities.map { $0 >= least }
            guard let next = SpeakerEncoder.mean(of: embeddings.indices.filter { kept[$0] }.map { embeddings[$0] })
            else { break }
            centre = next
        }
        embedding = centre
        isKept = kept
        steadiness = Statistics.mean(similarities.indices.filter { kept[$0] }.map { similarities[$0] })
    }
}
