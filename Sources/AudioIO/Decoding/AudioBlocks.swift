public import Foundation

/// Something that can be decoded more than once: a file, or what came out of a pipe.
///
/// ```swift
/// let blocks = try AudioSource(url).blocks(sampleRate: 24_000)
/// while let samples = try blocks.next() { meter.push(samples) }
/// ```
public struct AudioSource: Sendable {
    /// How its channels become one; all of its sound tells.
    public let channels: ChannelMix
    private let input: AudioInput
    /// In seconds.
    private let longest: Double

    /// - Parameters:
    ///   - url: a file, or a pipe, which is held in memory as a whole.
    ///   - name: how errors call it; by default its path as it was given.
    ///   - longest: seconds that it may have; more is an error as soon as it is met, whatever a header promised.
    /// - Throws: `AudioError`
    public init(_ url: URL, named name: String? = nil, longest: Double = .infinity) throws(AudioError) {
        try self.init(AudioInput(url, named: name), longest: longest)
    }

    /// - Parameters:
    ///   - bytes: the contents of a file.
    ///   - name: how errors call it.
    ///   - longest: seconds that it may have.
    /// - Throws: `AudioError`
    public init(_ bytes: Data, named name: String, longest: Double = .infinity) throws(AudioError) {
        try self.init(.bytes(bytes, name: name), longest: longest)
    }

    private init(_ input: AudioInput, longest: Double) throws(AudioError) {
        self.input = input
        self.longest = longest
        channels = try input.mix(longest: longest)
    }

    /// How errors call it.
    public var name: String { input.name }

    /// Its sound from the beginning, in flat memory.
    ///
    /// - Parameter sampleRate: the wanted rate in Hz.
    public func blocks(sampleRate: Int) throws(AudioError) -> AudioBlocks {
        try AudioBlocks(input.decoder(), mix: channels, sampleRate: sampleRate, name: name, longest: longest)
    }
}

/// The sound of an `AudioSource`, block after block. Use one instance from one task at a time.
public final class AudioBlocks {
    private let decoder: any Decoder
    private let mix: ChannelMix
    private let name: String
    /// In seconds.
    private let longest: Double
    /// Frames that were read.
    private var count = 0
    private var resampler: Resampler
    private let resamples: Bool
    private var block: [Float]
    private var isFinished = false

    init(
        _ decoder: any Decoder, mix: ChannelMix, sampleRate: Int, name: String, longest: Double
    ) throws(AudioError) {
        (self.decoder, self.mix, self.name, self.longest) = (decoder, mix, name, longest)
        resampler = try Resampler(from: decoder.sampleRate, to: sampleRate)
        resamples = decoder.sampleRate != sampleRate
        block = decoder.emptyBlock
    }

    /// The channels of the next block as one, perhaps of no samples; nil at the end.
    ///
    /// - Throws: `AudioError`, also if there is no sample at all, or too many
    public func next() throws(AudioError) -> [Float]? {
        guard !isFinished else { return nil }
        let got = try decoder.read(into: &block)
        guard got > 0 else {
            isFinished = true
            if count == 0 { throw decoder.emptiness() }
            return resamples ? try resampler.finish() : nil
        }
        count += got
        guard Double(count) <= longest * Double(decoder.sampleRate) else {
            throw .tooLong(path: name, limit: longest)
        }
        var mono: [Float] = []
        mix.mix(block, frames: got, into: &mono)
        return resamples ? try resampler.process(mono) : mono
    }
}

extension AudioReader {
    /// Reads a file of any length block by block, in flat memory.
    ///
    /// - Parameters:
    ///   - url: a file, or a pipe, which is held in memory as a whole.
    ///   - sampleRate: the wanted rate in Hz.
    ///   - body: takes the channels as one, block after block; at least one sample in all.
    public static func read(_ url: URL, sampleRate: Int, each body: ([Float]) -> Void) throws(AudioError) {
        let blocks = try AudioSource(url).blocks(sampleRate: sampleRate)
        while let samples = try blocks.next() { body(samples) }
    }
}
