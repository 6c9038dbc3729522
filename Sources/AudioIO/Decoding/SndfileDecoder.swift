import CSndfile
import Foundation

/// Whatever libsndfile reads: wav, flac, ogg, opus, mp3, aiff and more.
final class SndfileDecoder: Decoder {
    let channels: Int
    let sampleRate: Int
    private let file: OpaquePointer
    private let path: String
    /// Kept for the callbacks while the file is open.
    private let source: MemorySource?

    init(_ input: AudioInput) throws(AudioError) {
        var info = SF_INFO()
        path = input.name
        let opened: OpaquePointer?
        switch input {
        case .file(let path, _):
            source = nil
            opened = sf_open(path, Int32(SFM_READ), &info)
        case .bytes(let data, _):
            let source = MemorySource(data)
            self.source = source
            var io = MemorySource.callbacks
            opened = sf_open_virtual(&io, Int32(SFM_READ), &info, Unmanaged.passUnretained(source).toOpaque())
        }
        guard let file = opened else {
            if sf_error(nil) == SF_ERR_UNRECOGNISED_FORMAT { throw .unknownFormat(path: path) }
            throw .unreadable(path: path, reason: Self.reason(nil))
        }
        self.file = file
        (channels, sampleRate) = (Int(info.channels), Int(info.samplerate))
        // From here on `deinit` closes the file.
        if !(1...AudioReader.maximumChannels).contains(channels) {
            throw .unreadable(path: path, reason: "it claims \(channels) channels")
        }
        if !Resampler.usable.contains(sampleRate) { throw .badSampleRate(sampleRate) }
    }

    deinit { sf_close(file) }

    func read(into block: inout [Float]) throws(AudioError) -> Int {
        max(0, Int(sf_readf_float(file, &block, sf_count_t(block.count / channels))))
    }

    func emptiness() -> AudioError {
        sf_error(file) != SF_ERR_NO_ERROR ? .unreadable(path: path, reason: Self.reason(file)) : .empty(path: path)
    }

    /// libsndfile's last error as a phrase without its full stop.
    private static func reason(_ file: OpaquePointer?) -> String {
        var text = String(cString: sf_strerror(file)).trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasSuffix(".") { text.removeLast() }
        return text.replacing("\n", with: " ")
    }
}

/// Bytes in memory behind libsndfile's virtual input.
private final class MemorySource {
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
