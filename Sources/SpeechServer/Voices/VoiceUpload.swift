import Enrollment
import Foundation
import SpeechSignal
import VoiceStore

/// What somebody wants a voice made of: the body of `POST /v1/voices`, checked.
struct VoiceUpload: Sendable {
    var name: VoiceName
    /// Who agreed to what, in words.
    var consent: String
    var accent = Accent.american
    var description: String?
    var gender: String?
    /// The caller vouches that all recordings are of one person.
    var isOnePerson = false
    var recordings: [Recording]

    /// The fields of the form; others are passed over, as in JSON requests.
    enum Field: String, CaseIterable {
        case name, consent, accent, description, gender, recording
        case onePerson = "one_person"
    }

    /// - Throws: `ServerError`, and `EnrollmentError.noConsent`
    init(_ parts: [FormPart]) throws {
        var texts: [Field: String] = [:]
        recordings = []
        for part in parts {
            guard let field = Field(rawValue: part.name) else { continue }
            if field == .recording {
                let name = Self.recordingName(part.filename, number: recordings.count + 1)
                recordings.append(Recording(part.bytes, named: name))
            } else {
                guard let text = String(validating: part.bytes, as: UTF8.self) else {
                    throw ServerError.badValue(part.name, reason: "is not UTF-8")
                }
                guard texts.updateValue(text.trimmingCharacters(in: .whitespacesAndNewlines), forKey: field) == nil
                else { throw ServerError.badValue(part.name, reason: "is given twice") }
            }
        }
        guard let name = texts[.name] else { throw ServerError.missing("name") }
        do {
            self.name = try VoiceName(name)
        } catch {
            var answer = ErrorResponse(error)
            answer.parameter = "name"
            throw answer
        }
        guard let consent = texts[.consent], !consent.isEmpty else { throw EnrollmentError.noConsent(name: name) }
        self.consent = consent
        guard !recordings.isEmpty else { throw ServerError.missing("recording") }
        if let text = texts[.accent], !text.isEmpty {
            guard let accent = Accent(rawValue: text) else {
                throw ServerError.badValue("accent", reason: "must be american or british")
            }
            self.accent = accent
        }
        description = texts[.description].flatMap { $0.isEmpty ? nil : $0 }
        gender = texts[.gender].flatMap { $0.isEmpty ? nil : $0 }
        switch texts[.onePerson]?.lowercased() {
        case nil, "", "false", "0": break
        case "true", "1", "on": isOnePerson = true
        default: throw ServerError.badValue("one_person", reason: "must be true or false")
        }
    }

    /// A name for reports and for the voice's card, never for a file.
    private static func recordingName(_ told: String?, number: Int) -> String {
        let last = told?.split { $0 == "/" || $0 == "\\" }.last ?? ""
        let shown = last.filter {
            !$0.isNewline && !$0.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        let name = shown.trimmingCharacters(in: .whitespaces)
        return name.isEmpty || name.allSatisfy { $0 == "." } ? "recording \(number)" : String(name.prefix(80))
    }
}
