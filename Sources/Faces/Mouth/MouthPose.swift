/// Where the parts of the mouth are, each from 0 to 1, apart from the lips' contacts.
struct MouthPose {
    /// One part in each place; the last two are empty.
    typealias Parts = SIMD8<Float>

    var parts: Parts

    init(parts: Parts) { self.parts = parts }

    init(
        jaw: Float = 0, funnel: Float = 0, pucker: Float = 0, spread: Float = 0, teeth: Float = 0, tongue: Float = 0
    ) {
        parts = Parts(jaw, funnel, pucker, spread, teeth, tongue, 0, 0)
    }

    /// How far the jaw is down.
    var jaw: Float { parts[0] }
    /// Lips forward and open, as for ʃ and ɔ.
    var funnel: Float { parts[1] }
    /// Lips forward and narrow, as for u and w.
    var pucker: Float { parts[2] }
    /// Corners of the mouth apart, as for i.
    var spread: Float { parts[3] }
    /// Lips off the teeth, as for s.
    var teeth: Float { parts[4] }
    /// The tip of the tongue between the teeth, as for θ.
    var tongue: Float { parts[5] }

    /// The mouth at rest, lips together.
    static let rest = MouthPose()
}
