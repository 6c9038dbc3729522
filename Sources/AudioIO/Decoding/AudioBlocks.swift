public import Foundation

extension AudioReader {
    /// Reads a file of any length block by block, in flat memory.
    ///
    /// - Parameters:
    ///   - url: a file, or a pipe, which is held in memory as a whole.
    ///   - sampleRate: the wanted rate in Hz.
    ///   - body: takes the mean of the channels, block after block; at least one sample in all.
    public static func read(_ url: URL, sampleRate: Int, each body: ([Float]) -> Void) throws(AudioError) {
        let decoder = try AudioInput(url).decoder()
        let rate = decoder.sampleRate
        var resampler = try Resampler(from: rate, to: sampleRate)
        var block = decoder.emptyBlock
        var mono: [Float] = []
        var isEmpty = true
        while true {
            let got = try decoder.read(into: &block)
            guard got > 0 else { break }
            isEmpty = false
            mono.removeAll(keepingCapacity: true)
            mix(block, frames: got, channels: decoder.channels, into: &mono)
            body(rate == sampleRate ? mono : try resampler.process(mono))
        }
        if isEmpty { throw decoder.emptiness() }
        if rate != sampleRate { body(try resampler.finish()) }
    }
}
