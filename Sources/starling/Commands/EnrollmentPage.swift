import Enrollment
import Foundation
import SpeechSignal
import VoiceProfile
import VoiceStore

/// What `starling enroll` prints.
struct EnrollmentPage {
    private let enrollment: Enrollment
    private let card: VoiceCard
    private let seconds: Double
    private let voices: String?

    init(_ enrollment: Enrollment, card: VoiceCard, seconds: Double, voices: String?) {
        (self.enrollment, self.card, self.seconds, self.voices) = (enrollment, card, seconds, voices)
    }

    private var name: String { card.name }

    /// What to type next.
    private var command: String {
        let place = voices.map { " --voices \(Self.quoted($0))" } ?? ""
        return "starling say \"Hello, this is my new voice.\" --voice \(name)\(place) -o \(name).wav"
    }

    var text: String {
        let report = enrollment.report
        var lines = [
            String(
                format: "%@ quality: %.1f s of speech in %@", report.grade.rawValue, report.speechSeconds,
                report.samples.count == 1 ? "1 recording" : "\(report.samples.count) recordings"), "",
        ]
        let width = max(9, report.samples.map { min(40, $0.name.count) }.max() ?? 0)
        lines.append(
            "  " + Self.padded("recording", width)
                + "     length   speech      SNR  bandwidth  clipping  similarity")
        for sample in report.samples {
            let shown = sample.name.count > 40 ? "…" + sample.name.suffix(39) : sample.name
            let numbers = String(
                format: "  %7.1f s %6.1f s  %4.0f dB  %5.1f kHz", sample.seconds, sample.speechSeconds,
                sample.signalToNoise, Double(sample.bandwidth) / 1000)
            let clipping = sample.clipping >= 0.001 ? String(format: "%6.1f %%", 100 * sample.clipping) : "    none"
            let alike = sample.similarity.map { String(format: "%12.2f", $0) } ?? "           -"
            lines.append(
                "  " + Self.padded(shown, width)
                    + (sample.isUsed ? "\(numbers)  \(clipping)\(alike)" : "   not used"))
        }
        let profile = enrollment.measured
        lines += [
            "",
            String(
                format: "  mean pitch %.0f Hz, varying by %.1f semitones; %.1f phonemes per second",
                exp(profile.pitchMean),
                2 * 12 * profile.pitchDeviation / logf(2), Float(Signal.frameRate) / exp(profile.logFramesPerPhoneme)),
        ]
        if let adaptation = enrollment.adaptation { lines += [""] + Self.lines(adaptation) }
        if card.spokenConsent != nil {
            lines.append("  recognized the consent; the voice keeps the recording's SHA-256")
        }
        if !report.warnings.isEmpty { lines += [""] + report.warnings.map { "  ! \($0)" } }
        lines += [
            "", String(format: "The voice \"%@\" was cloned in %.1f s. To hear it:", name, seconds), "",
            "    \(command)",
        ]
        return lines.joined(separator: "\n")
    }

    private static func lines(_ adaptation: AdaptationReport) -> [String] {
        let summary =
            if let reason = adaptation.keptBecause {
                "  not adapted: \(reason)"
            } else {
                String(
                    format: "  adapted to %.0f s of speech; error on held-out sentences %.2f nepers, before %.2f",
                    adaptation.seconds, adaptation.error.last ?? 0, adaptation.error.first ?? 0)
            }
        return [summary] + adaptation.leftOut.map { "  ! \($0.description)" }
    }

    func json() throws -> String {
        struct Page: Encodable {
            var name: String
            var seconds: Double
            var report: QualityReport
            var adaptation: AdaptationReport?
            var pitchHertz: Float
            var pitchSemitones: Float
            var phonemesPerSecond: Float
            var bands: Int
            var sources: [VoiceCard.Source]
            var spokenConsent: String?
            var next: String
        }
        let profile = enrollment.measured
        let page = Page(
            name: name, seconds: seconds, report: enrollment.report, adaptation: enrollment.adaptation,
            pitchHertz: exp(profile.pitchMean),
            pitchSemitones: 2 * 12 * profile.pitchDeviation / logf(2),
            phonemesPerSecond: Float(Signal.frameRate) / exp(profile.logFramesPerPhoneme),
            bands: profile.bands, sources: enrollment.sources,
            spokenConsent: card.spokenConsent, next: command)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(page), as: UTF8.self)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Quoted for a shell.
    private static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "/._-~".utf8.contains(byte)
        }
        return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
