import CKernels
import Comparison
import Testing

/// The levels this CPU has that kernels are compiled for, from the lowest on.
let levels: [starling_level] = (0...min(starling_best_level().rawValue, STARLING_AVX512_VNNI.rawValue))
    .map(starling_level.init(rawValue:)).filter { starling_has_level($0) != 0 }

/// The kernels of a level.
func kernels(_ level: starling_level) -> starling_kernels { starling_kernels_at(level).pointee }

/// A number as bfloat16 has it.
func rounded(_ x: Float) -> Float { Float(bitPattern: UInt32(reference_to_bfloat16(x)) << 16) }

/// Every kernel at every level against its scalar reference. Sizes are odd on purpose: vector loops have remainders.
@Suite struct KernelTests {
    private typealias Function = (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void

    private func compare(
        _ name: String, _ fast: Function, _ reference: Function, in range: ClosedRange<Float>, within tolerance: Float,
        relative: Bool = false
    ) {
        var numbers = Numbers()
        let x = numbers.next(10_007, in: range)
        var actual = x
        var expected = x
        fast(x, &actual, x.count)
        reference(x, &expected, x.count)
        if relative {
            for i in x.indices {
                actual[i] /= expected[i]
                expected[i] = 1
            }
        }
        expectClose(actual, expected, within: tolerance, name)
    }

    @Test(arguments: levels) func functions(level: starling_level) {
        let kernel = kernels(level)
        compare("exp", kernel.exp, reference_exp, in: -80...80, within: 5e-7, relative: true)
        compare("log", kernel.log, reference_log, in: 1e-6...20, within: 2e-6)
        compare("tanh", kernel.tanh, reference_tanh, in: -12...12, within: 1e-6)
        compare("sigmoid", kernel.sigmoid, reference_sigmoid, in: -100...100, within: 1e-6)
        compare(
            "silu", { _, y, n in kernel.silu(y, n) }, { _, y, n in reference_silu(y, n) }, in: -30...30, within: 2e-6)
        compare("add", kernel.add, reference_add, in: -30...30, within: 0)
        compare(
            "gelu", { _, y, n in kernel.gelu(y, n) }, { _, y, n in reference_gelu(y, n) }, in: -8...8, within: 2e-6)
    }

    @Test(arguments: levels, [Float(4), 1000, 9000]) func sineAndCosine(level: starling_level, limit: Float) {
        var numbers = Numbers()
        let x = numbers.next(5003, in: -limit...limit)
        var (sine, cosine, expectedSine, expectedCosine) = (x, x, x, x)
        kernels(level).sin_cos(x, &sine, &cosine, x.count)
        reference_sin_cos(x, &expectedSine, &expectedCosine, x.count)
        expectClose(sine, expectedSine, within: 1e-6, "sin up to \(limit)")
        expectClose(cosine, expectedCosine, within: 1e-6, "cos up to \(limit)")
    }

    @Test(arguments: levels) func extremesStayFinite(level: starling_level) {
        let kernel = kernels(level)
        let x: [Float] = [-.infinity, -1e30, -200, 0, 200, 1e30]
        var y = x
        kernel.exp(x, &y, x.count)
        #expect(y.allSatisfy { $0.isFinite && $0 >= 0 })
        kernel.tanh(x, &y, x.count)
        #expect(y[0] == -1 && y[3] == 0 && y[5] == 1)
        y = [-1e30, 1e30]
        kernel.gelu(&y, 2)
        #expect(y == [0, 1e30])
    }

    @Test(arguments: levels, [1, 15, 16, 100, 257, 1601]) func rows(level: starling_level, columns: Int) {
        let kernel = kernels(level)
        var numbers = Numbers(seed: UInt64(columns))
        let rows = 5
        let (x, gain, shift) = (numbers.next(rows * columns), numbers.next(columns), numbers.next(columns))
        #expect(abs(kernel.dot(x, x, columns) - reference_dot(x, x, columns)) < 1e-3)

        var (actual, expected) = (x, x)
        kernel.layer_norm(x, gain, shift, &actual, rows, columns, 1e-5)
        reference_layer_norm(x, gain, shift, &expected, rows, columns, 1e-5)
        expectClose(actual, expected, within: 5e-6, "layer norm of \(columns)")

        (actual, expected) = (x, x)
        kernel.softmax(&actual, rows, columns, 7)
        reference_softmax(&expected, rows, columns, 7)
        expectClose(actual, expected, within: 1e-6, "softmax of \(columns)")

        (actual, expected) = (x, x)
        kernel.add_bias(&actual, shift, rows, columns)
        reference_add_bias(&expected, shift, rows, columns)
        expectClose(actual, expected, within: 0, "bias of \(columns)")

        kernel.add_scaled(&actual, x, gain, rows, columns)
        reference_add_scaled(&expected, x, gain, rows, columns)
        expectClose(actual, expected, within: 1e-6, "scaled sum of \(columns)")

        let taps = 3
        let weight = numbers.next(taps * columns)
        actual = numbers.next((rows - taps + 1) * columns)
        expected = actual
        kernel.depthwise(x, weight, shift, &actual, rows - taps + 1, columns, taps)
        reference_depthwise(x, weight, shift, &expected, rows - taps + 1, columns, taps)
        expectClose(actual, expected, within: 1e-6, "depthwise convolution of \(columns)")
    }

    @Test(arguments: levels) func rotary(level: starling_level) {
        var numbers = Numbers()
        let (rows, stride, heads, half) = (7, 100, 3, 13)
        let (x, cosine, sine) = (numbers.next(rows * stride), numbers.next(rows * half), numbers.next(rows * half))
        var (actual, expected) = (x, x)
        kernels(level).rotary(&actual, cosine, sine, rows, stride, heads, half)
        reference_rotary(&expected, cosine, sine, rows, stride, heads, half)
        expectClose(actual, expected, within: 1e-6, "rotary")
        #expect(actual[heads * 2 * half] == x[heads * 2 * half], "columns beyond the heads stay")
    }

    @Test(arguments: levels) func halfPrecision(level: starling_level) {
        let kernel = kernels(level)
        let special: [Float] = [
            0, -0.0, .infinity, -.infinity, Float(bitPattern: 1), 65504, 1.00390625, 1.01171875, 3.3e38,
        ]
        var numbers = Numbers()
        let x = special + numbers.next(1001, in: -1e4...1e4)
        var halves = [UInt16](repeating: 0, count: x.count)
        kernel.to_bfloat16(x, &halves, x.count)
        #expect(halves == x.map(reference_to_bfloat16))
        var back = x
        kernel.from_bfloat16(halves, &back, x.count)
        #expect(back == halves.map { Float(bitPattern: UInt32($0) << 16) })
        kernel.to_bfloat16([Float.nan], &halves, 1)
        kernel.from_bfloat16(halves, &back, 1)
        #expect(back[0].isNaN)

        let all = Array(UInt16.min...UInt16.max)
        back = [Float](repeating: 0, count: all.count)
        kernel.from_float16(all, &back, all.count)
        let expected = all.map(reference_from_float16)
        #expect(zip(back, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    }

    /// Rows and columns on both sides of the block size, and overlapping rows as in a convolution.
    static let shapes = [
        (1, 1, 1, 1), (33, 70, 102, 102), (16, 32, 32, 32), (61, 33, 700, 100), (12, 320, 320, 320), (5, 17, 129, 129),
        (101, 31, 7, 7),
    ]

    /// What can become of the sums; those that add need a factor for every output, or none.
    static let finishes: [(starling_finish_kind, scaled: Bool)] = [
        (STARLING_STORE, false), (STARLING_GELU, false), (STARLING_SILU, false), (STARLING_ADD, false),
        (STARLING_ADD, true),
    ]

    /// A product with everything that can become of its sums, against the reference's.
    func compare(
        _ name: String, rows: Int, outputs: Int, inputs: Int, stride: Int, numbers: inout Numbers,
        reference: ([Float], [Float], [Float], inout [Float]) -> Void,
        product: ([Float], [Float], [Float], inout [Float], starling_finish) -> Void
    ) {
        let x = numbers.next((rows - 1) * stride + inputs)
        let (weight, bias) = (numbers.next(outputs * inputs), numbers.next(outputs))
        let (scale, before) = (numbers.next(outputs), numbers.next(rows * outputs))
        for (kind, scaled) in Self.finishes {
            var expected = before
            reference(x, weight, bias, &expected)
            reference_finish(&expected, before, scaled ? scale : nil, rows, outputs, kind)
            // What is not added to is overwritten, whatever it was.
            var actual = kind == STARLING_ADD ? before : [Float](repeating: .nan, count: before.count)
            scale.withUnsafeBufferPointer {
                product(
                    x, weight, bias, &actual, starling_finish(kind: kind, scale: scaled ? $0.baseAddress : nil))
            }
            expectClose(
                actual, expected, within: 1e-4, "\(name), \(rows) × \(outputs) × \(inputs), finish \(kind.rawValue)")
        }
    }

    @Test(.enabled(if: starling_best_level().rawValue > STARLING_AVX512_VNNI.rawValue, "no bfloat16 products here"))
    func product() {
        var numbers = Numbers()
        var level = starling_best_level()
        while level.rawValue > STARLING_AVX512_VNNI.rawValue {
            for (rows, outputs, inputs, stride) in Self.shapes {
                compare(
                    "level \(level.rawValue)", rows: rows, outputs: outputs, inputs: inputs, stride: stride,
                    numbers: &numbers,
                    reference: { x, weight, bias, y in
                        reference_gemm(x, stride, weight, bias, &y, outputs, rows, outputs, inputs)
                    },
                    product: { x, weight, bias, y, finish in
                        var packed = [UInt16](repeating: 7, count: starling_packed_count(outputs, inputs))
                        var scratch = [UInt16](
                            repeating: 0x7fc0, count: starling_scratch_count(rows, stride, inputs))
                        starling_pack(weight, inputs, 1, &packed, outputs, inputs)
                        starling_gemm(
                            x, stride, packed, bias, &y, outputs, rows, outputs, inputs, finish, &scratch, level)
                    })
            }
            level = starling_level(level.rawValue - 1)
        }
    }

    @Test(arguments: levels) func productInFloat32(level: starling_level) {
        var numbers = Numbers()
        for (rows, outputs, inputs, stride) in Self.shapes {
            func product(
                _ x: [Float], _ packed: [Float], _ bias: [Float]?, rows: Int, finish: starling_finish,
                into y: inout [Float]
            ) {
                kernels(level).gemm32(x, stride, packed, bias, &y, outputs, rows, outputs, inputs, finish)
            }
            compare(
                "level \(level.rawValue)", rows: rows, outputs: outputs, inputs: inputs, stride: stride,
                numbers: &numbers,
                reference: { x, weight, bias, y in
                    reference_gemm32(x, stride, weight, bias, &y, outputs, rows, outputs, inputs)
                },
                product: { x, weight, bias, y, finish in
                    var packed = [Float](repeating: .nan, count: starling_packed_count32(outputs, inputs))
                    starling_pack32(weight, inputs, 1, &packed, outputs, inputs)
                    product(x, packed, bias, rows: rows, finish: finish, into: &y)
                    // Speech does not depend on how many frames are computed together.
                    guard finish.kind == STARLING_STORE else { return }
                    for row in 0..<rows {
                        var alone = [Float](repeating: .nan, count: outputs)
                        let own = Array(x[row * stride..<row * stride + inputs])
                        product(own, packed, bias, rows: 1, finish: finish, into: &alone)
                        #expect(alone == Array(y[row * outputs..<(row + 1) * outputs]), "row \(row)")
                    }
                })
        }
    }

    /// Weights in bfloat16 that meet inputs in float32: what the twin makes of the rounded weights, and to the last bit
    /// what the product in float32 makes of them.
    @Test(arguments: levels) func productWithWidenedWeights(level: starling_level) {
        var numbers = Numbers()
        for (rows, outputs, inputs, stride) in Self.shapes {
            compare(
                "level \(level.rawValue)", rows: rows, outputs: outputs, inputs: inputs, stride: stride,
                numbers: &numbers,
                reference: { x, weight, bias, y in
                    reference_gemm32(x, stride, weight.map(rounded), bias, &y, outputs, rows, outputs, inputs)
                },
                product: { x, weight, bias, y, finish in
                    var halves = [UInt16](repeating: 7, count: starling_packed_count(outputs, inputs))
                    starling_pack(weight, inputs, 1, &halves, outputs, inputs)
                    var panels = [Float](repeating: .nan, count: starling_packed_count32(outputs, inputs))
                    starling_pack32(weight.map(rounded), inputs, 1, &panels, outputs, inputs)
                    var same = y
                    kernels(level).gemm32(x, stride, panels, bias, &same, outputs, rows, outputs, inputs, finish)
                    kernels(level).gemm_widened(x, stride, halves, bias, &y, outputs, rows, outputs, inputs, finish)
                    #expect(y.map(\.bitPattern) == same.map(\.bitPattern), "\(rows) × \(outputs) × \(inputs)")
                })
        }
    }

    /// Weights that are bfloat16 already are packed as those that are rounded, the padding included.
    @Test(arguments: [(70, 102, 1), (32, 33, 1), (1, 1, 1), (33, 20, 3), (9, 7, 5)])
    func packingOfHalves(outputs: Int, inputs: Int, taps: Int) {
        var numbers = Numbers()
        let depth = inputs * taps
        let weight = numbers.next(outputs * depth)
        // [outputs, inputs, taps] to [outputs, taps, inputs]
        let ordered = (0..<weight.count).map { place in
            weight[place / depth * depth + place % inputs * taps + place % depth / inputs]
        }
        let count = starling_packed_count(outputs, depth)
        var (actual, expected) = ([UInt16](repeating: 7, count: count), [UInt16](repeating: 9, count: count))
        starling_pack_halves(weight.map(reference_to_bfloat16), &actual, outputs, inputs, taps)
        starling_pack(ordered, depth, 1, &expected, outputs, depth)
        #expect(actual == expected)
    }

    /// Inputs or outputs that lie side by side may be packed with vectors; what lies apart never is.
    @Test(arguments: [(428, 64), (64, 428), (33, 70), (16, 32), (5, 129), (1, 1)])
    func packingOfAnyStride(outputs: Int, inputs: Int) {
        var numbers = Numbers()
        let weight = numbers.next(outputs * inputs)
        let apart = weight.flatMap { [$0, .nan] }
        let turned = (0..<weight.count).map { weight[$0 % outputs * inputs + $0 / outputs] }
        let count = starling_packed_count(outputs, inputs)
        var (expected, rows, columns) = (
            [UInt16](repeating: 7, count: count), [UInt16](repeating: 8, count: count),
            [UInt16](repeating: 9, count: count)
        )
        starling_pack(apart, 2 * inputs, 2, &expected, outputs, inputs)
        starling_pack(weight, inputs, 1, &rows, outputs, inputs)
        starling_pack(turned, 1, outputs, &columns, outputs, inputs)
        #expect(rows == expected)
        #expect(columns == expected)
    }

    @Test(arguments: levels) func gaussian(level: starling_level) {
        var actual = [Float](repeating: 0, count: 100_000)
        var expected = actual
        kernels(level).gaussian(42, 10, &actual, actual.count)
        reference_gaussian(42, 10, &expected, expected.count)
        expectClose(actual, expected, within: 1e-5, "gaussian")
        let mean = actual.reduce(0, +) / 100_000
        let variance = actual.reduce(0) { $0 + $1 * $1 } / 100_000
        #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.02)
        var later = [Float](repeating: 0, count: 500)
        kernels(level).gaussian(42, 510, &later, 500)
        #expect(later == Array(actual[500..<1000]), "the numbers depend on their index alone")
        kernels(level).gaussian(43, 510, &later, 500)
        #expect(later != Array(actual[500..<1000]))
    }

    @Test(arguments: levels) func magnitude(level: starling_level) {
        var numbers = Numbers()
        let bins = 601
        let spectrum = numbers.next(2 * bins)
        var actual = [Float](repeating: 0, count: bins)
        var expected = actual
        kernels(level).magnitude(spectrum, &actual, bins)
        reference_magnitude(spectrum, &expected, bins)
        expectClose(actual, expected, within: 1e-6, "magnitude")
    }

    @Test(arguments: levels) func pulses(level: starling_level) {
        var actual = [Float](repeating: 0, count: 300)
        var expected = actual
        for (cycles, advance, harmonics) in [(0.3, 1.5, Float(91)), (1234.99, 3.7, 37), (0, 5, 27)] {
            kernels(level).pulses(cycles, advance, advance * 1.1, harmonics, &actual, 300)
            reference_pulses(cycles, advance, advance * 1.1, harmonics, &expected, 300)
            expectClose(actual, expected, within: 0.02, "pulses with \(harmonics) harmonics")
        }
    }

    @Test(arguments: [1, 2, 7]) func sha256(blocks: Int) {
        let bytes = (0..<64 * blocks).map { UInt8(truncatingIfNeeded: $0 &* 0x9e37 >> 3) }
        var actual = (0..<8).map { UInt32(truncatingIfNeeded: $0 &* 0x9e37_79b9) }
        var expected = actual
        starling_sha256(&actual, bytes, blocks)
        reference_sha256(&expected, bytes, blocks)
        #expect(actual == expected)
    }
}
