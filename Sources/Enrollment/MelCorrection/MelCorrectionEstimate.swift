private import Foundation
private import SpeechSignal
package import Tensor
package import VoiceProfile

extension MelCorrection {
    /// From fewer frames nothing is concluded, about 3 s.
    private static let fewest = 200

    /// The correction that makes an owner's speech of the model's.
    ///
    /// - Parameters:
    ///   - said: what the model says in the voice, natural log mel [T, M] and F0 in Hz [T] of every sentence
    ///   - owner: what the owner says
    ///   - bands: the leading bands that the owner's recordings cover
    /// - Returns: nil if there is too little speech
    /// - Throws: `CancellationError` in a cancelled task
    package init?(
        from said: [(mel: Matrix, f0: [Float])], to owner: SpokenFrames, bands: Int, codebook: SoundCodebook
    ) async throws {
        guard owner.count >= Self.fewest else { return nil }
        let model = try await SpokenFrames(said, codebook: codebook)
        guard model.count >= Self.fewest else { return nil }
        let before = MelMap(from: model, to: owner, bands: bands)
        let exemplars = Exemplars(of: owner, bands: bands)
        let moved = try await concurrently(said) { sentence in
            var (mel, scratch) = (sentence.mel, Scratch())
            before.apply(to: &mel, scratch: &scratch)
            Exemplars.apply([exemplars], to: &mel, scratch: &scratch)
            return (mel, sentence.f0)
        }
        let near = try await SpokenFrames(moved, codebook: codebook)
        guard near.count >= Self.fewest else { return nil }
        self.init(
            before: before, exemplars: [exemplars], after: MelMap(from: near, to: owner, bands: bands))
    }
}

extension Exemplars {
    /// Exemplars of a voice, at most.
    private static let kept = 256
    /// How far a frame moves to the nearest of them.
    private static let attraction: Float = 0.3

    /// Frames of an owner, evenly many from the softest to the loudest.
    fileprivate init(of owner: SpokenFrames, bands: Int) {
        let level = MelCorrection.speechLevel(owner.slow)
        let order = level.indices.sorted { (level[$0], $0) < (level[$1], $1) }
        let count = min(Self.kept, order.count)
        self.init(
            frames: (0..<count).flatMap { owner.slow.row(order[$0 * order.count / count]).prefix(bands) }, bands: bands,
            attraction: Self.attraction)
    }
}

extension MelMap {
    /// Cosines over the bands that are mapped; finer structure than they can show stays as it is.
    private static let cosines = 48
    /// Added to every variance, in squares of natural log mel: what is smaller is not worth amplifying.
    private static let leastVariance = 0.1
    /// Frames of the model's own that are mixed among the owner's, so that a short recording does not change
    /// everything.
    private static let prior = 300.0

    /// The map that makes what the model says distributed as what the owner says.
    ///
    /// - Parameter bands: the leading bands that the owner's recordings cover
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
        var basis = Matrix(rows: min(cosines, bands), columns: Signal.melBands)
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
