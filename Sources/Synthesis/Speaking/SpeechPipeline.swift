import SpeechSignal
import Tensor
import TextFrontend
import VoiceStore

/// The work on one text: sentences are read lazily, a few of them are spoken at once, and their pieces leave in order.
actor SpeechPipeline {
    private let speaker: SentenceSpeaker
    private let voice: Voice
    /// Those that markup asks for.
    private let voices: [String: Voice]
    private let options: SpeechOptions
    private let executor: (any TaskExecutor)?
    private var excerpt: String
    /// Whether nothing but blanks has arrived.
    private var isBlank: Bool
    private var offsets: TextOffsets

    private var sentences: any IteratorProtocol<Sentence>
    /// The text, where it is still being written.
    private var arriving: ArrivingText?
    /// Seconds of silence asked for after the sentence planned last.
    private var owedPause = 0.0
    /// Marks in what makes no sound; the next sentence reaches them.
    private var owedMarks: [TextMark] = []

    private struct Planned {
        var sentence: Sentence
        /// Seconds of silence asked for before it.
        var pause: Double
    }

    private struct Job {
        var place: SentencePlace
        var pieces: AsyncThrowingStream<SentenceSpeaker.Piece, any Error>.Iterator
    }

    private var jobs: [Job] = []
    /// The running work of each job, apart from it because only this may be touched when the pipeline is dropped.
    private var tasks: [Task<Void, Never>] = []
    private var sentenceCount: UInt64 = 0
    /// The sentence planned last, and its place.
    private var previous: (sentence: Sentence, place: SentencePlace)?
    /// Samples delivered so far.
    private var position = 0
    private var hasSounded = false
    private var opening: (sentence: SpokenSentence, silence: Int)?

    init(
        speaker: SentenceSpeaker, script: sending SpeechScript, voice: Voice, options: SpeechOptions,
        executor: (any TaskExecutor)?
    ) {
        self.speaker = speaker
        self.voice = voice
        self.options = options
        self.executor = executor
        voices = script.voices
        excerpt = SynthesisError.excerpt(script.text)
        isBlank = script.arriving != nil
        offsets = TextOffsets(script.text)
        sentences = script.sentences
        arriving = script.arriving
    }

    deinit {
        for task in tasks { task.cancel() }
    }

    /// The next chunk, or nil at the end.
    func next() async throws -> SpeechChunk? {
        do {
            return try await advance()
        } catch {
            stop()
            throw error
        }
    }

    private func stop() {
        for task in tasks { task.cancel() }
        tasks = []
        jobs = []
        sentences = EmptyCollection<Sentence>().makeIterator()
        arriving = nil
    }

    private func advance() async throws -> SpeechChunk? {
        while true {
            try Task.checkCancellation()
            fill()
            guard !jobs.isEmpty else {
                // All that is complete has been spoken.
                if try await receive() { continue }
                if sentenceCount == 0 {
                    throw isBlank ? SynthesisError.emptyText : .nothingToSpeak(excerpt: excerpt)
                }
                return lastSilence()
            }
            var pieces = jobs[0].pieces
            let piece = try await pieces.next(isolation: #isolation)
            guard !jobs.isEmpty else { return nil }
            jobs[0].pieces = pieces
            switch piece {
            case nil:
                try Task.checkCancellation()
                jobs.removeFirst()
                tasks.removeFirst()
            case .begin(let sentence):
                opening = (sentence, jobs[0].place.silence)
            case .samples(let samples):
                return chunk(samples)
            }
        }
    }

    /// Waits for more of a text that is still being written.
    ///
    /// - Returns: false if there is none
    private func receive() async throws -> Bool {
        guard let text = arriving, !text.feed.isComplete else { return false }
        let more: String
        switch try await text.next() {
        case nil:
            arriving?.feed.finish()
            return true
        case .flush:
            arriving?.feed.flush()
            return true
        case .text(let piece): more = piece
        }
        if isBlank, more.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) {
            isBlank = false
            excerpt = SynthesisError.excerpt(more)
        }
        offsets.append(more)
        arriving?.feed.append(more)
        return true
    }

    /// Wraps a piece; the first of a sentence brings the silence before it and the times.
    private func chunk(_ samples: [Float]) -> SpeechChunk {
        var chunk = SpeechChunk(samples: samples, start: position, sentence: nil)
        if let (sentence, silence) = opening {
            opening = nil
            chunk.samples = [Float](repeating: 0, count: silence) + samples
            chunk.sentence = sentence.shifted(by: Signal.seconds(samples: position + silence))
            chunk.sentence?.place(&offsets)
        }
        position += chunk.samples.count
        hasSounded = true
        return chunk
    }

    /// The silence asked for after everything, once.
    private func lastSilence() -> SpeechChunk? {
        let count = Int(min(owedPause, SpeechOptions.longestPause) * Double(Signal.sampleRate))
        guard count > 0 else { return nil }
        owedPause = 0
        defer { position += count }
        return SpeechChunk(samples: [Float](repeating: 0, count: count), start: position, sentence: nil)
    }

    /// Samples of silence between the sentence planned last and this one.
    private func silence(before planned: Planned) -> Int {
        guard let previous = previous?.sentence else { return Int(planned.pause * Double(Signal.sampleRate)) }
        let whole =
            previous.continues
            ? 0.12 : previous.endsParagraph ? options.paragraphPause : options.sentencePause
        let edges = Signal.seconds(frames: SilenceTrim.lead + SilenceTrim.tail)
        let natural = max(0, whole / Double(options.speed) - edges)
        return Int(max(natural, planned.pause) * Double(Signal.sampleRate))
    }

    /// Starts work until enough is under way. Until the first sound is out only the first sentence is worked on, so
    /// that nothing takes time away from it.
    private func fill() {
        let wanted = hasSounded ? max(0, options.parallelism) + 1 : 1
        while jobs.count < wanted, let planned = nextSentence() {
            // Each sentence has noise of its own, whatever was made before it.
            let seed = SplitMix64.value(at: sentenceCount, seed: options.seed)
            // Somebody waits for the first sentence; where many texts are spoken, those of the others come after it.
            let priority: TaskPriority = sentenceCount == 0 ? .userInitiated : .medium
            sentenceCount += 1
            let (stream, continuation) = AsyncThrowingStream<SentenceSpeaker.Piece, any Error>.makeStream()
            let (speaker, options, sentence) = (speaker, options, planned.sentence)
            let voice = sentence.voice.flatMap { voices[$0] } ?? voice
            let place = SentencePlace(behind: previous?.place, silence: silence(before: planned))
            previous = (sentence, place)
            tasks.append(
                Task.detached(executorPreference: executor, priority: priority) {
                    defer { place.leave() }
                    do {
                        try await speaker.speak(sentence, voice: voice, options: options, seed: seed, at: place) {
                            piece in
                            continuation.yield(piece)
                            return !Task.isCancelled
                        }
                        continuation.finish()
                    } catch {
                        continuation.finish(throwing: error)
                    }
                })
            jobs.append(Job(place: place, pieces: stream.makeAsyncIterator()))
        }
    }

    /// The next sentence that sounds, with the pauses that were asked for before it.
    private func nextSentence() -> Planned? {
        var pause = 0.0
        while var sentence = StageClock.measure("text", { arriving?.feed.next() ?? sentences.next() }) {
            let after = Double(sentence.pauseMilliseconds ?? 0) / 1_000
            if sentence.phonemes.contains(where: { !$0.isMark }) {
                let owed = min(owedPause + pause, SpeechOptions.longestPause)
                owedPause = after
                sentence.marks = owedMarks + sentence.marks
                owedMarks = []
                return Planned(sentence: sentence, pause: owed)
            }
            pause += after
            owedMarks += sentence.marks.map { TextMark(name: $0.name, offset: $0.offset, phonemeOffset: 0) }
        }
        owedPause += pause
        return nil
    }
}
