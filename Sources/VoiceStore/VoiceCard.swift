public import Foundation

/// What is known about a voice besides how it sounds: the contents of `voice.json`.
public struct VoiceCard: Codable, Sendable, Equatable {
    /// The variety of English that a voice speaks.
    public enum Accent: String, Codable, Sendable, CaseIterable { case american, british }

    /// A recording the voice was made from.
    public struct Source: Codable, Sendable, Equatable {
        /// The file's name, or a description of the material.
        public var name: String
        /// SHA-256 of the file, in hexadecimal.
        public var sha256: String?

        public init(name: String, sha256: String? = nil) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// The newest layout of voice.json that this code knows.
    public static let currentSchema = 1

    public var schema: Int
    public var name: String
    public var description: String?
    public var accent: Accent
    /// Free text: female, male or what the speaker says.
    public var gender: String?
    public var created: Date
    public var sources: [Source]
    /// Fingerprint of the networks whose profile space the profile lives in; nil for any.
    public var model: String?
    /// The speaker's consent, in words.
    public var consent: String?
    public var licence: String?

    public init(
        name: VoiceName, description: String? = nil, accent: Accent, gender: String? = nil, created: Date = Date(),
        sources: [Source] = [], model: String? = nil, consent: String? = nil, licence: String? = nil
    ) {
        schema = Self.currentSchema
        self.name = name.text
        self.description = description
        self.accent = accent
        self.gender = gender
        // Whole seconds, so that what is written reads back equal.
        self.created = Date(timeIntervalSince1970: created.timeIntervalSince1970.rounded(.down))
        self.sources = sources
        self.model = model
        self.consent = consent
        self.licence = licence
    }

    private struct Schema: Decodable { var schema: Int }

    /// Parses voice.json.
    ///
    /// - Parameter name: the folder's name, which the card must carry too.
    public init(json: Data, expecting name: VoiceName) throws(VoiceStoreError) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            let schema = try decoder.decode(Schema.self, from: json).schema
            guard schema <= Self.currentSchema else {
                throw VoiceStoreError.newerSchema(name.text, found: schema, known: Self.currentSchema)
            }
            self = try decoder.decode(VoiceCard.self, from: json)
        } catch let error as VoiceStoreError {
            throw error
        } catch {
            throw .damaged(name.text, reason: "voice.json: \(Self.reason(error))")
        }
        guard self.name == name.text else {
            throw .damaged(name.text, reason: "voice.json calls itself \"\(self.name.prefix(64))\"")
        }
    }

    /// voice.json with sorted keys, so that equal cards give equal bytes.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has the wrong type"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has no valid value"
        default: "it is no valid JSON"
        }
    }
}
