import ArgumentParser
import Foundation
import TextFrontend
import VoiceStore

extension VoicesCommand {
    struct Lexicon: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print, set or remove the lexicon of one of your voices.")
        @Argument(help: "The voice.") var name: String
        @Option(help: ArgumentHelp("Set the lexicon from this file.", valueName: "file"), completion: .file())
        var set: String?
        @Flag(help: "Remove the lexicon.") var remove = false
        @OptionGroup var shared: SharedOptions

        func validate() throws {
            if set != nil, remove { throw ValidationError("Give --set or --remove, not both.") }
        }

        func run() throws {
            let store = try shared.store()
            let name = try VoiceName(self.name)
            if let set {
                let file = URL(filePath: set)
                // What cannot be read as a lexicon would make the voice unusable.
                _ = try UserLexicon(contentsOf: file)
                try store.setLexicon(String(decoding: try Data(contentsOf: file), as: UTF8.self), of: name)
            } else if remove {
                try store.setLexicon(nil, of: name)
            } else if let text = try store.lexicon(name) {
                try Terminal.say(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            }
        }
    }
}
