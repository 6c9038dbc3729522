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
        let channel = connection.channel
        do {
            try channel.pipeline.syncOperations.addHandler(RequestWatch(connection, idle: api.limits.idle))
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        connection.expect(within: api.limits.idle)
        return self.channel(connection).setup(channel: channel, logger: logger)
    }

    func serve(_ value: HTTP1Channel.Value, _ connection: Connection) async {
        await channel(connection).handle(value: value, logger: logger)
    }

    private func channel(_ connection: Connection) -> HTTP1Channel {
        HTTP1Channel(
            responder: { request, writer, _ in try await answer(request, writer, connection) },
            configuration: .init(
                // What stands still is told by the connection itself.
                idleTimeout: nil,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)))
    }

    private func answer(
        _ request: Request, _ writer: consuming ResponseWriter, _ connection: Connection
    ) async throws {
        let context = ServerContext(source: .init(logger: logger, connection: connection))
        let hasBody = request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
        if hasBody { connection.begin(within: api.limits.idle) } else { connection.received() }
        var response: Response
        do throws(any Error) {
            try access.check(request, isUnix: connection.isUnix, isOpen: SpeechAPI.isOpen(request.uri.path))
            try checkLength(request)
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            response = try await respond(to: request, context)
        } catch {
            try Task.checkCancellation()
            if connection.isGivenUp { throw CancellationError() }
            response = APIErrors.response(to: error, request, context)
        }
        response.headers[.server] = api.configuration.software
        if api.admission.isStopping { response.headers[.connection] = "close" }
        connection.received()
        // Streamed bodies watch over their own progress.
        if response.body.contentLength != nil { connection.expect(within: api.limits.idle) }
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
        let isRead = !hasBody || (200..<300).contains(status)
        connection.answered(within: isRead ? api.limits.idle : min(api.limits.idle, .seconds(10)))
    }

    /// Refuses a body that is larger than any may be before it is sent.
    private func checkLength(_ request: Request) throws(ServerError) {
        let most = max(api.limits.body, api.limits.upload)
        if let told = request.headers[.contentLength].flatMap(Int.init), told > most {
            throw .bodyTooLarge(limit: most)
        }
    }

    /// The router's answer, or what has to be said when the time for a request is over before it has begun.
    private func respond(to request: Request, _ context: ServerContext) async throws -> Response {
        let limit = api.limits.request
        return try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await responder.respond(to: request, context: context) }
            group.addTask {
                try await Task.sleep(until: context.start + limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let response = first else {
                throw ServerError.timeout(seconds: Int(limit.components.seconds))
            }
            return response
        }
    }
}
