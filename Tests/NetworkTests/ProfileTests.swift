import Comparison
import Foundation
import SpeechSignal
import Testing
import VoiceProfile
import Weights

@Suite struct ProfileTests {
    /// A valid profile pointing along one axis.
    private func profile(axis: Int, pitch: Float = 5, level: Float = 1, bands: Int = 100) -> SpeakerProfile {
        var embedding = [Float](repeating: 0, count: 256)
        embedding[axis] = 1
        return SpeakerProfile(
            embedding: embedding, pitchMean: pitch, pitchDeviation: 0.2, logFramesPerPhoneme: 2, energyDeviation: 0.5,
            spectrum: (0..<100).map { $0 < bands ? level : 0 },
            classResiduals: (0..<3200).map { $0 % 100 < bands ? level * Float($0 / 100) / 32 : 0 }, bands: bands)
    }

    @Test func writesAndReads() throws {
        try withTemporaryFile { url in
            var profile = profile(axis: 3, pitch: 4.7, level: -2.5, bands: 85)
            (profile.pitchGain, profile.energyGain, profile.durationGain) = (1.25, 1.1, 1.05)
            (profile.pitchOffset, profile.loudness) = (-0.07, -19.5)
            try profile.write(to: url)
            #expect(try SpeakerProfile(contentsOf: url) == profile)
            profile.melCorrection = correction(0.3)
            try profile.write(to: url)
            #expect(try SpeakerProfile(contentsOf: url) == profile)
        }
    }

    /// One that adds `value` and as much of every band to the next.
    private func map(_ value: Float) -> MelMap {
        let shifted = (0..<10_000).map { $0 % 101 == 1 ? value : 0 }
        return MelMap(
            offset: [Float](repeating: value, count: 100), slow: shifted, fast: shifted.map { -$0 })
    }

    private func correction(_ value: Float) -> MelCorrection { MelCorrection(before: map(value)) }

    private func exemplars(_ value: Float, count: Int = 3, bands: Int = 85, attraction: Float = 0.3)
        -> Exemplars
    {
        .init(frames: (0..<count * bands).map { value * Float($0 % 7) }, bands: bands, attraction: attraction)
    }

    @Test func writesAndReadsExemplars() throws {
        try withTemporaryFile { url in
            var profile = profile(axis: 3)
            profile.melCorrection = MelCorrection(
                before: map(0.3), exemplars: [exemplars(-1), exemplars(0.5, count: 256, bands: 100, attraction: 0.1)],
                after: map(-0.2))
            try profile.write(to: url)
            #expect(try SpeakerProfile(contentsOf: url) == profile)
        }
    }

    @Test func blendsCorrections() throws {
        var (one, other) = (profile(axis: 0), profile(axis: 1))
        #expect(try SpeakerProfile.blend([(one, 1), (other, 1)]).melCorrection == nil)
        one.melCorrection = correction(0.8)
        (one.durationGain, other.durationGain) = (1.2, 1)
        let half = try SpeakerProfile.blend([(one, 2), (other, 2)])
        #expect(half.melCorrection == correction(0.4), "a voice without one is spoken as the model says")
        #expect(abs(half.durationGain - 1.1) < 1e-6)
        other.melCorrection = correction(-0.8)
        #expect(try SpeakerProfile.blend([(one, 1), (other, 1)]).melCorrection == correction(0))
    }

    /// A blend goes toward the sounds of each voice, as far as it counts.
    @Test func blendsExemplars() throws {
        var (one, other) = (profile(axis: 0), profile(axis: 1))
        one.melCorrection = MelCorrection(before: map(0.8), exemplars: [exemplars(-1)], after: map(0.4))
        let alone = try SpeakerProfile.blend([(one, 1), (other, 3)]).melCorrection
        #expect(alone?.exemplars == [exemplars(-1, attraction: 0.075)] && alone?.after == map(0.1))
        other.melCorrection = MelCorrection(before: map(0), exemplars: [exemplars(2, bands: 100)], after: map(0))
        let both = try SpeakerProfile.blend([(one, 1), (other, 1)]).melCorrection
        #expect(both?.exemplars == [exemplars(-1, attraction: 0.15), exemplars(2, bands: 100, attraction: 0.15)])
        for exemplars in both?.exemplars ?? [] { #expect(exemplars.count == 3) }
    }

    /// A stored profile may have a mebibyte; blends are voices too, and may be blended again.
    @Test func blendsOfBlendsStaySmall() throws {
        func blend(_ parts: [SpeakerProfile]) throws -> SpeakerProfile {
            try SpeakerProfile.blend(parts.map { ($0, 1) })
        }
        let voices = (0..<64).map { number -> SpeakerProfile in
            var voice = profile(axis: number)
            voice.melCorrection = MelCorrection(
                before: map(0.1), exemplars: [exemplars(-1, count: 256, bands: 100)], after: map(0.1))
            return voice
        }
        let sixteen = try (0..<4).map { try blend(Array(voices[($0 * 16)..<($0 * 16 + 16)])) }
        for (mixed, count) in [(sixteen[0], 16), (try blend(Array(sixteen[..<2])), 32), (try blend(sixteen), 48)] {
            let correction = try #require(mixed.melCorrection)
            #expect(correction.exemplars.count == count && correction.exemplars.allSatisfy { $0.count >= 24 })
            #expect(abs(correction.exemplars.reduce(0) { $0 + $1.attraction } - 0.3) < 1e-4)
            try withTemporaryFile { url in
                try mixed.write(to: url)
                #expect(try Data(contentsOf: url).count < 1 << 20)
            }
        }
    }

    @Test(arguments: [Float.nan, .infinity, 31]) func refusesImpossibleCorrections(value: Float) {
        withTemporaryFile { url in
            var profile = profile(axis: 3)
            profile.melCorrection = correction(0.3)
            profile.melCorrection?.before.fast[7] = value
            #expect(throws: ProfileError.self) { try profile.write(to: url) }
            let flat = MelMap(offset: [0], slow: [], fast: [])
            let sounds = Exemplars(
                frames: [Float](repeating: value, count: 85), bands: 85, attraction: 0.3)
            let broken = [
                MelCorrection(before: flat), MelCorrection(before: map(0), after: flat),
                MelCorrection(before: map(0), exemplars: [sounds]),
                MelCorrection(before: map(0), exemplars: [exemplars(1, attraction: value)]),
                MelCorrection(before: map(0), exemplars: [exemplars(1, count: 0)]),
                MelCorrection(before: map(0), exemplars: [exemplars(1, count: 4097)]),
                MelCorrection(before: map(0), exemplars: [exemplars(1, bands: 84)]),
                MelCorrection(before: map(0), exemplars: [exemplars(1, bands: 101)]),
                MelCorrection(before: map(0), exemplars: [.init(frames: [1, 2, 3], bands: 85, attraction: 0.3)]),
                MelCorrection(before: map(0), exemplars: [.init(frames: [1], bands: 0, attraction: 0.3)]),
            ]
            for correction in broken {
                profile.melCorrection = correction
                #expect(throws: ProfileError.self) { try profile.validate() }
            }
        }
    }

    /// A file in which exemplars are missing, or of a strange shape, is refused by name and not half read.
    @Test(arguments: [nil, [255], [1, 255], [3, 5, 17], [3, 0]] as [[Int]?])
    func refusesBrokenExemplars(shape: [Int]?) throws {
        try withTemporaryFile { url in
            var profile = profile(axis: 3)
            profile.melCorrection = MelCorrection(before: map(0.3), exemplars: [exemplars(-1)], after: map(0.1))
            try profile.write(to: url)
            let file = try WeightFile(contentsOf: url)
            let tensors = file.tensors.sorted { $0.key < $1.key }.compactMap { name, tensor -> WeightFile.Values? in
                guard name == "transport.palette.0" else {
                    return .init(name, shape: tensor.shape, values: file.values(of: name) ?? [])
                }
                return shape.map {
                    .init(name, shape: $0, values: [Float](repeating: 1, count: $0.reduce(1, *)))
                }
            }
            try WeightFile.write(tensors, metadata: file.metadata, to: url)
            #expect(throws: (any Error).self) { try SpeakerProfile(contentsOf: url) }
        }
    }

    @Test func profilesWithoutGainsAreSpokenAsTheyAre() throws {
        try withTemporaryFile { url in
            let profile = profile(axis: 3)
            try WeightFile.write(
                [
                    .init("embedding", shape: [256], values: profile.embedding),
                    .init("statistics", shape: [4], values: profile.statistics),
                    .init("spectrum", shape: [100], values: profile.spectrum),
                    .init("colours", shape: [32, 100], values: profile.classResiduals),
                ], metadata: ["bands": "100"], to: url)
            #expect(try SpeakerProfile(contentsOf: url) == profile)
            #expect(profile.pitchGain == 1 && profile.energyGain == 1 && profile.durationGain == 1)
            #expect(profile.pitchOffset == 0 && profile.loudness == SpeakerProfile.typicalLoudness)
        }
    }

    @Test func vectorAndKnownAgree() {
        let profile = profile(axis: 0, bands: 85)
        #expect(profile.vector.count == 360 && profile.known.count == 360)
        let statistics: [Float] = [5, 0.2, 2, 0.5]
        #expect(Array(profile.vector[256..<260]) == statistics)
        #expect(profile.known.count { $0 == 1 } == 345)
        #expect(profile.known[344] == 1 && profile.known[345] == 0)
    }

    @Test func blendsByWeight() throws {
        var lively = profile(axis: 1, pitch: 5, level: 3, bands: 85)
        (lively.pitchGain, lively.energyGain) = (1.4, 1.2)
        (lively.pitchOffset, lively.loudness) = (0.1, -18)
        let blend = try SpeakerProfile.blend([(profile(axis: 0, pitch: 4, level: 1), 3), (lively, 1)])
        #expect(abs(blend.pitchGain - 1.1) < 1e-6 && abs(blend.energyGain - 1.05) < 1e-6)
        #expect(abs(blend.loudness + 21) < 1e-5 && abs(blend.pitchOffset - 0.025) < 1e-6)
        #expect(abs(blend.pitchMean - 4.25) < 1e-6)
        let ratio = blend.embedding[0] / blend.embedding[1]
        #expect(abs(ratio - 3) < 1e-5)
        #expect(abs(blend.spectrum[0] - 1.5) < 1e-6)
        #expect(blend.spectrum[99] == 1, "only one voice was measured up here")
        #expect(abs(blend.classResiduals[1600] - 0.75) < 1e-6 && blend.classResiduals[1699] == 0.5)
        #expect(blend.bands == 100)
        try blend.validate()
        let alone = profile(axis: 7)
        #expect(try SpeakerProfile.blend([(alone, 2)]) == alone)
    }

    @Test func refusesBlendsOfNothing() {
        var opposite = profile(axis: 0)
        opposite.embedding[0] = -1
        let voice = profile(axis: 0)
        let blends: [[(SpeakerProfile, Float)]] = [
            [], [(voice, 0)], [(voice, -1)], [(voice, .nan)], [(voice, 1), (opposite, 1)],
        ]
        for parts in blends {
            #expect(throws: ProfileError.self) { try SpeakerProfile.blend(parts) }
        }
    }

    @Test func refusesImpossibleNumbers() throws {
        var broken = (0..<12).map { _ in profile(axis: 0) }
        broken[0].embedding[0] = 0.5
        broken[1].pitchMean = .nan
        broken[2].spectrum[4] = .infinity
        broken[3].bands = 101
        broken[4].embedding.removeLast()
        broken[5].classResiduals[77] = .nan
        broken[6].classResiduals.removeLast()
        broken[7].pitchGain = 0
        broken[8].energyGain = .infinity
        broken[9].durationGain = .nan
        broken[10].loudness = 3
        broken[11].pitchOffset = -.infinity
        for profile in broken {
            withTemporaryFile { url in
                #expect(throws: ProfileError.self) { try profile.write(to: url) }
                #expect(!FileManager.default.fileExists(atPath: url.path))
            }
        }
    }

    @Test func namesTheFileOfABrokenProfile() throws {
        try withTemporaryFile { url in
            try WeightFile.write(
                [
                    .init("embedding", shape: [256], values: [Float](repeating: 1, count: 256)),
                    .init("statistics", shape: [4], values: [5, 0.2, 2, 0.5]),
                    .init("spectrum", shape: [100], values: [Float](repeating: 0, count: 100)),
                    .init("colours", shape: [32, 100], values: [Float](repeating: 0, count: 3200)),
                ], metadata: ["bands": "100"], to: url)
            let error = #expect(throws: ProfileError.self) { try SpeakerProfile(contentsOf: url) }
            let text = try #require(error).description
            #expect(text.contains(url.path) && text.contains("embedding length is 16.0"))
        }
    }

    @Test func fingerprintsNameLayoutEncoderAndCodebook() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-space-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("abc".utf8).write(to: folder.appending(path: "speaker.safetensors"))
        try Data("def".utf8).write(to: folder.appending(path: "codebook.safetensors"))
        // As Training/starling_training/fingerprint.py names it.
        let name = "3-c4e66df52467"
        #expect(try ProfileSpace.fingerprint(data: folder) == name)
        try Data("deg".utf8).write(to: folder.appending(path: "codebook.safetensors"))
        #expect(try ProfileSpace.fingerprint(data: folder) != name)
        let acoustic = folder.appending(path: "acoustic.safetensors")
        let tensor = WeightFile.Values("x", shape: [1], values: [0])
        try WeightFile.write([tensor], metadata: ["profile": name], to: acoustic)
        #expect(try ProfileSpace.fingerprint(expectedBy: acoustic) == name)
        try WeightFile.write([tensor], metadata: [:], to: acoustic)
        #expect(try ProfileSpace.fingerprint(expectedBy: acoustic) == nil)
    }
}
