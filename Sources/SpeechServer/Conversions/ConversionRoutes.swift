import HTTPTypes
import Hummingbird

extension SpeechAPI {
    /// `POST /v1/audio/conversions`
    func convert(_ request: Request, _ context: ServerContext) async throws -> Response {
        guard let conversions else { throw ServerError.noConversion }
        let place = try enter(desk.uploads)
        let upload = try ConversionUpload(try await form(request, context, files: 1))
        let voice = try names.voice(upload.wish.voice)
        let stream = try SpeechStream(
            conversions.speech(of: upload, in: voice, place: place), format: upload.wish.format, voice: voice,
            software: configuration.software, started: context.start, limit: limits.request, track: nil,
            ticket: try enter(), metrics: metrics)
        let first = try await Self.firstPieces(of: stream)
        return Response(
            status: .ok, headers: headers(upload.wish.format.mediaType, voice: voice, model: conversions.model),
            body: sound(first, stream, context))
    }
}

// MARK: Schema

extension OpenAPI {
    static func conversion(_ api: SpeechAPI) -> JSON {
        var fields = fields(api, format: .mp3, deliveries: [.audio]).filter {
            ["model", "response_format", "pitch", "seed"].contains($0.key)
        }
        fields["voice"] = [
            "type": "string", "default": .string(api.configuration.defaultVoice),
            "description": "The target voice: a name, or a mix such as heart:0.7+george:0.3.",
        ]
        fields["recording"] = [
            "type": "string", "contentMediaType": "application/octet-stream",
            "description": .string(
                "A recording of one person as wav, flac, mp3, opus, m4a, webm, amr or similar, at most "
                    + "\(api.limits.upload) bytes and \(Int(api.limits.sound)) seconds."),
        ]
        return object(fields, required: ["recording"])
    }
}
