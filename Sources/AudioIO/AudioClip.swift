/// A stretch of mono audio in memory.
public struct AudioClip: Sendable, Equatable {
    /// Samples, full scale ±1.
    public var samples: [Float]
    /// Samples per second.
    public var sampleRate: Int

    /// A clip whose peak is below this (−60 dB of full scale) counts as silent.
    public static let silencePeak: Float = 0.001

    /// A mono clip of samples with full scale ±1.
    public init(samples: [Float], sampleRate: Int) {
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// Length in seconds.
    public var duration: Double { Double(samples.count) / Double(sampleRate) }

    /// The largest magnitude of any sample.
    public var peak: Float { samples.reduce(0) { max($0, abs($1)) } }

    /// The clip resampled to another rate (soxr, very high quality).
    public func resampled(to rate: Int) throws(AudioError) -> AudioClip {
        if rate == sampleRate { return self }
        var resampler = try Resampler(from: sampleRate, to: rate)
        var output = try resampler.process(samples)
        output += try resampler.finish()
        return AudioClip(samples: output, sampleRate: rate)
    }

    /// The clip, unless it is silent or empty.
    ///
    /// - Parameter path: the name to put in the error.
    /// - Throws: `AudioError.silent`, `AudioError.empty`.
    public func audible(named path: String) throws(AudioError) -> AudioClip {
        if samples.isEmpty { throw .empty(path: path) }
        let peak = self.peak
        if peak < Self.silencePeak { throw .silent(path: path, peak: peak) }
        return self
    }
}
