import NIOCore
import NIOWebSocket

/// Writes to a client over a WebSocket, no faster than it reads.
struct LiveOutlet: Sendable {
    let frames: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    let connection: Connection
    /// Time within which the client has to read.
    let idle: Duration

    func send(_ event: LiveEvent, id: String?) async throws {
        try await send(.text, event.json(id: id).bytes())
    }

    func send(sound: [UInt8]) async throws { try await send(.binary, sound) }

    /// All is said about an utterance. The connection waits for another, unless the server stops.
    func endWork() {
        guard connection.endWork(within: idle) else { return }
        connection.channel.pipeline.fireUserInboundEventTriggered(WebSocketEnd.stopping)
    }

    private func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) async throws {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: ByteBuffer(bytes: bytes))
        try await connection.write(within: idle) { try await frames.write(frame) }
    }
}
