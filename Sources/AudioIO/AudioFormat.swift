/// The formats Starling writes. (`AudioReader` reads more.)
public enum AudioFormat: String, CaseIterable, Sendable, Equatable {
    /// RIFF WAVE, 16-bit PCM.
    case wav
    /// FLAC, 16 bits, lossless.
    case flac
    /// Vorbis in Ogg.
    case ogg
    /// Opus in Ogg.
    case opus
    /// MPEG layer III.
    case mp3
    /// AAC in an ADTS stream.
    case aac
    /// AAC in MP4, with metadata.
    case m4a
    /// Headerless signed 16-bit little-endian samples.
    case raw

    /// The format a file name's extension stands for, or nil.
    public init?(fileExtension: String) {
        switch fileExtension.lowercased() {
        case "wav", "wave": self = .wav
        case "flac": self = .flac
        case "ogg", "oga": self = .ogg
        case "opus": self = .opus
        case "mp3": self = .mp3
        case "aac", "adts": self = .aac
        case "m4a", "mp4": self = .m4a
        case "raw", "pcm", "s16", "s16le": self = .raw
        default: return nil
        }
    }

    /// The format of an output: the requested one, or else that of its file name extension.
    public static func resolve(asked: AudioFormat?, path: String) throws(AudioError) -> AudioFormat {
        if let asked { return asked }
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."),
            let format = AudioFormat(fileExtension: String(name[name.index(after: dot)...]))
        else { throw .formatNotTold(path: path) }
        return format
    }

    /// The MIME type of the format.
    public var mediaType: String {
        switch self {
        case .wav: "audio/wav"
        case .flac: "audio/flac"
        case .ogg, .opus: "audio/ogg"
        case .mp3: "audio/mpeg"
        case .aac: "audio/aac"
        case .m4a: "audio/mp4"
        case .raw: "audio/L16"
        }
    }

    /// The supported sample rates in Hz; empty if any rate is.
    public var sampleRates: [Int] {
        switch self {
        case .wav, .raw, .flac, .ogg: []
        case .opus: [8_000, 12_000, 16_000, 24_000, 48_000]
        case .mp3: [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
        case .aac, .m4a:
            [7_350, 8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000]
        }
    }

    /// Whether it is written by `starling-media`.
    public var needsMediaHelper: Bool { self == .aac || self == .m4a }

    static var extensionsListed: String {
        allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
    }
}

/// Metadata of a file, written if the format supports it.
public struct AudioMetadata: Sendable, Equatable {
    /// The program that made the file.
    public var software: String?
    /// The work's title.
    public var title: String?
    /// The voice.
    public var artist: String?
    /// Anything else; Starling says here that the speech is synthetic.
    public var comment: String?

    /// Metadata; nil omits a field.
    public init(software: String? = nil, title: String? = nil, artist: String? = nil, comment: String? = nil) {
        self.software = software
        self.title = title
        self.artist = artist
        self.comment = comment
    }
}
