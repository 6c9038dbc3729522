import NIOCore

/// Stands nearest to the socket: what was written before a connection closes still leaves.
///
/// NIO throws away what waits for the other side when a channel closes. While the server stops, a client that reads slowly
/// would lose the last 64 KB of its answer.
final class LastWrites: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let connection: Connection
    private var isInputOver = false
    private var isOutputOver = false

    init(_ connection: Connection) { self.connection = connection }

    /// What comes behind the end gets no answer.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isInputOver { context.fireChannelRead(data) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isOutputOver {
            promise?.fail(ChannelError.outputClosed)
        } else {
            context.write(data, promise: promise)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .all { isInputOver = true }
        guard mode != .input, !connection.isCutOff else { return context.close(mode: mode, promise: promise) }
        isOutputOver = true
        // It is over when everything before it is.
        let last = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: last)
        last.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: mode, promise: promise) }
    }
}
