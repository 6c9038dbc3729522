import AudioIO
import Enrollment
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Synthesis
import TextFrontend
import VoiceStore

/// An error as a client sees it, in the shape of OpenAI's API.
struct ErrorResponse: Error {
    var status: HTTPResponse.Status
    /// One line.
    let message: String
    /// `invalid_request_error`, `authentication_error`, `not_found_error`, `overloaded_error` or `server_error`.
    var type: String
    /// The field that is wrong.
    var parameter: String?
    var code: String?
    var headers: HTTPFields = [:]

    /// What any error of the server means to the client; what is not its business becomes an internal error.
    init(_ error: any Error) {
        switch error {
        case let error as ErrorResponse: self = error
        case let error as ServerError: self.init(server: error)
        case let error as VoiceStoreError: self.init(store: error)
        case let error as SynthesisError: self.init(synthesis: error)
        case let error as EnrollmentError: self.init(enrollment: error)
        case let error as FormError: self.init(form: error)
        case FrontendError.ssml:
            self.init(.badRequest, "\(error)", parameter: "input", code: "invalid_ssml")
        case let error as AudioError:
            self.init(.internalServerError, error.description, "server_error", code: "encoder_failed")
        case is NIOTooManyBytesError:
            self.init(.contentTooLarge, "the body is too large; send less at a time", code: "body_too_large")
        case let error as HTTPParserError:
            self.init(.badRequest, "the body is not valid HTTP (\(error)); use an HTTP library", code: "invalid_body")
            headers[.connection] = "close"
        case let error as HTTPError where error.status.kind == .clientError:
            self.init(error.status, error.body ?? error.status.reasonPhrase)
        default:
            self.init(
                .internalServerError, "internal server error; the log of the server has the details", "server_error",
                code: "internal_error")
        }
    }

    init(
        _ status: HTTPResponse.Status, _ message: String, _ type: String = "invalid_request_error",
        parameter: String? = nil, code: String? = nil
    ) {
        self.status = status
        // It may quote what the client sent.
        self.message = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.type = type
        self.parameter = parameter
        self.code = code
    }

    private init(server error: ServerError) {
        let message = error.description
        switch error {
        case .noRoute: self.init(.notFound, message, "not_found_error", code: "unknown_url")
        case .wrongMethod(_, _, let allowed):
            self.init(.methodNotAllowed, message, code: "method_not_allowed")
            headers[.allow] = allowed.joined(separator: ", ")
        case .badHost: self.init(.misdirectedRequest, message, code: "unknown_host")
        case .foreignOrigin: self.init(.forbidden, message, "permission_error", code: "foreign_origin")
        case .unauthorized:
            self.init(.unauthorized, message, "authentication_error", code: "invalid_api_key")
            headers[.wwwAuthenticate] = "Bearer"
        case .wrongMediaType: self.init(.unsupportedMediaType, message, code: "unsupported_media_type")
        case .badJSON: self.init(.badRequest, message, code: "invalid_body")
        case .badForm: self.init(.badRequest, message, code: "invalid_body")
        case .missing(let field):
            self.init(.badRequest, message, parameter: field, code: "missing_required_parameter")
        case .badValue(let field, _): self.init(.badRequest, message, parameter: field, code: "invalid_value")
        case .bodyTooLarge: self.init(.contentTooLarge, message, code: "body_too_large")
        case .uploadTooLarge: self.init(.contentTooLarge, message, parameter: "recording", code: "body_too_large")
        case .tooManyRecordings:
            self.init(.contentTooLarge, message, parameter: "recording", code: "too_many_recordings")
        case .textTooLong: self.init(.badRequest, message, parameter: "input", code: "string_above_max_length")
        case .busy(_, let seconds):
            self.init(.serviceUnavailable, message, "overloaded_error", code: "overloaded")
            headers[.retryAfter] = String(seconds)
        case .tooManyConnections:
            self.init(.serviceUnavailable, message, "overloaded_error", code: "too_many_connections")
            headers[.retryAfter] = "1"
        case .stopping:
            self.init(.serviceUnavailable, message, "overloaded_error", code: "stopping")
            headers[.retryAfter] = "1"
            headers[.connection] = "close"
        case .noUtterance: self.init(.badRequest, message, parameter: "type", code: "no_utterance")
        case .utteranceOpen: self.init(.conflict, message, parameter: "type", code: "utterance_open")
        case .unknownLanguage: self.init(.badRequest, message, parameter: "language", code: "language_not_found")
        case .upgradeNeeded:
            self.init(.upgradeRequired, message, code: "upgrade_required")
            headers[.upgrade] = "websocket"
            headers[.connection] = "upgrade, close"
            headers[.secWebSocketVersion] = "13"
        case .noConversion: self.init(.notImplemented, message, "server_error", code: "conversion_unavailable")
        case .slowRequest: self.init(.requestTimeout, message, code: "request_timeout")
        case .timeout: self.init(.serviceUnavailable, message, "server_error", code: "timeout")
        default: self.init(.internalServerError, message, "server_error")
        }
    }

    private init(form error: FormError) {
        switch error {
        case .noBoundary: self.init(server: .badForm(reason: "its Content-Type names no boundary"))
        case .malformed(let reason): self.init(server: .badForm(reason: reason))
        case .unfinished: self.init(server: .badForm(reason: "it is incomplete"))
        case .tooLarge(let limit): self.init(server: .uploadTooLarge(limit: limit))
        case .tooManyFiles(let limit): self.init(server: .tooManyRecordings(limit: limit))
        case .fieldTooLong(let name, let limit):
            self.init(server: .badValue(String(name.prefix(40)), reason: "is longer than \(limit) bytes"))
        }
    }

    /// What cannot be made a voice although the request is well-formed.
    private init(enrollment error: EnrollmentError) {
        let (field, code) =
            switch error {
            case .noConsent: ("consent", "consent_required")
            case .noRecordings, .noSpeech: ("recording", "no_speech")
            case .tooLittleSpeech, .tooShort: ("recording", "too_little_speech")
            case .twoPeople, .channelsDiffer, .otherPerson: ("recording", "several_people")
            case .tooMuchSound: ("recording", "too_much_sound")
            case .needsTranscript: ("transcript", "transcript_required")
            }
        var status = HTTPResponse.Status.unprocessableContent
        if case .tooMuchSound = error { status = .contentTooLarge }
        self.init(status, error.description, parameter: field, code: code)
    }

    /// A recording that a client sent cannot be read, or is too long.
    static func unreadableRecording(_ error: AudioError) -> ErrorResponse {
        var (status, code) = (HTTPResponse.Status.unprocessableContent, "unreadable_recording")
        if case .tooLong = error { (status, code) = (.contentTooLarge, "too_much_sound") }
        return ErrorResponse(status, error.description, parameter: "recording", code: code)
    }

    private init(store error: VoiceStoreError) {
        let message = error.description
        switch error {
        case .unknownVoice:
            self.init(.notFound, message, "not_found_error", parameter: "voice", code: "voice_not_found")
        case .badName, .badExpression: self.init(.badRequest, message, parameter: "voice", code: "invalid_value")
        case .exists: self.init(.conflict, message, parameter: "name", code: "voice_exists")
        case .bundled: self.init(.forbidden, message, "permission_error", parameter: "voice", code: "voice_is_bundled")
        case .otherModel, .newerSchema:
            self.init(.conflict, message, parameter: "voice", code: "voice_not_usable")
        case .damaged, .noUserStore, .unwritable, .lexiconTooLong, .badParcel:
            self.init(.internalServerError, message, "server_error", parameter: "voice", code: "voice_store_failed")
        }
    }

    private init(synthesis error: SynthesisError) {
        let message = error.description
        switch error {
        case .emptyText, .nothingToSpeak:
            self.init(.badRequest, message, parameter: "input", code: "nothing_to_speak")
        case .badSpeed: self.init(.badRequest, message, parameter: "speed", code: "invalid_value")
        case .unspokenLanguage: self.init(.badRequest, message, parameter: "language", code: "invalid_value")
        case .badPitch: self.init(.badRequest, message, parameter: "pitch", code: "invalid_value")
        default: self.init(.internalServerError, message, "server_error", code: "synthesis_failed")
        }
    }

    var json: JSON {
        [
            "error": [
                "message": .string(message), "type": .string(type), "param": JSON(parameter), "code": JSON(code),
            ]
        ]
    }

    var response: Response {
        var fields = headers
        fields[.contentType] = "application/json"
        return Response(
            status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes())))
    }
}
