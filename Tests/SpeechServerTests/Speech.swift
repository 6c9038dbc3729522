import AudioIO
import Files
import Foundation
import Synthesis
import VoiceStore

/// Recordings of the bundled voices.
enum Speech {
    static let rate = Synthesizer.sampleRate

    private actor Library {
        static let shared = Library()
        private var made: [String: Task<[Float], any Error>] = [:]

        func speech(_ voice: String) async throws -> [Float] {
            if let task = made[voice] { return try await task.value }
            let task = Task {
                let synthesizer = try TestServer.synthesizer(
                    VoiceStore(user: nil, bundled: [TestServer.repository.appending(path: "voices")]))
                var samples: [Float] = []
                for try await chunk in synthesizer.speak(Speech.text, voice: voice) { samples += chunk.samples }
                return samples
            }
            made[voice] = task
            return try await task.value
        }
    }

    private static let text = """
        The harbour was quiet when the first boat came in. Nobody had expected it before noon, and the old man laughed. \
        Would you like to see what they brought? We walked along the wall, counting the gulls. It took a while.
        """

    /// The first seconds of a voice, ten at most, 24 kHz.
    static func samples(_ voice: String, seconds: Double) async throws -> [Float] {
        Array(try await Library.shared.speech(voice).prefix(Int(seconds * Double(rate))))
    }

    static func file(_ voice: String, seconds: Double, _ format: AudioFormat = .wav) async throws -> Data {
        try encoded([try await samples(voice, seconds: seconds)], format)
    }

    /// The bytes of an audio file, from samples block by block.
    static func encoded(_ blocks: some Sequence<[Float]>, _ format: AudioFormat, rate: Int = rate) throws -> Data {
        let sink = MemorySink()
        let writer = try AudioWriter(to: sink, format: format, sampleRate: rate)
        for block in blocks { try writer.append(block) }
        try writer.finish()
        return sink.data
    }
}

/// A body of multipart/form-data.
struct Form {
    private let boundary = "starling-test-frontier"
    private var bytes: [UInt8] = []

    var type: String { "multipart/form-data; boundary=\(boundary)" }
    var body: [UInt8] { bytes + Array("--\(boundary)--\r\n".utf8) }

    mutating func add(_ name: String, _ text: String) {
        bytes += Array(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(text)\r\n".utf8)
    }

    mutating func add(_ name: String, file: String, _ content: some Collection<UInt8>) {
        bytes += Array(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(file)\"\r\n".utf8)
        bytes += Array("Content-Type: application/octet-stream\r\n\r\n".utf8) + content + [13, 10]
    }
}

extension TestServer {
    /// Begins an upload and does not go on: it has the place of one until it is closed.
    func hold(_ form: Form, to path: String) async throws -> RawConnection {
        let connection = try unix.connect()
        let request = RawConnection.request(
            "POST", path, host: "localhost", headers: [("Content-Type", form.type)], body: form.body)
        try await connection.write(Array(request.prefix(2_000)))
        try await wait(until: "starling_uploads_active", is: 1)
        return connection
    }
}
