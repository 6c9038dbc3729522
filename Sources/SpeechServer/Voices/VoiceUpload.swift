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
    /// What the transcripts are written in; nil: English, in the accent.
    var language: Language?
    /// Whether the networks adapt to recordings without a transcript, too.
    var adapts = false
    /// How far the networks adapt to the speaker, 0 to 1.
    var strength = AdaptationRequest.standardStrength
    /// Whether to report progress as server-sent events.
    var isStreamed = false
    /// The caller vouches that all recordings are of one person.
    var isOnePerson = false
    var recordings: [Recording]

    /// The fields of the form; others are passed over, as in JSON requests.
    enum Field: String, CaseIterable {
        case name, consent, accent, description, gender, recording, transcript, language, adapt, strength
        case onePerson = "one_person"
        case streamFormat = "stream_format"
    }

    /// Characters of a transcript.
    static let longestTranscript = 16 << 10

    /// - Parameter languages: those that the acoustic model speaks
    /// - Throws: `ServerError`, and `EnrollmentError.noConsent`
    init(_ parts: [FormPart], languages: [Language]) throws {
        var texts: [Field: String] = [:]
        var transcripts: [(name: String?, text: String)] = []
        recordings = []
        for part in parts {
            guard let field = Field(rawValue: part.name) else { continue }
            if field == .recording {
                recordings.append(
                    Recording(part.bytes, named: part.recordingName(number: recordings.count + 1)))
            } else {
                let text = try part.text()
                if field == .transcript {
                    guard part.bytes.count <= Self.longestTranscript else {
                        throw ServerError.badValue(
                            part.name, reason: "is longer than \(Self.longestTranscript) bytes; send it in parts")
                    }
                    transcripts.append((part.filename.map { _ in part.recordingName(number: 0) }, text))
                    continue
                }
                guard texts.updateValue(text, forKey: field) == nil
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
        try add(transcripts)
        if let text = texts[.language], !text.isEmpty {
            guard let language = try? Language(tag: text), languages.contains(where: { $0.code == language.code })
            else { throw ServerError.unknownLanguage(text, spoken: languages.map(\.rawValue)) }
            self.language = language
        }
        if let text = texts[.strength], !text.isEmpty {
            guard let strength = Float(text), (0...1).contains(strength) else {
                throw ServerError.badValue("strength", reason: "must be a number from 0 to 1")
            }
            self.strength = strength
        }
        switch texts[.streamFormat] {
        case nil, "", "json": break
        case "sse": isStreamed = true
        default: throw ServerError.badValue("stream_format", reason: "must be json or sse")
        }
        if let text = texts[.accent], !text.isEmpty {
            guard let accent = Accent(rawValue: text) else {
                throw ServerError.badValue("accent", reason: "must be american or british")
            }
            self.accent = accent
        }
        description = texts[.description].flatMap { $0.isEmpty ? nil : $0 }
        gender = texts[.gender].flatMap { $0.isEmpty ? nil : $0 }
        isOnePerson = try Self.isTrue(texts[.onePerson], .onePerson)
        adapts = try Self.isTrue(texts[.adapt], .adapt)
    }

    private static func isTrue(_ text: String?, _ field: Field) throws -> Bool {
        switch text?.lowercased() {
        case nil, "", "false", "0": false
        case "true", "1", "on": true
        default: throw ServerError.badValue(field.rawValue, reason: "must be true or false")
        }
    }

    /// Gives each recording what is said in it: files belong to the recording of the same name, the rest to those that
    /// are left, in their order. Empty ones say that nobody knows.
    private mutating func add(_ transcripts: [(name: String?, text: String)]) throws {
        func stem(_ name: String) -> Substring { name.lastIndex(of: ".").map { name[..<$0] } ?? name[...] }
        var left = Array(recordings.indices)
        var unnamed: [String] = []
        for (name, text) in transcripts {
            if let file = name, let place = left.firstIndex(where: { stem(recordings[$0].name) == stem(file) }) {
                recordings[left.remove(at: place)].transcript = text
            } else {
                unnamed.append(text)
            }
        }
        guard unnamed.isEmpty || unnamed.count == left.count else {
            throw ServerError.badValue(
                "transcript",
                reason: "must be given once per recording; send them in the same order, or as files with the same names"
            )
        }
        for (index, text) in zip(left, unnamed) { recordings[index].transcript = text }
        for index in recordings.indices where recordings[index].transcript?.contains(where: \.isLetter) == false {
            recordings[index].transcript = nil
        }
    }
}

extension FormPart {
    /// Its content as text, without blanks around it.
    func text() throws(ServerError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badValue(name, reason: "is not UTF-8")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A name for reports and for a voice's card, never for a file.
    ///
    /// - Parameter number: of the recording, for one without a name
    func recordingName(number: Int) -> String {
        let last = filename?.split { $0 == "/" || $0 == "\\" }.last ?? ""
        let shown = last.filter {
            !$0.isNewline && !$0.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        let name = shown.trimmingCharacters(in: .whitespaces)
        return name.isEmpty || name.allSatisfy { $0 == "." } ? "recording \(number)" : String(name.prefix(80))
    }
}
