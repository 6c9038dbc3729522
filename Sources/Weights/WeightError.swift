public import Foundation

/// Why weights could not be loaded or written.
public enum WeightError: Error, Sendable, CustomStringConvertible {
    /// The file could not be opened, mapped or read.
    case unreadable(URL, code: Int32)
    /// The file is not safetensors, or it is damaged.
    case malformed(URL, reason: String)
    /// The file holds other tensors than the network has.
    case mismatch(URL, missing: [String], misshaped: [Misshaped], unused: [String])
    /// The metadata lacks an entry or it cannot be understood.
    case metadata(URL, key: String, reason: String)
    /// The file could not be written.
    case unwritable(URL, code: Int32)

    /// A tensor of another shape than the network's.
    public struct Misshaped: Sendable, Equatable {
        public let name: String
        public let expected: [Int]
        public let actual: [Int]
    }

    public var description: String {
        switch self {
        case .unreadable(let url, let code):
            return "cannot read \(url.path): \(String(cString: strerror(code))); check the path and its permissions"
        case .malformed(let url, let reason):
            return "\(url.path) is not a valid safetensors file: \(reason); fetch it again"
        case .mismatch(let url, let missing, let misshaped, let unused):
            var parts: [String] = []
            if !missing.isEmpty { parts.append("missing \(missing.joined(separator: ", "))") }
            if !misshaped.isEmpty {
                let list = misshaped.map { "\($0.name) is \($0.actual), expected \($0.expected)" }
                parts.append("misshaped: \(list.joined(separator: ", "))")
            }
            if !unused.isEmpty { parts.append("unused \(unused.joined(separator: ", "))") }
            let list = parts.joined(separator: "; ")
            return "\(url.path) does not fit this version's network (\(list)); fetch matching weights"
        case .metadata(let url, let key, let reason):
            return "metadata \"\(key)\" of \(url.path): \(reason); fetch matching weights"
        case .unwritable(let url, let code):
            let reason = String(cString: strerror(code))
            return "cannot write \(url.path): \(reason); free some space or choose another place"
        }
    }
}
