import ArgumentParser
import Enrollment
import Foundation
import Synthesis
import VoiceProfile
import VoiceStore

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Estimate whether two recordings or voices are of the same person.",
        discussion: """
            Each argument is a recording or the name of a voice. If both exist, NAME is the voice and ./NAME the recording.

            Example:
              starling compare ann.wav ann
            """)

    @Argument(help: "A recording, a voice, or a mix of voices.", completion: .file())
    var first: String

    @Argument(help: "Another recording, voice or mix.", completion: .file())
    var second: String

    @Flag(help: "Print the result as JSON.")
    var json = false

    @OptionGroup var shared: SharedOptions

    /// Seconds of speech below which the answer is uncertain.
    private static let enough = 3.0

    func run() throws {
        let store = try shared.store()
        let analyzer = try RecordingAnalyzer(data: shared.location().data)
        let sides = try [first, second].map { try side($0, store: store, analyzer: analyzer) }
        let similarity = Enroller.similarity(sides[0].embedding, sides[1].embedding)
        let match = SpeakerMatch(
            similarity: similarity, overTelephone: sides[0].isTelephone != sides[1].isTelephone)
        if json {
            try Terminal.say(Self.json(sides, similarity: similarity, match: match))
            return
        }
        try Terminal.say(String(format: "similarity %.2f: %@", similarity, match.description))
        try Terminal.say(
            String(
                format: "  (recordings of one person usually reach %.2f; those of different people stay below %.2f)",
                SpeakerMatch.likelyFrom, SpeakerMatch.unlikelyBelow))
        for side in sides where side.isTelephone {
            try Terminal.say("  ! \(side.name) was recorded over a telephone, so this is uncertain")
        }
        for side in sides {
            guard let seconds = side.speechSeconds, seconds < Self.enough else { continue }
            try Terminal.say(
                String(format: "  ! %@ has only %.1f s of speech, so this is uncertain", side.name, seconds))
        }
    }

    private struct Side {
        var name: String
        var embedding: [Float]
        /// nil for a voice.
        var speechSeconds: Double?
        var isTelephone = false
    }

    private func side(_ name: String, store: VoiceStore, analyzer: RecordingAnalyzer) throws -> Side {
        let isFile = FileManager.default.fileExists(atPath: name)
        do {
            return Side(name: name, embedding: try store.voice(name).profile.embedding)
        } catch let error as VoiceStoreError {
            switch error {
            // A file's name is hardly ever that of a voice.
            case .unknownVoice, .badName, .badExpression:
                guard isFile || name.contains("/") || name.contains(".") else { throw error }
            default: throw error
            }
        }
        let voice = try analyzer.voice(in: Recording(URL(filePath: name), named: name))
        return Side(
            name: name, embedding: voice.embedding, speechSeconds: voice.speechSeconds, isTelephone: voice.isTelephone)
    }

    private static func json(_ sides: [Side], similarity: Float, match: SpeakerMatch) throws -> String {
        struct Result: Encodable {
            struct Side: Encodable {
                var name: String
                var kind: String
                var speechSeconds: Double?
            }
            var similarity: Double
            var samePerson: SpeakerMatch
            var likelyFrom: Float
            var unlikelyBelow: Float
            var compared: [Side]
        }
        let result = Result(
            similarity: (Double(similarity) * 1e4).rounded() / 1e4, samePerson: match,
            likelyFrom: SpeakerMatch.likelyFrom, unlikelyBelow: SpeakerMatch.unlikelyBelow,
            compared: sides.map {
                .init(
                    name: $0.name, kind: $0.speechSeconds == nil ? "voice" : "recording",
                    speechSeconds: $0.speechSeconds)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(result), as: UTF8.self)
    }
}
