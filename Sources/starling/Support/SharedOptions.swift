import ArgumentParser
import Foundation
import Synthesis
import TextFrontend
import VoiceModel
import VoiceProfile
import VoiceStore

/// Options of every command that needs voices or networks.
struct SharedOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder with weights and lexicon. Default: $STARLING_DATA, or the one installed with the program.",
            valueName: "dir"), completion: .directory)
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The folder with your own voices. Default: starling/voices in the XDG data directory.", valueName: "dir"),
        completion: .directory)
    var voices: String?

    func location() throws -> DataLocation { try DataLocation.find(asked: data) }

    /// The voices, for commands that need no networks; bundled ones are left out when there is no data folder to find
    /// them by.
    func store() throws -> VoiceStore {
        do {
            let location = try location()
            // Weights that cannot be read are the synthesizer's to complain about.
            let model = try? ProfileSpace.fingerprint(expectedBy: location.data.appending(path: "acoustic.safetensors"))
            return VoiceStore(user: userFolder, bundled: [location.voices], model: model)
        } catch {
            if data != nil { throw error }
            return VoiceStore(user: userFolder, bundled: [])
        }
    }

    /// Codes of the languages that the networks speak; nil where there are none, which the synthesizer complains about.
    func spokenLanguages(_ size: ModelSize = .base) -> [String]? {
        try? SpeechNetworks.languages(data: location().data, size: size)
    }

    /// The voices that networks understand.
    func store(_ location: DataLocation, for networks: SpeechNetworks) -> VoiceStore {
        VoiceStore(user: userFolder, bundled: [location.voices], model: networks.profileSpace)
    }

    private var userFolder: URL? {
        voices.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? VoiceStore.userFolder()
    }

    /// Loads the networks.
    func networks(_ size: ModelSize = .base) throws -> SpeechNetworks {
        try SpeechNetworks(data: location().data, size: size)
    }

    func synthesizer(_ size: ModelSize = .base) throws -> Synthesizer {
        let (location, networks) = (try location(), try networks(size))
        var synthesizer = try Synthesizer(
            networks: networks, data: location.data, store: store(location, for: networks))
        synthesizer.lexicons = try UserLexicon.personal()
        return synthesizer
    }
}
