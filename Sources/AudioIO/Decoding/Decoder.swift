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

    /// Frames in so many seconds, and in so many samples of all channels together.
    func frames(longest: Double, most: Double = .infinity) -> Int {
        Int(min(longest * Double(sampleRate), most / Double(channels), 1e12))
    }
}

/// Something to decode.
enum AudioInput {
    /// A regular file.
    case file(path: String, name: String)
    /// Bytes in memory, and how errors call them.
    case bytes(Data, name: String)

    /// A file, or what comes out of a pipe.
    ///
    /// - Parameter name: how errors call it; by default its path as it was given.
    init(_ url: URL, named name: String? = nil) throws(AudioError) {
        let path = url.path(percentEncoded: false)
        let name = name ?? url.relativePath
        self =
            try AudioReader.isPlainFile(path, named: name)
            ? .file(path: path, name: name) : .bytes(AudioReader.drain(path, named: name), name: name)
    }

    var name: String {
        switch self {
        case .file(_, let name), .bytes(_, let name): name
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
        case .file(let path, let name):
            let file: OpenFile
            do throws(FileError) { file = try OpenFile(reading: path) } catch {
                throw .unreadable(path: name, reason: error.reason)
            }
            head = [0, 0]
            if Glibc.read(file.descriptor, &head, 2) < 2 { return false }
        }
        // Twelve bits of synchronization, then a bit for the version and two zeros for the layer.
        return head.count == 2 && head[0] == 0xff && head[1] & 0xf6 == 0xf0
    }
}
