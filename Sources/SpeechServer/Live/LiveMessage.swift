import Synthesis

/// What a client says over a WebSocket: an object with a `type`.
enum LiveMessage: Sendable {
    /// An utterance begins; `LiveWish` reads how it is wanted.
    case begin([String: JSON])
    /// More of its text.
    case text(String)
    /// What came so far is spoken without waiting for the sentence to go on.
    case flush
    /// The text is over.
    case end
    /// The listener interrupts; `played` are the seconds that were heard, where the client knows.
    case cancel(played: Double?)

    enum Kind: String, CaseIterable {
        case begin, text, flush, end, cancel
    }

    /// - Throws: `ServerError` for what is not a message.
    init(parsing text: String) throws(ServerError) {
        guard case .object(let fields) = try JSON(parsing: Array(text.utf8)) else {
            throw .badJSON(reason: "it is not an object")
        }
        guard let kind = try fields.choice("type", among: Kind.allCases) else { throw .missing("type") }
        switch kind {
        case .begin: self = .begin(fields)
        case .text:
            guard let text = try fields.text("text") else { throw .missing("text") }
            self = .text(text)
        case .flush: self = .flush
        case .end: self = .end
        case .cancel:
            let played = try fields.number("played")
            guard played ?? 0 >= 0 else { throw .badValue("played", reason: "must be seconds, 0 or more") }
            self = .cancel(played: played)
        }
    }
}

/// How an utterance is wanted.
struct LiveWish: Sendable {
    /// What the client calls it; events about it carry the same.
    var id: String?
    /// Voice, format and options; without text.
    var request: SpeechRequest
    var wantsWords: Bool
    var wantsVisemes: Bool

    private static let longestID = 100

    /// What the client calls the utterance, which an error about the rest of its wishes carries too.
    static func id(_ fields: [String: JSON]) throws(ServerError) -> String? {
        let id = try fields.text("id")
        guard id?.unicodeScalars.count ?? 0 <= longestID else {
            throw .badValue("id", reason: "has more than \(longestID) characters")
        }
        return id
    }

    init(_ fields: [String: JSON]) throws(ServerError) {
        id = try Self.id(fields)
        request = try SpeechRequest(fields, text: "", defaultFormat: .pcm)
        wantsWords = try fields.flag("words")
        wantsVisemes = try fields.flag("visemes")
        request.wantsFace = try fields.flag("blendshapes")
    }
}
