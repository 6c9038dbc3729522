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
        let upload = try VoiceUpload(
            try await form(request, context, files: limits.recordings), languages: synthesizer.languages)
        let ticket = try enter()
        if upload.isStreamed {
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
                body: progress(of: upload, context, tickets: [place, ticket]))
        }
        defer {
            ticket.giveBack()
            place.giveBack()
        }
        var answer = Self.answer(.object(try await make(upload)), status: .created)
        answer.headers[.location] = "/v1/voices/\(upload.name)"
        return answer
    }

    /// Makes the voice; what is known about it then.
    private func make(
        _ upload: VoiceUpload, progress: @escaping @Sendable (EnrollmentDesk.Progress) -> Void = { _ in }
    ) async throws -> [String: JSON] {
        let made: EnrollmentDesk.Made
        do {
            made = try await desk.enroll(upload, progress: progress)
        } catch let error as AudioError {
            throw ErrorResponse.unreadableRecording(error)
        } catch is CancellationError where !Task.isCancelled {
            throw ErrorResponse(
                .conflict, "the voice \"\(upload.name)\" was deleted before it was finished; send the recordings again",
                parameter: "name", code: "voice_cancelled")
        }
        var fields = made.card.fields(origin: .user, languages: languages(of: made.card.accent))
        fields["report"] = try Self.json(of: made.report)
        if let adaptation = made.adaptation { fields["adaptation"] = try Self.json(of: adaptation) }
        return fields
    }

    /// Server-sent events: the progress of a voice, then the voice, or an error.
    ///
    /// - Parameter tickets: given back when it is made
    private func progress(
        of upload: VoiceUpload, _ context: ServerContext, tickets: [Admission.Ticket]
    ) -> ResponseBody {
        streamed(context) { writer in
            defer { for ticket in tickets { ticket.giveBack() } }
            // A slow reader misses steps in between, never the last events.
            let (events, told) = AsyncStream.makeStream(of: JSON.self, bufferingPolicy: .bufferingNewest(8))
            let work = Task {
                defer { told.finish() }
                do {
                    var fields = try await make(upload) { told.yield(Self.event(of: $0)) }
                    fields["type"] = "voice.created"
                    told.yield(.object(fields))
                } catch {
                    guard !Task.isCancelled, case .object(var fields) = ErrorResponse(error).json else { return }
                    fields["type"] = "error"
                    told.yield(.object(fields))
                }
            }
            defer { work.cancel() }
            for await event in events {
                writer.add(Self.event(event))
                try await writer.flush()
            }
            try Task.checkCancellation()
        }
    }

    private static func event(of progress: EnrollmentDesk.Progress) -> JSON {
        switch progress {
        case .waiting: ["type": "voice.progress", "stage": "waiting"]
        case .listening: ["type": "voice.progress", "stage": "listening"]
        case .adapting(let done, let secondsLeft):
            [
                "type": "voice.progress", "stage": "adapting", "done": .number((done * 1000).rounded() / 1000),
                "seconds_left": .number((secondsLeft * 10).rounded() / 10),
            ]
        }
    }

    /// `GET /v1/passages`
    func passages() -> Response {
        let spoken = Set(synthesizer.languages.map(\.code))
        let passages = ReadingPassage.languages.filter { spoken.contains($0.code) }.map { language -> JSON in
            let passage = ReadingPassage(language)
            return [
                "object": "passage", "language": .string(language.rawValue), "consent": .string(passage.consent),
                "lines": .array(passage.lines.map(JSON.string)),
            ]
        }
        return Self.answer(["object": "list", "data": .array(passages)])
    }

    /// The parts of a form, within the limits for uploads.
    ///
    /// - Parameter files: how many there may be
    func form(_ request: Request, _ context: ServerContext, files: Int) async throws -> [FormPart] {
        let type = request.headers[.contentType] ?? ""
        guard Self.mediaType(type) == "multipart/form-data" else {
            throw ServerError.wrongMediaType(found: type, expected: "multipart/form-data")
        }
        if let told = request.headers[.contentLength].flatMap(Int.init), told > limits.upload {
            throw ServerError.uploadTooLarge(limit: limits.upload)
        }
        var reader = try MultipartReader(
            contentType: type, limits: .init(bytes: limits.upload, files: files))
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
    private static func json(of report: some Encodable) throws -> JSON {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try JSON(parsing: try encoder.encode(report))
    }

    /// `DELETE /v1/voices/{id}`
    func deleteVoice(_ context: ServerContext) throws -> Response {
        let name = try Self.name(context)
        if !desk.cancel(name) { try synthesizer.store.remove(name) }
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
        .object(fields(origin: origin, languages: languages))
    }

    func fields(origin: VoiceSummary.Origin, languages: [Language]) -> [String: JSON] {
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
            ("spoken_consent", spokenConsent), ("licence", licence),
        ] {
            if let value { fields[key] = .string(value) }
        }
        return fields
    }
}
