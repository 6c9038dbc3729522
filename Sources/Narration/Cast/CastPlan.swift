public import Books
import Foundation

/// A book in several voices: who says which quotation, and the text of each chapter as SSML that lets them.
public struct CastPlan: Sendable, Equatable {
    /// Somebody who speaks, how often, and with what voice; nil for the narrator's.
    public struct Part: Sendable, Equatable {
        public var name: String
        public var voice: String?
        public var quotations: Int

        public init(name: String, voice: String?, quotations: Int) {
            self.name = name
            self.voice = voice
            self.quotations = quotations
        }
    }

    /// By how often they speak. People who are not in the cast are among them.
    public private(set) var parts: [Part] = []
    /// Quotations that are nobody's.
    public private(set) var open = 0
    /// The text of each chapter as SSML.
    public private(set) var chapters: [String] = []

    /// - Parameters:
    ///   - cast: nil to find out who speaks in the book
    ///   - genders: male or female, by the voices of the cast
    public init(_ book: Book, cast: CastFile?, genders: [String: String] = [:]) {
        let speakers = cast?.speakers ?? []
        let voices = Dictionary(speakers.map { ($0.names[0], $0.voice) }) { first, _ in first }
        var persons: [String: String] = [:]
        for speaker in speakers { persons[speaker.names[0]] = speaker.gender ?? genders[speaker.voice] }
        let marks = Quotations.Marks(of: book.chapters.lazy.map(\.text))
        var counts: [String: Int] = [:]
        for chapter in book.chapters {
            var attribution = Attribution(speakers, genders: persons)
            var document = "<speak>"
            for paragraph in chapter.text.components(separatedBy: "\n\n") {
                if let pause = paragraph.wholeMatch(of: /\[pause (\d+(?:\.\d+)?m?s)\]/) {
                    document += "<break time=\"\(pause.output.1)\"/>"
                    continue
                }
                let parted = Quotations(paragraph, marks: marks)
                var speakers = attribution.speakers(of: parted).makeIterator()
                document += "<p>"
                for piece in parted.pieces {
                    let speaker = piece.isSaid ? speakers.next() ?? nil : nil
                    if piece.isSaid {
                        if let speaker { counts[speaker, default: 0] += 1 } else { open += 1 }
                    }
                    let text = Self.escaped(piece.text)
                    document +=
                        speaker.flatMap { voices[$0] }.map { "<voice name=\"\(Self.escaped($0))\">\(text)</voice>" }
                        ?? text
                }
                document += "</p>"
            }
            chapters.append(document + "</speak>")
        }
        parts = counts.map { Part(name: $0.key, voice: voices[$0.key], quotations: $0.value) }
            .sorted { ($1.quotations, $0.name) < ($0.quotations, $1.name) }
    }

    /// As text of XML, without what it does not allow.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
