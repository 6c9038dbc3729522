public import AudioIO
import Files
public import Foundation
public import SpeechSignal
import Synthesis
import TextFrontend

/// One thing to speak.
public struct BatchItem: Sendable, Equatable {
    /// Where it stands in the manifest, from 1.
    public var line: Int
    public var name: ItemName
    public var text: String
    public var isSSML: Bool
    public var voice: String
    public var speed: Float
    public var pitch: Float
    public var seed: UInt64
    /// nil: the English of the voice.
    public var language: LanguageChoice?
    public var format: AudioFormat

    /// The name of its file.
    public var file: String { "\(name).\(format.rawValue)" }
}

/// What holds for items that do not say otherwise.
public struct BatchDefaults: Sendable, Equatable {
    public var voice: String
    public var speed: Float = 1
    public var pitch: Float = 0
    public var seed: UInt64 = 0
    public var language: LanguageChoice?
    public var format = AudioFormat.wav

    public init(voice: String) { self.voice = voice }
}

/// A list of things to speak, one JSON object a line.
///
/// All lines are checked, also those of other shards, before any is spoken. Empty lines are passed over.
public struct BatchManifest: Sendable {
    /// The items of the shard, in their order.
    public private(set) var items: [BatchItem] = []
    /// Items of all shards.
    public private(set) var total = 0
    /// The voices that items of all shards name, with the first line of each.
    public private(set) var voices: [String: Int] = [:]
    /// The languages that they name, likewise.
    public private(set) var languages: [Language: Int] = [:]
    public let path: String

    /// The longest line, in bytes.
    public static let longestLine = 16 << 20
    /// The longest manifest, in bytes.
    public static let longestManifest = 4 << 30

    public init(contentsOf url: URL, defaults: BatchDefaults, shard: Shard = .whole) throws(BatchError) {
        let path = url.relativePath
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try OpenFile(reading: path).contents(limit: Self.longestManifest)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        try self.init(parsing: Data(bytes), path: path, defaults: defaults, shard: shard)
    }

    /// - Parameter path: what errors call it.
    public init(parsing data: Data, path: String, defaults: BatchDefaults, shard: Shard = .whole) throws(BatchError) {
        self.path = path
        var first: (line: Int, reason: String)?
        var bad = 0
        var lines: [ItemName: Int] = [:]
        var number = 0
        // A byte-order mark is not text.
        var rest = data.starts(with: [0xef, 0xbb, 0xbf]) ? data.dropFirst(3) : data[...]
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            rest = end == rest.endIndex ? rest[end...] : rest[(end + 1)...]
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            do throws(LineProblem) {
                let item = try Self.item(line, number, defaults)
                if let earlier = lines.updateValue(number, forKey: item.name) {
                    lines[item.name] = earlier
                    throw LineProblem(
                        "the id \"\(item.name)\" is already used in line \(earlier); give each item a unique id")
                }
                total += 1
                if voices[item.voice] == nil { voices[item.voice] = number }
                if let language = item.language?.language, languages[language] == nil { languages[language] = number }
                if shard.holds(item.name) { items.append(item) }
            } catch {
                bad += 1
                if first == nil { first = (number, error.reason) }
            }
        }
        if let first { throw .line(path: path, line: first.line, reason: first.reason, more: bad - 1) }
        if total == 0 { throw .noItems(path: path) }
    }

    // MARK: Lines

    private struct LineProblem: Error {
        var reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func item(_ line: Data, _ number: Int, _ defaults: BatchDefaults) throws(LineProblem) -> BatchItem {
        guard line.count <= longestLine else {
            throw LineProblem("it has \(line.count) bytes; keep lines below \(longestLine >> 20) MB")
        }
        let fields: Fields
        do {
            fields = try JSONDecoder().decode(Fields.self, from: line)
        } catch let problem as LineProblem {
            throw problem
        } catch {
            throw LineProblem("it is not a JSON object; write one such as {\"id\": \"a\", \"text\": \"Hello.\"}")
        }
        guard let id = fields.id else { throw LineProblem("it has no id; give each item a unique id") }
        guard let name = ItemName(id) else {
            throw LineProblem(
                "the id \"\(id.prefix(40))\" cannot be a file name; use 1 to \(ItemName.longest) letters, digits, '-', '_' and '.', not beginning with '-' or '.'"
            )
        }
        let source: String
        switch (fields.text, fields.ssml) {
        case (let text?, nil), (nil, let text?): source = text
        case (nil, nil): throw LineProblem("it has neither text nor ssml; give one")
        default: throw LineProblem("it has both text and ssml; give one")
        }
        guard source.contains(where: { !$0.isWhitespace }) else { throw LineProblem("its text is empty") }
        if fields.ssml != nil {
            do throws(FrontendError) { _ = try MarkedText(ssml: source) } catch { throw LineProblem("\(error)") }
        }
        let (speeds, pitches) = (SpeechOptions.speeds, SpeechOptions.pitches)
        let (speed, pitch) = (fields.speed ?? defaults.speed, fields.pitch ?? defaults.pitch)
        guard speeds.contains(speed) else {
            throw LineProblem("the speed \(speed) is outside the range \(speeds.lowerBound) to \(speeds.upperBound)")
        }
        guard pitches.contains(pitch) else {
            throw LineProblem(
                "the pitch \(pitch) is outside the range \(pitches.lowerBound) to \(pitches.upperBound) semitones")
        }
        var format = defaults.format
        if let asked = fields.format {
            guard let known = AudioFormat(rawValue: asked) else {
                let names = AudioFormat.allCases.map(\.rawValue).joined(separator: ", ")
                throw LineProblem("the format \"\(asked.prefix(20))\" is not one of \(names)")
            }
            format = known
        }
        var language = defaults.language
        if let tag = fields.language {
            do throws(LanguageError) { language = try LanguageChoice(tag: tag) } catch { throw LineProblem("\(error)") }
        }
        return BatchItem(
            line: number, name: name, text: source, isSSML: fields.ssml != nil, voice: fields.voice ?? defaults.voice,
            speed: speed, pitch: pitch, seed: fields.seed ?? defaults.seed, language: language,
            format: format)
    }

    private struct Fields: Decodable {
        var id, text, ssml, voice, language, format: String?
        var speed, pitch: Float?
        var seed: UInt64?

        private enum Key: String, CodingKey, CaseIterable {
            case id, text, ssml, voice, language, speed, pitch, seed, format
        }

        private struct AnyKey: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            for key in try decoder.container(keyedBy: AnyKey.self).allKeys
            where Key(stringValue: key.stringValue) == nil {
                let known = Key.allCases.map(\.rawValue).joined(separator: ", ")
                throw LineProblem("it has an unknown field \"\(key.stringValue.prefix(40))\"; the fields are \(known)")
            }
            let fields = try decoder.container(keyedBy: Key.self)
            func value<Value: Decodable>(_ key: Key, _ kind: String) throws -> Value? {
                do {
                    return try fields.decodeIfPresent(Value.self, forKey: key)
                } catch {
                    throw LineProblem("its \(key.rawValue) is not \(kind)")
                }
            }
            id = try value(.id, "a string")
            text = try value(.text, "a string")
            ssml = try value(.ssml, "a string")
            voice = try value(.voice, "a string")
            language = try value(.language, "a string")
            format = try value(.format, "a string")
            speed = try value(.speed, "a number")
            pitch = try value(.pitch, "a number")
            seed = try value(.seed, "a whole number from 0 to \(UInt64.max)")
        }
    }
}
