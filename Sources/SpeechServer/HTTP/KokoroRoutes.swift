import Foundation
import HTTPTypes
import Hummingbird
import SpeechSignal
import Synthesis
import TextFrontend
import VoiceStore

/// What clients of Kokoro-FastAPI ask for beside OpenAI's API.
extension SpeechAPI {
    /// `GET /v1/audio/voices`: objects with an id and a name, or with `legacy=true` the names alone.
    func voiceNames(_ request: Request) -> Response {
        let own = synthesizer.store.list().filter { $0.problem == nil }.map(\.name.text)
        let all = own + names.aliases.names.filter { !own.contains($0) }
        let isLegacy = request.uri.queryParameters.get("legacy") == "true"
        let voices = all.map { name -> JSON in isLegacy ? .string(name) : ["id": .string(name), "name": .string(name)] }
        return Self.answer(["voices": .array(voices)])
    }

    /// `POST /dev/captioned_speech`: a line of JSON for each piece of sound, or with `stream` false one for all.
    func captionedSpeech(_ request: Request, _ context: ServerContext) async throws -> Response {
        let body = try await json(request, context)
        let wanted = try SpeechRequest(body, limits: limits, defaultFormat: .mp3, deliveries: [.audio])
        guard case .object(let fields) = body else { throw ServerError.badJSON(reason: "it is not an object") }
        let isStreamed = try fields.flag("stream", default: true)
        let hasTimes = try fields.flag("return_timestamps", default: true)
        let (stream, voice) = try open(wanted, started: context.start)
        let first = try await firstSound(of: stream, context)
        let answer = streamed(context) { writer in
            var captions = Captions(format: wanted.format, hasTimes: hasTimes)
            for piece in first { captions.add(piece) }
            if isStreamed {
                writer.add(captions.line())
                try await writer.flush()
            }
            while let piece = try await stream.next() {
                captions.add(piece)
                guard isStreamed, !piece.bytes.isEmpty else { continue }
                writer.add(captions.line())
                try await writer.flush()
            }
            if !isStreamed { writer.add(captions.line()) }
        }
        return Response(status: .ok, headers: headers("application/json", voice: voice), body: answer)
    }

    /// `POST /dev/phonemize`
    func phonemize(_ request: Request, _ context: ServerContext) async throws -> Response {
        guard case .object(let fields) = try await json(request, context) else {
            throw ServerError.badJSON(reason: "it is not an object")
        }
        guard let text = try fields.text("text"), !text.isEmpty else { throw ServerError.missing("text") }
        let count = text.unicodeScalars.count
        guard count <= limits.text else { throw ServerError.textTooLong(count: count, limit: limits.text) }
        let asked = try fields.text("language") ?? "a"
        let frontend = synthesizer.frontend
        guard let choice = try? LanguageChoice(tag: Self.languages[asked.lowercased()] ?? asked) else {
            throw ServerError.unknownLanguage(asked, spoken: frontend.languages.map(\.rawValue))
        }
        var reading = ReadingStyle(language: choice.language ?? .americanEnglish)
        if choice == .auto { reading = reading.detecting(frontend.languages) }
        let phonemes = try await withTaskExecutorPreference(scheduler) { [reading] in
            try frontend.sentences(in: text, reading: reading).map(\.phonemes)
        }
        return Self.answer([
            "phonemes": .string(phonemes.map(\.symbols).joined(separator: " ")),
            "tokens": .array(phonemes.joined().map { JSON(Int($0.rawValue)) }),
        ])
    }

    /// The tags of Kokoro's letters for languages.
    private static let languages = ["a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "i": "it", "p": "pt-BR"]
}

/// Sound with the times of its words, in Kokoro-FastAPI's form.
private struct Captions {
    let format: SpeechRequest.Format
    let hasTimes: Bool
    private var sound: [UInt8] = []
    private var words: [JSON] = []

    init(format: SpeechRequest.Format, hasTimes: Bool) {
        self.format = format
        self.hasTimes = hasTimes
    }

    mutating func add(_ piece: SpeechStream.Piece) {
        sound += piece.bytes
        guard let sentence = piece.sentence, hasTimes else { return }
        // What is written once and said as several words is one.
        var spoken: [SpokenSentence.TimedWord] = []
        for word in sentence.words {
            if spoken.last?.range == word.range {
                spoken[spoken.count - 1].end = word.end
            } else {
                spoken.append(word)
            }
        }
        words += spoken.map {
            ["word": .string($0.text), "start_time": JSON(seconds: $0.start), "end_time": JSON(seconds: $0.end)]
        }
    }

    /// What was added since the last line.
    mutating func line() -> [UInt8] {
        defer { (sound, words) = ([], []) }
        let json: JSON = [
            "audio": .string(Data(sound).base64EncodedString()), "audio_format": .string(format.mediaType),
            "timestamps": .array(words),
        ]
        return json.bytes() + [UInt8(ascii: "\n")]
    }
}
