import Logging
import NIOCore

/// Speaks the Wyoming protocol over a connection.
struct WyomingHandler: ConnectionHandler {
    static let name = "wyoming"

    let api: SpeechAPI
    let logger: Logger

    func setup(_ connection: Connection) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> {
        let channel = connection.channel
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(QuiesceHandler(connection))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    func serve(_ value: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ connection: Connection) async {
        do {
            try await value.executeThenClose { inbound, outbound in
                try await WyomingSession(api: api, connection: connection, outbound: outbound).run(inbound)
            }
        } catch {
            logger.debug("wyoming connection ended", metadata: ["error": "\(error)"])
        }
    }
}

/// Closes a connection that has nothing to do when the server stops.
private final class QuiesceHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, connection.quiesce() { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
