import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// The pipeline of an HTTP connection, whose first request may turn it into a WebSocket (RFC 6455).
struct HTTPUpgrade: Sendable {
    enum Opened: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case webSocket(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>)
    }

    let limits: ServerConfiguration.Limits
    let logger: Logger
    /// Whether a request for a WebSocket is granted; one that is not is answered over HTTP.
    let grants: @Sendable (HTTPRequest) -> Bool

    /// Prepares the pipeline.
    ///
    /// - Returns: what the connection is, when its first request has come
    func setup(_ connection: Connection) throws -> EventLoopFuture<Opened> {
        let pipeline = connection.channel.pipeline.syncOperations
        let encoder = HTTPResponseEncoder()
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: Self.decoderLimits))
        let wishes = UpgradeWishes(grants)
        let upgrade = NIOTypedHTTPServerUpgradeHandler(
            httpEncoder: encoder, extraHTTPHandlers: [decoder, wishes],
            upgradeConfiguration: .init(
                upgraders: [upgrader(connection)],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture { Opened.http(try http(channel, connection)) }
                }))
        try pipeline.addHandlers([encoder, decoder, wishes, upgrade, FirstRequestErrors(connection)])
        return upgrade.upgradeResultFuture
    }

    private static let decoderLimits: NIOHTTPDecoderLimitConfiguration = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 << 10
        limits.maxHeaderListSize = 32 << 10
        limits.maxHeaderFieldCount = 100
        return limits
    }()

    /// Takes every request that `UpgradeWishes` lets through.
    private func upgrader(_ connection: Connection) -> NIOTypedWebSocketServerUpgrader<Opened> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: limits.message, enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture { Opened.webSocket(try webSocket(channel, connection)) }
            })
    }

    private func http(
        _ channel: any Channel, _ connection: Connection
    ) throws -> NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
        let pipeline = channel.pipeline.syncOperations
        connection.isOpened = true
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    private func webSocket(
        _ channel: any Channel, _ connection: Connection
    ) throws -> NIOAsyncChannel<WebSocketFrame, WebSocketFrame> {
        let pipeline = channel.pipeline.syncOperations
        connection.isOpened = true
        connection.isWebSocket = true
        connection.received()
        try pipeline.addHandler(WebSocketFrameCheck())
        try pipeline.addHandler(
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1 << 10,
                maxAccumulatedFrameSize: limits.message))
        try pipeline.addHandler(WebSocketControl(connection, idle: limits.idle))
        return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
    }
}

/// Takes the wish for another protocol out of a request that does not get it: NIO's upgrade would lose such a request,
/// which is to be answered over HTTP.
private final class UpgradeWishes: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let grants: @Sendable (HTTPRequest) -> Bool

    init(_ grants: @escaping @Sendable (HTTPRequest) -> Bool) { self.grants = grants }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.headers.contains(name: "Upgrade"), !isGranted(head)
        else {
            return context.fireChannelRead(data)
        }
        head.headers.remove(name: "Upgrade")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Whether it is the opening handshake of RFC 6455, 4.2.1, at the right place and by somebody who may.
    private func isGranted(_ head: HTTPRequestHead) -> Bool {
        func has(_ name: String, _ value: String) -> Bool {
            head.headers[canonicalForm: name].contains { $0.lowercased() == value }
        }
        guard head.method == .GET, has("Connection", "upgrade"), has("Upgrade", "websocket"),
            head.headers[canonicalForm: "Sec-WebSocket-Version"] == ["13"],
            head.headers[canonicalForm: "Sec-WebSocket-Key"].count == 1,
            let request = try? HTTPRequest(head, secure: false, splitCookie: false)
        else { return false }
        return grants(request)
    }
}

/// Answers a first request that cannot be read, and ends a connection without one when the server stops; later ones are
/// Hummingbird's.
private final class FirstRequestErrors: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !connection.isOpened, error is HTTPParserError else { return context.fireErrorCaught(error) }
        let head = HTTPResponseHead(
            version: .http1_1, status: .badRequest, headers: ["connection": "close", "content-length": "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !connection.isOpened { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
