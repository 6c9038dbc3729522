import Faces
import Foundation
import Synthesis
import Testing

/// Speech for faces: real, and made up.
struct Speech {
    var chunks: [SpeechChunk]

    var sentences: [SpokenSentence] { chunks.compactMap(\.sentence) }
    var samples: [Float] { chunks.flatMap(\.samples) }
    var seconds: Double { Double(samples.count) / Double(Synthesizer.sampleRate) }

    /// Loaded once for all tests.
    private static let loaded = Result {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try Synthesizer(
            data: repository.appending(path: "data"), voices: [repository.appending(path: "voices")])
    }

    /// What a voice says.
    static func real(_ text: String, speed: Float = 1) async throws -> Speech {
        var options = SpeechOptions()
        options.speed = speed
        var chunks: [SpeechChunk] = []
        for try await chunk in try loaded.get().speak(text, voice: "heart", options: options) { chunks.append(chunk) }
        return Speech(chunks: chunks)
    }

    /// A sentence of symbols and their seconds, over a tone.
    static func made(_ symbols: [(String, Double)], loudness: Float = 0.2) throws -> Speech {
        var time = 0.0
        let phonemes = symbols.map { symbol, seconds -> [String: Any] in
            defer { time += seconds }
            return ["symbol": symbol, "start": time, "end": time + seconds]
        }
        let fields: [String: Any] = [
            "text": "", "range": [0, 0], "utf16_range": [0, 0], "code_point_range": [0, 0], "start": 0.0, "end": time,
            "ends_paragraph": true, "words": [Any](), "visemes": [Any](), "marks": [Any](), "phonemes": phonemes,
        ]
        let sentence = try JSONDecoder().decode(
            SpokenSentence.self, from: JSONSerialization.data(withJSONObject: fields))
        let samples = (0..<Int(time * Double(Synthesizer.sampleRate))).map { loudness * sin(Float($0) * 0.05) }
        return Speech(chunks: [SpeechChunk(samples: samples, start: 0, sentence: sentence)])
    }

    /// The same speech in pieces of so many samples; each sentence comes with the piece that brings its first chunk.
    func cut(to size: Int) -> Speech {
        var pieces: [SpeechChunk] = []
        for chunk in chunks {
            var (start, sentence) = (0, chunk.sentence)
            repeat {
                let end = min(start + size, chunk.samples.count)
                pieces.append(
                    SpeechChunk(
                        samples: Array(chunk.samples[start..<end]), start: chunk.start + start, sentence: sentence))
                (start, sentence) = (end, nil)
            } while start < chunk.samples.count
        }
        return Speech(chunks: pieces)
    }

    func face(seed: UInt64 = 1) -> [FaceFrame] {
        var track = FaceTrack(seed: seed)
        return chunks.flatMap { track.append($0) } + track.finish()
    }

    /// Phonemes that are heard.
    func phonemes(of symbols: String) -> [SpokenSentence.TimedPhoneme] {
        sentences.flatMap(\.phonemes).filter { symbols.contains($0.symbol) && $0.end > $0.start }
    }

    /// Their middles, in seconds.
    func middles(of symbols: String) -> [Double] { phonemes(of: symbols).map { ($0.start + $0.end) / 2 } }
}

extension [FaceFrame] {
    /// The frame nearest to a moment.
    func at(_ seconds: Double) -> FaceFrame { self[Swift.min(count - 1, Int((seconds * 60).rounded()))] }
}

extension FaceFrame {
    /// All that is seen of the mouth.
    var mouth: [Float] {
        BlendShape.allCases.filter { $0.name.hasPrefix("mouth") || $0.name.hasPrefix("jaw") }.map { self[$0] }
    }

    /// What is seen of an open mouth.
    var gap: Float { self[.jawOpen] - self[.mouthClose] }
}
