import Foundation
public import SpeechSignal
import Synthesis

/// Where and how a server answers.
public struct ServerConfiguration: Sendable {
    /// An address to listen on.
    public enum Endpoint: Sendable, Equatable {
        /// A Unix domain socket with this path.
        case socket(path: String)
        /// An address as numbers, and a port; 0 takes any that is free.
        case tcp(address: String, port: Int)
        /// A listening socket that was handed over, as by systemd.
        case inherited(descriptor: Int32)
    }

    /// Where the HTTP API answers.
    public var http: [Endpoint] = []
    /// Where the Wyoming protocol is spoken.
    public var wyoming: [Endpoint] = []
    /// What clients over TCP have to present; required when one of the addresses is not a loopback address.
    public var token: String?
    /// Names under which clients over TCP may reach the server, beside `localhost` and its addresses.
    public var hostNames: Set<String> = []
    /// Web pages that may use the server over TCP, beside its own: origins such as `https://app.example`.
    public var origins: Set<String> = []
    /// What a proxy puts in front of every path, such as `/speech`; requests without it are answered too.
    public var basePath = ""
    /// Addresses that may connect to Wyoming over TCP, beside this machine's; needed where it is not a loopback
    /// address.
    public var wyomingPeers: [AddressRange] = []
    /// What clients may call voices beside their names.
    public var aliases = VoiceAliases()
    /// Users whose processes may use the Unix sockets, beside the server's own.
    public var users: Set<UInt32> = []
    /// The voice of requests that name none.
    public var defaultVoice = "heart"
    /// The language of requests that name none; nil: the English of the voice.
    public var language: LanguageChoice?
    /// Name and version, for metadata in files and for `/metrics`.
    public var software = Synthesizer.software
    public var version = Synthesizer.version
    /// Threads that synthesize.
    public var threads = SpeechScheduler.cores
    /// Where connections are served, for programs whose other tasks occupy Swift's shared threads for long; nil for
    /// those.
    public var executor: (any TaskExecutor)?
    public var limits = Limits()

    public init() {}

    /// What one client may ask for, and all of them together.
    public struct Limits: Sendable {
        /// Bytes of a JSON body.
        public var body = 1 << 20
        /// Characters (Unicode scalars) of a text.
        public var text = 100_000
        /// Bytes of a message over a WebSocket.
        public var message = 1 << 16
        /// Characters that a client over a WebSocket may be ahead of what is spoken; it is not read on until there is
        /// room.
        public var lead = 20_000
        /// Bytes of all recordings of one upload.
        public var upload = 64 << 20
        /// Recordings of one upload.
        public var recordings = 20
        /// Seconds of all recordings of one upload.
        public var sound = 600.0
        /// Uploads at a time, each of which may take `upload` bytes of memory; further ones are rejected with a time to
        /// retry.
        public var uploads = 4
        /// Requests for speech in work or waiting; further ones are rejected with a time to retry.
        public var requests = 128
        /// Open connections.
        public var connections = 1_024
        /// Time for one request, from its head to the last byte of its answer.
        public var request: Duration = .seconds(3_600)
        /// Time without progress: a connection without a request, a body that does not arrive, a reader that does not
        /// read.
        public var idle: Duration = .seconds(60)
        /// Time for running requests after a request to stop.
        public var drain: Duration = .seconds(30)

        public init() {}
    }
}
