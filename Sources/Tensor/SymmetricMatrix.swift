/// A real symmetric matrix in double precision, for the functions that need its eigenvalues.
///
///     let root = covariance.map { $0.squareRoot() }   // the symmetric square root
///
/// The eigenvalues come from cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5), meant for some dozens of rows.
public struct SymmetricMatrix: Sendable, Equatable {
    public let size: Int
    /// [size, size], row after row.
    public private(set) var elements: [Double]

    /// - Parameter elements: [size, size]; only the upper triangle is looked at
    public init(size: Int, elements: [Double]) {
        precondition(elements.count == size * size, "\(elements.count) elements for \(size) × \(size)")
        self.size = size
        var full = elements
        for row in 0..<size {
            for column in 0..<row { full[row * size + column] = elements[column * size + row] }
        }
        self.elements = full
    }

    /// The covariance of the rows of a matrix, [columns, columns]; zero if there are none.
    ///
    /// - Parameter weights: how much each row counts, [rows], none negative; all the same if nil
    public init(covarianceOf rows: Matrix, weights: [Double]? = nil) {
        let (count, columns) = (rows.rows, rows.columns)
        let weights = weights ?? [Double](repeating: 1, count: count)
        precondition(weights.count == count, "\(weights.count) weights for \(count) rows")
        let total = weights.reduce(0, +)
        var mean = [Double](repeating: 0, count: columns)
        for (index, value) in rows.elements.enumerated() {
            mean[index % columns] += Double(value) * weights[index / columns] / total
        }
        let centred = rows.elements.enumerated().map {
            (Double($1) - mean[$0 % columns]) * weights[$0 / columns].squareRoot()
        }
        var products = [Double](repeating: 0, count: columns * columns)
        for row in 0..<(total > 0 ? count : 0) {
            for i in 0..<columns {
                let factor = centred[row * columns + i] / total
                for j in i..<columns { products[i * columns + j] += factor * centred[row * columns + j] }
            }
        }
        self.init(size: columns, elements: products)
    }

    /// The matrix with the same eigenvectors and a function of each eigenvalue.
    public func map(_ function: (Double) -> Double) -> SymmetricMatrix {
        let (values, vectors) = eigen()
        var sum = [Double](repeating: 0, count: size * size)
        for (index, value) in values.enumerated() {
            let factor = function(value)
            let vector = vectors[index * size..<(index + 1) * size]
            for (row, a) in vector.enumerated() {
                for (column, b) in vector.enumerated() { sum[row * size + column] += factor * a * b }
            }
        }
        return SymmetricMatrix(size: size, elements: sum)
    }

    /// other · self · other, which is symmetric too.
    public func between(_ other: SymmetricMatrix) -> SymmetricMatrix {
        SymmetricMatrix(
            size: size, elements: Self.product(Self.product(other.elements, elements, size), other.elements, size))
    }

    public static func + (a: SymmetricMatrix, b: SymmetricMatrix) -> SymmetricMatrix {
        SymmetricMatrix(size: a.size, elements: zip(a.elements, b.elements).map { $0 + $1 })
    }

    public static func * (factor: Double, a: SymmetricMatrix) -> SymmetricMatrix {
        SymmetricMatrix(size: a.size, elements: a.elements.map { factor * $0 })
    }

    public static func identity(_ size: Int) -> SymmetricMatrix {
        SymmetricMatrix(size: size, elements: (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 })
    }

    private static func product(_ a: [Double], _ b: [Double], _ size: Int) -> [Double] {
        var c = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for inner in 0..<size {
                let factor = a[row * size + inner]
                for column in 0..<size { c[row * size + column] += factor * b[inner * size + column] }
            }
        }
        return c
    }

    /// Eigenvalues, and their unit vectors one after the other.
    private func eigen() -> (values: [Double], vectors: [Double]) {
        var (a, vectors) = (elements, Self.identity(size).elements)
        // Every sweep squares what is left beside the diagonal, once it is small; eight are plenty.
        for _ in 0..<30 {
            var beside = 0.0
            for row in 0..<size {
                for column in 0..<row { beside += a[row * size + column] * a[row * size + column] }
            }
            let all = a.reduce(0) { $0 + $1 * $1 }
            if beside <= all * 1e-30 { break }
            for p in 0..<size {
                for q in p + 1..<max(size, p + 1) { Self.rotate(&a, &vectors, size, p, q) }
            }
        }
        return ((0..<size).map { a[$0 * size + $0] }, vectors)
    }

    /// Turns the plane of rows p and q so that the element between them becomes zero.
    private static func rotate(_ a: inout [Double], _ vectors: inout [Double], _ size: Int, _ p: Int, _ q: Int) {
        let between = a[p * size + q]
        guard between != 0 else { return }
        let slope = (a[q * size + q] - a[p * size + p]) / (2 * between)
        let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (1 + slope * slope).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        let sine = tangent * cosine
        func turn(_ x: inout [Double], _ i: Int, _ j: Int) {
            (x[i], x[j]) = (cosine * x[i] - sine * x[j], sine * x[i] + cosine * x[j])
        }
        for k in 0..<size { turn(&a, k * size + p, k * size + q) }
        for k in 0..<size { turn(&a, p * size + k, q * size + k) }
        for k in 0..<size { turn(&vectors, p * size + k, q * size + k) }
    }
}
