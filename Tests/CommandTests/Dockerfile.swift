import Foundation

/// The instructions of a Dockerfile, lines that go on joined and comments left out.
struct Dockerfile {
    private let instructions: [(name: String, arguments: String)]

    init(contentsOf url: URL) throws {
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
        instructions = lines.joined(separator: "\n").replacing("\\\n", with: " ").split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 1)
            return (String(words[0]), words.count > 1 ? String(words[1]) : "")
        }
    }

    /// What is copied from outside the image.
    var copies: [(sources: [String], target: String)] {
        instructions.filter { $0.name == "COPY" && !$0.arguments.hasPrefix("--from=") }.map {
            let words = $0.arguments.split(separator: " ").map(String.init)
            return (Array(words.dropLast()), words.last ?? "")
        }
    }

    var copiedFromContext: [String] { copies.flatMap(\.sources) }

    /// The words of all commands, one list a command.
    private var commands: [[String]] {
        instructions.filter { $0.name == "RUN" }.flatMap { $0.arguments.split(separator: "&&") }.map {
            $0.split(separator: " ").map(String.init)
        }
    }

    /// Folders that `cp -R` copies out of the sources.
    var installed: [String] {
        commands.filter { $0.prefix(2) == ["cp", "-R"] }.flatMap { $0.dropFirst(2).dropLast() }
    }

    /// What `swift build --product` builds.
    var builtProducts: [String] {
        commands.filter { $0.prefix(2) == ["swift", "build"] }.compactMap { command in
            command.firstIndex(of: "--product").map { command[$0 + 1] }
        }
    }

    /// What `apt-get install` installs, stage by stage.
    var packages: [[String]] {
        commands.filter { $0.contains("apt-get") && $0.contains("install") }.map { command in
            command[command.firstIndex(of: "install")!...].dropFirst().filter { !$0.hasPrefix("-") }
        }
    }
}

/// A list of paths to leave out, as .gitignore and .dockerignore have it, but for patterns that take something in
/// again.
struct IgnoreList {
    private let patterns: [String]
    private let anyDepth: Bool

    /// - Parameter anyDepth: whether a pattern without a stroke names files in every folder, as git has it
    init(_ url: URL, anyDepth: Bool) throws {
        self.anyDepth = anyDepth
        patterns = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("#")
        }
    }

    func contains(_ path: String) -> Bool {
        patterns.contains { pattern in
            let isRooted = pattern.dropLast().contains("/") || !anyDepth
            let name = pattern.trimmingCharacters(in: CharacterSet(charactersIn: "/"))
            let subject = isRooted ? path : path.split(separator: "/").last.map(String.init) ?? path
            return fnmatch(name, subject, FNM_PATHNAME) == 0
        }
    }
}

/// What is installed on a Debian, by its own records.
struct DebianPackages {
    /// Whether this is the Debian of the image; others call libraries otherwise.
    static var exist: Bool {
        let release = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)
        return release?.contains("VERSION_CODENAME=bookworm") == true && FileManager.default.fileExists(atPath: status)
    }
    private static let (status, info) = ("/var/lib/dpkg/status", "/var/lib/dpkg/info")

    private var dependencies: [String: [String]] = [:]
    private var providers: [String: [String]] = [:]
    private(set) var essential: [String] = []
    private var owners: [String: String] = [:]

    init() throws {
        for entry in try String(contentsOfFile: Self.status, encoding: .utf8).components(separatedBy: "\n\n") {
            var fields: [String: String] = [:]
            for line in entry.split(separator: "\n") where !line.hasPrefix(" ") {
                let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                fields[parts[0]] = parts.count > 1 ? parts[1] : ""
            }
            guard let name = fields["Package"], fields["Status"] == "install ok installed" else { continue }
            dependencies[name] = ["Pre-Depends", "Depends"].flatMap { Self.names(fields[$0] ?? "") }
            for provided in Self.names(fields["Provides"] ?? "") { providers[provided, default: []].append(name) }
            if fields["Essential"] == "yes" { essential.append(name) }
        }
        for list in try FileManager.default.contentsOfDirectory(atPath: Self.info) where list.hasSuffix(".list") {
            let package = String(list.dropLast(5).prefix { $0 != ":" })
            for path in try String(contentsOfFile: "\(Self.info)/\(list)", encoding: .utf8).split(separator: "\n")
            where path.contains(".so") { owners[String(path)] = package }
        }
    }

    /// Names in a list of dependencies, alternatives side by side, without versions and architectures.
    private static func names(_ list: String) -> [String] {
        list.split { $0 == "," || $0 == "|" }.map {
            String($0.trimmingCharacters(in: .whitespaces).prefix { $0 != " " && $0 != ":" })
        }
    }

    func isKnown(_ package: String) -> Bool { dependencies[package] != nil }

    /// Packages and all that is installed with them.
    func closure(of packages: [String]) -> Set<String> {
        var (found, left) = (Set<String>(), packages)
        while let name = left.popLast() {
            for package in providers[name, default: []] + (isKnown(name) ? [name] : [])
            where found.insert(package).inserted { left += dependencies[package] ?? [] }
        }
        return found
    }

    /// The package that a library came with.
    func owner(of library: String) -> String? {
        let file = URL(filePath: library).resolvingSymlinksInPath().path(percentEncoded: false)
        // /lib is a link to /usr/lib, and the records name either.
        let names = [file, "/usr" + file, file.hasPrefix("/usr/") ? String(file.dropFirst(4)) : file]
        return names.lazy.compactMap { owners[$0] }.first
    }
}
