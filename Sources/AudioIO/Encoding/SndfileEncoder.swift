import CSndfile
import Files
import Foundation

/// FLAC, Vorbis, Opus and MP3 through libsndfile, writing to a sink.
final class SndfileEncoder: Encoder {
    private let format: AudioFormat
    private let output: VirtualOutput
    private var file: OpaquePointer?

    /// - Parameter live: whether somebody listens while the speech is being made.
    init(format: AudioFormat, sink: any ByteSink, sampleRate: Int, metadata: AudioMetadata, live: Bool) throws {
        self.format = format
        output = VirtualOutput(sink)
        var info = SF_INFO()
        info.samplerate = Int32(sampleRate)
        info.channels = 1
        info.format = Int32(Self.code(of: format))
        var io = VirtualOutput.callbacks
        file = sf_open_virtual(&io, Int32(SFM_WRITE), &info, Unmanaged.passUnretained(output).toOpaque())
        if let failure = output.failure { throw failure }
        guard let file else { throw AudioError.encoder(format: format, reason: Self.reason(nil)) }

        // In MP3 the encoder's name is always LAME's, so the program is named in the comment.
        let program = format == .mp3 ? metadata.software.map { "Made with \($0)." } : nil
        let remarks = [metadata.comment, program].compactMap { $0 }
        let strings = [
            (SF_STR_TITLE, metadata.title), (SF_STR_ARTIST, metadata.artist),
            (SF_STR_COMMENT, remarks.isEmpty ? nil : remarks.joined(separator: " ")),
            (SF_STR_SOFTWARE, metadata.software),
        ]
        // Not every format has room for every string; what does not fit is left out.
        for case (let key, let text?) in strings { _ = sf_set_string(file, Int32(key), text) }
        if var level = Self.compression(of: format, live: live) {
            if format == .mp3 {
                var mode = Int32(live ? SF_BITRATE_MODE_CONSTANT : SF_BITRATE_MODE_VARIABLE)
                sf_command(file, Int32(SFC_SET_BITRATE_MODE), &mode, Int32(MemoryLayout<Int32>.size))
            }
            sf_command(file, Int32(SFC_SET_COMPRESSION_LEVEL), &level, Int32(MemoryLayout<Double>.size))
        }
        if format == .opus, live {
            // A listener at the other end of a pipe should not wait a second for each page.
            var latency = 100.0
            sf_command(file, Int32(SFC_SET_OGG_PAGE_LATENCY), &latency, Int32(MemoryLayout<Double>.size))
        }
        sf_command(file, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
    }

    deinit { if let file { sf_close(file) } }

    func append(_ samples: [Float]) throws {
        guard let file, !samples.isEmpty else { return }
        let saturated = samples.map(PCM.saturated)
        let written = sf_write_float(file, saturated, sf_count_t(saturated.count))
        if let failure = output.failure { throw failure }
        if written != saturated.count { throw AudioError.encoder(format: format, reason: Self.reason(file)) }
    }

    func finish() throws {
        guard let file else { return }
        self.file = nil
        let code = sf_close(file)
        if let failure = output.failure { throw failure }
        if code != SF_ERR_NO_ERROR { throw AudioError.encoder(format: format, reason: "error \(code) while closing") }
    }

    private static func code(of format: AudioFormat) -> Int {
        switch format {
        case .wav: Int(SF_FORMAT_WAV | SF_FORMAT_PCM_16)
        case .raw: Int(SF_FORMAT_RAW | SF_FORMAT_PCM_16)
        case .flac: Int(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
        case .ogg: Int(SF_FORMAT_OGG | SF_FORMAT_VORBIS)
        case .opus: Int(SF_FORMAT_OGG | SF_FORMAT_OPUS)
        case .mp3: Int(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III)
        case .aac, .m4a: 0  // `AACEncoder` writes them
        }
    }

    /// libsndfile's compression level, 0 (best) to 1 (smallest).
    private static func compression(of format: AudioFormat, live: Bool) -> Double? {
        switch format {
        case .ogg: 0.4  // Vorbis quality 6
        case .opus: 0.768  // libsndfile: bits a second = (1 − level)·250 000 + 6 000, here 64 000
        // A file: LAME's variable bit rate, best quality. A stream has no table of its length, so players estimate it
        // from the bit rate, which must then be constant: (160 − 152·level) kbit/s below 32 kHz, here 96.
        case .mp3: live ? 0.42 : 0
        case .wav, .raw, .flac, .aac, .m4a: nil
        }
    }

    private static func reason(_ file: OpaquePointer?) -> String {
        String(cString: sf_strerror(file)).trimmingCharacters(in: CharacterSet(charactersIn: ". \n"))
    }
}

/// A sink behind libsndfile's virtual output. Keeps the first failure, since C callbacks cannot throw.
///
/// Over a sink that cannot seek, a write behind what was already sent is dropped: that is an encoder patching a header
/// whose stream form is valid as it stands.
private final class VirtualOutput {
    let sink: any ByteSink
    private(set) var failure: FileError?
    private var position = 0
    private var length = 0

    init(_ sink: any ByteSink) { self.sink = sink }

    private func write(_ source: UnsafeRawPointer?, _ count: Int) -> Int {
        guard failure == nil, let source, count > 0 else { return 0 }
        do throws(FileError) {
            var bytes = UnsafeRawBufferPointer(start: source, count: count)
            if !sink.canSeek, position < length {
                bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(length - position))
            }
            try sink.write(bytes)
            position += count
            length = max(length, position)
            return count
        } catch {
            failure = error
            return 0
        }
    }

    private func seek(_ offset: Int, _ whence: Int32) -> Int {
        let target =
            switch whence {
            case SEEK_CUR: position + offset
            case SEEK_END: length + offset
            default: offset
            }
        guard failure == nil, target >= 0, target <= length else { return -1 }
        if sink.canSeek {
            do throws(FileError) { try sink.seek(to: target) } catch {
                failure = error
                return -1
            }
        }
        position = target
        return target
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> VirtualOutput {
        Unmanaged<VirtualOutput>.fromOpaque(pointer!).takeUnretainedValue()
    }

    static var callbacks: SF_VIRTUAL_IO {
        SF_VIRTUAL_IO(
            get_filelen: { sf_count_t(VirtualOutput.from($0).length) },
            seek: { offset, whence, user in sf_count_t(VirtualOutput.from(user).seek(Int(offset), whence)) },
            read: { _, _, _ in 0 },
            write: { source, count, user in sf_count_t(VirtualOutput.from(user).write(source, Int(count))) },
            tell: { sf_count_t(VirtualOutput.from($0).position) })
    }
}
