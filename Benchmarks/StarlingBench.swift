import AcousticModel
import Foundation
import SpeechSignal
import Tensor
import Vocoder
import VoiceProfile

/// Measures the networks on one thread, and on all cores, and prints ratios to real time.
///
///     swift run -c release starling-bench [DATA [PROFILE [RUNS]]]
///
/// DATA is the folder of the networks: data, or data/small.
///
/// Times are processor time of this thread, so that other work on the machine disturbs them little; every figure is the
/// median of the runs after the first. On all cores it is time on the clock, which other work does disturb. Ratios are
/// seconds of speech per second.
@main
struct StarlingBench {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let data = URL(filePath: arguments.first ?? "data")
        let runs = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 9
        do {
            let profile = try arguments.dropFirst().first.map { try SpeakerProfile(contentsOf: URL(filePath: $0)) }
            print("kernels for \(Processor.level)")
            for precision in [Precision.automatic, .float32] {
                try measure(precision, data: data, profile: profile ?? neutral, runs: runs)
            }
            print("peak memory \(peakMemory() / 1024) MB")
        } catch {
            FileHandle.standardError.write(Data("starling-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    /// A voice in the middle of everything; speed does not depend on whose it is.
    private static let neutral = SpeakerProfile(
        embedding: [Float](repeating: 1 / 16, count: 256), pitchMean: 5, pitchDeviation: 0.2,
        logFramesPerPhoneme: 2, energyDeviation: 0.5, spectrum: [Float](repeating: 0, count: Signal.melBands),
        bands: Signal.melBands)

    private static func measure(_ precision: Precision, data: URL, profile: SpeakerProfile, runs: Int) throws {
        var acoustic: AcousticModel?
        var vocoder: Vocoder?
        let loading = try seconds {
            acoustic = try AcousticModel(weights: data.appending(path: "acoustic.safetensors"), precision: precision)
            vocoder = try Vocoder(weights: data.appending(path: "vocoder.safetensors"), precision: precision)
        }
        guard let acoustic, let vocoder else { return }
        // A sentence of about ten seconds: phoneme tokens in no particular order.
        var phonemes: Phonemes = [.pad]
        var utterance = Utterance(mel: Matrix(rows: 0, columns: Signal.melBands), f0: [], durations: [])
        while utterance.mel.rows < 780 {
            phonemes += (0..<20).compactMap { Phoneme(rawValue: UInt8(10 + (phonemes.count + 11 * $0) % 60)) }
            utterance = try acoustic.predict(phonemes: phonemes, profile: profile)
        }
        let length = Signal.seconds(frames: utterance.mel.rows)
        print(
            "\n\(precision): weights loaded in \(milliseconds(loading)) ms, \(phonemes.count) phonemes, "
                + "\(utterance.mel.rows) frames, \(String(format: "%.2f", length)) s of speech")
        print("stage            first      median        ratio")
        let frames = try report("acoustic model", length, runs) {
            utterance = try acoustic.predict(phonemes: phonemes, profile: profile)
        }
        var samples: [Float] = []
        let signal = try report("vocoder", length, runs) {
            samples = try vocoder.synthesize(mel: utterance.mel, f0: utterance.f0, seed: 1)
        }
        row("both", nil, frames + signal, length)
        let alone = samples
        _ = try report("both, \(Crew.cores) cores", length, runs, by: CLOCK_MONOTONIC) {
            try Crew.work {
                utterance = try acoustic.predict(phonemes: phonemes, profile: profile)
                samples = try vocoder.synthesize(mel: utterance.mel, f0: utterance.f0, seed: 1)
            }
        }
        if samples != alone { print("with more cores the samples differ") }
        _ = try report("first audio", length, runs) {
            // What a listener waits for: the acoustic model, then the vocoder's first samples.
            let utterance = try acoustic.predict(phonemes: phonemes, profile: profile)
            var stream = VocoderStream(vocoder, seed: 1)
            samples.removeAll(keepingCapacity: true)
            for start in stride(from: 0, to: utterance.mel.rows, by: 40) where samples.isEmpty {
                let rows = start..<min(start + 40, utterance.mel.rows)
                try stream.push(mel: utterance.mel.rows(rows), f0: Array(utterance.f0[rows]), to: &samples)
            }
        }
    }

    /// Runs a stage once and then `runs` times; prints and returns its median.
    private static func report(
        _ name: String, _ length: Double, _ runs: Int, by clock: clockid_t = CLOCK_THREAD_CPUTIME_ID,
        _ body: () throws -> Void
    ) throws -> Double {
        let first = try seconds(by: clock, body)
        let times = try (0..<max(1, runs)).map { _ in try seconds(by: clock, body) }.sorted()
        row(name, first, times[times.count / 2], length)
        return times[times.count / 2]
    }

    private static func row(_ name: String, _ first: Double?, _ median: Double, _ length: Double) {
        let name = name.padding(toLength: 15, withPad: " ", startingAt: 0)
        let first = first.map { milliseconds($0) + " ms" } ?? ""
        let padding = String(repeating: " ", count: max(0, 9 - first.count))
        print("\(name)\(padding)\(first)  \(milliseconds(median)) ms   \(String(format: "%6.1f", length / median)) ×")
    }

    private static func milliseconds(_ seconds: Double) -> String { String(format: "%7.1f", 1000 * seconds) }

    /// What a clock says that something took, by default processor time of this thread.
    private static func seconds(by clock: clockid_t = CLOCK_THREAD_CPUTIME_ID, _ body: () throws -> Void) rethrows
        -> Double
    {
        func now() -> Double {
            var time = timespec()
            clock_gettime(clock, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        try body()
        return now() - start
    }

    /// The largest resident size so far, kB.
    private static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_maxrss)
    }
}
