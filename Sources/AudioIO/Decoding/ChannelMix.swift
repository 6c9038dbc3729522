/// How the channels of a recording are mixed into one: a weight for each.
///
/// Equal channels are added, inverted ones subtracted, and those with nothing but crosstalk
/// omitted. A plain mean would silence a recording with one inverted channel.
///
/// Letters: C channels.
public struct ChannelMix: Sendable, Equatable {
    /// The weight of each channel, [C]; their magnitudes add up to 1.
    public let weights: [Float]
    /// Whether two channels hold different sounds, such as one person each. The mix is their mean.
    public let isOfTwoSounds: Bool

    /// Correlation of two channels beyond which they hold the same.
    private static let alike = 0.6
    /// Share of the power of the loudest channel below which another holds crosstalk, -30 dB.
    private static let crosstalk = 1e-3
    /// Mean square of samples below which there is nothing to compare, -100 dB.
    private static let nothing = 1e-10
    /// The most channels that are compared, since the work grows with their square; more are averaged.
    static let mostCompared = 8

    private init(weights: [Float], isOfTwoSounds: Bool) {
        (self.weights, self.isOfTwoSounds) = (weights, isOfTwoSounds)
    }

    /// The mean of channels.
    init(meanOf channels: Int) {
        self.init(weights: [Float](repeating: 1 / Float(channels), count: channels), isOfTwoSounds: false)
    }

    /// - Parameters:
    ///   - covariance: of the channels, [C, C], row by row
    ///   - channels: how many there are
    fileprivate init(covariance: [Double], channels: Int) {
        func power(_ channel: Int) -> Double { covariance[channel * channels + channel] }
        let loudest = (0..<channels).max { power($0) < power($1) } ?? 0
        guard power(loudest) > Self.nothing else {
            self.init(meanOf: channels)
            return
        }
        let heard = (0..<channels).filter { power($0) >= Self.crosstalk * power(loudest) }
        var signs = [Float](repeating: 0, count: channels)
        var strangers = 0
        for channel in heard {
            let product = covariance[channel * channels + loudest]
            let correlation = product / (power(channel) * power(loudest)).squareRoot()
            signs[channel] = correlation < -Self.alike ? -1 : 1
            if abs(correlation) <= Self.alike { strangers += 1 }
        }
        // The first audible one keeps its polarity.
        let scale = signs[heard[0]] / Float(heard.count)
        self.init(weights: signs.map { $0 * scale }, isOfTwoSounds: channels == 2 && strangers == 1)
    }

    /// Appends the weighted sum of channels; what is not finite counts as 0.
    ///
    /// - Parameter block: whole frames, interleaved
    func mix(_ block: [Float], frames: Int, into samples: inout [Float]) {
        samples.reserveCapacity(samples.count + frames)
        var place = 0
        for _ in 0..<frames {
            var sum: Float = 0
            for weight in weights {
                let value = block[place]
                if value.isFinite { sum += weight * value }
                place += 1
            }
            samples.append(sum.isFinite ? sum : 0)
        }
    }
}

/// Sums over the frames of a recording, from which the covariance of its channels comes.
private struct ChannelProducts {
    private let channels: Int
    private var frames = 0
    /// Of the samples, [C].
    private var sums: [Double]
    /// Of the products of two channels' samples, [C, C]; the upper triangle.
    private var products: [Double]

    init(channels: Int) {
        self.channels = channels
        sums = [Double](repeating: 0, count: channels)
        products = [Double](repeating: 0, count: channels * channels)
    }

    mutating func add(_ block: [Float], frames: Int) {
        self.frames += frames
        var frame = [Double](repeating: 0, count: channels)
        for start in stride(from: 0, to: frames * channels, by: channels) {
            for channel in 0..<channels {
                let value = block[start + channel]
                frame[channel] = value.isFinite ? Double(value) : 0
                sums[channel] += frame[channel]
            }
            for first in 0..<channels {
                for second in first..<channels { products[first * channels + second] += frame[first] * frame[second] }
            }
        }
    }

    /// Without the offsets of the channels, which say nothing of their sound.
    var covariance: [Double] {
        let count = Double(max(1, frames))
        return (0..<channels * channels).map { place in
            let (first, second) = (place / channels, place % channels)
            let product = products[min(first, second) * channels + max(first, second)]
            return (product - sums[first] * sums[second] / count) / count
        }
    }
}

extension AudioInput {
    /// How its channels become one, by all of its sound.
    ///
    /// - Parameters:
    ///   - longest: seconds after which it is not listened to any more.
    ///   - most: samples of all channels together after which it is not.
    func mix(longest: Double, most: Double = .infinity) throws(AudioError) -> ChannelMix {
        let decoder = try decoder()
        let channels = decoder.channels
        guard (2...ChannelMix.mostCompared).contains(channels) else { return ChannelMix(meanOf: channels) }
        var products = ChannelProducts(channels: channels)
        var block = decoder.emptyBlock
        var left = decoder.frames(longest: longest, most: most)
        while left > 0 {
            let got = try decoder.read(into: &block)
            guard got > 0 else { break }
            products.add(block, frames: min(got, left))
            left -= got
        }
        return ChannelMix(covariance: products.covariance, channels: channels)
    }
}
