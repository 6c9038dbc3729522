import AcousticModel
import Comparison
import Foundation
import SpeechSignal
import Synchronization
import Tensor
import Testing
import VoiceModel
import VoiceProfile

/// The mel of an utterance from its beginning on.
@Suite struct MelStreamTests {
    /// A mel whose frames have their own numbers, and `offset` more where they are decoded from the first on.
    private func numbered(_ frames: Range<Int>, offset: Float = 0) -> Matrix {
        var mel = Matrix(rows: frames.count, columns: Signal.melBands)
        for row in 0..<frames.count {
            for band in 0..<Signal.melBands { mel[row, band] = Float(frames.lowerBound + row) }
            if frames.lowerBound == 0 { mel[row, 1] += offset }
        }
        return mel
    }

    private func parts(_ stream: MelStream) throws -> [Matrix] {
        var (stream, parts) = (stream, [Matrix]())
        while let part = try stream.next() { parts.append(part) }
        return parts
    }

    @Test func theBeginningOfALongUtteranceComesFirst() throws {
        let asked = Mutex<[Range<Int>]>([])
        let length = MelStream.longEnough
        var stream = MelStream(frames: length, beginningFirst: true) { frames throws(AcousticError) in
            asked.withLock { $0.append(frames) }
            return numbered(frames, offset: 1)
        }
        let beginning = try #require(try stream.next())
        #expect(asked.withLock { $0 } == [0..<MelStream.opening + MelStream.context], "before the rest is decoded")
        let rest = try #require(try stream.next())
        #expect(try stream.next() == nil)
        #expect(asked.withLock { $0 }.last == MelStream.opening - MelStream.context..<length)
        var whole = beginning
        whole.append(rest)
        #expect((0..<whole.rows).map { whole[$0, 0] } == (0..<length).map(Float.init), "each frame once, in order")
        // The beginning's own share falls evenly.
        let shares = (0..<length).map { whole[$0, 1] - whole[$0, 0] }
        let fading = MelStream.opening - MelStream.fade..<MelStream.opening
        #expect(
            shares[..<fading.lowerBound].allSatisfy { $0 == 1 } && shares[fading.upperBound...].allSatisfy { $0 == 0 })
        for frame in fading { #expect(abs(shares[frame - 1] - shares[frame] - 1 / Float(MelStream.fade + 1)) < 1e-4) }
    }

    @Test func othersComeWhole() throws {
        let short = MelStream(frames: MelStream.longEnough - 1, beginningFirst: true) { numbered($0) }
        #expect(try parts(short) == [numbered(0..<MelStream.longEnough - 1)])
        let unhurried = MelStream(frames: 1_000, beginningFirst: false) { numbered($0) }
        #expect(try parts(unhurried) == [numbered(0..<1_000)])
        #expect(try parts(MelStream(numbered(0..<700))) == [numbered(0..<700)])
        #expect(try parts(MelStream(numbered(0..<0))) == [])
    }

    @Test func whatFailsIsReported() {
        var stream = MelStream(frames: 1_000, beginningFirst: true) { _ throws(AcousticError) in throw .notFinite }
        #expect(throws: AcousticError.self) { try stream.next() }
    }

    /// What the decoder says of a beginning, and of a rest, is nearly what it says of the whole, in natural log mel, and
    /// there is no step where they meet.
    @Test(arguments: ModelSize.allCases) func bothPartsAreThoseOfTheWhole(_ size: ModelSize) throws {
        let data = weights("acoustic").deletingLastPathComponent()
        let networks = try SpeechNetworks(data: data, size: size)
        let profile = try SpeakerProfile(
            contentsOf: data.deletingLastPathComponent().appending(path: "voices/heart/profile.safetensors"))
        let clause = Phonemes(symbols: "ðə kwˈɪk bɹˈWn fˈɑks ʤˈʌmps ˌOvəɹ ðə lˈAzi dˈɔɡ, ")
        let outline = try networks.outline([.pad] + clause + clause + clause + [.pad], profile: profile)
        #expect(outline.f0.count > MelStream.longEnough)
        let whole = try outline.mel()
        let asked = outline.energy.indices.map { abs(outline.energy[$0] - whole.row($0).prefix(85).reduce(0, +) / 85) }
        #expect(asked.reduce(0, +) / Float(asked.count) < 0.3, "the decoder is as loud as is asked of it")
        let parts = try parts(networks.mel(of: outline, profile: profile, beginningFirst: true))
        #expect(parts.map(\.rows) == [120, whole.rows - 120])
        var joined = parts[0]
        joined.append(parts[1])
        let levels = outline.energy.indices.map { frame in
            abs(joined.row(frame).reduce(0, +) - whole.row(frame).reduce(0, +)) / Float(Signal.melBands)
        }
        #expect(levels.max()! < 0.25 && levels.reduce(0, +) / Float(levels.count) < 0.03)
        let spoken = outline.energy.indices.filter { outline.energy[$0] > -8 }
        let errors = spoken.map { frame in zip(joined.row(frame), whole.row(frame)).reduce(0) { $0 + abs($1.0 - $1.1) }
        }
        #expect(errors.reduce(0, +) / Float(errors.count * Signal.melBands) < 0.08)
        func step(_ mel: Matrix, _ frame: Int) -> Float {
            zip(mel.row(frame - 1), mel.row(frame)).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(Signal.melBands)
        }
        for frame in 120...136 { #expect(step(joined, frame) < step(whole, frame) + 0.08, "frame \(frame)") }
    }
}
