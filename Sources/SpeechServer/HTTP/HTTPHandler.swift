import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Speaks HTTP/1.1 over a connection, and WebSocket over one that asks for it.
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

    func setup(_ connection: Connection) -> EventLoopFuture<EventLoopFuture<HTTPUpgrade.Opened>> {
        let channel = connection.channel
        let idle = idle(connection)
        connection.expect(within: idle)
        let upgrade = HTTPUpgrade(limits: api.limits, logger: logger) { request in
            guard !connection.isSurplus, SpeechAPI.path(of: inside(request)) == LiveConversation.path else {
                return false
            }
            return (try? access.check(request, isUnix: connection.isUnix, isOpen: false)) != nil
        }
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(RequestWatch(connection, idle: idle))
            return try upgrade.setup(connection)
        }
    }

    /// Time without progress. Those for whom there is no room have little, since they hold up the next to be told so.
    private func idle(_ connection: Connection) -> Duration {
        connection.isSurplus ? min(api.limits.idle, .seconds(5)) : api.limits.idle
    }

    func serve(_ value: EventLoopFuture<HTTPUpgrade.Opened>, _ connection: Connection) async {
        // Who goes before the first request has asked for nothing.
        guard let opened = try? await value.get() else { return }
        switch opened {
        case .http(let channel):
            let requests = HTTP1Channel(responder: { request, writer, _ in
                try await answer(request, writer, connection)
            })
            await requests.handle(value: channel, logger: logger)
        case .webSocket(let channel):
            do {
                try await channel.executeThenClose { inbound, outbound in
                    try await LiveConversation(api: api, connection: connection, frames: outbound).run(inbound)
                    // The other side may still have to read why.
                    try await channel.channel.closeFuture.get()
                }
            } catch {
                logger.debug("conversation ended", metadata: ["error": "\(error)"])
            }
        }
    }

    /// A request without what a proxy puts in front of every path.
    private func inside(_ request: HTTPRequest) -> HTTPRequest {
        let base = api.configuration.basePath
        guard !base.isEmpty, let path = request.path, path.hasPrefix(base + "/") else { return request }
        var request = request
        request.path = String(path.dropFirst(base.count))
        return request
    }

    private func answer(
        _ asked: Request, _ writer: consuming ResponseWriter, _ connection: Connection
    ) async throws {
        let request = Request(head: inside(asked.head), body: asked.body)
        let context = ServerContext(source: .init(logger: logger, connection: connection))
        let hasBody = request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
        let idle = idle(connection)
        if hasBody { connection.begin(within: idle) } else { connection.received() }
        var response: Response
        do throws(any Error) {
            let isPreflight = access.isPreflight(request.head)
            try access.check(
                request.head, isUnix: connection.isUnix, isOpen: isPreflight || SpeechAPI.isOpen(request.uri.path))
            if connection.isSurplus, !SpeechAPI.isVital(request.uri.path) {
                throw ServerError.tooManyConnections(limit: api.limits.connections)
            }
            try checkLength(request)
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            if isPreflight, !connection.isUnix {
                response = Response(status: .noContent)
            } else if !api.configuration.basePath.isEmpty, request.head.path == api.configuration.basePath {
                // What the page loads lies beside it only with the slash.
                response = Response(
                    status: .permanentRedirect, headers: [.location: api.configuration.basePath + "/"])
            } else {
                response = try await respond(to: request, context)
            }
        } catch {
            try Task.checkCancellation()
            if connection.isGivenUp { throw CancellationError() }
            response = APIErrors.response(to: error, request, context)
        }
        response.headers[.server] = api.configuration.software
        response.headers.append(contentsOf: access.fields(for: request.head, isUnix: connection.isUnix))
        if api.admission.isStopping || connection.isSurplus { response.headers[.connection] = "close" }
        connection.received()
        // Streamed bodies watch over their own progress.
        if response.body.contentLength != nil { connection.expect(within: idle) }
        let (method, status) = (request.method.rawValue, response.status.code)
        defer {
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
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch {
            // The connection ends, as soon as the other side has what came before.
            connection.expect(within: idle)
            throw error
        }
        // What is left of a body that was not wanted has to end soon.
        let isRead = !hasBody || (200..<300).contains(status)
        connection.answered(within: isRead ? idle : min(idle, .seconds(10)))
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
