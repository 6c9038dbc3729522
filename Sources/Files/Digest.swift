import CKernels
public import Foundation

/// SHA-256 (FIPS 180-4), for naming contents and checking that a file is the one it should be. Written here, so that
/// the libraries below the server need no Swift package.
public enum Digest {
    /// Lower-case hexadecimal digest of a file, 64 digits.
    ///
    /// - Throws: `FileError.unreadable`
    public static func sha256(contentsOf url: URL) throws(FileError) -> String {
        try MappedFile(contentsOf: url).withUnsafeBytes { sha256($0) }
    }

    /// Lower-case hexadecimal digest of some bytes, 64 digits.
    public static func sha256(_ bytes: some ContiguousBytes) -> String { bytes.withUnsafeBytes { sha256($0) } }

    /// Lower-case hexadecimal digest of a list of texts, 64 digits. Each goes in with its length in front, so that no
    /// two lists run into the same bytes.
    public static func sha256(parts: [String]) -> String {
        sha256(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
    }

    /// Lower-case hexadecimal digest of some bytes, 64 digits.
    public static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        func take(_ blocks: UnsafeRawBufferPointer) {
            guard let start = blocks.baseAddress else { return }
            starling_sha256(&state, start.assumingMemoryBound(to: UInt8.self), blocks.count / block)
        }
        take(bytes)
        // The end: a one bit, zeros, and the length in bits.
        var tail = Array(bytes[(bytes.count / block * block)...]) + [0x80]
        tail += [UInt8](repeating: 0, count: (120 - tail.count % block) % block)
        withUnsafeBytes(of: UInt64(bytes.count * 8).bigEndian) { tail += Array($0) }
        tail.withUnsafeBytes(take)
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Bytes of a block.
    private static let block = 64
}
