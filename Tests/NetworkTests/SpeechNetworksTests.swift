import AcousticModel
import Comparison
import Foundation
import SpeechSignal
import Tensor
import Testing
import Vocoder
import VoiceModel
import VoiceProfile

@Suite struct SpeechNetworksTests {
    private let data = weights("acoustic").deletingLastPathComponent()
    private let phonemes: Phonemes = [.pad] + Phonemes(symbols: "həlˈO, ðˌɪs ɪz ɐ tˈɛst.") + [.pad]
    private let profile: SpeakerProfile

    init() throws {
        profile = try SpeakerProfile(
            contentsOf: data.deletingLastPathComponent().appending(path: "voices/heart/profile.safetensors"))
    }

    /// Only frames of speech are moved, and a map of the smoothed mel alone moves them smoothly.
    @Test func correctsTheMel() throws {
        let networks = try SpeechNetworks(data: data, precision: .float32)
        let zeros = [Float](repeating: 0, count: 10_000)
        func mel(_ correction: MelCorrection?) throws -> Matrix {
            var profile = profile
            profile.melCorrection = correction
            return try networks.utterance(phonemes, profile: profile).mel
        }
        func correction(_ offset: [Float], fast: [Float]) -> MelCorrection {
            MelCorrection(before: MelMap(offset: offset, slow: zeros, fast: fast))
        }
        let plain = try mel(nil)
        #expect(try mel(MelCorrection(before: .identity)) == plain)
        let louder = try mel(correction([Float](repeating: 0.5, count: 100), fast: zeros))
        let added = (0..<plain.rows).map { louder[$0, 40] - plain[$0, 40] }
        let level = (0..<plain.rows).map { plain.row($0).prefix(85).reduce(0, +) / 85 }
        let (loud, quiet) = (level.indices.max { level[$0] < level[$1] }!, level.indices.min { level[$0] < level[$1] }!)
        #expect(abs(added[loud] - 0.5) < 0.05 && level[loud] > -6)
        #expect(abs(added[quiet]) < 0.1 && level[quiet] < -9)
        // Half of everything that changes fast is taken away: bands become smoother over time, means stay.
        var half = zeros
        for band in 0..<100 { half[band * 101] = -0.5 }
        let calm = try mel(correction([Float](repeating: 0, count: 100), fast: half))
        func roughness(_ mel: Matrix) -> Float {
            (1..<mel.rows).reduce(0) { $0 + abs(mel[$1, 30] - mel[$1 - 1, 30]) }
        }
        #expect(roughness(calm) < 0.8 * roughness(plain))
    }

    /// Neither what is said nor a sample depends on how many cores help.
    @Test(arguments: [Precision.float32, .automatic]) func samplesDoNotDependOnWhoHelps(precision: Precision) throws {
        let networks = try SpeechNetworks(data: data, precision: precision)
        let said = phonemes.dropFirst().dropLast()
        var long: Phonemes = [.pad]
        for _ in 0..<8 { long += said }
        long.append(.pad)
        func speak() throws -> (Utterance, [Float]) {
            let utterance = try networks.utterance(long, profile: profile)
            return (utterance, try networks.vocoder.synthesize(mel: utterance.mel, f0: utterance.f0, seed: 3))
        }
        let (alone, samples) = try speak()
        for threads in [2, 3, 2, 4] {
            let (shared, sharedSamples) = try Crew.work(threads: threads) { try speak() }
            #expect(shared.mel == alone.mel && shared.f0 == alone.f0 && shared.durations == alone.durations)
            #expect(sharedSamples == samples)
        }
    }

    @Test(arguments: [nil, "", "[]", "[1]", #"["ab"]"#, #"["a","a"]"#, "{}"])
    func refusesTheWeightsOfAnotherAlphabet(text: String?) throws {
        try withTemporaryFolder { folder in
            if let text { try Data(text.utf8).write(to: folder.appending(path: "symbols.json")) }
            #expect(throws: VoiceModelError.self) { try SpeechNetworks(data: folder) }
        }
    }

    /// A voice is spoken by networks of any size, in the same languages.
    @Test func sizesAgreeOnProfilesAndLanguages() throws {
        let networks = try ModelSize.allCases.map { try SpeechNetworks(data: data, size: $0) }
        #expect(networks.map(\.size) == [.base, .small] && Set(networks.map(\.size.name)).count == 2)
        #expect(Set(networks.map(\.profileSpace)).count == 1)
        #expect(networks.allSatisfy { $0.acoustic.languages == ["en", "es", "it", "fr", "pt"] })
        let utterances = try networks.map { try $0.utterance(phonemes, profile: profile) }
        #expect(utterances[0].mel != utterances[1].mel)
        let lengths = utterances.map { Float($0.mel.rows) }
        #expect(abs(lengths[0] / lengths[1] - 1) < 0.15, "the pace is the speaker's: \(lengths)")
    }

    /// What was tuned for a voice on networks of one size is not spoken by another.
    @Test func adaptationsAreOfOneSize() throws {
        let (base, small) = (try SpeechNetworks(data: data), try SpeechNetworks(data: data, size: .small))
        var profile = profile
        let louder = LayerChange(inputs: 1, outputs: 200, down: [], up: [], bias: [Float](repeating: 0.1, count: 200))
        profile.adaptation = VoiceAdaptation(model: base.acoustic.fingerprint, layers: ["output": louder])
        _ = try base.utterance(phonemes, profile: profile)
        let error = #expect(throws: AcousticError.self) { try small.utterance(phonemes, profile: profile) }
        #expect("\(try #require(error))".contains("--model"))
    }

    @Test func namesAMissingFile() throws {
        try withTemporaryFolder { folder in
            let symbols = try Data(contentsOf: data.appending(path: "symbols.json"))
            try symbols.write(to: folder.appending(path: "symbols.json"))
            let path = folder.appending(path: "acoustic.safetensors").path(percentEncoded: false)
            #expect(throws: VoiceModelError.missingFile(path: path)) { try SpeechNetworks(data: folder) }
            let other = folder.appending(path: "small/acoustic.safetensors").path(percentEncoded: false)
            #expect(throws: VoiceModelError.missingFile(path: other)) { try SpeechNetworks(data: folder, size: .small) }
        }
    }

    private func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-networks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }
}

@Suite struct PhonemeTests {
    @Test func tokensArePlacesInTheAlphabet() {
        #expect(Phoneme.pad.rawValue == 0 && Phoneme.pad.symbol == nil)
        for (place, symbol) in Phoneme.alphabet.enumerated() {
            #expect(Phoneme(symbol: symbol) == Phoneme(rawValue: UInt8(place + 1)))
            #expect(Phoneme(symbol: symbol)?.symbol == symbol)
        }
        #expect(Phoneme(rawValue: UInt8(Phoneme.alphabet.count + 1)) == nil && Phoneme(symbol: "☂") == nil)
    }

    @Test func stringsLeaveOutWhatIsNoPhoneme() {
        #expect(Phonemes(symbols: "hə☂lˈO?") == ["h", "ə", "l", .primaryStress, "O", "?"])
        #expect(([.pad] + Phonemes(symbols: "həlˈO") + [.pad]).symbols == "həlˈO")
    }

    @Test func classesOfPunctuationContainEachOther() {
        let all = (1...UInt8(Phoneme.alphabet.count)).compactMap(Phoneme.init(rawValue:))
        #expect(all.filter(\.isPause).symbols == ";:,.!?—…")
        #expect(all.filter(\.isPunctuation).symbols == ";:,.!?—…\"()“”")
        #expect(all.filter(\.isMark).symbols == ";:,.!?—…\"()“” ")
        #expect(all.filter(PhonemeSet.sentenceEnds.contains).symbols == ".!?…")
        #expect(all.allSatisfy { !($0.isVowel && $0.isConsonant) && !($0.isMark && $0.isSound) })
        #expect(!Phoneme.pad.isMark && !Phoneme.pad.isSound)
    }
}
