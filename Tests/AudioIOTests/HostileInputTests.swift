import AudioIO
import Files
import Foundation
import Testing

@Suite struct HostileInput {
    static func encoded(_ format: AudioFormat) throws -> Data {
        let sink = MemorySink()
        let writer = try AudioWriter(to: sink, format: format, sampleRate: 24_000)
        try writer.append(voiceLike())
        try writer.finish()
        return sink.data
    }

    @Test func namesWhatIsWrong() throws {
        try withFolder { folder in
            let missing = folder.appending(path: "missing.wav")
            let path = missing.path(percentEncoded: false)
            #expect(throws: AudioError.unreadable(path: path, reason: "No such file or directory")) {
                try AudioReader.read(missing)
            }
            #expect(throws: AudioError.self) { try AudioReader.read(folder) }

            let empty = folder.appending(path: "empty.wav")
            try Data().write(to: empty)
            #expect(throws: AudioError.empty(path: empty.path(percentEncoded: false))) { try AudioReader.read(empty) }

            let text = folder.appending(path: "text.wav")
            try Data("This is no sound at all, only words that go on for a while.".utf8).write(to: text)
            #expect(throws: AudioError.unknownFormat(path: text.path(percentEncoded: false))) {
                try AudioReader.read(text)
            }
        }
    }

    @Test func silenceIsToldApart() throws {
        let quiet = AudioClip(samples: [Float](repeating: 0.000_1, count: 100), sampleRate: 24_000)
        #expect(throws: AudioError.silent(path: "a", peak: 0.000_1)) { try quiet.audible(named: "a") }
        let loud = AudioClip(samples: [0, 0.1], sampleRate: 24_000)
        #expect(try loud.audible(named: "a") == loud)
    }

    @Test func aHeaderThatPromisesTerabytesCostsNothing() throws {
        var data = try Self.encoded(.wav)
        // fmt chunk ends at 36; the data chunk's size is at 40.
        data.replaceSubrange(40..<44, with: [0xff, 0xff, 0xff, 0x7f])
        data.replaceSubrange(4..<8, with: [0xff, 0xff, 0xff, 0x7f])
        let clip = try AudioReader.read(data, named: "promise.wav")
        #expect(clip.samples.count == 24_000)
    }

    @Test func zeroAndAbsurdSampleRatesAreRefused() throws {
        for rate: [UInt8] in [[0, 0, 0, 0], [1, 0, 0, 0], [0xff, 0xff, 0xff, 0x7f]] {
            var data = try Self.encoded(.wav)
            data.replaceSubrange(24..<28, with: rate)
            #expect(throws: AudioError.self) { try AudioReader.read(data, named: "rate.wav") }
        }
    }

    @Test func aLimitOnLengthHolds() throws {
        let data = try Self.encoded(.flac)
        #expect(throws: AudioError.tooLong(path: "long", limit: 0.5)) {
            try AudioReader.read(data, named: "long", maximumDuration: 0.5)
        }
    }

    @Test(arguments: [AudioFormat.wav, .flac, .ogg, .opus, .mp3])
    func truncationGivesAPartOrAnError(_ format: AudioFormat) throws {
        let data = try Self.encoded(format)
        for cut in [1, 4, 12, 27, 44, 60, data.count / 4, data.count / 2, data.count - 1] where cut < data.count {
            do throws(AudioError) {
                let clip = try AudioReader.read(data.prefix(cut), named: "cut")
                let finite = clip.samples.allSatisfy(\.isFinite)
                #expect(finite && clip.samples.count <= 27_000)
            } catch {
                #expect(!"\(error)".contains("\n"))
            }
        }
    }

    @Test(arguments: [AudioFormat.wav, .flac, .ogg, .opus, .mp3])
    func flippedBytesNeverCrash(_ format: AudioFormat) throws {
        let original = try Self.encoded(format)
        var random = SplitMix(state: 7)
        var read = 0
        for _ in 0..<100 {
            var data = original
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                // Half of the hits go into the header.
                let end = Bool.random(using: &random) ? min(200, data.count) : data.count
                data[Int.random(in: 0..<end, using: &random)] = .random(in: 0...255, using: &random)
            }
            if let clip = try? AudioReader.read(data, named: "flipped", maximumDuration: 60) {
                let finite = clip.samples.allSatisfy(\.isFinite)
                #expect(finite)
                read += 1
            }
        }
        #expect(read > 0, "what is damaged a little is read")
    }

    /// They are refused in one line, or are sound of a raw kind.
    @Test func randomBytesNeverCrash() {
        var random = SplitMix(state: 1)
        for length in [1, 3, 16, 100, 4_096, 60_000] {
            for _ in 0..<10 {
                let data = Data((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
                do throws(AudioError) {
                    let clip = try AudioReader.read(data, named: "random", maximumDuration: 60)
                    #expect(clip.duration <= 60 && clip.samples.allSatisfy(\.isFinite))
                } catch {
                    #expect(error.description.contains("random") && !error.description.contains("\n"))
                }
            }
        }
    }

    @Test func stereoIsMixed() throws {
        // Two channels of 16 bits: 0.5 and 0.25 throughout.
        var data = Data("RIFF".utf8) + Data([0, 0, 0, 0]) + Data("WAVEfmt ".utf8)
        data += Data([16, 0, 0, 0, 1, 0, 2, 0, 0xc0, 0x5d, 0, 0, 0, 0x77, 1, 0, 4, 0, 16, 0])
        data += Data("data".utf8) + Data([0x90, 1, 0, 0])
        for _ in 0..<100 { data += Data([0, 0x40, 0, 0x20]) }
        let clip = try AudioReader.read(data, named: "stereo.wav")
        #expect(clip.sampleRate == 24_000)
        #expect(clip.samples == [Float](repeating: 0.375, count: 100))
    }
}
