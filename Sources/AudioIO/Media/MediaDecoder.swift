import Files
import Foundation

/// What FFmpeg's libraries read, decoded by `starling-media`.
final class MediaDecoder: Decoder {
    let channels: Int
    let sampleRate: Int
    private let process: MediaProcess
    private let path: String
    private var isAtEnd = false

    /// Processor seconds that it may take: some to begin with, and some for every megabyte, of which a speech codec
    /// makes ten minutes of sound.
    private static func seconds(bytes: Int) -> Int { 10 + bytes >> 18 }

    init(_ input: AudioInput) throws(AudioError) {
        path = input.name
        let file = try Self.seekable(input)
        let size = lseek(file.descriptor, 0, SEEK_END)
        lseek(file.descriptor, 0, SEEK_SET)
        process = try MediaProcess(
            ["decode", "\(Self.seconds(bytes: size))"], input: .file(file.descriptor), output: .pipe)
        var head: [UInt32] = [0, 0]
        let got = head.withUnsafeMutableBytes { [process] in process.read(into: $0) }
        guard got == 8 else { throw Self.error(process.end(), path: path) }
        (sampleRate, channels) = (Int(head[0]), Int(head[1]))
        guard Resampler.usable.contains(sampleRate) else { throw .badSampleRate(sampleRate) }
        guard (1...AudioReader.maximumChannels).contains(channels) else {
            throw .unreadable(path: path, reason: "it claims \(channels) channels")
        }
    }

    func read(into block: inout [Float]) throws(AudioError) -> Int {
        if isAtEnd { return 0 }
        let frame = channels * MemoryLayout<Float>.size
        let got = block.withUnsafeMutableBytes { process.read(into: $0) }
        if got < block.count * MemoryLayout<Float>.size {
            isAtEnd = true
            // What is damaged after some good part ends there; a decoder that broke down or ran for too long gives
            // nothing.
            let ending = process.end()
            if ending != .success { throw Self.error(ending, path: path) }
        }
        return got / frame
    }

    func emptiness() -> AudioError { .empty(path: path) }

    /// The input as a file that can seek; bytes in memory go into one without a name.
    private static func seekable(_ input: AudioInput) throws(AudioError) -> OpenFile {
        do throws(FileError) {
            switch input {
            case .file(let path, _): return try OpenFile(reading: path)
            case .bytes(let data, let path):
                let file = try OpenFile(temporaryIn: nil)
                try StreamSink(descriptor: file.descriptor, name: path).write(contentsOf: data)
                return file
            }
        } catch {
            throw .unreadable(path: input.name, reason: error.reason)
        }
    }

    private static func error(_ ending: MediaProcess.Ending, path: String) -> AudioError {
        switch ending {
        case .success: .empty(path: path)
        case .failure("unknown format"): .unknownFormat(path: path)
        case .failure(let reason): .unreadable(path: path, reason: reason)
        }
    }
}
