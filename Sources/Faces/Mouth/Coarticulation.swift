import Foundation

/// Blends the targets of neighboring phonemes by dominance functions, after Cohen and Massaro, "Modeling Coarticulation
/// in Synthetic Visual Speech" (Models and Techniques in Computer Animation, 1993).
///
/// Every target pulls on every part of the mouth, with a force that is largest inside of the phoneme and fades before
/// and after it. The mouth is where the forces agree: Σ D·T / Σ D with D(τ) = α · exp(−θ·|τ|^c). τ counts from the
/// middle half of the phoneme, so that long ones are reached and held; c is 2, which leaves no kinks.
struct Coarticulation {
    private struct Gesture {
        var target: MouthTarget
        /// The middle half, in seconds.
        var core: ClosedRange<Double>
        var contact: LipContact?
        /// Its sentence was not known before.
        var known: Double

        /// 0 where the sentence was not known yet, 1 soon after: what was seen before does not depend on it.
        func presence(at time: Double) -> Double { smoothstep((time - known) / Coarticulation.arrival) }
    }

    /// Seconds over which the gestures of a new sentence gain force.
    private static let arrival = 0.08
    /// Seconds before and after a phoneme at which its force is a third (1/e): jaw, the four parts of the lips, tongue.
    /// Lips round early, as there is nothing else for them to do; the tongue is quick.
    private static let lead = MouthPose.Parts(0.055, 0.09, 0.09, 0.08, 0.05, 0.025, 1, 1)
    private static let lag = MouthPose.Parts(0.06, 0.065, 0.065, 0.06, 0.05, 0.025, 1, 1)
    /// Seconds beyond which nothing is felt.
    private static let reach = 0.4
    /// The force of the mouth at rest everywhere, so that there is always one.
    private static let restForce: Float = 1e-4

    private var gestures: [Gesture] = []

    /// Adds what follows in time.
    ///
    /// - Parameter known: seconds from which on it may be felt
    mutating func append(_ articulations: [Articulation], known: Double) {
        for (place, articulation) in articulations.enumerated() {
            let targets = MouthTarget.targets(of: articulation.phoneme)
            let length = articulation.length / Double(targets.count)
            let before = place > 0 ? articulations[place - 1].length : .infinity
            let after = place + 1 < articulations.count ? articulations[place + 1].length : .infinity
            for (index, target) in targets.enumerated() {
                let start = articulation.start + Double(index) * length
                let contact = target.contact.map {
                    LipContact($0, start: start, end: start + length, before: before, after: after)
                }
                gestures.append(
                    Gesture(
                        target: target, core: start + length / 4...start + length * 3 / 4, contact: contact,
                        known: known))
            }
        }
    }

    /// Forgets what is over.
    mutating func forget(before time: Double) {
        gestures.removeAll { $0.core.upperBound < time - Self.reach }
    }

    /// Where the mouth is, and how firmly its lips touch.
    func mouth(at time: Double) -> (pose: MouthPose, lips: Float, teeth: Float) {
        var pull = MouthPose.Parts()
        var force = MouthPose.Parts(repeating: Self.restForce)
        var (lips, teeth): (Float, Float) = (0, 0)
        for gesture in gestures {
            let core = gesture.core
            guard core.upperBound > time - Self.reach else { continue }
            guard core.lowerBound < time + Self.reach else { break }
            let presence = Float(gesture.presence(at: time))
            let spread = time < core.lowerBound ? Self.lead : Self.lag
            let distance = Float(max(core.lowerBound - time, time - core.upperBound, 0)) / spread
            var dominance = gesture.target.dominance * presence
            for part in dominance.indices { dominance[part] *= exp(-distance[part] * distance[part]) }
            pull += dominance * gesture.target.pose.parts
            force += dominance
            guard let contact = gesture.contact else { continue }
            let firmness = Float(contact.firmness(at: time))
            switch contact.kind {
            case .lips: lips = max(lips, firmness)
            case .teeth: teeth = max(teeth, firmness)
            }
        }
        return (MouthPose(parts: pull / force), lips, teeth)
    }
}

/// From 0 to 1 with level ends (Hermite).
func smoothstep(_ x: Double) -> Double {
    let x = min(max(x, 0), 1)
    return x * x * (3 - 2 * x)
}
