import Foundation
import HTTPTypes
import Hummingbird
import Synthesis
import VoiceStore

extension SpeechAPI {
    /// `GET /v1/voices`
    func voices() -> Response {
        Self.answer(["object": "list", "data": .array(synthesizer.store.list().map(\.json))])
    }

    /// `GET /v1/voices/{id}`
    func voice(_ context: ServerContext) throws -> Response {
        let name = try Self.name(context)
        let store = synthesizer.store
        return Self.answer(try store.card(name).json(origin: try store.origin(name)))
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
    fileprivate var json: JSON {
        var fields: [String: JSON] = [
            "id": .string(name.text), "object": "voice", "name": .string(name.text),
            "origin": .string(origin.rawValue),
        ]
        if let accent { fields["accent"] = .string(accent.rawValue) }
        if let gender { fields["gender"] = .string(gender) }
        if let summary { fields["description"] = .string(summary) }
        if let problem { fields["problem"] = .string(problem) }
        return .object(fields)
    }
}

extension VoiceCard {
    func json(origin: VoiceSummary.Origin) -> JSON {
        var fields: [String: JSON] = [
            "id": .string(name), "object": "voice", "name": .string(name), "origin": .string(origin.rawValue),
            "accent": .string(accent.rawValue), "created": .integer(Int64(created.timeIntervalSince1970)),
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
