import AudioIO
import Files
import Foundation
import Testing

@Suite struct Output {
    @Test func anUnfinishedWriterLeavesNothing() throws {
        try withFolder { folder in
            let url = folder.appending(path: "half.wav")
            try Data("old".utf8).write(to: url)
            for format in AudioFormat.allCases {
                let writer = try AudioWriter(to: url, format: format, sampleRate: 24_000)
                try writer.append(voiceLike())
            }
            #expect(try names(in: folder) == ["half.wav"])
            #expect(try Data(contentsOf: url) == Data("old".utf8))
        }
    }

    @Test(arguments: AudioFormat.allCases)
    func aFullDeviceIsReported(_ format: AudioFormat) throws {
        #expect(throws: FileError.diskFull(path: "/dev/full")) {
            let writer = try AudioWriter(to: URL(filePath: "/dev/full"), format: format, sampleRate: 24_000)
            for _ in 0..<5 { try writer.append(voiceLike()) }
            try writer.finish()
        }
        var status = stat()
        #expect(stat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR, "the device was replaced")
    }

    @Test func foldersAndMissingFoldersAreRefused() throws {
        try withFolder { folder in
            #expect(throws: FileError.isFolder(path: folder.path(percentEncoded: false))) {
                try AudioWriter(to: folder, format: .wav, sampleRate: 24_000)
            }
            let lost = folder.appending(path: "no/such/out.wav")
            #expect(throws: FileError.noFolder(path: lost.path(percentEncoded: false))) {
                try AudioWriter(to: lost, format: .wav, sampleRate: 24_000)
            }
        }
    }

    @Test func formatFollowsTheName() throws {
        #expect(try AudioFormat.resolve(asked: nil, path: "a/b.c/x.OPUS") == .opus)
        #expect(try AudioFormat.resolve(asked: .wav, path: "x.mp3") == .wav)
        for path in ["x", "a.wav/x", "x.", "x.doc"] {
            #expect(throws: AudioError.formatNotTold(path: path)) { try AudioFormat.resolve(asked: nil, path: path) }
        }
    }

    @Test func ratesThatAFormatLacksAreRefused() {
        #expect(throws: AudioError.unsupportedSampleRate(.opus, 22_050)) {
            try AudioWriter(to: MemorySink(), format: .opus, sampleRate: 22_050)
        }
    }
}

@Suite struct Signals {
    @Test func whatExceedsFullScaleIsCutOff() {
        for step in -4_000...4_000 {
            let x = Float(step) / 1_000
            #expect(PCM.saturated(x) == (abs(x) <= 1 ? x : x < 0 ? -1 : 1))
        }
        #expect(PCM.saturated(.infinity) == 1 && PCM.saturated(-.infinity) == -1 && PCM.saturated(.nan) == 0)
        #expect(PCM.int16([0, 0.5, 1, 1.5, -1, -7]) == [0, 16_384, 32_767, 32_767, -32_767, -32_767])
        let levels = Array(Int16.min + 1...Int16.max)
        #expect(PCM.int16(levels.map { Float($0) / 32_767 }) == levels, "they go there and back")
    }

    /// BS.1770-4: a full-scale 997 Hz sine in one channel reads −3.01 LKFS (to within 0.1 LU below 44.1 kHz, where the
    /// bilinear transform bends the shelf).
    @Test(arguments: [16_000, 24_000, 44_100, 48_000])
    func loudnessOfTheReferenceSine(_ rate: Int) throws {
        let clip = AudioClip(samples: sine(997, amplitude: 1, seconds: 5, sampleRate: rate), sampleRate: rate)
        #expect(abs(try #require(Loudness.integrated(clip)) + 3.01) < (rate < 44_100 ? 0.1 : 0.02))
    }

    @Test func loudnessIgnoresPausesAndKnowsSilence() throws {
        let tone = sine(440, amplitude: 0.1, seconds: 3, sampleRate: 24_000)
        let alone = try #require(Loudness.integrated(AudioClip(samples: tone, sampleRate: 24_000)))
        let padded = tone + [Float](repeating: 0, count: 240_000)
        let withPause = try #require(Loudness.integrated(AudioClip(samples: padded, sampleRate: 24_000)))
        #expect(abs(alone - withPause) < 0.5)
        let silence = AudioClip(samples: [Float](repeating: 0, count: 24_000), sampleRate: 24_000)
        #expect(Loudness.integrated(silence) == nil)
    }

    @Test(arguments: [(44_100, 24_000), (16_000, 24_000), (24_000, 48_000), (48_000, 16_000)])
    func resamplingKeepsATone(_ from: Int, _ to: Int) throws {
        let source = AudioClip(samples: sine(1_000, amplitude: 0.5, seconds: 1, sampleRate: from), sampleRate: from)
        let result = try source.resampled(to: to)
        #expect(abs(result.samples.count - to) <= 1)
        let ideal = sine(1_000, amplitude: 0.5, seconds: 1, sampleRate: to)
        let inner = (to / 10)..<(to * 9 / 10)
        #expect(signalToError(Array(ideal[inner]), Array(result.samples[inner])) > 90)
    }

    @Test func resamplingBlockByBlockIsTheSame() throws {
        let source = voiceLike(seconds: 1, sampleRate: 44_100)
        let whole = try AudioClip(samples: source, sampleRate: 44_100).resampled(to: 24_000)
        var resampler = try Resampler(from: 44_100, to: 24_000)
        var parts: [Float] = []
        for start in stride(from: 0, to: source.count, by: 777) {
            parts += try resampler.process(Array(source[start..<min(start + 777, source.count)]))
        }
        parts += try resampler.finish()
        #expect(parts.count == whole.samples.count)
        #expect(signalToError(whole.samples, parts) > 120)
    }
}
