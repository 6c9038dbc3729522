private import AcousticModel
private import Foundation
package import Tensor
package import VoiceProfile

/// Frames of speech as a `SpectralTransport` looks at them.
///
/// Letters: T frames of a recording, N of speech, M = 100 mel bands.
package struct SpokenFrames: Sendable {
    /// Mels smoothed over time, [N, M].
    package private(set) var slow = Matrix(rows: 0, columns: SpeakerProfile.spectrumSize)
    /// What smoothing takes away, [N, M].
    package private(set) var fast = Matrix(rows: 0, columns: SpeakerProfile.spectrumSize)

    /// The kind of sound of each, [N]; the last of S + 1 is none.
    package private(set) var kinds: [Int] = []
    /// How much each counts, [N]: a voice is known by its loud sounds more than by its soft ones.
    private(set) var prominence: [Double] = []

    package init() {}

    /// Those of several utterances, each with its F0.
    package init(_ utterances: [(mel: Matrix, f0: [Float])], codebook: SoundCodebook) {
        let each = concurrently(utterances) { utterance in
            var frames = SpokenFrames()
            frames.add(utterance.mel, f0: utterance.f0, codebook: codebook)
            return frames
        }
        for frames in each { append(frames) }
    }

    package var count: Int { slow.rows }

    /// - Parameters:
    ///   - mel: natural log mel at the level of the acoustic model, [T, M]
    ///   - f0: Hz, 0 where unvoiced, at least [T]
    ///   - isKept: which frames may count, those beyond its end may not; all of them if nil
    package mutating func add(_ mel: Matrix, f0: [Float], isKept: [Bool]? = nil, codebook: SoundCodebook) {
        let smooth = SpectralTransport.smoothed(mel)
        let isVoiced = (0..<mel.rows).map { $0 < f0.count && f0[$0] > 0 }
        let kinds = codebook.kinds(
            mel, average: mel.mean(of: isVoiced.indices.filter { isVoiced[$0] }), isVoiced: isVoiced)
        for (frame, loudness) in SpectralTransport.loudness(mel).enumerated() where loudness > 0 {
            if let isKept, frame >= isKept.count || !isKept[frame] { continue }
            let row = smooth.rows(frame..<frame + 1)
            slow.append(row)
            fast.append(
                Matrix(rows: 1, columns: mel.columns, elements: zip(mel.row(frame), row.elements).map { $0 - $1 }))
            self.kinds.append(kinds[frame] ?? SpeakerProfile.kinds)
            prominence.append(exp(Self.prominence * Double(loudness)))
        }
    }

    private mutating func append(_ others: SpokenFrames) {
        slow.append(others.slow)
        fast.append(others.fast)
        kinds += others.kinds
        prominence += others.prominence
    }

    /// Their prominence, [N], multiplied so that each kind of sound has the share that it has in others: they said other words.
    func prominence(withSharesOf others: SpokenFrames) -> [Double] {
        let factors = zip(others.shares, shares).map { min(max($0 / $1, 1 / Self.widest), Self.widest) }
        return zip(prominence, kinds).map { $0 * factors[$1] }
    }

    /// Shares of the kinds, [S + 1].
    private var shares: [Double] {
        var counts = [Double](repeating: Self.seen, count: SpeakerProfile.kinds + 1)
        for kind in kinds { counts[kind] += 1 }
        let total = counts.reduce(0, +)
        return counts.map { $0 / total }
    }

    /// Powers of the amplitude with which frames count.
    private static let prominence = 0.5
    /// No frame counts more than so many times, or less than by so many parts.
    private static let widest = 3.0
    /// Frames of each kind that are thought in addition.
    private static let seen = 5.0
}

extension SpectralTransport {
    /// From fewer frames nothing is concluded, about 3 s.
    private static let fewest = 200
    /// Sounds of a palette, at most.
    fileprivate static let sounds = 256
    /// How far a frame goes to the nearest of them.
    fileprivate static let pull: Float = 0.3

    /// The transport that makes an owner's speech of the model's.
    ///
    /// - Parameters:
    ///   - said: what the model says in the voice, natural log mel [T, M] and F0 in Hz [T] of every sentence
    ///   - owner: what the owner says
    ///   - bands: the leading bands that the owner's recordings tell
    /// - Returns: nil if there is too little speech
    package init?(
        from said: [(mel: Matrix, f0: [Float])], to owner: SpokenFrames, bands: Int, codebook: SoundCodebook
    ) {
        guard owner.count >= Self.fewest else { return nil }
        let model = SpokenFrames(said, codebook: codebook)
        guard model.count >= Self.fewest else { return nil }
        let before = SpectralMap(from: model, to: owner, bands: bands)
        let palette = Palette(of: owner, bands: bands)
        let moved = concurrently(said) { sentence in
            var (mel, scratch) = (sentence.mel, Scratch())
            before.apply(to: &mel, scratch: &scratch)
            Palette.apply([palette], to: &mel, scratch: &scratch)
            return (mel, sentence.f0)
        }
        let near = SpokenFrames(moved, codebook: codebook)
        guard near.count >= Self.fewest else { return nil }
        self.init(
            before: before, palettes: [palette], after: SpectralMap(from: near, to: owner, bands: bands))
    }
}

extension SpectralTransport.Palette {
    /// Sounds of an owner, evenly many from the softest to the loudest.
    fileprivate init(of owner: SpokenFrames, bands: Int) {
        let loudness = SpectralTransport.loudness(owner.slow)
        let order = loudness.indices.sorted { (loudness[$0], $0) < (loudness[$1], $1) }
        let count = min(SpectralTransport.sounds, order.count)
        self.init(
            sounds: (0..<count).flatMap { owner.slow.row(order[$0 * order.count / count]).prefix(bands) }, bands: bands,
            share: SpectralTransport.pull)
    }
}

extension SpectralMap {
    /// Cosines over the bands that are mapped; finer structure than they can show stays as it is.
    private static let cosines = 48
    /// Added to every variance, in squares of natural log mel: what is smaller is not worth amplifying.
    private static let leastVariance = 0.1
    /// Frames of the model's own that are mixed among the owner's, so that a short recording does not change everything.
    private static let prior = 300.0

    /// The map that makes what the model says distributed as what the owner says.
    ///
    /// - Parameter bands: the leading bands that the owner's recordings tell
    package init(from model: SpokenFrames, to owner: SpokenFrames, bands: Int) {
        let trust = Double(owner.count) / (Double(owner.count) + Self.prior)
        let basis = Self.cosines(bands)
        func map(_ frames: (SpokenFrames) -> Matrix) -> Matrix {
            let said = Self.covariance(frames(model), weights: model.prominence, basis: basis)
            let owners = Self.covariance(frames(owner), weights: owner.prominence, basis: basis)
            let wanted = trust * owners + (1 - trust) * said
            let floor = Self.leastVariance * SymmetricMatrix.identity(basis.rows)
            let change = Self.change(from: said + floor, to: wanted + floor)
            return Self.spread(change, basis: basis)
        }
        let (slow, fast) = (map(\.slow), map(\.fast))
        // The model's mean over the owner's sounds is moved to the owner's mean.
        let said = Self.mean(model.slow, weights: model.prominence(withSharesOf: owner))
        let wanted = Self.mean(owner.slow, weights: owner.prominence)
        var offset = [Float](repeating: 0, count: said.count)
        for band in 0..<bands {
            let mapped = slow.row(band).enumerated().reduce(Double(0)) { $0 + Double($1.element) * said[$1.offset] }
            offset[band] = Float(trust * (wanted[band] - said[band]) - mapped)
        }
        self.init(offset: offset, slow: slow.elements, fast: fast.elements)
    }

    /// A − 1 of the symmetric A = X^-½ (X^½ Y X^½)^½ X^-½ that takes a normal distribution of covariance X to one of Y.
    private static func change(from x: SymmetricMatrix, to y: SymmetricMatrix) -> SymmetricMatrix {
        let root = x.map { max($0, 1e-9).squareRoot() }
        let inverse = x.map { 1 / max($0, 1e-9).squareRoot() }
        let middle = y.between(root).map { max($0, 0).squareRoot() }
        return middle.between(inverse) + (-1) * SymmetricMatrix.identity(x.size)
    }

    /// Orthonormal cosines over the leading bands, [K, M].
    private static func cosines(_ bands: Int) -> Matrix {
        var basis = Matrix(rows: min(cosines, bands), columns: SpeakerProfile.spectrumSize)
        for order in 0..<basis.rows {
            let length = (Float(order == 0 ? 1 : 2) / Float(bands)).squareRoot()
            for band in 0..<bands {
                basis[order, band] = length * cosf(.pi * Float(order) * (Float(band) + 0.5) / Float(bands))
            }
        }
        return basis
    }

    /// Covariance of the rows [N, M] as coefficients of a basis [K, M], [K, K].
    private static func covariance(_ rows: Matrix, weights: [Double], basis: Matrix) -> SymmetricMatrix {
        var scratch = Scratch()
        let coefficients = Linear(weight: basis, precision: .float32)(rows, scratch: &scratch)
        return SymmetricMatrix(covarianceOf: coefficients, weights: weights)
    }

    /// Bᵀ change B of a basis B [K, M], [M, M].
    private static func spread(_ change: SymmetricMatrix, basis: Matrix) -> Matrix {
        var scratch = Scratch()
        var transposed = Matrix(rows: basis.columns, columns: basis.rows)
        for row in 0..<basis.rows {
            for column in 0..<basis.columns { transposed[column, row] = basis[row, column] }
        }
        let matrix = Matrix(rows: change.size, columns: change.size, elements: change.elements.map { Float($0) })
        let half = Linear(weight: matrix, precision: .float32)(transposed, scratch: &scratch)  // [M, K]
        return Linear(weight: transposed, precision: .float32)(half, scratch: &scratch)
    }

    private static func mean(_ rows: Matrix, weights: [Double]) -> [Double] {
        var sum = [Double](repeating: 0, count: rows.columns)
        for (row, weight) in weights.enumerated() {
            for (band, value) in rows.row(row).enumerated() { sum[band] += weight * Double(value) }
        }
        let total = weights.reduce(0, +)
        return sum.map { $0 / total }
    }
}
