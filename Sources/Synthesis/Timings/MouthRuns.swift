package import SpeechSignal

extension SpokenSentence {
    /// A stretch in which the mouth keeps one shape, in seconds.
    package struct MouthRun<Shape> {
        package var shape: Shape
        package var start: Double
        package var end: Double
    }

    /// The longest blank between two words, in seconds, in which the mouth keeps its shape.
    private static var shortBlank: Double { 0.06 }

    /// Shapes of the mouth for timed phonemes, from `start` to `end` without gaps, equal neighbors joined. A stress
    /// mark belongs to the vowel after it, a length mark to the one before, and a blank between words counts only if it
    /// lasts.
    ///
    /// - Parameters:
    ///   - rest: the mouth at rest
    ///   - shape: of a phoneme; nil for marks, which have none of their own
    package static func mouthRuns<Shape: Equatable>(
        of phonemes: [(phoneme: Phoneme, start: Double, end: Double)], from first: Double, to last: Double, rest: Shape,
        shape: (Phoneme) -> Shape?
    ) -> [MouthRun<Shape>] {
        var runs: [MouthRun<Shape>] = []
        func add(_ shape: Shape, _ start: Double, _ end: Double) {
            guard end > start else { return }
            if let index = runs.indices.last, runs[index].shape == shape {
                runs[index].end = end
            } else {
                runs.append(MouthRun(shape: shape, start: runs.last?.end ?? first, end: end))
            }
        }
        // Where a stress mark began whose vowel is still to come.
        var pending: Double?
        for (phoneme, start, end) in phonemes {
            if runs.isEmpty { add(rest, first, start) }
            if phoneme != .space, let own = shape(phoneme) {
                add(own, pending ?? start, end)
                pending = nil
            } else if phoneme.isStress {
                pending = pending ?? start
            } else {
                let lasts = phoneme == .space && end - start > shortBlank
                add(lasts ? rest : runs.last?.shape ?? rest, start, end)
            }
        }
        add(rest, runs.last?.end ?? first, last)
        return runs
    }
}
