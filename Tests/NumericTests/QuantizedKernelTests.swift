import CKernels
import Comparison
import Testing

/// Products in int8 at every level: like their twin, and to the last bit like those of every other level.
extension KernelTests {
    /// Bytes of a packed weight matrix [outputs, inputs].
    private func packed(_ weight: [Float], _ level: starling_level, outputs: Int, inputs: Int) -> [UInt8] {
        var packed = [UInt8](repeating: 7, count: starling_packed_count8(outputs, inputs))
        kernels(level).pack8(weight, &packed, outputs, inputs)
        return packed
    }

    @Test(arguments: levels) func productInInt8(level: starling_level) {
        var numbers = Numbers()
        for (rows, outputs, inputs, stride) in Self.shapes {
            func product(
                _ x: [Float], _ weight: [Float], _ bias: [Float], at level: starling_level, rows: Int,
                finish: starling_finish, into y: inout [Float]
            ) {
                let packed = packed(weight, level, outputs: outputs, inputs: inputs)
                var scratch = [UInt8](repeating: 7, count: starling_scratch_count8(rows, inputs))
                kernels(level).gemm8(
                    x, stride, packed, bias, &y, outputs, rows, outputs, inputs, finish, &scratch)
            }
            compare(
                "int8 at level \(level.rawValue)", rows: rows, outputs: outputs, inputs: inputs, stride: stride,
                numbers: &numbers,
                reference: { x, weight, bias, y in
                    reference_gemm8(x, stride, weight, bias, &y, outputs, rows, outputs, inputs)
                },
                product: { x, weight, bias, y, finish in
                    product(x, weight, bias, at: level, rows: rows, finish: finish, into: &y)
                    guard finish.kind == STARLING_STORE else { return }
                    var least = y
                    product(x, weight, bias, at: STARLING_BASELINE, rows: rows, finish: finish, into: &least)
                    #expect(y == least, "\(rows) × \(outputs) × \(inputs)")
                    // Speech does not depend on how many frames are computed together.
                    for row in 0..<rows {
                        var alone = [Float](repeating: .nan, count: outputs)
                        let own = Array(x[row * stride..<row * stride + inputs])
                        product(own, weight, bias, at: level, rows: 1, finish: finish, into: &alone)
                        #expect(alone == Array(y[row * outputs..<(row + 1) * outputs]), "row \(row)")
                    }
                })
        }
    }

    /// The largest inputs and weights there are must not leave 16 bits where two products are summed.
    @Test(arguments: levels, [Float(1), -1]) func largestInt8(level: starling_level, weight: Float) {
        let (outputs, inputs) = (17, 68)
        let packed = packed(
            [Float](repeating: weight, count: outputs * inputs), level, outputs: outputs, inputs: inputs)
        let x = [0] + [Float](repeating: 1, count: inputs - 1)
        var y = [Float](repeating: .nan, count: outputs)
        var scratch = [UInt8](repeating: 7, count: starling_scratch_count8(1, inputs))
        kernels(level).gemm8(
            x, inputs, packed, nil, &y, outputs, 1, outputs, inputs, starling_finish(kind: STARLING_STORE, scale: nil),
            &scratch)
        expectClose(
            y, [Float](repeating: weight * Float(inputs - 1), count: outputs), within: 1e-4, "largest numbers")
    }

    @Test(arguments: levels, [1, 7, 63, 64, 65, 320]) func quantization(level: starling_level, count: Int) {
        var numbers = Numbers(seed: UInt64(count))
        for range in [Float(-1)...1, 3...4, -1e-33...1e-33, 0...1e30, -2 ... -2] {
            let x = numbers.next(count, in: range)
            var (q, expected) = ([UInt8](repeating: 7, count: count), [UInt8](repeating: 8, count: count))
            var (low, step, expectedLow, expectedStep) = (Float.nan, Float.nan, Float.nan, Float.nan)
            kernels(level).quantize(x, &q, count, &low, &step)
            reference_quantize(x, &expected, count, &expectedLow, &expectedStep)
            #expect(q == expected && low == expectedLow && step == expectedStep, "\(count) in \(range)")
        }
    }

    /// What is not a number must stay so, wherever it stands: later stages look for it.
    @Test(arguments: levels, [Float.nan, .infinity, -.infinity])
    func notFiniteInInt8(level: starling_level, wrong: Float) {
        let (outputs, inputs) = (3, 150)
        for place in [0, 1, 77, 128, 149] {
            var x = [Float](repeating: 0.5, count: 2 * inputs)
            x[place] = wrong
            var (low, step) = (Float(0), Float(0))
            var q = [UInt8](repeating: 7, count: inputs)
            kernels(level).quantize(x, &q, inputs, &low, &step)
            #expect(low.isNaN)
            let packed = packed(
                [Float](repeating: 1, count: outputs * inputs), level, outputs: outputs, inputs: inputs)
            var y = [Float](repeating: 0, count: 2 * outputs)
            var scratch = [UInt8](repeating: 7, count: starling_scratch_count8(2, inputs))
            kernels(level).gemm8(
                x, inputs, packed, nil, &y, outputs, 2, outputs, inputs,
                starling_finish(kind: STARLING_STORE, scale: nil), &scratch)
            #expect(y[..<outputs].allSatisfy(\.isNaN) && y[outputs...].allSatisfy { abs($0 - 75) < 1e-3 })
        }
        // A weight spoils its own output only.
        var weight = [Float](repeating: 1, count: outputs * inputs)
        weight[inputs + 3] = wrong
        var y = [Float](repeating: 0, count: outputs)
        var scratch = [UInt8](repeating: 7, count: starling_scratch_count8(1, inputs))
        kernels(level).gemm8(
            [Float](repeating: 1, count: inputs), inputs, packed(weight, level, outputs: outputs, inputs: inputs), nil,
            &y, outputs, 1, outputs, inputs, starling_finish(kind: STARLING_STORE, scale: nil), &scratch)
        #expect(y.map(\.isNaN) == [false, true, false])
    }

    /// Weights in bfloat16 are packed as the same in float32, at every level.
    @Test(arguments: [(70, 102, 1), (32, 33, 1), (1, 1, 1), (33, 20, 3), (9, 70, 5)])
    func packingOfHalvesInInt8(outputs: Int, inputs: Int, taps: Int) {
        var numbers = Numbers()
        let depth = inputs * taps
        let halves = numbers.next(outputs * depth).map(reference_to_bfloat16)
        // [outputs, inputs, taps] to [outputs, taps, inputs]
        let ordered = (0..<halves.count).map { place in
            let half = halves[place / depth * depth + place % inputs * taps + place % depth / inputs]
            return Float(bitPattern: UInt32(half) << 16)
        }
        let expected = packed(ordered, STARLING_BASELINE, outputs: outputs, inputs: depth)
        for level in levels {
            var actual = [UInt8](repeating: 9, count: expected.count)
            kernels(level).pack8_halves(halves, &actual, outputs, inputs, taps)
            #expect(actual == expected, "level \(level.rawValue)")
        }
    }
}
