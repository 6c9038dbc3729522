import Foundation

/// A recording that somebody wants said again in another voice: the body of `POST /v1/audio/conversions`, checked.
struct ConversionUpload: Sendable {
    var recording: Data
    /// What errors call it.
    var name: String
    /// Voice, format, pitch and seed; no text.
    var wish: SpeechRequest

    /// The fields of the form; others are passed over, as in JSON requests.
    private enum Field: String {
        case recording, model, voice, pitch, seed
        case format = "response_format"
    }

    /// - Throws: `ServerError`
    init(_ parts: [FormPart]) throws {
        var fields: [String: JSON] = [:]
        var file: FormPart?
        for part in parts {
            guard let field = Field(rawValue: part.name) else { continue }
            if field == .recording {
                guard file == nil else { throw ServerError.tooManyRecordings(limit: 1) }
                file = part
                continue
            }
            let text = try part.text()
            guard fields[part.name] == nil else { throw ServerError.badValue(part.name, reason: "is given twice") }
            if text.isEmpty { continue }
            fields[part.name] = .string(text)
            if field == .pitch || field == .seed, let number = try? JSON(parsing: Data(text.utf8)) {
                fields[part.name] = number
            }
        }
        guard let file else { throw ServerError.missing("recording") }
        recording = file.bytes
        name = file.recordingName(number: 1)
        wish = try SpeechRequest(fields, text: "", defaultFormat: .mp3)
    }
}
