import Foundation

/// Errors of reading and writing audio; an output that cannot be written is a `FileError`. Each description says what
/// is wrong and what to do about it, on one line.
public enum AudioError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file could not be opened or read; `reason` is the system's or the decoder's.
    case unreadable(path: String, reason: String)
    /// Neither libsndfile nor FFmpeg's libraries know the format.
    case unknownFormat(path: String)
    /// The file has no samples.
    case empty(path: String)
    /// No sample is louder than `AudioClip.silencePeak`.
    case silent(path: String, peak: Float)
    /// The file is longer than the caller's limit, in seconds.
    case tooLong(path: String, limit: Double)
    /// The sample rate is not supported.
    case badSampleRate(Int)
    /// The format does not support the sample rate.
    case unsupportedSampleRate(AudioFormat, Int)
    /// The output's name does not determine a format.
    case formatNotTold(path: String)
    /// The encoder failed.
    case encoder(format: AudioFormat, reason: String)
    /// The resampler failed.
    case resampler(reason: String)
    /// The helper program `starling-media` cannot be started.
    case noMedia(reason: String)

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason); check that it is a complete audio file"
        case .unknownFormat(let path):
            "\(path) is not in a known audio format; convert it to wav, flac, ogg, opus, mp3 or m4a"
        case .empty(let path):
            "\(path) contains no audio samples; record or export it again"
        case .silent(let path, let peak):
            "\(path) is silent (peak \(peak) of 1); check the microphone or pick another recording"
        case .tooLong(let path, let limit):
            "\(path) is longer than \(Int(limit)) seconds; cut it and try again"
        case .badSampleRate(let rate):
            "a sample rate of \(rate) Hz is not supported; use 1000 to 768000 Hz"
        case .unsupportedSampleRate(let format, let rate):
            "\(format.rawValue) does not support \(rate) Hz; use \(format.sampleRates.map { "\($0)" }.joined(separator: ", ")) Hz"
        case .formatNotTold(let path):
            "the name \(path) does not say which audio format to write; use one of the extensions \(AudioFormat.extensionsListed), or --format"
        case .encoder(let format, let reason):
            "the \(format.rawValue) encoder failed: \(reason); use another format, such as wav"
        case .resampler(let reason):
            "the resampler failed: \(reason); use a recording with a common sample rate"
        case .noMedia(let reason):
            "cannot start starling-media (\(reason)), which m4a, aac, webm, amr, wma and similar formats need; install it beside "
                + "starling, set STARLING_MEDIA to its path, or use wav, flac, ogg, opus or mp3"
        }
    }
}
