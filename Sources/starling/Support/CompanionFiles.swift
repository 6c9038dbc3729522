import ArgumentParser
import AudioIO
import Faces
import Files
import Foundation
import Pictures
import Synthesis

/// Files of a speech beside its sound: options of `say`.
struct CompanionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write the times of words, phonemes, visemes and marks as JSON.", valueName: "file"),
        completion: .file())
    var timings: String?

    @Option(help: ArgumentHelp("Write subtitles (.srt or .vtt).", valueName: "file"), completion: .file())
    var subtitles: String?

    @Option(
        help: ArgumentHelp(
            "Write facial animation: ARKit blend shapes, 60 frames a second (.csv or .jsonl).", valueName: "file"),
        completion: .file())
    var blendshapes: String?

    @Option(
        help: ArgumentHelp(
            "Write mouth cues in the formats of Rhubarb Lip Sync (.tsv, .xml or .json).", valueName: "file"),
        completion: .file())
    var mouthCues: String?

    @Option(
        help: ArgumentHelp("Draw the waveform, spectrogram, F0 and phonemes as PNG.", valueName: "file"),
        completion: .file())
    var picture: String?

    /// Refuses names under which one output would replace another.
    ///
    /// - Parameter sound: the sound's file, if there is one
    /// - Throws: `CommandError.sameFile`, `FileError`
    func check(beside sound: String?) throws {
        var destinations: Set<String> = []
        for path in [sound, timings, subtitles, blendshapes, mouthCues, picture].compactMap(\.self) {
            // Devices and pipes take what comes.
            if let kind = FileStatus(path)?.kind, kind != .file { continue }
            guard destinations.insert(try AtomicFile.destination(of: path)).inserted else {
                throw CommandError.sameFile(path)
            }
        }
    }
}

/// Files of a speech beside its sound. All are opened before the work begins, and none is visible before it ends.
struct CompanionFiles {
    private let timings: AtomicFile?
    private let subtitles: (format: Subtitles.Format, file: AtomicFile)?
    private let blendShapes: (format: BlendShapeFormat, file: AtomicFile)?
    private let mouthCues: (format: MouthCues.Format, file: AtomicFile)?
    private let picture: AtomicFile?

    private var sentences: [SpokenSentence] = []
    private var texts = Subtitles()
    private var track: FaceTrack
    private var drawings = MouthCues()
    private var drawing = SpeechPicture()

    /// - Parameter seed: chooses what of a face is left to chance
    init(_ options: CompanionOptions, seed: UInt64) throws {
        timings = try options.timings.map { try AtomicFile(URL(filePath: $0)) }
        subtitles = try Self.open(options.subtitles, for: "subtitles")
        blendShapes = try Self.open(options.blendshapes, for: "blend shapes")
        mouthCues = try Self.open(options.mouthCues, for: "mouth cues")
        picture = try options.picture.map { try AtomicFile(URL(filePath: $0)) }
        track = FaceTrack(seed: seed)
        try blendShapes.map { try $0.file.write(Array($0.format.header.utf8)) }
    }

    /// A file whose name determines its format.
    private static func open<Format: RawRepresentable<String> & CaseIterable>(
        _ path: String?, for content: String
    ) throws -> (format: Format, file: AtomicFile)? {
        guard let path else { return nil }
        let ending = path.lastIndex(of: ".").map { path[path.index(after: $0)...].lowercased() }
        guard let format = ending.flatMap(Format.init(rawValue:)) else {
            throw CommandError.fileName(path: path, of: content, endings: Format.allCases.map(\.rawValue))
        }
        return (format, try AtomicFile(URL(filePath: path)))
    }

    /// Takes in the next chunk.
    mutating func append(_ chunk: SpeechChunk) throws {
        if picture != nil { drawing.append(chunk) }
        if blendShapes != nil { try write(track.append(chunk)) }
        guard var sentence = chunk.sentence else { return }
        if subtitles != nil { texts.append(sentence) }
        if mouthCues != nil { drawings.append(sentence) }
        // Features are not part of the timings and would only fill memory.
        sentence.features = nil
        if timings != nil { sentences.append(sentence) }
    }

    private func write(_ frames: [FaceFrame]) throws {
        guard let (format, file) = blendShapes, !frames.isEmpty else { return }
        try file.write(Array(frames.map(format.line).joined().utf8))
    }

    /// Writes what is left.
    ///
    /// - Parameters:
    ///   - title: of the picture
    ///   - sound: the name of the sound's file
    mutating func finish(voice: String, sampleCount: Int, title: @autoclosure () -> String, sound: String) throws {
        let report = SpeechTimings(voice: voice, sampleCount: sampleCount, sentences: sentences)
        try timings?.write([UInt8](try report.json()))
        try picture?.write(drawing.png(title: title()))
        if let (format, file) = subtitles { try file.write(Array(texts.text(format).utf8)) }
        if blendShapes != nil { try write(track.finish()) }
        if let (format, file) = mouthCues {
            try file.write(Array(drawings.text(format, duration: report.duration, sound: sound).utf8))
        }
    }

    /// Puts the files in place.
    func commit() throws {
        for file in [subtitles?.file, timings, blendShapes?.file, mouthCues?.file, picture] { try file?.commit() }
    }
}
