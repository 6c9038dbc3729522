public import Conversion
import Foundation
public import Logging
import ServiceLifecycle
import Synthesis
import UnixSignals

/// The service: HTTP and Wyoming over Unix sockets and TCP, with one loaded synthesizer behind them.
///
/// ```swift
/// var configuration = ServerConfiguration()
/// configuration.http = [.socket(path: ServerSocket.defaultPath())]
/// let server = try SpeechServer(configuration, synthesizer: synthesizer, enroller: enroller, logger: logger)
/// try await server.run()
/// ```
/// All sockets are made, with all checks, when the server is: whoever gets one back will be able to listen.
public struct SpeechServer: Sendable {
    /// The places where clients reach it, with the ports that were taken.
    public let places: [String]

    private let group: ServiceGroup
    private let sockets: [BoundSocket]
    private let logger: Logger

    /// - Parameters:
    ///   - synthesizer: speaks, and has the store that voices are added to; a `Synthesizer`
    ///   - enroller: makes voices of what is sent to `POST /v1/voices`; an `Enroller`
    ///   - converter: says again what is sent to `POST /v1/audio/conversions`; without it that is refused
    /// - Throws: `ServerError`
    public init(
        _ wanted: ServerConfiguration, synthesizer: any SpeechMaker, enroller: any VoiceMaker,
        converter: VoiceConverter? = nil, logger: Logger
    ) throws {
        try Self.check(wanted)
        var configuration = wanted
        configuration.limits.connections = DescriptorLimit.makeRoom(for: wanted.limits.connections)
        if configuration.limits.connections < wanted.limits.connections {
            logger.warning(
                "fewer connections than wanted; raise the limit of open files, as with ulimit -n or LimitNOFILE",
                metadata: ["connections": "\(configuration.limits.connections)"])
        }
        let http = try configuration.http.map(BoundSocket.init)
        let wyoming = try configuration.wyoming.map(BoundSocket.init)
        guard !http.isEmpty || !wyoming.isEmpty else { throw ServerError.nowhere }

        let scheduler = SpeechScheduler(threads: configuration.threads)
        var synthesizer = synthesizer
        synthesizer.executor = scheduler
        // Half of the cores, which speech takes away when it needs them.
        let recordings = SpeechScheduler(threads: max(1, configuration.threads / 2), niceness: 10)
        let metrics = ServerMetrics(version: configuration.version)
        let admission = Admission(limit: configuration.limits.requests)
        let registry = ConnectionRegistry(limit: configuration.limits.connections)
        let api = SpeechAPI(
            synthesizer: synthesizer, configuration: configuration, admission: admission, scheduler: scheduler,
            desk: EnrollmentDesk(
                enroller: enroller, frontend: synthesizer.frontend, store: synthesizer.store,
                scheduler: recordings, limits: configuration.limits),
            conversions: converter.map {
                ConversionDesk(converter: $0, scheduler: recordings, longest: configuration.limits.sound)
            },
            names: VoiceNames(
                store: synthesizer.store, standard: configuration.defaultVoice, aliases: configuration.aliases,
                logger: logger),
            metrics: metrics)
        let users = configuration.users.union([geteuid()])

        var services: [any Service] = [
            ConnectionKeeper(registry: registry, admission: admission, metrics: metrics, logger: logger)
        ]
        for socket in http {
            var allowsAnyAddress = false
            if case .tcp(let address, _) = socket.kind { allowsAnyAddress = !TCPSocket.isLoopback(address) }
            let access = AccessGuard(
                token: configuration.token, hostNames: Set(configuration.hostNames.map { $0.lowercased() }),
                origins: configuration.origins, allowsAnyAddress: allowsAnyAddress)
            services.append(
                Listener(
                    socket: socket, handler: HTTPHandler(api: api, access: access, logger: logger), registry: registry,
                    users: users, peers: nil, executor: configuration.executor, metrics: metrics, logger: logger))
        }
        for socket in wyoming {
            services.append(
                Listener(
                    socket: socket, handler: WyomingHandler(api: api, logger: logger), registry: registry,
                    users: users, peers: configuration.wyomingPeers, executor: configuration.executor, metrics: metrics,
                    logger: logger))
        }
        sockets = http + wyoming
        places = sockets.map(\.place)
        self.logger = logger
        var group = ServiceGroupConfiguration(services: services, logger: logger)
        group.maximumGracefulShutdownDuration = configuration.limits.drain
        self.group = ServiceGroup(configuration: group)
    }

    /// Runs until `stop` is called or the task is cancelled. Requests in work are finished first, within the drain
    /// time.
    public func run() async throws {
        defer { removeFiles() }
        SocketActivation.notify("READY=1")
        try await group.run()
    }

    /// Runs until SIGTERM or SIGINT; the first lets requests in work finish, a second one ends the process at once.
    public func runUntilSignal() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let watch = Task {
            var seen = 0
            for await signal in signals {
                seen += 1
                if seen == 1 {
                    SocketActivation.notify("STOPPING=1")
                    await stop()
                } else {
                    logger.warning("second signal, exiting at once", metadata: ["signal": "\(signal)"])
                    removeFiles()
                    // Without exit handlers, which would free the memory in which speech is being made.
                    _exit(EXIT_FAILURE)
                }
            }
        }
        defer { watch.cancel() }
        try await run()
    }

    /// Lets no more requests in, and makes `run` return when those in work are finished.
    public func stop() async { await group.triggerGracefulShutdown() }

    private func removeFiles() {
        for socket in sockets { socket.file?.remove() }
    }

    /// Refuses to be reachable from other machines without a token.
    private static func check(_ configuration: ServerConfiguration) throws(ServerError) {
        if let token = configuration.token, token.utf8.count < shortestToken {
            throw .weakToken(minimum: shortestToken)
        }
        for case .tcp(let address, _) in configuration.http where !TCPSocket.isLoopback(address) {
            guard TCPSocket.isAddress(address) else { throw .badAddress(address) }
            if configuration.token == nil { throw .tokenNeeded(address: address) }
        }
        for case .tcp(let address, _) in configuration.wyoming where !TCPSocket.isLoopback(address) {
            guard TCPSocket.isAddress(address) else { throw .badAddress(address) }
            if configuration.wyomingPeers.isEmpty { throw .wyomingExposed(address: address) }
        }
        for origin in configuration.origins where origin.wholeMatch(of: /https?:\/\/[^\/\s?#@*]+/) == nil {
            throw .badOrigin(origin)
        }
        let path = configuration.basePath
        guard path.wholeMatch(of: /(\/[A-Za-z0-9._-]+)*/) != nil, !path.contains("..") else { throw .badBasePath(path) }
    }

    /// Characters of the shortest token that is taken.
    static let shortestToken = 16
}
