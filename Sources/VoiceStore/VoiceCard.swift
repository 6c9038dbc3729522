public import Foundation
public import SpeechSignal

/// The metadata of a voice: the contents of `voice.json`.
public struct VoiceCard: Codable, Sendable, Equatable {
    /// A recording the voice was made from.
    public struct Source: Codable, Sendable, Equatable {
        /// The file's name, or a description of the material.
        public var name: String
        /// SHA-256 of the file, in hexadecimal.
        public var sha256: String?

        /// A recording by its name, and the SHA-256 of its bytes in hexadecimal.
        public init(name: String, sha256: String? = nil) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// The newest layout of voice.json that this version supports.
    public static let currentSchema = 1

    /// The layout of the card.
    public var schema: Int
    /// The voice's name, which is that of its folder.
    public var name: String
    /// A short description.
    public var description: String?
    /// The accent that texts are read in.
    public var accent: Accent
    /// Free text, such as female or male, as stated at enrollment.
    public var gender: String?
    /// When it was made.
    public var created: Date
    /// The recordings or voices it was made from.
    public var sources: [Source]
    /// Fingerprint of the profile space (`ProfileSpace`); nil if unknown.
    public var model: String?
    /// The speaker's consent, in words.
    public var consent: String?
    /// SHA-256 of the recording in which the speaker says these words, in hexadecimal; nil if none is known.
    public var spokenConsent: String?
    /// The license that the voice may be used under, such as an SPDX identifier.
    public var licence: String?

    /// A card of the current layout.
    public init(
        name: VoiceName, description: String? = nil, accent: Accent, gender: String? = nil, created: Date = Date(),
        sources: [Source] = [], model: String? = nil, consent: String? = nil, spokenConsent: String? = nil,
        licence: String? = nil
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
        self.spokenConsent = spokenConsent
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
            self = try decoder.decode(VoiceCard.self, from: json)
        } catch {
            // What a newer version writes may not parse, and that is the better thing to say then.
            if let schema = try? decoder.decode(Schema.self, from: json).schema { try Self.check(schema, of: name) }
            throw .damaged(name.text, reason: "voice.json: \(Self.reason(error))")
        }
        try Self.check(schema, of: name)
        guard self.name == name.text else {
            throw .damaged(name.text, reason: "voice.json has the name \"\(self.name.prefix(64))\"")
        }
    }

    private static func check(_ schema: Int, of name: VoiceName) throws(VoiceStoreError) {
        if schema > currentSchema { throw .newerSchema(name.text, found: schema, known: currentSchema) }
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
        default: "it is not valid JSON"
        }
    }
}
