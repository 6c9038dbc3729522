import Foundation
import Testing

@Suite struct Deploy {
    /// The units in deploy/ are those that the program writes, but for where it is.
    @Test func unitsAreTheProgramsOwn() throws {
        try withFolder { folder in
            let outcome = try Program.run(
                ["serve", "--install", "--wyoming"], in: folder,
                environment: ["XDG_CONFIG_HOME": folder.path(percentEncoded: false)])
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let written = folder.appending(path: "systemd/user")
            let shipped = Program.repository.appending(path: "deploy/systemd")
            #expect(try names(in: written) == names(in: shipped))
            for name in try names(in: shipped) {
                let unit = try String(contentsOf: written.appending(path: name), encoding: .utf8)
                    .replacing(/ExecStart=\S+starling serve/, with: "ExecStart=/usr/local/bin/starling serve")
                #expect(try String(contentsOf: shipped.appending(path: name), encoding: .utf8) == unit, "\(name)")
            }
        }
    }
}

/// The image of deploy/Dockerfile, as far as it can be judged without an engine that builds it.
@Suite struct Container {
    private let dockerfile: Dockerfile

    init() throws {
        dockerfile = try Dockerfile(contentsOf: Program.repository.appending(path: "deploy/Dockerfile"))
    }

    /// A clone without what .dockerignore leaves out, copied to a folder.
    private static func withContext<R>(_ body: (URL) throws -> R) throws -> R {
        let ignored = try IgnoreList(Program.repository.appending(path: ".gitignore"), anyDepth: true)
        let left = try IgnoreList(Program.repository.appending(path: ".dockerignore"), anyDepth: false)
        return try withFolder { folder in
            let context = folder.appending(path: "context")
            let root = Program.repository.path(percentEncoded: false)
            let walk = try #require(FileManager.default.enumerator(atPath: root))
            for case let path as String in walk {
                let isFolder = walk.fileAttributes?[.type] as? FileAttributeType == .typeDirectory
                if path == ".git" || ignored.contains(path) || left.contains(path) {
                    if isFolder { walk.skipDescendants() }
                } else if isFolder {
                    try FileManager.default.createDirectory(
                        at: context.appending(path: path), withIntermediateDirectories: true)
                } else {
                    try FileManager.default.createSymbolicLink(
                        atPath: context.appending(path: path).path(percentEncoded: false),
                        withDestinationPath: "\(root)\(path)")
                }
            }
            return try body(context)
        }
    }

    private static func swift(_ arguments: [String], in folder: URL) throws -> (status: Int32, output: Data) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["swift"] + arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    /// What is copied exists in a clone, and the package is whole without what .dockerignore leaves out.
    @Test func theContextHoldsWhatIsBuilt() throws {
        try Self.withContext { context in
            let copied = dockerfile.copiedFromContext
            #expect(copied.contains(".") && copied.count >= 2)
            for path in copied {
                let file = context.appending(path: path).path(percentEncoded: false)
                #expect(FileManager.default.fileExists(atPath: file), "no clone has \(path), which is copied")
            }
            for path in dockerfile.installed {
                let file = context.appending(path: path).path(percentEncoded: false)
                #expect(FileManager.default.fileExists(atPath: file), "\(path) is installed and not in the context")
            }
            for path in [".git", ".build", "Training"] {
                let file = context.appending(path: path).path(percentEncoded: false)
                #expect(!FileManager.default.fileExists(atPath: file), "\(path) only makes the context larger")
            }
            // Every target's folder is looked for when the package is described.
            let (status, json) = try Self.swift(["package", "describe", "--type", "json"], in: context)
            try #require(status == 0, "the package cannot be loaded from the context")
            let package = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
            let products = try #require(package["products"] as? [[String: Any]]).compactMap { $0["name"] as? String }
            #expect(dockerfile.builtProducts == ["starling", "starling-media"])
            for built in dockerfile.builtProducts { #expect(products.contains(built), "there is no product \(built)") }
        }
    }

    /// The manifest is all that is needed to fetch what the package depends on.
    @Test func theManifestIsReadAlone() throws {
        try withFolder { folder in
            let first = try #require(dockerfile.copies.first { !$0.sources.contains(".") }).sources
            #expect(first == ["Package.swift"])
            for file in first {
                try FileManager.default.copyItem(
                    at: Program.repository.appending(path: file), to: folder.appending(path: file))
            }
            #expect(try Self.swift(["package", "dump-package"], in: folder).status == 0)
        }
    }

    @Test func theBuilderInstallsWhatSetupInstalls() throws {
        let setup = try String(contentsOf: Program.repository.appending(path: "script/setup"), encoding: .utf8)
        let list = try #require(setup.firstMatch(of: /packages=\(([^)]*)\)/)).output.1
        let wanted = list.split(separator: "\n").flatMap { $0.prefix { $0 != "#" }.split(separator: " ") }.map(
            String.init)
        let stages = dockerfile.packages
        #expect(stages.count == 2 && wanted.count > 6)
        let missing = Set(wanted).subtracting(stages.joined())
        #expect(missing.isEmpty, "deploy/Dockerfile does not install \(missing.sorted())")
        #expect(Set(stages[0]).isSubset(of: wanted), "script/setup does not install \(stages[0])")
    }

    /// Every library that the programs load comes with the packages of the image, by what Debian says of them.
    @Test(.enabled(if: DebianPackages.exist, "this is not Debian 12"), arguments: ["starling", "starling-media"])
    func theImageHasTheLibraries(_ name: String) throws {
        let debian = try DebianPackages()
        // Debian's essential packages are in every image.
        let image = debian.closure(of: (dockerfile.packages.last ?? []) + debian.essential)
        let program = Program.url.deletingLastPathComponent().appending(path: name)
        let loaded = try withFolder { folder in
            try Program.run(["--version"], of: program, in: folder, environment: ["LD_TRACE_LOADED_OBJECTS": "1"]).text
        }
        let libraries = loaded.matches(of: /=> (\/\S+)/).map { String($0.output.1) }
        #expect(libraries.count > 5, "\(loaded)")
        for library in libraries {
            // Swift's own libraries are none of Debian's; in the image they are part of the program.
            guard let package = debian.owner(of: library) else { continue }
            #expect(image.contains(package), "deploy/Dockerfile does not install \(package), which has \(library)")
        }
        #expect(libraries.compactMap { debian.owner(of: $0) }.count > 5, "\(libraries)")
        for package in dockerfile.packages.joined() {
            #expect(debian.isKnown(package), "Debian has no \(package)")
        }
    }
}
