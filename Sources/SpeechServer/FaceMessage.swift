import Faces

/// Frames of a face on their way to a client, over a WebSocket or as a server-sent event; docs/faces.md has the fields.
enum FaceMessage {
    private static let names = JSON.array(BlendShape.allCases.map { .string($0.name) })

    /// - Parameters:
    ///   - frames: one after the other; not empty
    ///   - type: of the message
    static func fields(_ frames: [FaceFrame], type: String) -> [String: JSON] {
        [
            "type": .string(type), "start": JSON(seconds: frames[0].time), "rate": JSON(FaceTrack.rate), "names": names,
            "rows": .array(frames.map { numbers($0.values) }),
            "head": .array(frames.map { numbers([$0.head.yaw, $0.head.pitch, $0.head.roll]) }),
        ]
    }

    /// To a thousandth, which is what frames have.
    private static func numbers(_ values: [Float]) -> JSON {
        .array(values.map { .number((Double($0) * 1_000).rounded() / 1_000) })
    }
}
