import AcousticModel
import Adaptation
import Foundation
import SpeechSignal
import Tensor
import Testing
import VoiceProfile

/// One bundled voice reads, and the clone is another: what was said when is known exactly.
@Suite struct AlignmentTests {
    private static let sentences = [
        "lˈæst sˈʌməɹ wi ɹˈɛntᵻd ɐ lˈɪTᵊl hˈWs bI ðə lˈAk, ænd ɪt ɹˈAnd fɔɹ nˈIn dˈAz.",
        "ðə kwˈɪk jˈʌŋ fˈɪʃəɹ mˈɛʒəɹd ˈɛvəɹi ʤˈYnt ʌv ði ˈOld wˈʊdᵊn bɹˈɪʤ.",
        "hˌu wʊd hæv θˈɔt ðæt fˈɑðəɹz nˈu bˈOt kʊd kˈɛɹi fˈIv hjˈuʤ bˈɑksᵻz?",
    ].map { Phonemes(symbols: $0) }
    private static let others = [
        "ˈAt hˈʌndɹəd pˈipᵊl hæd ɡˈæðəɹd ɪn ðə skwˈɛɹ, bˌʌt ðə mjˈuzɪk nˈɛvəɹ stˈɑɹTᵻd.",
        "ʃˌi sˈɛlz fɹˈɛʃ bɹˈɛd, θˈɪk jˈOɡəɹt ænd ʧˈip ˈɔɹᵊnʤᵻz nˌɪɹ ðə lˈɑɹʤ ʧˈɜɹʧ.",
        "wˌi jˈuʒəwəli pˈɔz, lˈʊk əɹˈWnd, ænd ɪnʤˈY ði ˈivnɪŋ vjˈu fɹʌm ðə tˈWəɹ.",
    ].map { Phonemes(symbols: $0) }

    private static let decoys = [
        "mˌI bɹˈʌðəɹ fˈɪkst ði ˈɛnʤən wɪð ɐ spˈun, tˈu kˈYnz ænd ɐ pˈis ʌv stɹˈɪŋ.",
        "ʃˌi kˈips ɐ ʤˈɑɹ ʌv bˈʌtnz ˌɔn ðə ʃˈɛlf əbˈʌv ðə wˈɔʃɪŋ məʃˈin, nˈɛkst tə ɐn ˈOld fˈOTəɡɹˌæf.",
    ].map { Phonemes(symbols: $0) }

    private let model: AcousticModel
    private let clone: SpeakerProfile
    private let reader: SpeakerProfile

    init() throws {
        model = try Material.acoustic.get()
        clone = try SpeakerProfile(contentsOf: Material.voices.appending(path: "heart/profile.safetensors"))
        reader = try SpeakerProfile(contentsOf: Material.voices.appending(path: "george/profile.safetensors"))
    }

    private func cut(_ speech: RecordedSpeech) async throws -> CutPieces {
        let aligner = Aligner(SpeakingVoice(model, profile: clone, language: "en"))
        return try await PieceCutter(aligner, decoys: Self.decoys).pieces(of: [speech])
    }

    /// Sentences as the reader says them, half a second of silence around each; and the frames of every token.
    private func read(_ spoken: [Phonemes], transcript: [Phonemes]) throws -> (RecordedSpeech, [[Int]]) {
        let silence = Matrix(rows: 40, columns: Signal.melBands, repeating: -11.5)
        var (mel, f0, durations) = (silence, [Float](repeating: 0, count: silence.rows), [[Int]]())
        for phonemes in spoken {
            let utterance = try model.predict(phonemes: [.pad] + phonemes + [.pad], profile: reader)
            mel.append(utterance.mel)
            mel.append(silence)
            f0 += utterance.f0 + [Float](repeating: 0, count: silence.rows)
            durations.append(utterance.durations)
        }
        let isSpeech = MelCorrection.speechLevel(mel).map { $0 > 0 }
        return (
            RecordedSpeech(
                name: "tape", mel: mel, f0: f0, isSpeech: isSpeech, background: nil, sentences: transcript), durations
        )
    }

    @Test func findsWhenEverythingIsSaid() async throws {
        let (speech, durations) = try read(Self.sentences, transcript: Self.sentences)
        let found = try await cut(speech)
        #expect(found.pieces.count == 3 && found.leftOut.isEmpty, "\(found.misfits) \(found.leftOut)")
        var (errors, count): (Int, Int) = (0, 0)
        for (piece, (sentence, truth)) in zip(found.pieces, zip(Self.sentences, durations)) {
            // Where the reader rests within the sentence, the piece has a comma more.
            let sounds = zip(piece.phonemes, piece.heard.durations).filter { $0.0.isSound }
            let said = zip([.pad] + sentence + [.pad], truth).filter { $0.0.isSound }
            #expect(sounds.map(\.0) == said.map(\.0))
            errors += zip(sounds, said).reduce(0) { $0 + abs($1.0.1 - $1.1.1) }
            count += said.count
            #expect(piece.heard.durations.reduce(0, +) == piece.mel.rows && piece.heard.f0.count == piece.mel.rows)
        }
        print("sounds are off by \(Double(errors) / Double(count)) frames in the mean, misfits \(found.misfits)")
        #expect(Double(errors) / Double(count) < 2, "25 ms")
    }

    @Test func pausesThatTheTextHasNotBecomeCommas() async throws {
        let (whole, _) = try read([Self.sentences[0]], transcript: [])
        // Half a second of silence in a word's gap, and the text as if there were no comma.
        let plain = Self.sentences[0].filter { $0 != "," }
        let (speech, _) = try read([Self.sentences[0]], transcript: [plain])
        #expect(whole.mel.rows == speech.mel.rows)
        let place = try #require(Self.sentences[0].firstIndex(of: ","))
        let (_, durations) = try read([Self.sentences[0]], transcript: [plain])
        let cutAt = 40 + durations[0][...(place + 1)].reduce(0, +)
        var mel = speech.mel.rows(0..<cutAt)
        let silence = Matrix(rows: 30, columns: Signal.melBands, repeating: -11.5)
        mel.append(silence)
        mel.append(speech.mel.rows(cutAt..<speech.mel.rows))
        let f0 = speech.f0[..<cutAt] + [Float](repeating: 0, count: 30) + speech.f0[cutAt...]
        let paused = RecordedSpeech(
            name: "tape", mel: mel, f0: Array(f0), isSpeech: MelCorrection.speechLevel(mel).map { $0 > 0 },
            background: nil, sentences: [plain])
        let found = try await cut(paused)
        #expect(found.pieces.flatMap(\.phonemes).contains(","), "\(found.pieces.map(\.phonemes.symbols))")
    }

    @Test func whatIsNotInTheTextIsLeftOutAndNamed() async throws {
        let (other, _) = try read(Self.sentences, transcript: Self.others)
        let nothing = try await cut(other)
        #expect(nothing.understood == [[false, false, false]])
        print("misfits of another text: \(nothing.leftOut.map(\.misfit)), taken for right: \(nothing.misfits)")
        #expect(nothing.pieces.isEmpty && !nothing.leftOut.isEmpty)
        #expect(nothing.leftOut.allSatisfy { $0.recording == "tape" && ($0.misfit ?? 0) > 0.3 })

        // One sentence of three was misread.
        let (partly, durations) = try read(
            Self.sentences, transcript: [Self.sentences[0], Self.others[1], Self.sentences[2]])
        let some = try await cut(partly)
        #expect(some.pieces.count == 2 && some.leftOut.count == 1, "\(some.misfits) \(some.leftOut)")
        #expect(some.understood == [[true, false, true]])
        let middle = Signal.seconds(frames: 80 + durations[0].reduce(0, +) + durations[1].reduce(0, +) / 2)
        #expect(some.leftOut.first?.seconds.contains(middle) == true)
    }

    /// A vowel held for a second: nothing is learned from it, but from what stands around it.
    @Test func aStretchedSoundAloneIsLeftOut() async throws {
        let (plain, durations) = try read(Self.sentences, transcript: Self.sentences)
        let vowel = try #require(Self.sentences[1].firstIndex(of: "ɛ"))
        let before = 80 + durations[0].reduce(0, +) + durations[1][...vowel].reduce(0, +)
        let frames = before..<before + durations[1][vowel + 1]
        var (mel, f0) = (plain.mel.rows(0..<frames.lowerBound), Array(plain.f0[..<frames.lowerBound]))
        for _ in 0..<80 {
            mel.append(plain.mel.rows(frames.lowerBound + frames.count / 2..<frames.lowerBound + frames.count / 2 + 1))
            f0.append(plain.f0[frames.lowerBound + frames.count / 2])
        }
        mel.append(plain.mel.rows(frames.upperBound..<plain.mel.rows))
        f0 += plain.f0[frames.upperBound...]
        let held = RecordedSpeech(
            name: "tape", mel: mel, f0: f0, isSpeech: MelCorrection.speechLevel(mel).map { $0 > 0 }, background: nil,
            sentences: Self.sentences)
        let found = try await cut(held)
        #expect(found.pieces.count == 3 && found.understood == [[true, true, true]], "\(found.leftOut)")
        let left = try #require(found.leftOut.first)
        #expect(found.leftOut.count == 1 && left.reason == .stretchedSound)
        #expect(abs(left.seconds.lowerBound - Signal.seconds(frames: frames.lowerBound)) < 0.15, "\(left.seconds)")
        let piece = found.pieces[1]
        #expect(piece.doubtful.map { piece.phonemes[$0] } == ["ɛ"])
        let whole = Signal.seconds(frames: piece.mel.rows)
        #expect(abs(whole - piece.seconds - (left.seconds.upperBound - left.seconds.lowerBound)) < 1e-6)
    }

    /// Hum that is a little softer in the pauses, as recorders with gain control make it.
    @Test func humIsNoise() throws {
        let (plain, _) = try read(Self.sentences, transcript: Self.sentences)
        let level = MelCorrection.speechLevel(plain.mel)
        var mel = plain.mel
        for frame in 0..<mel.rows {
            for band in 1...3 { mel[frame, band] = max(mel[frame, band], (level[frame] > 0 ? -2 : -2.8)) }
        }
        func noise(_ mel: Matrix, background: [Float]?) -> [Float]? {
            RecordedSpeech(
                name: "tape", mel: mel, f0: plain.f0, isSpeech: plain.isSpeech, background: background,
                sentences: Self.sentences
            ).noise
        }
        var background = [Float](repeating: -9, count: Signal.melBands)
        for band in 1...3 { background[band] = -2.8 }
        let hum = try #require(noise(mel, background: background))
        #expect((1...3).allSatisfy { hum[$0] == .infinity })
        // Where the voice is, the noise is known as that of the pauses, and by how much hum is louder behind speech.
        #expect(hum[20...].allSatisfy { abs($0 - -8.2) < 0.2 }, "\(hum)")
        let unknown = try #require(noise(mel, background: nil))
        #expect(unknown.indices.allSatisfy { unknown[$0] == ((1...3).contains($0) ? .infinity : -.infinity) })
        #expect(noise(plain.mel, background: background) == background && noise(plain.mel, background: nil) == nil)
    }

    @Test func textsThatCannotBe() async throws {
        let (speech, _) = try read([Self.sentences[0]], transcript: [])
        for transcript in [[], [Phonemes](repeating: Self.sentences[1], count: 40)] {
            let found = try await cut(
                RecordedSpeech(
                    name: "tape", mel: speech.mel, f0: speech.f0, isSpeech: speech.isSpeech, background: nil,
                    sentences: transcript))
            #expect(found.pieces.isEmpty && found.leftOut.count == 1 && found.leftOut[0].misfit == nil)
        }
        // Nobody speaks at all.
        let rows = 400
        let silence = Matrix(rows: rows, columns: Signal.melBands, repeating: -11.5)
        let found = try await cut(
            RecordedSpeech(
                name: "silence", mel: silence, f0: [Float](repeating: 0, count: rows),
                isSpeech: [Bool](repeating: false, count: rows), background: nil, sentences: [Self.sentences[0]]))
        #expect(found.pieces.isEmpty && !found.leftOut.isEmpty)
    }
}
