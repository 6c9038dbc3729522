private import Foundation

/// Finds the mark in audio of any length, in constant memory.
///
///     var detector = WatermarkDetector()
///     for block in blocks { detector.push(block) }  // 16 kHz mono
///     let finding = detector.finish()
///
/// Let Z_b be the level of band b demodulated at the mark's rate over some stretch of time, turned back by the band's
/// phase and weighted by its depth. Then T = |Σ Z_b|² / Σ |Z_b|² has an exponential distribution of mean 1 over keys,
/// for any sound that was made without the key, and grows with the length of a marked stretch. Speech that was put
/// together from pieces sways on at another point after each join, so stretches are chained: each adds its T less a
/// price, and the best chain that ends at a moment has the score C. Unmarked sound reaches C = x by chance as often as
/// Karlin and Altschul (1990) found it for local alignments, length · k · e^(−λx), with k and λ measured on unmarked
/// speech.
public struct WatermarkDetector {
    /// Samples per second `push` expects.
    public static let sampleRate = BandLevels.sampleRate

    /// Frames of a block, the grid on which stretches begin and end: 0.2 s.
    static let blockFrames = 16
    /// Blocks of the shortest and the longest stretch: 0.6 s and 12 s.
    static let shortest = 3
    static let longest = 60
    /// What another stretch costs, and each block between stretches.
    static let price = 5.0
    static let gap = 0.1
    /// A chain ends when its score has fallen this far below its best.
    static let drop = 12.0
    /// What a stretch has to add to show where the mark is: chance finds weaker ones before, after and between marks.
    static let firm = 4.0
    /// Blocks between firm stretches from which on they are regions of their own: 3 s.
    static let apart = 15

    /// Score from which on a mark counts as found.
    public static let threshold = 12.0
    /// Seconds of sound without which nothing is said.
    public static let shortestAudible = 1.5

    private var levels = BandLevels()
    /// cos and −sin of one sway by frames, already turned by the band's phase, times its depth: [frames][B].
    private let cosines: [[Double]]
    private let sines: [[Double]]
    private var frames = 0
    private var audibleFrames = 0
    private var sampleCount = 0
    /// Sums of all blocks so far, real and imaginary, [longest + 1 newest][2 B].
    private var sums: [[Double]] = [[Double](repeating: 0, count: 2 * Watermark.bands)]
    /// The chain that ends at each of them.
    private var chains = [Chain(start: 0)]
    private var blocks = 0
    private var current: [Double]
    private var regions: [WatermarkFinding.Region] = []
    private var bestScore = 0.0

    /// Blocks that carry the mark, and what they add to the score.
    private struct Run {
        var blocks: Range<Int>
        var gain: Double
    }

    private struct Chain {
        var score = 0.0
        /// First block of the chain, and its firm stretches, those less than `apart` from each other taken together.
        var start: Int
        var runs: [Run] = []
        /// The best score on its way, the block after it, and the runs so far.
        var best = 0.0
        var end: Int
        var bestRuns: [Run] = []

        init(start: Int) { (self.start, end) = (start, start) }

        mutating func append(_ stretch: Run) {
            score += stretch.gain
            guard stretch.gain >= WatermarkDetector.firm else { return }
            if let last = runs.last, stretch.blocks.lowerBound - last.blocks.upperBound < WatermarkDetector.apart {
                let blocks = last.blocks.lowerBound..<stretch.blocks.upperBound
                runs[runs.count - 1] = Run(blocks: blocks, gain: last.gain + stretch.gain)
            } else {
                runs.append(stretch)
            }
        }
    }

    public init() {
        let perSway = Double(BandLevels.sampleRate) / Watermark.rate / Double(BandLevels.hop)
        let count = Int(perSway.rounded())
        func table(_ function: (Double) -> Double) -> [[Double]] {
            (0..<count).map { frame in
                zip(Watermark.phases, Watermark.depths).map { phase, depth in
                    depth * function(2 * .pi * Double(frame) / perSway + phase)
                }
            }
        }
        cosines = table(cos)
        sines = table { -sin($0) }
        current = [Double](repeating: 0, count: 2 * Watermark.bands)
    }

    /// Takes the next samples, 16 kHz.
    public mutating func push(_ samples: [Float]) {
        sampleCount += samples.count
        var rows: [[Float]] = []
        var audible = 0
        levels.push(samples) { row, sounds in
            rows.append(row)
            if sounds { audible += 1 }
        }
        audibleFrames += audible
        for row in rows { add(row) }
    }

    /// What was found in all samples.
    public mutating func finish() -> WatermarkFinding {
        // Frames are centered, so the last ones reach beyond the end.
        push([Float](repeating: 0, count: BandLevels.size))
        sampleCount -= BandLevels.size
        if frames > 0 { endBlock() }
        close(chains[chains.count - 1])
        let seconds = Double(sampleCount) / Double(Self.sampleRate)
        let audible = Double(audibleFrames * BandLevels.hop) / Double(Self.sampleRate)
        return WatermarkFinding(seconds: seconds, audibleSeconds: audible, score: bestScore, regions: regions)
    }

    private mutating func add(_ row: [Float]) {
        let phase = (blocks * Self.blockFrames + frames) % cosines.count
        let (cosine, sine, bands) = (cosines[phase], sines[phase], Watermark.bands)
        for band in 0..<bands {
            current[band] += Double(row[band]) * cosine[band]
            current[bands + band] += Double(row[band]) * sine[band]
        }
        frames += 1
        if frames == Self.blockFrames { endBlock() }
    }

    private mutating func endBlock() {
        frames = 0
        blocks += 1
        let before = sums[sums.count - 1]
        sums.append(zip(before, current).map { $0 + $1 })
        for index in current.indices { current[index] = 0 }
        extendChain()
        if sums.count > Self.longest + 1 {
            sums.removeFirst()
            chains.removeFirst()
        }
    }

    /// Finds the best chain that ends after the newest block.
    private mutating func extendChain() {
        let newest = sums.count - 1
        let last = chains[newest - 1]
        var next = last
        next.score -= Self.gap
        if next.score <= 0 { next = Chain(start: blocks) }
        var (score, best) = (next.score, nil as (first: Int, gain: Double)?)
        for first in stride(from: newest - Self.shortest, through: 0, by: -1) {
            let gain = statistic(from: first, to: newest) - Self.price
            if chains[first].score + gain > score { (score, best) = (chains[first].score + gain, (first, gain)) }
        }
        if let best {
            let begin = blocks - (newest - best.first)
            next = chains[best.first]
            if next.score == 0 { next.start = begin }
            next.append(Run(blocks: begin..<blocks, gain: best.gain))
        }
        if next.score > next.best { (next.best, next.end, next.bestRuns) = (next.score, blocks, next.runs) }
        // The chain so far ends where another takes its place, or where it has come to nothing.
        if next.start != last.start { close(last) }
        if next.score < next.best - Self.drop {
            close(next)
            next = Chain(start: blocks)
            for index in chains.indices { chains[index] = next }
        }
        chains.append(next)
    }

    /// T of the blocks between two sums.
    private func statistic(from first: Int, to last: Int) -> Double {
        let bands = Watermark.bands
        var (x, y, power) = (0.0, 0.0, 1e-9)
        let (a, b) = (sums[first], sums[last])
        for band in 0..<bands {
            let (real, imaginary) = (b[band] - a[band], b[bands + band] - a[bands + band])
            x += real
            y += imaginary
            power += real * real + imaginary * imaginary
        }
        return (x * x + y * y) / power
    }

    /// Takes down where the chain found the mark, if it did.
    private mutating func close(_ chain: Chain) {
        bestScore = max(bestScore, chain.best)
        guard chain.best >= Self.threshold else { return }
        let whole = Run(blocks: chain.start..<chain.end, gain: chain.best)
        for run in chain.bestRuns.isEmpty ? [whole] : chain.bestRuns { note(run) }
    }

    /// Adds a region, or widens the ones it overlaps.
    private mutating func note(_ run: Run) {
        let block = Double(Self.blockFrames * BandLevels.hop) / Double(Self.sampleRate)
        let length = max(0, Double(sampleCount) / Double(Self.sampleRate))
        var region = WatermarkFinding.Region(
            start: Double(run.blocks.lowerBound) * block, end: min(Double(run.blocks.upperBound) * block, length),
            score: run.gain)
        regions.removeAll { other in
            guard other.start < region.end, region.start < other.end else { return false }
            region.start = min(region.start, other.start)
            region.end = max(region.end, other.end)
            region.score = max(region.score, other.score)
            return true
        }
        regions.append(region)
        regions.sort { $0.start < $1.start }
    }
}
