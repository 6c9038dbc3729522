#if Server
import ArgumentParser
import Conversion
import Enrollment
import Foundation
import Logging
import SpeechClient
import SpeechServer
import SpeechSignal
import Synthesis
import VoiceModel

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve speech over HTTP, WebSocket and Wyoming.",
        discussion: """
            The HTTP API extends OpenAI's speech API; GET /openapi.json describes it. Without options, the server listens only on \
            a Unix socket that nobody else can use. Sockets passed by systemd (LISTEN_FDS) replace that one.
            """)

    /// What a server allows unless an option says otherwise.
    private static let limits = ServerConfiguration().limits

    @Option(
        help: ArgumentHelp(
            "The Unix socket of the HTTP API. Default: $XDG_RUNTIME_DIR/starling/starling.sock.", valueName: "path"),
        completion: .file())
    var socket: String?

    @Flag(help: "Do not listen on a Unix socket for the HTTP API.")
    var noSocket = false

    @Flag(help: "Serve the Wyoming protocol too, on $XDG_RUNTIME_DIR/starling/wyoming.sock.")
    var wyoming = false

    @Option(
        help: ArgumentHelp("Serve the Wyoming protocol on this Unix socket.", valueName: "path"), completion: .file())
    var wyomingSocket: String?

    @Option(
        help: ArgumentHelp(
            "Serve the Wyoming protocol on this TCP port, at 127.0.0.1 or the address of --wyoming-listen.",
            valueName: "port"))
    var wyomingTcp: Int?

    @Option(
        help: ArgumentHelp(
            "The address for --wyoming-tcp. An address that other machines can reach requires --wyoming-allow.",
            valueName: "address"))
    var wyomingListen = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "An address or network that may connect to Wyoming over TCP, such as 192.168.1.10 or 192.168.1.0/24. May be repeated.",
            valueName: "address"))
    var wyomingAllow: [String] = []

    @Option(
        help: ArgumentHelp(
            "Serve HTTP on this TCP port too, at 127.0.0.1 or the address of --listen.", valueName: "port"))
    var tcp: Int?

    @Option(
        help: ArgumentHelp(
            "The address for --tcp. An address that other machines can reach requires a token.", valueName: "address"))
    var listen = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "A file with the token that clients over TCP must send. Default: $STARLING_TOKEN.", valueName: "file"),
        completion: .file())
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "A host name under which clients over TCP reach the server. May be repeated.", valueName: "name"))
    var hostName: [String] = []

    @Option(
        help: ArgumentHelp(
            "Let web pages of this origin use the server over TCP, such as https://app.example. May be repeated.",
            valueName: "origin"))
    var allowOrigin: [String] = []

    @Option(
        help: ArgumentHelp("The prefix that a proxy adds to every path, such as /speech.", valueName: "path"))
    var basePath = ""

    @Option(
        help: ArgumentHelp(
            "A table of aliases of voices, such as those in deploy/aliases. May be repeated.", valueName: "file"),
        completion: .file())
    var voiceAlias: [String] = []

    @Option(
        help: ArgumentHelp("Let processes of this user use the Unix sockets, too. May be repeated.", valueName: "uid"))
    var allowUser: [UInt32] = []

    @Option(name: .shortAndLong, help: "The voice of requests that name none.")
    var voice = VoiceOptions.defaultVoice

    @OptionGroup var reading: LanguageOptions

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("The number of threads that synthesize. Default: one per core.", valueName: "count"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Speech requests in progress or waiting; further ones get status 503. Default: \(Self.limits.requests).",
            valueName: "count"))
    var maxRequests: Int?

    @Option(help: ArgumentHelp("Characters in a text. Default: \(Self.limits.text).", valueName: "count"))
    var maxText: Int?

    @Option(
        help: ArgumentHelp(
            "Megabytes of recordings in an upload. Default: \(Self.limits.upload >> 20).", valueName: "count"))
    var maxUpload: Int?

    @Option(help: ArgumentHelp("Recordings for a new voice. Default: \(Self.limits.recordings).", valueName: "count"))
    var maxRecordings: Int?

    @Option(
        help: ArgumentHelp(
            "Minutes of recordings in an upload. Default: \(Int(Self.limits.sound / 60)).", valueName: "minutes"))
    var maxMinutes: Double?

    @Option(
        help: ArgumentHelp(
            "New voices and conversions at a time; further ones get status 503. Default: \(Self.limits.uploads).",
            valueName: "count"))
    var maxUploads: Int?

    @Option(
        help: ArgumentHelp(
            "Open connections; further ones get status 503. Default: \(Self.limits.connections).",
            valueName: "count"))
    var maxConnections: Int?

    @Option(
        help: ArgumentHelp(
            "Seconds that a request may take. Default: \(Self.limits.request.components.seconds).", valueName: "seconds"
        ))
    var requestTime: Double?

    @Option(
        help: ArgumentHelp(
            "Seconds after which an idle connection is closed. Default: \(Self.limits.idle.components.seconds).",
            valueName: "seconds"))
    var idleTime: Double?

    @Option(
        help: ArgumentHelp(
            "Seconds that requests in progress have after SIGTERM. Default: \(Self.limits.drain.components.seconds).",
            valueName: "seconds"))
    var drainTime: Double?

    @Option(help: "What to log on standard error: trace, debug, info, notice, warning or error.")
    var logLevel = "info"

    @Flag(help: "Instead of serving, write systemd units that start the server when a client connects.")
    var install = false

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level must be trace, debug, info, notice, warning or error.")
        }
        for (name, value) in [
            ("--threads", threads), ("--max-requests", maxRequests), ("--max-text", maxText),
            ("--max-recordings", maxRecordings), ("--max-uploads", maxUploads),
        ] {
            if let value, value < 1 { throw ValidationError("\(name) must be at least 1.") }
        }
        if let maxConnections, !(1...1_000_000).contains(maxConnections) {
            throw ValidationError("--max-connections must be 1 to 1000000.")
        }
        if let maxUpload, !(1...4_096).contains(maxUpload) {
            throw ValidationError("--max-upload must be 1 to 4096 megabytes.")
        }
        if let maxMinutes, !(0.1...600).contains(maxMinutes) {
            throw ValidationError("--max-minutes must be 0.1 to 600.")
        }
        for (name, value) in [
            ("--request-time", requestTime), ("--idle-time", idleTime), ("--drain-time", drainTime),
        ] {
            if let value, !(0.1...1e6).contains(value) {
                throw ValidationError("\(name) must be 0.1 to 1000000 seconds.")
            }
        }
        for (name, port) in [("--tcp", tcp), ("--wyoming-tcp", wyomingTcp)] {
            if let port, !(0...65_535).contains(port) { throw ValidationError("\(name) must be 0 to 65535.") }
        }
        if install, socket != nil || wyomingSocket != nil || noSocket {
            throw ValidationError(
                "With --install, systemd makes the sockets; leave out --socket, --no-socket and --wyoming-socket.")
        }
    }

    func run() async throws {
        if install { return try writeUnits() }
        var logger = Logger(label: "starling") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
        let synthesizer = try shared.synthesizer(model.size)
        let enroller = try Enroller(networks: synthesizer.networks, data: shared.location().data)
        if let language = reading.choice?.language { try synthesizer.check(language) }
        let server = try SpeechServer(
            configured(), synthesizer: synthesizer, enroller: enroller,
            converter: converter(synthesizer.networks, logger), logger: logger)
        try await server.runUntilSignal()
    }

    /// What says recordings again; without it the server does everything else.
    private func converter(_ networks: SpeechNetworks, _ logger: Logger) throws -> VoiceConverter? {
        do {
            // Only the base networks convert recordings.
            let networks = networks.size == .base ? networks : try shared.networks()
            return try VoiceConverter(networks: networks, data: shared.location().data)
        } catch {
            logger.warning("voice conversion is unavailable", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private func configured() throws -> ServerConfiguration {
        var configuration = ServerConfiguration()
        let handed = SocketActivation.take()
        configuration.http = handed.http
        configuration.wyoming = handed.wyoming
        if handed.http.isEmpty, !noSocket {
            let path = socket ?? ServerSocket.defaultPath()
            configuration.http.append(.socket(path: URL(filePath: path).path(percentEncoded: false)))
        }
        if handed.wyoming.isEmpty, wyoming || wyomingSocket != nil {
            let path = wyomingSocket ?? ServerSocket.defaultPath("wyoming")
            configuration.wyoming.append(.socket(path: URL(filePath: path).path(percentEncoded: false)))
        }
        if let wyomingTcp { configuration.wyoming.append(.tcp(address: wyomingListen, port: wyomingTcp)) }
        if let tcp { configuration.http.append(.tcp(address: listen, port: tcp)) }
        configuration.token = try token()
        configuration.hostNames = Set(hostName)
        configuration.origins = Set(allowOrigin)
        configuration.basePath = basePath.hasSuffix("/") ? String(basePath.dropLast()) : basePath
        configuration.wyomingPeers = try wyomingAllow.map(AddressRange.init)
        for path in voiceAlias { configuration.aliases.add(try VoiceAliases(toml: Self.text(path), path: path)) }
        configuration.users = Set(allowUser)
        configuration.defaultVoice = voice
        configuration.language = reading.choice
        if let threads { configuration.threads = threads }
        if let maxRequests { configuration.limits.requests = maxRequests }
        if let maxText { configuration.limits.text = maxText }
        if let maxUpload { configuration.limits.upload = maxUpload << 20 }
        if let maxRecordings { configuration.limits.recordings = maxRecordings }
        if let maxMinutes { configuration.limits.sound = maxMinutes * 60 }
        if let maxUploads { configuration.limits.uploads = maxUploads }
        if let maxConnections { configuration.limits.connections = maxConnections }
        if let requestTime { configuration.limits.request = .seconds(requestTime) }
        if let idleTime { configuration.limits.idle = .seconds(idleTime) }
        if let drainTime { configuration.limits.drain = .seconds(drainTime) }
        return configuration
    }

    /// The arguments that were given, but for those that asked for the units, become the service's.
    private func writeUnits() throws {
        guard let folder = UserUnits.folder() else {
            throw ServerError.install(path: "~/.config/systemd/user", reason: "there is no home folder; set HOME")
        }
        let program = DataLocation.executableURL?.path(percentEncoded: false) ?? CommandLine.arguments[0]
        var arguments = CommandLine.arguments.drop { $0 != "serve" }.dropFirst().filter {
            $0 != "--install" && $0 != "--wyoming"
        }
        // The service starts in another folder than this one.
        let paths: [(String, String?)] =
            [("--data", shared.data), ("--voices", shared.voices), ("--token-file", tokenFile)]
            + voiceAlias.map { ("--voice-alias", $0) }
        for (option, path) in paths {
            guard let path, !path.hasPrefix("/") else { continue }
            let whole = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
            arguments = arguments.map { $0 == path ? whole : $0 == "\(option)=\(path)" ? "\(option)=\(whole)" : $0 }
        }
        let units = UserUnits(program: program, arguments: Array(arguments), wyoming: wyoming)
        for path in try units.write(to: folder) { try Terminal.say("wrote \(path)") }
        let sockets = units.files.map(\.name).filter { $0.hasSuffix(".socket") }.joined(separator: " ")
        try Terminal.say("now run: systemctl --user daemon-reload && systemctl --user enable --now \(sockets)")
    }

    private func token() throws -> String? {
        guard let tokenFile else { return ProcessInfo.processInfo.environment["STARLING_TOKEN"] }
        return try Self.text(tokenFile).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func text(_ path: String) throws -> String {
        do {
            return try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            throw CommandError.unreadableFile(path: path, reason: "it cannot be read as text")
        }
    }
}
#endif
