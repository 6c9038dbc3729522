import Dispatch
import Enrollment
import Foundation
import Synchronization
import Synthesis
import Testing
import VoiceModel
import VoiceStore

/// What is loaded once serves for everything, and work stays where it is put.
@Suite struct SharingTests {
    /// A copy of the data folder that may go away.
    private func withDataFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-sharing-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Material.data.resolvingSymlinksInPath(), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test func whatIsLoadedOnceIsNeverReadAgain() async throws {
        let recording = try Material.recording(try await Material.speech("heart", seconds: 8))
        let expected = try await Material.enroller().measure([recording]).profile
        try await withDataFolder { data in
            let networks = try SpeechNetworks(data: data)
            for name in ["symbols.json", "acoustic.safetensors", "vocoder.safetensors"] {
                try FileManager.default.removeItem(at: data.appending(path: name))
            }
            let store = VoiceStore(user: nil, bundled: [Material.voices])
            let synthesizer = try Synthesizer(networks: networks, data: data, store: store)
            let enroller = try Enroller(networks: networks, data: data)
            #expect(synthesizer.networks === enroller.networks && enroller.networks === networks)
            try FileManager.default.removeItem(at: data)

            #expect(try await enroller.measure([recording]).profile == expected)
            #expect(enroller.profileSpace == networks.profileSpace)
            var count = 0
            for try await chunk in synthesizer.speak("Hello.", voice: "heart") { count += chunk.samples.count }
            #expect(count > 6_000)
        }
    }

    /// One thread, and how many pieces of work it was given.
    private final class OneThread: TaskExecutor {
        private let queue = DispatchQueue(label: "one thread")
        private let count = Mutex(0)

        var jobs: Int { count.withLock { $0 } }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { [self] in
                count.withLock { $0 += 1 }
                job.runSynchronously(on: asUnownedTaskExecutor())
            }
        }
    }

    @Test func enrollmentKeepsToTheThreadsItIsGiven() async throws {
        let recording = try Material.recording(try await Material.speech("heart", seconds: 8))
        let enroller = try Material.enroller()
        let expected = try await enroller.measure([recording]).profile
        let thread = OneThread()
        let made = try await withTaskExecutorPreference(thread) { try await enroller.measure([recording]).profile }
        #expect(made == expected)
        // The sentences of the calibration are spoken, listened to and corrected each in a piece of their own.
        #expect(thread.jobs > 40, "\(thread.jobs) pieces")
    }

    @Test func aCancelledEnrollmentEnds() async throws {
        let recording = try Material.recording(try await Material.speech("heart", seconds: 8))
        let enroller = try Material.enroller()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await enroller.measure([recording])
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
