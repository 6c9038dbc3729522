import AudioIO
import Foundation
import Testing
import TinyModel
import WaveFile

@Suite struct Converting {
    private static let text = "We will arrive at a quarter past seven, unless the train from the coast is delayed."

    /// A recording in the folder that heart speaks.
    private func speak(_ name: String = "speech.wav", _ text: String = text, in folder: URL) throws -> AudioClip {
        let said = try Program.run(["say", text, "--voice", "heart", "-o", name, "--no-watermark"], in: folder)
        #expect(said.status == 0, "\(said.complaint)")
        return try AudioReader.read(folder.appending(path: name))
    }

    private func write(_ samples: [Float], rate: Int = 24_000, to name: String, in folder: URL) throws {
        let writer = try AudioWriter(to: folder.appending(path: name), format: .wav, sampleRate: rate)
        try writer.append(samples)
        try writer.finish()
    }

    private func similarity(_ file: String, _ voice: String, in folder: URL) throws -> Double {
        let compared = try Program.run(["compare", "--json", "./\(file)", voice], in: folder)
        let result = try #require(try JSONSerialization.jsonObject(with: compared.output) as? [String: Any])
        return try #require(result["similarity"] as? Double)
    }

    @Test func theVoiceChangesAndTheTimingStays() throws {
        try withFolder { folder in
            let source = try speak(in: folder)
            let outcome = try Program.run(
                ["convert", "speech.wav", "--voice", "george", "-o", "george.wav"], in: folder)
            #expect(outcome.status == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
            let converted = try AudioReader.read(folder.appending(path: "george.wav"))
            #expect(converted.sampleRate == 24_000 && converted.samples.count == source.samples.count)
            let (george, heart) = try (
                similarity("george.wav", "george", in: folder), similarity("george.wav", "heart", in: folder)
            )
            #expect(george > 0.7 && george > heart + 0.2, "\(george) \(heart)")
            // Syllables rise and fall together.
            #expect(Self.correlation(Self.levels(source), Self.levels(converted)) > 0.8)
            #expect(try Program.run(["detect", "george.wav"], in: folder).text.contains("marked"))
            let plain = try Program.run(
                ["convert", "speech.wav", "--voice", "george", "-o", "plain.wav", "--no-watermark"], in: folder)
            #expect(plain.status == 0 && plain.complaint.contains("no watermark"))
            #expect(try Program.run(["detect", "plain.wav"], in: folder).text.contains("not found"))
        }
    }

    @Test func aPipeGivesTheSameBytes() throws {
        try withFolder { folder in
            _ = try speak(in: folder)
            let bytes = try Data(contentsOf: folder.appending(path: "speech.wav"))
            let arguments = ["--voice", "emma", "--seed", "3", "--format", "raw", "-o", "-"]
            let file = try Program.run(["convert", "speech.wav"] + arguments, in: folder)
            let pipe = try Program.run(["convert", "-"] + arguments, input: bytes, in: folder)
            #expect(file.status == 0 && file.output.count > 100_000 && pipe.output == file.output)
            let high = try Program.run(["convert", "speech.wav", "--pitch", "4"] + arguments, in: folder)
            #expect(high.output.count == file.output.count && high.output != file.output)
        }
    }

    /// One channel upside down, as from a balanced cable that was soldered wrongly, is no silence.
    @Test func aRecordingWithAnInvertedChannelIsHeard() throws {
        try withFolder { folder in
            let source = try speak(in: folder)
            let inverted = WaveFile.floats([source.samples, source.samples.map { -$0 }])
            try inverted.write(to: folder.appending(path: "inverted.wav"))
            let outputs = try ["speech.wav", "inverted.wav"].map { name in
                let outcome = try Program.run(
                    ["convert", name, "--voice", "george", "-o", "-", "--format", "raw"], in: folder)
                #expect(outcome.status == 0, "\(outcome.complaint)")
                return outcome.output.withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
            }
            #expect(outputs[0].count == source.samples.count && outputs[0].count == outputs[1].count)
            let clips = outputs.map { AudioClip(samples: $0.map { Float($0) / 32_768 }, sampleRate: 24_000) }
            #expect(Self.correlation(Self.levels(clips[0]), Self.levels(clips[1])) > 0.99)
            let compared = try Program.run(["compare", "inverted.wav", "heart"], in: folder)
            #expect(compared.text.contains("probably the same person"), "\(compared.text)\(compared.complaint)")
            // A mark is found in it, too.
            let marked = try Program.run(["say", Self.text, "-o", "marked.wav"], in: folder)
            #expect(marked.status == 0)
            let samples = try AudioReader.read(folder.appending(path: "marked.wav")).samples
            try WaveFile.floats([samples, samples.map { -$0 }]).write(to: folder.appending(path: "marked.wav"))
            #expect(try Program.run(["detect", "marked.wav"], in: folder).status == 0)
        }
    }

    /// Longer than two windows, with a silence; nothing is lost at the seams, and silence stays.
    @Test func longRecordingsAreWhole() throws {
        try withFolder { folder in
            let sentence = try speak(in: folder).samples
            let rest = [Float](repeating: 0, count: 3 * 24_000)
            var samples: [Float] = []
            for number in 0..<10 { samples += sentence + (number == 4 ? rest : []) }
            #expect(samples.count > 40 * 24_000)
            try write(samples, to: "long.wav", in: folder)
            let outcome = try Program.run(["convert", "long.wav", "--voice", "george", "-o", "out.wav"], in: folder)
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let converted = try AudioReader.read(folder.appending(path: "out.wav")).samples
            #expect(converted.count == samples.count)
            let (before, after) = (
                Self.levels(AudioClip(samples: samples, sampleRate: 24_000)),
                Self.levels(AudioClip(samples: converted, sampleRate: 24_000))
            )
            for start in stride(from: 0, to: before.count - 40, by: 40) {
                let (loud, now) = (before[start..<start + 40].max()!, after[start..<start + 40].max()!)
                #expect(loud < -60 || now > loud - 25, "at \(Double(start) / 20) s: \(loud) and \(now) dB")
            }
            let silent = 5 * sentence.count + 12_000..<5 * sentence.count + 60_000
            #expect(converted[silent].allSatisfy { abs($0) < 0.003 })
        }
    }

    @Test func whatCannotBeConvertedIsRefusedInOneLine() throws {
        try withFolder { folder in
            let speech = try speak(in: folder).samples
            try write([Float](repeating: 0, count: 48_000), to: "silent.wav", in: folder)
            try write(Self.chords(seconds: 4), to: "music.wav", in: folder)
            try write(Array(speech[12_000..<30_000]), to: "short.wav", in: folder)
            try write(Array(speech[6_000..<14_400]), to: "word.wav", in: folder)
            try Data("no sound".utf8).write(to: folder.appending(path: "text.wav"))
            func refuse(_ arguments: [String], _ words: String) throws {
                let outcome = try Program.run(["convert", "-o", "out.wav"] + arguments, in: folder)
                #expect(outcome.status == 1 && outcome.lines.count == 1, "\(arguments): \(outcome.complaint)")
                #expect(outcome.complaint.contains(words), "\(outcome.complaint)")
                #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out.wav").path()))
            }
            try refuse(["missing.wav", "--voice", "emma"], "cannot read missing.wav: No such file")
            try refuse(["text.wav", "--voice", "emma"], "starling: text.wav is not in a known audio format")
            try refuse(["-", "--voice", "emma"], "starling: standard input contains no audio samples")
            try refuse(["word.wav", "--voice", "emma"], "word.wav has only")
            try refuse(["silent.wav", "--voice", "emma"], "only silence")
            try refuse(["music.wav", "--voice", "emma"], "only tones, music or hum")
            try refuse(["short.wav", "--voice", "emma"], "s of speech; record 1.0 s or more")
            try refuse(["speech.wav", "--voice", "ema"], "did you mean \"emma\"")
            try refuse(["speech.wav", "--voice", "emma", "--pitch", "13"], "outside the range -12")
            #expect(try Program.run(["convert", "speech.wav"], in: folder).status == 64)
        }
    }

    @Test func anotherAcousticModelIsRefused() async throws {
        try await TinyModel.linked { data in
            try withFolder { folder in
                _ = try speak(in: folder)
                let outcome = try Program.run(
                    [
                        "convert", "speech.wav", "--voice", "emma", "-o", "out.wav", "--data",
                        data.path(percentEncoded: false),
                    ], in: folder)
                #expect(outcome.status == 1 && outcome.lines.count == 1, "\(outcome.complaint)")
                #expect(
                    outcome.complaint.contains("content.safetensors and acoustic.safetensors from the same release"))
            }
        }
    }

    /// dB of full scale, 20 to the second.
    private static func levels(_ clip: AudioClip) -> [Float] {
        stride(from: 0, to: clip.samples.count - 1_200, by: 1_200).map { start in
            10 * log10f(clip.samples[start..<start + 1_200].reduce(1e-9) { $0 + $1 * $1 / 1_200 })
        }
    }

    private static func correlation(_ a: [Float], _ b: [Float]) -> Float {
        let count = Float(min(a.count, b.count))
        let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
        var (aa, bb, ab): (Float, Float, Float) = (0, 0, 0)
        for (x, y) in zip(a, b) {
            aa += (x - meanA) * (x - meanA)
            bb += (y - meanB) * (y - meanB)
            ab += (x - meanA) * (y - meanB)
        }
        return ab / (aa * bb).squareRoot()
    }

    private static func chords(seconds: Int) -> [Float] {
        (0..<seconds * 24_000).map { index in
            let time = Float(index) / 24_000
            let base: Float = Int(time * 2) % 2 == 0 ? 220 : 247
            return [1, 1.25, 1.5].reduce(0) { $0 + 0.1 * sin(2 * .pi * base * $1 * time) }
        }
    }
}
