import Comparison
import Files
import Foundation
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
