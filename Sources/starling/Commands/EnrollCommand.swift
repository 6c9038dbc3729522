import ArgumentParser
import Enrollment
import Foundation
import SpeechSignal
import Synthesis
import TextFrontend
import VoiceModel
import VoiceProfile
import VoiceStore

struct EnrollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract: "Clone a voice from recordings of one person.",
        discussion: """
            Needs at least 3 seconds of speech, better 10 to 30, in one or more files of any format and rate. Music, silence and \
            noise between the sentences are left out.

            With a transcript, the networks adapt to the speaker. This takes up to a minute and makes the clone sound more like \
            its owner. A transcript is a text file: ann1.txt beside ann1.wav, or one named with --transcript.

            With --adapt, they adapt to recordings without a transcript too. A transcript makes more of a difference.

            --read shows a passage that includes the speaker's consent, and records it while it is read aloud.

            Examples:
              starling enroll ann ann1.wav --consent "I, Ann Example, agree."
              starling enroll ann --read
            """)

    @Argument(help: "The voice's name: letters, digits, - and _.")
    var name: String?

    @Argument(help: ArgumentHelp("Recordings of the person.", valueName: "recording"), completion: .file())
    var recordings: [String] = []

    @Option(help: "Who agreed to this voice, and to what use of it. Kept with the voice.")
    var consent: String?

    @Option(help: "How the voice pronounces English.")
    var accent = Accent.american

    @Option(help: "A few words about the voice.")
    var description: String?

    @Option(help: "The gender to list, such as female or male.")
    var gender: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Text files with what the recordings say, named like them or given in the same order.",
            valueName: "file"), completion: .file(extensions: ["txt"]))
    var transcript: [String] = []

    @Flag(
        help:
            "Show a passage, and record from the microphone while it is read aloud. Needs pw-record, parecord or arecord."
    )
    var read = false

    @Flag(help: "Print the passage of --read, and exit.")
    var script = false

    @Option(
        help: ArgumentHelp("Also keep the recording of --read, as this WAV file.", valueName: "file"),
        completion: .file(extensions: ["wav"]))
    var keep: String?

    @Option(
        help: ArgumentHelp(
            "The language of transcripts and passage, such as en-GB, es, it or fr. Default: English, in the accent of the voice.",
            valueName: "tag"), transform: { try Language(tag: $0) })
    var language: Language?

    @Flag(help: "Adapt the networks to recordings without a transcript, too. This takes up to a minute.")
    var adapt = false

    @Option(help: ArgumentHelp("How far the networks adapt to the speaker, 0 to 1.", valueName: "share"))
    var strength = AdaptationRequest.standardStrength

    @OptionGroup var model: ModelOptions

    @Flag(help: "Replace a voice of that name.")
    var replace = false

    @Flag(help: "Accept recordings that sound like different people; you know that they are of one.")
    var onePerson = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard !script else { return }
        guard name != nil else { throw ValidationError("Missing expected argument '<name>'") }
        guard read || !recordings.isEmpty else {
            throw ValidationError("Missing expected argument '<recording> ...'; or read a passage aloud with --read.")
        }
        if keep != nil, !read { throw ValidationError("--keep needs --read.") }
    }

    private var passage: ReadingPassage { ReadingPassage(language ?? Language(accent), consent: consent) }

    func run() async throws {
        if script { return try Terminal.say(passage.text) }
        let name = try VoiceName(self.name ?? "")
        // The sentence of the passage counts if it was recognized.
        let isSpoken = read && consent == nil && strength > 0
        guard let consent = isSpoken ? passage.consent : consent, !consent.isEmpty else {
            throw EnrollmentError.noConsent(name: "")
        }
        guard (0...1).contains(strength) else { throw CommandError.strength(strength) }
        let (location, networks) = (try shared.location(), try shared.networks(model.size))
        let store = shared.store(location, for: networks)
        // Nobody likes to wait for a refusal.
        if !replace, (try? store.origin(name)) == .user { throw CommandError.voiceExists(name.text) }
        if let language, let spoken = shared.spokenLanguages(model.size), !spoken.contains(language.code) {
            throw SynthesisError.unspokenLanguage(language, spoken: spoken)
        }
        let enroller = try Enroller(networks: networks, data: location.data)
        let space = enroller.profileSpace
        if let expected = store.model, space != expected { throw CommandError.mixedWeights(space, expected: expected) }
        let transcripts = try Transcripts(transcript, for: recordings)
        var recordings = recordings.map { path in
            var recording = Recording(URL(filePath: path), named: path)
            recording.transcript = transcripts[path]
            return recording
        }
        if read { recordings.append(try await ReadAloud(passage, keptAs: keep).record()) }
        let start = ContinuousClock.now
        let progress = AdaptationBar()
        defer { progress.clear() }
        let request =
            strength > 0 && (adapt || recordings.contains { $0.transcript != nil })
            ? AdaptationRequest(
                frontend: try TextFrontend(data: location.data), language: language ?? Language(accent), listens: adapt,
                strength: strength, progress: { progress.show($0, secondsLeft: $1) })
            : nil
        let enrollment = try await enroller.measure(recordings, isOnePerson: onePerson, adaptation: request)
        let card = try enrollment.card(
            name: name, consent: consent, description: description, accent: accent, gender: gender, model: space)
        if isSpoken, card.spokenConsent == nil { throw CommandError.consentNotHeard(consent) }
        try CommandError.offeringReplacement { try store.save(card, enrollment.profile, replacing: replace) }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let page = EnrollmentPage(enrollment, card: card, seconds: seconds, voices: shared.voices)
        try Terminal.say(json ? page.json() : page.text)
    }
}
