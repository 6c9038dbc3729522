import CKernels
import Comparison
import Testing

/// Every kernel against its scalar twin. Sizes are odd on purpose: vector loops have remainders.
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

    @Test func functions() {
        compare("exp", starling_exp, reference_exp, in: -80...80, within: 5e-7, relative: true)
        compare("log", starling_log, reference_log, in: 1e-6...20, within: 2e-6)
        compare("tanh", starling_tanh, reference_tanh, in: -12...12, within: 1e-6)
        compare("sigmoid", starling_sigmoid, reference_sigmoid, in: -100...100, within: 1e-6)
        compare(
            "silu", { _, y, n in starling_silu(y, n) }, { _, y, n in reference_silu(y, n) }, in: -30...30, within: 2e-6)
        compare("add", starling_add, reference_add, in: -30...30, within: 0)
        compare(
            "gelu", { _, y, n in starling_gelu(y, n) }, { _, y, n in reference_gelu(y, n) }, in: -8...8, within: 2e-6)
    }

    @Test(arguments: [Float(4), 1000, 9000]) func sineAndCosine(limit: Float) {
        var numbers = Numbers()
        let x = numbers.next(5003, in: -limit...limit)
        var (sine, cosine, expectedSine, expectedCosine) = (x, x, x, x)
        starling_sin_cos(x, &sine, &cosine, x.count)
        reference_sin_cos(x, &expectedSine, &expectedCosine, x.count)
        expectClose(sine, expectedSine, within: 1e-6, "sin up to \(limit)")
        expectClose(cosine, expectedCosine, within: 1e-6, "cos up to \(limit)")
    }

    @Test func extremesStayFinite() {
        let x: [Float] = [-.infinity, -1e30, -200, 0, 200, 1e30]
        var y = x
        starling_exp(x, &y, x.count)
        #expect(y.allSatisfy { $0.isFinite && $0 >= 0 })
        starling_tanh(x, &y, x.count)
        #expect(y[0] == -1 && y[3] == 0 && y[5] == 1)
        y = [-1e30, 1e30]
        starling_gelu(&y, 2)
        #expect(y == [0, 1e30])
    }

    @Test(arguments: [1, 15, 16, 100, 257, 1601]) func rows(columns: Int) {
        var numbers = Numbers(seed: UInt64(columns))
        let rows = 5
        let (x, gain, shift) = (numbers.next(rows * columns), numbers.next(columns), numbers.next(columns))
        #expect(abs(starling_dot(x, x, columns) - reference_dot(x, x, columns)) < 1e-3)

        var (actual, expected) = (x, x)
        starling_layer_norm(x, gain, shift, &actual, rows, columns, 1e-5)
        reference_layer_norm(x, gain, shift, &expected, rows, columns, 1e-5)
        expectClose(actual, expected, within: 5e-6, "layer norm of \(columns)")

        (actual, expected) = (x, x)
        starling_softmax(&actual, rows, columns, 7)
        reference_softmax(&expected, rows, columns, 7)
        expectClose(actual, expected, within: 1e-6, "softmax of \(columns)")

        (actual, expected) = (x, x)
        starling_add_bias(&actual, shift, rows, columns)
        reference_add_bias(&expected, shift, rows, columns)
        expectClose(actual, expected, within: 0, "bias of \(columns)")

        starling_add_scaled(&actual, x, gain, rows, columns)
        reference_add_scaled(&expected, x, gain, rows, columns)
        expectClose(actual, expected, within: 1e-6, "scaled sum of \(columns)")

        let taps = 3
        let weight = numbers.next(taps * columns)
        actual = numbers.next((rows - taps + 1) * columns)
        expected = actual
        starling_depthwise(x, weight, shift, &actual, rows - taps + 1, columns, taps)
        reference_depthwise(x, weight, shift, &expected, rows - taps + 1, columns, taps)
        expectClose(actual, expected, within: 1e-6, "depthwise convolution of \(columns)")
    }

    @Test func rotary() {
        var numbers = Numbers()
        let (rows, stride, heads, half) = (7, 100, 3, 13)
        let (x, cosine, sine) = (numbers.next(rows * stride), numbers.next(rows * half), numbers.next(rows * half))
        var (actual, expected) = (x, x)
        starling_rotary(&actual, cosine, sine, rows, stride, heads, half)
        reference_rotary(&expected, cosine, sine, rows, stride, heads, half)
        expectClose(actual, expected, within: 1e-6, "rotary")
        #expect(actual[heads * 2 * half] == x[heads * 2 * half], "columns beyond the heads stay")
    }

    @Test func halfPrecision() {
        let special: [Float] = [
            0, -0.0, .infinity, -.infinity, Float(bitPattern: 1), 65504, 1.00390625, 1.01171875, 3.3e38,
        ]
        var numbers = Numbers()
        let x = special + numbers.next(1001, in: -1e4...1e4)
        var halves = [UInt16](repeating: 0, count: x.count)
        starling_to_bfloat16(x, &halves, x.count)
        #expect(halves == x.map(reference_to_bfloat16))
        var back = x
        starling_from_bfloat16(halves, &back, x.count)
        #expect(back == halves.map { Float(bitPattern: UInt32($0) << 16) })
        starling_to_bfloat16([Float.nan], &halves, 1)
        starling_from_bfloat16(halves, &back, 1)
        #expect(back[0].isNaN)

        let all = Array(UInt16.min...UInt16.max)
        back = [Float](repeating: 0, count: all.count)
        starling_from_float16(all, &back, all.count)
        let expected = all.map(reference_from_float16)
        #expect(zip(back, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    }

    /// Rows and columns on both sides of the block size, and overlapping rows as in a convolution.
    @Test(
        .enabled(if: starling_bfloat16_level() != STARLING_PORTABLE, "this CPU has no bfloat16 products"),
        arguments: [(1, 1, 1, 1), (33, 70, 102, 102), (16, 32, 32, 32), (61, 33, 700, 100), (12, 320, 320, 320)])
    func product(rows: Int, outputs: Int, inputs: Int, stride: Int) {
        var numbers = Numbers()
        let x = numbers.next((rows - 1) * stride + inputs)
        let (weight, bias) = (numbers.next(outputs * inputs), numbers.next(outputs))
        var packed = [UInt16](repeating: 7, count: starling_packed_count(outputs, inputs))
        var scratch = [UInt16](repeating: 0x7fc0, count: starling_scratch_count(rows, stride, inputs))
        starling_pack(weight, inputs, 1, &packed, outputs, inputs)
        var expected = [Float](repeating: 0, count: rows * outputs)
        reference_gemm(x, stride, weight, bias, &expected, outputs, rows, outputs, inputs)
        var level = starling_bfloat16_level()
        while level != STARLING_PORTABLE {
            var actual = [Float](repeating: .nan, count: rows * outputs)
            starling_gemm(x, stride, packed, bias, &actual, outputs, rows, outputs, inputs, &scratch, level)
            expectClose(
                actual, expected, within: 1e-4, "product \(rows) × \(outputs) × \(inputs), level \(level.rawValue)")
            level = starling_level(level.rawValue - 1)
        }
    }

    /// Rows and columns on both sides of the blocks, several slabs of inputs, and overlapping rows as in a convolution.
    @Test(
        arguments: [
            (1, 1, 1, 1), (33, 70, 102, 102), (16, 32, 32, 32), (61, 33, 700, 100), (12, 320, 320, 320),
            (5, 17, 129, 129),
        ])
    func productInFloat32(rows: Int, outputs: Int, inputs: Int, stride: Int) {
        var numbers = Numbers()
        let x = numbers.next((rows - 1) * stride + inputs)
        let (weight, bias) = (numbers.next(outputs * inputs), numbers.next(outputs))
        var packed = [Float](repeating: .nan, count: starling_packed_count32(outputs, inputs))
        starling_pack32(weight, &packed, outputs, inputs)
        var expected = [Float](repeating: 0, count: rows * outputs)
        reference_gemm32(x, stride, weight, bias, &expected, outputs, rows, outputs, inputs)
        var actual = [Float](repeating: .nan, count: rows * outputs)
        starling_gemm32(x, stride, packed, bias, &actual, outputs, rows, outputs, inputs)
        expectClose(actual, expected, within: 1e-4, "product \(rows) × \(outputs) × \(inputs)")
        // Speech does not depend on how many frames are computed together.
        for row in 0..<rows {
            var alone = [Float](repeating: .nan, count: outputs)
            starling_gemm32(
                Array(x[row * stride..<row * stride + inputs]), stride, packed, bias, &alone, outputs, 1, outputs,
                inputs)
            #expect(alone == Array(actual[row * outputs..<(row + 1) * outputs]), "row \(row)")
        }
    }

    @Test func gaussian() {
        var actual = [Float](repeating: 0, count: 100_000)
        var expected = actual
        starling_gaussian(42, 10, &actual, actual.count)
        reference_gaussian(42, 10, &expected, expected.count)
        expectClose(actual, expected, within: 1e-5, "gaussian")
        let mean = actual.reduce(0, +) / 100_000
        let variance = actual.reduce(0) { $0 + $1 * $1 } / 100_000
        #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.02)
        var later = [Float](repeating: 0, count: 500)
        starling_gaussian(42, 510, &later, 500)
        #expect(later == Array(actual[500..<1000]), "the numbers depend on their index alone")
        starling_gaussian(43, 510, &later, 500)
        #expect(later != Array(actual[500..<1000]))
    }

    @Test func vocoderSpectrum() {
        var numbers = Numbers()
        let bins = 601
        let (parts, source, noise) = (
            numbers.next(5 * bins, in: -9...9), numbers.next(2 * bins), numbers.next(2 * bins)
        )
        var actual = [Float](repeating: 0, count: 2 * bins)
        var expected = actual
        starling_mix(parts, source, noise, &actual, bins, 0.05, 7)
        reference_mix(parts, source, noise, &expected, bins, 0.05, 7)
        // Magnitudes reach e^7.
        expectClose(actual.map { $0 / 1100 }, expected.map { $0 / 1100 }, within: 1e-6, "mix")

        (actual, expected) = ([Float](repeating: 0, count: bins), [Float](repeating: 0, count: bins))
        starling_magnitude(noise, &actual, bins)
        reference_magnitude(noise, &expected, bins)
        expectClose(actual, expected, within: 1e-6, "magnitude")
    }

    @Test(arguments: [(200, 4), (601, 4), (4, 4), (597, 3)]) func knots(fine: Int, coarse: Int) {
        var numbers = Numbers()
        let bins = 601
        let knots = numbers.next(fine + max(0, bins - fine + coarse - 1) / coarse)
        var actual = [Float](repeating: 0, count: bins)
        var expected = actual
        starling_interpolate(knots, &actual, fine, coarse, bins)
        reference_interpolate(knots, &expected, fine, coarse, bins)
        expectClose(actual, expected, within: 1e-6, "\(fine) fine bins, then every \(coarse)th")
        #expect(actual[bins - 1] == knots.last)
    }

    @Test func pulses() {
        var actual = [Float](repeating: 0, count: 300)
        var expected = actual
        for (cycles, advance, harmonics) in [(0.3, 1.5, Float(91)), (1234.99, 3.7, 37), (0, 5, 27)] {
            starling_pulses(cycles, advance, advance * 1.1, harmonics, &actual, 300)
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
