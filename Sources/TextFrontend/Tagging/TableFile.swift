import Foundation

/// What the files of the tagger and of French letters have in common: eight letters that name the format, then three
/// 32-bit counts, little-endian, in a header of `headerLength` bytes.
enum TableFile {
    static let headerLength = 24

    /// The mapped file and its three counts.
    ///
    /// - Throws: `FrontendError.missing`, or `.corrupt` if it is too short or of another format
    static func open(_ url: URL, magic: String) throws(FrontendError) -> (data: Data, counts: [Int]) {
        let file = url.path
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped) else { throw .missing(file: file) }
        guard data.count >= headerLength, data.prefix(8).elementsEqual(magic.utf8) else {
            throw .corrupt(file: file, reason: "it does not begin with \(magic)")
        }
        let counts = data.withUnsafeBytes { bytes in
            (0..<3).map { Int(bytes.loadUnaligned(fromByteOffset: 8 + 4 * $0, as: UInt32.self)) }
        }
        return (data, counts)
    }
}
