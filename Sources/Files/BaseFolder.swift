public import Foundation

/// The user's folders, as the XDG Base Directory Specification has them.
public enum BaseFolder: Sendable {
    /// `$XDG_CONFIG_HOME`, by default `~/.config`.
    case configuration
    /// `$XDG_DATA_HOME`, by default `~/.local/share`.
    case data
    /// `$XDG_RUNTIME_DIR`; nothing stands in for it.
    case runtime

    /// Where it is; nil without a home. Paths that are not absolute count for nothing, as the specification asks.
    public func url(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL? {
        let (variable, standard): (String, String?) =
            switch self {
            case .configuration: ("XDG_CONFIG_HOME", ".config")
            case .data: ("XDG_DATA_HOME", ".local/share")
            case .runtime: ("XDG_RUNTIME_DIR", nil)
            }
        func folder(_ name: String) -> URL? {
            guard let path = environment[name], path.hasPrefix("/") else { return nil }
            return URL(filePath: path, directoryHint: .isDirectory)
        }
        if let found = folder(variable) { return found }
        guard let standard else { return nil }
        return folder("HOME")?.appending(path: standard, directoryHint: .isDirectory)
    }
}
