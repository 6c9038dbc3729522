import Files
public import Foundation

/// Reads sound files as mono samples: what libsndfile reads (wav, flac, ogg, opus, mp3, aiff and more), and through the
/// program `starling-media` what phones record (m4a, mp4, webm, amr, 3gp, wma and more).
///
/// ```swift
/// let clip = try AudioReader.read(URL(filePath: "ann.mp3"), sampleRate: 24_000)
/// ```
/// Headers are not trusted: samples are read block by block until they end, so a header that claims a terabyte costs
/// nothing.
public enum AudioReader {
    /// The most channels that are mixed; a file with more is not speech.
    static let maximumChannels = 64
    /// The most bytes read from a pipe, which has to be held in memory.
    static let maximumPipe = 1 << 29

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - url: a file, or a pipe such as `/dev/stdin`.
    ///   - sampleRate: the wanted rate in Hz, or nil for the file's own.
    ///   - maximumDuration: the longest file that is accepted, in seconds.
    /// - Returns: the channels as one (`ChannelMix`), at least one sample.
    public static func read(_ url: URL, sampleRate: Int? = nil, maximumDuration: Double = 4 * 3_600) throws(AudioError)
        -> AudioClip
    {
        try read(AudioInput(url), sampleRate: sampleRate, maximumDuration: maximumDuration)
    }

    /// Reads a file that is in memory.
    ///
    /// - Parameter path: the name to use in errors.
    public static func read(
        _ data: Data, named path: String, sampleRate: Int? = nil, maximumDuration: Double = 4 * 3_600
    ) throws(AudioError) -> AudioClip {
        try read(.bytes(data, name: path), sampleRate: sampleRate, maximumDuration: maximumDuration)
    }

    /// The bytes of a file or pipe, at most 512 MB.
    ///
    /// - Parameter name: how errors call it; by default its path as it was given.
    public static func contents(of url: URL, named name: String? = nil) throws(AudioError) -> Data {
        let path = url.path(percentEncoded: false)
        let name = name ?? url.relativePath
        _ = try isPlainFile(path, named: name)
        return try drain(path, named: name)
    }

    private static func read(_ input: AudioInput, sampleRate: Int?, maximumDuration: Double) throws(AudioError)
        -> AudioClip
    {
        let decoder = try input.decoder()
        let limit = decoder.frames(longest: maximumDuration)
        let channels = try input.mix(longest: maximumDuration)
        var block = decoder.emptyBlock
        var samples: [Float] = []
        while true {
            let got = try decoder.read(into: &block)
            guard got > 0 else { break }
            if samples.count + got > limit { throw .tooLong(path: input.name, limit: maximumDuration) }
            channels.mix(block, frames: got, into: &samples)
        }
        if samples.isEmpty { throw decoder.emptiness() }
        let clip = AudioClip(samples: samples, sampleRate: decoder.sampleRate)
        return try clip.resampled(to: sampleRate ?? clip.sampleRate)
    }

    /// Whether the path names a regular file with something in it, rather than a pipe or device.
    ///
    /// - Parameter name: how errors call it.
    static func isPlainFile(_ path: String, named name: String) throws(AudioError) -> Bool {
        guard let status = FileStatus(path) else {
            throw .unreadable(path: name, reason: String(cString: strerror(errno)))
        }
        switch status.kind {
        case .folder: throw .unreadable(path: name, reason: "it is a folder")
        case .file:
            if status.size == 0 { throw .empty(path: name) }
            guard access(path, R_OK) == 0 else {
                throw .unreadable(path: name, reason: String(cString: strerror(errno)))
            }
            return true
        default: return false
        }
    }

    static func drain(_ path: String, named name: String) throws(AudioError) -> Data {
        do throws(FileError) {
            return Data(try OpenFile(reading: path).contents(limit: maximumPipe))
        } catch {
            throw .unreadable(path: name, reason: error.reason)
        }
    }
}
