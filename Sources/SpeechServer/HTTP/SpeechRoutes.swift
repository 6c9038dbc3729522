import AudioIO
import Foundation
import HTTPTypes
import Hummingbird
import SpeechSignal
import Synthesis
import VoiceStore

extension SpeechAPI {
    /// `POST /v1/audio/speech`
    func speech(_ request: Request, _ context: ServerContext) async throws -> Response {
        let wanted = try SpeechRequest(
            try await json(request, context), limits: limits, defaultFormat: .mp3, deliveries: [.audio, .sse])
        let (stream, voice) = try open(wanted, started: context.start)
        let first = try await firstSound(of: stream, context)
        let headers = self.headers(
            wanted.delivery == .sse ? "text/event-stream" : wanted.format.mediaType, voice: voice)
        let body: ResponseBody
        switch wanted.delivery {
        case .sse: body = events(first, stream, context, input: wanted.text, withTimes: false)
        case .audio, .json: body = sound(first, stream, context)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// The sound itself, streamed while it is made.
    func sound(
        _ first: [SpeechStream.Piece], _ stream: SpeechStream, _ context: ServerContext
    ) -> ResponseBody {
        streamed(context) { writer in
            for piece in first { writer.add(piece.bytes) }
            try await writer.flush()
            while let piece = try await stream.next() {
                writer.add(piece.bytes)
                try await writer.flush()
            }
        }
    }

    /// `POST /v1/speech/timings`
    func timings(_ request: Request, _ context: ServerContext) async throws -> Response {
        let wanted = try SpeechRequest(
            try await json(request, context), limits: limits, defaultFormat: .wav, deliveries: [.json, .sse])
        let (stream, voice) = try open(wanted, started: context.start)
        let first = try await firstSound(of: stream, context)
        if wanted.delivery == .sse {
            return Response(
                status: .ok, headers: headers("text/event-stream", voice: voice),
                body: events(first, stream, context, input: wanted.text, withTimes: true))
        }
        let body = streamed(context) { writer in
            var sentences: [[UInt8]] = []
            var melody = PitchTrack()
            var encoder = Base64Stream()
            func add(_ piece: SpeechStream.Piece) throws {
                writer.add(encoder.encode(piece.bytes))
                guard let sentence = piece.sentence else { return }
                sentences.append(try Self.bytes(of: sentence))
                if let features = sentence.features { melody.add(features) }
            }
            writer.add("{\"object\":\"speech.timings\",\"audio\":\"".utf8)
            for piece in first { try add(piece) }
            try await writer.flush()
            while let piece = try await stream.next() {
                try add(piece)
                try await writer.flush()
            }
            writer.add(encoder.finish())
            let duration = Double(await stream.sampleCount) / Double(Synthesizer.sampleRate)
            var rest: [String: JSON] = [
                "version": JSON(SpeechTimings.currentVersion), "voice": .string(voice.name),
                "format": .string(wanted.format.rawValue),
                "sample_rate": JSON(Synthesizer.sampleRate),
                "duration": JSON(seconds: duration),
            ]
            if wanted.options.keepsFeatures { rest["f0"] = melody.json(seconds: duration) }
            writer.add("\",\"sentences\":[".utf8)
            writer.add(sentences.joined(separator: [UInt8(ascii: ",")]))
            writer.add("],".utf8)
            writer.add(JSON.object(rest).bytes().dropFirst())
            writer.add("\n".utf8)
        }
        return Response(status: .ok, headers: headers("application/json", voice: voice), body: body)
    }

    /// Headers of an answer that speaks. Whatever was asked for, they name the voice and the model that speak.
    func headers(_ mediaType: String, voice: Voice, model: String? = nil) -> HTTPFields {
        [
            .contentType: mediaType, .cacheControl: "no-store", .starlingVoice: voice.name,
            .starlingModel: model ?? synthesizer.model,
        ]
    }

    /// What comes until there is sound. Whatever is wrong with a request shows here, before the answer has begun.
    static func firstPieces(of stream: SpeechStream) async throws -> [SpeechStream.Piece] {
        var pieces: [SpeechStream.Piece] = []
        while let piece = try await stream.next() {
            pieces.append(piece)
            if piece.samples > 0, !piece.bytes.isEmpty { break }
        }
        return pieces
    }

    /// The first sound of a text, and how long it took.
    func firstSound(of stream: SpeechStream, _ context: ServerContext) async throws -> [SpeechStream.Piece] {
        let pieces = try await Self.firstPieces(of: stream)
        metrics.firstSound(protocol: "http", seconds: (ContinuousClock.now - context.start) / .seconds(1))
        return pieces
    }

    /// Server-sent events in the form of OpenAI's API; with times, each sentence is announced before its sound.
    private func events(
        _ first: [SpeechStream.Piece], _ stream: SpeechStream, _ context: ServerContext, input: String, withTimes: Bool
    ) -> ResponseBody {
        streamed(context) { writer in
            @Sendable func lines(_ piece: SpeechStream.Piece) -> [UInt8] {
                var bytes: [UInt8] = []
                if withTimes, let sentence = piece.sentence, let json = try? Self.bytes(of: sentence) {
                    bytes += Array("data: {\"type\":\"speech.sentence\",".utf8)
                    if let features = sentence.features {
                        bytes += Array("\"f0\":".utf8) + PitchTrack.json(features.f0).bytes() + Array(",".utf8)
                    }
                    bytes += json.dropFirst() + Array("\n\n".utf8)
                }
                if !piece.face.isEmpty {
                    bytes += Self.event(.object(FaceMessage.fields(piece.face, type: "speech.blendshapes")))
                }
                if !piece.bytes.isEmpty {
                    let sound = Data(piece.bytes).base64EncodedString()
                    bytes += Self.event(["type": "speech.audio.delta", "audio": .string(sound)])
                }
                return bytes
            }
            for piece in first { writer.add(lines(piece)) }
            try await writer.flush()
            do {
                while let piece = try await stream.next() {
                    writer.add(lines(piece))
                    try await writer.flush()
                }
            } catch let error as ServerError {
                // The answer has begun, so the error comes as its last event.
                guard case .object(var fields) = ErrorResponse(error).json else { throw error }
                fields["type"] = "error"
                writer.add(Self.event(.object(fields)))
                return
            }
            // Tokens, as this model knows them: characters in, frames of 12.5 ms out.
            let characters = input.unicodeScalars.count
            let frames = await stream.sampleCount / Signal.hop
            writer.add(
                Self.event([
                    "type": "speech.audio.done",
                    "usage": [
                        "input_tokens": JSON(characters), "output_tokens": JSON(frames),
                        "total_tokens": JSON(characters + frames),
                    ],
                ]))
        }
    }

    /// As docs/timings.md has it.
    private static func bytes(of sentence: SpokenSentence) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(sentence))
    }

    /// A server-sent event.
    static func event(_ json: JSON) -> [UInt8] {
        Array("data: ".utf8) + json.bytes() + Array("\n\n".utf8)
    }
}

/// Base64 of bytes that come piece by piece.
struct Base64Stream {
    private var rest: [UInt8] = []

    mutating func encode(_ bytes: [UInt8]) -> [UInt8] {
        let all = rest + bytes
        let whole = all.count / 3 * 3
        rest = Array(all[whole...])
        return Array(Data(all[..<whole]).base64EncodedData())
    }

    mutating func finish() -> [UInt8] {
        defer { rest = [] }
        return Array(Data(rest).base64EncodedData())
    }
}
