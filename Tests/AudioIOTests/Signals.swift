import AudioIO
import Foundation

/// A second of something like a voice: harmonics of 140 Hz under a syllable-like envelope.
func voiceLike(seconds: Double = 1, sampleRate: Int = 24_000) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map { index in
        let t = Double(index) / Double(sampleRate)
        let envelope = 0.5 - 0.5 * cos(2 * .pi * 4 * t)
        let tone = (1...12).reduce(0.0) { $0 + sin(2 * .pi * 140 * Double($1) * t) / Double($1) }
        return Float(0.25 * envelope * tone)
    }
}

func sine(_ frequency: Double, amplitude: Double, seconds: Double, sampleRate: Int) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map {
        Float(amplitude * sin(2 * .pi * frequency * Double($0) / Double(sampleRate)))
    }
}

/// An empty folder that is gone when the closure returns.
func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "starling-audio-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Names in a folder, hidden ones too.
func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted()
}

/// Signal-to-error ratio in dB of `b` against `a` over their common length.
func signalToError(_ a: [Float], _ b: [Float]) -> Double {
    var signal = 1e-12
    var error = 1e-12
    for (x, y) in zip(a, b) {
        signal += Double(x * x)
        error += Double((x - y) * (x - y))
    }
    return 10 * log10(signal / error)
}

/// A repeatable generator for hostile bytes (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
