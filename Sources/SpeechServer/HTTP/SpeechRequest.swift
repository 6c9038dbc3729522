import AudioIO
import Faces
import Foundation
import SpeechSignal
import Synthesis
import TextFrontend
import VoiceStore

/// A request for speech: the body of `/v1/audio/speech` and `/v1/speech/timings`, checked.
struct SpeechRequest: Sendable {
    /// Formats by their names in the API.
    enum Format: String, CaseIterable, Sendable {
        case mp3, opus, aac, flac, wav, pcm

        var audio: AudioFormat {
            switch self {
            case .mp3: .mp3
            case .opus: .opus
            case .aac: .aac
            case .flac: .flac
            case .wav: .wav
            case .pcm: .raw
            }
        }

        var mediaType: String { self == .pcm ? "audio/pcm" : audio.mediaType }
    }

    enum Delivery: String, CaseIterable, Sendable {
        /// The sound itself.
        case audio
        /// One JSON document with the sound in base64.
        case json
        /// Server-sent events with pieces of the sound in base64.
        case sse
    }

    /// The names that the model is listed under beside its own. Clients may ask for any other: a server speaks with one
    /// model, and a header names it.
    static let modelAliases = ["tts-1", "tts-1-hd", "gpt-4o-mini-tts", "kokoro"]

    var text: String
    var voice: String?
    var format: Format
    var delivery: Delivery
    var options = SpeechOptions()
    /// Whether a face is to speak.
    var wantsFace = false

    /// What makes the face, if it is wanted.
    var track: FaceTrack? { wantsFace ? FaceTrack(seed: options.seed) : nil }

    init(text: String, voice: String?, format: Format) {
        self.text = text
        self.voice = voice
        self.format = format
        delivery = .audio
    }

    /// - Parameter deliveries: what `stream_format` may be, the default first.
    init(
        _ body: JSON, limits: ServerConfiguration.Limits, defaultFormat: Format, deliveries: [Delivery]
    ) throws(ServerError) {
        guard case .object(let fields) = body else { throw .badJSON(reason: "it is not an object") }
        guard let input = try fields.text("input") else { throw .missing("input") }
        let count = input.unicodeScalars.count
        guard count <= limits.text else { throw .textTooLong(count: count, limit: limits.text) }
        try self.init(fields, text: input, defaultFormat: defaultFormat)
        delivery = try fields.choice("stream_format", among: deliveries) ?? deliveries[0]
        // Only for those who ask where everything is.
        guard deliveries.contains(.json) else { return }
        options.keepsFeatures = try fields.flag("f0")
        wantsFace = try fields.flag("blendshapes")
        // Frames go with the sound they belong to; a whole speech of them would fill memory.
        if wantsFace, delivery != .sse {
            throw .badValue("blendshapes", reason: "come as events; set stream_format to sse")
        }
    }

    /// How a text is wanted, from fields that say nothing of the text itself.
    init(_ fields: [String: JSON], text: String, defaultFormat: Format) throws(ServerError) {
        self.text = text
        _ = try fields.text("model")
        // Newer clients write a voice as an object with an id.
        if let id = fields["voice"]?["id"]?.string { voice = id } else { voice = try fields.text("voice") }
        format = try fields.choice("response_format", among: Format.allCases) ?? defaultFormat
        delivery = .audio
        if let speed = try fields.number("speed") { options.speed = Float(speed) }
        if let pitch = try fields.number("pitch") { options.pitch = Float(pitch) }
        if let tag = try fields.text("language") {
            do throws(LanguageError) {
                options.languageChoice = try LanguageChoice(tag: tag)
            } catch {
                throw .badValue("language", reason: "is not available: \(error)")
            }
        }
        if let words = fields["lexicon"], words != .null { options.lexicons = [try Self.lexicon(words)] }
        switch fields["seed"] {
        case nil, .null: break
        case .integer(let value) where value >= 0: options.seed = UInt64(value)
        case .unsigned(let value): options.seed = value
        default: throw .badValue("seed", reason: "must be a whole number from 0 to \(UInt64.max)")
        }
        guard SpeechOptions.speeds.contains(options.speed) else {
            throw .badValue("speed", reason: "must be from 0.25 to 4; 1 is normal")
        }
        guard SpeechOptions.pitches.contains(options.pitch) else {
            throw .badValue("pitch", reason: "must be from -12 to 12 semitones; 0 is normal")
        }
    }

    /// Words to say otherwise: an object of word and pronunciation, both as docs/lexicons.md has them.
    private static func lexicon(_ words: JSON) throws(ServerError) -> UserLexicon {
        guard case .object(let pairs) = words else {
            throw .badValue("lexicon", reason: "must be an object that maps words to pronunciations")
        }
        var spoken: [String: String] = [:]
        for (word, pronunciation) in pairs {
            guard let pronunciation = pronunciation.string else {
                throw .badValue("lexicon", reason: "has no string for \"\(word.prefix(40))\"")
            }
            spoken[word] = pronunciation
        }
        do {
            return try UserLexicon(spoken)
        } catch .lexicon(_, let line, _, let problem, let remedy) {
            let word = spoken.keys.sorted()[line - 1]
            throw .badValue("lexicon", reason: "is wrong at \"\(word.prefix(40))\": \(problem); \(remedy)")
        } catch {
            throw .badValue("lexicon", reason: error.description)
        }
    }
}

extension [String: JSON] {
    func text(_ key: String) throws(ServerError) -> String? {
        switch self[key] {
        case nil, .null: return nil
        case .string(let value): return value
        default: throw .badValue(key, reason: "must be a string")
        }
    }

    func number(_ key: String) throws(ServerError) -> Double? {
        guard let value = self[key], value != .null else { return nil }
        guard let number = value.double, number.isFinite else { throw .badValue(key, reason: "must be a number") }
        return number
    }

    func flag(_ key: String, default standard: Bool = false) throws(ServerError) -> Bool {
        switch self[key] {
        case nil, .null: return standard
        case .bool(let value): return value
        default: throw .badValue(key, reason: "must be true or false")
        }
    }

    func choice<Choice: RawRepresentable<String>>(_ key: String, among choices: [Choice]) throws(ServerError) -> Choice?
    {
        guard let name = try text(key) else { return nil }
        guard let choice = choices.first(where: { $0.rawValue == name }) else {
            let names = choices.map(\.rawValue).joined(separator: ", ")
            throw .badValue(key, reason: "is \"\(name.prefix(40))\"; use one of \(names)")
        }
        return choice
    }
}
