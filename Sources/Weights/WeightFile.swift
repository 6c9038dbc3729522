internal import CKernels
private import Files
public import Foundation

/// A safetensors file, mapped or in memory: named tensors of float32, float16, bfloat16 or uint32, and a string map of
/// metadata.
///
///     let file = try WeightFile(contentsOf: url)
///     let version = file.metadata["version"]
///
/// Loading checks the whole header, so that a damaged or hostile file is refused here and never read beyond its end.
/// Networks read tensors through `WeightLoader`, which reports everything that does not fit at once.
/// Format: https://github.com/huggingface/safetensors (8 bytes of header length, JSON header, data).
public struct WeightFile: Sendable {
    /// The number formats in use.
    public enum Format: String, Sendable {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case uint32 = "U32"

        /// Bytes of one number.
        public var size: Int { self == .float32 || self == .uint32 ? 4 : 2 }
    }

    /// Where a tensor lies.
    public struct Tensor: Sendable {
        public let format: Format
        public let shape: [Int]
        /// Bytes from the start of the file.
        let range: Range<Int>
    }

    /// Where it lies; errors name it.
    public let url: URL
    public let metadata: [String: String]
    public let tensors: [String: Tensor]
    private let contents: Contents

    private enum Contents {
        case mapped(MappedFile)
        case read([UInt8])

        func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
            switch self {
            case .mapped(let file): try file.withUnsafeBytes(body)
            case .read(let bytes): try bytes.withUnsafeBytes(body)
            }
        }
    }

    /// Maps a file.
    ///
    /// - Throws: `FileError.unreadable`, `WeightError.malformed`
    public init(contentsOf url: URL) throws { try self.init(.mapped(MappedFile(contentsOf: url)), url: url) }

    /// Takes what was read of a file before: what was checked then is what is used now, whatever has become of the
    /// file.
    ///
    /// - Parameter url: where it was read; errors name it.
    /// - Throws: `WeightError.malformed`
    public init(bytes: [UInt8], readFrom url: URL) throws { try self.init(.read(bytes), url: url) }

    private init(_ contents: Contents, url: URL) throws {
        self.contents = contents
        self.url = url
        (metadata, tensors) = try contents.withUnsafeBytes { try Self.parse($0, url: url) }
    }

    /// Gives back the memory of what was read of a mapped file so far. What is asked for afterwards is read again.
    func releasePages() {
        if case .mapped(let file) = contents { file.releasePages() }
    }

    /// SHA-256 of the whole file, 64 hexadecimal digits.
    public var sha256: String { contents.withUnsafeBytes { Digest.sha256($0) } }

    /// The numbers of a tensor as float32, nil if there is none of this name or it has integers.
    public func values(of name: String) -> [Float]? {
        guard let tensor = tensors[name], tensor.format != .uint32 else { return nil }
        return values(of: tensor, 0..<tensor.range.count / tensor.format.size)
    }

    /// Calls `body` with the numbers of a tensor as they lie in the file; nil without a call if they are not bfloat16,
    /// or not aligned, which the format does not promise.
    func withHalves<Result>(of name: String, _ body: (UnsafePointer<UInt16>) -> Result) -> Result? {
        guard let tensor = tensors[name], tensor.format == .bfloat16, !tensor.range.isEmpty else { return nil }
        return contents.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress?.advanced(by: tensor.range.lowerBound),
                Int(bitPattern: start) % MemoryLayout<UInt16>.alignment == 0
            else { return nil }
            return body(start.assumingMemoryBound(to: UInt16.self))
        }
    }

    /// The integers of a tensor, nil if there is none of this name or it has other numbers.
    public func integers(of name: String) -> [UInt32]? {
        guard let tensor = tensors[name], tensor.format == .uint32 else { return nil }
        return contents.withUnsafeBytes { bytes in
            stride(from: tensor.range.lowerBound, to: tensor.range.upperBound, by: tensor.format.size).map {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))
            }
        }
    }

    /// Some numbers of a tensor of floats, counted from its first.
    func values(of tensor: Tensor, _ numbers: Range<Int>) -> [Float] {
        let start = tensor.range.lowerBound + numbers.lowerBound * tensor.format.size
        let range = start..<start + numbers.count * tensor.format.size
        let count = numbers.count
        precondition(tensor.format != .uint32 && range.upperBound <= tensor.range.upperBound)
        return contents.withUnsafeBytes { bytes in
            let source = UnsafeRawBufferPointer(rebasing: bytes[range])
            return [Float](unsafeUninitializedCapacity: count) { target, used in
                used = count
                guard count > 0 else { return }
                if tensor.format == .float32 {
                    UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
                    return
                }
                func convert(_ halves: UnsafePointer<UInt16>) {
                    if tensor.format == .bfloat16 {
                        starling_from_bfloat16(halves, target.baseAddress, count)
                    } else {
                        starling_from_float16(halves, target.baseAddress, count)
                    }
                }
                if range.lowerBound % 2 == 0 {
                    convert(source.baseAddress!.assumingMemoryBound(to: UInt16.self))
                } else {
                    // The format does not promise alignment; a copy has it.
                    let halves = [UInt16](unsafeUninitializedCapacity: count) { halves, used in
                        used = count
                        UnsafeMutableRawBufferPointer(halves).copyMemory(from: source)
                    }
                    convert(halves)
                }
            }
        }
    }
}

extension WeightFile {
    private struct Header: Decodable {
        var metadata: [String: String] = [:]
        var tensors: [String: Entry] = [:]

        struct Entry: Decodable {
            let dtype: String
            let shape: [Int]
            let offsets: [Int]

            enum CodingKeys: String, CodingKey {
                case dtype, shape
                case offsets = "data_offsets"
            }
        }

        struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for name in container.allKeys {
                if name.stringValue == "__metadata__" {
                    metadata = try container.decode([String: String].self, forKey: name)
                } else {
                    tensors[name.stringValue] = try container.decode(Entry.self, forKey: name)
                }
            }
        }
    }

    private static func parse(
        _ bytes: UnsafeRawBufferPointer, url: URL
    ) throws -> (metadata: [String: String], tensors: [String: Tensor]) {
        func malformed(_ reason: String) -> WeightError { .malformed(url, reason: reason) }
        guard bytes.count >= 8 else { throw malformed("it has only \(bytes.count) bytes") }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(bytes.count - 8) else {
            throw malformed("its header claims \(length) bytes, but the file has \(bytes.count)")
        }
        let start = 8 + Int(length)
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<start]))
        } catch {
            throw malformed("its header is not valid JSON")
        }
        var tensors: [String: Tensor] = [:]
        for (name, entry) in header.tensors {
            guard let format = Format(rawValue: entry.dtype) else {
                throw malformed("tensor \(name) has the type \(entry.dtype), which is none of F32, F16, BF16 and U32")
            }
            guard entry.offsets.count == 2, let begin = entry.offsets.first, let end = entry.offsets.last,
                begin >= 0, begin <= end, end <= bytes.count - start
            else {
                throw malformed(
                    "tensor \(name) lies at \(entry.offsets) of \(bytes.count - start) bytes; the file may be truncated"
                )
            }
            var size = format.size
            for extent in entry.shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: extent)
                guard extent >= 0, !overflow else { throw malformed("tensor \(name) has the shape \(entry.shape)") }
                size = product
            }
            guard size == end - begin else {
                throw malformed("tensor \(name) of shape \(entry.shape) takes \(end - begin) bytes, not \(size)")
            }
            tensors[name] = Tensor(format: format, shape: entry.shape, range: start + begin..<start + end)
        }
        let ordered = tensors.sorted { ($0.value.range.lowerBound, $0.key) < ($1.value.range.lowerBound, $1.key) }
        for (first, second) in zip(ordered, ordered.dropFirst())
        where second.value.range.lowerBound < first.value.range.upperBound {
            throw malformed("tensors \(first.key) and \(second.key) overlap")
        }
        return (header.metadata, tensors)
    }
}
