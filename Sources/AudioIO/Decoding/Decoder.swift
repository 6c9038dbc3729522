import Files
import Foundation

/// A sound file that is being decoded, block by block.
protocol Decoder: AnyObject {
    /// 1 to `AudioReader.maximumChannels`.
    var channels: Int { get }
    /// In Hz, one of `Resampler.usable`.
    var sampleRate: Int { get }
    /// Fills the block from its beginning with whole frames, interleaved, full scale ±1.
    ///
    /// - Returns: how many frames, 0 at the end
    func read(into block: inout [Float]) throws(AudioError) -> Int
    /// Why it gave no frame at all.
    func emptiness() -> AudioError
}

extension Decoder {
    /// A block for `read(into:)`.
    var emptyBlock: [Float] { [Float](repeating: 0, count: 16_384 / channels * channels) }
}

/// Something to decode.
enum AudioInput {
    /// A plain file.
    case file(path: String)
    /// Bytes in memory, and how errors call them.
    case bytes(Data, name: String)

    /// A file, or what comes out of a pipe.
    init(_ url: URL) throws(AudioError) {
        let path = url.path(percentEncoded: false)
        self = try AudioReader.isPlainFile(path) ? .file(path: path) : .bytes(AudioReader.drain(path), name: path)
    }

    var name: String {
        switch self {
        case .file(let path): path
        case .bytes(_, let name): name
        }
    }

    /// Opens it with libsndfile, or else with FFmpeg's libraries.
    func decoder() throws(AudioError) -> any Decoder {
        if case .bytes(let data, let name) = self, data.isEmpty { throw .empty(path: name) }
        let refusal: AudioError
        if try isADTS() {
            refusal = .unknownFormat(path: name)
        } else {
            do throws(AudioError) { return try SndfileDecoder(self) } catch { refusal = error }
        }
        do throws(AudioError) {
            return try MediaDecoder(self)
        } catch .unknownFormat {
            // What libsndfile found wrong with it says more.
            throw refusal
        } catch {
            if case .noMedia = error, case .unknownFormat = refusal { throw error }
            if case .unknownFormat = refusal { throw error }
            throw refusal
        }
    }

    /// Whether it begins like a stream of AAC, which libsndfile takes for a damaged MP3.
    private func isADTS() throws(AudioError) -> Bool {
        var head: [UInt8] = []
        switch self {
        case .bytes(let data, _): head = Array(data.prefix(2))
        case .file(let path):
            let file: OpenFile
            do throws(FileError) { file = try OpenFile(reading: path) } catch {
                throw .unreadable(path: path, reason: error.reason)
            }
            head = [0, 0]
            if Glibc.read(file.descriptor, &head, 2) < 2 { return false }
        }
        // Twelve bits of synchronization, then a bit for the version and two zeros for the layer.
        return head.count == 2 && head[0] == 0xff && head[1] & 0xf6 == 0xf0
    }
}
