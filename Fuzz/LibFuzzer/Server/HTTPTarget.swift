import Foundation

/// HTTP requests: bodies of speech and uploads above all, and now and then whatever bytes.
struct HTTPTarget: FuzzTarget {
    private let server: LiveServer

    init(repository: URL) throws { server = try LiveServer(repository: repository) }

    /// The first byte tells what the rest is.
    func take(_ input: [UInt8]) {
        guard let kind = input.first else { return }
        let rest = Array(input.dropFirst())
        switch kind % 8 {
        case 0: check(server.ask("http", rest, closes: true), mayBeEmpty: true)
        case 1, 2, 3: post("/v1/audio/speech", "application/json", rest)
        case 4: post("/v1/speech/timings", "application/json", rest)
        case 5, 6: post("/v1/voices", "multipart/form-data; boundary=B", rest)
        default:
            let isDeletion = kind & 8 == 0
            let head = "\(isDeletion ? "DELETE" : "GET") /v1/voices/"
            let tail = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            check(server.ask("http", Array(head.utf8) + rest + Array(tail.utf8), closes: false), mayBeEmpty: true)
        }
    }

    private func post(_ path: String, _ type: String, _ body: [UInt8]) {
        let head =
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        check(server.ask("http", Array(head.utf8) + body, closes: false), mayBeEmpty: false)
    }

    /// Whatever was asked, the answer is one of HTTP, and no fault of the server's.
    private func check(_ answer: [UInt8], mayBeEmpty: Bool) {
        if answer.isEmpty, mayBeEmpty { return }
        let head = String(decoding: answer.prefix(13), as: UTF8.self)
        guard head.hasPrefix("HTTP/1."), let status = Int(head.dropFirst(9).prefix(3)) else {
            broken("the answer is \(String(decoding: answer.prefix(80), as: UTF8.self).debugDescription)")
        }
        if status >= 500, status != 503 {
            broken("status \(status): \(String(decoding: answer.prefix(1_000), as: UTF8.self))")
        }
    }
}
