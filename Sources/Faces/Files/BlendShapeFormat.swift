/// Frames as lines of a text file; docs/faces.md has both formats.
///
/// ```swift
/// let format = BlendShapeFormat.csv
/// let text = format.header + frames.map(format.line).joined()
/// ```
public enum BlendShapeFormat: String, Sendable, CaseIterable {
    /// Live Link Face's table, which Unreal Engine, Blender and MotionBuilder read through their importers.
    case csv
    /// A JSON object a line.
    case jsonl

    /// The text before the first frame.
    public var header: String {
        switch self {
        case .csv:
            (["Timecode", "BlendShapeCount"] + Self.columns.map { $0.prefix(1).uppercased() + $0.dropFirst() })
                .joined(separator: ",") + "\n"
        case .jsonl: ""
        }
    }

    /// A frame, with a line feed at the end.
    public func line(_ frame: FaceFrame) -> String {
        switch self {
        case .csv:
            let values = (frame.values + Self.turns(frame)).map(Self.text)
            return "\(Self.timecode(frame.index)),\(values.count)," + values.joined(separator: ",") + "\n"
        case .jsonl:
            let shapes = zip(Self.keys, frame.values).map { $0 + Self.text($1) }
            let head = frame.head
            return """
                {"frame":\(frame.index),"time":\(Self.seconds(frame.index)),"blendshapes":{\(shapes.joined(separator: ","))},\
                "head":{"yaw":\(Self.text(head.yaw)),"pitch":\(Self.text(head.pitch)),"roll":\(Self.text(head.roll))}}\n
                """
        }
    }

    /// Names of the blend shapes as keys of an object.
    private static let keys = BlendShape.allCases.map { "\"\($0.name)\":" }

    /// Names of the columns after the first two, as the blend shapes are called.
    private static let columns =
        BlendShape.allCases.map(\.name) + [
            "headYaw", "headPitch", "headRoll", "leftEyeYaw", "leftEyePitch", "leftEyeRoll", "rightEyeYaw",
            "rightEyePitch", "rightEyeRoll",
        ]

    /// Head and eyes; the eyes stay in the head.
    private static func turns(_ frame: FaceFrame) -> [Float] {
        [frame.head.yaw, frame.head.pitch, frame.head.roll, 0, 0, 0, 0, 0, 0]
    }

    /// Hours, minutes, seconds, frames and parts of a frame.
    private static func timecode(_ index: Int) -> String {
        let seconds = index / FaceTrack.rate
        let parts = [seconds / 3_600, seconds / 60 % 60, seconds % 60, index % FaceTrack.rate]
        return parts.map { padded($0, 2) }.joined(separator: ":") + ".000"
    }

    /// To a microsecond.
    private static func seconds(_ index: Int) -> String {
        let micros = (index * 1_000_000 + FaceTrack.rate / 2) / FaceTrack.rate
        return "\(micros / 1_000_000).\(padded(micros % 1_000_000, 6))"
    }

    /// To a thousandth, which is what frames have.
    private static func text(_ value: Float) -> String {
        let thousandths = Int((value * 1_000).rounded())
        return thousandths < 0 ? "-" + written[min(-thousandths, 1_000)] : written[min(thousandths, 1_000)]
    }

    /// All thousandths from 0 to 1, as every row has 55 of them.
    private static let written = (0...1_000).map { "\($0 / 1_000).\(padded($0 % 1_000, 3))" }
}

/// A whole number with zeros in front.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
