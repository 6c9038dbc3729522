import AudioIO
import Comparison
import Enrollment
import Files
import Foundation
import Synthesis
import Testing
import TextFrontend
import VoiceModel
import VoiceStore

/// What the tests listen to: speech of the bundled voices, and sounds that are none.
enum Material {
    static let rate = 24_000
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let voices = repository.appending(path: "voices")
    static let data =
        ProcessInfo.processInfo.environment["STARLING_DATA"].map { URL(filePath: $0) }
        ?? repository.appending(path: "data")

    /// Loaded once for all tests.
    private static let loaded = Result {
        let networks = try SpeechNetworks(data: data)
        return (
            enroller: try Enroller(networks: networks, data: data), networks: networks,
            frontend: try TextFrontend(data: data)
        )
    }

    static func enroller() throws -> Enroller { try loaded.get().enroller }

    static func frontend() throws -> TextFrontend { try loaded.get().frontend }

    static func synthesizer(_ store: VoiceStore = VoiceStore(user: nil, bundled: [voices])) throws -> Synthesizer {
        let (_, networks, frontend) = try loaded.get()
        return Synthesizer(networks: networks, frontend: frontend, store: store)
    }

    /// What `speech` says.
    static let text = """
        The harbour was quiet when the first boat came in. Nobody had expected it before noon, and the old man laughed. \
        Would you like to see what they brought? We walked along the wall, counting the gulls. It took a while, because my \
        sister had forgotten her shoes. In the evening we sat by the window and listened to the rain.
        """

    /// Speech is made once for all tests.
    private actor Library {
        static let shared = Library()
        private var made: [String: Task<[Float], any Error>] = [:]

        func speech(_ voice: String) async throws -> [Float] {
            if let task = made[voice] { return try await task.value }
            let task = Task {
                let synthesizer = try Material.synthesizer()
                var samples: [Float] = []
                for try await chunk in synthesizer.speak(Material.text, voice: voice) { samples += chunk.samples }
                return samples
            }
            made[voice] = task
            return try await task.value
        }
    }

    /// About twenty seconds of a bundled voice, 24 kHz.
    static func speech(_ voice: String) async throws -> [Float] { try await Library.shared.speech(voice) }

    /// The first seconds of it.
    static func speech(_ voice: String, seconds: Double) async throws -> [Float] {
        Array(try await speech(voice).prefix(Int(seconds * Double(rate))))
    }

    static func noise(_ seconds: Double, level: Float, seed: UInt64 = 7) -> [Float] {
        var numbers = Numbers(seed: seed)
        return numbers.next(Int(seconds * Double(rate))).map { $0 * level }
    }

    /// Notes of a scale, each with some harmonics, dying away, with vibrato of so many cents.
    static func tune(_ seconds: Double, note: Double = 0.3, vibrato: Double = 0, chord: [Double] = [1]) -> [Float] {
        let scale = [220.0, 247, 262, 294, 330, 349, 392, 440]
        var phases = [Double](repeating: 0, count: chord.count)
        return (0..<Int(seconds * Double(rate))).map { index in
            let time = Double(index) / Double(rate)
            let since = time.truncatingRemainder(dividingBy: note)
            let base = scale[Int(time / note) % scale.count] * pow(2, vibrato / 1200 * sin(2 * .pi * 5.5 * time))
            var value = 0.0
            for (voice, interval) in chord.enumerated() {
                phases[voice] += 2 * .pi * base * interval / Double(rate)
                for harmonic in 1...8 { value += cos(Double(harmonic) * phases[voice]) / Double(harmonic) }
            }
            let fade = min(1, since / 0.01) * min(1, (note - since) / 0.01) * exp(-since / (vibrato > 0 ? 9 : 0.4))
            return Float(0.05 * value * fade)
        }
    }

    static func hum(_ seconds: Double, hertz: Double) -> [Float] {
        let noise = noise(seconds, level: 0.003)
        return noise.indices.map { index in
            let phase = 2 * .pi * hertz * Double(index) / Double(rate)
            return Float((1...7).reduce(0.0) { $0 + 0.1 * cos(Double($1) * phase) / Double($1) }) + noise[index]
        }
    }

    static func siren(_ seconds: Double) -> [Float] {
        var phase = 0.0
        return (0..<Int(seconds * Double(rate))).map { index in
            phase += 2 * .pi * (400 + 150 * sin(.pi * Double(index) / Double(rate))) / Double(rate)
            return Float((1...4).reduce(0.0) { $0 + 0.1 * cos(Double($1) * phase) / Double($1) })
        }
    }

    /// The bytes of an audio file.
    static func file(_ samples: [Float], _ format: AudioFormat = .wav, rate: Int = Material.rate) throws -> Data {
        let clip = try AudioClip(samples: samples, sampleRate: Material.rate).resampled(to: rate)
        let sink = MemorySink()
        let writer = try AudioWriter(to: sink, format: format, sampleRate: rate)
        try writer.append(clip.samples)
        try writer.finish()
        return sink.data
    }

    static func recording(
        _ samples: [Float], _ name: String = "sample", _ format: AudioFormat = .wav, rate: Int = Material.rate
    ) throws -> Recording {
        Recording(try file(samples, format, rate: rate), named: "\(name).\(format.rawValue)")
    }
}

extension QualityReport {
    var kinds: [String] { warnings.map(\.kind) }
}
