import SpeechSignal
import Tensor
package import Vocoder
import Watermark

/// The samples of a rendition, block by block: the last of the three stages from a sentence to samples.
///
///     var stream = SampleStream(rendition, mel: mel, vocoder: vocoder, seed: 1)
///     while let samples = try stream.next() { play(samples) }
///
/// The vocoder's samples are trimmed to the frames that are kept, brought to their level, limited and faded in and out.
package struct SampleStream: Sendable {
    /// Frames given to the vocoder at a time: 1.2 s of speech.
    private static let block = 96
    /// Fewer at first, so that the first sound comes sooner. The vocoder keeps the newest 30 or so, which leaves 0.13
    /// s.
    private static let firstBlock = 48
    /// Frames beyond the kept ones that the vocoder receives as context.
    private static let context = 8

    private let rendition: SentenceRendition
    private var mel: RenditionMel
    private var vocoder: VocoderStream
    /// Frames that the vocoder gets, and those of them that it has got.
    private let frames: Range<Int>
    private var pushed: Int
    /// What the vocoder has made and nobody has taken.
    private var pending: [Float] = []
    /// Samples before the first that is kept.
    private var toSkip: Int
    /// Samples given away.
    private var given = 0

    /// - Parameters:
    ///   - mel: the rendition's, which may yet be unknown
    ///   - seed: chooses the noise in the voice
    ///   - start: where the first sample lies in the whole speech, for its watermark; nil for none
    package init(
        _ rendition: SentenceRendition, mel: RenditionMel, vocoder: Vocoder, seed: UInt64,
        watermarkedFrom start: Int? = nil
    ) {
        (self.rendition, self.mel) = (rendition, mel)
        let kept = rendition.kept
        frames = max(0, kept.lowerBound - Self.context)..<min(rendition.f0.count, kept.upperBound + Self.context)
        pushed = frames.lowerBound
        let skipped = (kept.lowerBound - frames.lowerBound) * Signal.hop
        toSkip = skipped
        let mark = start.map {
            Watermark.gains(
                sampleRate: Double(Signal.sampleRate), size: Signal.fftSize, hop: Signal.hop, start: $0 - skipped)
        }
        self.vocoder = VocoderStream(vocoder, seed: seed, gains: mark ?? [])
    }

    /// Samples in all.
    package var count: Int { rendition.kept.count * Signal.hop }

    /// The next samples, nil after the last.
    ///
    /// - Throws: `VocoderError`, `AcousticError.notFinite`
    package mutating func next() throws -> [Float]? {
        while pushed < frames.upperBound {
            try push()
            // The last samples wait for the next block, so that the fade at the end finds them.
            let isLast = pushed == frames.upperBound
            let ready = isLast ? pending.count : max(0, pending.count - Fade.length)
            guard ready > 0 else { continue }
            var samples = Array(pending[..<ready])
            pending.removeFirst(ready)
            shape(&samples)
            if given == 0 { Fade.fadeIn(&samples) }
            if isLast { Fade.fadeOut(&samples) }
            given += ready
            return samples
        }
        return nil
    }

    /// Gives the vocoder a block and takes its samples, as far as they are kept.
    private mutating func push() throws {
        let size = pushed == frames.lowerBound ? Self.firstBlock : Self.block
        // What is known sounds before more becomes known.
        while mel.known.rows <= pushed, try mel.advance() {}
        let rows = pushed..<min(pushed + size, frames.upperBound, mel.known.rows)
        try vocoder.push(mel: mel.known.rows(rows), f0: Array(rendition.f0[rows]), to: &pending)
        pushed = rows.upperBound
        if pushed == frames.upperBound { vocoder.finish(to: &pending) }
        let skipped = min(toSkip, pending.count)
        pending.removeFirst(skipped)
        toSkip -= skipped
        let left = count - given
        if pending.count > left { pending.removeLast(pending.count - left) }
    }

    /// Brings samples to their level, and limits them. Between the middles of frames the gain changes evenly.
    private func shape(_ samples: inout [Float]) {
        for index in samples.indices {
            var value = samples[index] * rendition.level
            if let gains = rendition.gains {
                let place =
                    max(0, Float(given + index) / Float(Signal.hop) - 0.5) + Float(rendition.kept.lowerBound)
                let frame = min(Int(place), gains.count - 1)
                let next = min(frame + 1, gains.count - 1)
                value *= gains[frame] + (gains[next] - gains[frame]) * (place - Float(frame))
            }
            samples[index] = Limiter.limit(value)
        }
    }
}
