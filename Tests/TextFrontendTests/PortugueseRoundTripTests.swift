import Foundation
import SpeechSignal
import Testing
import TextFrontend

/// Portuguese numbers, dates and amounts, made from a seed, said by the frontend and understood again by
/// `PortugueseNumberReader`.
@Suite struct PortugueseRoundTripTests {
    private struct Source: SeededCases {
        var state: UInt64
    }

    private func expect(_ written: String, _ understands: (inout PortugueseNumberReader) -> Bool) throws {
        let spoken = try LanguageFixtures.words(written, .brazilianPortuguese)
        var reader = PortugueseNumberReader(spoken)
        let isRight = understands(&reader) && reader.isAtEnd
        #expect(isRight, "\(written) → \(spoken)")
    }

    @Test func numbers() throws {
        var source = Source(state: 21)
        for _ in 0..<1000 {
            let n = source.magnitude(14)
            switch source.random(0...4) {
            case 0: try expect("\(n % 100_000_000)") { $0.number() == n % 100_000_000 }
            case 1: try expect(n.grouped(by: ".")) { $0.number() == n }
            case 2:
                let fraction = (0..<source.random(1...5)).map { _ in "\(source.random(0...9))" }.joined()
                let whole = n % 1_000_000
                try expect("\(whole),\(fraction)") { $0.number() == whole && $0.decimals() == fraction }
            case 3:
                let value = 1 + n % 999
                let isFeminine = source.random(0...1) == 0
                try expect("\(value)\(isFeminine ? "ª" : "º")") { reader in
                    reader.ordinal().map { $0 == (value, isFeminine) } == true
                }
            default: try expect("-\(1 + n % 1000)") { $0.take("menos") && $0.number() == 1 + n % 1000 }
            }
        }
    }

    @Test func datesAndTimes() throws {
        var source = Source(state: 22)
        for _ in 0..<1000 {
            let (day, month, year) = (source.random(1...28), source.random(1...12), source.random(1000...2099))
            let name = PortugueseNumberReader.months[month - 1]
            if source.random(0...3) == 0 {
                let (hour, minute) = (source.random(0...23), source.random(0...59))
                let sign = source.pick([":", "h"])
                try expect("às \(hour)\(sign)\(minute.inTwoFigures)") { reader in
                    guard reader.take("às"), reader.number() == hour else { return false }
                    if minute == 0 { return reader.take(hour < 2 ? "hora" : "horas") }
                    if hour == 0, !reader.take("hora") { return false }
                    if hour == 20, minute < 10, !reader.take("horas") { return false }
                    return reader.take("e") && (reader.take("meia") ? minute == 30 : reader.number() == minute)
                }
                continue
            }
            let date = source.pick([
                "\(day)/\(month)/\(year)", "\(day.inTwoFigures)/\(month.inTwoFigures)/\(year)",
                "\(day)-\(month)-\(year)",
                "\(year)-\(month.inTwoFigures)-\(day.inTwoFigures)", "\(day) de \(name) de \(year)",
                "\(day).\(month).\(year)",
            ])
            try expect(date) { reader in
                let said = reader.take("primeiro") ? 1 : reader.number()
                let isFirstDay = day == 1
                return said == day && (isFirstDay || said != nil) && reader.take("de \(name) de")
                    && reader.number() == year
            }
        }
    }

    @Test func amounts() throws {
        var source = Source(state: 23)
        let currencies = [
            ("R$", "real", "reais", "centavo", "centavos"), ("€", "euro", "euros", "centavo", "centavos"),
            ("US$", "dólar", "dólares", "centavo", "centavos"), ("£", "libra", "libras", "pêni", "pence"),
        ]
        let units = [
            ("km", "quilômetro", "quilômetros"), ("kg", "quilo", "quilos"), ("t", "tonelada", "toneladas"),
            ("m²", "metro quadrado", "metros quadrados"), ("°C", "grau celsius", "graus celsius"),
            ("%", "por cento", "por cento"), ("km/h", "quilômetro por hora", "quilômetros por hora"),
            ("GB", "gigabyte", "gigabytes"),
        ]
        for _ in 0..<1000 {
            let n = 1 + source.magnitude(6)
            let number = source.random(0...1) == 0 ? "\(n)" : n.grouped(by: ".")
            if source.random(0...1) == 0 {
                let (sign, one, many, smallOne, smallMany) = source.pick(currencies)
                let cents = source.random(0...99)
                try expect("\(sign) \(number)" + (cents == 0 ? "" : "," + cents.inTwoFigures)) { reader in
                    guard reader.number() == n else { return false }
                    _ = reader.take("de")
                    guard reader.take(n == 1 ? one : many) else { return false }
                    return cents == 0
                        || reader.take("e") && reader.number() == cents
                            && reader.take(cents == 1 ? smallOne : smallMany)
                }
            } else {
                let (sign, one, many) = source.pick(units)
                let fraction = source.random(0...2) == 0 ? source.pick(["5", "25", "75"]) : ""
                try expect("\(number)\(fraction.isEmpty ? "" : "," + fraction) \(sign)") { reader in
                    guard reader.number() == n, fraction.isEmpty || reader.decimals() == fraction else { return false }
                    // 1,5 quilo
                    return reader.take(n == 1 ? one : many)
                }
            }
        }
    }
}
