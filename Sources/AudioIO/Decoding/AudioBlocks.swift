public import Foundation

/// A recording that can be decoded more than once: a file, or the contents of a pipe.
///
/// ```swift
/// let blocks = try AudioSource(url).blocks(sampleRate: 24_000)
/// while let samples = try blocks.next() { meter.push(samples) }
/// ```
public struct AudioSource: Sendable {
    /// How its channels are mixed into one, determined from the whole recording.
    public let channels: ChannelMix
    private let input: AudioInput
    /// In seconds.
    private let longest: Double

    /// - Parameters:
    ///   - url: a file, or a pipe, which is held in memory as a whole.
    ///   - name: its name in errors; by default its path as given.
    ///   - longest: maximum duration in seconds; exceeding it is an error as soon as it is reached, whatever a header
    ///     claims.
    /// - Throws: `AudioError`
    public init(_ url: URL, named name: String? = nil, longest: Double = .infinity) throws(AudioError) {
        try self.init(AudioInput(url, named: name), longest: longest)
    }

    /// - Parameters:
    ///   - bytes: the contents of a file.
    ///   - name: its name in errors.
    ///   - longest: maximum duration in seconds.
    /// - Throws: `AudioError`
    public init(_ bytes: Data, named name: String, longest: Double = .infinity) throws(AudioError) {
        try self.init(.bytes(bytes, name: name), longest: longest)
    }

    private init(_ input: AudioInput, longest: Double) throws(AudioError) {
        self.input = input
        self.longest = longest
        channels = try input.mix(longest: longest)
    }

    /// Its name in errors.
    public var name: String { input.name }

    /// Its samples from the beginning, in constant memory.
    ///
    /// - Parameter sampleRate: the wanted rate in Hz.
    public func blocks(sampleRate: Int) throws(AudioError) -> AudioBlocks {
        try AudioBlocks(input.decoder(), mix: channels, sampleRate: sampleRate, name: name, longest: longest)
    }
}

/// The samples of an `AudioSource`, block by block. Use one instance from one task at a time.
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

    /// The next block, mixed to mono and possibly empty; nil at the end.
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
    /// Reads a file of any length block by block, in constant memory.
    ///
    /// - Parameters:
    ///   - url: a file, or a pipe, which is held in memory as a whole.
    ///   - sampleRate: the wanted rate in Hz.
    ///   - body: receives the mono mix block by block; at least one sample in total.
    public static func read(_ url: URL, sampleRate: Int, each body: ([Float]) -> Void) throws(AudioError) {
        let blocks = try AudioSource(url).blocks(sampleRate: sampleRate)
        while let samples = try blocks.next() { body(samples) }
    }
}
