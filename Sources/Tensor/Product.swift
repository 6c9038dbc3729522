internal import COpenBLAS

/// Some columns of a matrix, as they are or transposed: what a product takes.
///
///     scores.add(queries.block(0..<64), keys.block(0..<64).transposed)  // Q Kᵀ of the first head
public struct MatrixBlock {
    let matrix: Matrix
    let columns: Range<Int>
    let isTransposed: Bool

    /// Rows and columns turned into each other.
    public var transposed: MatrixBlock {
        MatrixBlock(matrix: matrix, columns: columns, isTransposed: !isTransposed)
    }

    fileprivate var shape: (rows: Int, columns: Int) {
        isTransposed ? (columns.count, matrix.rows) : (matrix.rows, columns.count)
    }
}

extension Matrix {
    /// Some of the columns, all of them if nil.
    public func block(_ columns: Range<Int>? = nil) -> MatrixBlock {
        let columns = columns ?? 0..<self.columns
        precondition(columns.lowerBound >= 0 && columns.upperBound <= self.columns, "\(columns) of \(self.columns)")
        return MatrixBlock(matrix: self, columns: columns, isTransposed: false)
    }

    /// Rows and columns turned into each other, for a product.
    public var transposed: MatrixBlock { block().transposed }

    /// self[columns] += scale · a b, by OpenBLAS on one thread: for products of two changing matrices, such as
    /// gradients.
    ///
    /// - Parameters:
    ///   - a: [rows, K]
    ///   - b: [K, columns]
    ///   - columns: where the product goes; all of them if nil
    public mutating func add(_ a: MatrixBlock, _ b: MatrixBlock, scale: Float = 1, to columns: Range<Int>? = nil) {
        let target = columns ?? 0..<self.columns
        let (rows, width) = (self.rows, self.columns)
        precondition(
            a.shape.rows == rows && a.shape.columns == b.shape.rows && b.shape.columns == target.count
                && target.lowerBound >= 0 && target.upperBound <= width,
            "\(a.shape) times \(b.shape) into \(rows) × \(target.count)")
        guard rows > 0, target.count > 0, a.shape.columns > 0 else { return }
        BLAS.prepare()
        withUnsafeMutablePointer { result in
            a.matrix.elements.withUnsafeBufferPointer { left in
                b.matrix.elements.withUnsafeBufferPointer { right in
                    guard let left = left.baseAddress, let right = right.baseAddress else { return }
                    cblas_sgemm(
                        CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans,
                        b.isTransposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(target.count),
                        blasint(a.shape.columns), scale, left + a.columns.lowerBound, blasint(a.matrix.columns),
                        right + b.columns.lowerBound, blasint(b.matrix.columns), 1, result + target.lowerBound,
                        blasint(width))
                }
            }
        }
    }

    /// The product of two matrices, [rows of a, columns of b].
    public init(_ a: MatrixBlock, _ b: MatrixBlock, scale: Float = 1) {
        self.init(rows: a.shape.rows, columns: b.shape.columns)
        add(a, b, scale: scale)
    }
}
