import Foundation
import Logging
import VoiceStore

/// What clients call voices: names of the store, without regard to case; those that a table of aliases has; OpenAI's.
struct VoiceNames: Sendable {
    let store: VoiceStore
    /// The voice of those who name none.
    let standard: String
    let aliases: VoiceAliases
    let logger: Logger

    /// OpenAI's voices, for clients that know no others: which of the bundled ones speaks for them.
    static let standIns = [
        "alloy": "alloy", "ash": "puck", "ballad": "george", "cedar": "michael", "coral": "isabella", "echo": "echo",
        "fable": "fable", "marin": "heart", "nova": "nova", "onyx": "michael", "sage": "emma", "shimmer": "aoede",
        "verse": "puck",
    ]

    /// The voice that is asked for. What another name stands for is told by the voice's own name, and logged.
    ///
    /// - Parameter asked: a name, or a mix such as `heart:0.7+george:0.3` or, as Kokoro-FastAPI writes it,
    ///   `af_bella(2)+af_sky`
    func voice(_ asked: String?) throws -> Voice {
        guard let asked else { return try store.voice(standard) }
        let parts = asked.split(separator: "+", omittingEmptySubsequences: false).map(Self.part)
        let found = parts.map { part in
            let name = ours(part.name) ?? part.name
            return part.weight.map { "\(name):\($0)" } ?? name
        }.joined(separator: "+")
        let voice = try store.voice(found)
        if found != asked {
            logger.info("substituted a voice", metadata: ["asked": "\(asked.prefix(100))", "voice": "\(voice.name)"])
        }
        return voice
    }

    /// What a name stands for; nil if it is unknown. A voice in the store that has the very name comes first.
    private func ours(_ name: String) -> String? {
        if let exact = try? VoiceName(name), (try? store.origin(exact)) != nil { return name }
        if let target = aliases[name] ?? Self.standIns[name.lowercased()] { return target }
        return store.list().first { $0.name.text.lowercased() == name.lowercased() }?.name.text
    }

    /// `name`, `name:weight` or `name(weight)`, blanks around it left out.
    private static func part(_ text: Substring) -> (name: String, weight: Substring?) {
        let part = text.trimmingCharacters(in: .whitespaces)
        if part.hasSuffix(")"), let bracket = part.firstIndex(of: "(") {
            return (String(part[..<bracket]), part[part.index(after: bracket)...].dropLast())
        }
        guard let colon = part.firstIndex(of: ":") else { return (part, nil) }
        return (String(part[..<colon]), part[part.index(after: colon)...])
    }
}
