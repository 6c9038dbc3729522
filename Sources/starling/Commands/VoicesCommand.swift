import ArgumentParser
import Files
import Foundation
import SpeechSignal
import VoiceProfile
import VoiceStore

struct VoicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voices",
        abstract: "List and manage voices.",
        subcommands: [
            List.self, Show.self, Rename.self, Remove.self, Export.self, Import.self, Mix.self, Lexicon.self,
        ],
        defaultSubcommand: List.self)
}

extension VoicesCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all voices, your own first.")
        @OptionGroup var shared: SharedOptions

        @Flag(help: "Print only the names.")
        var names = false

        func run() throws {
            let voices = try shared.store().list()
            if names {
                if !voices.isEmpty { try Terminal.say(voices.map(\.name.text).joined(separator: "\n")) }
                return
            }
            let width = voices.map(\.name.text.count).max() ?? 0
            let lines = voices.map { voice in
                let name = voice.name.text.padding(toLength: width, withPad: " ", startingAt: 0)
                if let problem = voice.problem { return "\(name)  unusable: \(problem)" }
                let accent = (voice.accent?.rawValue ?? "").padding(toLength: 8, withPad: " ", startingAt: 0)
                let gender = (voice.gender ?? "").padding(toLength: 6, withPad: " ", startingAt: 0)
                return
                    "\(name)  \(accent)  \(gender)  \(voice.origin.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0))  \(voice.summary ?? "")"
            }
            guard !lines.isEmpty else { return }
            try Terminal.say(lines.joined(separator: "\n"))
            if let spoken = shared.spokenLanguages() {
                try Terminal.say("\nEvery voice speaks \(spoken.joined(separator: ", ")).")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a voice: owner's consent, sources, pitch and pace.")
        @Argument(help: "The voice.") var name: String
        @OptionGroup var shared: SharedOptions

        func run() throws {
            let store = try shared.store()
            let name = try VoiceName(self.name)
            let card = try store.card(name)
            let profile = try store.voice(name.text).profile
            let rows: [(String, String?)] = [
                ("name", card.name), ("description", card.description), ("accent", card.accent.rawValue),
                ("languages", shared.spokenLanguages()?.joined(separator: ", ")),
                ("gender", card.gender), ("origin", try store.origin(name).rawValue),
                ("created", card.created.formatted(.iso8601)), ("model", card.model), ("consent", card.consent),
                ("spoken in", card.spokenConsent.map { "the recording with SHA-256 \($0)" }),
                ("licence", card.licence),
                ("sources", card.sources.isEmpty ? nil : card.sources.map(\.name).joined(separator: ", ")),
                (
                    "pitch",
                    String(
                        format: "%.0f Hz, deviation %.2f octaves", exp(profile.pitchMean),
                        profile.pitchDeviation / logf(2))
                ),
                (
                    "pace",
                    String(
                        format: "%.1f phonemes per second", Float(Signal.frameRate) / exp(profile.logFramesPerPhoneme))
                ),
            ]
            for case (let label, let value?) in rows {
                try Terminal.say(label.padding(toLength: 12, withPad: " ", startingAt: 0) + value)
            }
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Rename one of your voices.")
        @Argument(help: "The current name.") var old: String
        @Argument(help: "The new name.") var new: String
        @OptionGroup var shared: SharedOptions

        func run() throws { try shared.store().rename(VoiceName(old), to: VoiceName(new)) }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove one of your voices.")
        @Argument(help: "The voice.") var name: String
        @OptionGroup var shared: SharedOptions

        func run() throws { try shared.store().remove(VoiceName(name)) }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Export a voice to a file.")
        @Argument(help: "The voice.") var name: String
        @Option(
            name: .shortAndLong, help: "The file, or - for standard output. Default: NAME.voice", completion: .file())
        var output: String?
        @OptionGroup var shared: SharedOptions

        func run() throws {
            let name = try VoiceName(self.name)
            let parcel = try shared.store().exportVoice(name)
            if output == "-" {
                try StreamSink.standardOutput().write(Array(parcel))
            } else {
                try AtomicFile.save(parcel, to: URL(filePath: output ?? "\(name).voice"))
            }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Import a voice from a file.")
        @Argument(help: "The file.", completion: .file()) var file: String
        @Option(name: .customLong("as"), help: "The name of the voice. Default: the one that it was exported with.")
        var name: String?
        @Flag(help: "Replace an existing voice of that name.") var replace = false
        @OptionGroup var shared: SharedOptions

        func run() throws {
            let parcel = Data(try OpenFile(reading: file).contents(limit: VoiceStore.maximumParcel))
            try CommandError.offeringReplacement {
                let added = try shared.store().importVoice(
                    parcel, from: file, as: try name.map { try VoiceName($0) }, replacing: replace)
                if Terminal.isInteractive { Terminal.complain("added the voice \(added)") }
            }
        }
    }

    struct Mix: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a voice that is a weighted mix of others.")
        @Argument(help: "The mix, such as ann:0.7+bob:0.3.") var mix: String
        @Argument(help: "The new voice's name.") var name: String
        @Option(help: "A short description.") var description: String?
        @Flag(help: "Replace an existing voice of that name.") var replace = false
        @OptionGroup var shared: SharedOptions

        func run() throws {
            try CommandError.offeringReplacement {
                try shared.store().mix(mix, into: VoiceName(name), description: description, replacing: replace)
            }
        }
    }
}
