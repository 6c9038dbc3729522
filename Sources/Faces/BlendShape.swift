/// ARKit's 52 blend shapes, in the order of Live Link Face's files. Their names are those of
/// [ARFaceAnchor.BlendShapeLocation](https://developer.apple.com/documentation/arkit/arfaceanchor/blendshapelocation).
///
/// Left and right are the face's own. The raw value is the place in that order, from 0.
public enum BlendShape: Int, Sendable, CaseIterable {
    /// The left lid comes down.
    case eyeBlinkLeft
    /// The left eye looks down.
    case eyeLookDownLeft
    /// The left eye looks toward the nose.
    case eyeLookInLeft
    /// The left eye looks away from the nose.
    case eyeLookOutLeft
    /// The left eye looks up.
    case eyeLookUpLeft
    /// The left eye narrows.
    case eyeSquintLeft
    /// The left eye widens.
    case eyeWideLeft
    /// The right lid comes down.
    case eyeBlinkRight
    /// The right eye looks down.
    case eyeLookDownRight
    /// The right eye looks toward the nose.
    case eyeLookInRight
    /// The right eye looks away from the nose.
    case eyeLookOutRight
    /// The right eye looks up.
    case eyeLookUpRight
    /// The right eye narrows.
    case eyeSquintRight
    /// The right eye widens.
    case eyeWideRight
    /// The jaw comes forward.
    case jawForward
    /// The jaw goes right.
    case jawRight
    /// The jaw goes left.
    case jawLeft
    /// The jaw goes down.
    case jawOpen
    /// The lips stay together while the jaw is down.
    case mouthClose
    /// The lips come forward and stay open.
    case mouthFunnel
    /// The lips come forward and together.
    case mouthPucker
    /// The mouth goes right.
    case mouthRight
    /// The mouth goes left.
    case mouthLeft
    /// The left corner of the mouth goes up.
    case mouthSmileLeft
    /// The right corner of the mouth goes up.
    case mouthSmileRight
    /// The left corner of the mouth goes down.
    case mouthFrownLeft
    /// The right corner of the mouth goes down.
    case mouthFrownRight
    /// The left corner of the mouth goes back.
    case mouthDimpleLeft
    /// The right corner of the mouth goes back.
    case mouthDimpleRight
    /// The left corner of the mouth goes outward.
    case mouthStretchLeft
    /// The right corner of the mouth goes outward.
    case mouthStretchRight
    /// The lower lip rolls inward.
    case mouthRollLower
    /// The upper lip rolls inward.
    case mouthRollUpper
    /// The lower lip goes up and outward.
    case mouthShrugLower
    /// The upper lip goes up and outward.
    case mouthShrugUpper
    /// The lips press together on the left.
    case mouthPressLeft
    /// The lips press together on the right.
    case mouthPressRight
    /// The lower lip goes down on the left.
    case mouthLowerDownLeft
    /// The lower lip goes down on the right.
    case mouthLowerDownRight
    /// The upper lip goes up on the left.
    case mouthUpperUpLeft
    /// The upper lip goes up on the right.
    case mouthUpperUpRight
    /// The outer part of the left brow goes down.
    case browDownLeft
    /// The outer part of the right brow goes down.
    case browDownRight
    /// The inner parts of both brows go up.
    case browInnerUp
    /// The outer part of the left brow goes up.
    case browOuterUpLeft
    /// The outer part of the right brow goes up.
    case browOuterUpRight
    /// The cheeks are blown up.
    case cheekPuff
    /// The left cheek goes up.
    case cheekSquintLeft
    /// The right cheek goes up.
    case cheekSquintRight
    /// The left side of the nose goes up.
    case noseSneerLeft
    /// The right side of the nose goes up.
    case noseSneerRight
    /// The tongue comes out.
    case tongueOut

    /// Its name in ARKit: "jawOpen".
    public var name: String { Self.names[rawValue] }

    private static let names = allCases.map { "\($0)" }
}
