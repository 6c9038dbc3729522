import Foundation
import SpeechSignal
import TextFrontend

/// Makes the cases.
struct RoundTrip: SeededCases {
    struct Sample {
        var kind: String
        var written: String
        var accent = Accent.american
        /// Whether the words mean what was written.
        var understands: (inout NumberReader) -> Bool
    }

    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func carrier(_ kind: String) -> (String, String) {
        switch kind {
        case "date": pick([("It began on ", " in Rome."), ("", ""), ("Born ", ", he moved.")])
        case "time": pick([("Come at ", " please."), ("", ""), ("It was ", ".")])
        case "telephone": pick([("Ring ", "."), ("", ""), ("My number is ", " now.")])
        case "ordinal": pick([("It is the ", " one."), ("", "")])
        case "year": pick([("In ", " it ended."), ("Since ", " nothing happened.")])
        default: pick([("It was ", " in all."), ("", ""), ("They said ", "."), ("Of these ", " remained.")])
        }
    }

    private static let makers: [@Sendable (inout RoundTrip) -> Sample] = [
        { $0.whole() }, { $0.grouped() }, { $0.decimal() }, { $0.money() }, { $0.scaledMoney() }, { $0.code() },
        { $0.measure() },
        { $0.percent() }, { $0.temperature() }, { $0.isoDate() }, { $0.namedDate() }, { $0.slashDate() }, { $0.time() },
        { $0.ordinal() }, { $0.fraction() }, { $0.mixed() }, { $0.telephone() }, { $0.year() }, { $0.height() },
        { $0.range() },
        { $0.scaled() }, { $0.moneyRange() }, { $0.decade() }, { $0.rate() },
    ]

    mutating func next(_ index: Int) -> Sample { Self.makers[index % Self.makers.count](&self) }

    private mutating func whole() -> Sample {
        let n = magnitude(9)
        let sign = random(0...4) == 0 && n > 0
        return Sample(kind: "cardinal", written: (sign ? "-" : "") + "\(n)") {
            $0.take("minus") == sign && $0.number() == n
        }
    }

    private mutating func grouped() -> Sample {
        let n = magnitude(14)
        return Sample(kind: "cardinal", written: n.grouped(by: ",")) { $0.number() == n }
    }

    private mutating func fractionDigits(_ longest: Int) -> String {
        (0..<random(1...longest)).map { _ in "\(random(0...9))" }.joined()
    }

    private mutating func decimal() -> Sample {
        let n = magnitude(6)
        let fraction = fractionDigits(5)
        let sign = random(0...3) == 0
        return Sample(
            kind: "decimal",
            written: (sign ? "−" : "") + "\(random(0...1) == 0 ? "\(n)" : n.grouped(by: ",")).\(fraction)"
        ) {
            guard $0.take("minus") == sign, let value = $0.decimal() else { return false }
            return value == (n, fraction)
        }
    }

    /// Sign, singular and plural, smaller unit.
    private static let currencies = [
        ("$", "dollar", "dollars", "cent", "cents"), ("£", "pound", "pounds", "penny", "pence"),
        ("€", "euro", "euros", "cent", "cents"),
        ("A$", "australian dollar", "australian dollars", "cent", "cents"), ("₹", "rupee", "rupees", "paisa", "paise"),
        ("US$", "us dollar", "us dollars", "cent", "cents"),
        ("C$", "canadian dollar", "canadian dollars", "cent", "cents"),
        ("CHF ", "swiss franc", "swiss francs", "rappen", "rappen"), ("EUR ", "euro", "euros", "cent", "cents"),
        ("NZ$", "new zealand dollar", "new zealand dollars", "cent", "cents"),
        ("₱", "peso", "pesos", "centavo", "centavos"),
    ]

    private mutating func money() -> Sample {
        let (sign, one, many, smallOne, smallMany) = pick(Self.currencies)
        let n = random(0...9) == 0 ? 0 : magnitude(7)
        let cents = random(0...2) == 0 ? nil : random(0...99)
        let amount = random(0...1) == 0 ? "\(n)" : n.grouped(by: ",")
        let written = sign + amount + (cents.map { $0 < 10 ? ".0\($0)" : ".\($0)" } ?? "")
        return Sample(kind: "money", written: written) { reader in
            if n > 0 || (cents ?? 0) == 0 {
                guard reader.cardinal() == n, reader.take(n == 1 ? one : many) else { return false }
            }
            guard let cents, cents > 0 else { return true }
            return reader.cardinal() == cents && reader.take(cents == 1 ? smallOne : smallMany)
        }
    }

    private mutating func scaledMoney() -> Sample {
        let (sign, _, many, _, _) = pick(Self.currencies)
        let n = random(1...999)
        let fraction = random(0...1) == 0 ? "" : fractionDigits(2)
        let (suffix, scale) = pick([
            (" million", "million"), (" billion", "billion"), ("M", "million"), ("bn", "billion"), ("B", "billion"),
            ("k", "thousand"),
            (" trillion", "trillion"), ("m", "million"), ("tn", "trillion"),
        ])
        return Sample(kind: "money", written: "\(sign)\(n)\(fraction.isEmpty ? "" : "." + fraction)\(suffix)") {
            guard let value = $0.decimalOnly(), value == (n, fraction) else { return false }
            return $0.take(scale) && $0.take(many)
        }
    }

    private mutating func code() -> Sample {
        let (code, one, many) = pick([
            ("USD", "us dollar", "us dollars"), ("EUR", "euro", "euros"), ("GBP", "pound", "pounds"),
            ("JPY", "yen", "yen"),
            ("INR", "rupee", "rupees"), ("CHF", "swiss franc", "swiss francs"),
            ("SEK", "swedish krona", "swedish kronor"),
            ("THB", "baht", "baht"), ("ZAR", "rand", "rand"), ("PLN", "zloty", "zlotys"),
        ])
        let n = magnitude(6)
        return Sample(kind: "money", written: "\(n.grouped(by: ",")) \(code)") {
            $0.cardinal() == n && $0.take(n == 1 ? one : many)
        }
    }

    private static let units = [
        ("km", "kilometer", "kilometers"), ("kg", "kilogram", "kilograms"), ("mph", "mile per hour", "miles per hour"),
        ("cm", "centimeter", "centimeters"),
        ("ml", "milliliter", "milliliters"), ("GB", "gigabyte", "gigabytes"), ("MHz", "megahertz", "megahertz"),
        ("kWh", "kilowatt hour", "kilowatt hours"),
        ("km/h", "kilometer per hour", "kilometers per hour"), ("lbs", "pound", "pounds"), ("oz", "ounce", "ounces"),
        ("ft", "foot", "feet"),
        ("mg", "milligram", "milligrams"), ("mm", "millimeter", "millimeters"), ("kPa", "kilopascal", "kilopascals"),
        ("m²", "square meter", "square meters"),
        ("km²", "square kilometer", "square kilometers"), ("sq ft", "square foot", "square feet"),
        ("fl oz", "fluid ounce", "fluid ounces"),
        ("mAh", "milliamp hour", "milliamp hours"), ("Mbps", "megabit per second", "megabits per second"),
        ("dB", "decibel", "decibels"),
        ("µm", "micrometer", "micrometers"), ("kΩ", "kilohm", "kilohms"),
        ("m/s", "meter per second", "meters per second"), ("hrs", "hour", "hours"),
    ]

    private mutating func measure() -> Sample {
        let (symbol, one, many) = pick(Self.units)
        let n = magnitude(4)
        let fraction = random(0...1) == 0 ? "" : fractionDigits(2)
        let space = symbol.contains(" ") || random(0...1) == 0 ? " " : ""
        return Sample(kind: "measure", written: "\(n)\(fraction.isEmpty ? "" : "." + fraction)\(space)\(symbol)") {
            guard let value = $0.decimal(), value == (n, fraction) else { return false }
            return $0.take(n == 1 && fraction.isEmpty ? one : many)
        }
    }

    private mutating func percent() -> Sample {
        let n = magnitude(3)
        let fraction = random(0...1) == 0 ? "" : fractionDigits(3)
        return Sample(
            kind: "percent", written: "\(n)\(fraction.isEmpty ? "" : "." + fraction)\(pick(["%", " %", " percent"]))"
        ) {
            guard let value = $0.decimal(), value == (n, fraction) else { return false }
            return $0.take("percent")
        }
    }

    private mutating func temperature() -> Sample {
        let n = random(0...120)
        let minus = random(0...1) == 0
        let (symbol, name) = pick([("°C", "celsius"), (" °C", "celsius"), ("°F", "fahrenheit"), ("℃", "celsius")])
        return Sample(kind: "measure", written: "\(minus ? "-" : "")\(n)\(symbol)") {
            $0.take("minus") == minus && $0.cardinal() == n && $0.take(n == 1 ? "degree" : "degrees") && $0.take(name)
        }
    }

    private mutating func day() -> (year: Int, month: Int, day: Int) {
        (random(1000...2099), random(1...12), random(1...28))
    }

    /// "july fourth twenty twelve" or "the fourth of july twenty twelve".
    private static func understand(_ reader: inout NumberReader, _ date: (year: Int, month: Int, day: Int)) -> Bool {
        if reader.take("the") {
            guard reader.ordinal() == date.day, reader.take("of"), reader.month() == date.month else { return false }
        } else {
            guard reader.month() == date.month, reader.ordinal() == date.day else { return false }
        }
        return reader.number() == date.year
    }

    private static func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }

    private mutating func isoDate() -> Sample {
        let date = day()
        let separator = pick(["-", "/"])
        return Sample(
            kind: "date", written: "\(date.year)\(separator)\(Self.two(date.month))\(separator)\(Self.two(date.day))"
        ) {
            Self.understand(&$0, date)
        }
    }

    private mutating func namedDate() -> Sample {
        let date = day()
        let full = NumberReader.months[date.month - 1].capitalized
        let name = pick([full, String(full.prefix(3))])
        let suffix =
            date.day % 10 == 1 && date.day != 11
            ? "st" : date.day % 10 == 2 && date.day != 12 ? "nd" : date.day % 10 == 3 && date.day != 13 ? "rd" : "th"
        let written = pick([
            "\(name) \(date.day), \(date.year)", "\(date.day) \(name) \(date.year)",
            "\(name) \(date.day)\(suffix), \(date.year)",
            "\(date.day)\(suffix) \(name) \(date.year)", "\(date.day)\(suffix) of \(full) \(date.year)",
        ])
        return Sample(kind: "date", written: written) { Self.understand(&$0, date) }
    }

    private mutating func slashDate() -> Sample {
        let date = day()
        let british = random(0...1) == 0
        let (first, second) = british ? (date.day, date.month) : (date.month, date.day)
        return Sample(
            kind: "date", written: "\(Self.two(first))/\(Self.two(second))/\(date.year)",
            accent: british ? .british : .american
        ) { Self.understand(&$0, date) }
    }

    private mutating func time() -> Sample {
        let half = random(0...1) == 0 ? pick([" am", " pm", "am", "pm", " a.m.", " p.m."]) : ""
        let hour = half.isEmpty ? random(1...23) : random(1...12)
        let minute = random(0...59)
        return Sample(kind: "time", written: "\(hour):\(Self.two(minute))\(half)") { reader in
            guard reader.clock(hour: hour, minute: minute) else { return false }
            let letters = half.filter(\.isLetter)
            return letters.isEmpty || reader.take(letters) || reader.take("\(letters.prefix(1)) \(letters.suffix(1))")
        }
    }

    private mutating func ordinal() -> Sample {
        let n = random(1...9999)
        let suffix =
            (11...13).contains(n % 100) ? "th" : n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th"
        return Sample(kind: "ordinal", written: "\(random(0...1) == 0 ? "\(n)" : n.grouped(by: ","))\(suffix)") {
            $0.ordinal() == n
        }
    }

    /// Parts that people measure in: others are days (11/30) or marks (9/10).
    private mutating func fraction() -> Sample {
        let under = pick([2, 3, 4, 5, 6, 8, 32, 64])
        let over = random(1...under - 1)
        return Sample(kind: "fraction", written: "\(over)/\(under)") { $0.cardinal() == over && $0.part() == under }
    }

    private mutating func mixed() -> Sample {
        let n = random(1...99)
        let (written, over, under) = pick([
            ("½", 1, 2), ("¼", 1, 4), ("¾", 3, 4), ("⅓", 1, 3), ("⅞", 7, 8), (" 1/2", 1, 2), (" 3/8", 3, 8),
            (" 2/3", 2, 3),
        ])
        return Sample(kind: "fraction", written: "\(n)\(written)") {
            guard $0.cardinal() == n, $0.take("and") else { return false }
            return ($0.take("a") ? over == 1 : $0.cardinal() == over) && $0.part() == under
        }
    }

    private mutating func telephone() -> Sample {
        let (a, b, c) = (random(200...999), random(200...999), random(0...9999))
        let last = String(repeating: "0", count: 4 - "\(c)".count) + "\(c)"
        let form = random(0...4)
        let written = [
            "\(a)-\(b)-\(last)", "(\(a)) \(b)-\(last)", "\(a).\(b).\(last)", "+1 \(a) \(b) \(last)",
            "1-\(a)-\(b)-\(last)",
        ][form]
        let digits = (form > 2 ? "1" : "") + "\(a)\(b)\(last)"
        return Sample(kind: "telephone", written: written) { $0.take("plus") == (form == 3) && $0.digits() == digits }
    }

    private mutating func year() -> Sample {
        let n = random(1100...2099)
        return Sample(kind: "year", written: "\(n)") { $0.number() == n }
    }

    private mutating func height() -> Sample {
        let (feet, inches) = (random(1...8), random(0...11))
        return Sample(kind: "measure", written: "\(feet)'\(inches)\"") {
            $0.cardinal() == feet && $0.take(feet == 1 ? "foot" : "feet") && $0.cardinal() == inches
                && $0.take(inches == 1 ? "inch" : "inches")
        }
    }

    private mutating func range() -> Sample {
        let low = random(1...800)
        let high = low + random(1...199)
        let dash = pick(["-", "–"])
        let (symbol, many) = pick([
            ("", ""), ("%", "percent"), (" km", "kilometers"), ("kg", "kilograms"), (" minutes", "minutes"),
        ])
        if low == 1, high >= 800 { return range() }
        return Sample(kind: "range", written: "\(low)\(dash)\(high)\(symbol)") {
            $0.cardinal() == low && $0.take("to") && $0.cardinal() == high && (many.isEmpty || $0.take(many))
        }
    }

    private mutating func scaled() -> Sample {
        let n = random(1...999)
        let fraction = random(0...1) == 0 ? "" : fractionDigits(2)
        let scale = pick(["million", "billion", "trillion"])
        return Sample(kind: "cardinal", written: "\(n)\(fraction.isEmpty ? "" : "." + fraction) \(scale)") {
            guard let value = $0.decimalOnly(), value == (n, fraction) else { return false }
            return $0.take(scale)
        }
    }

    private mutating func moneyRange() -> Sample {
        let low = random(1...500)
        let high = low + random(1...400)
        let (sign, one, many, _, _) = pick(
            Self.currencies.filter { !$0.0.hasSuffix(" ") && $0.0.unicodeScalars.count == 1 })
        let both = random(0...1) == 0
        return Sample(kind: "range", written: "\(sign)\(low)\(pick(["-", "–"]))\(both ? sign : "")\(high)") {
            $0.cardinal() == low && (!both || $0.take(low == 1 ? one : many)) && $0.take("to") && $0.cardinal() == high
                && $0.take(many)
        }
    }

    private mutating func decade() -> Sample {
        let n = 10 * random(150...202)
        let written = "\(n)s"
        return Sample(kind: "year", written: written) { reader in
            let text = reader.rest
            guard text.hasSuffix("s") else { return false }
            var singular = String(text.dropLast())
            if singular.hasSuffix("ie") { singular = singular.dropLast(2) + "y" }
            var inner = NumberReader(singular)
            let value = inner.number()
            _ = reader.take(text)
            return value == n && inner.isAtEnd
        }
    }

    private mutating func rate() -> Sample {
        let n = random(2...999)
        let (unit, name) = pick([
            ("mo", "month"), ("hr", "hour"), ("day", "day"), ("kg", "kilogram"), ("month", "month"),
            ("person", "person"), ("yr", "year"),
        ])
        return Sample(kind: "money", written: "$\(n)/\(unit)") { $0.cardinal() == n && $0.take("dollars per \(name)") }
    }
}
