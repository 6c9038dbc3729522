import Foundation
import NIOCore
import SpeechSignal
import Synthesis
import VoiceStore

/// One Wyoming client: `describe`, `ping`, `synthesize`, and text that streams in between `synthesize-start` and
/// `synthesize-stop` while its first sentences are already heard.
///
/// Clients read on until there is an `audio-stop` or `synthesize-stopped`; Home Assistant passes an `error` over. So
/// nothing comes after one: the connection ends, which every client understands, and no half speech is taken for a
/// whole one.
struct WyomingSession: Sendable {
    let api: SpeechAPI
    let connection: Connection
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Samples of one audio-chunk: 85 ms.
    static let chunk = 2_048
    /// Time for a client to go after the connection was ended from here.
    private static let farewell = Duration.seconds(10)

    /// An `error` was sent.
    private struct Refused: Error {}

    func run(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws {
        var decoder = WyomingDecoder(limit: api.limits.body)
        var streaming: StreamedText?
        defer { streaming?.cancel() }
        connection.expect(within: api.limits.idle)
        var isRefused = connection.isSurplus
        if isRefused { await refuse(ServerError.tooManyConnections(limit: api.limits.connections)) }
        for try await buffer in inbound {
            // What is not read would break the connection off before the client has read the error.
            if isRefused { continue }
            decoder.append(buffer)
            while true {
                do {
                    guard let event = try decoder.next() else { break }
                    connection.startWork()
                    try await take(event, &streaming)
                } catch let error as ServerError {
                    await refuse(error)
                    isRefused = true
                } catch is Refused {
                    isRefused = true
                }
                if isRefused {
                    streaming?.cancel()
                    streaming = nil
                }
                if isRefused { break }
                if streaming == nil { connection.endWork(within: api.limits.idle) }
                if connection.isQuiescing, streaming == nil { return }
            }
            // Who listens may be silent.
            if !isRefused, streaming?.isWaiting ?? true { connection.expect(within: api.limits.idle) }
        }
    }

    private func take(_ event: WyomingEvent, _ streaming: inout StreamedText?) async throws {
        api.metrics.event(Self.known.contains(event.type) ? event.type : "other")
        switch event.type {
        case "describe": try await send([info()])
        case "ping": try await send([WyomingEvent(type: "pong", data: ["text": event.data["text"] ?? .null])])
        case "synthesize":
            // Within a stream it repeats the text for servers that know no streams.
            guard streaming == nil else { break }
            try await speak(event.data)
        case "synthesize-start":
            streaming?.cancel()
            streaming = nil
            do {
                streaming = try StreamedText(session: self, wish: event.data)
            } catch {
                await refuse(error)
                throw Refused()
            }
        case "synthesize-chunk":
            guard let text = event.data["text"]?.string else { break }
            streaming?.add(text)
        case "synthesize-stop":
            guard let text = streaming else { break }
            streaming = nil
            guard try await text.finish() else { throw Refused() }
            try await send([WyomingEvent(type: "synthesize-stopped")])
        default: break  // Events of other services; clients may send them to all.
        }
    }

    private static let known: Set = [
        "describe", "ping", "synthesize", "synthesize-start", "synthesize-chunk", "synthesize-stop",
    ]

    // MARK: Speaking

    private func speak(_ wish: [String: JSON]) async throws {
        var sound = WyomingSound(session: self)
        do {
            guard let text = wish["text"]?.string else { throw ServerError.missing("text") }
            var wish = wish
            let isSSML = wish["text_format"]?.string == "ssml"
            if isSSML { wish["text_format"] = nil }
            var request = try request(text, wish)
            if isSSML { request.options.isSSML = true }
            let (stream, _) = try api.open(request, started: .now)
            try await sound.play(stream)
        } catch {
            try Task.checkCancellation()
            await refuse(error)
            throw Refused()
        }
        try await sound.stop()
    }

    /// Says what is wrong, and says nothing more.
    func refuse(_ error: any Error) async {
        // Who is gone need not be told.
        try? await send([Self.event(error)])
        outbound.finish()
        connection.end(within: min(Self.farewell, api.limits.idle))
    }

    /// What to say, with the voice or language that the client wishes for.
    func request(_ text: String, _ wish: [String: JSON]) throws -> SpeechRequest {
        if let format = wish["text_format"]?.string, format != "text" {
            throw ServerError.badValue(
                "text_format", reason: "is \"\(format.prefix(40))\"; use text, or ssml without streaming")
        }
        let count = text.unicodeScalars.count
        guard count <= api.limits.text else { throw ServerError.textTooLong(count: count, limit: api.limits.text) }
        let voice = try WyomingVoice(wish: wish["voice"], api: api)
        var request = SpeechRequest(text: text, voice: voice.name, format: .pcm)
        request.options.languageChoice = voice.language
        return request
    }

    // MARK: Sending

    func send(_ events: [WyomingEvent]) async throws {
        var buffer = ByteBuffer()
        for event in events { event.write(to: &buffer) }
        try await send(buffer)
    }

    func send(_ buffer: ByteBuffer) async throws {
        try await connection.write(within: api.limits.idle) { try await outbound.write(buffer) }
    }

    private static func event(_ error: any Error) -> WyomingEvent {
        let answer = ErrorResponse(error)
        return WyomingEvent(type: "error", data: ["text": .string(answer.message), "code": JSON(answer.code)])
    }

    private func info() -> WyomingEvent {
        let attribution: JSON = ["name": "Starling", "url": ""]
        let version = JSON(api.configuration.version)
        let voices = WyomingVoice.all(of: api).map { voice, summary -> JSON in
            [
                "name": .string(voice.description), "description": JSON(summary.summary ?? summary.name.text),
                "attribution": attribution, "installed": true, "version": version,
                "languages": .array(voice.language.map { [.string(WyomingVoice.tag($0))] } ?? []),
            ]
        }
        let program: JSON = [
            "name": "starling", "description": "Voice-cloning speech synthesis on the CPU", "attribution": attribution,
            "installed": true, "version": version, "voices": .array(voices),
            "supports_synthesize_streaming": true,
        ]
        return WyomingEvent(type: "info", data: ["tts": [program]])
    }
}

/// One stretch of sound: `audio-start`, any number of `audio-chunk`, `audio-stop`.
struct WyomingSound {
    private let session: WyomingSession
    private var samples = 0
    private var isOpen = false
    private let start = ContinuousClock.now

    init(session: WyomingSession) { self.session = session }

    private var format: [String: JSON] {
        [
            "rate": JSON(Synthesizer.sampleRate), "width": 2, "channels": 1,
            "timestamp": JSON(samples * 1_000 / Synthesizer.sampleRate),
        ]
    }

    /// Plays all of a speech.
    mutating func play(_ stream: SpeechStream) async throws {
        while let piece = try await stream.next() {
            if !isOpen {
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                session.api.metrics.firstSound(protocol: WyomingHandler.name, seconds: seconds)
            }
            try await play(piece.bytes)
        }
    }

    private mutating func play(_ bytes: [UInt8]) async throws {
        var buffer = ByteBuffer()
        if !isOpen { WyomingEvent(type: "audio-start", data: format).write(to: &buffer) }
        isOpen = true
        for from in stride(from: 0, to: bytes.count, by: 2 * WyomingSession.chunk) {
            let part = Array(bytes[from..<min(from + 2 * WyomingSession.chunk, bytes.count)])
            WyomingEvent(type: "audio-chunk", data: format, payload: part).write(to: &buffer)
            samples += part.count / 2
        }
        try await session.send(buffer)
    }

    mutating func stop() async throws {
        guard isOpen else { return }
        isOpen = false
        try await session.send([WyomingEvent(type: "audio-stop", data: ["timestamp": format["timestamp"] ?? .null])])
    }
}
