import CSndfile
public import Foundation

extension AudioReader {
    /// Reads a file of any length block by block, in flat memory.
    ///
    /// - Parameters:
    ///   - url: a file, or a pipe, which is held in memory as a whole.
    ///   - sampleRate: the wanted rate in Hz.
    ///   - body: takes the mean of the channels, block after block; at least one sample in all.
    public static func read(_ url: URL, sampleRate: Int, each body: ([Float]) -> Void) throws(AudioError) {
        let path = url.path(percentEncoded: false)
        var info = SF_INFO()
        if try isPlainFile(path) {
            let file = sf_open(path, Int32(SFM_READ), &info)
            return try stream(file, info, path: path, sampleRate: sampleRate, body)
        }
        let data = try drain(path)
        if data.isEmpty { throw .empty(path: path) }
        let source = MemorySource(data)
        defer { withExtendedLifetime(source) {} }
        var io = MemorySource.callbacks
        let file = sf_open_virtual(&io, Int32(SFM_READ), &info, Unmanaged.passUnretained(source).toOpaque())
        try stream(file, info, path: path, sampleRate: sampleRate, body)
    }

    private static func stream(
        _ opened: OpaquePointer?, _ info: SF_INFO, path: String, sampleRate: Int, _ body: ([Float]) -> Void
    ) throws(AudioError) {
        let file = try check(opened, info, path: path)
        defer { sf_close(file) }
        let (channels, rate) = (Int(info.channels), Int(info.samplerate))
        var resampler = try Resampler(from: rate, to: sampleRate)
        let frames = 16_384 / channels
        var block = [Float](repeating: 0, count: frames * channels)
        var mono: [Float] = []
        var isEmpty = true
        while true {
            let got = Int(sf_readf_float(file, &block, sf_count_t(frames)))
            guard got > 0 else { break }
            isEmpty = false
            mono.removeAll(keepingCapacity: true)
            mix(block, frames: got, channels: channels, into: &mono)
            body(rate == sampleRate ? mono : try resampler.process(mono))
        }
        if isEmpty { throw nothing(in: file, path: path) }
        if rate != sampleRate { body(try resampler.finish()) }
    }
}
