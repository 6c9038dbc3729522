private import Foundation
private import Spectral
import SpeechSignal
internal import Tensor

/// What frequencies of a recording hold speech, whatever its sample rate says.
struct Bandwidth: Sendable {
    /// Hz between which there is speech.
    var low: Double
    var high: Double
    /// Whether what lies above may be there but is drowned by the background.
    var isMasked: Bool
    /// Whether the recording has the bandwidth of a telephone.
    var isTelephone: Bool { high < Self.telephone && !isMasked }
    /// Whether the recording covers the bands below 7.6 kHz.
    var isWide: Bool { low <= 0 && (high >= Self.wide || isMasked) }

    /// Telephones end below, wideband ones too.
    static let telephone = 5_000.0
    /// At least this is needed to know all mel bands. (Their upper end is 12 kHz; what is there hardly counts.)
    static let full = 10_000.0
    /// At least this is needed to know the mel bands below 7.6 kHz.
    static let wide = 7_200.0

    /// Lines of 20 Hz are joined to bands of 200 Hz.
    private static let lines = 10
    /// dB below the strongest band at which nothing is there.
    private static let nothing: Float = 85
    /// dB below the first formants at which the fundamental was filtered out.
    private static let filtered: Float = 30
    /// dB below the strongest band at which background drowns speech.
    private static let drowning: Float = 65
    /// dB that speech has to stand out from the background.
    private static let outstanding: Float = 4
    /// Frames looked at, at most.
    private static let frames = 1_500

    /// - Parameters:
    ///   - samples: 24 kHz
    ///   - speech: the frames of 300 samples that hold speech, [T]
    ///   - background: those that hold none, [T]
    init(_ samples: [Float], speech: [Bool], background: [Bool]) {
        let transform = ShortTimeTransform()
        let places = transform.bins / Self.lines
        func spectra(_ chosen: [Bool]) -> [[Float]] {
            let all = chosen.indices.filter {
                chosen[$0] && $0 * transform.hop + transform.size <= samples.count
            }
            let every = max(1, all.count / Self.frames)
            var workspace = transform.makeWorkspace()
            var spectrum = [Float](repeating: 0, count: 2 * transform.bins)
            return stride(from: 0, to: all.count, by: every).map { index in
                samples.withUnsafeBufferPointer {
                    transform.forward(
                        $0.baseAddress! + all[index] * transform.hop, into: &spectrum, workspace: &workspace)
                }
                return (0..<places).map { place in
                    var power: Float = 1e-12
                    for bin in place * Self.lines..<(place + 1) * Self.lines {
                        power +=
                            spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1]
                    }
                    return 10 * log10f(power)
                }
            }
        }
        let spoken = spectra(speech)
        let silent = spectra(background)
        // Fricatives fill the upper bands, and they are rare.
        let loud = (0..<places).map { place in Statistics.quantile(spoken.map { $0[place] }, 0.95) }
        let floor = (0..<places).map { place -> Float in
            silent.count >= 16
                ? Statistics.quantile(silent.map { $0[place] }, 0.8)
                : Statistics.quantile(spoken.map { $0[place] }, 0.02)
        }
        let strongest = loud.max() ?? 0
        let holds = (0..<places).map { loud[$0] > strongest - Self.nothing && loud[$0] > floor[$0] + Self.outstanding }
        let width = Double(Self.lines) * Double(Signal.sampleRate) / Double(transform.size)
        // A single band may be a whistle or a chance.
        let runs = Statistics.runs(holds).filter { $0.count >= 2 }
        let end = runs.last?.upperBound ?? 0
        low = loud[0] < (loud[1...4].max() ?? 0) - Self.filtered ? 300 : 0
        high = Double(end) * width
        isMasked = end + 4 < places && Statistics.mean(floor[end..<end + 4]) > strongest - Self.drowning
    }
}
