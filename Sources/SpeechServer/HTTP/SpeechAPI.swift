import AudioIO
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SpeechSignal
import Synthesis
import VoiceStore

/// What travels with a request through the router.
struct ServerContext: RequestContext {
    struct Source: RequestContextSource {
        var logger: Logger
        var connection: Connection
    }

    var coreContext: CoreRequestContextStorage
    let connection: Connection
    let start = ContinuousClock.now

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        connection = source.connection
    }
}

/// The HTTP API: what its routes have in common.
struct SpeechAPI: Sendable {
    let synthesizer: any SpeechMaker
    let configuration: ServerConfiguration
    let admission: Admission
    let scheduler: SpeechScheduler
    let desk: EnrollmentDesk
    /// nil where there is no content encoder.
    let conversions: ConversionDesk?
    let names: VoiceNames
    let metrics: ServerMetrics

    var limits: ServerConfiguration.Limits { configuration.limits }

    // MARK: Reading

    /// The body of a JSON request.
    func json(_ request: Request, _ context: ServerContext) async throws -> JSON {
        let type = request.headers[.contentType] ?? ""
        guard Self.mediaType(type) == "application/json" else {
            throw ServerError.wrongMediaType(found: type, expected: "application/json")
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: limits.body)
        } catch is NIOTooManyBytesError {
            throw ServerError.bodyTooLarge(limit: limits.body)
        }
        context.connection.received()
        return try JSON(parsing: body.readableBytesView)
    }

    /// A media type without its parameters, in lower case.
    static func mediaType(_ header: String) -> String {
        header.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    }

    // MARK: Speaking

    /// Begins to speak. The work starts when the first piece is asked for.
    func open(_ request: SpeechRequest, started: ContinuousClock.Instant) throws -> (stream: SpeechStream, voice: Voice)
    {
        let voice = try names.voice(request.voice)
        return (try speak(request, voice: voice, started: started, ticket: try enter()), voice)
    }

    /// A place among the requests in work.
    func enter() throws(ServerError) -> Admission.Ticket { try enter(admission) }

    func enter(_ admission: Admission) throws(ServerError) -> Admission.Ticket {
        do throws(ServerError) {
            return try admission.enter()
        } catch {
            metrics.refused("busy")
            throw error
        }
    }

    /// - Parameter ticket: given back at the end of the speech.
    private func speak(
        _ request: SpeechRequest, voice: Voice, started: ContinuousClock.Instant, ticket: Admission.Ticket
    ) throws -> SpeechStream {
        try SpeechStream(
            synthesizer.speak(request.text, voice: voice, options: options(of: request)), format: request.format,
            voice: voice, software: configuration.software, started: started, limit: limits.request,
            track: request.track, ticket: ticket, metrics: metrics)
    }

    /// Begins to speak a text that is still being written, instead of the request's own. An English that is asked for
    /// finds a voice where none is named.
    func open(
        _ text: some AsyncSequence<TextPiece, any Error> & Sendable, _ request: SpeechRequest
    ) throws -> (stream: SpeechStream, voice: Voice) {
        let suited = request.options.language?.accent.flatMap { voiceName(of: $0) }
        let voice = try names.voice(request.voice ?? suited)
        let ticket = try enter()
        let stream = try SpeechStream(
            synthesizer.speak(text, voice: voice, options: options(of: request)), format: request.format, voice: voice,
            software: configuration.software, started: .now, limit: limits.request, isArriving: true,
            track: request.track, ticket: ticket, metrics: metrics)
        return (stream, voice)
    }

    /// The language of a tag such as `es_ES`, or "auto".
    ///
    /// - Throws: `ServerError.unknownLanguage` for one that the acoustic model does not speak
    func choice(of tag: String) throws(ServerError) -> LanguageChoice {
        let choice = try? LanguageChoice(tag: tag)
        let spoken = synthesizer.languages
        guard let choice, choice == .auto || spoken.contains(where: { $0 == choice.language }) else {
            throw .unknownLanguage(tag, spoken: spoken.map(\.rawValue))
        }
        return choice
    }

    /// The languages of a voice: its own English, and all others that the acoustic model speaks.
    func languages(of accent: Accent?) -> [Language] {
        synthesizer.languages.filter { $0.accent == nil || $0.accent == accent ?? .american }
    }

    /// A voice with an accent; nil when the usual one has it.
    func voiceName(of wanted: Accent) -> String? {
        if let usual = try? synthesizer.store.voice(configuration.defaultVoice), usual.accent == wanted { return nil }
        return synthesizer.store.list().first { $0.accent == wanted && $0.problem == nil }?.name.text
    }

    /// The request's options with what the load allows.
    private func options(of request: SpeechRequest) -> SpeechOptions {
        var options = request.options
        options.languageChoice = options.languageChoice ?? configuration.language
        // The fewer others there are, the further ahead one may work. From two requests a thread on, nobody does: every
        // sentence begun is one more in memory, and the threads have enough to do.
        options.parallelism = 2 * configuration.threads / (admission.active + 1)
        return options
    }

    // MARK: Answering

    static func answer(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes() + [UInt8(ascii: "\n")])))
    }

    /// A streamed body. A reader that stands still is given up after the idle time; one that goes away is counted.
    func streamed(
        _ context: ServerContext, _ write: @Sendable @escaping (_ body: inout BodyWriter) async throws -> Void
    ) -> ResponseBody {
        let idle = limits.idle
        return ResponseBody { writer in
            var body = BodyWriter(writer: writer, connection: context.connection, idle: idle)
            do {
                try await write(&body)
                try await body.flush()
            } catch {
                if !(error is ServerError) { metrics.abandoned() }
                throw error
            }
            try await writer.finish(nil)
        }
    }

    /// `GET /healthz`: whoever can answer lives, also with much to do.
    func health() -> Response { Self.answer(state) }

    /// `GET /readyz`: whether a request for speech would be let in.
    func readiness() -> Response { Self.answer(state, status: admission.isOpen ? .ok : .serviceUnavailable) }

    private var state: JSON {
        [
            "status": admission.isStopping ? "stopping" : admission.isOpen ? "ok" : "busy",
            "version": .string(configuration.version), "requests": JSON(admission.active),
        ]
    }

    func prometheus() -> Response {
        let text = metrics.text(
            active: admission.active, uploads: desk.uploads.active, pieces: scheduler.load + desk.load)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    func models() -> Response {
        Self.answer(["object": "list", "data": .array(modelNames.map(model))])
    }

    /// `GET /v1/models/{model}`: every name means the one model.
    func model(_ context: ServerContext) -> Response {
        let raw = context.parameters.get("model") ?? ""
        return Self.answer(model(raw.removingPercentEncoding ?? raw))
    }

    /// The names that the model is listed under, its own first.
    var modelNames: [String] { [synthesizer.model] + SpeechRequest.modelAliases }

    private func model(_ name: String) -> JSON {
        [
            "id": .string(name), "object": "model", "created": 0, "owned_by": "starling",
            "root": .string(synthesizer.model),
        ]
    }
}

/// Writes a streamed body.
struct BodyWriter {
    fileprivate var writer: any ResponseBodyWriter
    fileprivate let connection: Connection
    fileprivate let idle: Duration
    private var pending = ByteBuffer()

    init(writer: any ResponseBodyWriter, connection: Connection, idle: Duration) {
        self.writer = writer
        self.connection = connection
        self.idle = idle
    }

    /// Puts bytes after those that go out with the next `flush`.
    mutating func add(_ bytes: some Sequence<UInt8>) { pending.writeBytes(bytes) }

    mutating func flush() async throws {
        guard pending.readableBytes > 0 else { return }
        let buffer = pending
        pending = ByteBuffer()
        connection.expect(within: idle)
        defer { connection.calm() }
        try await writer.write(buffer)
    }
}
