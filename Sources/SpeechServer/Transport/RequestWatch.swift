import NIOCore

/// Stands nearest to the socket of an HTTP connection: notes when a request begins to come in, and answers one that
/// does not come to its end.
final class RequestWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Says that a request did not come in time.
    struct TooSlow: Sendable {}

    private let connection: Connection
    private let idle: Duration

    init(_ connection: Connection, idle: Duration) {
        self.connection = connection
        self.idle = idle
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.heard(within: idle)
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is TooSlow else { return context.fireUserInboundEventTriggered(event) }
        // Past Hummingbird, which still reads.
        let body = ErrorResponse(ServerError.slowRequest(seconds: Int(idle.components.seconds))).json.bytes()
        var answer = context.channel.allocator.buffer(capacity: body.count + 128)
        answer.writeString(
            "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n"
                + "Connection: close\r\n\r\n")
        answer.writeBytes(body)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        context.close(promise: nil)
    }
}
