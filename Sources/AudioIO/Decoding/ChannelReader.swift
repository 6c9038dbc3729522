public import Foundation

/// A recording with its channels apart.
public struct ChannelRecording: Sendable {
    /// The first one or two channels at the wanted rate, equally long; a file with more channels gives their mean.
    public var channels: [AudioClip]
    /// Samples per second in the file.
    public var sourceRate: Int
    /// Whether the file goes on beyond the limit.
    public var isCut: Bool
}

extension AudioReader {
    /// Reads a file that is in memory without mixing its two channels, block by block, so that memory holds no more than the
    /// result.
    ///
    /// - Parameters:
    ///   - path: the name to use in errors.
    ///   - sampleRate: the wanted rate in Hz.
    ///   - longest: seconds after which reading stops.
    ///   - most: samples of all channels together after which it stops, so that high rates and many channels do not take
    ///     more work than their seconds tell.
    ///   - inspect: is shown every block of every channel as it is in the file, before resampling; what it throws ends the
    ///     reading.
    /// - Throws: `AudioError`
    public static func readChannels(
        _ data: Data, named path: String, sampleRate: Int, longest: Double, most: Double = .infinity,
        inspect: (_ channel: Int, _ samples: [Float]) throws -> Void = { _, _ in }
    ) throws -> ChannelRecording {
        let decoder = try AudioInput.bytes(data, name: path).decoder()
        let (inside, rate) = (decoder.channels, decoder.sampleRate)
        let limit = Int(min(longest * Double(rate), most / Double(inside), 1e12))
        var channels: [Channel] = []
        for _ in 0..<(inside == 2 ? 2 : 1) { channels.append(try Channel(from: rate, to: sampleRate)) }
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
            for (index, channel) in channels.enumerated() {
                var samples: [Float] = []
                if channels.count == 2 {
                    samples = (0..<got).map { frame in
                        let value = block[2 * frame + index]
                        return value.isFinite ? value : 0
                    }
                } else {
                    mix(block, frames: got, channels: inside, into: &samples)
                }
                try inspect(index, samples)
                try channel.append(samples)
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
