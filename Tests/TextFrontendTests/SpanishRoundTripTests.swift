import Foundation
import SpeechSignal
import Testing
import TextFrontend

/// Spanish numbers, dates and amounts, made from a seed, said by the frontend and understood again by
/// `SpanishNumberReader`.
@Suite struct SpanishRoundTripTests {
    /// STARLING_ROUND_TRIPS raises the count of each kind.
    static let count = ProcessInfo.processInfo.environment["STARLING_ROUND_TRIPS"].flatMap(Int.init) ?? 1000

    /// A generator of cases.
    struct Seeded: SeededCases {
        var state: UInt64
        init(seed: UInt64) { state = seed }

        mutating func grouped(_ n: Int) -> String {
            // Nine digits apart by blanks are a telephone number.
            n.grouped(by: random(0...1) == 0 || String(n).count == 9 ? "." : " ")
        }
    }

    private func spoken(_ text: String) throws -> String {
        let reading = ReadingStyle(language: .europeanSpanish)
        return Array(try Support.frontend.get().sentences(in: text, reading: reading)).map(\.spoken).joined(
            separator: " ")
    }

    private func check(_ make: (inout Seeded) -> (String, (inout SpanishNumberReader) -> Bool)) throws {
        var seeded = Seeded(seed: 7)
        var misses = 0
        for _ in 0..<Self.count {
            let (text, understands) = make(&seeded)
            let words = try spoken(text)
            var reader = SpanishNumberReader(words)
            if !understands(&reader) || !reader.isAtEnd {
                misses += 1
                if misses <= 20 { Issue.record("\(text) → \(words)") }
            }
        }
        #expect(misses == 0)
    }

    @Test func numbers() throws {
        try check { seeded in
            let n = seeded.magnitude(14)
            let sign = n > 0 && seeded.random(0...4) == 0
            switch seeded.random(0...2) {
            case 0:
                let small = n % 100_000_000
                return (
                    (sign && small > 0 ? "-" : "") + "\(small)",
                    { $0.take("menos") == (sign && small > 0) && $0.number() == small }
                )
            case 1: return (seeded.grouped(n), { $0.number() == n })
            default:
                let fraction = (0..<seeded.random(1...5)).map { _ in "\(seeded.random(0...9))" }.joined()
                let whole = n % 1_000_000
                return ("\(seeded.grouped(whole)),\(fraction)", { $0.number() == whole && $0.decimals() == fraction })
            }
        }
    }

    @Test func dates() throws {
        try check { seeded in
            let (day, month, year) = (seeded.random(1...28), seeded.random(1...12), seeded.random(1000...2099))
            let name = SpanishNumberReader.months[month - 1]
            func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
            let written =
                switch seeded.random(0...5) {
                case 0: "\(day)/\(month)/\(year)"
                case 1: "\(two(day))/\(two(month))/\(year)"
                case 2: "\(year)-\(two(month))-\(two(day))"
                case 3: "\(day)-\(month)-\(year)"
                case 4: "\(two(day)).\(two(month)).\(year)"
                default: "\(day) de \(name) de \(year)"
                }
            return (
                written,
                { reader in
                    let said = reader.take("primero") ? 1 : reader.number()
                    return said == day && reader.take("de \(name) de") && reader.number() == year
                }
            )
        }
    }

    @Test func amounts() throws {
        let currencies: [(sign: String, names: [String], small: [String], isFeminine: Bool)] = [
            ("€", ["euro", "euros"], ["céntimo", "céntimos"], false),
            ("$", ["dólar", "dólares"], ["centavo", "centavos"], false),
            ("£", ["libra", "libras"], ["penique", "peniques"], true),
        ]
        try check { seeded in
            let currency = currencies[seeded.random(0...2)]
            let n = seeded.magnitude(7)
            let cents = seeded.random(0...2) == 0 ? seeded.random(1...99) : 0
            let whole = cents == 0 ? max(1, n) : n
            let number = seeded.grouped(whole) + (cents > 0 ? cents < 10 ? ",0\(cents)" : ",\(cents)" : "")
            let written = seeded.random(0...1) == 0 ? "\(number) \(currency.sign)" : "\(currency.sign)\(number)"
            return (
                written,
                { reader in
                    if whole > 0 || cents == 0 {
                        guard reader.number() == whole else { return false }
                        if whole % 1_000_000 == 0, whole > 0 { guard reader.take("de") else { return false } }
                        guard reader.take(oneOf: currency.names) == (whole == 1 ? 0 : 1) else { return false }
                        guard cents > 0 else { return true }
                        guard reader.take("con") else { return false }
                    }
                    return reader.number() == cents && reader.take(oneOf: currency.small) == (cents == 1 ? 0 : 1)
                }
            )
        }
    }
}
