internal import COpenBLAS

/// A real symmetric matrix in double precision, for the functions that need its eigenvalues.
///
///     let root = covariance.map { $0.squareRoot() }   // the symmetric square root
///
/// The eigenvalues are LAPACK's (dsyev).
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
        if total > 0 {
            let (n, k) = (blasint(columns), blasint(count))
            BLAS.prepare()
            cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, n, k, 1 / total, centred, n, 0, &products, n)
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
        let n = blasint(size)
        BLAS.prepare()
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, &c, n)
        return c
    }

    /// Eigenvalues in rising order, and their unit vectors one after the other.
    private func eigen() -> (values: [Double], vectors: [Double]) {
        guard size > 0 else { return ([], []) }
        var (vectors, values) = (elements, [Double](repeating: 0, count: size))
        var order = blasint(size)
        var length = blasint(34 * size)
        var work = [Double](repeating: 0, count: Int(length))
        var info: blasint = 0
        var (job, triangle) = (CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")))
        var leading = order
        BLAS.prepare()
        dsyev_(&job, &triangle, &order, &vectors, &leading, &values, &work, &length, &info)
        precondition(info == 0, "dsyev: \(info)")
        return (values, vectors)
    }
}
