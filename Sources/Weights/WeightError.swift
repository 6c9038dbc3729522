public import Foundation

/// Why weights could not be loaded; a file that cannot be read or written is a `FileError`.
public enum WeightError: Error, Sendable, CustomStringConvertible {
    /// The file is not safetensors, or it is damaged.
    case malformed(URL, reason: String)
    /// The file holds other tensors than the network has.
    case mismatch(URL, missing: [String], misshaped: [Misshaped], unused: [String])
    /// The metadata lacks an entry or it cannot be understood.
    case metadata(URL, key: String, reason: String)

    /// A tensor of another shape than the network's.
    public struct Misshaped: Sendable, Equatable {
        public let name: String
        public let expected: [Int]
        public let actual: [Int]
    }

    public var description: String {
        switch self {
        case .malformed(let url, let reason):
            return "\(url.path) is not a valid safetensors file: \(reason); get a new copy"
        case .mismatch(let url, let missing, let misshaped, let unused):
            var parts: [String] = []
            if !missing.isEmpty { parts.append("missing \(missing.joined(separator: ", "))") }
            if !misshaped.isEmpty {
                let list = misshaped.map { "\($0.name) is \($0.actual), expected \($0.expected)" }
                parts.append("misshaped: \(list.joined(separator: ", "))")
            }
            if !unused.isEmpty { parts.append("unused \(unused.joined(separator: ", "))") }
            let list = parts.joined(separator: "; ")
            return "\(url.path) does not match this version's network (\(list)); use the weights of this release"
        case .metadata(let url, let key, let reason):
            return "metadata \"\(key)\" of \(url.path): \(reason); use the weights of this release"
        }
    }
}
