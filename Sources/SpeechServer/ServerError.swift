/// Errors of a server or of a request to it; each description is one line with the remedy.
public enum ServerError: Error, Sendable, Equatable, CustomStringConvertible {
    // Starting.
    case pathTooLong(String, limit: Int)
    case badPath(String, reason: String)
    case inUse(String)
    case notASocket(String)
    case exposedFolder(String, reason: String)
    case cannotListen(String, reason: String)
    case badAddress(String)
    case tokenNeeded(address: String)
    case weakToken(minimum: Int)
    case wyomingExposed(address: String)
    case badAddressRange(String)
    case badOrigin(String)
    case badBasePath(String)
    case badAlias(path: String, line: Int, reason: String)
    case badDescriptor(Int32, reason: String)
    case nowhere
    case install(path: String, reason: String)

    // Requests.
    case noRoute(method: String, path: String)
    case wrongMethod(method: String, path: String, allowed: [String])
    case badHost(String)
    case foreignOrigin(String)
    case unauthorized
    case wrongMediaType(found: String, expected: String)
    case badJSON(reason: String)
    case badForm(reason: String)
    case missing(String)
    case badValue(String, reason: String)
    case bodyTooLarge(limit: Int)
    case uploadTooLarge(limit: Int)
    case tooManyRecordings(limit: Int)
    case textTooLong(count: Int, limit: Int)
    case busy(limit: Int, retryAfter: Int)
    case stopping
    case timeout(seconds: Int)
    case slowRequest(seconds: Int)
    case noConversion
    case tooManyConnections(limit: Int)

    // WebSocket.
    case noUtterance(message: String)
    case utteranceOpen
    case upgradeNeeded

    // Wyoming.
    case badEvent(reason: String)
    case unknownLanguage(String, spoken: [String])

    public var description: String {
        switch self {
        case .pathTooLong(let path, let limit):
            "the socket path \(path) has \(path.utf8.count) bytes, but the system allows \(limit); choose a shorter one with --socket"
        case .badPath(let path, let reason):
            "cannot create the socket \(path): \(reason); choose another place with --socket"
        case .inUse(let place): "a server already answers at \(place); stop it, or choose another place"
        case .notASocket(let path): "\(path) exists and is not a socket; choose another place with --socket"
        case .exposedFolder(let path, let reason):
            "the folder \(path) is not private (\(reason)); run chmod 700 on it, or choose another place with --socket"
        case .cannotListen(let place, let reason):
            "cannot listen on \(place): \(reason); choose another address or port"
        case .badAddress(let text):
            "\"\(text)\" is not an IP address; write it in numeric form, such as 127.0.0.1, ::1 or 192.168.1.10"
        case .tokenNeeded(let address):
            "\(address) can be reached from other machines; give a token with --token-file or STARLING_TOKEN"
        case .weakToken(let minimum):
            "the token is shorter than \(minimum) characters; make one with: openssl rand -hex 32"
        case .wyomingExposed(let address):
            "Wyoming has no authentication; name who may connect to \(address) with --wyoming-allow ADDRESS, or use a loopback address"
        case .badAddressRange(let text):
            "\"\(text.prefix(100))\" is not an IP address or network; write it as 192.168.1.10, 192.168.1.0/24 or fd00::/8"
        case .badOrigin(let text):
            "\"\(text.prefix(100))\" is not an origin; write it as browsers do, such as https://app.example or http://localhost:3000"
        case .badBasePath(let text):
            "\"\(text.prefix(100))\" is not a base path; write it like /speech, with letters, digits, '-', '_', '.' and '/'"
        case .badAlias(let path, let line, let reason):
            "\(path): line \(line) is not a voice alias: \(reason); write it like af_bella = \"sarah\""
        case .badDescriptor(let number, let reason):
            "descriptor \(number) is not a listening socket (\(reason)); check the systemd socket unit"
        case .nowhere: "there is nowhere to listen; add --socket or --tcp"
        case .install(let path, let reason): "cannot write \(path): \(reason); check the folder and its permissions"
        case .noRoute(let method, let path):
            "there is no \(method) \(path.prefix(200)); GET /openapi.json lists all paths"
        case .wrongMethod(let method, let path, let allowed):
            "\(path.prefix(200)) does not allow \(method); use \(allowed.joined(separator: " or "))"
        case .badHost(let host):
            "\"\(host.prefix(100))\" is not a host name of this server; use localhost, or add the name with --host-name"
        case .foreignOrigin(let origin):
            "pages from \(origin.prefix(100)) may not use this server; allow them with --allow-origin"
        case .unauthorized: "a valid token is required; send it as Authorization: Bearer TOKEN"
        case .wrongMediaType(let found, let expected):
            "the Content-Type is \(found.isEmpty ? "missing" : "\"\(found.prefix(100))\""); send \(expected)"
        case .badJSON(let reason): "the body is not a valid request (\(reason)); send a JSON object"
        case .badForm(let reason):
            "the body is not a valid form (\(reason)); send multipart/form-data (RFC 7578), as curl --form does"
        case .missing(let field): "\"\(field)\" is missing"
        case .badValue(let field, let reason): "\"\(field)\" \(reason)"
        case .bodyTooLarge(let limit): "the body is larger than \(limit) bytes; send less at a time"
        case .uploadTooLarge(let limit):
            "the recordings are larger than \(limit) bytes; 10 to 30 seconds of speech are enough, or compress them as FLAC"
        case .tooManyRecordings(let limit):
            "there \(limit == 1 ? "is more than one recording" : "are more than \(limit) recordings"); join some, or omit some"
        case .textTooLong(let count, let limit):
            "the text has \(count) characters, but at most \(limit) are allowed at a time; send it in parts"
        case .busy(let limit, let seconds):
            "\(limit) requests are already in progress; try again in \(seconds) s"
        case .stopping: "the server is stopping; try again in a moment"
        case .timeout(let seconds): "the request took longer than \(seconds) s; send a shorter text"
        case .slowRequest(let seconds): "the request was not complete within \(seconds) s; send it faster"
        case .noConversion:
            "this server cannot convert recordings; its log says what is wrong with content.safetensors"
        case .tooManyConnections(let limit):
            "all \(limit) connections are taken; try again in a moment, or raise --max-connections"
        case .noUtterance(let message): "\"\(message)\" belongs to no utterance; send begin first"
        case .utteranceOpen: "an utterance is still being spoken; send end and wait for done, or send cancel"
        case .upgradeNeeded: "this is a WebSocket; connect with a WebSocket client, on a connection of its own"
        case .badEvent(let reason): "this is not a valid Wyoming event (\(reason)); connect with a Wyoming client"
        case .unknownLanguage(let language, let spoken):
            "the language \"\(language.prefix(40))\" is not supported; use one of \(spoken.joined(separator: ", "))"
        }
    }
}
