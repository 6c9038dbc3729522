/// Why voice conversion cannot work; each description is one line with the remedy.
public enum ConversionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The content encoder misreads clear speech.
    case misheard(distance: Double, limit: Double)

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .misheard(let distance, let limit):
            "the content encoder misreads clear speech (its log mel is off by \(Self.tenths(distance)); at most "
                + "\(Self.tenths(limit)) is normal); use content.safetensors and acoustic.safetensors from the same release"
        }
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
