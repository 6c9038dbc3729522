import Hummingbird
import NIOCore
import NIOWebSocket
import Synthesis

/// A client over a WebSocket: text streams in, speech streams out, one utterance after the other.
struct LiveConversation: Sendable {
    /// Where it answers.
    static let path = "/v1/audio/speech/stream"

    let api: SpeechAPI
    let outlet: LiveOutlet

    private enum State {
        /// Nothing is being said.
        case quiet
        /// Text comes in.
        case open(LiveUtterance)
        /// All of the text is there.
        case ended(LiveUtterance)
        /// An utterance was refused; what belongs to it is passed over.
        case refused

        var utterance: LiveUtterance? {
            switch self {
            case .open(let utterance), .ended(let utterance): utterance
            case .quiet, .refused: nil
            }
        }
    }

    init(api: SpeechAPI, connection: Connection, frames: NIOAsyncChannelOutboundWriter<WebSocketFrame>) {
        self.api = api
        outlet = LiveOutlet(frames: frames, connection: connection, idle: api.limits.idle)
    }

    /// Serves the client until it goes.
    func run(_ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>) async throws {
        var state = State.quiet
        outlet.connection.expect(within: api.limits.idle)
        do {
            for try await frame in inbound { try await take(frame, &state) }
        } catch {
            await state.utterance?.abandon()
            throw error
        }
        await state.utterance?.abandon()
    }

    private func take(_ frame: WebSocketFrame, _ state: inout State) async throws {
        guard frame.opcode == .text else { return end(.notText) }
        guard let text = String(validating: frame.unmaskedData.readableBytesView, as: UTF8.self) else {
            return end(.notUTF8)
        }
        do throws(ServerError) {
            let message = try LiveMessage(parsing: text)
            if case .begin(let fields) = message {
                try await begin(fields, &state)
            } else {
                try await take(message, &state)
            }
        } catch {
            try await outlet.send(.error(error), id: nil)
        }
    }

    private func begin(_ fields: [String: JSON], _ state: inout State) async throws(ServerError) {
        if let utterance = state.utterance {
            guard utterance.isEnding else { throw .utteranceOpen }
            await utterance.untilOver()
        }
        outlet.connection.startWork()
        var id: String?
        do {
            id = try LiveWish.id(fields)
            state = .open(try LiveUtterance(LiveWish(fields), api: api, outlet: outlet))
        } catch {
            state = .refused
            try? await outlet.send(.error(error), id: id)
            outlet.endWork()
        }
    }

    private func take(_ message: LiveMessage, _ state: inout State) async throws(ServerError) {
        switch (message, state) {
        case (.cancel(let played), _):
            await state.utterance?.cancel(played: played)
            state = .quiet
        case (.text(let text), .open(let utterance)):
            await utterance.add(text)
        case (.flush, .open(let utterance)):
            utterance.flush()
        case (.end, .open(let utterance)):
            utterance.finish()
            state = .ended(utterance)
        case (.end, .refused): state = .quiet
        case (_, .refused): break
        case (let message, _): throw .noUtterance(message: message.name)
        }
    }

    private func end(_ end: WebSocketEnd) {
        outlet.connection.channel.pipeline.fireUserInboundEventTriggered(end)
    }

    // MARK: Over HTTP

    /// What a request is told that asks for no WebSocket, or not on a connection of its own.
    static func add(to router: Router<ServerContext>) {
        router.get(RouterPath(path)) { _, _ -> Response in throw ServerError.upgradeNeeded }
    }
}

extension LiveMessage {
    /// Its `type`.
    fileprivate var name: String {
        let kind: Kind =
            switch self {
            case .begin: .begin
            case .text: .text
            case .flush: .flush
            case .end: .end
            case .cancel: .cancel
            }
        return kind.rawValue
    }
}
