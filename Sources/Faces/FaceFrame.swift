/// A frame of facial animation: 52 blend shapes and the rotation of the head. `FaceTrack` makes 60 a second.
public struct FaceFrame: Sendable, Equatable {
    /// The rotation of the head, in radians.
    public struct Head: Sendable, Equatable {
        /// Positive: toward the face's own left.
        public var yaw: Float = 0
        /// Positive: the chin goes up.
        public var pitch: Float = 0
        /// Positive: the head leans toward its own left shoulder.
        public var roll: Float = 0
    }

    /// Its number; the first frame of a speech has 0.
    public let index: Int
    /// From 0 to 1, one for each of `BlendShape.allCases`, in that order.
    public private(set) var values = [Float](repeating: 0, count: BlendShape.allCases.count)
    /// The rotation of the head.
    public private(set) var head = Head()

    /// Seconds from the beginning of the speech. The frame holds until the next one.
    public var time: Double { Double(index) / Double(FaceTrack.rate) }

    /// A face at rest that looks ahead.
    init(index: Int) { self.index = index }

    /// The value of a blend shape.
    public subscript(_ shape: BlendShape) -> Float { values[shape.rawValue] }

    /// Sets a blend shape, to a thousandth: finer steps are not seen, and every format has the same numbers.
    mutating func set(_ shape: BlendShape, _ value: Float) {
        values[shape.rawValue] = Self.rounded(min(max(value, 0), 1))
    }

    /// Sets the blend shapes of both sides of the face.
    mutating func set(_ left: BlendShape, _ right: BlendShape, _ value: Float) {
        set(left, value)
        set(right, value)
    }

    mutating func turn(_ head: Head) {
        self.head = Head(
            yaw: Self.rounded(head.yaw), pitch: Self.rounded(head.pitch), roll: Self.rounded(head.roll))
    }

    private static func rounded(_ value: Float) -> Float { (value * 1_000).rounded() / 1_000 }
}
