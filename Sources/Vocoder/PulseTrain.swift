internal import CKernels
import SpeechSignal
import Tensor

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
        let pulses = (0..<complete).map { index in
            pulse(pitch: self.pitch[index], next: self.pitch[min(index + 1, self.pitch.count - 1)])
        }
        samples.withUnsafeMutableBufferPointer { samples in
            guard let start = samples.baseAddress else { return }
            // A hop takes some 0.6 us.
            let workers = Crew.workers(forNanoseconds: 600 * complete)
            Crew.share(rows: complete, multiple: 4, workers: workers) { hops, _ in
                for hop in hops where pulses[hop].harmonics > 0 {
                    let pulse = pulses[hop]
                    starling_pulses(
                        pulse.cycles, pulse.before, pulse.after, pulse.harmonics, start + end + hop * Signal.hop,
                        Signal.hop)
                }
            }
        }
        self.pitch.removeFirst(complete)
        // The first frame also sees what follows it mirrored.
        let half = Signal.fftSize / 2 / Signal.hop
        if hops < half && hops + complete >= half { mirrorStart() }
        hops += complete
        if last { mirrorEnd() }
    }

    /// Calls `body` with the samples of the next frames, (count + 3) hops. Their F0 and that of two frames more must
    /// have been pushed, or the end.
    func withSamples<Result>(of count: Int, _ body: (UnsafePointer<Float>) -> Result) -> Result {
        precondition(samples.count >= (count - 1) * Signal.hop + Signal.fftSize)
        return samples.withUnsafeBufferPointer { body($0.baseAddress!) }
    }

    /// Goes on to the frames after the next ones.
    mutating func advance(by count: Int) { samples.removeFirst(count * Signal.hop) }

    /// What one hop is made of; no harmonics where it is silent.
    private struct Pulse {
        let cycles: Double
        let before: Double
        let after: Double
        let harmonics: Float
    }

    /// The next hop, from its F0 and that of the one after it.
    private mutating func pulse(pitch: Float, next: Float) -> Pulse {
        let advance = Double(pitch) * Double(Signal.hop) / Double(Signal.sampleRate)
        cycles += advance
        cycles -= cycles.rounded(.down)
        return Pulse(
            cycles: cycles, before: advance, after: Double(next) * Double(Signal.hop) / Double(Signal.sampleRate),
            harmonics: pitch > 0 ? (Convention.pulseCeiling / pitch).rounded(.down) : 0)
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
