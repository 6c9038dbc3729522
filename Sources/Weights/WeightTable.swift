/// Rows of a tensor that stays in its file: each is read when it is asked for.
///
///     let words = loader.table("words.weight", rows: 16_001, columns: 64)
///     try loader.finish()
///     let vector = words.row(17)  // 64 numbers
public struct WeightTable: Sendable {
    public let rows: Int
    public let columns: Int
    private let file: WeightFile
    private let tensor: WeightFile.Tensor?

    /// - Parameter tensor: [rows, columns]; nil where it is missing, which the loader reports.
    init(file: WeightFile, tensor: WeightFile.Tensor?, rows: Int, columns: Int) {
        (self.file, self.tensor, self.rows, self.columns) = (file, tensor, rows, columns)
    }

    /// One row, [columns], float32.
    public func row(_ row: Int) -> [Float] {
        precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
        guard let tensor else { return [Float](repeating: 0, count: columns) }
        return file.values(of: tensor, row * columns..<(row + 1) * columns)
    }
}
