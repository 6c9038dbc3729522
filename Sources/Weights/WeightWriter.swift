private import Files
public import Foundation

extension WeightFile {
    /// A tensor to write.
    public struct Values: Sendable {
        public let name: String
        public let shape: [Int]
        public let values: [Float]
        /// Whether it is written as float16, rounded to the nearest; otherwise it is float32.
        public let isHalf: Bool

        public init(_ name: String, shape: [Int], values: [Float], isHalf: Bool = false) {
            precondition(values.count == shape.reduce(1, *), "\(values.count) values for the shape \(shape)")
            (self.name, self.shape, self.values, self.isHalf) = (name, shape, values, isHalf)
        }

        fileprivate func append(to data: inout Data) {
            if isHalf {
                values.map { Float16($0).bitPattern.littleEndian }.withUnsafeBytes { data.append(contentsOf: $0) }
            } else {
                values.withUnsafeBytes { data.append(contentsOf: $0) }
            }
        }
    }

    /// Writes a safetensors file; it appears whole or not at all.
    ///
    /// - Throws: `FileError`
    public static func write(_ tensors: [Values], metadata: [String: String] = [:], to url: URL) throws {
        try AtomicFile.save(bytes(of: tensors, metadata: metadata), to: url)
    }

    /// The bytes of a safetensors file; equal tensors and metadata give equal bytes.
    public static func bytes(of tensors: [Values], metadata: [String: String] = [:]) throws -> Data {
        struct Entry: Encodable {
            let dtype: String
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
            tensor.append(to: &data)
            let format = tensor.isHalf ? Format.float16 : .float32
            let entry = Entry(dtype: format.rawValue, shape: tensor.shape, offsets: [begin, data.count])
            entries.append((tensor.name, entry))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var header = try encoder.encode(Header(metadata: metadata, entries: entries))
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
        var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
        file.append(header)
        file.append(data)
        return file
    }
}
