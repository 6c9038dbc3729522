import Foundation
import SpeechSignal
public import Synthesis

/// A running server on a Unix socket, asked to speak.
///
/// The calls block their thread while they wait, as fits a command that has nothing else to do.
public struct RemoteServer: Sendable {
    public let path: String

    public init(socket path: String) { self.path = path }

    /// Speaks a text there. Samples come back as 16-bit integers and are equal to those of a synthesizer in this
    /// process once they are written as such.
    public func speak(_ text: String, voice: String, options: SpeechOptions = SpeechOptions())
        -> AsyncThrowingStream<SpeechChunk, any Error>
    {
        do {
            let request = Request(
                input: text, voice: voice, speed: Double(options.speed), pitch: Double(options.pitch),
                seed: options.seed, language: options.languageChoice?.description)
            let answer = try RemoteAnswer(
                path: path, post: "/v1/speech/timings", body: [UInt8](try JSONEncoder().encode(request)))
            let chunks = RemoteChunks(answer)
            return AsyncThrowingStream { try await chunks.next() }
        } catch {
            return AsyncThrowingStream { throw error }
        }
    }
}

/// The body of a request, as docs/server.md has it.
private struct Request: Encodable {
    var input: String
    var voice: String
    var responseFormat = "pcm"
    var streamFormat = "sse"
    var speed: Double
    var pitch: Double
    var seed: UInt64
    /// Left out where the server's own English is meant.
    var language: String?

    enum CodingKeys: String, CodingKey {
        case input, voice, speed, pitch, seed, language
        case responseFormat = "response_format"
        case streamFormat = "stream_format"
    }
}

/// Chunks of speech out of server-sent events.
private actor RemoteChunks {
    private let answer: RemoteAnswer
    private var lines: [UInt8] = []
    private var sentence: SpokenSentence?
    private var position = 0

    init(_ answer: RemoteAnswer) { self.answer = answer }

    private struct Event: Decodable {
        var type: String
        var audio: Data?
        var error: Problem?

        struct Problem: Decodable { var message: String }
    }

    func next() throws -> SpeechChunk? {
        while let line = try line() {
            guard line.starts(with: "data: ".utf8) else { continue }
            let json = Data(line.dropFirst(6))
            let event: Event
            do {
                event = try JSONDecoder().decode(Event.self, from: json)
                if event.type == "speech.sentence" {
                    sentence = try JSONDecoder().decode(SpokenSentence.self, from: json)
                }
            } catch {
                throw ClientError.badAnswer(reason: "an event that is not JSON")
            }
            if let problem = event.error { throw ClientError.refused(status: 200, message: problem.message) }
            if event.type == "speech.audio.done" { return nil }
            guard let audio = event.audio else { continue }
            let samples = Self.samples(audio)
            defer {
                position += samples.count
                sentence = nil
            }
            return SpeechChunk(samples: samples, start: position, sentence: sentence)
        }
        throw ClientError.badAnswer(reason: "it ended too early")
    }

    private func line() throws -> [UInt8]? {
        while true {
            if let end = lines.firstIndex(of: UInt8(ascii: "\n")) {
                defer { lines.removeSubrange(...end) }
                return Array(lines[..<end])
            }
            guard let more = try answer.next() else { return nil }
            lines += more
        }
    }

    /// 16-bit samples as those that they were made of, so that writing them again changes nothing.
    private static func samples(_ bytes: Data) -> [Float] {
        let bytes = [UInt8](bytes)
        return stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            Float(Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)) / 32_767
        }
    }
}
