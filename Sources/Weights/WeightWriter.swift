public import Foundation

extension WeightFile {
    /// A tensor to write, as float32.
    public struct Values: Sendable {
        public let name: String
        public let shape: [Int]
        public let values: [Float]

        public init(_ name: String, shape: [Int], values: [Float]) {
            precondition(values.count == shape.reduce(1, *), "\(values.count) values for the shape \(shape)")
            (self.name, self.shape, self.values) = (name, shape, values)
        }
    }

    /// Writes a safetensors file; it appears whole or not at all.
    ///
    /// - Throws: `WeightError.unwritable`
    public static func write(_ tensors: [Values], metadata: [String: String] = [:], to url: URL) throws {
        struct Entry: Encodable {
            let dtype = "F32"
            let shape: [Int]
            let offsets: [Int]

            enum CodingKeys: String, CodingKey {
                case dtype, shape
                case offsets = "data_offsets"
            }
        }
        struct Header: Encodable {
            let metadata: [String: String]
            let entries: [(String, Entry)]

            struct Name: CodingKey {
                let stringValue: String
                var intValue: Int? { nil }
                init(_ name: String) { stringValue = name }
                init?(stringValue: String) { self.stringValue = stringValue }
                init?(intValue: Int) { nil }
            }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Name.self)
                if !metadata.isEmpty { try container.encode(metadata, forKey: Name("__metadata__")) }
                for (name, entry) in entries { try container.encode(entry, forKey: Name(name)) }
            }
        }
        var data = Data()
        var entries: [(String, Entry)] = []
        for tensor in tensors {
            let begin = data.count
            tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
            entries.append((tensor.name, Entry(shape: tensor.shape, offsets: [begin, data.count])))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var header = try encoder.encode(Header(metadata: metadata, entries: entries))
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
        var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
        file.append(header)
        file.append(data)
        try AtomicFile.write(file, to: url)
    }
}

/// Files that appear whole or not at all.
public enum AtomicFile {
    /// Writes a temporary file beside `url`, forces it to disk and renames it.
    ///
    /// - Throws: `WeightError.unwritable`; then no temporary file is left
    public static func write(_ data: Data, to url: URL) throws {
        var path = Array(url.path.utf8CString.dropLast()) + Array(".XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw WeightError.unwritable(url, code: errno) }
        do {
            defer { close(descriptor) }
            try data.withUnsafeBytes { bytes in
                var written = 0
                while written < bytes.count {
                    let count = Foundation.write(
                        descriptor, bytes.baseAddress! + written, bytes.count - written)
                    if count < 0 && errno == EINTR { continue }
                    guard count > 0 else { throw WeightError.unwritable(url, code: errno) }
                    written += count
                }
            }
            guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0, rename(path, url.path) == 0 else {
                throw WeightError.unwritable(url, code: errno)
            }
        } catch {
            unlink(path)
            throw error
        }
        // The rename itself lasts once the directory is on disk.
        let directory = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }
}
