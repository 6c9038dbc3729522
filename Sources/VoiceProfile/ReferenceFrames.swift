internal import SpeechSignal
internal import Weights

/// Frames of a voice's own speech, which the acoustic model's decoder attends to while it speaks.
///
/// Which frames they are does not matter, as long as they cover how the voice sounds; in which order they were said is
/// not kept.
public struct ReferenceFrames: Sendable, Equatable {
    /// Natural log mel, [R, M], brought to the level of all profiles; 0 in the bands that the recording lacks.
    public let frames: [Float]

    /// Maximum number of frames.
    public static let most = 200

    /// Frames one after the other, [R, M].
    public init(frames: [Float]) { self.frames = frames }

    /// R.
    public var count: Int { frames.count / Signal.melBands }

    /// - Throws: `ProfileError` naming the first number that cannot be one of a voice
    func validate() throws {
        guard frames.count == count * Signal.melBands, (1...Self.most).contains(count) else {
            throw ProfileError.size("reference frames", expected: Self.most * Signal.melBands, actual: frames.count)
        }
        if let value = frames.first(where: { !(abs($0) <= 30) }) {
            throw ProfileError.range("reference frames", value, -30...30)
        }
    }

    /// Some of each voice's frames, by its share of the whole; nil where no voice has any.
    static func blend(_ parts: [(frames: ReferenceFrames?, share: Float)]) -> ReferenceFrames? {
        let bands = Signal.melBands
        var blended: [Float] = []
        for case (let references?, let share) in parts {
            // Equally far apart, since neighbors may sound alike.
            let count = min(references.count, Int(share * Float(most)))
            for index in 0..<count {
                let frame = index * references.count / count
                blended += references.frames[frame * bands..<(frame + 1) * bands]
            }
        }
        return blended.isEmpty ? nil : ReferenceFrames(frames: blended)
    }
}

extension ReferenceFrames {
    /// Name of the tensor, [R, M], in the file of a profile.
    private static let name = "references"

    /// Those of a profile's file; nil if it has none.
    init?(_ file: WeightFile, _ loader: inout WeightLoader) {
        guard let tensor = file.tensors[Self.name] else { return nil }
        self.init(frames: loader.values(Self.name, shape: [tensor.shape.first ?? 0, Signal.melBands]))
    }

    /// What the file of a profile keeps.
    var tensor: WeightFile.Values { .init(Self.name, shape: [count, Signal.melBands], values: frames) }
}
