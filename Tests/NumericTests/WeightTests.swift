import Comparison
import Files
import Foundation
import Tensor
import Testing
import Weights

@Suite struct WeightTests {
    /// The bytes of a safetensors file.
    private func file(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> Data {
        var bytes = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
        bytes.append(contentsOf: Array(header.utf8) + data)
        return bytes
    }

    @Test func writesAndReads() throws {
        try withTemporaryFile { url in
            try WeightFile.write(
                [.init("a", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]), .init("b/ü", shape: [], values: [7])],
                metadata: ["version": "3"], to: url)
            let file = try WeightFile(contentsOf: url)
            #expect(file.metadata == ["version": "3"])
            #expect(file.tensors["a"]?.shape == [2, 3])
            #expect(file.values(of: "a") == [1, 2, 3, 4, 5, 6])
            #expect(file.values(of: "b/ü") == [7])
            #expect(file.values(of: "c") == nil)
        }
    }

    @Test func readsHalfPrecisionAtOddOffsets() throws {
        try withTemporaryFile { url in
            let header =
                #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[1,5]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[5,7]}}"#
            try file(header, data: [9, 0x00, 0x3e, 0x00, 0xc0, 0x40, 0x40]).write(to: url)
            let file = try WeightFile(contentsOf: url)
            #expect(file.values(of: "h") == [1.5, -2])
            #expect(file.values(of: "b") == [3])
        }
    }

    /// A layer is the same whether its weights are packed as they lie in the file, or copied first because they lie at
    /// an odd place, or go through a change.
    @Test(arguments: [0, 1]) func layersOfBfloat16(shift: Int) throws {
        var numbers = Numbers()
        let (x, bias) = (numbers.matrix(5, 3), [Float](repeating: 0, count: 2))
        // Numbers that bfloat16 holds.
        let weight = numbers.next(2 * 3 * 3).map { Float(bitPattern: $0.bitPattern & 0xffff_0000) }
        let bytes = weight.flatMap { [UInt8($0.bitPattern >> 16 & 0xff), UInt8($0.bitPattern >> 24)] }
        let header =
            #"{"l.weight":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"#
            + #""c.weight":{"dtype":"BF16","shape":[2,3,3],"data_offsets":[12,48]},"#
            + #""c.bias":{"dtype":"F32","shape":[2],"data_offsets":[48,56]}}"#
        try withTemporaryFile { url in
            let padded = header + String(repeating: " ", count: header.utf8.count % 2 + shift)
            try file(padded, data: Array(bytes[..<12]) + bytes + [UInt8](repeating: 0, count: 8)).write(to: url)
            for precision in [Precision.float32, .automatic, .quantized] {
                for factor in [nil, Float(-2)] {
                    var loader = WeightLoader(try WeightFile(contentsOf: url), precision: precision)
                    if let factor { loader.amend = { _, values in values = values.map { factor * $0 } } }
                    let linear = loader.linear("l", inputs: 3, outputs: 2, bias: false)
                    let convolution = loader.convolution("c", inputs: 3, outputs: 2, taps: 3)
                    try loader.finish()
                    let changed = weight.map { (factor ?? 1) * $0 }
                    var (scratch, y, expected) = (Scratch(), Matrix(rows: 0, columns: 0), Matrix(rows: 0, columns: 0))
                    let same = Linear(
                        weight: Matrix(rows: 2, columns: 3, elements: Array(changed[..<6])), precision: precision)
                    #expect(linear(x, scratch: &scratch) == same(x, scratch: &scratch))
                    convolution.apply(x, into: &y, scratch: &scratch)
                    Convolution(weight: changed, bias: bias, outputs: 2, inputs: 3, taps: 3, precision: precision)
                        .apply(x, into: &expected, scratch: &scratch)
                    #expect(y == expected && y.rows == 3)
                }
            }
        }
    }

    /// Memory of the file is given back when a network is loaded, and its numbers can still be read.
    @Test func loadedFilesTakeNoMemory() throws {
        func resident(_ url: URL) throws -> Int {
            let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
            let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n")
            let name = url.lastPathComponent
            let mapping = try #require(maps.firstIndex { $0.hasSuffix(name) })
            let size = try #require(maps[mapping...].first { $0.hasPrefix("Rss:") })
            return try #require(size.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        }
        try withTemporaryFile { url in
            let values = (0..<100_000).map { Float($0) }
            try WeightFile.write([.init("a", shape: [100_000], values: values)], to: url)
            var loader = WeightLoader(try WeightFile(contentsOf: url))
            #expect(loader.vector("a", count: 100_000) == values)
            #expect(try resident(url) > 300)
            try loader.finish()
            #expect(try resident(url) == 0)
            #expect(loader.file.values(of: "a") == values)
        }
    }

    @Test func readsIntegersAndRowsOfTables() throws {
        try withTemporaryFile { url in
            let header =
                #"{"n":{"dtype":"U32","shape":[2],"data_offsets":[0,8]},"t":{"dtype":"F16","shape":[2,2],"data_offsets":[8,16]}}"#
            let data: [UInt8] = [7, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0x00, 0x3e, 0x00, 0xc0, 0x00, 0x3c]
            try file(header, data: data).write(to: url)
            var loader = WeightLoader(try WeightFile(contentsOf: url))
            #expect(loader.integers("n", count: 2) == [7, .max])
            let table = loader.table("t", rows: 2, columns: 2)
            try loader.finish()
            #expect(table.row(0) == [0, 1.5] && table.row(1) == [-2, 1])
            #expect(loader.file.values(of: "n") == nil && loader.file.integers(of: "t") == nil)
            // Numbers of the other kind do not fit.
            _ = loader.integers("t", count: 2)
            _ = loader.table("n", rows: 1, columns: 2)
            _ = loader.vector("n", count: 2)
            let error = #expect(throws: WeightError.self) { try loader.finish() }
            #expect(try #require(error).description.contains("t is [2, 2], expected [2]"))
        }
    }

    @Test func reportsEverythingThatDoesNotFit() throws {
        try withTemporaryFile { url in
            try WeightFile.write(
                [.init("a", shape: [2], values: [1, 2]), .init("extra", shape: [1], values: [1])], to: url)
            var loader = WeightLoader(try WeightFile(contentsOf: url))
            #expect(loader.vector("a", count: 3) == [0, 0, 0])
            _ = loader.vector("b", count: 1)
            _ = loader.linear("c", inputs: 2, outputs: 2)
            let error = #expect(throws: WeightError.self) { try loader.finish() }
            let text = try #require(error).description
            for part in [url.path, "missing b, c.weight, c.bias", "a is [2], expected [3]", "unused extra"] {
                #expect(text.contains(part), "\(text) should contain \(part)")
            }
            #expect(throws: WeightError.self) { try loader.configuration([String: Int].self) }
        }
    }

    static let hostile: [(String, String, [UInt8], UInt64?)] = [
        ("header longer than the file", "{}", [], 1 << 40),
        ("header length of all ones", "{}", [], .max),
        ("header cut off", #"{"a":{"dtype":"F32","sh"#, [], nil),
        ("no JSON", "hello, this is a text", [], nil),
        ("other JSON", "[1,2,3]", [], nil),
        ("deep nesting", String(repeating: "[", count: 100_000), [], nil),
        ("unknown type", #"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, [0, 0, 0, 0, 0, 0, 0, 0], nil),
        ("data cut off", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, [0, 0, 0, 0], nil),
        ("negative offset", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, [0, 0, 0, 0], nil),
        ("backward offsets", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, [0, 0, 0, 0], nil),
        ("one offset", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, [0, 0, 0, 0], nil),
        ("huge shape", #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, [], nil),
        ("negative shape", #"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], nil),
        ("wrong size", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], nil),
        (
            "overlap",
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#,
            [0, 0, 0, 0], nil
        ),
    ]

    @Test(arguments: hostile) func refusesHostileFiles(
        name: String, header: String, data: [UInt8], length: UInt64?
    ) throws {
        try withTemporaryFile { url in
            try file(header, data: data, length: length).write(to: url)
            let error = #expect(throws: WeightError.self, "\(name)") { try WeightFile(contentsOf: url) }
            #expect(try #require(error).description.contains(url.path))
        }
    }

    @Test(arguments: [0, 1, 7]) func refusesShortFiles(count: Int) throws {
        try withTemporaryFile { url in
            try Data(repeating: 0, count: count).write(to: url)
            #expect(throws: WeightError.self) { try WeightFile(contentsOf: url) }
        }
    }

    @Test func refusesMissingFilesAndFolders() {
        for path in ["/nonexistent/weights.safetensors", "/tmp"] {
            #expect(throws: FileError.self) { try WeightFile(contentsOf: URL(filePath: path)) }
        }
    }

    @Test func bytesAreKeptWhateverBecomesOfTheFile() throws {
        try withTemporaryFile { url in
            let tensors: [WeightFile.Values] = [.init("a", shape: [2], values: [1, 2])]
            let bytes = [UInt8](try WeightFile.bytes(of: tensors, metadata: ["x": "y"]))
            try WeightFile.write(tensors, metadata: ["x": "y"], to: url)
            #expect(try [UInt8](Data(contentsOf: url)) == bytes)
            let file = try WeightFile(bytes: bytes, readFrom: url)
            try Data("something else".utf8).write(to: url)
            #expect(file.values(of: "a") == [1, 2] && file.metadata == ["x": "y"] && file.url == url)
            let error = #expect(throws: WeightError.self) {
                try WeightFile(bytes: bytes.dropLast(), readFrom: url)
            }
            #expect(try #require(error).description.contains(url.path))
        }
    }
}
