import Files
public import Foundation

/// Who speaks for whom: a file in a subset of TOML (https://toml.io).
///
/// ```toml
/// narrator = "emma"
///
/// [speakers]
/// Elizabeth = "heart"
/// "Mr. Darcy" = { voice = "george", names = ["Darcy", "Fitzwilliam"], gender = "male" }
/// ```
/// A name is a person's as the text has it; more names of the same person may follow. Strings, arrays of strings,
/// inline tables of them and comments are read; anything else of TOML is refused by its line.
public struct CastFile: Sendable, Equatable {
    /// Somebody in the book who has a voice of their own.
    public struct Speaker: Sendable, Equatable {
        /// The first name is the one that is shown.
        public var names: [String]
        /// A voice or a mix of voices.
        public var voice: String
        /// Whom "he" and "she" may mean; nil for what the voice is.
        public var gender: String?

        public init(names: [String], voice: String, gender: String? = nil) {
            self.names = names
            self.voice = voice
            self.gender = gender
        }
    }

    /// Who reads the rest; nil for the voice of the narration.
    public var narrator: String?
    public var speakers: [Speaker]

    /// - Throws: `NarrationError.cast`
    public init(contentsOf url: URL) throws(NarrationError) {
        let path = url.relativePath
        let bytes: [UInt8]
        do throws(FileError) { bytes = try OpenFile(reading: path).contents(limit: 1 << 20) } catch {
            throw .cast(path: path, line: 0, reason: error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .cast(path: path, line: 0, reason: "it is not UTF-8 text")
        }
        try self.init(parsing: text, path: path)
    }

    /// - Parameter path: the name to use in errors
    /// - Throws: `NarrationError.cast`
    public init(parsing text: String, path: String = "cast.toml") throws(NarrationError) {
        speakers = []
        var table = ""
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            func fail(_ reason: String) -> NarrationError { .cast(path: path, line: index + 1, reason: reason) }
            var scanner = TOMLLine(line)
            do throws(TOMLLine.Problem) {
                guard let entry = try scanner.entry() else { continue }
                switch (table, entry) {
                case (_, .table(let name)):
                    guard name == "speakers" else { throw .init("unknown table [\(name)]; write [speakers]") }
                    table = name
                case ("", .value("narrator", .text(let voice))): narrator = voice
                case ("", .value(let key, _)):
                    throw .init("unknown key \(key); write narrator = \"VOICE\" or [speakers]")
                case (_, .value(let name, let value)): speakers.append(try Self.speaker(name, value))
                }
            } catch {
                throw fail(error.reason)
            }
            let names = speakers.dropLast().flatMap(\.names).map { $0.lowercased() }
            if let name = speakers.last?.names.first(where: { names.contains($0.lowercased()) }) {
                throw fail("\(name) is listed twice")
            }
        }
        if narrator == nil, speakers.isEmpty {
            throw .cast(
                path: path, line: 0,
                reason: "it lists no speakers; write lines such as Ann = \"heart\" below [speakers]"
            )
        }
    }

    private static func speaker(_ name: String, _ value: TOMLLine.Value) throws(TOMLLine.Problem) -> Speaker {
        guard name.contains(where: \.isLetter) else { throw .init("\"\(name)\" is not a name") }
        switch value {
        case .text(let voice): return Speaker(names: [name], voice: voice)
        case .list: throw .init("\(name) needs a voice; write \(name) = \"VOICE\"")
        case .table(let fields):
            var speaker = Speaker(names: [name], voice: "")
            for (key, value) in fields {
                switch (key, value) {
                case ("voice", .text(let voice)): speaker.voice = voice
                case ("gender", .text(let gender)):
                    guard ["male", "female"].contains(gender) else { throw .init("gender must be male or female") }
                    speaker.gender = gender
                case ("names", .list(let names)): speaker.names += names.filter { $0.contains(where: \.isLetter) }
                default: throw .init("unknown key \(key); use voice, names = [\"…\"] and gender")
                }
            }
            if speaker.voice.isEmpty { throw .init("\(name) needs a voice") }
            return speaker
        }
    }
}
