import AudioIO
import Files
import Foundation
import Testing

@Suite struct RoundTrip {
    /// What each format must keep of a voice-like second, as signal-to-error ratio in dB. Lossy coders keep the sound,
    /// not the wave, yet at these rates the wave stays near.
    static let required: [AudioFormat: Double] = [.wav: 80, .flac: 80, .ogg: 12, .opus: 12, .mp3: 12, .m4a: 12]

    @Test(arguments: required.keys.sorted { $0.rawValue < $1.rawValue })
    func keepsTheSound(_ format: AudioFormat) throws {
        let samples = voiceLike()
        try withFolder { folder in
            let url = folder.appending(path: "voice.\(format.rawValue)")
            let writer = try AudioWriter(to: url, format: format, sampleRate: 24_000)
            for start in stride(from: 0, to: samples.count, by: 1_000) {
                try writer.append(Array(samples[start..<min(start + 1_000, samples.count)]))
            }
            try writer.finish()
            #expect(try names(in: folder) == ["voice.\(format.rawValue)"])

            let clip = try AudioReader.read(url, sampleRate: 24_000)
            #expect(abs(clip.samples.count - samples.count) < 2_400, "\(clip.samples.count) samples came back")
            let best = (0..<3_000).lazy.map { lag in
                (lag, signalToError(Array(samples[2_000..<4_000]), Array(clip.samples[lag..<(lag + 2_000)])))
            }.max { $0.1 < $1.1 }!
            #expect(best.0 == 2_000, "the sound is shifted by \(best.0 - 2_000) samples")
            #expect(best.1 > Self.required[format]!, "only \(best.1) dB")
        }
    }

    @Test(arguments: AudioFormat.allCases)
    func equalInputGivesEqualBytes(_ format: AudioFormat) throws {
        func encode() throws -> Data {
            let sink = MemorySink()
            let writer = try AudioWriter(
                to: sink, format: format, sampleRate: 24_000, metadata: AudioMetadata(software: "Starling"))
            try writer.append(voiceLike())
            try writer.finish()
            return sink.data
        }
        let first = try encode()
        #expect(first.count > 1_000)
        #expect(try encode() == first)
    }

    @Test(arguments: AudioFormat.allCases.filter { $0 != .raw })
    func streamsAreReadable(_ format: AudioFormat) throws {
        // Through a pipe the header cannot be patched; what arrives must still be a file that reads.
        let pipe = Pipe()
        let received = Received()
        let done = DispatchSemaphore(value: 0)
        let reading = pipe.fileHandleForReading
        Thread.detachNewThread {
            received.data = reading.readDataToEndOfFile()
            done.signal()
        }
        let writer = try AudioWriter(
            to: StreamSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, name: "a pipe"), format: format,
            sampleRate: 24_000)
        let samples = voiceLike()
        try writer.append(samples)
        try writer.finish()
        try pipe.fileHandleForWriting.close()
        done.wait()
        let clip = try AudioReader.read(received.data, named: "a pipe")
        #expect(abs(clip.samples.count - samples.count) < 2_400, "\(clip.samples.count) samples came back")
        #expect(abs(clip.peak - samples.map(abs).max()!) < 0.05)
    }

    @Test func rawIsLittleEndianSixteenBit() throws {
        let sink = MemorySink()
        let writer = try AudioWriter(to: sink, format: .raw, sampleRate: 24_000)
        try writer.append([0, 0.5, -0.5, .nan, 1_000, -1_000])
        try writer.finish()
        #expect(Array(sink.data) == [0, 0, 0, 0x40, 0, 0xc0, 0, 0, 0xff, 0x7f, 0x01, 0x80])
    }

    @Test func waveHeaderTellsTheTruth() throws {
        let sink = MemorySink()
        let writer = try AudioWriter(
            to: sink, format: .wav, sampleRate: 24_000,
            metadata: AudioMetadata(software: "Starling", comment: "Synthetic speech"))
        try writer.append(voiceLike(seconds: 0.1))
        try writer.finish()
        let bytes = Array(sink.data)
        func word(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        #expect(word(4) == bytes.count - 8)
        let data = try #require(sink.data.firstRange(of: Data("data".utf8))).lowerBound
        #expect(word(data + 4) == 4_800)
        #expect(data + 8 + 4_800 == bytes.count)
        #expect(sink.data.contains(Data("Synthetic speech".utf8)))
    }

    @Test(arguments: [AudioFormat.wav, .flac, .ogg, .opus, .mp3, .m4a])
    func metadataIsInTheFile(_ format: AudioFormat) throws {
        let sink = MemorySink()
        let writer = try AudioWriter(
            to: sink, format: format, sampleRate: 24_000,
            metadata: AudioMetadata(software: "Starling", title: "Title", artist: "ann", comment: "Synthetic speech"))
        try writer.append(voiceLike())
        try writer.finish()
        let latin = sink.data.contains(Data("Synthetic speech".utf8))
        let wide = sink.data.contains("Synthetic speech".data(using: .utf16LittleEndian)!)
        #expect(latin || wide)
    }

    // @unchecked: one thread writes, the test reads after that thread signalled its semaphore.
    final class Received: @unchecked Sendable { var data = Data() }
}
