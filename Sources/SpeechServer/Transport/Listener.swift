import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// What speaks a protocol over accepted connections.
protocol ConnectionHandler: Sendable {
    associatedtype Value: Sendable
    /// The protocol's name, for logs and metrics.
    static var name: String { get }
    /// Prepares the pipeline.
    func setup(_ connection: Connection) -> EventLoopFuture<Value>
    /// Serves the connection to its end. Cancelled as soon as the other side is gone.
    func serve(_ value: Value, _ connection: Connection) async
}

/// Accepts connections on one socket and gives each a task of its own, which is cancelled when the connection closes.
struct Listener<Handler: ConnectionHandler>: Service, CustomStringConvertible {
    let socket: BoundSocket
    let handler: Handler
    let registry: ConnectionRegistry
    /// Users that may connect to a Unix socket.
    let users: Set<UInt32>
    /// Who may connect over TCP, beside this machine; nil: whoever can.
    let peers: [AddressRange]?
    /// Where connections are served; nil for Swift's shared threads.
    let executor: (any TaskExecutor)?
    let metrics: ServerMetrics
    let logger: Logger

    /// Service groups write their services into the log; by default that would be everything down to the networks'
    /// weights.
    var description: String { "\(Handler.name) at \(socket.place)" }

    func run() async throws {
        let channel = try await bootstrap().withBoundSocket(socket.descriptor).get()
        logger.info("listening", metadata: ["protocol": "\(Handler.name)", "at": "\(socket.place)"])
        do {
            try await gracefulShutdown()
        } catch {
            // Cancelled: what runs is ended below.
        }
        // The socket's file goes first: from here on a new server can take the place.
        socket.file?.remove()
        try? await channel.close().get()
    }

    private func bootstrap() -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in accept(channel) }
        guard !socket.kind.isUnix else { return bootstrap }
        return bootstrap.childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
    }

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard socket.kind.isUnix else { return admits(channel) ? start(channel) : channel.close() }
        guard let options = channel as? any SocketOptionProvider else {
            return channel.close()
        }
        let credentials: EventLoopFuture<PeerCredentials> = options.unsafeGetSocketOption(
            level: NIOBSDSocket.OptionLevel.socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return credentials.flatMap { peer in
            guard users.contains(peer.uid) else {
                logger.warning(
                    "rejected a connection from another user",
                    metadata: ["uid": "\(peer.uid)", "at": "\(socket.place)"])
                metrics.refused("user")
                return channel.close()
            }
            return start(channel)
        }
    }

    /// Whether the other side's address may connect over TCP.
    private func admits(_ channel: any Channel) -> Bool {
        guard let peers else { return true }
        let address = channel.remoteAddress?.ipAddress ?? ""
        if TCPSocket.isLoopback(address) || peers.contains(where: { $0.contains(address) }) { return true }
        logger.warning(
            "rejected a connection from an address", metadata: ["address": "\(address)", "at": "\(socket.place)"])
        metrics.refused("address")
        return false
    }

    private func start(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let connection = registry.open(channel, isUnix: socket.kind.isUnix) else {
            metrics.refused("connections")
            return channel.close()
        }
        if connection.isSurplus { metrics.refused("connections") }
        metrics.connected(Handler.name, registry.count)
        let first = channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(LastWrites(connection))
        }
        return first.flatMap { handler.setup(connection) }.flatMapErrorThrowing { error in
            registry.remove(connection)
            throw error
        }.map { value in
            let task = Task(executorPreference: executor) {
                await handler.serve(value, connection)
                channel.close(promise: nil)
            }
            channel.closeFuture.whenComplete { _ in
                task.cancel()
                // Only what has truly ended counts as gone.
                Task(executorPreference: executor) {
                    await task.value
                    registry.remove(connection)
                    metrics.connected(Handler.name, registry.count)
                }
            }
        }
    }
}

/// What SO_PEERCRED gives: the system's `struct ucred`.
private struct PeerCredentials {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}

/// Watches over the connections: closes those that stand still, gives back the memory that they needed, and at the end
/// waits for those that work.
struct ConnectionKeeper: Service, CustomStringConvertible {
    let registry: ConnectionRegistry
    let admission: Admission
    let metrics: ServerMetrics
    let logger: Logger

    var description: String { "connections" }

    /// Between two looks at the connections.
    private static let interval = Duration.milliseconds(500)
    /// Looks from one return of memory to the next: 15 s.
    private static let looks = 30

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var look = 0
            while !Task.isCancelled {
                look += 1
                if look % Self.looks == 0 { SpareMemory.giveBack() }
                let closed = registry.closeLate()
                if closed > 0 {
                    metrics.timedOut(closed)
                    logger.debug("closed idle connections", metadata: ["count": "\(closed)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
        admission.stop()
        registry.drain()
        logger.info("stopping", metadata: ["connections": "\(registry.count)", "requests": "\(admission.active)"])
        await withTaskCancellationHandler {
            await registry.untilEmpty()
        } onCancel: {
            registry.closeAll()
        }
    }
}
