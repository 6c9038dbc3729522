private import Foundation
private import Spectral
import SpeechSignal

/// Finds music behind speech by the notes that it holds.
///
/// The harmonics of a voice glide all the time; those of a note stay where they are. Spectral peaks are followed from
/// frame to frame, and those that keep their frequency for 0.3 s count, but for such as are there all the time: hum is
/// not music.
struct HeldNotes {
    /// Share of the frames of speech in which two peaks or more are held, 0 to 1.
    let share: Float

    /// A share of the frames from which on there is music. 14 people of LibriSpeech, one recording each, reach at most
    /// 0.03, and so does hum of 50 Hz; pads, piano, guitar, strings and tunes 10 dB below the speech of four of them
    /// 0.45 to 0.96, 20 dB below it 0.14 to 0.57.
    static let music: Float = 0.05

    /// 85 ms, every 25 ms.
    private static let (size, hop) = (2_048, 600)
    /// Hz in which peaks are looked for.
    private static let (lowest, highest) = (150.0, 3_000.0)
    /// dB below the loud peaks at which nothing counts, and above its surroundings at which something is a peak.
    private static let (quiet, prominent): (Float, Float) = (55, 10)
    /// Bins on either side of a peak that are its surroundings; nearer ones are its own breadth.
    private static let surroundings = 4..<10
    /// Semitones from one frame to the next, and from the mean of the note.
    private static let (step, drift): (Float, Float) = (0.25, 0.3)
    /// Frames of a note, 0.3 s.
    private static let shortest = 12
    /// Share of all frames with notes in which one pitch is hum.
    private static let always = 0.6

    /// A peak that is being followed.
    private struct Note {
        var first: Int
        var pitches: [Float]

        var mean: Float { pitches.reduce(0, +) / Float(pitches.count) }
        var frames: Range<Int> { first..<first + pitches.count }
        /// Its pitch in half semitones.
        var place: Int { Int((2 * mean).rounded()) }
    }

    /// - Parameters:
    ///   - samples: 24 kHz, without an offset
    ///   - speech: the frames of 300 samples that hold speech, [T]; music apart from it does no harm
    init(_ samples: [Float], speech: [Bool]) {
        let peaks = Self.peaks(samples)
        let notes = Self.notes(peaks)
        // Which frames have a note at all, and which have one of a certain pitch or its neighbors.
        var hasNote = [Bool](repeating: false, count: peaks.count)
        var hasPitch: [Int: [Bool]] = [:]
        for note in notes {
            for frame in note.frames { hasNote[frame] = true }
            for place in note.place - 1...note.place + 1 {
                var frames = hasPitch[place] ?? [Bool](repeating: false, count: peaks.count)
                for frame in note.frames { frames[frame] = true }
                hasPitch[place] = frames
            }
        }
        let most = Self.always * Double(hasNote.count { $0 })
        let hum = Set(hasPitch.filter { Double($0.value.count { $0 }) > most }.keys)
        var held = [Int](repeating: 0, count: peaks.count)
        for note in notes where !hum.contains(note.place) { for frame in note.frames { held[frame] += 1 } }
        let spoken = held.indices.filter { speech[min($0 * Self.hop / Signal.hop, speech.count - 1)] }
        share = Float(spoken.count { held[$0] >= 2 }) / Float(max(1, spoken.count))
    }

    /// The pitches of the spectral peaks of every frame, in semitones.
    private static func peaks(_ samples: [Float]) -> [[Float]] {
        guard samples.count >= size else { return [] }
        let transform = ShortTimeTransform(size: size, hop: hop)
        var workspace = transform.makeWorkspace()
        var spectrum = [Float](repeating: 0, count: 2 * transform.bins)
        let width = Double(Signal.sampleRate) / Double(size)
        let bins = Int(lowest / width)..<Int(highest / width)
        let looked = bins.lowerBound - surroundings.upperBound..<bins.upperBound + surroundings.upperBound
        let levels = stride(from: 0, through: samples.count - size, by: hop).map { start -> [Float] in
            samples.withUnsafeBufferPointer {
                transform.forward($0.baseAddress! + start, into: &spectrum, workspace: &workspace)
            }
            return looked.map { bin in
                let (real, imaginary) = (spectrum[2 * bin], spectrum[2 * bin + 1])
                return 10 * log10f(real * real + imaginary * imaginary + 1e-18)
            }
        }
        let gate = Statistics.quantile(levels.map { $0.max() ?? 0 }, 0.95) - quiet
        return levels.map { level in
            bins.compactMap { bin -> Float? in
                let i = bin - looked.lowerBound
                let (below, here, above) = (level[i - 1], level[i], level[i + 1])
                guard here > gate, here > below, here >= above else { return nil }
                let around = surroundings.reduce(Float(0)) { $0 + level[i - $1] + level[i + $1] }
                guard here > around / Float(2 * surroundings.count) + prominent else { return nil }
                // The top of a parabola through the three.
                let offset = 0.5 * (below - above) / (below - 2 * here + above - 1e-9)
                return 12 * log2f((Float(bin) + offset) * Float(width) / 100)
            }
        }
    }

    private static func notes(_ peaks: [[Float]]) -> [Note] {
        var (live, done): ([Note], [Note]) = ([], [])
        for (frame, pitches) in peaks.enumerated() {
            var isTaken = [Bool](repeating: false, count: pitches.count)
            var next: [Note] = []
            for var note in live {
                let last = note.pitches[note.pitches.count - 1]
                let nearest = pitches.indices.min { abs(pitches[$0] - last) < abs(pitches[$1] - last) }
                if let nearest, !isTaken[nearest], abs(pitches[nearest] - last) < step,
                    abs(pitches[nearest] - note.mean) < drift
                {
                    isTaken[nearest] = true
                    note.pitches.append(pitches[nearest])
                    next.append(note)
                } else if note.pitches.count >= shortest {
                    done.append(note)
                }
            }
            for (place, pitch) in pitches.enumerated() where !isTaken[place] {
                next.append(Note(first: frame, pitches: [pitch]))
            }
            live = next
        }
        return done + live.filter { $0.pitches.count >= shortest }
    }
}
