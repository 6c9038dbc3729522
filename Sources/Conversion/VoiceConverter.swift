internal import AcousticModel
public import AudioIO
internal import Enrollment
public import Foundation
internal import SpeechSignal
public import VoiceModel
public import VoiceProfile

/// Voice conversion: what somebody said, as they said it, in another voice.
///
///     let converter = try VoiceConverter(networks: networks, data: data)
///     let conversion = try converter.convert(AudioSource(URL(filePath: "speech.wav")), to: ann.profile)
///     while let samples = try conversion.next() { player.play(samples) }
///
/// Words, pauses, intonation and loudness are the recording's; mean and range of F0 are moved to those of the voice.
///
///     recording ─ SourceSpeech ─▶ mel without its speaker, F0 z-score, energy
///               ─ ContentEncoder ─▶ states ─ decoder, under the profile of the voice ─▶ mel ─ vocoder ─▶ samples
///
/// A value without mutable state: any number of tasks may use it at once.
public struct VoiceConverter: Sendable {
    /// Seconds of speech that a recording needs.
    public static let neededSeconds = 1.0
    /// Samples per second of what comes out.
    public static let sampleRate = Signal.sampleRate
    /// Seconds of a recording that are listened to for its speaker; the longer where there is no speech in the shorter.
    private static let listened = [120.0, 600.0]

    /// The name of the networks that speak, such as "starling".
    public var model: String { networks.size.name }

    let networks: SpeechNetworks
    let content: ContentEncoder

    /// - Parameters:
    ///   - networks: the base networks, which the content encoder belongs to; loaded before, perhaps for a
    ///     `Synthesizer` too
    ///   - data: the folder with content.safetensors
    /// - Throws: `VoiceModelError.missingFile`, `WeightError`, `AcousticError.contentEncoder`
    public init(networks: SpeechNetworks, data: URL) throws {
        let file = data.appending(path: "content.safetensors")
        let path = file.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { throw VoiceModelError.missingFile(path: path) }
        self.networks = networks
        content = try ContentEncoder(weights: file, for: networks.acoustic)
    }

    /// Begins a conversion: measures the recording's speaker. Nothing is converted yet.
    ///
    /// - Parameters:
    ///   - source: speech of one person, of any length
    ///   - profile: the voice
    ///   - options: pitch, noise and mark
    /// - Throws: `AudioError`, `EnrollmentError.noSpeech`, `.tooShort`, `AcousticError`
    public func convert(
        _ source: AudioSource, to profile: SpeakerProfile, options: ConversionOptions = ConversionOptions()
    ) throws -> Conversion {
        try Conversion(source, Self.listen(to: source), to: profile, options: options, converter: self)
    }

    /// Says clear speech again, to find out whether the networks and the content encoder belong together.
    ///
    /// - Returns: samples, 24 kHz, and `Conversion.distance`
    /// - Throws: as `convert` and `Conversion.next`; `ConversionError.misheard`
    public func check(
        _ source: AudioSource, to profile: SpeakerProfile
    ) throws -> (samples: [Float], distance: Double) {
        let conversion = try convert(source, to: profile)
        var samples: [Float] = []
        while let block = try conversion.next() { samples += block }
        let distance = conversion.distance
        guard distance <= Self.usualDistance else {
            throw ConversionError.misheard(distance: distance, limit: Self.usualDistance)
        }
        return (samples, distance)
    }

    /// The largest `Conversion.distance` of clear speech.
    private static let usualDistance = 1.0

    private static func listen(to source: AudioSource) throws -> SourceSpeech {
        var failure: (any Error)?
        for seconds in listened {
            let blocks = try source.blocks(sampleRate: sampleRate)
            let wanted = Int(seconds * Double(sampleRate))
            var clip = AudioClip(samples: [], sampleRate: sampleRate)
            while clip.samples.count < wanted, let samples = try blocks.next() { clip.samples += samples }
            do {
                let speech = try SourceSpeech(clip, named: source.name)
                if speech.seconds >= neededSeconds { return speech }
                failure = EnrollmentError.tooShort(
                    name: source.name, seconds: speech.seconds, needed: neededSeconds)
            } catch let error as EnrollmentError {
                failure = error
            }
            if clip.samples.count < wanted { break }
        }
        throw failure ?? AudioError.empty(path: source.name)
    }
}

/// How a conversion sounds.
public struct ConversionOptions: Sendable {
    /// Semitones above the voice's own mean.
    public var pitch: Float = 0
    /// Chooses the noise in the voice.
    public var seed: UInt64 = 0
    /// Whether the inaudible mark is put on, see `Watermark`.
    public var watermark = true

    public init() {}
}
