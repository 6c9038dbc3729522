import SpeechSignal
import Testing
import TextFrontend

/// Numbers, amounts and dates, made from a seed, said in French and understood again by `FrenchNumberReader`.
@Suite struct FrenchRoundTripTests {
    private struct Source: SeededCases {
        var state: UInt64

        mutating func language() -> Language { pick([.french, .french, .belgianFrench, .swissFrench]) }
    }

    private func expect(
        _ written: String, _ language: Language = .french, _ understands: (inout FrenchNumberReader) -> Bool
    ) throws {
        let spoken = try LanguageFixtures.sentences(written, language).map(\.spoken).joined(separator: " ")
        var reader = FrenchNumberReader(spoken)
        let isRight = understands(&reader) && reader.isAtEnd
        #expect(isRight, "\(language) \(written) → \(spoken)")
    }

    @Test func numbers() throws {
        var source = Source(state: 21)
        for _ in 0..<1000 {
            let n = source.magnitude(12)
            let language = source.language()
            switch source.random(0...5) {
            case 0: try expect("\(n)", language) { $0.cardinal() == n }
            case 1, 2:
                let separator = source.pick([" ", "\u{A0}", "\u{202F}", "."])
                try expect(n.grouped(by: separator), language) { $0.cardinal() == n }
            case 3:
                let fraction = source.pick(["5", "25", "05", "375", "007", "1416", "9", "80", "70"])
                let whole = n % 1_000_000
                try expect("\(whole),\(fraction)", language) { reader in
                    reader.decimal().map { $0 == (whole, fraction) } == true
                }
            case 4:
                let value = 2 + n % 9998
                try expect("\(value)\(source.pick(["e", "ème"]))", language) { $0.ordinal() == value }
            default:
                try expect(source.pick(["-", "−"]) + "\(1 + n % 100_000)", language) {
                    $0.take("moins") && $0.cardinal() == 1 + n % 100_000
                }
            }
        }
    }

    @Test func datesAndTimes() throws {
        var source = Source(state: 22)
        for _ in 0..<1000 {
            let (day, month, year) = (source.random(1...28), source.random(1...12), source.random(1000...2099))
            let name = FrenchNumberReader.months[month - 1]
            let (hour, minute) = (source.random(0...23), source.random(0...59))
            let language = source.language()
            switch source.random(0...8) {
            case 0:
                let sign = source.pick([":", "h", " h "])
                try expect("\(hour)\(sign)\(minute.inTwoFigures)", language) { reader in
                    reader.clock().map { $0 == (hour, minute) } == true
                }
            case 1:
                try expect("\(hour)\(source.pick(["h", " h"]))", language) { reader in
                    reader.clock().map { $0 == (hour, 0) } == true
                }
            default:
                let date = source.pick([
                    "\(day)/\(month)/\(year)", "\(day.inTwoFigures)/\(month.inTwoFigures)/\(year)",
                    "\(day)-\(month)-\(year)",
                    "\(year)-\(month.inTwoFigures)-\(day.inTwoFigures)",
                    day == 1 ? "1er \(name) \(year)" : "\(day) \(name) \(year)",
                    "\(day.inTwoFigures).\(month.inTwoFigures).\(year)",
                ])
                try expect(date, language) { reader in reader.date().map { $0 == (day, month, year) } == true }
            }
        }
    }

    @Test func amounts() throws {
        var source = Source(state: 23)
        let currencies = [
            ("€", "euro", "euros", "centime", "centimes"), ("$", "dollar", "dollars", "cent", "cents"),
            ("£", "livre", "livres", "penny", "pence"),
            ("CHF", "franc suisse", "francs suisses", "centime", "centimes"),
        ]
        let units = [
            ("km", "kilomètre", "kilomètres"), ("kg", "kilogramme", "kilogrammes"),
            ("m²", "mètre carré", "mètres carrés"),
            ("t", "tonne", "tonnes"), ("°C", "degré celsius", "degrés celsius"), ("%", "pour cent", "pour cent"),
            ("km/h", "kilomètre par heure", "kilomètres par heure"), ("Go", "gigaoctet", "gigaoctets"),
        ]
        for _ in 0..<1000 {
            let n = source.magnitude(7)
            let language = source.language()
            switch source.random(0...2) {
            case 0:
                let (sign, one, many, smallOne, smallMany) = source.pick(currencies)
                let cents = source.random(0...99)
                try expect("\(n.grouped(by: "\u{A0}")),\(cents.inTwoFigures)\u{A0}\(sign)", language) { reader in
                    if n == 0, cents > 0 {
                        return reader.belowHundred() == cents && reader.take(cents == 1 ? smallOne : smallMany)
                    }
                    guard reader.cardinal() == n, reader.take(n < 2 ? one : many) else { return false }
                    guard cents > 0 else { return true }
                    if cents >= 10 { return reader.cardinal() == cents }
                    return reader.take("et") && reader.belowHundred() == cents
                        && reader.take(cents == 1 ? smallOne : smallMany)
                }
            case 1:
                let (sign, one, many, _, _) = source.pick(currencies)
                try expect("\(n) \(sign)", language) { $0.cardinal() == n && $0.take(n < 2 ? one : many) }
            default:
                let (symbol, one, many) = source.pick(units)
                let fraction = source.pick(["", "", "5", "25"])
                try expect("\(n)\(fraction.isEmpty ? "" : "," + fraction) \(symbol)", language) { reader in
                    reader.decimal().map { $0 == (n, fraction) } == true && reader.take(n < 2 ? one : many)
                }
            }
        }
    }
}
