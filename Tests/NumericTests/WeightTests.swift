import Comparison
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
            #expect(throws: WeightError.self) { try WeightFile(contentsOf: URL(filePath: path)) }
        }
        #expect(throws: WeightError.self) { try AtomicFile.write(Data([1]), to: URL(filePath: "/nonexistent/file")) }
    }

    @Test func atomicWriteLeavesNothingBehind() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let target = folder.appending(path: "taken")
        try FileManager.default.createDirectory(at: target.appending(path: "full"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // A folder with something in it cannot be replaced by a file.
        #expect(throws: WeightError.self) { try AtomicFile.write(Data([1]), to: target) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken"])
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]) func sha256(text: String, digest: String) throws {
        try withTemporaryFile { url in
            try Data(text.utf8).write(to: url)
            #expect(try Digest.sha256(contentsOf: url) == digest)
        }
    }
}
