import NIOCore
import NIOWebSocket

/// Why a WebSocket connection ends, as its last frame says.
enum WebSocketEnd: Error {
    /// The server stops.
    case stopping
    /// Nothing came for too long, or what was sent was not read.
    case idle
    /// The frames are none that RFC 6455 knows.
    case badFrames
    /// A message is too large.
    case tooLarge
    /// A message that is not text.
    case notText
    /// Text that is not UTF-8.
    case notUTF8

    var code: WebSocketErrorCode {
        switch self {
        case .stopping: .goingAway
        case .idle: .policyViolation
        case .badFrames: .protocolError
        case .tooLarge: .messageTooLarge
        case .notText: .unacceptableData
        case .notUTF8: .dataInconsistentWithMessage
        }
    }

    /// At most 123 bytes, the most that a frame takes.
    var reason: String {
        switch self {
        case .stopping: "the server is stopping; connect again in a moment"
        case .idle: "the connection was idle for too long; connect again when there is text"
        case .badFrames: "the frames violate RFC 6455; use a WebSocket library"
        case .tooLarge: "the message is too large; send text in smaller pieces"
        case .notText: "binary messages are not supported; send JSON as text"
        case .notUTF8: "the text is not UTF-8"
        }
    }
}

/// Stands behind NIO's decoder: holds clients to what RFC 6455 asks of them.
final class WebSocketFrameCheck: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        // Clients mask (5.1), and without extensions nothing is reserved (5.2).
        guard frame.maskKey != nil, frame.reservedBits.isEmpty, Self.known.contains(frame.opcode) else {
            return context.fireErrorCaught(WebSocketEnd.badFrames)
        }
        context.fireChannelRead(data)
    }

    private static let known: [WebSocketOpcode] = [.continuation, .text, .binary, .ping, .pong, .connectionClose]
}

/// Answers control frames, and ends the connection with a frame that says why. What passes are whole messages.
final class WebSocketControl: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Time for the other side to read the last frame and go. What it sent and nobody read would break the connection
    /// off before.
    private static let farewell = TimeAmount.seconds(1)

    private let connection: Connection
    private let idle: Duration
    private var isEnding = false
    /// The ping to answer when the client reads again; only the last needs an answer (5.5.2).
    private var waitingPing: ByteBuffer?

    init(_ connection: Connection, idle: Duration) {
        self.connection = connection
        self.idle = idle
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        let frame = unwrapInboundIn(data)
        // No sign of life holds a text that has begun and does not go on.
        connection.stayAlive(within: idle)
        switch frame.opcode {
        case .ping:
            waitingPing = frame.unmaskedData
            answerPing(context)
        case .pong: break
        case .connectionClose: end(context, frame.unmaskedData.peekWebSocketErrorCode(), reason: "")
        default: context.fireChannelRead(data)
        }
    }

    private func answerPing(_ context: ChannelHandlerContext) {
        guard context.channel.isWritable, let data = waitingPing else { return }
        waitingPing = nil
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: data)), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        answerPing(context)
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let end: WebSocketEnd =
            switch error {
            case let error as WebSocketEnd: error
            case NIOWebSocketError.invalidFrameLength, NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
                NIOWebSocketFrameAggregator.Error.tooManyFragments:
                .tooLarge
            default: .badFrames
            }
        self.end(context, end.code, reason: end.reason)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // Even the last frame is not read.
        case WebSocketEnd.idle where isEnding: connection.cutOff()
        // Something has come since somebody looked.
        case WebSocketEnd.idle where !connection.isLate(at: .now): break
        case let end as WebSocketEnd: self.end(context, end.code, reason: end.reason)
        case is ChannelShouldQuiesceEvent where connection.quiesce():
            end(context, WebSocketEnd.stopping.code, reason: WebSocketEnd.stopping.reason)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// - Parameter code: nil for a frame that says nothing
    private func end(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode?, reason: String) {
        guard !isEnding else { return }
        isEnding = true
        connection.end(within: idle)
        var data = context.channel.allocator.buffer(capacity: 2 + reason.utf8.count)
        if let code {
            data.write(webSocketErrorCode: code)
            data.writeString(reason)
        }
        let last = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        context.writeAndFlush(wrapOutboundOut(last), promise: nil)
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        channel.eventLoop.scheduleTask(in: Self.farewell) { channel.close(promise: nil) }
        // Whoever takes the messages ends at once.
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
}
