import AudioIO
import Foundation
import Testing
import WaveFile

/// How several channels become one.
@Suite struct Channels {
    private let voice = voiceLike()
    private let other = sine(733, amplitude: 0.2, seconds: 1, sampleRate: 24_000)

    private func source(_ channels: [Float]...) throws -> AudioSource {
        try AudioSource(WaveFile.floats(channels), named: "channels.wav")
    }

    /// All ways to read a file give the same sound.
    private func expect(
        _ channels: [[Float]], give expected: [Float], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = WaveFile.floats(channels)
        let whole = try AudioReader.read(file, named: "channels.wav").samples
        #expect(signalToError(expected, whole) > 100, sourceLocation: sourceLocation)
        var blocks: [Float] = []
        let source = try AudioSource(file, named: "channels.wav").blocks(sampleRate: 24_000)
        while let samples = try source.next() { blocks += samples }
        #expect(blocks == whole, sourceLocation: sourceLocation)
        let read = try AudioReader.readChannels(file, named: "channels.wav", sampleRate: 24_000, longest: 10)
        #expect(read.channels.map(\.samples) == [whole], sourceLocation: sourceLocation)
    }

    @Test func oneSoundIsAdded() throws {
        let silence = [Float](repeating: 0, count: voice.count)
        let inverted = voice.map { -$0 }
        try expect([voice, voice], give: voice)
        try expect([voice, inverted], give: voice)
        try expect([inverted, voice], give: inverted)
        try expect([voice, silence], give: voice)
        try expect([silence, voice], give: voice)
        try expect([voice, other.map { 0.01 * $0 }], give: voice)
        try expect([voice, inverted, voice, inverted], give: voice)
        // What is not a number counts for nothing, and takes nothing away from the other channel.
        try expect([voice, [Float](repeating: .nan, count: voice.count)], give: voice)
        // An offset that both have says nothing of the sound.
        let offset = try source(voice.map { $0 + 0.3 }, voice.map { 0.3 - $0 })
        #expect(offset.channels.weights == [0.5, -0.5])
    }

    @Test func differentSoundsStayApart() throws {
        let source = try source(voice, other)
        #expect(source.channels.isOfTwoSounds && source.channels.weights == [0.5, 0.5])
        let file = WaveFile.floats([voice, other])
        let read = try AudioReader.readChannels(file, named: "two.wav", sampleRate: 24_000, longest: 10)
        #expect(read.channels.map(\.samples) == [voice, other])
        let mean = zip(voice, other).map { 0.5 * $0 + 0.5 * $1 }
        #expect(try AudioReader.read(file, named: "two.wav").samples == mean)
        // Each channel is shown as it is, whatever becomes of it.
        var shown: [[Float]] = [[], []]
        _ = try AudioReader.readChannels(
            WaveFile.floats([voice, voice.map { -$0 }]), named: "inverted.wav", sampleRate: 24_000, longest: 10
        ) { shown[$0] += $1 }
        #expect(shown == [voice, voice.map { -$0 }])
    }

    @Test func manyChannelsAreAveraged() throws {
        let file = WaveFile.floats((0..<12).map { _ in voice })
        #expect(signalToError(voice, try AudioReader.read(file, named: "many.wav").samples) > 100)
    }

    @Test func whatIsTooLongIsRefusedWhereItIs() throws {
        let blocks = try AudioSource(WaveFile.floats([voice, voice]), named: "long.wav", longest: 0.5).blocks(
            sampleRate: 8_000)
        #expect(throws: AudioError.tooLong(path: "long.wav", limit: 0.5)) {
            while try blocks.next() != nil {}
        }
    }
}
