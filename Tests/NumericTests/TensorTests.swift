import Comparison
import Tensor
import Testing

@Suite struct TensorTests {
    /// A linear layer computed element by element.
    private func linear(_ x: Matrix, _ weight: Matrix, _ bias: [Float]) -> [Float] {
        (0..<x.rows).flatMap { row in
            (0..<weight.rows).map { output in
                zip(x.row(row), weight.row(output)).reduce(bias[output]) { $0 + $1.0 * $1.1 }
            }
        }
    }

    @Test func matrixKeepsItsShape() {
        var matrix = Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
        #expect(matrix[1, 0] == 4)
        #expect(Array(matrix.row(1)) == [4, 5, 6])
        matrix.append(Matrix(rows: 1, columns: 3, repeating: 9))
        matrix.removeFirst(rows: 1)
        #expect(matrix == Matrix(rows: 2, columns: 3, elements: [4, 5, 6, 9, 9, 9]))
        matrix.resize(rows: 3, columns: 3)
        #expect(matrix.rows(2..<3) == Matrix(rows: 1, columns: 3))
        matrix.copy(rows: 0..<1, of: matrix.rows(1..<2), to: 2)
        #expect(Array(matrix.row(2)) == [9, 9, 9])
        var padded = Matrix(rows: 5, columns: 7, repeating: 3)
        padded.pad(Matrix(rows: 1, columns: 2, repeating: 1), before: 2, after: 1)
        #expect(padded == Matrix(rows: 4, columns: 2, elements: [0, 0, 0, 0, 1, 1, 0, 0]))
    }

    @Test func symmetricMatrices() {
        var numbers = Numbers()
        let rows = numbers.matrix(60, 7)
        let covariance = SymmetricMatrix(covarianceOf: rows)
        let mean = (0..<7).map { column in (0..<60).reduce(0) { $0 + rows[$1, column] } / 60 }
        let expected = (0..<49).map { index in
            (0..<60).reduce(0) {
                $0 + (rows[$1, index / 7] - mean[index / 7]) * (rows[$1, index % 7] - mean[index % 7])
            }
                / 60
        }
        expectClose(covariance.elements.map { Float($0) }, expected, within: 1e-6, "covariance")
        let root = covariance.map { $0.squareRoot() }
        let identity = SymmetricMatrix.identity(7)
        expectClose(
            identity.between(root).elements.map { Float($0) }, expected, within: 1e-6, "the root's square")
        let inverse = covariance.map { 1 / $0 }
        let unit = inverse.between(root) + (-1) * identity
        expectClose(
            unit.elements.map { Float($0) }, [Float](repeating: 0, count: 49), within: 1e-9, "root inverse root")
        let twice = SymmetricMatrix(covarianceOf: Matrix(rows: 3, columns: 2, elements: [1, 2, 1, 2, 5, -3]))
        let weighted = SymmetricMatrix(
            covarianceOf: Matrix(rows: 3, columns: 2, elements: [1, 2, 5, -3, 9, 9]), weights: [2, 1, 0])
        #expect(zip(twice.elements, weighted.elements).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(SymmetricMatrix(covarianceOf: Matrix(rows: 0, columns: 2)).elements == [0, 0, 0, 0])
    }

    @Test func linearLayer() {
        var numbers = Numbers()
        let (x, weight, bias) = (numbers.matrix(37, 102), numbers.matrix(65, 102), numbers.next(65))
        let expected = linear(x, weight, bias)
        var scratch = Scratch()
        let exact = Linear(weight: weight, bias: bias, precision: .float32)
        expectClose(exact(x, scratch: &scratch).elements, expected, within: 1e-4, "linear in float32")
        let fast = Linear(weight: weight, bias: bias, precision: .automatic)
        expectClose(fast(x, scratch: &scratch).elements, expected, within: 0.1, "linear on \(Processor.bfloat16)")
        #expect(exact(Matrix(rows: 0, columns: 102), scratch: &scratch).rows == 0)
    }

    @Test(arguments: [1, 2, 3, 40]) func convolution(frames: Int) {
        var numbers = Numbers()
        let (inputs, outputs, taps) = (12, 9, 5)
        let (x, weight, bias) = (
            numbers.matrix(frames, inputs), numbers.next(outputs * inputs * taps), numbers.next(outputs)
        )
        var expected: [Float] = []
        for frame in 0..<frames {
            for output in 0..<outputs {
                var sum = bias[output]
                for tap in 0..<taps where (0..<frames).contains(frame + tap - 2) {
                    for input in 0..<inputs {
                        sum += weight[(output * inputs + input) * taps + tap] * x[frame + tap - 2, input]
                    }
                }
                expected.append(sum)
            }
        }
        var scratch = Scratch()
        var y = Matrix(rows: 0, columns: 0)
        for (precision, tolerance) in [(Precision.float32, Float(1e-5)), (.automatic, 0.05)] {
            let layer = Convolution(
                weight: weight, bias: bias, outputs: outputs, inputs: inputs, taps: taps, precision: precision)
            layer.applyPadded(x, into: &y, scratch: &scratch)
            expectClose(y.elements, expected, within: tolerance, "convolution of \(frames) frames, \(precision)")
        }
    }

    @Test func depthwiseConvolution() {
        var numbers = Numbers()
        let (x, weight, bias) = (numbers.matrix(11, 6), numbers.next(6 * 3), numbers.next(6))
        let layer = DepthwiseConvolution(weight: weight, bias: bias, channels: 6, taps: 3)
        var y = Matrix(rows: 0, columns: 0)
        layer.apply(x, into: &y)
        let expected = (0..<9).flatMap { frame in
            (0..<6).map { channel in
                (0..<3).reduce(bias[channel]) { $0 + weight[channel * 3 + $1] * x[frame + $1, channel] }
            }
        }
        expectClose(y.elements, expected, within: 1e-6, "depthwise layer")
    }

    /// More positions than a block of queries.
    @Test func attention() {
        var numbers = Numbers()
        let (length, heads, dimension) = (70, 2, 8)
        let width = heads * dimension
        let qkv = numbers.matrix(length, 3 * width)
        var y = Matrix(rows: 0, columns: 0)
        var scratch = Scratch()
        var expected = Matrix(rows: length, columns: width)
        for head in 0..<heads {
            for query in 0..<length {
                var scores = Matrix(rows: 1, columns: length)
                for key in 0..<length {
                    for i in 0..<dimension {
                        scores[0, key] += qkv[query, head * dimension + i] * qkv[key, width + head * dimension + i]
                    }
                }
                scores.softmax(scale: 1 / Float(dimension).squareRoot())
                for key in 0..<length {
                    for i in 0..<dimension {
                        expected[query, head * dimension + i] +=
                            scores[0, key] * qkv[key, 2 * width + head * dimension + i]
                    }
                }
            }
        }
        for (precision, tolerance) in [(Precision.float32, Float(1e-5)), (.automatic, 0.01)] {
            Attention(heads: heads, precision: precision).apply(qkv, into: &y, scratch: &scratch)
            expectClose(y.elements, expected.elements, within: tolerance, "attention, \(precision)")
        }
    }

    /// To itself as queries and memory, and to a memory of one row, which is all there is to find.
    @Test func attentionToSomethingElse() {
        var numbers = Numbers()
        let (length, heads, width) = (70, 2, 16)
        let qkv = numbers.matrix(length, 3 * width)
        func columns(_ range: Range<Int>) -> Matrix {
            Matrix(rows: length, columns: range.count, elements: (0..<length).flatMap { Array(qkv.row($0))[range] })
        }
        let (queries, memory) = (columns(0..<width), columns(width..<3 * width))
        var scratch = Scratch()
        for (precision, tolerance) in [(Precision.float32, Float(1e-5)), (.automatic, 0.01)] {
            let attention = Attention(heads: heads, precision: precision)
            var (itself, other) = (Matrix(rows: 0, columns: 0), Matrix(rows: 0, columns: 0))
            attention.apply(qkv, into: &itself, scratch: &scratch)
            attention.apply(queries: queries, memory: memory, into: &other, scratch: &scratch)
            expectClose(other.elements, itself.elements, within: tolerance, "queries and memory, \(precision)")
            attention.apply(queries: queries, memory: memory.rows(4..<5), into: &other, scratch: &scratch)
            let value = Array(memory.row(4))[width...]
            expectClose(
                other.elements, (0..<length).flatMap { _ in value }, within: tolerance, "one row, \(precision)")
        }
    }

    /// Products of turned vectors depend on the distance of their positions alone.
    @Test func rotaryEmbedding() {
        let rotary = RotaryEmbedding(length: 900, dimension: 16)
        var numbers = Numbers()
        let (query, key) = (numbers.next(16), numbers.next(16))
        func product(at position: Int, distance: Int) -> Float {
            var x = Matrix(rows: 900, columns: 16)
            x.copy(rows: 0..<1, of: Matrix(rows: 1, columns: 16, elements: query), to: position)
            x.copy(rows: 0..<1, of: Matrix(rows: 1, columns: 16, elements: key), to: position + distance)
            rotary.apply(to: &x, heads: 1)
            return zip(x.row(position), x.row(position + distance)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        expectClose([product(at: 800, distance: 7)], [product(at: 3, distance: 7)], within: 1e-3, "rotary distance")
    }

    @Test func processorIsDescribed() {
        print("kernels for \(Processor.level)")
        #expect(
            Processor.levels
                == ["baseline", "dotprod", "i8mm", "avx2", "avx-vnni", "avx512", "avx512-vnni", "avx512-bf16", "amx"])
        #expect(Processor.levels.contains(Processor.level))
    }
}
