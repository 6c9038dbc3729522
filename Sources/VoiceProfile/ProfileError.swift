public import Foundation

/// Why a speaker profile cannot be used.
public enum ProfileError: Error, Sendable, CustomStringConvertible {
    /// A part of the profile has the wrong number of values.
    case size(String, expected: Int, actual: Int)
    /// A value is out of range.
    case range(String, Float, ClosedRange<Float>)
    /// The profile in a file is not valid.
    case file(URL, String)
    /// The voices cannot be mixed.
    case blend(String)

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .size(let name, let expected, let actual):
            "the profile's \(name) has \(actual) values, expected \(expected); enroll the voice again"
        case .range(let name, let value, let range):
            "the profile's \(name) is \(value), expected \(range.lowerBound) to \(range.upperBound); "
                + "enroll the voice again"
        case .file(let url, let reason):
            "\(url.path): \(reason)"
        case .blend(let reason):
            "cannot mix the voices: \(reason)"
        }
    }
}
