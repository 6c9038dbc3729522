import Foundation
public import Synthesis

/// Drawings of the mouth for animators, in the formats of [Rhubarb Lip Sync](https://github.com/DanielSWolf/rhubarb-lip-sync).
///
/// ```swift
/// var cues = MouthCues()
/// for try await chunk in chunks { if let sentence = chunk.sentence { cues.append(sentence) } }
/// let file = cues.text(.tsv, duration: seconds, sound: "hello.wav")
/// ```
public struct MouthCues: Sendable {
    /// A format of Rhubarb's.
    public enum Format: String, Sendable, CaseIterable {
        /// A line for each drawing: start, tab, name.
        case tsv
        /// Elements `mouthCue` with start and end.
        case xml
        /// Objects with start, end and value.
        case json
    }

    /// The shortest time that a drawing is shown, in seconds: a picture at 24 to the second.
    private static let shortest = 0.04

    private var cues: [MouthCue] = []

    /// None yet.
    public init() {}

    /// Adds a sentence; sentences come in order.
    public mutating func append(_ sentence: SpokenSentence) {
        cues += sentence.cues(from: cues.last?.end ?? 0)
    }

    /// The drawings from 0 to `duration` without gaps, equal neighbors joined. One that would be shown too briefly
    /// leaves its time to the one before; lips on lips or teeth take theirs from the one after, since nobody should
    /// miss them.
    public func cues(duration: Double) -> [MouthCue] {
        var shown: [MouthCue] = []
        for cue in cues + [MouthCue(shape: .x, start: cues.last?.end ?? 0, end: duration)] {
            let start = shown.last?.end ?? 0
            let isContact = cue.shape == .a || cue.shape == .g
            let end = min(duration, isContact ? max(cue.end, start + Self.shortest) : cue.end)
            guard end > start else { continue }
            if let last = shown.indices.last,
                shown[last].shape == cue.shape || !isContact && end - start < Self.shortest
            {
                shown[last].end = end
            } else {
                shown.append(MouthCue(shape: cue.shape, start: start, end: end))
            }
        }
        return shown
    }

    /// The whole file.
    ///
    /// - Parameters:
    ///   - duration: of the speech, in seconds
    ///   - sound: the name of its file, which XML and JSON include
    public func text(_ format: Format, duration: Double, sound: String) -> String {
        let cues = cues(duration: duration)
        let end = Self.seconds(duration)
        switch format {
        case .tsv: return cues.map { "\(Self.seconds($0.start))\t\($0.shape.rawValue)\n" }.joined() + "\(end)\tX\n"
        case .xml:
            let lines = cues.map { cue in
                let (start, end) = (Self.seconds(cue.start), Self.seconds(cue.end))
                return "    <mouthCue start=\"\(start)\" end=\"\(end)\">\(cue.shape.rawValue)</mouthCue>\n"
            }
            return """
                <?xml version="1.0" encoding="utf-8"?>
                <rhubarbResult>
                  <metadata>
                    <soundFile>\(Self.escaped(sound))</soundFile>
                    <duration>\(end)</duration>
                  </metadata>
                  <mouthCues>
                \(lines.joined())  </mouthCues>
                </rhubarbResult>

                """
        case .json:
            let lines = cues.map { cue in
                let (start, end) = (Self.seconds(cue.start), Self.seconds(cue.end))
                return "    { \"start\": \(start), \"end\": \(end), \"value\": \"\(cue.shape.rawValue)\" }"
            }
            return """
                {
                  "metadata": {
                    "soundFile": \(Self.quoted(sound)),
                    "duration": \(end)
                  },
                  "mouthCues": [
                \(lines.joined(separator: ",\n"))
                  ]
                }

                """
        }
    }

    /// To a hundredth, cut off, as Rhubarb has it.
    private static func seconds(_ seconds: Double) -> String {
        let hundredths = Int(seconds * 100 + 1e-6)
        return "\(hundredths / 100).\(padded(hundredths % 100, 2))"
    }

    /// XML knows no control characters, which a file's name may have.
    private static func escaped(_ text: String) -> String {
        text.map { $0 < " " ? "?" : ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    }

    private static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
