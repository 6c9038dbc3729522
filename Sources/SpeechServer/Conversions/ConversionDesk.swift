import AudioIO
import Conversion
import Foundation
import Synthesis
import VoiceStore

/// Says recordings again in other voices, on the threads that make new voices, which give way to those that speak.
struct ConversionDesk: Sendable {
    let converter: VoiceConverter
    /// The name of the networks that say recordings again.
    var model: String { converter.model }
    let scheduler: SpeechScheduler
    /// Seconds that a recording may have.
    let longest: Double

    /// The recording in another voice. Each chunk is made when it is asked for, so a slow reader holds up nobody.
    ///
    /// - Parameter place: held as long as the recording is in memory
    func speech(
        of upload: ConversionUpload, in voice: Voice, place: Admission.Ticket
    ) -> AsyncThrowingStream<SpeechChunk, any Error> {
        let run = ConversionRun(upload, voice: voice, longest: longest, converter: converter, place: place)
        return AsyncThrowingStream(unfolding: { [scheduler] in
            try await withTaskExecutorPreference(scheduler) { try await run.next() }
        })
    }
}

/// One recording on its way into another voice.
private actor ConversionRun {
    private let upload: ConversionUpload
    private let voice: Voice
    private let longest: Double
    private let converter: VoiceConverter
    private let place: Admission.Ticket
    private var conversion: Conversion?
    private var given = 0

    init(
        _ upload: ConversionUpload, voice: Voice, longest: Double, converter: VoiceConverter, place: Admission.Ticket
    ) {
        (self.upload, self.voice, self.longest) = (upload, voice, longest)
        (self.converter, self.place) = (converter, place)
    }

    func next() throws -> SpeechChunk? {
        try Task.checkCancellation()
        do {
            let conversion = try self.conversion ?? begin()
            self.conversion = conversion
            guard let samples = try conversion.next() else {
                place.giveBack()
                return nil
            }
            defer { given += samples.count }
            return SpeechChunk(samples: samples, start: given)
        } catch let error as AudioError {
            throw ErrorResponse.unreadableRecording(error)
        }
    }

    /// Listens to the speaker of the recording.
    private func begin() throws -> Conversion {
        let source = try AudioSource(upload.recording, named: upload.name, longest: longest)
        var options = ConversionOptions()
        options.pitch = upload.wish.options.pitch
        options.seed = upload.wish.options.seed
        return try converter.convert(source, to: voice.profile, options: options)
    }
}
