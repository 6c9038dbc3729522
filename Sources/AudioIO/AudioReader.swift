import CSndfile
import Files
public import Foundation

/// Reads any file that libsndfile reads (wav, flac, ogg, opus, mp3, aiff and more) as mono samples.
///
/// ```swift
/// let clip = try AudioReader.read(URL(filePath: "ann.mp3"), sampleRate: 24_000)
/// ```
/// Headers are not believed: samples are read block by block until they end, so a header that promises a terabyte costs
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
    /// - Returns: the mean of the channels, at least one sample.
    public static func read(_ url: URL, sampleRate: Int? = nil, maximumDuration: Double = 4 * 3_600) throws(AudioError)
        -> AudioClip
    {
        let path = url.path(percentEncoded: false)
        guard try isPlainFile(path) else {
            return try read(try drain(path), named: path, sampleRate: sampleRate, maximumDuration: maximumDuration)
        }
        var info = SF_INFO()
        let file = sf_open(path, Int32(SFM_READ), &info)
        return try decode(file, info, path: path, sampleRate: sampleRate, maximumDuration: maximumDuration)
    }

    /// The bytes of a file, or all that comes out of a pipe, at most 512 MB.
    public static func contents(of url: URL) throws(AudioError) -> Data {
        let path = url.path(percentEncoded: false)
        _ = try isPlainFile(path)
        return try drain(path)
    }

    /// Whether the path names a plain file with something in it, rather than a pipe or device.
    static func isPlainFile(_ path: String) throws(AudioError) -> Bool {
        guard let status = FileStatus(path) else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        switch status.kind {
        case .folder: throw .unreadable(path: path, reason: "it is a folder")
        case .file:
            if status.size == 0 { throw .empty(path: path) }
            guard access(path, R_OK) == 0 else {
                throw .unreadable(path: path, reason: String(cString: strerror(errno)))
            }
            return true
        default: return false
        }
    }

    /// Reads a file that is in memory.
    ///
    /// - Parameter path: the name to use in errors.
    public static func read(
        _ data: Data, named path: String, sampleRate: Int? = nil, maximumDuration: Double = 4 * 3_600
    ) throws(AudioError) -> AudioClip {
        if data.isEmpty { throw .empty(path: path) }
        let source = MemorySource(data)
        var info = SF_INFO()
        var io = MemorySource.callbacks
        let result = withExtendedLifetime(source) { () -> Result<AudioClip, AudioError> in
            let file = sf_open_virtual(&io, Int32(SFM_READ), &info, Unmanaged.passUnretained(source).toOpaque())
            return Result { () throws(AudioError) in
                try decode(file, info, path: path, sampleRate: sampleRate, maximumDuration: maximumDuration)
            }
        }
        return try result.get()
    }

    private static func decode(
        _ opened: OpaquePointer?, _ info: SF_INFO, path: String, sampleRate: Int?, maximumDuration: Double
    ) throws(AudioError) -> AudioClip {
        let file = try check(opened, info, path: path)
        defer { sf_close(file) }
        let (channels, rate) = (Int(info.channels), Int(info.samplerate))
        let limit = Int(min(maximumDuration * Double(rate), 1e12))

        let frames = 16_384 / channels
        var block = [Float](repeating: 0, count: frames * channels)
        var samples: [Float] = []
        while true {
            let got = Int(sf_readf_float(file, &block, sf_count_t(frames)))
            guard got > 0 else { break }
            if samples.count + got > limit { throw .tooLong(path: path, limit: maximumDuration) }
            mix(block, frames: got, channels: channels, into: &samples)
        }
        if samples.isEmpty { throw nothing(in: file, path: path) }
        let clip = AudioClip(samples: samples, sampleRate: rate)
        return try clip.resampled(to: sampleRate ?? rate)
    }

    /// The opened file, if it is one that can be read; otherwise it is closed.
    static func check(_ opened: OpaquePointer?, _ info: SF_INFO, path: String) throws(AudioError) -> OpaquePointer {
        guard let file = opened else {
            let code = sf_error(nil)
            if code == SF_ERR_UNRECOGNISED_FORMAT { throw .unknownFormat(path: path) }
            throw .unreadable(path: path, reason: reason(nil))
        }
        let problem: AudioError?
        if !(1...maximumChannels).contains(Int(info.channels)) {
            problem = .unreadable(path: path, reason: "it claims \(info.channels) channels")
        } else if !Resampler.usable.contains(Int(info.samplerate)) {
            problem = .badSampleRate(Int(info.samplerate))
        } else {
            problem = nil
        }
        guard let problem else { return file }
        sf_close(file)
        throw problem
    }

    /// Why a file gave no samples.
    static func nothing(in file: OpaquePointer, path: String) -> AudioError {
        sf_error(file) != SF_ERR_NO_ERROR ? .unreadable(path: path, reason: reason(file)) : .empty(path: path)
    }

    /// Appends the mean over channels; what is not finite becomes 0.
    static func mix(_ block: [Float], frames: Int, channels: Int, into samples: inout [Float]) {
        let scale = 1 / Float(channels)
        for frame in 0..<frames {
            var sum: Float = 0
            for channel in 0..<channels { sum += block[frame * channels + channel] }
            let mean = sum * scale
            samples.append(mean.isFinite ? mean : 0)
        }
    }

    /// libsndfile's last error as a phrase without its full stop.
    private static func reason(_ file: OpaquePointer?) -> String {
        var text = String(cString: sf_strerror(file)).trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasSuffix(".") { text.removeLast() }
        return text.replacing("\n", with: " ")
    }

    static func drain(_ path: String) throws(AudioError) -> Data {
        do throws(FileError) {
            return Data(try OpenFile(reading: path).contents(limit: maximumPipe))
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
    }
}

/// Bytes in memory behind libsndfile's virtual input.
final class MemorySource {
    let data: Data
    var position = 0

    init(_ data: Data) { self.data = data }

    static func from(_ pointer: UnsafeMutableRawPointer?) -> MemorySource {
        Unmanaged<MemorySource>.fromOpaque(pointer!).takeUnretainedValue()
    }

    static var callbacks: SF_VIRTUAL_IO {
        SF_VIRTUAL_IO(
            get_filelen: { sf_count_t(MemorySource.from($0).data.count) },
            seek: { offset, whence, user in
                let source = MemorySource.from(user)
                let base =
                    switch whence {
                    case SEEK_CUR: source.position
                    case SEEK_END: source.data.count
                    default: 0
                    }
                let (target, overflow) = base.addingReportingOverflow(Int(offset))
                guard !overflow, target >= 0 else { return -1 }
                source.position = target
                return sf_count_t(target)
            },
            read: { target, count, user in
                let source = MemorySource.from(user)
                let available = max(0, min(Int(count), source.data.count - source.position))
                guard available > 0, let target else { return 0 }
                let start = source.data.startIndex + source.position
                source.data.copyBytes(
                    to: target.assumingMemoryBound(to: UInt8.self), from: start..<(start + available))
                source.position += available
                return sf_count_t(available)
            },
            write: { _, _, _ in 0 },
            tell: { sf_count_t(MemorySource.from($0).position) })
    }
}
