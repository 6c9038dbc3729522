import Foundation
import SpeechSignal
import Testing
import VoiceStore

@Suite struct Listing {
    /// Cards as the store writes them and as others might, then the same with a few bytes changed.
    private static func cards() throws -> [[UInt8]] {
        let plain = String(decoding: try card("NAME", accent: .british, model: "2-0").json(), as: UTF8.self)
        let compact = plain.filter { !$0.isWhitespace }
        var texts = [plain, compact]
        for (old, new) in [
            ("made for a test", "très clair — 声"), ("made for a test", #"says \"hm\" \u00e9\n"#),
            ("made for a test", ""),
            ("made for a test", String(repeating: "long ", count: 100)), ("I agree.", #"\\"#), ("\"female\"", "null"),
            ("\"2-0\"", "7"), ("british", "welsh"), ("\"schema\" : 1", "\"schema\" : 1.0"),
            ("\"schema\" : 1", "\"schema\" : 01"), ("\"schema\" : 1", "\"schema\" : 2"), ("\"gender\"", "\"mood\""),
            ("\"gender\"", "\"accent\""), ("\"name\" : \"a.wav\"", "\"name\" : null"), ("\"00\"", "[]"),
            ("\"created\"", "\"creation\""), ("Z\"", "+01:00\""), ("Z\"", "\""),
        ] { texts.append(plain.replacing(old, with: new)) }
        for day in ["2027-02-28", "2028-02-29", "2027-02-29", "2027-04-31", "2027-13-01", "0000-01-01", "2027-00-10"] {
            texts.append(plain.replacing(/\d+-\d+-\d+T/, with: "\(day)T"))
        }
        var random = Numbers(state: 7)
        let spice = Array("{}[]\":,\\ \n\t01nulltrue.eE+-é\u{feff}\u{0}".utf8)
        let damaged = (0..<3_000).map { _ in
            var bytes = Array(texts[random.below(6)].utf8)
            for _ in 0...random.below(3) {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] = UInt8(random.below(256))
                case 1: bytes[place] = spice[random.below(spice.count)]
                case 2: bytes.insert(spice[random.below(spice.count)], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(12)))
                }
            }
            return bytes
        }
        return texts.map { Array($0.utf8) } + damaged
    }

    @Test func aListingSaysWhatTheCardsSay() throws {
        try withStore(inMemory: true) { store, user, _ in
            for (index, bytes) in try Self.cards().enumerated() {
                let folder = user.appending(path: "v\(index)")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let named = Data(bytes).split(separator: Data("NAME".utf8), omittingEmptySubsequences: false)
                    .joined(separator: Data("v\(index)".utf8))
                try Data(named).write(to: folder.appending(path: "voice.json"))
            }
            // Parsed the first time, from the index the second.
            for _ in 0..<2 {
                let list = store.list()
                let usable = list.count { $0.problem == nil }
                #expect(list.count > 3_000 && usable > 300)
                for voice in list {
                    do {
                        let card = try store.card(voice.name)
                        #expect(
                            voice.problem == nil && voice.accent == card.accent && voice.gender == card.gender
                                && voice.summary == card.description, "\(voice)")
                    } catch {
                        #expect(voice.problem == "\(error)", "\(voice)")
                    }
                }
            }
        }
    }
}

/// SplitMix64, so that every run has the same numbers.
private struct Numbers {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}
