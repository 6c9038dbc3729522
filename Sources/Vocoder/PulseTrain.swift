internal import CKernels
internal import Spectral
import SpeechSignal

/// The harmonic source: spectra of a band-limited pulse train that follows F0, frame by frame.
///
/// The phase of the fundamental at the middle of hop t is the sum of F0 · hop / sample rate over frames 0 ... t, and is
/// linear in between. Unvoiced hops are silent. Frames see the signal mirrored about its first and last sample.
struct PulseTrain: Sendable {
    private let transform: ShortTimeTransform
    private var workspace: ShortTimeTransform.Workspace
    /// F0 of frames whose hop is still to come, Hz, 0 where unvoiced.
    private var pitch: [Float] = []
    private var cycles = 0.0
    private var samples: [Float] = []
    /// Index in `samples` of the first one the next frame needs.
    private var start = 0
    private var hops = 0

    init(transform: ShortTimeTransform) {
        self.transform = transform
        workspace = transform.makeWorkspace()
    }

    /// Takes F0 of the next frames.
    mutating func push(_ pitch: [Float], last: Bool) {
        samples.removeFirst(start)
        start = 0
        self.pitch += pitch
        let complete = last ? self.pitch.count : self.pitch.count - 1
        guard complete > 0 || last else { return }
        for index in 0..<complete {
            let next = index + 1 < self.pitch.count ? self.pitch[index + 1] : self.pitch[index]
            addHop(pitch: self.pitch[index], next: next)
        }
        self.pitch.removeFirst(complete)
        if last { mirrorEnd() }
    }

    /// The spectrum of the next frame, 2 F numbers. Its F0 and that of two frames more must have been pushed, or the end.
    mutating func next(into spectrum: inout [Float]) {
        precondition(samples.count - start >= Signal.fftSize)
        samples.withUnsafeBufferPointer {
            transform.forward($0.baseAddress! + start, into: &spectrum, workspace: &workspace)
        }
        start += Signal.hop
    }

    private mutating func addHop(pitch: Float, next: Float) {
        let advance = Double(pitch) * Double(Signal.hop) / Double(Signal.sampleRate)
        cycles += advance
        cycles -= cycles.rounded(.down)
        let end = samples.count
        samples.append(contentsOf: repeatElement(0, count: Signal.hop))
        if pitch > 0 {
            let after = Double(next) * Double(Signal.hop) / Double(Signal.sampleRate)
            let harmonics = (Convention.pulseCeiling / pitch).rounded(.down)
            samples.withUnsafeMutableBufferPointer {
                starling_pulses(cycles, advance, after, harmonics, $0.baseAddress! + end, Signal.hop)
            }
        }
        hops += 1
        // The first frame also sees what follows it mirrored, all but the sample its window silences.
        if hops == Signal.fftSize / 2 / Signal.hop { mirrorStart() }
    }

    private mutating func mirrorStart() {
        samples = [0] + samples[1...].reversed() + samples
    }

    private mutating func mirrorEnd() {
        if hops < Signal.fftSize / 2 / Signal.hop, !samples.isEmpty {
            samples += [Float](repeating: 0, count: Signal.fftSize / 2 - samples.count)
            mirrorStart()
        }
        samples += samples.dropLast().reversed().prefix(Signal.hop)
    }
}
