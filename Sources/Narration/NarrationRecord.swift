public import AudioIO
import Files
public import Foundation

/// The record of a narration, kept in its folder as narration.json: which chapters are spoken, and from what.
public struct NarrationRecord: Codable, Sendable, Equatable {
    public struct Chapter: Codable, Sendable, Equatable {
        /// In the book, from 1.
        public var number: Int
        public var title: String
        public var file: String
        public var subtitles: String?
        /// The chapter's `SpeechKey`: a digest of all that its files depend on.
        public var key: String
        /// Length of the speech.
        public var seconds: Double
        /// Size of the file.
        public var bytes: Int
        /// How loud it is; nil in records of older versions.
        public var levels: SpeechLevels?
    }

    public internal(set) var schema = 1
    public var title: String
    public var author: String?
    public var voice: String
    public var chapters: [Chapter]

    /// The levels of all chapters together.
    public var levels: SpeechLevels? {
        SpeechLevels.joined(chapters.compactMap { chapter in chapter.levels.map { ($0, chapter.seconds) } })
    }

    static let fileName = "narration.json"

    init(title: String, author: String?, voice: String) {
        (self.title, self.author, self.voice) = (title, author, voice)
        chapters = []
    }

    /// Reads the record in a folder; nil where there is none that can be read, so that all is done anew.
    public init?(in folder: URL) {
        let path = folder.appending(path: Self.fileName).relativePath
        guard let bytes = try? OpenFile(reading: path).plainContents(limit: 64 << 20).bytes,
            let record = try? JSONDecoder().decode(NarrationRecord.self, from: Data(bytes))
        else { return nil }
        self = record
    }

    func write(in folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.save(try encoder.encode(self), to: folder.appending(path: Self.fileName))
    }
}
