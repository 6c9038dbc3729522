internal import Tensor

/// Multi-head attention, softmax(Q Kᵀ / √D) V, and its gradient. It has no weights of its own.
///
/// Letters: L queries, S keys, H heads, D channels of a head, C = H D.
struct TapedAttention: Sendable {
    let heads: Int

    /// Softmax of the scores of every head, H times [L, S].
    typealias Tape = [Matrix]

    /// Columns of a head among those that begin at `start`.
    private func columns(_ head: Int, _ width: Int, from start: Int) -> Range<Int> {
        let dimension = width / heads
        return start + head * dimension..<start + (head + 1) * dimension
    }

    /// - Parameters:
    ///   - queries: [L, C or more], of which the first C
    ///   - memory: keys and values side by side from column `start`, [S, start + 2 C]
    ///   - width: C
    /// - Returns: [L, C]
    func callAsFunction(queries: Matrix, memory: Matrix, from start: Int, width: Int) -> (y: Matrix, tape: Tape) {
        let scale = 1 / Float(width / heads).squareRoot()
        var y = Matrix(rows: queries.rows, columns: width)
        var tape: Tape = []
        for head in 0..<heads {
            let columns = columns(head, width, from: 0)
            var shares = Matrix(
                queries.block(columns), memory.block(self.columns(head, width, from: start)).transposed, scale: scale)
            shares.softmax()
            y.add(shares.block(), memory.block(self.columns(head, width, from: start + width)), to: columns)
            tape.append(shares)
        }
        return (y, tape)
    }

    /// Adds to the gradients of queries and memory, which have the shapes of those.
    ///
    /// - Parameters:
    ///   - dy: [L, C]
    ///   - dmemory: where it is of `queries` too, both are columns of one matrix; nil if it is
    func gradient(
        _ dy: Matrix, _ tape: Tape, queries: Matrix, memory: Matrix, from start: Int, into dqueries: inout Matrix,
        _ dmemory: inout Matrix?
    ) {
        let width = dy.columns
        let scale = 1 / Float(width / heads).squareRoot()
        for head in 0..<heads {
            let shares = tape[head]
            let own = columns(head, width, from: 0)
            let (keys, values) = (
                columns(head, width, from: start), columns(head, width, from: start + width)
            )
            var dscores = Matrix(dy.block(own), memory.block(values).transposed)
            dscores.becomeSoftmaxGradient(of: shares)
            dqueries.add(dscores.block(), memory.block(keys), scale: scale, to: own)
            if dmemory == nil {
                dqueries.add(shares.transposed, dy.block(own), to: values)
                dqueries.add(dscores.transposed, queries.block(own), scale: scale, to: keys)
            } else {
                dmemory?.add(shares.transposed, dy.block(own), to: values)
                dmemory?.add(dscores.transposed, queries.block(own), scale: scale, to: keys)
            }
        }
    }
}

extension Matrix {
    /// From the gradient of a softmax to that of its scores: every row becomes p ∘ (d - Σ p d).
    mutating func becomeSoftmaxGradient(of shares: Matrix) {
        let (rows, columns) = (rows, columns)
        withUnsafeMutablePointer { d in
            shares.elements.withUnsafeBufferPointer { p in
                for row in stride(from: 0, to: rows * columns, by: columns) {
                    var sum: Float = 0
                    for c in row..<row + columns { sum += p[c] * d[c] }
                    for c in row..<row + columns { d[c] = p[c] * (d[c] - sum) }
                }
            }
        }
    }
}
