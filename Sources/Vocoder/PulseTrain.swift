internal import CKernels
import SpeechSignal

/// The harmonic source: a band-limited pulse train that follows F0.
///
/// The phase of the fundamental at the middle of hop t is the sum of F0 · hop / sample rate over frames 0 ... t, and is
/// linear in between. Unvoiced hops are silent. Frames see the signal mirrored about its first and last sample.
struct PulseTrain: Sendable {
    /// F0 of frames whose hop is still to come, Hz, 0 where unvoiced.
    private var pitch: [Float] = []
    private var cycles = 0.0
    /// From the first sample of the next frame on.
    private var samples: [Float] = []
    private var hops = 0

    /// Takes F0 of the next frames.
    mutating func push(_ pitch: [Float], last: Bool) {
        self.pitch += pitch
        let complete = last ? self.pitch.count : self.pitch.count - 1
        guard complete > 0 || last else { return }
        let end = samples.count
        samples += [Float](repeating: 0, count: complete * Signal.hop)
        for index in 0..<complete {
            let next = index + 1 < self.pitch.count ? self.pitch[index + 1] : self.pitch[index]
            addHop(pitch: self.pitch[index], next: next, at: end + index * Signal.hop)
        }
        self.pitch.removeFirst(complete)
        // The first frame also sees what follows it mirrored.
        let half = Signal.fftSize / 2 / Signal.hop
        if hops < half && hops + complete >= half { mirrorStart() }
        hops += complete
        if last { mirrorEnd() }
    }

    /// Calls `body` with the samples of the next frames, (count + 3) hops. Their F0 and that of two frames more must have been
    /// pushed, or the end.
    func withSamples<Result>(of count: Int, _ body: (UnsafePointer<Float>) -> Result) -> Result {
        precondition(samples.count >= (count - 1) * Signal.hop + Signal.fftSize)
        return samples.withUnsafeBufferPointer { body($0.baseAddress!) }
    }

    /// Goes on to the frames after the next ones.
    mutating func advance(by count: Int) { samples.removeFirst(count * Signal.hop) }

    private mutating func addHop(pitch: Float, next: Float, at place: Int) {
        let advance = Double(pitch) * Double(Signal.hop) / Double(Signal.sampleRate)
        cycles += advance
        cycles -= cycles.rounded(.down)
        guard pitch > 0 else { return }
        let after = Double(next) * Double(Signal.hop) / Double(Signal.sampleRate)
        let harmonics = (Convention.pulseCeiling / pitch).rounded(.down)
        samples.withUnsafeMutableBufferPointer {
            starling_pulses(cycles, advance, after, harmonics, $0.baseAddress! + place, Signal.hop)
        }
    }

    /// All but the sample that the first frame's window silences.
    private mutating func mirrorStart() {
        samples = [0] + samples[1..<Signal.fftSize / 2].reversed() + samples
    }

    private mutating func mirrorEnd() {
        if hops < Signal.fftSize / 2 / Signal.hop, !samples.isEmpty {
            samples += [Float](repeating: 0, count: Signal.fftSize / 2 - samples.count)
            mirrorStart()
        }
        samples += samples.dropLast().reversed().prefix(Signal.hop)
    }
}
