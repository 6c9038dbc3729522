import AudioIO
import Files
import Foundation
import Testing

/// What phones and messengers record, a sentence of the voice heart in each form.
@Suite struct PhoneFormats {
    static let names = [
        "speech.m4a", "speech.aac", "speech.webm", "speech.mp4", "speech.3gp", "speech.wma", "speech.amr",
        "speech-alac.m4a",
        "speech-flac.oga", "speech-aac.caf",
    ]

    static func url(_ name: String) throws -> URL {
        try #require(Bundle.module.resourceURL).appending(path: "Fixtures/\(name)")
    }

    /// The form and its lossless first 1.5 s hold the same wave, as far as the codec keeps it.
    @Test(arguments: names) func isReadInFull(_ name: String) throws {
        let reference = try AudioReader.read(Self.url("speech-alac.m4a"), sampleRate: 8_000).samples
        let clip = try AudioReader.read(Self.url(name), sampleRate: 8_000)
        #expect(try AudioReader.read(Data(contentsOf: Self.url(name)), named: name, sampleRate: 8_000) == clip)
        let whole = name.hasPrefix("speech-alac") || name.hasPrefix("speech-flac") ? 1.5 : 2.1
        #expect(clip.duration >= whole && clip.duration < 2.5, "\(clip.duration) s")
        // Encoders put up to 2,048 samples of their own in front, or take as many away, where the container does not
        // tell.
        let piece = Array(reference[4_000..<9_000])
        let best = (3_200..<4_700).map { Self.correlation(piece, Array(clip.samples[$0..<$0 + 5_000])) }.max()
        // AMR at 7.4 kbit/s keeps the sound rather than the wave.
        #expect(try #require(best) > (name == "speech.amr" ? 0.65 : 0.9))
    }

    private static func correlation(_ a: [Float], _ b: [Float]) -> Float {
        let products = zip(a, b).reduce(into: (aa: Float(1e-9), bb: Float(1e-9), ab: Float(0))) {
            $0.aa += $1.0 * $1.0
            $0.bb += $1.1 * $1.1
            $0.ab += $1.0 * $1.1
        }
        return products.ab / (products.aa * products.bb).squareRoot()
    }

    @Test func blocksAndChannelsAreTheSameSound() throws {
        let url = try Self.url("speech.m4a")
        let whole = try AudioReader.read(url, sampleRate: 24_000).samples
        var blocks: [Float] = []
        try AudioReader.read(url, sampleRate: 24_000) { blocks += $0 }
        #expect(blocks == whole)
        let apart = try AudioReader.readChannels(
            Data(contentsOf: url), named: "speech.m4a", sampleRate: 24_000, longest: 1)
        #expect(apart.isCut && apart.sourceRate == 24_000 && apart.channels.map(\.samples) == [Array(whole[..<24_000])])
        #expect(throws: AudioError.tooLong(path: "long", limit: 0.5)) {
            try AudioReader.read(Data(contentsOf: url), named: "long", maximumDuration: 0.5)
        }
    }

    @Test func whatHasNoSoundSaysSo() throws {
        #expect(throws: AudioError.unreadable(path: "video", reason: "it contains no audio")) {
            try AudioReader.read(Data(contentsOf: Self.url("silent.mp4")), named: "video")
        }
        // Files that name other files open none of them.
        for text in ["ffconcat version 1.0\nfile /etc/passwd\n", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"] {
            #expect(throws: AudioError.unknownFormat(path: "list")) {
                try AudioReader.read(Data(text.utf8), named: "list")
            }
        }
    }

    @Test(arguments: names) func damageGivesAPartOrALine(_ name: String) throws {
        let data = try Data(contentsOf: Self.url(name))
        var random = SplitMix(state: UInt64(data.count))
        var damaged = [0.02, 0.3, 0.9].map { data.prefix(Int(Double(data.count) * $0)) }
        for _ in 0..<12 {
            var copy = data
            for _ in 0..<(1 << Int.random(in: 0...6, using: &random)) {
                copy[Int.random(in: 0..<copy.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            damaged.append(copy)
        }
        for bytes in damaged {
            do throws(AudioError) {
                let clip = try AudioReader.read(Data(bytes), named: name, maximumDuration: 60)
                #expect(!clip.samples.isEmpty && clip.samples.allSatisfy(\.isFinite))
            } catch {
                #expect(!"\(error)".contains("\n"))
            }
        }
    }
}

/// The program that decodes, looked at from outside.
@Suite struct MediaSandbox {
    /// An encoder that waits for samples.
    private func withHelper(seconds: Int, _ body: (Process, FileHandle) throws -> Void) throws {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: try #require(MediaHelper.path))
        process.arguments = ["encode", "adts", "\(seconds)", "24000", "64000"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let reading = output.fileHandleForReading
        Thread.detachNewThread { while !reading.availableData.isEmpty {} }
        try body(process, input.fileHandleForWriting)
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    @Test func givesUpWhatItDoesNotNeed() throws {
        try withHelper(seconds: 7) { process, input in
            // Once it takes samples it has given up the rest.
            try input.write(contentsOf: Data(count: 1 << 20))
            let folder = "/proc/\(process.processIdentifier)"
            let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
            #expect(status.contains("Seccomp:\t2") && status.contains("NoNewPrivs:\t1"))
            let limits = try String(contentsOfFile: "\(folder)/limits", encoding: .utf8).split(separator: " ").joined(
                separator: " ")
            for limit in ["cpu time 7 7", "data size 536870912 536870912", "core file size 0 0", "open files 5 5"] {
                #expect(limits.contains("Max \(limit)"), "\(limit): \(limits)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd").sorted() == ["0", "1", "2"])
        }
    }

    @Test func endsWhenItsTimeIsUp() throws {
        try withHelper(seconds: 1) { process, input in
            signal(SIGPIPE, SIG_IGN)
            var random = SplitMix(state: 1)
            let noise = (0..<100_000).map { _ in Float.random(in: -1...1, using: &random) }.withUnsafeBytes { Data($0) }
            while process.isRunning { do { try input.write(contentsOf: noise) } catch { break } }
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            #expect([SIGXCPU, SIGKILL].contains(process.terminationStatus))
        }
    }
}
