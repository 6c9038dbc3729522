import AudioIO
import Foundation
import Synthesis
import Tensor
import Testing
import VoiceStore

@Suite struct Speaking {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Loaded once for all tests.
    private static let loaded = Result {
        try Synthesizer(
            data: repository.appending(path: "data"), voices: [repository.appending(path: "voices")])
    }

    static func synthesizer() throws -> Synthesizer { try loaded.get() }

    /// The same with another store.
    static func synthesizer(_ store: VoiceStore) throws -> Synthesizer {
        let loaded = try synthesizer()
        return Synthesizer(networks: loaded.networks, frontend: loaded.frontend, store: store)
    }

    struct Whole {
        var samples: [Float] = []
        var sentences: [SpokenSentence] = []
        var chunks = 0
    }

    /// Takes everything, checking on the way that the chunks join.
    static func speak(
        _ synthesizer: Synthesizer, _ text: String, voice: String = "heart", options: SpeechOptions = SpeechOptions()
    ) async throws -> Whole {
        var whole = Whole()
        for try await chunk in synthesizer.speak(text, voice: voice, options: options) {
            #expect(chunk.start == whole.samples.count)
            let finite = chunk.samples.allSatisfy(\.isFinite)
            #expect(finite)
            if let sentence = chunk.sentence { whole.sentences.append(sentence) }
            whole.samples += chunk.samples
            whole.chunks += 1
        }
        return whole
    }

    static let story = "It was late. Nobody came, and the lamp went out! Was that all?\n\nYes, that was all."

    @Test func sentencesComeInOrderWithTheirPlaces() async throws {
        let whole = try await Self.speak(Self.synthesizer(), Self.story)
        #expect(whole.sentences.count == 4)
        let bytes = Array(Self.story.utf8)
        var last = 0.0
        for sentence in whole.sentences {
            let written = String(decoding: bytes[sentence.range], as: UTF8.self)
            #expect(
                written.trimmingCharacters(in: .whitespacesAndNewlines)
                    == sentence.text.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(sentence.start >= last && sentence.end > sentence.start)
            for (word, next) in zip(sentence.words, sentence.words.dropFirst()) {
                #expect(word.start <= next.start && word.end <= next.start + 1e-9)
            }
            last = sentence.end
        }
        #expect(abs(last - Double(whole.samples.count) / 24_000) < 0.001)
        let peak = whole.samples.map(abs).max() ?? 0
        #expect((0.02...1.5).contains(peak), "peak \(peak)")
    }

    @Test func workingAheadChangesNothing() async throws {
        let synthesizer = try Self.synthesizer()
        var options = SpeechOptions()
        options.seed = 7
        options.parallelism = 0
        let alone = try await Self.speak(synthesizer, Self.story, options: options)
        options.parallelism = 8
        let together = try await Self.speak(synthesizer, Self.story, options: options)
        #expect(alone.samples == together.samples)
        options.seed = 8
        let other = try await Self.speak(synthesizer, Self.story, options: options)
        #expect(other.samples != alone.samples && other.samples.count == alone.samples.count)
    }

    @Test func manySpeakersAtOnce() async throws {
        let synthesizer = try Self.synthesizer()
        let expected = try await Self.speak(synthesizer, "Hello there.").samples
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { try await Self.speak(synthesizer, "Hello there.").samples == expected } }
            for try await isEqual in group { #expect(isEqual) }
        }
    }

    @Test func joinsNeitherClickNorHum() async throws {
        let whole = try await Self.speak(Self.synthesizer(), Self.story)
        for (one, next) in zip(whole.sentences, whole.sentences.dropFirst()) {
            let (end, start) = (Int(one.end * 24_000 + 0.5), Int(next.start * 24_000 + 0.5))
            #expect(start > end)
            // Digital silence in between, and ramps on both sides of it.
            #expect(whole.samples[end..<start].allSatisfy { $0 == 0 })
            #expect(abs(whole.samples[end - 1]) < 0.001 && abs(whole.samples[start]) < 0.001)
        }
        // Paragraphs stand further apart than sentences.
        let gaps = zip(whole.sentences, whole.sentences.dropFirst()).map { $1.start - $0.end }
        #expect(gaps[2] > gaps[0] + 0.2 && gaps[2] > gaps[1] + 0.2)
    }

    @Test func pausesAreAsLongAsAsked() async throws {
        let synthesizer = try Self.synthesizer()
        let short = try await Self.speak(synthesizer, "One. [pause 1s] Two.")
        let long = try await Self.speak(synthesizer, "One. [pause 2500ms] Two.")
        #expect(short.sentences.count == 2 && long.sentences.count == 2)
        #expect(abs(short.sentences[1].start - short.sentences[0].end - 1) < 0.01)
        #expect(abs(long.sentences[1].start - long.sentences[0].end - 2.5) < 0.01)
    }

    @Test func theOctaveIsAnOctave() async throws {
        let synthesizer = try Self.synthesizer()
        func meanPitch(_ shift: Float) async throws -> Float {
            var options = SpeechOptions()
            options.pitch = shift
            options.keepsFeatures = true
            let whole = try await Self.speak(synthesizer, "We were away a year ago.", options: options)
            let voiced = whole.sentences.flatMap { $0.features?.f0 ?? [] }.filter { $0 > 0 }.map { log($0) }
            return voiced.reduce(0, +) / Float(max(1, voiced.count))
        }
        let (low, high) = try await (meanPitch(0), meanPitch(12))
        #expect(abs(high - low - log(2)) < 0.02, "\(exp(high - low)) times as high")
    }

    /// A long sentence comes in two parts where it is the first, and whole behind another.
    @Test func theBeginningOfALongFirstSentenceIsDecodedFirst() async throws {
        let synthesizer = try Self.synthesizer()
        let long =
            "The old lighthouse keeper watched the waves crash against the rocks, and thought of all the ships"
            + " that had passed him by in the night."
        var options = SpeechOptions()
        options.keepsFeatures = true
        let first = try await Self.speak(synthesizer, long, options: options)
        let second = try await Self.speak(synthesizer, "Hello. " + long, options: options)
        let (here, there) = (try #require(first.sentences.first), try #require(second.sentences.last))
        #expect(here.phonemes.map(\.symbol) == there.phonemes.map(\.symbol) && here.end > 4.8)
        let (parts, whole) = (try #require(here.features), try #require(there.features))
        #expect(parts.f0 == whole.f0 && parts.mel.rows == whole.mel.rows && parts.mel != whole.mel)
        let difference = zip(parts.mel.elements, whole.mel.elements).reduce(0) { $0 + abs($1.0 - $1.1) }
        #expect(difference / Float(whole.mel.elements.count) < 0.1)
    }

    /// A day of speech: who waits for its end waits long.
    @Test func stoppingStopsTheWork() async throws {
        let synthesizer = try Self.synthesizer()
        let endless = String(repeating: "This sentence stands here very many times. ", count: 50_000)
        for try await _ in synthesizer.speak(endless, voice: "heart") { break }
        let task = Task {
            for try await _ in synthesizer.speak(endless, voice: "heart") {}
            // A stream that is cancelled between two chunks just ends.
            try Task.checkCancellation()
        }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test(arguments: ["", " \n\t", "\u{200b}\u{3000}"])
    func blankTextIsRefused(_ text: String) async throws {
        await #expect(throws: SynthesisError.self) { try await Self.speak(Self.synthesizer(), text) }
    }

    @Test func optionsOutOfRangeAreRefused() async throws {
        for (speed, pitch) in [(Float(0.1), Float(0)), (5, 0), (.nan, 0), (1, 13), (1, .infinity)] {
            var options = SpeechOptions()
            (options.speed, options.pitch) = (speed, pitch)
            let chosen = options
            await #expect(throws: SynthesisError.self) {
                try await Self.speak(Self.synthesizer(), "Hello.", options: chosen)
            }
        }
    }

    @Test func unknownVoicesAreNotReplaced() async throws {
        await #expect(throws: VoiceStoreError.unknownVoice("haert", close: ["heart"])) {
            try await Self.speak(Self.synthesizer(), "Hello.", voice: "haert")
        }
    }
}

@Suite struct Locating {
    @Test func theDataFolderIsFoundInOrder() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "starling-locate-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        func make(_ path: String) throws -> String {
            let folder = root.appending(path: path)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("[]".utf8).write(to: folder.appending(path: "symbols.json"))
            return folder.path(percentEncoded: false)
        }
        func find(_ asked: String? = nil, _ variable: String? = nil, _ program: String) throws -> String {
            let environment = variable.map { ["STARLING_DATA": $0] } ?? [:]
            let found = try DataLocation.find(
                asked: asked, environment: environment, executable: root.appending(path: program))
            return found.data.standardizedFileURL.path(percentEncoded: false)
        }
        let asked = try make("asked")
        let variable = try make("variable")
        let checkout = try make("checkout/data")
        let installed = try make("usr/share/starling/data")
        let build = "checkout/.build/x86_64-unknown-linux-gnu/release/starling"
        #expect(try find(asked, variable, build).hasPrefix(asked))
        #expect(try find(nil, variable, build).hasPrefix(variable))
        #expect(try find(nil, nil, build).hasPrefix(checkout))
        #expect(try find(nil, nil, "usr/bin/starling").hasPrefix(installed))
        #expect(throws: SynthesisError.noData(tried: ["/no/such"])) { try find("/no/such", variable, build) }
        #expect(throws: SynthesisError.self) { try find(nil, nil, "elsewhere/bin/starling") }
    }
}
