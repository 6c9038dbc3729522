/// A row-major matrix of 32-bit floats, the currency between all networks: usually one row per frame or phoneme and
/// one column per channel.
///
///     var mel = Matrix(rows: 120, columns: 100)
///     mel[3, 5] = -2.5
///     let frame = mel.row(3)  // a view, nothing is copied
///
/// A value type: copies share their storage until one is changed. Loops over whole matrices belong in CKernels; the
/// subscripts here check their indices.
public struct Matrix: Sendable, Equatable {
    public private(set) var rows: Int
    public private(set) var columns: Int
    /// All elements, row after row; always `rows * columns` of them.
    public private(set) var elements: [Float]

    /// What is appended at once: a copy of memory, where `repeatElement` goes from element to element.
    private static let zeros = [Float](repeating: 0, count: 4096)

    /// A matrix of one value.
    public init(rows: Int, columns: Int, repeating value: Float = 0) {
        (self.rows, self.columns) = (rows, columns)
        elements = [Float](repeating: value, count: rows * columns)
    }

    /// A matrix of given elements, row after row; there must be `rows * columns` of them.
    public init(rows: Int, columns: Int, elements: [Float]) {
        precondition(elements.count == rows * columns, "\(elements.count) elements for a \(rows) × \(columns) matrix")
        (self.rows, self.columns, self.elements) = (rows, columns, elements)
    }

    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
            return elements[row * columns + column]
        }
        set {
            precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
            elements[row * columns + column] = newValue
        }
    }

    /// A view of one row, [columns].
    public func row(_ row: Int) -> ArraySlice<Float> {
        elements[row * columns..<(row + 1) * columns]
    }

    /// Some rows as a matrix of their own.
    public func rows(_ range: Range<Int>) -> Matrix {
        Matrix(
            rows: range.count, columns: columns,
            elements: Array(elements[range.lowerBound * columns..<range.upperBound * columns]))
    }

    /// The mean of some rows, [columns]; zeros if there are none.
    public func mean(of chosen: [Int]) -> [Float] {
        var sum = [Float](repeating: 0, count: columns)
        for row in chosen {
            for (column, value) in self.row(row).enumerated() { sum[column] += value / Float(chosen.count) }
        }
        return sum
    }

    /// Changes the shape and keeps the memory. The first elements stay as they are, new ones are zero.
    public mutating func resize(rows: Int, columns: Int) {
        let count = rows * columns
        if count < elements.count {
            elements.removeLast(elements.count - count)
        } else {
            elements.reserveCapacity(count)
            while elements.count < count { elements.append(contentsOf: Self.zeros.prefix(count - elements.count)) }
        }
        (self.rows, self.columns) = (rows, columns)
    }

    /// The same elements in so many rows, of as many columns as that takes.
    public mutating func reshape(rows: Int) {
        precondition(
            rows > 0 ? elements.count % rows == 0 : elements.isEmpty, "\(elements.count) elements in \(rows) rows")
        (self.rows, self.columns) = (rows, rows > 0 ? elements.count / rows : columns)
    }

    /// Every row so many times, one after the other.
    public func repeatingRows(_ times: Int) -> Matrix {
        guard times != 1 else { return self }
        var repeated: [Float] = []
        repeated.reserveCapacity(times * elements.count)
        for row in 0..<rows { for _ in 0..<times { repeated += self.row(row) } }
        return Matrix(rows: times * rows, columns: columns, elements: repeated)
    }

    /// Makes room for `rows` rows of the present width, so that `resize` and `append` need not allocate.
    public mutating func reserve(rows: Int) {
        elements.reserveCapacity(rows * columns)
    }

    /// Adds the rows of another matrix of the same width at the end.
    public mutating func append(_ other: Matrix) {
        precondition(other.columns == columns, "\(other.columns) columns appended to \(columns)")
        elements.append(contentsOf: other.elements)
        rows += other.rows
    }

    /// Removes the first rows.
    public mutating func removeFirst(rows count: Int) {
        elements.removeFirst(count * columns)
        rows -= count
    }

    /// Overwrites rows from `row` on with rows of another matrix of the same width.
    public mutating func copy(rows range: Range<Int>, of other: Matrix, to row: Int) {
        precondition(other.columns == columns, "\(other.columns) columns copied to \(columns)")
        precondition(range.lowerBound >= 0 && range.upperBound <= other.rows && row >= 0 && row + range.count <= rows)
        let (columns, count) = (columns, range.count * columns)
        withUnsafeMutablePointer { target in
            other.elements.withUnsafeBufferPointer { source in
                guard count > 0, let source = source.baseAddress else { return }
                (target + row * columns).update(from: source + range.lowerBound * columns, count: count)
            }
        }
    }

    /// Sets every element.
    public mutating func fill(_ value: Float) {
        withUnsafeMutablePointer { [count = elements.count] in $0.update(repeating: value, count: count) }
    }

    /// The elements for a kernel to write: `rows * columns` floats, valid during the call.
    public mutating func withUnsafeMutablePointer<Result>(
        _ body: (UnsafeMutablePointer<Float>) throws -> Result
    ) rethrows -> Result {
        try elements.withUnsafeMutableBufferPointer { buffer in
            // An empty array may have no address; kernels then write nothing.
            try body(buffer.baseAddress ?? UnsafeMutablePointer(bitPattern: 16)!)
        }
    }
}
