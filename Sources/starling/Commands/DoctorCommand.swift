import ArgumentParser
import AudioIO
import Conversion
import Enrollment
import Files
import Foundation
import SpeechSignal
import Synthesis
import Tensor
import TextFrontend
import VoiceModel
import VoiceProfile
import VoiceStore
import Weights

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the installation: read every file, speak, enroll and convert.")

    @OptionGroup var model: ModelOptions

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        var report = Report()
        try report.line("starling", Synthesizer.version)
        try report.line("processor", Self.processorName)
        try report.line("cores", "\(SpeechScheduler.cores)")
        try report.line("kernels", Processor.level)
        try report.line("player", Player.available?.path ?? "none (needed only to play speech)")
        if let location = try report.check(
            "data folder", { try shared.location() }, shown: { $0.data.path(percentEncoded: false) })
        {
            try checkFiles(location, &report)
        }
        try checkVoices(&report)
        try checkWriting(&report)
        let speech = try await checkSpeaking(&report)
        try await checkEnrolling(speech, &report)
        try checkConverting(speech, &report)
        if report.problems > 0 { throw CommandError.unhealthy(problems: report.problems) }
    }

    /// Speaking needs the first three, enrollment all but the third and the last, conversion the first two and the
    /// last. Networks of other sizes stand in for the first two.
    private static let weights =
        ["acoustic", "vocoder", "g2p", "speaker", "codebook", "telephone", "content"]
        + ModelSize.allCases.filter { $0 != .base }.flatMap { ["\($0.rawValue)/acoustic", "\($0.rawValue)/vocoder"] }

    private func checkFiles(_ location: DataLocation, _ report: inout Report) throws {
        for name in Self.weights.map({ "\($0).safetensors" }) {
            // The size of a linked file is that of the file.
            let url = location.data.appending(path: name).resolvingSymlinksInPath()
            try report.check(
                name,
                { () -> String in
                    let file = try WeightFile(contentsOf: url)
                    let parameters = file.tensors.values.reduce(0) { $0 + $1.shape.reduce(1, *) }
                    let size = try FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))[.size]
                    let digest = try Digest.sha256(contentsOf: url).prefix(16)
                    return "\(Self.short(parameters)) parameters, \(Self.short(size as? Int ?? 0))B, sha256 \(digest)"
                }, shown: { $0 })
        }
        try report.check("lexicon", { try TextFrontend(data: location.data).lexiconCount }, shown: { "\($0) words" })
        try report.check(
            "reads", { try TextFrontend(data: location.data).loadedLanguages() },
            shown: { $0.map(\.rawValue).joined(separator: ", ") })
        try report.check(
            "speaks", { try SpeechNetworks.languages(data: location.data) }, shown: { $0.joined(separator: ", ") })
    }

    /// 3.8 k, 12.46 M.
    private static func short(_ count: Int) -> String {
        count < 1_000_000
            ? String(format: "%.1f k", Double(count) / 1e3) : String(format: "%.2f M", Double(count) / 1e6)
    }

    private func checkVoices(_ report: inout Report) throws {
        let voices = try shared.store().list()
        let own = voices.filter { $0.origin == .user }.count
        try report.line("voices", "\(voices.count - own) bundled, \(own) your own")
        if voices.isEmpty { try report.problem("voices", "none found; restore the folder voices beside data") }
        for voice in voices { if let problem = voice.problem { try report.problem("voice \(voice.name)", problem) } }
    }

    /// Writes and reads back a moment of sound in every format.
    private func checkWriting(_ report: inout Report) throws {
        let tone = (0..<Synthesizer.sampleRate).map { 0.3 * sin(Float($0) * 0.05) }
        let formats = AudioFormat.allCases.filter { MediaHelper.path != nil || !$0.needsMediaHelper }
        try report.line("starling-media", MediaHelper.path ?? "none (only m4a, aac, webm, amr and wma need it)")
        try report.check(
            "audio formats",
            { () -> String in
                for format in formats where format != .raw {
                    let sink = MemorySink()
                    let writer = try AudioWriter(to: sink, format: format, sampleRate: Synthesizer.sampleRate)
                    try writer.append(tone)
                    try writer.finish()
                    _ = try AudioReader.read(sink.data, named: format.rawValue).audible(named: format.rawValue)
                }
                return formats.map(\.rawValue).joined(separator: " ")
            }, shown: { $0 })
        let folder = FileManager.default.temporaryDirectory
        try report.check(
            "writing",
            { () -> String in
                let file = folder.appending(path: "starling-doctor-\(getpid()).wav")
                try AtomicFile.save([0], to: file)
                try FileManager.default.removeItem(at: file)
                return folder.path(percentEncoded: false)
            }, shown: { $0 })
    }

    /// What was spoken, and the voice that spoke; nil if nothing was.
    private func checkSpeaking(_ report: inout Report) async throws -> (samples: [Float], voice: Voice)? {
        let text = "This sentence is spoken to find out whether everything works, and how long it takes."
        do {
            let synthesizer = try shared.synthesizer(model.size)
            let usable = synthesizer.store.list().filter { $0.problem == nil }
            guard let voice = usable.first(where: { $0.name.text == VoiceOptions.defaultVoice }) ?? usable.first else {
                return nil
            }
            let clock = ContinuousClock()
            var samples: [Float] = []
            var firstSound = Duration.zero
            // The second time everything is warm.
            for _ in 0..<2 {
                samples = []
                let start = clock.now
                for try await chunk in synthesizer.speak(text, voice: voice.name.text) {
                    if samples.isEmpty { firstSound = clock.now - start }
                    samples += chunk.samples
                }
                let elapsed = (clock.now - start) / .seconds(1)
                let clip = try AudioClip(samples: samples, sampleRate: Synthesizer.sampleRate).audible(
                    named: "the speech")
                guard clip.samples.allSatisfy(\.isFinite) else {
                    throw AudioError.silent(path: "the speech", peak: .nan)
                }
                report.speech =
                    String(
                        format: "%.1f s in %.0f ms (%.0f× real time), first sound after %.0f ms, voice ", clip.duration,
                        1_000 * elapsed, clip.duration / elapsed, 1_000 * (firstSound / .seconds(1)))
                    + "\(voice.name.text), model \(model.size.rawValue)"
            }
            try report.line("speaking", report.speech)
            return (samples, try synthesizer.store.voice(voice.name.text))
        } catch {
            try report.problem("speaking", "\(error)")
            return nil
        }
    }

    /// Makes a voice of what was spoken, which is not kept.
    private func checkEnrolling(_ speech: (samples: [Float], voice: Voice)?, _ report: inout Report) async throws {
        do {
            let enroller = try Enroller(data: try shared.location().data)
            guard let speech else { return try report.line("enrolling", "skipped, since synthesis failed") }
            let start = ContinuousClock.now
            let found = try await enroller.measure([Recording(Self.file(speech.samples), named: "the speech")])
            let similarity = Enroller.similarity(found.measured.embedding, speech.voice.profile.embedding)
            try report.line(
                "enrolling",
                String(
                    format: "%.1f s of speech in %.0f ms, similarity to the voice %.2f", found.report.speechSeconds,
                    1_000 * ((ContinuousClock.now - start) / .seconds(1)), similarity))
        } catch {
            try report.problem("enrolling", "\(error)")
        }
    }

    /// Says what was spoken again in the voice that spoke it, through what hears speech without its text.
    private func checkConverting(_ speech: (samples: [Float], voice: Voice)?, _ report: inout Report) throws {
        do {
            let converter = try VoiceConverter(networks: shared.networks(), data: shared.location().data)
            guard let speech else { return try report.line("converting", "skipped, since synthesis failed") }
            let start = ContinuousClock.now
            let source = try AudioSource(Self.file(speech.samples), named: "the speech")
            let (samples, distance) = try converter.check(source, to: speech.voice.profile)
            let clip = try AudioClip(samples: samples, sampleRate: Synthesizer.sampleRate).audible(named: "the speech")
            try report.line(
                "converting",
                String(
                    format: "%.1f s in %.0f ms, log mel off by %.2f", clip.duration,
                    1_000 * ((ContinuousClock.now - start) / .seconds(1)), distance))
        } catch {
            try report.problem("converting", "\(error)")
        }
    }

    /// Samples as a WAV file.
    private static func file(_ samples: [Float]) throws -> Data {
        let sink = MemorySink()
        let writer = try AudioWriter(to: sink, format: .wav, sampleRate: Synthesizer.sampleRate)
        try writer.append(samples)
        try writer.finish()
        return sink.data
    }

    /// The model name of /proc/cpuinfo.
    private static var processorName: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }

    private struct Report {
        var problems = 0
        var speech = ""

        func line(_ label: String, _ value: String) throws {
            try Terminal.say(label.padding(toLength: max(22, label.count + 1), withPad: " ", startingAt: 0) + value)
        }

        mutating func problem(_ label: String, _ value: String) throws {
            problems += 1
            try line(label, "PROBLEM: \(value)")
        }

        /// Prints what a check finds, or its failure.
        @discardableResult
        mutating func check<T>(_ label: String, _ body: () throws -> T, shown: (T) -> String) throws -> T? {
            let result: T
            do {
                result = try body()
            } catch {
                try problem(label, "\(error)")
                return nil
            }
            try line(label, shown(result))
            return result
        }
    }
}
