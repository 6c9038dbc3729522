import AudioIO
import Faces
import Files
import Foundation
import Synthesis
import VoiceStore

/// The speech of one request, encoded piece by piece as it is taken.
actor SpeechStream {
    /// What is ready: encoded bytes, and the times of a sentence that begins with them.
    struct Piece: Sendable {
        var bytes: [UInt8]
        var sentence: SpokenSentence?
        /// Samples that were encoded since the piece before; an encoder may keep some of their bytes back.
        var samples: Int
        /// The face while it sounds, if it is wanted.
        var face: [FaceFrame]
    }

    private var chunks: AsyncThrowingStream<SpeechChunk, any Error>.Iterator
    private let sink = PieceSink()
    private let writer: AudioWriter
    private var deadline: ContinuousClock.Instant
    private let limit: Duration
    /// Whether each piece has the whole limit to itself, since the text is still being written.
    private let isArriving: Bool
    private var isFinished = false
    /// A place in the queue, held as long as there may be more to say.
    private let ticket: Admission.Ticket?
    private let metrics: ServerMetrics
    private var track: FaceTrack?
    /// Frames of the face that nobody has taken.
    private var frames: [FaceFrame] = []
    private(set) var sampleCount = 0
    /// Of them those that no piece has told of.
    private var untold = 0

    /// - Parameters:
    ///   - chunks: the speech
    ///   - started: from when on the limit counts
    ///   - isArriving: the text is still being written, and the limit counts anew from every piece
    ///   - track: makes the face that speaks, if it is wanted
    init(
        _ chunks: AsyncThrowingStream<SpeechChunk, any Error>, format: SpeechRequest.Format, voice: Voice,
        software: String,
        started: ContinuousClock.Instant, limit: Duration, isArriving: Bool = false, track: FaceTrack?,
        ticket: Admission.Ticket?, metrics: ServerMetrics
    ) throws {
        self.chunks = chunks.makeAsyncIterator()
        writer = try AudioWriter(
            to: sink, format: format.audio, sampleRate: Synthesizer.sampleRate,
            metadata: .speech(voice: voice.name, software: software))
        deadline = started + limit
        self.limit = limit
        self.isArriving = isArriving
        self.track = track
        self.ticket = ticket
        self.metrics = metrics
    }

    /// The next piece with bytes or a sentence in it, nil after the last.
    func next() async throws -> Piece? {
        while !isFinished {
            var iterator = chunks
            let chunk = try await iterator.next(isolation: #isolation)
            chunks = iterator
            guard ContinuousClock.now < deadline else {
                close()
                throw ServerError.timeout(seconds: Int(limit.components.seconds))
            }
            if isArriving { deadline = .now + limit }
            guard let chunk else {
                try Task.checkCancellation()
                try writer.finish()
                close()
                frames += track?.finish() ?? []
                let rest = piece(sink.take())
                return rest.bytes.isEmpty && rest.face.isEmpty && rest.samples == 0 ? nil : rest
            }
            try writer.append(chunk.samples)
            frames += track?.append(chunk) ?? []
            sampleCount += chunk.samples.count
            untold += chunk.samples.count
            metrics.spoke(seconds: Double(chunk.samples.count) / Double(Synthesizer.sampleRate))
            let bytes = sink.take()
            if !bytes.isEmpty || chunk.sentence != nil {
                return piece(bytes, sentence: chunk.sentence)
            }
        }
        return nil
    }

    private func piece(_ bytes: [UInt8], sentence: SpokenSentence? = nil) -> Piece {
        defer { (frames, untold) = ([], 0) }
        return Piece(bytes: bytes, sentence: sentence, samples: untold, face: frames)
    }

    private func close() {
        isFinished = true
        ticket?.giveBack()
    }
}

/// Collects an encoder's bytes until they are taken. It cannot seek, so encoders write headers that are valid in
/// streams.
private final class PieceSink: ByteSink {
    private var bytes: [UInt8] = []

    var canSeek: Bool { false }

    func write(_ buffer: UnsafeRawBufferPointer) throws(FileError) { bytes += buffer }

    func seek(to position: Int) throws(FileError) {
        throw .unwritable(path: "a stream", reason: "it is not seekable")
    }

    func commit() throws(FileError) {}

    func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}
