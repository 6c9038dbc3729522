/// One voice or a weighted mix: `ann`, or `ann:0.7+bob:0.3`. Weights are positive and need not add up to 1; a missing
/// one is 1.
public struct VoiceExpression: Sendable, Equatable, CustomStringConvertible {
    /// Names and weights; the weights sum to 1.
    public let parts: [(name: VoiceName, weight: Float)]

    /// The most voices in a mix.
    public static let maximumParts = 16

    /// Reads a name, or names with weights: `ann:0.7+bob:0.3`.
    ///
    /// - Throws: `VoiceStoreError.badExpression`, `VoiceStoreError.badName`
    public init(_ text: String) throws(VoiceStoreError) {
        let pieces = text.split(separator: "+", omittingEmptySubsequences: false)
        if pieces.count == 1, !text.contains(":") {
            parts = [(try VoiceName(text), 1)]
            return
        }
        guard pieces.count <= Self.maximumParts else {
            throw .badExpression(text, reason: "more than \(Self.maximumParts) voices")
        }
        var parsed: [(name: VoiceName, weight: Float)] = []
        for piece in pieces {
            let fields = piece.split(separator: ":", omittingEmptySubsequences: false)
            guard (1...2).contains(fields.count), !fields[0].isEmpty else {
                throw .badExpression(text, reason: "\"\(piece)\" is not NAME:WEIGHT")
            }
            let name = try VoiceName(String(fields[0]))
            guard !parsed.contains(where: { $0.name == name }) else {
                throw .badExpression(text, reason: "\"\(name)\" occurs twice")
            }
            var weight: Float = 1
            if fields.count == 2 {
                guard let value = Float(fields[1]), value > 0, value.isFinite else {
                    throw .badExpression(text, reason: "the weight \"\(fields[1])\" is not a positive number")
                }
                weight = value
            }
            parsed.append((name, weight))
        }
        let total = parsed.reduce(Float(0)) { $0 + $1.weight }
        guard total.isFinite else { throw .badExpression(text, reason: "the weights are too large") }
        parts = parsed.map { ($0.name, $0.weight / total) }
    }

    /// As it is written, weights as shares of one.
    public var description: String {
        parts.count == 1 ? parts[0].name.text : parts.map { "\($0.name):\($0.weight)" }.joined(separator: "+")
    }

    /// Equal parts with equal weights.
    public static func == (a: VoiceExpression, b: VoiceExpression) -> Bool {
        a.parts.count == b.parts.count
            && zip(a.parts, b.parts).allSatisfy { $0.name == $1.name && $0.weight == $1.weight }
    }
}
