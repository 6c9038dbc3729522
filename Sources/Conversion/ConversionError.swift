/// Why voice conversion cannot work; each description is one line with the remedy.
public enum ConversionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Clear speech is not heard as what it is.
    case misheard(distance: Double, limit: Double)

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .misheard(let distance, let limit):
            "the content encoder does not hear what clear speech says (its log mel is off by \(Self.tenths(distance)), at most "
                + "\(Self.tenths(limit)) is usual); take content.safetensors and acoustic.safetensors of one release"
        }
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
