import CKernels
import Comparison
import Testing

/// Attention of one head at every level, and in bfloat16, beside its twin.
extension KernelTests {
    /// Fewer and more queries and keys than meet at a time, and a maximum that grows and one that comes first: what
    /// `attend` makes of them beside the reference, and of the last query alone.
    private func compareAttention(
        _ name: String, within tolerance: Float, rounds: Bool,
        _ attend: (
            _ query: [Float], _ memory: (key: UnsafePointer<Float>, value: UnsafePointer<Float>, stride: Int),
            _ shape: (queries: Int, keys: Int, dimension: Int), _ y: inout [Float]
        ) -> Void
    ) {
        var numbers = Numbers()
        for (queries, keys, dimension) in [(1, 1, 8), (5, 300, 64), (37, 129, 33), (100, 100, 16), (73, 257, 64)] {
            let stride = 2 * dimension + 3
            var query = numbers.next(queries * dimension, in: -3...3)
            var memory = numbers.next(keys * stride, in: -3...3)
            for row in [0, keys - 1] { memory[row * stride] = 40 }
            if rounds { (query, memory) = (query.map(rounded), memory.map(rounded)) }
            let scale = 1 / Float(dimension).squareRoot()
            var expected = [Float](repeating: 0, count: queries * dimension)
            var actual = [Float](repeating: .nan, count: queries * dimension)
            memory.withUnsafeBufferPointer { memory in
                let (key, value) = (memory.baseAddress!, memory.baseAddress! + dimension)
                reference_attention(
                    query, dimension, key, value, stride, &expected, dimension, queries, keys, dimension, scale)
                attend(query, (key, value, stride), (queries, keys, dimension), &actual)
                var alone = [Float](repeating: .nan, count: dimension)
                attend(Array(query.suffix(dimension)), (key, value, stride), (1, keys, dimension), &alone)
                #expect(alone == Array(actual.suffix(dimension)))
            }
            expectClose(
                actual, expected, within: tolerance, "\(name): \(queries) queries, \(keys) keys of \(dimension)")
        }
    }

    @Test(arguments: levels) func attention(level: starling_level) {
        compareAttention("level \(level.rawValue)", within: 2e-5, rounds: false) { query, memory, shape, y in
            let (queries, keys, dimension) = shape
            var scratch = [Float](repeating: .nan, count: starling_attention_scratch(keys, dimension))
            kernels(level).attention(
                query, dimension, memory.key, memory.value, memory.stride, &y, dimension, queries, keys, dimension,
                1 / Float(dimension).squareRoot(), &scratch)
        }
    }

    /// Of inputs that bfloat16 holds only the weights of the values are rounded.
    @Test(.enabled(if: starling_best_level().rawValue > STARLING_AVX512_VNNI.rawValue, "no bfloat16 products here"))
    func attentionInBfloat16() {
        var level = starling_best_level()
        while level.rawValue > STARLING_AVX512_VNNI.rawValue {
            compareAttention("level \(level.rawValue)", within: 3 / 256, rounds: true) { query, memory, shape, y in
                let (queries, keys, dimension) = shape
                var floats = [Float](repeating: .nan, count: starling_attention_halves_floats(queries, keys))
                var halves = [UInt16](repeating: 0x7fc0, count: starling_attention_halves_scratch(keys, dimension))
                starling_attention_halves(
                    query, dimension, memory.key, memory.value, memory.stride, &y, dimension, queries, keys, dimension,
                    1 / Float(dimension).squareRoot(), &floats, &halves, level)
            }
            level = starling_level(level.rawValue - 1)
        }
    }
}
