import ArgumentParser
import Enrollment
import Foundation
import SpeechSignal
import Synthesis
import TextFrontend
import VoiceProfile
import VoiceStore

struct EnrollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract: "Make a voice from recordings of a person.",
        discussion: """
            Needs 5 seconds or more of one person speaking, better 10 to 30, in one or more files of any format and rate. \
            Music, silence and noise between the sentences are left out.

            With a transcript, the networks adapt to the speaker. This takes up to a minute and makes the voice more \
            alike. A transcript is a text file: ann1.txt beside ann1.wav, or one named with --transcript.

            Example:
              starling enroll ann ann1.wav --consent "I, Ann Example, agree."
            """)

    @Argument(help: "The voice's name: letters, digits, - and _.")
    var name: String

    @Argument(help: ArgumentHelp("Recordings of the person.", valueName: "recording"), completion: .file())
    var recordings: [String]

    @Option(help: "Who agreed that this voice is made, and to what. Kept with the voice.")
    var consent: String?

    @Option(help: "american or british: how the voice reads words.")
    var accent = Accent.american

    @Option(help: "A few words about the voice.")
    var description: String?

    @Option(help: "female, male or what the speaker says.")
    var gender: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Text files with what is said in the recordings: of the same names, or one for each in their order.",
            valueName: "file"), completion: .file(extensions: ["txt"]))
    var transcript: [String] = []

    @Option(
        help: ArgumentHelp(
            "How far the networks adapt to the recordings whose transcript is known, 0 to 1.", valueName: "share"))
    var strength = AdaptationRequest.standardStrength

    @Flag(help: "Replace a voice of that name.")
    var replace = false

    @Flag(help: "You know that all recordings are of one person, however different they sound.")
    var onePerson = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let name = try VoiceName(self.name)
        guard let consent, !consent.isEmpty else { throw EnrollmentError.noConsent(name: "") }
        guard (0...1).contains(strength) else { throw CommandError.strength(strength) }
        let (location, networks) = (try shared.location(), try shared.networks())
        let store = shared.store(location, for: networks)
        // Nobody likes to wait for a refusal.
        if !replace, (try? store.origin(name)) == .user { throw VoiceStoreError.exists(name.text) }
        let start = ContinuousClock.now
        let enroller = try Enroller(networks: networks, data: location.data)
        let space = enroller.profileSpace
        if let expected = store.model, space != expected { throw CommandError.mixedWeights(space, expected: expected) }
        let transcripts = try Transcripts(transcript, for: recordings)
        let recordings = recordings.map { path in
            var recording = Recording(URL(filePath: path), named: path)
            recording.transcript = transcripts[path]
            return recording
        }
        let progress = AdaptationBar()
        defer { progress.clear() }
        let request =
            strength > 0 && !transcripts.isEmpty
            ? AdaptationRequest(
                frontend: try TextFrontend(data: location.data), accent: accent, strength: strength,
                progress: { progress.show($0, secondsLeft: $1) })
            : nil
        let enrollment = try await enroller.measure(recordings, isOnePerson: onePerson, adaptation: request)
        let card = try enrollment.card(
            name: name, consent: consent, description: description, accent: accent, gender: gender, model: space)
        try store.save(card, enrollment.profile, replacing: replace)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let page = EnrollmentPage(enrollment, name: name.text, seconds: seconds, voices: shared.voices)
        try Terminal.say(json ? page.json() : page.text)
    }
}

/// What `starling enroll` tells.
struct EnrollmentPage {
    private let enrollment: Enrollment
    private let name: String
    private let seconds: Double
    private let voices: String?

    init(_ enrollment: Enrollment, name: String, seconds: Double, voices: String?) {
        (self.enrollment, self.name, self.seconds, self.voices) = (enrollment, name, seconds, voices)
    }

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
                + "   length   speech  above noise  reaches  cut off  like the others")
        for sample in report.samples {
            let shown = sample.name.count > 40 ? "…" + sample.name.suffix(39) : sample.name
            let numbers = String(
                format: "  %7.1f s %6.1f s  %8.0f dB  %4.1f kHz", sample.seconds, sample.speechSeconds,
                sample.signalToNoise, Double(sample.bandwidth) / 1000)
            let clipping = sample.clipping >= 0.001 ? String(format: "%5.1f %%", 100 * sample.clipping) : "     no"
            let alike = sample.similarity.map { String(format: "%17.2f", $0) } ?? "                -"
            lines.append(
                "  " + Self.padded(shown, width)
                    + (sample.isUsed ? "\(numbers)  \(clipping)\(alike)" : "   left out"))
        }
        let profile = enrollment.measured
        lines += [
            "",
            String(
                format: "  %.0f Hz on average, moving by %.1f semitones; %.1f phonemes a second",
                exp(profile.pitchMean),
                2 * 12 * profile.pitchDeviation / logf(2), Float(Signal.frameRate) / exp(profile.logFramesPerPhoneme)),
        ]
        if let adaptation = enrollment.adaptation { lines += [""] + Self.lines(adaptation) }
        if !report.warnings.isEmpty { lines += [""] + report.warnings.map { "  ! \($0)" } }
        lines += [
            "", String(format: "The voice \"%@\" was made in %.1f s. Hear it:", name, seconds), "", "    \(command)",
        ]
        return lines.joined(separator: "\n")
    }

    private static func lines(_ adaptation: AdaptationReport) -> [String] {
        let summary =
            if let reason = adaptation.keptBecause {
                "  kept the voice as it was: \(reason)"
            } else {
                String(
                    format: "  adapted to %.0f s of speech; sentences held back are off by %.2f nepers, before by %.2f",
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
            var next: String
        }
        let profile = enrollment.measured
        let page = Page(
            name: name, seconds: seconds, report: enrollment.report, adaptation: enrollment.adaptation,
            pitchHertz: exp(profile.pitchMean),
            pitchSemitones: 2 * 12 * profile.pitchDeviation / logf(2),
            phonemesPerSecond: Float(Signal.frameRate) / exp(profile.logFramesPerPhoneme),
            bands: profile.bands, sources: enrollment.sources, next: command)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(page), as: UTF8.self)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// As a shell takes it.
    private static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "/._-~".utf8.contains(byte)
        }
        return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
