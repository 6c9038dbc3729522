import Foundation
import SpeechClient
import SpeechServer
import Synthesis
import Testing

@Suite struct Remote {
    @Test func aRemoteServerSpeaksLikeOneNearby() async throws {
        try await withServer { server in
            var options = SpeechOptions()
            (options.speed, options.pitch, options.seed) = (1.1, 3, 1 << 60)
            let here = try await Self.all(
                server.synthesizer.speak(SpeechOverHTTP.text, voice: "george", options: options))
            let (path, wanted) = (server.socket, options)
            // The client blocks its thread, as in the command.
            let there = try await Self.onAThread {
                try await Self.all(
                    RemoteServer(socket: path).speak(SpeechOverHTTP.text, voice: "george", options: wanted))
            }
            #expect(SpeechOverHTTP.pcm(there.samples) == SpeechOverHTTP.pcm(here.samples))
            #expect(
                try SpeechTimings(voice: "george", sampleCount: there.samples.count, sentences: there.sentences).json()
                    == SpeechTimings(voice: "george", sampleCount: here.samples.count, sentences: here.sentences).json()
            )
        }
    }

    @Test func whatTheServerSaysIsPassedOn() async throws {
        try await withServer { server in
            let path = server.socket
            let error = await #expect(throws: ClientError.self) {
                try await Self.onAThread {
                    try await Self.all(RemoteServer(socket: path).speak("Hi.", voice: "nobody"))
                }
            }
            guard case .refused(404, let message) = error else { throw RawClient.Failure.incomplete("\(error as Any)") }
            #expect(message.contains("nobody"))
            let missing = server.folder.appending(path: "none.sock").path(percentEncoded: false)
            await #expect(throws: ClientError.noServer(path: missing, reason: "No such file or directory")) {
                try await Self.all(RemoteServer(socket: missing).speak("Hi.", voice: "heart"))
            }
        }
    }

    static func all(_ speech: AsyncThrowingStream<SpeechChunk, any Error>) async throws
        -> (samples: [Float], sentences: [SpokenSentence])
    {
        var samples: [Float] = []
        var sentences: [SpokenSentence] = []
        for try await chunk in speech {
            #expect(chunk.start == samples.count)
            samples += chunk.samples
            if let sentence = chunk.sentence { sentences.append(sentence) }
        }
        return (samples, sentences)
    }

    /// A thread for work that blocks, so that it takes none from the server in this process.
    private final class OneThread: TaskExecutor {
        private let queue = DispatchQueue(label: "remote")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    static func onAThread<R: Sendable>(_ body: @Sendable @escaping () async throws -> R) async throws -> R {
        try await Task(executorPreference: OneThread()) { try await body() }.value
    }
}
