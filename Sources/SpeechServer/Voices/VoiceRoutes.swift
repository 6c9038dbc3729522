import AudioIO
import Enrollment
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SpeechSignal
import Synthesis
import VoiceStore

extension SpeechAPI {
    /// `GET /v1/voices`
    func voices() -> Response {
        let voices = synthesizer.store.list().map { $0.json(languages: languages(of: $0.accent)) }
        return Self.answer(["object": "list", "data": .array(voices)])
    }

    /// `GET /v1/voices/{id}`
    func voice(_ context: ServerContext) throws -> Response {
        let name = try Self.name(context)
        let store = synthesizer.store
        let card = try store.card(name)
        return Self.answer(card.json(origin: try store.origin(name), languages: languages(of: card.accent)))
    }

    /// `POST /v1/voices`
    func createVoice(_ request: Request, _ context: ServerContext) async throws -> Response {
        let place = try enter(desk.uploads)
        defer { place.giveBack() }
        let upload = try VoiceUpload(try await form(request, context))
        let ticket = try enter()
        defer { ticket.giveBack() }
        let made: EnrollmentDesk.Made
        do {
            made = try await desk.enroll(upload)
        } catch let error as AudioError {
            throw ErrorResponse(
                .unprocessableContent, error.description, parameter: "recording", code: "unreadable_recording")
        }
        guard case .object(var fields) = made.card.json(origin: .user, languages: languages(of: made.card.accent))
        else { return Self.answer(.null) }
        fields["report"] = try Self.json(of: made.report)
        var answer = Self.answer(.object(fields), status: .created)
        answer.headers[.location] = "/v1/voices/\(upload.name)"
        return answer
    }

    /// The parts of a form, within the limits for uploads.
    private func form(_ request: Request, _ context: ServerContext) async throws -> [FormPart] {
        let type = request.headers[.contentType] ?? ""
        guard Self.mediaType(type) == "multipart/form-data" else {
            throw ServerError.wrongMediaType(found: type, expected: "multipart/form-data")
        }
        if let told = request.headers[.contentLength].flatMap(Int.init), told > limits.upload {
            throw ServerError.uploadTooLarge(limit: limits.upload)
        }
        var reader = try MultipartReader(
            contentType: type, limits: .init(bytes: limits.upload, files: limits.recordings))
        for try await piece in request.body {
            try reader.feed(piece.readableBytesView)
            // Large forms take their time, but do not trickle.
            let earned = Duration.seconds(Double(reader.count) / Self.slowestUpload)
            context.connection.expect(by: context.start + limits.idle + earned)
        }
        try Task.checkCancellation()
        context.connection.received()
        return try reader.finish()
    }

    /// Bytes a second below which a form counts as standing still, after the idle time.
    private static let slowestUpload = 65_536.0

    /// As `starling enroll --json` writes it.
    private static func json(of report: QualityReport) throws -> JSON {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try JSON(parsing: try encoder.encode(report))
    }

    /// `DELETE /v1/voices/{id}`
    func deleteVoice(_ context: ServerContext) throws -> Response {
        let name = try Self.name(context)
        try synthesizer.store.remove(name)
        return Self.answer(["id": .string(name.text), "object": "voice.deleted", "deleted": true])
    }

    private static func name(_ context: ServerContext) throws -> VoiceName {
        let raw = context.parameters.get("id") ?? ""
        return try VoiceName(raw.removingPercentEncoding ?? raw)
    }
}

extension VoiceSummary {
    fileprivate func json(languages: [Language]) -> JSON {
        var fields: [String: JSON] = [
            "id": .string(name.text), "object": "voice", "name": .string(name.text),
            "origin": .string(origin.rawValue), "languages": .array(languages.map { .string($0.rawValue) }),
        ]
        if let accent { fields["accent"] = .string(accent.rawValue) }
        if let gender { fields["gender"] = .string(gender) }
        if let summary { fields["description"] = .string(summary) }
        if let problem { fields["problem"] = .string(problem) }
        return .object(fields)
    }
}

extension VoiceCard {
    func json(origin: VoiceSummary.Origin, languages: [Language]) -> JSON {
        var fields: [String: JSON] = [
            "id": .string(name), "object": "voice", "name": .string(name), "origin": .string(origin.rawValue),
            "accent": .string(accent.rawValue), "languages": .array(languages.map { .string($0.rawValue) }),
            "created": .integer(Int64(created.timeIntervalSince1970)),
            "sources": .array(
                sources.map { source in
                    var fields: [String: JSON] = ["name": .string(source.name)]
                    if let digest = source.sha256 { fields["sha256"] = .string(digest) }
                    return .object(fields)
                }),
        ]
        for (key, value) in [
            ("description", description), ("gender", gender), ("model", model), ("consent", consent),
            ("licence", licence),
        ] {
            if let value { fields[key] = .string(value) }
        }
        return .object(fields)
    }
}
