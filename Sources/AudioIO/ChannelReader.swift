import CSndfile
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
        if data.isEmpty { throw AudioError.empty(path: path) }
        let source = MemorySource(data)
        var info = SF_INFO()
        var io = MemorySource.callbacks
        return try withExtendedLifetime(source) {
            let opened = sf_open_virtual(&io, Int32(SFM_READ), &info, Unmanaged.passUnretained(source).toOpaque())
            let file = try check(opened, info, path: path)
            defer { sf_close(file) }
            let frames = min(longest * Double(info.samplerate), most / Double(info.channels), 1e12)
            return try separate(file, info, path: path, sampleRate: sampleRate, limit: Int(frames), inspect: inspect)
        }
    }

    private static func separate(
        _ file: OpaquePointer, _ info: SF_INFO, path: String, sampleRate: Int, limit: Int,
        inspect: (_ channel: Int, _ samples: [Float]) throws -> Void
    ) throws -> ChannelRecording {
        let (inside, rate) = (Int(info.channels), Int(info.samplerate))
        var channels: [Channel] = []
        for _ in 0..<(inside == 2 ? 2 : 1) { channels.append(try Channel(from: rate, to: sampleRate)) }
        let frames = 16_384 / inside
        var block = [Float](repeating: 0, count: frames * inside)
        var read = 0
        var isCut = false
        while true {
            var got = Int(sf_readf_float(file, &block, sf_count_t(frames)))
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
        if read == 0 { throw nothing(in: file, path: path) }
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
