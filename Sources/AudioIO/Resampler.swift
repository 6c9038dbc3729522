import CSoxr

/// A streaming sample-rate converter for one channel: libsoxr at its very-high-quality setting (28 bits), linear phase,
/// its own delay taken out.
///
/// ```swift
/// var resampler = try Resampler(from: 44_100, to: 24_000)
/// for block in blocks { output += try resampler.process(block) }
/// output += try resampler.finish()
/// ```
/// Use one instance from one task at a time.
public struct Resampler: ~Copyable {
    private let handle: soxr_t
    private let ratio: Double

    /// Rates that make sense for sound, in Hz.
    static let usable = 1_000...768_000

    /// - Parameters:
    ///   - source: samples per second going in.
    ///   - target: samples per second coming out.
    public init(from source: Int, to target: Int) throws(AudioError) {
        for rate in [source, target] where !Self.usable.contains(rate) { throw .badSampleRate(rate) }
        var failure: soxr_error_t?
        var io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var quality = soxr_quality_spec(UInt(SOXR_28_BITQ), 0)
        var runtime = soxr_runtime_spec(1)
        guard let handle = soxr_create(Double(source), Double(target), 1, &failure, &io, &quality, &runtime) else {
            throw .resampler(reason: failure.map { String(cString: $0) } ?? "out of memory")
        }
        self.handle = handle
        self.ratio = Double(target) / Double(source)
    }

    deinit { soxr_delete(handle) }

    /// Resamples a block and returns the samples that are ready.
    public mutating func process(_ samples: [Float]) throws(AudioError) -> [Float] {
        guard !samples.isEmpty else { return [] }
        return try run(samples)
    }

    /// Returns the remaining samples. Do not call `process` afterward.
    public mutating func finish() throws(AudioError) -> [Float] {
        var output: [Float] = []
        while true {
            let part = try run(nil)
            if part.isEmpty { return output }
            output += part
        }
    }

    private mutating func run(_ samples: [Float]?) throws(AudioError) -> [Float] {
        var output: [Float] = []
        var consumed = 0
        let total = samples?.count ?? 0
        repeat {
            let room = max(4_096, Int(Double(total - consumed) * ratio) + 64)
            var used = 0
            var made = 0
            var failure: soxr_error_t?
            let part = [Float](unsafeUninitializedCapacity: room) { buffer, count in
                if let samples {
                    failure = samples.withUnsafeBufferPointer { input in
                        soxr_process(
                            handle, input.baseAddress! + consumed, total - consumed, &used, buffer.baseAddress, room,
                            &made)
                    }
                } else {
                    failure = soxr_process(handle, nil, 0, nil, buffer.baseAddress, room, &made)
                }
                count = made
            }
            if let failure { throw .resampler(reason: String(cString: failure)) }
            output += part
            consumed += used
            if used == 0 && made == 0 { break }
        } while consumed < total
        return output
    }
}
