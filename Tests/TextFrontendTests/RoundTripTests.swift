import Foundation
import SpeechSignal
import Testing
import TextFrontend

/// Numbers, amounts, dates and the like, made from a seed, said by the frontend and understood again by `NumberReader`:
/// the value, the unit and the currency must survive.
@Suite struct RoundTripTests {
    /// STARLING_ROUND_TRIPS raises the count.
    static let count = ProcessInfo.processInfo.environment["STARLING_ROUND_TRIPS"].flatMap(Int.init) ?? 2000

    @Test func nothingIsMisunderstood() throws {
        var cases = RoundTrip(seed: 5)
        let frontend = try Support.frontend.get()
        var misses = 0
        for index in 0..<Self.count {
            let sample = cases.next(index)
            let (before, after) = cases.carrier(sample.kind)
            let text = before + sample.written + after
            let spoken = frontend.sentences(in: text, accent: sample.accent).map(\.spoken).joined(separator: " ")
            var middle = spoken
            let head = before.trimmingCharacters(in: .whitespaces)
            let tail = after.trimmingCharacters(in: .whitespaces)
            #expect(middle.hasPrefix(head) && middle.hasSuffix(tail), "\(text) → \(spoken)")
            middle = String(middle.dropFirst(head.count).dropLast(tail.count))
            var reader = NumberReader(middle)
            if !sample.understands(&reader) || !reader.isAtEnd {
                misses += 1
                if misses <= 40 { Issue.record("\(sample.kind): \(text) → \(spoken)") }
            }
        }
        print("round trip: \(Self.count - misses) of \(Self.count)")
        #expect(misses == 0)
    }
}
