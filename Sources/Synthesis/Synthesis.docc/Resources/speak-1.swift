import Foundation
import Synthesis

@main struct Speak {
    static func main() async throws {
        let place = try DataLocation.find()
        let synthesizer = try Synthesizer(data: place.data, voices: [place.voices])
        print("Starling \(Synthesizer.version) speaks \(synthesizer.languages.map(\.rawValue).formatted())")
    }
}
