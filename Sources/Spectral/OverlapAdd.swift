/// The inverse short-time transform frame by frame: overlapping windows are added up and divided by the sum of the
/// squared windows, and every hop of samples leaves as soon as no later frame reaches it.
///
///     var sum = OverlapAdd(transform)
///     for spectrum in spectra { sum.add(spectrum, to: &samples) }
///     sum.finish(into: &samples)  // T frames made T · hop samples
public struct OverlapAdd: Sendable {
    private let transform: ShortTimeTransform
    private var workspace: ShortTimeTransform.Workspace
    private var sum: [Float]  // [size], from the first sample of the newest frame on
    private var last: [Float]  // spectrum of the newest frame
    private var frames = 0

    /// Hops between a frame's arrival and the departure of the samples at its centre.
    private var lag: Int { transform.size / 2 / transform.hop }

    public init(_ transform: ShortTimeTransform) {
        precondition(transform.size / 2 % transform.hop == 0)
        self.transform = transform
        workspace = transform.makeWorkspace()
        sum = [Float](repeating: 0, count: transform.size)
        last = [Float](repeating: 0, count: 2 * transform.bins)
    }

    /// Adds the next frame's spectrum, 2F interleaved numbers, and appends the hop of samples it completes, if any.
    public mutating func add(_ spectrum: UnsafePointer<Float>, to samples: inout [Float]) {
        last.withUnsafeMutableBufferPointer { $0.baseAddress!.update(from: spectrum, count: $0.count) }
        add(to: &samples)
    }

    /// Repeats the last frame, which closes its hop, and appends all samples that are left.
    public mutating func finish(into samples: inout [Float]) {
        guard frames > 0 else { return }
        let total = frames
        add(to: &samples)
        for hop in max(0, total + 1 - lag)..<total {
            shift()
            emit(hop: hop, of: total, to: &samples)
        }
    }

    private mutating func add(to samples: inout [Float]) {
        if frames > 0 { shift() }
        sum.withUnsafeMutableBufferPointer { sum in
            last.withUnsafeBufferPointer {
                transform.addInverse($0.baseAddress!, to: sum.baseAddress!, workspace: &workspace)
            }
        }
        frames += 1
        if frames > lag { emit(hop: frames - 1 - lag, of: nil, to: &samples) }
    }

    private mutating func shift() {
        let hop = transform.hop
        sum.withUnsafeMutableBufferPointer { sum in
            let start = sum.baseAddress!
            start.update(from: start + hop, count: sum.count - hop)
            (start + sum.count - hop).update(repeating: 0, count: hop)
        }
    }

    /// Appends the first hop of `sum`, which is hop `index` of the signal.
    private mutating func emit(hop index: Int, of total: Int?, to samples: inout [Float]) {
        let (size, hop) = (transform.size, transform.hop)
        // Frame t covers this hop from offset (index - t) · hop + size / 2 on.
        let newest = min(index + lag, total ?? .max)
        let oldest = max(0, index + lag + 1 - size / hop)
        for i in 0..<hop {
            var squares: Float = 0
            for frame in oldest...newest {
                let weight = transform.window[(index - frame) * hop + size / 2 + i]
                squares += weight * weight
            }
            samples.append(sum[i] / (squares * Float(size)))
        }
    }
}
