import HTTPTypes
import Hummingbird
import Logging

/// One operation of the API: what answers it, and what `/openapi.json` says about it.
struct Route: Sendable {
    /// What a request or response carries.
    struct Content: Sendable {
        var mediaTypes: [String]
        /// The name of a schema in `OpenAPI.schemas`, or nil for bytes.
        var schema: String?

        /// A form with files.
        static func form(_ schema: String) -> Content { Content(mediaTypes: ["multipart/form-data"], schema: schema) }

        static func json(_ schema: String) -> Content { Content(mediaTypes: ["application/json"], schema: schema) }
    }

    var method: HTTPRequest.Method
    /// With parameters in braces.
    var path: String
    var id: String
    var summary: String
    var body: Content?
    /// What a good answer carries.
    var answer: Content
    /// Its status.
    var success = 200
    /// Whether the good answer may also come as server-sent events, with status 200.
    var streams = false
    /// Statuses of errors that this operation itself can end in.
    var errors: [Int] = []
    /// Whether it needs no token.
    var isOpen = false
    /// Whether it is answered even if all connections are taken.
    var isVital = false
    var handle: @Sendable (SpeechAPI, Request, ServerContext) async throws -> Response
}

extension SpeechAPI {
    static let routes: [Route] = [
        Route(
            method: .post, path: "/v1/audio/speech", id: "createSpeech",
            summary: "Synthesize a text. The audio streams as it is generated.", body: .json("SpeechRequest"),
            answer: .init(
                mediaTypes: SpeechRequest.Format.allCases.map(\.mediaType) + ["text/event-stream"], schema: nil),
            errors: [400, 404, 408, 409, 413, 415, 503], handle: { try await $0.speech($1, $2) }),
        Route(
            method: .post, path: "/v1/speech/timings", id: "createTimedSpeech",
            summary: "Synthesize a text, with timings of sentences, words and phonemes.",
            body: .json("TimedSpeechRequest"),
            answer: .init(mediaTypes: ["application/json", "text/event-stream"], schema: "TimedSpeech"),
            errors: [400, 404, 408, 409, 413, 415, 503], handle: { try await $0.timings($1, $2) }),
        Route(
            method: .post, path: "/v1/audio/conversions", id: "createConversion",
            summary: "Convert a recording into another voice. The audio streams as it is generated.",
            body: .form("ConversionUpload"),
            answer: .init(mediaTypes: SpeechRequest.Format.allCases.map(\.mediaType), schema: nil),
            errors: [400, 404, 408, 409, 413, 415, 422, 501, 503], handle: { try await $0.convert($1, $2) }),
        Route(
            method: .get, path: "/v1/models", id: "listModels", summary: "The model, under each name that selects it.",
            answer: .json("Models"), handle: { api, _, _ in api.models() }),
        Route(
            method: .get, path: "/v1/models/{model}", id: "getModel",
            summary: "A model. Any name selects the same one; root is its own name.",
            answer: .json("Model"), handle: { api, _, context in api.model(context) }),
        Route(
            method: .get, path: "/v1/voices", id: "listVoices", summary: "All voices, the user's first.",
            answer: .json("Voices"), handle: { api, _, _ in api.voices() }),
        Route(
            method: .post, path: "/v1/voices", id: "createVoice",
            summary: "Clone a voice from recordings of a consenting speaker, and adapt it if transcripts are given.",
            body: .form("VoiceUpload"), answer: .json("NewVoice"), success: 201, streams: true,
            errors: [400, 408, 409, 413, 415, 422, 503],
            handle: { try await $0.createVoice($1, $2) }),
        Route(
            method: .get, path: "/v1/voices/{id}", id: "getVoice", summary: "The properties of a voice.",
            answer: .json("Voice"), errors: [400, 404], handle: { api, _, context in try api.voice(context) }),
        Route(
            method: .delete, path: "/v1/voices/{id}", id: "deleteVoice",
            summary: "Delete one of the user's voices, or cancel an enrollment in progress.",
            answer: .json("DeletedVoice"), errors: [400, 403, 404],
            handle: { api, _, context in try api.deleteVoice(context) }),
        Route(
            method: .get, path: "/v1/passages", id: "listPassages",
            summary: "Passages to read aloud for a new voice, each with a sentence of consent.",
            answer: .json("Passages"), handle: { api, _, _ in api.passages() }),
        Route(
            method: .get, path: "/v1/audio/voices", id: "listVoiceNames",
            summary: "Names of voices and aliases, as Kokoro-FastAPI lists them.", answer: .json("VoiceNames"),
            handle: { api, request, _ in api.voiceNames(request) }),
        Route(
            method: .post, path: "/dev/captioned_speech", id: "createCaptionedSpeech",
            summary: "Synthesize a text with word timings, as Kokoro-FastAPI does: a line of JSON per sentence.",
            body: .json("CaptionedSpeechRequest"), answer: .json("CaptionedSpeech"),
            errors: [400, 404, 408, 409, 413, 415, 503], handle: { try await $0.captionedSpeech($1, $2) }),
        Route(
            method: .post, path: "/dev/phonemize", id: "phonemize",
            summary: "The phonemes of a text, as Kokoro-FastAPI gives them.", body: .json("PhonemeRequest"),
            answer: .json("PhonemesOfText"), errors: [400, 408, 413, 415],
            handle: { try await $0.phonemize($1, $2) }),
        Route(
            method: .get, path: "/healthz", id: "health",
            summary: "Liveness: whether the server runs, regardless of its load.",
            answer: .json("Health"), isOpen: true, isVital: true, handle: { api, _, _ in api.health() }),
        Route(
            method: .get, path: "/readyz", id: "readiness",
            summary: "Readiness: whether a speech request would be accepted.",
            answer: .json("Health"), errors: [503], isOpen: true, handle: { api, _, _ in api.readiness() }),
        Route(
            method: .get, path: "/metrics", id: "metrics", summary: "Metrics in Prometheus' text format.",
            answer: .init(mediaTypes: ["text/plain"], schema: nil), isVital: true,
            handle: { api, _, _ in api.prometheus() }),
        Route(
            method: .get, path: "/openapi.json", id: "openAPI", summary: "This description.",
            answer: .json("OpenAPI"), handle: { api, _, _ in SpeechAPI.answer(OpenAPI.document(for: api)) }),
    ]

    /// The routes as Hummingbird's router, and errors in the API's shape around them.
    func responder() -> RouterResponder<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: APIErrors())
        for route in Self.routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await route.handle(self, request, context)
            }
        }
        LiveConversation.add(to: router)
        StudioRoutes.add(to: router)
        return router.buildResponder()
    }

    /// The path that is asked for, without a query.
    static func path(of request: HTTPRequest) -> String { String((request.path ?? "").prefix { $0 != "?" }) }

    /// Whether a path needs no token.
    static func isOpen(_ path: String) -> Bool {
        routes.contains { $0.isOpen && $0.path == path } || StudioRoutes.contains(path)
    }

    /// Whether a path is answered even if all connections are taken.
    static func isVital(_ path: String) -> Bool { routes.contains { $0.isVital && $0.path == path } }

    /// Methods that a path takes.
    static func methods(for path: String) -> [String] {
        if StudioRoutes.contains(path) || path == LiveConversation.path { return ["GET"] }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        return routes.filter { route in
            let pattern = route.path.split(separator: "/", omittingEmptySubsequences: true)
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.map { $0.method.rawValue }
    }
}

/// Turns errors into answers of the API's shape, with the cause in the log where it is ours.
struct APIErrors: RouterMiddleware {
    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            // Nobody is left to tell.
            if Task.isCancelled { throw error }
            return Self.response(to: error, request, context)
        }
    }

    static func response(to error: any Error, _ request: Request, _ context: ServerContext) -> Response {
        var error = error
        if let http = error as? HTTPError, http.status == .notFound {
            let allowed = SpeechAPI.methods(for: request.uri.path)
            let (method, path) = (request.method.rawValue, request.uri.path)
            error =
                allowed.isEmpty
                ? ServerError.noRoute(method: method, path: path)
                : ServerError.wrongMethod(method: method, path: path, allowed: allowed)
        }
        let answer = ErrorResponse(error)
        if answer.status == .internalServerError {
            context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
        }
        return answer.response
    }
}
