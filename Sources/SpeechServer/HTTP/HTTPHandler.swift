import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Speaks HTTP/1.1 over a connection.
struct HTTPHandler: ConnectionHandler {
    static let name = "http"

    let api: SpeechAPI
    let access: AccessGuard
    let logger: Logger
    private let responder: RouterResponder<ServerContext>

    init(api: SpeechAPI, access: AccessGuard, logger: Logger) {
        self.api = api
        self.access = access
        self.logger = logger
        responder = api.responder()
    }

    func setup(_ connection: Connection) -> EventLoopFuture<HTTP1Channel.Value> {
        channel(connection).setup(channel: connection.channel, logger: logger)
    }

    func serve(_ value: HTTP1Channel.Value, _ connection: Connection) async {
        await channel(connection).handle(value: value, logger: logger)
    }

    private func channel(_ connection: Connection) -> HTTP1Channel {
        HTTP1Channel(
            responder: { request, writer, _ in try await answer(request, writer, connection) },
            configuration: .init(
                idleTimeout: .nanoseconds(Int64(api.limits.idle / .nanoseconds(1))),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)))
    }

    private func answer(
        _ request: Request, _ writer: consuming ResponseWriter, _ connection: Connection
    ) async throws {
        let context = ServerContext(source: .init(logger: logger, connection: connection))
        // The body has to arrive within the idle time.
        connection.expect(within: api.limits.idle)
        var response: Response
        do throws(any Error) {
            try access.check(request, isUnix: connection.isUnix, isOpen: SpeechAPI.isOpen(request.uri.path))
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            response = try await responder.respond(to: request, context: context)
        } catch {
            try Task.checkCancellation()
            response = APIErrors.response(to: error, request, context)
        }
        response.headers[.server] = api.configuration.software
        if api.admission.isStopping { response.headers[.connection] = "close" }
        // Streamed bodies watch over their own progress.
        if response.body.contentLength == nil { connection.calm() } else { connection.expect(within: api.limits.idle) }
        let (method, status) = (request.method.rawValue, response.status.code)
        defer {
            connection.calm()
            let seconds = (ContinuousClock.now - context.start) / .seconds(1)
            let route = context.endpointPath ?? "none"
            api.metrics.answered(route: route, method: method, status: status, seconds: seconds)
            logger.debug(
                "answered",
                metadata: [
                    "method": "\(method)", "path": "\(request.uri.path)", "status": "\(status)",
                    "seconds": "\(seconds)",
                ])
        }
        try await writer.write(response: response.head, body: response.body)
        // What is left of a body that was not wanted has to end soon.
        connection.expect(within: min(api.limits.idle, .seconds(10)))
    }
}
