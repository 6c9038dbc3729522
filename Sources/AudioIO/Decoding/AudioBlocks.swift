public import Foundation

/// Something that can be decoded more than once: a file, or what came out of a pipe.
///
/// ```swift
/// let blocks = try AudioSource(url).blocks(sampleRate: 24_000)
/// while let samples = try blocks.next() { meter.push(samples) }
/// ```
public struct AudioSource: Sendable {
    private let input: AudioInput

    /// - Parameter url: a file, or a pipe, which is held in memory as a whole.
    public init(_ url: URL) throws(AudioError) { input = try AudioInput(url) }

    /// How errors call it.
    public var name: String { input.name }

    /// Its sound from the beginning, in flat memory.
    ///
    /// - Parameter sampleRate: the wanted rate in Hz.
    public func blocks(sampleRate: Int) throws(AudioError) -> AudioBlocks {
        try AudioBlocks(input.decoder(), sampleRate: sampleRate)
    }
}

/// The sound of an `AudioSource`, block after block. Use one instance from one task at a time.
public final class AudioBlocks {
    private let decoder: any Decoder
    private var resampler: Resampler
    private let resamples: Bool
    private var block: [Float]
    private var isEmpty = true
    private var isFinished = false

    init(_ decoder: any Decoder, sampleRate: Int) throws(AudioError) {
        self.decoder = decoder
        resampler = try Resampler(from: decoder.sampleRate, to: sampleRate)
        resamples = decoder.sampleRate != sampleRate
        block = decoder.emptyBlock
    }

    /// The mean of the channels of the next block, perhaps of no samples; nil at the end.
    ///
    /// - Throws: `AudioError`, also if there is no sample at all
    public func next() throws(AudioError) -> [Float]? {
        guard !isFinished else { return nil }
        let got = try decoder.read(into: &block)
        guard got > 0 else {
            isFinished = true
            if isEmpty { throw decoder.emptiness() }
            return resamples ? try resampler.finish() : nil
        }
        isEmpty = false
        var mono: [Float] = []
        mono.reserveCapacity(got)
        AudioReader.mix(block, frames: got, channels: decoder.channels, into: &mono)
        return resamples ? try resampler.process(mono) : mono
    }
}

extension AudioReader {
    /// Reads a file of any length block by block, in flat memory.
    ///
    /// - Parameters:
    ///   - url: a file, or a pipe, which is held in memory as a whole.
    ///   - sampleRate: the wanted rate in Hz.
    ///   - body: takes the mean of the channels, block after block; at least one sample in all.
    public static func read(_ url: URL, sampleRate: Int, each body: ([Float]) -> Void) throws(AudioError) {
        let blocks = try AudioSource(url).blocks(sampleRate: sampleRate)
        while let samples = try blocks.next() { body(samples) }
    }
}
