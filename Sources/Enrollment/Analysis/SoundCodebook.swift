package import Foundation
import SpeechSignal
package import Tensor
internal import VoiceProfile
internal import Weights

/// Classes of speech sound, found without knowing the words; what a voice is like in each is part of its profile.
///
/// A frame's mel less the voice's own average over voiced frames says which sound it is more than whose it is. Its
/// class is the nearest of S centroids in the means of five bands each and whether it is voiced, as in
/// Training/starling_training/codebook.py. Letters: T frames, M = 100 mel bands, S = 32 classes.
package struct SoundCodebook: Sendable {
    private let centroids: Matrix  // [S, 18]
    private let means: Matrix  // [S, M]: everyone's mel there, less everyone's average
    /// Bands in each of the means by which frames are compared, and how many means there are.
    private static let (pool, pooled) = (5, Signal.wideBands / 5)
    /// What voicing counts in the distance, in the unit of log mel.
    private static let voicing: Float = 4
    /// A frame this much weaker than the voiced mean, in the mean log mel, is not speech.
    private static let weakest: Float = 2.5
    /// Frames of an average voice that are mixed into every class.
    private static let prior: Float = 10

    /// - Parameter url: the trainer's export, codebook.safetensors
    /// - Throws: `WeightError`
    package init(contentsOf url: URL) throws {
        try self.init(WeightFile(contentsOf: url))
    }

    /// The same of a file that was opened before.
    init(_ file: WeightFile) throws {
        var loader = WeightLoader(file)
        centroids = loader.matrix("centroids", rows: SpeakerProfile.soundClasses, columns: Self.pooled + 1)
        means = loader.matrix("means", rows: SpeakerProfile.soundClasses, columns: Signal.melBands)
        try loader.finish()
    }

    /// The statistics of each class.
    package struct Tally: Sendable {
        /// Frames, [S].
        package var counts = [Float](repeating: 0, count: SpeakerProfile.soundClasses)
        /// Sum of how their mels differ from everyone's, [S * M].
        package var totals = [Float](repeating: 0, count: SpeakerProfile.soundClasses * Signal.melBands)

        package init() {}

        static func + (a: Tally, b: Tally) -> Tally {
            var sum = a
            for i in sum.counts.indices { sum.counts[i] += b.counts[i] }
            for i in sum.totals.indices { sum.totals[i] += b.totals[i] }
            return sum
        }

        /// Forgets the bands from `bands` up.
        mutating func cut(to bands: Int) {
            for i in totals.indices where i % Signal.melBands >= bands { totals[i] = 0 }
        }

        /// Difference of the voice from the average voice in each class, [S * M]; near zero where there was little
        /// speech.
        package var residuals: [Float] {
            totals.indices.map { totals[$0] / (counts[$0 / Signal.melBands] + SoundCodebook.prior) }
        }
    }

    /// - Parameters:
    ///   - mel: natural log mel, [T, M]
    ///   - average: its mean over voiced frames, [M]
    ///   - isVoiced: [T]
    package func tally(_ mel: Matrix, average: [Float], isVoiced: [Bool]) -> Tally {
        precondition(mel.columns == means.columns && average.count == mel.columns && isVoiced.count == mel.rows)
        var tally = Tally()
        for (frame, soundClass) in classes(mel, average: average, isVoiced: isVoiced).enumerated() {
            guard let soundClass else { continue }
            tally.counts[soundClass] += 1
            let start = soundClass * mel.columns
            for (band, value) in mel.row(frame).enumerated() {
                tally.totals[start + band] += value - average[band] - means[soundClass, band]
            }
        }
        return tally
    }

    /// The class of every frame of a mel [T, M], [T]; nil where it is not speech.
    ///
    /// - Parameters:
    ///   - average: its mean over voiced frames, [M]
    ///   - isVoiced: [T]
    func classes(_ mel: Matrix, average: [Float], isVoiced: [Bool]) -> [Int?] {
        (0..<mel.rows).map { frame in
            let difference = zip(mel.row(frame), average).map { $0 - $1 }
            guard Statistics.mean(difference[..<Signal.wideBands]) > -Self.weakest else { return nil }
            return soundClass(of: difference, isVoiced: isVoiced[frame])
        }
    }

    private func soundClass(of difference: [Float], isVoiced: Bool) -> Int {
        var features = (0..<Self.pooled).map { part in
            Statistics.mean(difference[part * Self.pool..<(part + 1) * Self.pool])
        }
        features.append(isVoiced ? Self.voicing : 0)
        let (elements, width) = (centroids.elements, centroids.columns)
        func distance(toCentroid row: Int) -> Float {
            var sum: Float = 0
            for index in 0..<width {
                let difference = features[index] - elements[row * width + index]
                sum += difference * difference
            }
            return sum
        }
        var (nearest, least) = (0, Float.infinity)
        for row in 0..<centroids.rows {
            let distance = distance(toCentroid: row)
            if distance < least { (nearest, least) = (row, distance) }
        }
        return nearest
    }
}
