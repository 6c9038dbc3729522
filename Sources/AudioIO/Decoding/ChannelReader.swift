public import Foundation

/// A recording as one channel, or as two that hold different sounds.
public struct ChannelRecording: Sendable {
    /// One at the wanted rate, or two of equal length where they hold different sounds (`ChannelMix`).
    public var channels: [AudioClip]
    /// Samples per second in the file.
    public var sourceRate: Int
    /// Whether the file continues beyond the limit.
    public var isCut: Bool
}

extension AudioReader {
    /// Reads a file that is in memory without mixing two channels that differ, block by block, so that memory holds no
    /// more than the result.
    ///
    /// - Parameters:
    ///   - path: the name to use in errors.
    ///   - sampleRate: the wanted rate in Hz.
    ///   - longest: seconds after which reading stops.
    ///   - most: samples of all channels together after which it stops, so that high rates and many channels do not
    ///     take more work than their duration suggests.
    ///   - inspect: is shown every block as it is in the file, before resampling: of two channels each, of more their
    ///     mix; what it throws ends the reading.
    /// - Throws: `AudioError`
    public static func readChannels(
        _ data: Data, named path: String, sampleRate: Int, longest: Double, most: Double = .infinity,
        inspect: (_ channel: Int, _ samples: [Float]) throws -> Void = { _, _ in }
    ) throws -> ChannelRecording {
        let input = AudioInput.bytes(data, name: path)
        let decoder = try input.decoder()
        let (inside, rate) = (decoder.channels, decoder.sampleRate)
        let limit = decoder.frames(longest: longest, most: most)
        let mix = try input.mix(longest: longest, most: most)
        var channels: [Channel] = []
        for _ in 0..<(mix.isOfTwoSounds ? 2 : 1) { channels.append(try Channel(from: rate, to: sampleRate)) }
        var block = decoder.emptyBlock
        var read = 0
        var isCut = false
        while true {
            var got = try decoder.read(into: &block)
            guard got > 0 else { break }
            if read + got > limit {
                got = limit - read
                isCut = true
            }
            let two = inside == 2 ? (0..<2).map { finite(block, frames: got, channel: $0) } : []
            for (index, samples) in two.enumerated() { try inspect(index, samples) }
            if mix.isOfTwoSounds {
                for (channel, samples) in zip(channels, two) { try channel.append(samples) }
            } else {
                var samples: [Float] = []
                mix.mix(block, frames: got, into: &samples)
                if two.isEmpty { try inspect(0, samples) }
                try channels[0].append(samples)
            }
            read += got
            if isCut { break }
        }
        if read == 0 { throw decoder.emptiness() }
        var clips: [AudioClip] = []
        for channel in channels { clips.append(try channel.finish()) }
        let shortest = clips.map(\.samples.count).min() ?? 0
        for index in clips.indices { clips[index].samples.removeLast(clips[index].samples.count - shortest) }
        return ChannelRecording(channels: clips, sourceRate: rate, isCut: isCut)
    }

    /// One of two channels; what is not finite becomes 0.
    private static func finite(_ block: [Float], frames: Int, channel: Int) -> [Float] {
        (0..<frames).map { frame in
            let value = block[2 * frame + channel]
            return value.isFinite ? value : 0
        }
    }

    /// One channel on its way to the wanted rate.
    private final class Channel {
        private var resampler: Resampler?
        private var samples: [Float] = []
        private let rate: Int

        init(from source: Int, to target: Int) throws(AudioError) {
            rate = target
            resampler = source == target ? nil : try Resampler(from: source, to: target)
        }

        func append(_ block: [Float]) throws(AudioError) {
            if resampler == nil {
                samples += block
            } else {
                samples += try resampler!.process(block)
            }
        }

        func finish() throws(AudioError) -> AudioClip {
            if resampler != nil { samples += try resampler!.finish() }
            return AudioClip(samples: samples, sampleRate: rate)
        }
    }
}
