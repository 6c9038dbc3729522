private import Foundation
public import Tensor

/// Reads the tensors a network needs and reports everything that does not fit at once.
///
///     var loader = WeightLoader(try WeightFile(contentsOf: url), precision: .automatic)
///     let up = loader.linear("up", inputs: 320, outputs: 960)
///     try loader.finish()
///
/// A tensor that is missing or has another shape is noted and stands as zeros until `finish` throws.
public struct WeightLoader {
    public let file: WeightFile
    public let precision: Precision
    /// Whether products of layers that are read from now on may be quantized, if the precision is `.automatic`: for
    /// parts of a network of which it was measured that nobody hears it.
    public var quantizes = false
    /// Changes the numbers of a tensor on their way into a network; receives its name. Nil leaves all as they are.
    public var amend: ((String, inout [Float]) -> Void)?
    private var missing: [String] = []
    private var misshaped: [WeightError.Misshaped] = []
    private var used: Set<String> = []

    public init(_ file: WeightFile, precision: Precision = .float32) {
        (self.file, self.precision) = (file, precision)
    }

    /// All numbers of a tensor of this shape.
    public mutating func values(_ name: String, shape: [Int]) -> [Float] {
        used.insert(name)
        if let tensor = file.tensors[name] {
            if tensor.shape == shape, var values = file.values(of: name) {
                amend?(name, &values)
                return values
            }
            misshaped.append(.init(name: name, expected: shape, actual: tensor.shape))
        } else {
            missing.append(name)
        }
        return [Float](repeating: 0, count: shape.reduce(1, *))
    }

    /// A tensor [rows, columns] that stays in the file, for tables of which few rows are looked up.
    public mutating func table(_ name: String, rows: Int, columns: Int) -> WeightTable {
        used.insert(name)
        let tensor = file.tensors[name]
        if let tensor {
            if tensor.shape != [rows, columns] || tensor.format == .uint32 {
                misshaped.append(.init(name: name, expected: [rows, columns], actual: tensor.shape))
            }
        } else {
            missing.append(name)
        }
        return WeightTable(file: file, tensor: tensor, rows: rows, columns: columns)
    }

    /// A tensor [count] of integers.
    public mutating func integers(_ name: String, count: Int) -> [UInt32] {
        used.insert(name)
        if let tensor = file.tensors[name] {
            if tensor.shape == [count], let values = file.integers(of: name) { return values }
            misshaped.append(.init(name: name, expected: [count], actual: tensor.shape))
        } else {
            missing.append(name)
        }
        return [UInt32](repeating: 0, count: count)
    }

    /// A tensor [count].
    public mutating func vector(_ name: String, count: Int) -> [Float] {
        values(name, shape: [count])
    }

    /// A tensor [rows, columns].
    public mutating func matrix(_ name: String, rows: Int, columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns, elements: values(name, shape: [rows, columns]))
    }

    /// Whether a tensor can be taken as it lies in the file, so that no other copy of it is made: it has this shape, is
    /// bfloat16 and is not to be changed.
    private func liesInHalves(_ name: String, shape: [Int]) -> Bool {
        amend == nil && file.tensors[name]?.shape == shape && file.withHalves(of: name) { _ in true } ?? false
    }

    /// The precision of the products of layers that are read now.
    private var productPrecision: Precision { quantizes && precision == .automatic ? .quantized : precision }

    /// `name.weight` [outputs, inputs] and `name.bias` [outputs].
    ///
    /// - Parameter isExact: never quantized
    public mutating func linear(
        _ name: String, inputs: Int, outputs: Int, bias: Bool = true, isExact: Bool = false
    ) -> Linear {
        let (weight, precision) = ("\(name).weight", isExact ? self.precision : productPrecision)
        let values =
            liesInHalves(weight, shape: [outputs, inputs]) ? nil : matrix(weight, rows: outputs, columns: inputs)
        let bias = bias ? vector("\(name).bias", count: outputs) : nil
        if let values { return Linear(weight: values, bias: bias, precision: precision) }
        used.insert(weight)
        return file.withHalves(of: weight) {
            Linear(halves: $0, bias: bias, inputs: inputs, outputs: outputs, precision: precision)
        } ?? Linear(weight: matrix(weight, rows: outputs, columns: inputs), bias: bias, precision: precision)
    }

    /// `name.weight` [outputs, inputs, taps] and `name.bias` [outputs].
    public mutating func convolution(_ name: String, inputs: Int, outputs: Int, taps: Int) -> Convolution {
        let (weight, shape, precision) = ("\(name).weight", [outputs, inputs, taps], productPrecision)
        let values = liesInHalves(weight, shape: shape) ? nil : self.values(weight, shape: shape)
        let bias = vector("\(name).bias", count: outputs)
        func layer(_ values: [Float]) -> Convolution {
            Convolution(
                weight: values, bias: bias, outputs: outputs, inputs: inputs, taps: taps, precision: precision)
        }
        if let values { return layer(values) }
        used.insert(weight)
        return file.withHalves(of: weight) {
            Convolution(halves: $0, bias: bias, outputs: outputs, inputs: inputs, taps: taps, precision: precision)
        } ?? layer(self.values(weight, shape: shape))
    }

    /// `name.weight` [channels, 1, taps] and `name.bias` [channels].
    public mutating func depthwise(_ name: String, channels: Int, taps: Int) -> DepthwiseConvolution {
        DepthwiseConvolution(
            weight: values("\(name).weight", shape: [channels, 1, taps]),
            bias: vector("\(name).bias", count: channels), channels: channels, taps: taps)
    }

    /// `name.weight` and `name.bias`, [channels] each.
    public mutating func layerNorm(_ name: String, channels: Int) -> LayerNorm {
        LayerNorm(
            gain: vector("\(name).weight", count: channels), shift: vector("\(name).bias", count: channels))
    }

    /// The metadata entry `key`, decoded from JSON.
    ///
    /// - Throws: `WeightError.metadata`
    public func configuration<Value: Decodable>(_ type: Value.Type, key: String = "config") throws -> Value {
        guard let text = file.metadata[key] else {
            throw WeightError.metadata(file.url, key: key, reason: "it is missing")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw WeightError.metadata(file.url, key: key, reason: "this version does not understand it: \(text)")
        }
    }

    /// Ends the loading. What the network took is in memory of its own now, and that of the file is given back.
    ///
    /// - Throws: `WeightError.mismatch` with all missing, misshaped and unused tensors
    public func finish() throws {
        let unused = file.tensors.keys.filter { !used.contains($0) }.sorted()
        guard missing.isEmpty, misshaped.isEmpty, unused.isEmpty else {
            throw WeightError.mismatch(file.url, missing: missing, misshaped: misshaped, unused: unused)
        }
        file.releasePages()
    }
}
