/// Which frames of an utterance to keep: the networks put silence of their own at both ends, of varying length, and
/// pauses are to be exact.
enum SilenceTrim {
    /// Frames of the model's own silence that stay in front of the first sound and after the last: 50 ms and 100 ms.
    static let lead = 4
    static let tail = 8
    /// How far below the utterance's loud frames the energy of a frame has to lie to count as silent: within pads and
    /// punctuation, where only decay is expected, and within phonemes, whose weakest fricatives must survive.
    static let depthInPauses: Float = 2.5
    static let depthInPhonemes: Float = 4

    /// - Parameters:
    ///   - energy: mean natural log mel of every frame, [T].
    ///   - leading: frames of the pad in front.
    ///   - trailing: frames of the pad and the punctuation at the end.
    static func kept(energy: [Float], leading: Int, trailing: Int) -> Range<Int> {
        let frames = energy.count
        let loud = loud(energy)
        let pauses = leading..<max(leading, frames - trailing)
        let silent = { (row: Int) in
            energy[row] < loud - (pauses.contains(row) ? depthInPhonemes : depthInPauses)
        }
        guard let start = (0..<frames).first(where: { !silent($0) }),
            let last = (0..<frames).last(where: { !silent($0) })
        else { return 0..<frames }
        return max(0, start - lead)..<min(frames, last + 1 + tail)
    }

    /// The energy of a loud frame: the 90th percentile, so that a single one does not set the scale.
    static func loud(_ energy: [Float]) -> Float { energy.sorted()[energy.count * 9 / 10] }
}
